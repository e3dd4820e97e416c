"""Points de vigilance: points to watch in a plan, one list for pages, files and the terminal.

A relève is assumed to come from the nearest lycée of the zone, and to be fast within
``near_minutes``: points are about the map, the same whether posts are defined or not.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import chain
from typing import Any

from geozones.common.french import (
    NBSP,
    listing,
    minutes,
    number,
    of,
    round_minutes,
    to_be_confirmed,
)
from geozones.domain import DecisionStatus, Plan, Zone
from geozones.domain.events import State
from geozones.domain.proposal_conditions import THRESHOLD
from geozones.domain.settings import TeamSettings, default_rules
from geozones.domain.terms import terms, worded
from geozones.metrics.metric import ZoneView
from geozones.metrics.metric_registry import VIGILANCE, watch_list
from geozones.rules import MINUTES, RuleOrigin, Severity, Violation
from geozones.rules.rule_registry import why_remote
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study

_DECIDED = frozenset({DecisionStatus.PUBLISHED, DecisionStatus.RETAINED})


class PointKind(StrEnum):
    """Kind of a point to watch."""

    RULE = "regle"
    FRAGILE = "fragilite"
    SINGLE = "point_unique"

    @property
    def label(self) -> str:
        """Return its name on screen and in files."""
        return _LABELS[self]


_LABELS = {
    PointKind.RULE: "règle non respectée",
    PointKind.FRAGILE: "zone fragile",
    PointKind.SINGLE: "collègue unique",
}


@dataclass(frozen=True, slots=True)
class VigilancePoint:
    """A point to watch, in one French sentence."""

    kind: PointKind  # Why it is to be watched, and what.
    sentence: str
    rule: str  # The broken rule (key); empty for another kind.
    origin: RuleOrigin  # Who sets the bound: the document, the tool, or the planner.
    severity: Severity  # Points of severity information are listed and not counted.
    sector: str  # Its place (ids); ``zone`` is ``None`` for a whole sector.
    zone: str | None
    lycees: tuple[str, ...]  # The lycées (ids) concerned.
    status: DecisionStatus  # Decision status of the zone or sector.
    #: Its identity before and after a change of the plan (see `geozones.rules.check`).
    key: tuple[object, ...]
    #: Whether the threshold is inside the interval of the minutes: the sentence says so.
    to_confirm: bool = False
    #: What is measured (its longest drive, its slowest relève; empty if the unit says it), and in
    #: what unit; no unit if the measure is not worth a figure.
    subject: str = ""
    #: Grows as the point gets worse; a whole number, as shown, if it has a unit.
    measure: float = 1.0
    unit: str = ""
    #: End of the sentence that says what in the sector forces it; empty if nothing does.
    cause: str = ""

    @property
    def without_cause(self) -> str:
        """Sentence without the cause, for a point that a change brings: the cause is older."""
        return self.sentence.removesuffix(self.cause).rstrip()

    @property
    def is_alert(self) -> bool:
        """Tell whether its severity is above information."""
        return self.severity is not Severity.INFO

    def since(self, before: "VigilancePoint") -> str:
        """Return how much worse it got: ``trajet le plus long 68 → 71 min``."""
        then, now = number(before.measure), f"{number(self.measure)}{NBSP}{self.unit}"
        if self.unit == MINUTES:  # a drive may be impossible
            now = minutes(self.measure)
            then = minutes(before.measure).removesuffix(f"{NBSP}{MINUTES}")
        return f"{self.subject} {then} → {now}".strip()

    def worse_than(self, before: "VigilancePoint") -> str:
        """Return its sentence, and how much worse it got where that is a figure."""
        how = f" ({self.since(before)})" if self.unit else ""
        return f"{self.without_cause.removesuffix('.')}{how}."

    @property
    def about(self) -> str:
        """Return its kind and origin: ``zone fragile, seuil de l'outil``."""
        asks = self.origin.label
        if self.kind is PointKind.RULE:
            return asks
        return f"{self.kind.label}, {asks.replace('règle', 'seuil')}"

    @property
    def is_decided(self) -> bool:
        """Tell whether its zone or sector is published, or retained in this scenario."""
        return self.status in _DECIDED

    @property
    def place(self) -> str:
        """Return its place on the map: ``zone:ID``, or ``sector:ID``."""
        return f"sector:{self.sector}" if self.zone is None else f"zone:{self.zone}"


