"""« teams absence »: cover of each half-day of an absent post."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, rounded
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, flag, option
from geozones.cli.reply import Reply
from geozones.cli.teams.posts import PostsFile, TisReplaces, staff_of, supposing, supposition
from geozones.common.errors import InputError
from geozones.common.french import number, plural, ranged_minutes
from geozones.domain.cover import TIS
from geozones.domain.teams import Post, slot_name
from geozones.domain.terms import terms
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
    cap: Annotated[int | None, option("N", "interventions par mois et personne (4)")] = None
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
    first, last = _date(options.first), _date(options.last)
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
    return common.reply(study, answer, _absence_text)


def _sure(study: Study, relief: Relief) -> Answer:
    """Return the uncertainty of a relief's minutes; ``None`` if nobody comes."""
    if not relief.origin:
        return {"low": None, "high": None, "estimated": None}
    way = relief.origin, relief.missed.lycee
    low, high = map(rounded, study.times.interval(*way))
    return {"low": low, "high": high, "estimated": study.times.is_estimated(*way)}


def _capped(study: Study, cap: int | None) -> Study:
    if cap is None:
        return study
    if not 0 <= cap <= 100:
        msg = "Le plafond d'interventions par mois est entre 0 et 100."
        raise InputError(msg)
    return study.with_team_settings(replace(study.settings.teams, monthly_cap=cap))


def _post_named(staff: Staff, text: str) -> Post:
    zone, _, rank = text.rpartition(":")
    if zone and rank.isascii() and rank.isdigit() and len(rank) <= _MAX_DIGITS:
        posts = staff.people.of_zone(staff.plan.zone(zone).id)
        if not 1 <= int(rank) <= len(posts):
            msg = (
                f"La zone {zone} a {plural(len(posts), 'poste')}. Donnez-en avec --posts (teams "
                "propose --out) ou --scenario, et un rang de 1 à leur nombre."
            )
            raise InputError(msg)
        return posts[int(rank) - 1]
    return staff.people.post(text)


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        msg = f"« {text[:20]} » n'est pas une date : écrivez-la AAAA-MM-JJ."
        raise InputError(msg) from error


def _absence_text(answer: Answer) -> str:
    head = (
        f"{answer['post']}, du {answer['from']} au {answer['to']} : "
        f"{plural(answer['missed'], 'demi-journée manquée', 'demi-journées manquées')}, "
        f"{number(answer['unattended'])} sans {terms().technician}, "
        f"{number(answer['reduced'])} à effectif réduit, {number(answer['displaced'])} déplacées, "
        f"{number(answer['rupture'])} de rupture"
    )
    lines = [head, supposition(answer)]
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
