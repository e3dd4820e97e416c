"""Resource model of the slowest relève of a zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.domain import TravelTimes
from geozones.optimize.drives_model import one_way_minutes
from geozones.optimize.zone_rules import slowest_releve


@dataclass(frozen=True, eq=False)
class ReleveModel:
    """Minutes of the slowest relève; ``inf`` for a zone of one lycée, to which nobody comes."""

    key: ClassVar[str] = "releve"

    times: TravelTimes

    def on(self, lycees: tuple[str, ...]) -> "_Releves":
        """Return the minutes of zones of these lycées (ids), numbered in their order."""
        return _Releves(one_way_minutes(self.times, lycees))

    def restricted(self, lycees: Sequence[str]) -> "ReleveModel":
        """Return the model over some lycées (ids) only."""
        return ReleveModel(self.times.restricted(lycees, lycees))


@dataclass(frozen=True, eq=False)
class _Releves:
    one_way: NDArray[np.float64]

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the minutes of zones (``uint16[zone, k]``), ``float[zone]``."""
        return slowest_releve(self.one_way, members)