def chosen(
    points: Iterable[VigilancePoint],
    *,
    sector_id: str | None = None,
    zone_id: str | None = None,
    decided: bool | None = None,
    origin: RuleOrigin | None = None,
) -> tuple[VigilancePoint, ...]:
    """Return the points of a sector or zone (ids), decided or not, of an origin.

    ``None`` does not filter. The points of all sectors, of all origins, or decided and undecided,
    add up to the whole list.
    """
    return tuple(
        point
        for point in points
        if (sector_id is None or point.sector == sector_id)
        and (zone_id is None or point.zone == zone_id)
        and (decided is None or point.is_decided is decided)
        and (origin is None or point.origin.stated is origin)
    )


def metrics_and_points(study: Study) -> dict[str, Any]:
    """Return the metrics of every area, as ``geozones metrics``: with counts of points to watch."""
    answer, points = study.metrics_json(), vigilance(study)
    areas: list[tuple[dict[str, Any], str | None, str | None]] = [(answer["region"], None, None)]
    areas += [(values, key, None) for key, values in answer["sectors"].items()]
    areas += [(values, None, key) for key, values in answer["zones"].items()]
    for values, sector, zone in areas:
        count = watch_list(chosen(points, sector_id=sector, zone_id=zone)).count
        values[VIGILANCE.key] = study.kept_metrics(sector, zone).get(VIGILANCE.key, count)
    return answer


def within(
    plan: Plan, zones: Iterable[str], points: Iterable[VigilancePoint]
) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of some zones (ids), and of sectors entirely within them."""
    inside = frozenset(zones)
    return tuple(p for p in points if is_within(plan, inside, p.zone, p.sector))


def is_within(
    plan: Plan, zones: frozenset[str], zone_id: str | None, sector_id: str | None
) -> bool:
    """Return whether some zones (ids) contain a zone, or with ``None`` a whole sector."""
    if zone_id is not None:
        return zone_id in zones
    own = {z.id for z in plan.zones_of(sector_id)} if sector_id is not None else set()
    return bool(own) and own <= zones


def proven_note(limit: float) -> str:
    """Return the note of a draft sector no plan of which respects a threshold of minutes."""
    return (
        f"Sous les règles de l'outil, aucun découpage de ce secteur n'a tous ses trajets à "
        f"{limit:.0f} min au plus : prouvé par l'outil."
    )


def forced(study: Study, breach: Violation) -> str:
    """Return why no zone of the sector could respect the threshold, in French; "" if unknown.

    Geography may force it, or the rules: a draft then has a proven note on its sector.
    """
    if breach.rule != THRESHOLD:
        return ""
    sector = breach.sector_in(study.plan)
    return forced_by_geography(study, breach) or _proven(study, sector)


def forced_by_geography(study: Study, breach: Violation) -> str:
    """Return why no zone of the sector could respect the threshold, in French; "" if one could.

    It looks at each lycée of the drive that is too long: among the lycées of its sector within the
    threshold, a zone needs two others at least, within the threshold of one another.
    """
    fewest = default_rules().proposed_sizes[0] - 1
    limit, table = study.settings.max_minutes, study.times.both_ways
    sector = breach.sector_in(study.plan)
    for lycee_id in breach.lycees:
        others = [other for other in study.plan.lycees_of(sector) if other != lycee_id]
        near = [other for other in others if table[lycee_id][other] <= limit]
        reason = why_remote(near, lambda a, b: table[a][b] <= limit, fewest, limit)
        if reason:
            return f"Inévitable dans ce secteur : {study.name(lycee_id)} {reason}."
    return ""


def forced_releve(study: Study, lycee_id: str) -> str:
    """Return why no zone of the sector could give a lycée a fast relève; "" if one could."""
    near, one_way = study.settings.teams.near_minutes, study.times.one_way
    others = study.plan.lycees_of(study.plan.sector_of(lycee_id).id)
    if any(other != lycee_id and one_way[other][lycee_id] <= near for other in others):
        return ""
    site = terms().site
    other = f"aucun autre {site}"
    return f"Inévitable dans ce secteur : {other} n'y est à {minutes(near)} au plus."


def _proven(study: Study, sector_id: str) -> str:
    """Return the proven note on a sector that still has the lycées of its draft; "" if none."""
    note, draft = study.plan.sector(sector_id).note, study.atlas.plan
    is_proven = note == proven_note(study.settings.max_minutes)
    known = any(entry.id == sector_id for entry in draft.sectors)
    if not (is_proven and known):
        return ""
    return note if set(study.plan.lycees_of(sector_id)) == set(draft.lycees_of(sector_id)) else ""


#: Fewest lycées that depend on the same other lycée for a relève to make it a single point.
_RESTING = 2


def fragile(study: Study, zones: Iterable[Zone]) -> Iterator[VigilancePoint]:
    """Yield the zones where a relève is slow; none where all minutes are estimates."""
    if study.times.all_estimated:
        return
    near = study.settings.teams.near_minutes
    for zone in zones:
        # the nearest colleagues alone: a destination is a new zone, whose other figures are slow
        slowest = ZoneView(study.plan.members(zone.id), study.times, study.settings).slowest_releve
        if slowest is None or slowest[2] <= near:
            continue
        lycee_id, colleague, slow = slowest
        sentence = (
            f"Zone {zone.name} : le collègue le plus proche {of(study.name(lycee_id))} est à "
            f"{study.name(colleague)}, à {minutes(slow)} (relève rapide : {minutes(near)} au plus)."
        )
        slow_releve = replace(
            point(study, zone, (PointKind.FRAGILE, sentence), (lycee_id,)),
            subject="relève la plus lente",
            measure=round_minutes(slow),
            unit=MINUTES,
        )
        found = _confirmed_unless(slow_releve, _may_be_otherwise(study, zone.id, (lycee_id,)))
        cause = forced_releve(study, lycee_id)
        sentence = " ".join(filter(None, (found.sentence, cause)))
        yield replace(found, sentence=sentence, cause=cause)


def single_points(study: Study, zones: Iterable[Zone]) -> Iterator[VigilancePoint]:
    """Yield the zones where several lycées have one other lycée near them, and no more."""
    near = minutes(study.settings.teams.near_minutes)
    for zone in zones:
        for colleague, resting in _resting_on_one(study, zone.id):
            names = listing([of(study.name(lycee_id)) for lycee_id in resting])
            sentence = (
                f"Zone {zone.name} : seul {study.name(colleague)} est à moins de {near} {names}."
            )
            single = point(study, zone, (PointKind.SINGLE, sentence), (colleague, *resting))
            single = replace(single, key=(*single.key, colleague), measure=len(resting))
            yield _confirmed_unless(single, _may_be_otherwise(study, zone.id, resting))


def _resting_on_one(study: Study, zone_id: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each lycée (id) that is the only near one for several others of its zone, with them."""
    members, near = study.plan.members(zone_id), study.settings.teams.near_minutes
    one_way = study.times.one_way
    resting: dict[str, list[str]] = {}
    for lycee_id in members:
        fast = [key for key in members if key != lycee_id and one_way[key][lycee_id] <= near]
        if len(fast) == 1:
            resting.setdefault(fast[0], []).append(lycee_id)
    for colleague, others in resting.items():
        if len(others) >= _RESTING:
            yield colleague, tuple(others)


