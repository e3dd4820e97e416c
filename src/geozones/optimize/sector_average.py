r"""Average number of lycées per zone in a sector, as bounds on resources.

The lycées of a sector, n, do not leave it: an average of at most a requires at least L = ⌈n / a⌉
zones, an average of at least b at most U = ⌊n / b⌋. As totals never below 0, over the zones
S of the sector:

.. math:: \sum_S (|S| - 1) ≤ n - L, \quad \sum_S 1 ≤ U
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Plan
from geozones.domain.proposal_rules import AVERAGE, rule_label
from geozones.optimize.resources import Resource

#: Counted quantity: zones, or their lycées except one for each zone.
ZONES, BEYOND = "zones", "lycees"
_SAME = 1e-9


@dataclass(frozen=True)
class ZonesOfSector:
    """Count of zones of some lycées (ids); with ``beyond``, of their lycées except one per zone."""

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
    return ceil(lycees / max(high, mean) - _SAME), floor(lycees / min(low, mean) + _SAME)


def average_bounds(plan: Plan, sector: str, low: int, high: int) -> tuple[Resource, ...]:
    """Return the bounds that keep the average of a sector (id) within `zones_within`."""
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
