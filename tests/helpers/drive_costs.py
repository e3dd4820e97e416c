"""Drives between colleagues as the cost of zones, in draws of their minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import ObjectiveWeights
from geozones.domain.yearly_cost import ZoneCostDraws, zone_cost


@dataclass(frozen=True, slots=True)
class DriveDraws:
    """Drives between colleagues as the cost of zones: ``domain.yearly_cost``."""

    weights: ObjectiveWeights

    @property
    def key(self) -> str:
        """Key of the costs."""
        return "drives"

    def of(
        self, zones: Sequence[tuple[str, ...]], minutes: Sequence[NDArray[np.float64]]
    ) -> list[ZoneCostDraws]:
        """Return the cost of each zone (see `DrawnCosts`)."""
        return [
            ZoneCostDraws(zone_cost(drives.sum(axis=0), len(zone), self.weights))
            for zone, drives in zip(zones, minutes, strict=True)
        ]
