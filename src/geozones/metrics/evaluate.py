"""Compute the metrics of a plan; a move recomputes the two zones it touched, nothing else."""

from collections.abc import Callable, Iterable
from copy import copy
from functools import lru_cache

from geozones.domain import Plan, Settings, TravelTimes
from geozones.domain.cover import Cover
from geozones.metrics.record import AreaView, Values, ZoneView
from geozones.metrics.registry import REGISTRY

#: Gives what the posts of a zone of a plan stand; ``None`` where it has none.
type Covers = Callable[[Plan, str], Cover | None]
#: Distinct zones remembered: about 4 kB each, shared by every session.
_CACHE = 4096


class Evaluator:
    """Metrics of plans over one matrix and one set of thresholds.

    A zone's figures depend on its lycées and support centre alone, so they are remembered by them:
    after a move only two zones are new.
    """

    def __init__(self, times: TravelTimes, settings: Settings) -> None:
        self.times = times
        self.settings = settings
        self._zone = lru_cache(maxsize=_CACHE)(self._compute_zone)
        self._covers: Covers | None = None

    def with_covers(self, covers: Covers | None) -> "Evaluator":
        """Return the same metrics with those of teams (``None``: without); one memory for both."""
        other = copy(self)
        other._covers = covers  # noqa: SLF001 - its own
        return other

    def zone(self, plan: Plan, zone: str) -> Values:
        """Return the metrics of one zone, by metric key."""
        return self._entry(plan, zone)[1]

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
        entries = ((zone, *self._entry(plan, zone)) for zone in zones if plan.members(zone))
        view = AreaView(tuple(entries))
        return {record.key: record.of_area(view) for record in REGISTRY}

    def members(self, members: Iterable[str], support_centre: str | None = None) -> Values:
        """Return the metrics of a zone that would have these lycées (ids)."""
        return self._zone(tuple(sorted(members)), support_centre, None)[1]

    def _entry(self, plan: Plan, zone: str) -> tuple[ZoneView, Values]:
        centre = plan.sector(plan.zone(zone).sector).support_centre
        cover = None if self._covers is None else self._covers(plan, zone)
        return self._zone(plan.members(zone), centre, cover)

    def _compute_zone(
        self, members: tuple[str, ...], support_centre: str | None, cover: Cover | None
    ) -> tuple[ZoneView, Values]:
        view = ZoneView(members, self.times, self.settings, support_centre, cover)
        return view, {record.key: record.of_zone(view) for record in REGISTRY}
