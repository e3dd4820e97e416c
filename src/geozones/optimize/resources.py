r"""Resources of zones: models of their use, and bounds on totals over the plan and its sectors.

A resource is any quantity of zones: hours not served, pupils, the cost in one draw. A bound on the
total is a row (3) of ``model``, whose dual, never positive, raises the reduced cost of a column as
it uses more. A bound on each zone only leaves candidates out.

Average size of the zones of a sector. The lycées of a sector, n, do not leave it: an average of at
most a requires at least L = ⌈n / a⌉ zones, an average of at least b at most U = ⌊n / b⌋. Written as
totals of quantities never below 0, over the zones S of the sector:

.. math:: \sum_S (|S| - 1) ≤ n - L, \quad \sum_S 1 ≤ U
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, inf
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geozones.domain import ObjectiveWeights, Plan, TravelTimes
from geozones.domain.proposal_conditions import AVERAGE, rule_label
from geozones.domain.yearly_cost import CostModel, ZoneCosts, zone_cost

#: A total exceeds a bound only by more than this share of the bound (or this number, below 1).
_SAME = 1e-6


@dataclass(frozen=True)
class Resource:
    """Resource of zones, and its bounds."""

    label: str  # Name of the resource, in French, for sentences: « heures perdues ».
    #: Use of a zone, by its lycées alone; never negative. A zone of infinite use is not allowed.
    use: CostModel
    #: Most that the zones of the scope use in all, locked ones included; ``inf`` for any.
    most: float = inf
    #: Least that each zone of the scope uses, locked ones included.
    least_by_zone: float = 0.0
    #: Key of the rule behind the bound (`domain.proposal_conditions`), whose name is the label;
    #: empty for another bound.
    rule: str = ""
    #: The sector (id) whose zones alone use it; ``None`` if zones of any sector may.
    sector: str | None = None

    def fits(self, use: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which zones use at least what each must, from their use (``float[zone]``)."""
        low = self.least_by_zone - tolerance(self.least_by_zone)
        return (low <= use) & (use < inf)

    def allows(self, total: float) -> bool:
        """Return whether the zones of a scope may have this total use."""
        return total <= self.most + tolerance(self.most)


def tolerance(bound: float) -> float:
    """Return how far above a bound a total still respects it."""
    return _SAME * max(1.0, abs(bound)) if abs(bound) < inf else 0.0


#: Counted quantity: zones, or their lycées except one for each zone.
ZONES, BEYOND = "zones", "lycees"
_SAME_AVERAGE = 1e-9


@dataclass(frozen=True)
class ZonesOfSector:
    """Number of zones of some lycées (ids); with ``beyond``, of their lycées minus one per zone."""

    lycees: frozenset[str]
    beyond: bool

    @property
    def key(self) -> str:
        """Name of the counted quantity."""
        return BEYOND if self.beyond else ZONES

    def on(self, lycees: tuple[str, ...]) -> "_Counted":
        """Return the counts of zones of some lycées (ids), numbered in their order."""
        return _Counted(np.array([key in self.lycees for key in lycees], bool), self.beyond)

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the same for some lycées (ids) only."""
        return replace(self, lycees=self.lycees.intersection(lycees))


@dataclass(frozen=True, eq=False)
class _Counted:
    """Counts by zone; ``inside`` is ``bool[n]``."""

    inside: NDArray[np.bool_]
    beyond: bool

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the count of some zones (``uint16[zone, k]``), ``float[zone]``."""
        each = members.shape[1] - 1 if self.beyond else 1
        return np.where(self.inside[members[:, 0]], float(each), 0.0)


def zones_held(plan: Plan, sector: str) -> int:
    """Return how many zones of a sector (id) have lycées."""
    return sum(bool(plan.members(zone.id)) for zone in plan.zones_of(sector))


def zones_within(plan: Plan, sector: str, low: int, high: int) -> tuple[int, int]:
    """Return the fewest and most zones of a sector (id) with an average between two numbers.

    An average outside of them in the plan may stay unchanged, but not get worse.
    """
    lycees, zones = len(plan.lycees_of(sector)), zones_held(plan, sector)
    mean = lycees / zones if zones else low
    return ceil(lycees / max(high, mean) - _SAME_AVERAGE), floor(
        lycees / min(low, mean) + _SAME_AVERAGE
    )


