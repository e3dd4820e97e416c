"""Result of choosing the support centres of a plan's sectors: the best centres and their gain."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geozones.domain import Plan
from geozones.domain.plan import plan_of

#: Tolerance, in hours, between a total and the bound that proves it.
_PROVEN = 1e-4


@dataclass(frozen=True, slots=True)
class BestCentre:
    """The best support centre of a sector.

    Parameters
    ----------
    sector
        Its id.
    now, best
        Ids of the lycées that are the present and the best centre; ``now`` is ``None`` if unknown.
    hours, km
        Yearly gain of the best centre over the present one, on the proposed zones; ``None`` without
        a present one.
    ranking
        The best lycées, each with its extra hours a year over the best one on those zones.
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

    ``hours`` are the yearly hours of the scope, ``bound`` the lower bound for any other centres and
    zones; both are equal if the result is proven.
    """

    plan: Plan
    hours: float
    bound: float
    sectors: tuple[BestCentre, ...]

    @property
    def proven(self) -> bool:
        """Whether it is proven that no other centres and zones have fewer hours."""
        return self.hours <= self.bound + _PROVEN


def side_by_side(before: Plan, by_sector: Mapping[str, Plan]) -> Plan:
    """Return a plan with the sectors (ids) of several plans; other sectors are as before."""
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
