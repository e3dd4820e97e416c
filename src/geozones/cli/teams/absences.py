"""« teams absence » and « resilience »: covers of absent posts, service with one or two away."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, read_date, rounded
from geozones.cli.parameters import Reply, argument, flag, option
from geozones.cli.teams.posts import (
    EVERY_ZONE,
    PostsFile,
    TisReplaces,
    ZoneSelection,
    staff_of,
    supposing,
    supposition,
)
from geozones.common.errors import InputError
from geozones.common.french import number, plural, ranged_minutes
from geozones.domain.cover import TIS, Cover, CoverFigures
from geozones.domain.teams import Post, slot_name
from geozones.domain.terms import terms
from geozones.metrics import metric
from geozones.teams.simulate import check_absences
from geozones.workspace.roles import LOCAL
from geozones.workspace.study import Study
from geozones.workspace.teams.holder_names import read_names
from geozones.workspace.teams.staff import Relief, Staff

#: Most digits of a post's rank in its zone.
_MAX_DIGITS = 4


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class AbsenceOptions:
    """Dates of the absence, and who may replace the post."""

    first: Annotated[str, option("AAAA-MM-JJ", "premier jour d'absence", name="--from")]
    last: Annotated[str, option("AAAA-MM-JJ", "dernier jour d'absence", name="--to")]
    cap: Annotated[int | None, option("N", "interventions par mois et personne, au plus (4)")] = (
        None
    )
    names: Annotated[bool, flag("donner aussi les noms gardés ici")] = False
    tis_replaces: TisReplaces = False
    posts: PostsFile = None


def absence(
    post: Annotated[str, argument("POSTE", "ZONE:RANG (MAY-3:2), ou le code du poste")],
    /,
    *,
    options: AbsenceOptions,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print who covers each half-day of an absent post."""
    study = common.study()
    study = supposing(_capped(study, options.cap), tis_replaces=options.tis_replaces)
    staff = staff_of(study, options.posts)
    if options.names:
        staff = replace(staff, names=read_names(LOCAL))
    away = _post_named(staff, post)
    first, last = read_date(options.first), read_date(options.last)
    schedule = staff.absence(away.id, first, last)
    labels = {entry.id: staff.label(entry) for entry in staff.people.posts}
    labels[TIS] = str(terms().sector_technician)
    answer: Answer = {
        "post": labels[away.id],
        "from": first.isoformat(),
        "to": last.isoformat(),
        "tis_replaces": options.tis_replaces,
        "uncovered": len(schedule.uncovered),
        "empty": schedule.service.unattended,
        **asdict(schedule.service),
        "reliefs": [
            {
                "date": relief.day.isoformat(),
                "half_day": slot_name(relief.missed.slot),
                "lycee": relief.missed.lycee,
                "by": labels.get(relief.missed.by, relief.missed.by) or None,
                "from": relief.origin,
                "minutes": relief.missed.minutes,
                **_sure(study, relief),
                "leaves": relief.leaves,
                "leaves_alone": relief.alone,
            }
            for relief in schedule.reliefs
        ],
    }
    counted = staff.counted_days(first, last)
    return common.reply(study, answer, partial(_absence_text, counted))


def _sure(study: Study, relief: Relief) -> Answer:
    """Return the uncertainty of a relief's minutes; each value is ``None`` if nobody comes."""
    if not relief.origin:
        return {"low": None, "high": None, "estimated": None}
    way = relief.origin, relief.missed.lycee
    low, high = map(rounded, study.times.interval(*way))
    return {"low": low, "high": high, "estimated": study.times.is_estimated(*way)}


def _capped(study: Study, cap: int | None) -> Study:
    if cap is None:
        return study
    if not 0 <= cap <= 100:
        raise InputError("Le plafond d'interventions par mois est entre 0 et 100.")
    return study.with_team_settings(replace(study.settings.teams, monthly_cap=cap))


def _post_named(staff: Staff, text: str) -> Post:
    zone, _, rank = text.rpartition(":")
    if zone and rank.isascii() and rank.isdigit() and len(rank) <= _MAX_DIGITS:
        posts = staff.people.of_zone(staff.plan.zone(zone).id)
        if not 1 <= int(rank) <= len(posts):
            held = f"a {plural(len(posts), 'poste')}" if posts else "n'a aucun poste"
            raise InputError(
                f"La zone {zone} {held}. Donnez-en avec --posts (teams "
                "propose --out) ou --scenario, et un rang de 1 à leur nombre."
            )
        return posts[int(rank) - 1]
    return staff.people.post(text)


def _absence_text(counted: str, answer: Answer) -> str:
    head = (
        f"{answer['post']}, du {answer['from']} au {answer['to']} : "
        f"{plural(answer['missed'], 'demi-journée manquée', 'demi-journées manquées')}, "
        f"{number(answer['unattended'])} sans {terms().technician}, "
        f"{number(answer['reduced'])} à effectif réduit, {number(answer['displaced'])} déplacées, "
        f"{number(answer['rupture'])} de rupture"
    )
    lines = [head, counted, supposition(answer)]
    for row in answer["reliefs"]:
        who = row["by"] or "personne"
        way = ""
        if row["from"]:
            sure = row["low"], row["high"]
            took = ranged_minutes(row["minutes"], *sure, estimated=row["estimated"])
            way = f" depuis {row['from']} en {took}"
        left = f", quitte {row['leaves']}" if row["leaves"] else ""
        alone = " (plus personne)" if row["leaves_alone"] else ""
        lines.append(f"- {row['date']} {row['half_day']}, {row['lycee']} : {who}{way}{left}{alone}")
    return "\n".join(lines)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class AbsenceModel:
    """Absence rate of posts, and number of simulated years."""

    years: Annotated[int, option("N", "années à simuler (0)")] = 0
    seed: Annotated[int, option("N", "graine (2025)")] = 2025
    rate: Annotated[float | None, option("T", "taux d'absence (0,05)")] = None
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
    pairs = standing.pairs
    return {
        "posts": sum(len(cover.posts) for cover in covers) if covers else None,
        "unmet": sum(cover.unmet for cover in covers) if covers else None,
        "single": None if standing.single is None else _figures(standing.single),
        "pairs": None if pairs is None else {**_figures(pairs), "uncovered": pairs.uncovered},
        "zones_without_posts": [zone for zone in zones if zone not in standing.covers],
    }


def _figures(figures: CoverFigures) -> Answer:
    return {
        "missed": figures.missed,
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
        f"9 fois sur 10 {delay.write(one['p90_minutes']):>8}   sans {terms().technician} "
        f"{number(one['empty']):>4}   à deux absences, sans relève {number(two['uncovered'])}"
    )
