"""Points to watch and breaches that moves bring, worsen or end, cached zone by zone."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from itertools import chain

from geozones.domain import Plan, Sector, Zone
from geozones.metrics.metric_changes import PointsTold
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
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import VigilancePoint, points_among

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

    def around(self, plan: Plan, lycee_id: str, zones: Iterable[Zone]) -> dict[str, Pair]:
        """Return the breaches of both sectors before and after a lycée's move to each zone (id)."""
        members = {zone.id: len(plan.members(zone.id)) for zone in plan.zones}
        sizes = dict.fromkeys((sector.id for sector in plan.sectors), (0, 0))
        for zone in plan.zones:
            sizes[zone.sector] = _more(sizes[zone.sector], members[zone.id], members[zone.id] > 0)
        origin = plan.zone_of(lycee_id)
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
            moved = partial(plan.move, lycee_id, zone.id)
            pairs[zone.id] = self._of(plan, before, lambda: plan), self._of(plan, after, moved)
        return pairs

    def _of(
        self, plan: Plan, sizes: Mapping[str, _Sizes], made: Callable[[], Plan]
    ) -> tuple[Violation, ...]:
        """Return the breaches of sectors (ids) with these sizes, in the plan of ``made``."""
        found: list[Violation] = []
        for sector_id, size in sizes.items():
            key = plan.sector(sector_id), size
            if key not in self._known:
                self._known[key] = check_sectors(made(), [sector_id], self._context)
            found += self._known[key]
        return tuple(found)


def _more(sizes: _Sizes, lycees: int, zones: int) -> _Sizes:
    return sizes[0] + lycees, sizes[1] + zones


#: Rules whose breaches count: information, which does not, is not even written.
_ALERTING = tuple(rule for rule in REGISTRY if rule.severity is not Severity.INFO)
#: Zones whose points are cached.
_ZONES = 16384

type PointsChange = Difference[VigilancePoint]


def points_brought(
    study: Study, lycee_id: str, zones: Iterable[str]
) -> Callable[[str], PointsChange]:
    """Return a function from a zone (id) to the points to watch that a move there changes.

    A change is the difference of the watch list after and before the lycée joins the zone.
    """
    return _known_points(study.analysis).brought(study, lycee_id, zones)


def points_brought_by(study: Study, after: Plan, zones: Iterable[str]) -> PointsChange:
    """Return the points to watch that another plan changes; only some zones (ids) differ."""
    return _known_points(study.analysis).between(study, after, tuple(zones))


def points_told(change: PointsChange) -> PointsTold:
    """Return the points of a change in sentences: new, worse (by how much) and lifted."""
    return PointsTold(
        tuple(point.without_cause for point in change.new),
        tuple(after.worse_than(before) for before, after in change.worsened),
        tuple(point.without_cause for point in change.resolved),
    )


def points_counted(change: PointsChange) -> str:
    """Write the same for a narrow column; empty if nothing changes."""
    return points_told(change).counted


def points_json(change: PointsChange) -> dict[str, int]:
    """Return the three counts in the format of the command line's JSON."""
    told = points_told(change)
    return {"new": len(told.new), "worse": len(told.worse), "lifted": len(told.lifted)}


@lru_cache(maxsize=8)
def _known_points(analysis: Analysis) -> "_KnownPoints":
    return _KnownPoints(analysis)


class _KnownPoints:
    """Points to watch by zone, over one analysis: a move changes two zones."""

    def __init__(self, analysis: Analysis) -> None:
        self._context = analysis.context
        self._sectors = SectorBreaches(self._context)
        self._known: dict[tuple[Zone, str, tuple[str, ...]], tuple[VigilancePoint, ...]] = {}

    def brought(
        self, study: Study, lycee_id: str, zones: Iterable[str]
    ) -> Callable[[str], PointsChange]:
        plan = study.plan
        origin, targets = plan.zone_of(lycee_id), [plan.zone(zone_id) for zone_id in zones]
        whole = self._sectors.around(plan, lycee_id, targets)

        def change(zone_id: str) -> PointsChange:
            moved = replace(study, state=replace(study.state, plan=plan.move(lycee_id, zone_id)))
            sides = (
                self._points(there, (origin, plan.zone(zone_id)), found)
                for there, found in zip((study, moved), whole[zone_id], strict=True)
            )
            return difference(*sides)

        return change

    def between(self, study: Study, after: Plan, zones: tuple[str, ...]) -> PointsChange:
        sides = []
        for there in (study, study.with_plan(after)):
            touched = [there.plan.zone(zone_id) for zone_id in zones]
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
        zone = study.plan.zone(zone.id)  # a move may change the name that it shows
        key = zone, zone.name, study.plan.members(zone.id)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _ZONES:
                self._known = {}  # other threads may be reading the old ones
            breaches = check_zones(study.plan, [zone.id], self._context, _ALERTING)
            known = self._known[key] = tuple(points_among(study, (zone,), breaches))
        return known
