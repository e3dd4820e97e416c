"""Support centres chosen for the sectors of a plan, and what they gain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geozones.domain import Plan
from geozones.domain.plan import plan_of

#: Hours by which a bound may miss a total that it proves.
_PROVEN = 1e-4


@dataclass(frozen=True, slots=True)
class BestCentre:
    """The best support centre of a sector.

    Parameters
    ----------
    sector
        Its id.
    now, best
        Ids of the lycées that are its centre and that would best be; ``None`` where none is known.
    hours, km
        What the best gains in a year against the one of now, on the zones proposed; ``None``
        without one.
    ranking
        The best lycées with how many hours a year more than the best each costs on those zones.
    """

    sector: str
    now: str | None
    best: str
    hours: float | None
    km: float | None
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class BestCentres:
    """The best centres of the scope, and the zones proposed with them.

    ``hours`` are those of the scope in a year, ``bound`` what no other centres and zones go below:
    the same where it is proven.
    """

    plan: Plan
    hours: float
    bound: float
    sectors: tuple[BestCentre, ...]

    @property
    def proven(self) -> bool:
        """Whether no other centres and zones have fewer hours."""
        return self.hours <= self.bound + _PROVEN


def side_by_side(before: Plan, by_sector: Mapping[str, Plan]) -> Plan:
    """Return the plan that has each sector (id) as one plan has it, and others as before."""
    plans = {sector.id: by_sector.get(sector.id, before) for sector in before.sectors}
    zones = [zone for sector, plan in plans.items() for zone in plan.zones_of(sector)]
    where = {
        lycee: plan.zone_by_lycee[lycee]
        for sector, plan in plans.items()
        for lycee in plan.lycees_of(sector)
    }
    return plan_of([plan.sector(sector) for sector, plan in plans.items()], zones, where)


def with_centre(plan: Plan, sector: str, lycee: str | None) -> Plan:
    """Return a plan where a sector (id) has a support centre (a lycée id)."""
    sectors = [
        replace(entry, support_centre=lycee) if entry.id == sector else entry
        for entry in plan.sectors
    ]
    return plan_of(sectors, plan.zones, plan.zone_by_lycee)
