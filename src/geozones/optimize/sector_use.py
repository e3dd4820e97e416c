"""Resource model of the zones of one sector."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geozones.domain.zone_costs import CostModel, ZoneCosts


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
