"""What a zone costs, for a search: any function of the zone alone.

Set partitioning, pricing and proofs hold for every such cost. A model may also bound its costs from
below by sums over pairs: zones too many to be listed are then searched by that bound.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from geozones.domain import ObjectiveWeights, TravelTimes
from geozones.domain.objective import zone_cost

#: Figures gathered at once, about 8 bytes each.
_CHUNK = 1 << 20


class ZoneCosts(Protocol):
    """The costs of zones of numbered lycées."""

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones of one size, ``float[zone]``; lower is better.

        A cost depends on the lycées of the zone alone. It is never negative; it is ``inf`` where
        two of them have no way to one another, or the zone cannot be made.

        Parameters
        ----------
        members
            ``uint16[zone, k]``: numbers of the lycées, ascending.
        """


@dataclass(frozen=True, eq=False)
class PairBound:
    """A lower bound on the costs of zones of one size.

    Every zone S costs at least ``constant`` + Σ ``single[i]``, i ∈ S, + Σ ``pairs[i, j]``,
    i < j ∈ S.

    Parameters
    ----------
    single
        ``float[n]``.
    pairs
        ``float[n, n]``, symmetric.
    """

    constant: float
    single: NDArray[np.float64]
    pairs: NDArray[np.float64]


@runtime_checkable
class PairBoundedCosts(ZoneCosts, Protocol):
    """Costs that have a lower bound by pairs."""

    def pair_bound(self, size: int) -> PairBound:
        """Return the bound on the costs of the zones of ``size`` lycées."""


class CostModel(Protocol):
    """What zones cost: a value that can be sent to another process."""

    @property
    def key(self) -> str:
        """What it is called on the command line: ``hours``, ``drives``."""

    def on(self, lycees: tuple[str, ...]) -> ZoneCosts:
        """Return the costs of zones of some lycées (ids), numbered in their order."""

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the model with only what these lycées (ids) need, so that little is sent."""


@dataclass(frozen=True, eq=False)
class DrivesModel:
    """The cost of drives between colleagues, in minutes: ``domain.objective``."""

    times: TravelTimes
    weights: ObjectiveWeights

    @property
    def key(self) -> str:
        """What it is called on the command line."""
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
        ``float[n, n]``: mean of the two directions; ``inf`` where there is no way.
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
        """Return the bound on the costs of the zones of ``size`` lycées: it is their cost."""
        constant = zone_cost(0.0, size, self.weights)
        slope = zone_cost(1.0, size, self.weights) - constant
        pairs = slope * self.minutes if size > 1 else np.zeros_like(self.minutes)
        return PairBound(constant, np.zeros(len(pairs)), pairs)


def mean_minutes(times: TravelTimes, lycees: Sequence[str]) -> NDArray[np.float64]:
    """Return the minutes between lycées, mean of both ways, ``float[n, n]``; ``inf``: no way."""
    rows = [times.origin_index[lycee] for lycee in lycees]
    columns = [times.destination_index[lycee] for lycee in lycees]
    there = times.minutes[np.ix_(rows, columns)]
    minutes = (there + there.T) / 2
    minutes[np.isnan(minutes)] = np.inf
    return np.asarray(minutes, np.float64)


@dataclass(frozen=True, eq=False)
class CostsByName:
    """The costs of zones given by the ids of their lycées; each is worked out once.

    Parameters
    ----------
    lycees
        Ids of the lycées that zones may have, ascending.
    """

    model: CostModel
    lycees: tuple[str, ...]

    @cached_property
    def _costs(self) -> ZoneCosts:
        return self.model.on(self.lycees)

    @cached_property
    def _number(self) -> dict[str, int]:
        return {lycee: number for number, lycee in enumerate(self.lycees)}

    @cached_property
    def _known(self) -> dict[frozenset[str], float]:
        return {frozenset(): 0.0}

    def of(self, members: Collection[str]) -> float:
        """Return the cost of one zone; a zone without lycées costs nothing."""
        (cost,) = self.of_all([members])
        return cost

    def of_all(self, zones: Sequence[Collection[str]]) -> list[float]:
        """Return the costs of several zones, in their order."""
        keys = [frozenset(members) for members in zones]
        by_size: dict[int, list[frozenset[str]]] = {}
        for key in dict.fromkeys(keys):
            if key not in self._known:
                by_size.setdefault(len(key), []).append(key)
        for new in by_size.values():
            numbers = [sorted(self._number[lycee] for lycee in key) for key in new]
            costs = self._costs.of(np.array(numbers, np.uint16))
            self._known.update(zip(new, costs.tolist(), strict=True))
        return [self._known[key] for key in keys]
