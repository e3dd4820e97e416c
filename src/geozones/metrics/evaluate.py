"""Evaluator of the metrics of a plan; a move recomputes only the two zones that it touches."""

from collections.abc import Callable, Iterable
from copy import copy
from functools import lru_cache

from geozones.domain import Plan, Settings, TravelTimes
from geozones.domain.cover import Cover
from geozones.domain.workload import Workload
from geozones.domain.yearly_cost import YearlyCost
from geozones.metrics.format import Values
from geozones.metrics.metric import Metric
from geozones.metrics.metric_inputs import AreaView, ZoneView
from geozones.metrics.metric_registry import REGISTRY

#: Function that returns the covers of a zone (id) of a plan; ``None`` if the zone has no post.
type Covers = Callable[[Plan, str], Cover | None]
#: Function that returns the yearly cost of a zone (id) of a plan.
type Costs = Callable[[Plan, str], YearlyCost]
#: Function that returns the total need of lycées (ids).
type Workloads = Callable[[tuple[str, ...]], Workload]
#: Distinct zones cached: about 4 kB each, shared by every session.
_CACHE = 4096


class Evaluator:
    """Evaluator of metrics of plans over one matrix and one set of thresholds.

    The metrics of a zone depend on its lycées, what they need, its support centre, its posts and
    its yearly cost alone, so these are the cache key: after a move only two zones are new.
    """

    def __init__(self, times: TravelTimes, settings: Settings) -> None:
        self.times = times
        self.settings = settings
        self._zone = lru_cache(maxsize=_CACHE)(self.compute_zone)
        self._covers: Covers | None = None
        self._costs: Costs | None = None
        self._workloads: Workloads | None = None

    def with_covers(self, covers: Covers | None) -> "Evaluator":
        """Return an evaluator that also gives the metrics of teams (``None``: without them).

        Both share the cache of zones.
        """
        other = copy(self)
        other._covers = covers  # noqa: SLF001 - its own
        return other

    def with_costs(self, costs: Costs | None) -> "Evaluator":
        """Return an evaluator that also gives yearly costs (``None``: without them)."""
        other = copy(self)
        other._costs = costs  # noqa: SLF001 - its own
        return other

    def with_workloads(self, workloads: Workloads) -> "Evaluator":
        """Return an evaluator that also gives the metrics of needs and pupils, as above."""
        other = copy(self)
        other._workloads = workloads  # noqa: SLF001 - its own
        return other

    def zone(self, plan: Plan, zone: str) -> Values:
        """Return the metrics of one zone, by metric key."""
        return self.entry(plan, zone)[1]

    def zones(self, plan: Plan) -> dict[str, Values]:
        """Return the metrics of every zone, by zone id."""
        return {zone.id: self.zone(plan, zone.id) for zone in plan.zones}

    def sector(self, plan: Plan, sector: str) -> Values:
        """Return the metrics of a sector."""
        return self.area(plan, (zone.id for zone in plan.zones_of(sector)))

    def region(self, plan: Plan) -> Values:
        """Return the metrics of the whole plan."""
        return self.area(plan, (zone.id for zone in plan.zones))

    def area(self, plan: Plan, zones: Iterable[str]) -> Values:
        """Return the metrics of some zones taken together; empty zones are left out."""
        entries = ((zone, *self.entry(plan, zone)) for zone in zones if plan.members(zone))
        return together(entries, REGISTRY.values())

    def members(self, members: Iterable[str], support_centre: str | None = None) -> Values:
        """Return the metrics that a zone with these lycées (ids) would have."""
        known = tuple(sorted(members))
        return self._zone(known, support_centre, None, None, self._needed(known))[1]

    def entry(self, plan: Plan, zone: str) -> tuple[ZoneView, Values]:
        """Return the view of one zone, and its metrics."""
        centre = plan.sector(plan.zone(zone).sector).support_centre
        cover = None if self._covers is None else self._covers(plan, zone)
        cost = None if self._costs is None else self._costs(plan, zone)
        members = plan.members(zone)
        return self._zone(members, centre, cover, cost, self._needed(members))

    def _needed(self, members: tuple[str, ...]) -> Workload | None:
        return None if self._workloads is None else self._workloads(members)

    def compute_zone(
        self,
        members: tuple[str, ...],
        support_centre: str | None,
        cover: Cover | None = None,
        cost: YearlyCost | None = None,
        workload: Workload | None = None,
    ) -> tuple[ZoneView, Values]:
        """Return the view of a zone of these lycées (ids, sorted) and its metrics, uncached."""
        view = ZoneView(members, self.times, self.settings, support_centre, cover, cost, workload)
        return view, {
            key: None if record.of_zone is None else record.of_zone(view)
            for key, record in REGISTRY.items()
        }


def together(zones: Iterable[tuple[str, ZoneView, Values]], records: Iterable[Metric]) -> Values:
    """Return some metrics of zones taken together, each zone with its id, view and metrics."""
    view = AreaView(tuple(zones))
    return {
        record.key: None if record.of_area is None else record.of_area(view) for record in records
    }
