"""Points to watch and breaches that moves bring, worsen or end, cached zone by zone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain

from geozones.common.french import capital, number, plural
from geozones.domain import Plan, Sector, Zone
from geozones.domain.teams import Teams
from geozones.rules import (
    REGISTRY,
    Difference,
    RuleContext,
    Severity,
    Violation,
    check_sectors,
    check_zones,
    difference,
)
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study
from geozones.workspace.vigilance import VigilancePoint, points_among

#: Breaches of the touched sectors before and after a move; empty if the move cannot change them.
type Pair = tuple[tuple[Violation, ...], tuple[Violation, ...]]
#: Number of lycées of a sector, and of its zones with lycées.
type _Sizes = tuple[int, int]

_UNCHANGED: Pair = ((), ())


class SectorBreaches:
    """Breaches of sectors, cached by sector and sizes: few cases among thousands of moves."""

    def __init__(self, context: RuleContext) -> None:
        self._context = context
        self._known: dict[tuple[Sector, _Sizes], tuple[Violation, ...]] = {}

    def around(self, plan: Plan, lycee: str, zones: Iterable[Zone]) -> dict[str, Pair]:
        """Return the breaches of both sectors before and after a lycée's move to each zone (id)."""
        members = {zone.id: len(plan.members(zone.id)) for zone in plan.zones}
        sizes = dict.fromkeys((sector.id for sector in plan.sectors), (0, 0))
        for zone in plan.zones:
            sizes[zone.sector] = _more(sizes[zone.sector], members[zone.id], members[zone.id] > 0)
        origin = plan.zone_of(lycee)
        emptied = members[origin.id] == 1
        pairs = {}
        for zone in zones:
            opened = not members[zone.id]
            if zone.sector == origin.sector and not emptied and not opened:
                pairs[zone.id] = _UNCHANGED
                continue
            before = {key: sizes[key] for key in (origin.sector, zone.sector)}
            after = dict(before)
            after[origin.sector] = _more(after[origin.sector], -1, -emptied)
            after[zone.sector] = _more(after[zone.sector], 1, opened)
            moved = partial(plan.move, lycee, zone.id)
            pairs[zone.id] = self._of(plan, before, lambda: plan), self._of(plan, after, moved)
        return pairs

    def _of(
        self, plan: Plan, sizes: Mapping[str, _Sizes], made: Callable[[], Plan]
    ) -> tuple[Violation, ...]:
        """Return the breaches of sectors (ids) with these sizes, in the plan of ``made``."""
        found: list[Violation] = []
        for sector, size in sizes.items():
            key = plan.sector(sector), size
            if key not in self._known:
                self._known[key] = check_sectors(made(), [sector], self._context)
            found += self._known[key]
        return tuple(found)


def _more(sizes: _Sizes, lycees: int, zones: int) -> _Sizes:
    return sizes[0] + lycees, sizes[1] + zones


#: Rules whose breaches count: information, which does not, is not even written.
_ALERTING = tuple(rule for rule in REGISTRY if rule.severity is not Severity.INFO)
#: Zones whose points are cached.
_ZONES = 16384
_POINT = "point de vigilance", "points de vigilance"

type PointsChange = Difference[VigilancePoint]


def points_brought(study: Study, lycee: str, zones: Iterable[str]) -> dict[str, PointsChange]:
    """Return the changes of the plan's points to watch with a lycée in each zone (id).

    Each is the difference of the watch list after and before.
    """
    return _known_points(study.analysis, study.teams).brought(study, lycee, zones)


def points_brought_by(study: Study, after: Plan, zones: Iterable[str]) -> PointsChange:
    """Return the same for another plan; only some zones (ids) differ."""
    return _known_points(study.analysis, study.teams).between(study, after, tuple(zones))


