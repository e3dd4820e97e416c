"""Comparable yearly hours of two plans: without T.I.S. visits where only one plan knows them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from geozones.domain import Plan
from geozones.domain.yearly_cost import sum_costs
from geozones.metrics import Metric, Values
from geozones.workspace.study import Study

#: Zones (ids) of each of two plans.
type Zones = tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class AlikeHours:
    """Yearly hours of two plans to compare, by metric key; empty where no correction is needed."""

    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    def named(self, record: Metric) -> Metric:
        """Return a metric with the label of the hours that are compared."""
        if record.key not in self.before:
            return record
        suffix = ", hors T.I.S."
        return replace(record, label=f"{record.label}{suffix}", short=f"{record.short}{suffix}")


def alike_hours(before: Study, after: Study, zones: Zones | None = None) -> AlikeHours:
    """Return hours without T.I.S. visits if one plan knows more visits than the other.

    T.I.S. visits are unknown in a sector without a support centre: a lycée that moves to such a
    sector would seem to cost less. Hours are for the region, or for some zones (ids) of each plan.
    """
    sides = zones or all_zones(before.plan, after.plan)
    first, then = zip((before, after), sides, strict=True)
    if _unvisited(*first) == _unvisited(*then):
        return AlikeHours()
    return AlikeHours(_hours_without_tis(*first), _hours_without_tis(*then))


def _unvisited(study: Study, zones: Iterable[str]) -> frozenset[str]:
    """Return the lycées of some zones whose T.I.S. visits are unknown."""
    return frozenset(
        lycee
        for zone in zones
        if "tis" in study.cost(zone=zone).unknown
        for lycee in study.plan.members(zone)
    )


def _hours_without_tis(study: Study, zones: Iterable[str]) -> Values:
    whole = sum_costs((study.cost(zone=zone) for zone in zones), study.settings).without("tis")
    return {"road_hours": whole.road_hours, "total_hours": whole.total_hours}


def all_zones(before: Plan, after: Plan) -> Zones:
    """Return the zones (ids) of both plans."""
    return tuple(zone.id for zone in before.zones), tuple(zone.id for zone in after.zones)
