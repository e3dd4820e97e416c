"""Registry of metrics, their evaluator on a plan, and the one count of points to watch.

Breaches of rules, points to watch, whole posts and estimated drives are counted by other packages,
so they are not in the registry: callers that have the numbers add them to the values.

The record of a metric names where it is shown (`MetricPlace`): screens, files and the terminal read
it.
"""

import copyreg
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, fields
from functools import lru_cache, partial
from itertools import chain
from typing import Any, Protocol

from geozones.common.french import number, plural
from geozones.domain import Plan, Settings, TravelTimes
from geozones.domain.teams import Cover, Workload
from geozones.domain.terms import has_organisation
from geozones.domain.yearly_cost import YearlyCost
from geozones.metrics import minute_metrics, workload_metrics
from geozones.metrics.metric import COUNT, AreaView, Better, Metric, MetricPlace, Values, ZoneView


class Watched(Protocol):
    """Point to watch, on screen or in a file.

    ``is_alert`` is false for information; ``to_confirm`` is true if its threshold is inside the
    interval of its minutes.
    """

    @property
    def is_alert(self) -> bool:
        """Tell whether the point is counted."""

    @property
    def to_confirm(self) -> bool:
        """Tell whether the point is to be confirmed."""


@dataclass(frozen=True, slots=True)
class WatchList[P: Watched]:
    """Points that count, in their order, and information, which does not."""

    counted: tuple[P, ...]
    information: tuple[P, ...]

    @property
    def count(self) -> int:
        """The figure « Points de vigilance »."""
        return len(self.counted)

    @property
    def to_confirm(self) -> int:
        """Number of counted points to be confirmed."""
        return sum(point.to_confirm for point in self.counted)

    @property
    def doubt(self) -> str:
        """Return ``dont 5 à confirmer``; empty if every point is sure."""
        if not self.to_confirm:
            return ""
        return "à confirmer" if self.count == 1 else f"dont {number(self.to_confirm)} à confirmer"

    @property
    def text(self) -> str:
        """Return the count in words: ``14 points de vigilance, dont 5 à confirmer``."""
        if not self.count:
            return "Aucun point de vigilance"
        count = plural(self.count, "point de vigilance", "points de vigilance")
        return f"{count}, {self.doubt}" if self.doubt else count


def watch_list[P: Watched](points: Iterable[P]) -> WatchList[P]:
    """Return the points that count, and apart from them information."""
    known = tuple(points)
    return WatchList(
        tuple(point for point in known if point.is_alert),
        tuple(point for point in known if not point.is_alert),
    )


BREACHES = Metric(
    key="breaches",
    label="Règles non respectées",
    narrow="Règles",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({MetricPlace.COMPARISON}),
    order=80,
)
VIGILANCE = Metric(
    key="vigilance",
    label="Points de vigilance",
    narrow="Vigilance",
    format=COUNT,
    better=Better.LOWER,
    places=frozenset({MetricPlace.COMPARISON, MetricPlace.HEADLINE}),
    order=81,
)
#: Breaches and points, in the order of display.
COUNTED = (BREACHES, VIGILANCE)


REGISTRY: dict[str, Metric] = {
    record.key: record
    for record in chain(
        workload_metrics.SIZE_METRICS,
        minute_metrics.METRICS,
        minute_metrics.RELEVE_METRICS,
        minute_metrics.SUPPORT_METRICS,
        workload_metrics.OBJECTIVE_METRICS,
        workload_metrics.COST_METRICS,
        workload_metrics.METRICS,
        workload_metrics.TEAM_METRICS,
    )
}


def metric(key: str) -> Metric:
    """Return a metric by key; ``KeyError`` if there is none."""
    return REGISTRY[key]


def _pickled(record: Metric) -> tuple[Any, ...]:
    """Pickle a registered metric by its key, another by its fields.

    A metric made for a comparison goes without its functions, which the comparison has already
    called: functions cannot be pickled.
    """
    if REGISTRY.get(record.key) is record:
        return metric, (record.key,)
    values: dict[str, Any] = {part.name: getattr(record, part.name) for part in fields(Metric)}
    told: dict[str, Any] = {key: None if callable(one) else one for key, one in values.items()}
    return partial(Metric, **told), ()


copyreg.pickle(Metric, _pickled)


#: Metrics of the support centres of a territory that says who runs it.
OF_ORGANISATION = frozenset({"support_mean_minutes", "support_max_minutes", "tis_hours"})


def shown_in(place: MetricPlace, *, posts: bool = False) -> tuple[Metric, ...]:
    """Return the metrics of a place, in its order; with ``posts``, the metrics of teams last."""
    records = [
        record
        for record in (*REGISTRY.values(), *COUNTED)
        if place in record.places
        and (posts or not record.needs_posts)
        and (has_organisation() or record.key not in OF_ORGANISATION)
    ]
    return tuple(sorted(records, key=lambda record: (record.needs_posts, record.order)))


def written(values: Values, key: str, digits: int | None = None) -> str:
    """Return the text of a metric of a zone, a sector or the region."""
    return metric(key).write(values[key], digits)


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

    def zone(self, plan: Plan, zone_id: str) -> Values:
        """Return the metrics of one zone, by metric key."""
        return self.entry(plan, zone_id)[1]

    def zones(self, plan: Plan) -> dict[str, Values]:
        """Return the metrics of every zone, by zone id."""
        return {zone.id: self.zone(plan, zone.id) for zone in plan.zones}

    def sector(self, plan: Plan, sector_id: str) -> Values:
        """Return the metrics of a sector."""
        return self.area(plan, (zone.id for zone in plan.zones_of(sector_id)))

    def region(self, plan: Plan) -> Values:
        """Return the metrics of the whole plan."""
        return self.area(plan, (zone.id for zone in plan.zones))

    def area(self, plan: Plan, zones: Iterable[str]) -> Values:
        """Return the metrics of some zones taken together; empty zones are left out."""
        entries = (
            (zone_id, *self.entry(plan, zone_id)) for zone_id in zones if plan.members(zone_id)
        )
        return together(entries, REGISTRY.values())

    def members(self, members: Iterable[str], support_centre: str | None = None) -> Values:
        """Return the metrics that a zone with these lycées (ids) would have."""
        known = tuple(sorted(members))
        return self._zone(known, support_centre, None, None, self._needed(known))[1]

    def entry(self, plan: Plan, zone_id: str) -> tuple[ZoneView, Values]:
        """Return the view of one zone, and its metrics."""
        centre = plan.sector(plan.zone(zone_id).sector).support_centre
        cover = None if self._covers is None else self._covers(plan, zone_id)
        cost = None if self._costs is None else self._costs(plan, zone_id)
        members = plan.members(zone_id)
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