def _may_be_otherwise(study: Study, zone_id: str, lycees: Iterable[str]) -> bool:
    """Return whether ``near_minutes`` is inside the interval of a drive to one of some lycées.

    A drive to a lycée comes from another one of its zone; its minutes may be on the other side.
    """
    near, members = study.settings.teams.near_minutes, study.plan.members(zone_id)
    drives = (study.times.interval(key, to) for to in lycees for key in members if key != to)
    return any(low <= near < high for low, high in drives)


def _confirmed_unless(point: VigilancePoint, unsure: bool) -> VigilancePoint:  # noqa: FBT001
    """Return a point, marked as to be confirmed if it is not sure."""
    if not unsure:
        return point
    return replace(point, sentence=to_be_confirmed(point.sentence), to_confirm=True)


def point(
    study: Study, zone: Zone, what: tuple[PointKind, str], lycees: tuple[str, ...]
) -> VigilancePoint:
    """Return a point in a zone: its kind and sentence, and the lycées (ids) concerned.

    Its origin is the planner if they changed the delay of a fast relève, else the tool.
    """
    mine = study.settings.teams.near_minutes != TeamSettings().near_minutes
    return VigilancePoint(
        *what,
        rule="",
        origin=RuleOrigin.YOURS if mine else RuleOrigin.TOOL,
        severity=Severity.WARNING,
        sector=zone.sector,
        zone=zone.id,
        lycees=lycees,
        status=study.status(zone_id=zone.id),
        key=(what[0], zone.id),
    )


