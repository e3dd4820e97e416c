"""Yearly hours of two plans as they can be compared."""

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
    """Yearly hours of two plans to compare, by metric key; nothing where they are as they are."""

    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)

    def named(self, record: Metric) -> Metric:
        """Return a metric under the name of what is compared."""
        if record.key not in self.before:
            return record
        said = ", hors T.I.S."
        return replace(record, label=f"{record.label}{said}", short=f"{record.short}{said}")


def alike_hours(before: Study, after: Study, zones: Zones | None = None) -> AlikeHours:
    """Return hours without visits of T.I.S. where one plan knows more of them than the other.

    They are not known in a sector without a support centre: a lycée that goes there would seem to
    cost less. Of the region, or of some zones (ids) of each plan.
    """
    sides = zones or all_zones(before.plan, after.plan)
    first, then = zip((before, after), sides, strict=True)
    if _unvisited(*first) == _unvisited(*then):
        return AlikeHours()
    return AlikeHours(_hours_without_tis(*first), _hours_without_tis(*then))


def _unvisited(study: Study, zones: Iterable[str]) -> frozenset[str]:
    """Return the lycées of some zones whose visits of T.I.S. are not known."""
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
    """Return the zones (ids) of each of two plans."""
    return tuple(zone.id for zone in before.zones), tuple(zone.id for zone in after.zones)
