"""« teams resilience »: cover of absences by a plan's posts, with one or two away."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import option
from geozones.cli.reply import Reply
from geozones.cli.teams.posts import (
    EVERY_ZONE,
    PostsFile,
    TisReplaces,
    ZoneSelection,
    staff_of,
    supposing,
    supposition,
)
from geozones.common.french import number, plural
from geozones.domain.cover import Cover, CoverFigures
from geozones.domain.terms import terms
from geozones.metrics import metric
from geozones.teams.simulate import check_absences
from geozones.workspace.teams.staff import Staff


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class AbsenceModel:
    """Absence rate of posts, and number of simulated years."""

    years: Annotated[int, option("N", "années à simuler (0)")] = 0
    seed: Annotated[int, option("N", "graine (2025)")] = 2025
    rate: Annotated[float | None, option("T", "taux d'absence (0.05)")] = None
    tis_replaces: TisReplaces = False


_NO_YEARS = AbsenceModel()


def resilience(
    *,
    scope: ZoneSelection = EVERY_ZONE,
    model: AbsenceModel = _NO_YEARS,
    posts: PostsFile = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print the uncovered half-days, and how fast covers come, with one and two posts away."""
    study = common.study()
    if model.rate is not None:
        settings = replace(study.settings.teams, absence_rate=model.rate)
        check_absences(settings)
        study = study.with_team_settings(settings)
    study = supposing(study, tis_replaces=model.tis_replaces)
    staff = staff_of(study, posts)
    plan, zones = staff.plan, scope.zones(staff.plan)
    sectors = list(dict.fromkeys(plan.zone(zone).sector for zone in zones))
    answer: Answer = {
        "tis_replaces": model.tis_replaces,
        "area": _area(staff, zones),
        "sectors": {},
        "zones": {},
    }
    for sector in sectors:
        inside = [zone for zone in zones if plan.zone(zone).sector == sector]
        answer["sectors"][sector] = _area(staff, inside)
    for zone in zones:
        answer["zones"][zone] = _area(staff, [zone])
        if model.years and staff.people.of_zone(zone):
            simulated = staff.simulate(zone, model.years, model.seed)
            answer["zones"][zone]["years"] = _years(asdict(simulated))
    return common.reply(study, answer, _resilience_text)


def _years(year: Answer) -> Answer:
    """Return the figures of simulated years; two keep the names that scripts know."""
    service = year["service"]
    return {
        **year,
        "missed": service["missed"],
        "by_tis": service["given_by_tis"],
        "uncovered": year["unattended"],
    }


def _area(staff: Staff, zones: Sequence[str]) -> Answer:
    """Return the figures of some zones; ``null`` if no post is defined, never 0."""
    standing = staff.standing(zones)
    covers: list[Cover] = list(standing.covers.values())
    return {
        "posts": sum(len(cover.posts) for cover in covers) if covers else None,
        "unmet": sum(cover.unmet for cover in covers) if covers else None,
        "single": _figures(standing.single),
        "pairs": _figures(standing.pairs),
        "single_points": [point for cover in covers for point in cover.single_points],
        "zones_without_posts": [zone for zone in zones if zone not in standing.covers],
    }


def _figures(figures: CoverFigures | None) -> Answer | None:
    if figures is None:
        return None
    return {
        "missed": figures.missed,
        "uncovered": figures.uncovered,
        "empty": figures.empty,
        "median_minutes": figures.median,
        "p90_minutes": figures.p90,
        "near_share": figures.near,
    }


def _resilience_text(answer: Answer) -> str:
    lines = [_line("Ensemble", answer["area"]), supposition(answer)]
    for zone, row in answer["zones"].items():
        lines.append(_line(zone, row))
        if "years" in row:
            lines.append(_years_line(row["years"], by_tis=answer["tis_replaces"]))
    return "\n".join(lines)


def _years_line(year: Answer, *, by_tis: bool) -> str:
    """Format the figures of simulated years; the margin after « ± » is twice the standard error."""
    service, rupture = year["service"], year["rupture"]
    error = rupture["standard_error"]
    margin = f" ± {number(2 * error, 2)}" if math.isfinite(error) else ""
    replaced = (
        f"{number(service['given_by_tis'], 1)} données par {terms().sector_technician.a}, "
        if by_tis
        else ""
    )
    return (
        f"  {plural(year['years'], 'année tirée', 'années tirées')} au sort (graine "
        f"{year['seed']}), demi-journées par an : {number(service['missed'], 1)} manquées, "
        f"{number(service['given_free'], 1)} données par un collègue disponible, {replaced}"
        f"{number(service['reduced'], 1)} à effectif réduit, "
        f"{number(service['unattended'], 1)} sans {terms().technician}, dont "
        f"{number(rupture['mean'], 2)}{margin} de rupture (une mauvaise année sur dix : "
        f"{number(rupture['p90'])} ou plus)"
    )


def _line(name: str, row: Answer) -> str:
    if row["single"] is None:
        return f"{name:<18} non renseigné : aucun poste défini"
    one, two, delay = row["single"], row["pairs"], metric("cover_p90_minutes")
    return (
        f"{name:<18} {row['posts']:>3} postes   médiane {delay.write(one['median_minutes']):>8}   "
        f"9 fois sur 10 {delay.write(one['p90_minutes']):>8}   sans relève "
        f"{number(one['uncovered']):>4} (à deux {number(two['uncovered'])})   "
        f"{', '.join(row['single_points'])}"
    )