def points_of_breaches(study: Study, breaches: Iterable[Violation]) -> Iterator[VigilancePoint]:
    """Yield a point for each breach of a study's plan, information included."""
    for breach in breaches:
        sector_id, cause = breach.sector_in(study.plan), forced(study, breach)
        yield VigilancePoint(
            PointKind.RULE,
            " ".join(filter(None, (breach.message, cause))),
            breach.rule,
            breach.origin,
            breach.severity,
            sector_id,
            breach.zone,
            breach.lycees,
            study.status(sector_id=sector_id, zone_id=breach.zone),
            breach.key,
            breach.to_confirm,
            "trajet le plus long" if breach.unit == MINUTES else "",
            round_minutes(breach.measure) if breach.unit == MINUTES else breach.measure,
            breach.unit,
            cause,
        )


#: Ends of the points of some rules; a rule that is not here keeps its sentence.
_ENDS = {
    "support_centre": "{support_centre} d'un autre secteur",
    "zone_empty": "sans {site}",
    "zone_in_one_piece": "en plusieurs morceaux",
    "sector_change": "change de secteur",
}


def in_short(study: Study, point: VigilancePoint) -> str:
    """Return a point in a few words: « Montval-sur-Loir – Sablé-sur-Sarthe, 74 min ».

    Lycées go by their communes, which are shorter, unless two share one.
    """
    lycees = [study.territory.lycees[lycee_id] for lycee_id in point.lycees]
    towns = [lycee.commune for lycee in lycees]
    apart = all(towns) and len(set(towns)) == len(towns)
    names = " – ".join(towns if apart else [lycee.label for lycee in lycees])
    zone = "" if point.zone is None else study.plan.zone(point.zone).name
    if point.kind is PointKind.SINGLE:
        others = terms().site.counted(len(lycees) - 1)
        text = f"{lycees[0].label}, seul près de {others}"
    elif point.kind is PointKind.FRAGILE:
        text = f"{names}, relève à {minutes(point.measure)}"
    elif point.unit == MINUTES:
        text = f"{names}, {minutes(point.measure)}"
    elif point.rule == "zone_size" and point.zone is not None:
        text = f"{zone}, {terms().site.counted(len(study.plan.members(point.zone)))}"
    elif point.rule in _ENDS:
        about = zone if point.rule in {"zone_empty", "zone_in_one_piece"} else names
        text = f"{about}, {worded(_ENDS[point.rule])}"
    else:
        return point.sentence
    return f"{text}, à confirmer" if point.to_confirm else text


#: Functions that find points of some zones, listed in this order after the breaches of rules. To
#: add a kind, add a function here.
FINDERS = (fragile, single_points)


def vigilance(study: Study) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of a plan: forbidden first, information last.

    They are about the map: the posts of the study do not count, nor the rules on posts. The tool's
    points are left out if its rules are off (``tool_rules``), except forbidden ones.
    """
    return _found(study.analysis, study.plan, study.retained)


@lru_cache(maxsize=64)
def _found(
    analysis: Analysis,
    plan: Plan,
    retained: bool,  # noqa: FBT001 - part of the cache key
) -> tuple[VigilancePoint, ...]:
    study = Study(analysis, State(plan), retained)
    points = sorted(_all_points(study), key=lambda point: -_GRAVITY[point.severity])
    known = _causes(analysis)
    return tuple(
        point
        if not point.cause or point.cause == known.get(point.key)
        else replace(point, sentence=point.without_cause, cause="")
        for point in points
    )


@lru_cache(maxsize=64)
def _causes(analysis: Analysis) -> dict[tuple[object, ...], str]:
    """Return the causes of points that the plan in force has: a plan may not have made them."""
    base = Study(analysis, State(analysis.reference))
    return {point.key: point.cause for point in _all_points(base) if point.cause}


def _all_points(study: Study) -> Iterator[VigilancePoint]:
    return points_among(study, study.plan.zones, study.check())


def points_among(
    study: Study, zones: Sequence[Zone], breaches: Iterable[Violation]
) -> Iterator[VigilancePoint]:
    """Yield the points of some zones and of breaches: enough to count what a move changes."""
    found = (find(study, zones) for find in FINDERS)
    for point in chain(points_of_breaches(study, breaches), *found):
        if (
            study.settings.tool_rules
            or point.origin is not RuleOrigin.TOOL
            or point.severity is Severity.FORBIDDEN
        ):
            yield point


_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}
