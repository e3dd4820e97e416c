"""Cost model of zones by the drives between colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import ObjectiveWeights, TravelTimes
from geozones.domain.objective import zone_cost
from geozones.domain.zone_costs import PairBound

#: Figures gathered at once, about 8 bytes each.
_CHUNK = 1 << 20


@dataclass(frozen=True, eq=False)
class DrivesModel:
    """The cost of drives between colleagues, in minutes: ``domain.objective``."""

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
    """Costs of drives over numbered lycées.

    Parameters
    ----------
    minutes
        ``float[n, n]``: mean of the two directions; ``inf`` if unreachable.
    """

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

    def pair_bound(self, size: int) -> PairBound:
        """Return the bound on the costs of the zones of ``size`` lycées, equal to the costs."""
        constant = zone_cost(0.0, size, self.weights)
        slope = zone_cost(1.0, size, self.weights) - constant
        pairs = slope * self.minutes if size > 1 else np.zeros_like(self.minutes)
        return PairBound(constant, np.zeros(len(pairs)), pairs)


def mean_minutes(times: TravelTimes, lycees: Sequence[str]) -> NDArray[np.float64]:
    """Return minutes between lycées, mean of both ways, ``float[n, n]``; ``inf``: unreachable."""
    there = one_way_minutes(times, lycees)
    return np.asarray((there + there.T) / 2, np.float64)


def one_way_minutes(times: TravelTimes, lycees: Sequence[str]) -> NDArray[np.float64]:
    """Return the minutes from each lycée to each, ``float[n, n]``; ``inf`` if unreachable.

    A pair known in one direction only counts as unreachable.
    """
    rows = [times.origin_index[lycee] for lycee in lycees]
    columns = [times.destination_index[lycee] for lycee in lycees]
    there = times.minutes[np.ix_(rows, columns)]
    return np.where(np.isnan(there + there.T), np.inf, there)
