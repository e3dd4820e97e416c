"""« teams absence »: who covers an absent post, and what the absence of each post leaves."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import DEFAULTS, Answer, CommonOptions, read_date, rounded
from geozones.cli.parameters import Reply, argument, option
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
from geozones.common.french import listing, number, plural, ranged_minutes
from geozones.domain.teams import TIS, Post, slot_name
from geozones.domain.terms import terms
from geozones.workspace.names import zone_named
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Relief, Staff

#: Most digits of a post's rank in its zone.
_MAX_DIGITS = 4


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class AbsenceOptions:
    """Dates of the absence, and who may replace the post."""

    first: Annotated[str | None, option("AAAA-MM-JJ", "premier jour d'absence", name="--from")] = (
        None
    )
    last: Annotated[str | None, option("AAAA-MM-JJ", "dernier jour d'absence", name="--to")] = None
    cap: Annotated[int | None, option("N", "interventions par mois et personne, au plus (4)")] = (
        None
    )
    tis_replaces: TisReplaces = False
    posts: PostsFile = None


_ANY_ABSENCE = AbsenceOptions()


def absence(
    post: Annotated[
        str | None,
        argument("POSTE", "ZONE:RANG (MAY-3:2), ou le code du poste ; sinon, chaque poste"),
    ] = None,
    /,
    *,
    options: AbsenceOptions = _ANY_ABSENCE,
    scope: ZoneSelection = EVERY_ZONE,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Print who covers each half-day of an absent post, or what the absence of each post leaves."""
    study = common.study()
    study = supposing(_capped(study, options.cap), tis_replaces=options.tis_replaces)
    staff = staff_of(study, options.posts)
    dates = [day for day in (options.first, options.last) if day is not None]
    if post is None:
        if dates or options.cap is not None:
            raise InputError("--from, --to et --cap vont avec un poste : indiquez-le.")
        answer = _every_absence(staff, scope.zones(staff.plan), by_tis=options.tis_replaces)
        return common.reply(study, answer, partial(_every_absence_text, study))
    if len(dates) < 2 or scope != EVERY_ZONE:
        raise InputError("Un poste va avec --from et --to, sans --zone ni --sector.")
    first, last = map(read_date, dates)
    return _one_absence(staff, _post_named(staff, post), (first, last), common)


def _every_absence(staff: Staff, zones: Sequence[str], *, by_tis: bool) -> Answer:
    """Return the half-days a week without anybody while each post is absent, the worst first."""
    return {
        "tis_replaces": by_tis,
        "posts": [
            {
                "id": left.post.id,
                "label": staff.label(left.post),
                "zone": left.post.zone,
                "missed": left.missed,
                "empty": left.empty,
                "lycees": left.lycees,
            }
            for left in staff.left(zones)
        ],
        "zones_without_posts": [zone for zone in zones if not staff.people.of_zone(zone)],
    }


def _every_absence_text(study: Study, answer: Answer) -> str:
    lines = [supposition(answer)]
    for row in answer["posts"]:
        lycees = listing([study.name(lycee) for lycee in row["lycees"]])
        without = plural(row["empty"], "demi-journée")
        where = f" ({lycees})" if lycees else ""
        lines.append(
            f"{row['label']} : {without} par semaine sans {terms().technician}{where}, "
            f"sur {number(row['missed'])}"
        )
    if answer["zones_without_posts"]:
        zones = listing([study.plan.zone(zone).name for zone in answer["zones_without_posts"]])
        lines.append(f"Non renseigné, aucun poste défini : {zones}.")
    return "\n".join(lines)


def _one_absence(
    staff: Staff, away: Post, dates: tuple[date, date], common: CommonOptions
) -> Reply:
    """Return who covers each half-day of an absent post between two dates."""
    study, (first, last) = staff.study, dates
    schedule = staff.absence(away.id, first, last)
    labels = {entry.id: staff.label(entry) for entry in staff.people.posts}
    labels[TIS] = str(terms().sector_technician)
    answer: Answer = {
        "post": labels[away.id],
        "from": first.isoformat(),
        "to": last.isoformat(),
        "tis_replaces": study.settings.teams.tis_replaces,
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
        posts = staff.people.of_zone(staff.plan.zone(zone_named(staff.plan, zone)).id)
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