def points_sentence(change: PointsChange) -> str:
    """Return a French sentence on the changes of points to watch, what gets worse first."""
    more, worse, turns = change.more, _worsened(change), _turns(change)
    if worse and not more and not turns:
        return f"{worse}."
    count = plural(abs(more), *_POINT) if more else "aucun point de vigilance"
    net = (number(abs(more)) if more else "aucun") if worse else count
    said = f"{net} de {'moins' if more < 0 else 'plus'}{f' ({turns})' if turns else ''}"
    return f"{worse} ; {said}." if worse else f"{capital(said)}."


def points_counted(change: PointsChange) -> str:
    """Write the same for a narrow column: ``2 de plus, 1 aggravé``; empty if nothing changes."""
    more, worse = change.more, len(change.worsened)
    net = f"{number(abs(more))} de {'plus' if more > 0 else 'moins'}" if more else _turns(change)
    return ", ".join(filter(None, (net, plural(worse, "aggravé") if worse else "")))


def _turns(change: PointsChange) -> str:
    """Count apart the points that a change brings and those that it ends, if it does both."""
    if not change.new or not change.resolved:
        return ""
    return f"{plural(change.new, 'nouveau', 'nouveaux')}, {number(len(change.resolved))} en moins"


def _worsened(change: PointsChange) -> str:
    """Say how many points get worse, and which one the most; empty for none."""
    if not change.worsened:
        return ""
    many = len(change.worsened)
    count = plural(many, f"{_POINT[0]} aggravé", f"{_POINT[1]} aggravés")
    before, after = max(change.worsened, key=lambda pair: pair[1].measure - pair[0].measure)
    return f"{count}{' :' if many == 1 else ', dont'} {after.since(before)}"


@lru_cache(maxsize=8)
def _known_points(analysis: Analysis, teams: Teams) -> "_KnownPoints":
    return _KnownPoints(analysis, teams)


class _KnownPoints:
    """Points to watch by zone, over one analysis and some posts: a move changes two zones."""

    def __init__(self, analysis: Analysis, teams: Teams) -> None:
        self._context = replace(analysis.context, teams=teams)
        self._sectors = SectorBreaches(self._context)
        self._known: dict[tuple[Zone, str, tuple[str, ...]], tuple[VigilancePoint, ...]] = {}

    def brought(self, study: Study, lycee: str, zones: Iterable[str]) -> dict[str, PointsChange]:
        plan = study.plan
        origin, targets = plan.zone_of(lycee), [plan.zone(zone) for zone in zones]
        whole = self._sectors.around(plan, lycee, targets)
        change = {}
        for target in targets:
            moved = replace(study, state=replace(study.state, plan=plan.move(lycee, target.id)))
            sides = (
                self._points(there, (origin, target), found)
                for there, found in zip((study, moved), whole[target.id], strict=True)
            )
            change[target.id] = difference(*sides)
        return change

    def between(self, study: Study, after: Plan, zones: tuple[str, ...]) -> PointsChange:
        sides = []
        for there in (study, study.with_plan(after)):
            touched = [there.plan.zone(zone) for zone in zones]
            sectors = dict.fromkeys(zone.sector for zone in touched)
            found = check_sectors(there.plan, sectors, self._context)
            sides.append(self._points(there, touched, found))
        return difference(*sides)

    def _points(
        self, study: Study, zones: Iterable[Zone], breaches: tuple[Violation, ...]
    ) -> Iterable[VigilancePoint]:
        """Return the points of some zones, and of breaches of their sectors."""
        own = chain.from_iterable(self._zone(study, zone) for zone in zones)
        return chain(own, points_among(study, (), breaches))

    def _zone(self, study: Study, zone: Zone) -> tuple[VigilancePoint, ...]:
        """Return the points of one zone, which depend only on its lycées."""
        key = zone, study.plan.zone(zone.id).name, study.plan.members(zone.id)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _ZONES:
                self._known = {}  # other threads may be reading the old ones
            breaches = check_zones(study.plan, [zone.id], self._context, _ALERTING)
            known = self._known[key] = tuple(points_among(study, (zone,), breaches))
        return known