def average_bounds(plan: Plan, sector: str, low: int, high: int) -> tuple[Resource, ...]:
    """Return the bounds on the number of zones of a sector (id) given by `zones_within`."""
    lycees = plan.lycees_of(sector)
    if not lycees:
        return ()
    fewest, most = zones_within(plan, sector, low, high)
    label = rule_label(AVERAGE, (low, high))
    return tuple(
        Resource(
            label,
            ZonesOfSector(frozenset(lycees), beyond),
            float(bound),
            rule=AVERAGE,
            sector=sector,
        )
        for beyond, bound in ((True, len(lycees) - fewest), (False, most))
    )


@dataclass(frozen=True, eq=False)
class SectorUse:
    """Use of zones by some lycées (ids), those of a sector; 0 for other zones.

    Zones have lycées of one sector: the first one says which.
    """

    model: CostModel
    lycees: frozenset[str]

    @property
    def key(self) -> str:
        """Name of the model."""
        return self.model.key

    def on(self, lycees: tuple[str, ...]) -> "_SectorZones":
        """Return the use of zones of these lycées (ids), numbered in their order."""
        inside = np.array([key in self.lycees for key in lycees], bool)
        return _SectorZones(self.model.on(lycees), inside)

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the model over some lycées (ids) only."""
        return type(self)(self.model.restricted(lycees), self.lycees.intersection(lycees))


@dataclass(frozen=True, eq=False)
class _SectorZones:
    """Use by zone; ``inside`` is ``bool[n]``."""

    zones: ZoneCosts
    inside: NDArray[np.bool_]

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the use of some zones (``uint16[zone, k]``), ``float[zone]``."""
        return np.where(self.inside[members[:, 0]], self.zones.of(members), 0.0)


#: Figures gathered at once, about 8 bytes each.
_CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class DrivesModel:
    """The cost of drives between colleagues, in minutes: ``domain.yearly_cost``."""

    times: TravelTimes
    weights: ObjectiveWeights

    @property
    def key(self) -> str:
        """Name of the model on the command line."""
        return "drives"

    def on(self, lycees: tuple[str, ...]) -> "DriveCosts":
        """Return the costs of zones of some lycées (ids), numbered in their order."""
        return DriveCosts(mean_minutes(self.times, lycees), self.weights)

    def restricted(self, lycees: Sequence[str]) -> "DrivesModel":
        """Return the model over some lycées (ids) only."""
        return DrivesModel(self.times.restricted(lycees, lycees), self.weights)


@dataclass(frozen=True, eq=False)
class DriveCosts:
    """Costs of drives over numbered lycées."""

    #: ``float[n, n]``: mean of the two directions; ``inf`` if unreachable.
    minutes: NDArray[np.float64]
    weights: ObjectiveWeights

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones (``uint16[zone, k]``), ``float[zone]``."""
        count, size = members.shape
        first, second = np.triu_indices(size, 1)
        flat, width = self.minutes.ravel(), len(self.minutes)
        pairs = np.zeros(count)
        step = max(_CHUNK // max(len(first), 1), 1)
        for start in range(0, count if size > 1 else 0, step):
            rows = members[start : start + step].astype(np.int32)
            pairs[start : start + step] = flat[rows[:, first] * width + rows[:, second]].sum(axis=1)
        return zone_cost(pairs, size, self.weights)


def mean_minutes(times: TravelTimes, lycees: Sequence[str]) -> NDArray[np.float64]:
    """Return minutes between lycées, mean of both ways, ``float[n, n]``; ``inf``: unreachable."""
    there = one_way_minutes(times, lycees)
    return np.asarray((there + there.T) / 2, np.float64)


def one_way_minutes(times: TravelTimes, lycees: Sequence[str]) -> NDArray[np.float64]:
    """Return the minutes from each lycée to each, ``float[n, n]``; ``inf`` if unreachable.

    A pair with minutes in one direction only is unreachable.
    """
    rows = [times.origin_index[lycee] for lycee in lycees]
    columns = [times.destination_index[lycee] for lycee in lycees]
    there = times.minutes[np.ix_(rows, columns)]
    return np.where(np.isnan(there + there.T), np.inf, there)
