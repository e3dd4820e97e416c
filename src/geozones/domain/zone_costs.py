"""Cost models of zones, used by searches and rankings, and their costs in random draws."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

#: Number of values of zones cached by name, about 500 bytes each.
_MEMORY = 100_000


class ZoneCosts(Protocol):
    """Costs of zones of numbered lycées."""

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones of one size, ``float[zone]``; lower is better.

        A cost depends on the lycées of the zone alone. It is never negative; it is ``inf`` if
        two of them cannot reach one another, or the zone is not allowed.

        Parameters
        ----------
        members
            ``uint16[zone, k]``: numbers of the lycées, ascending.
        """


@dataclass(frozen=True, eq=False)
class PairBound:
    """Lower bound on the costs of zones of one size.

    Every zone S costs at least ``constant`` + Σ ``single[i]``, i ∈ S, + Σ ``pairs[i, j]``,
    i < j ∈ S.
    """

    constant: float
    single: NDArray[np.float64]  # ``float[n]``.
    pairs: NDArray[np.float64]  # ``float[n, n]``, symmetric.


@runtime_checkable
class PairBoundedCosts(ZoneCosts, Protocol):
    """Costs with a lower bound by pairs, for searches over too many zones to be listed."""

    def pair_bound(self, size: int) -> PairBound:
        """Return the bound on the costs of the zones of ``size`` lycées."""


class CostModel(Protocol):
    """Model of the costs of zones; it can be sent to another process."""

    @property
    def key(self) -> str:
        """Name of the model on the command line: ``hours``, ``drives``."""

    def on(self, lycees: tuple[str, ...]) -> ZoneCosts:
        """Return the costs of zones of some lycées (ids), numbered in their order."""

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the model with only the data of these lycées (ids), so that little is sent."""


@dataclass(frozen=True, eq=False)
class ZoneCostDraws:
    """Cost of a zone in each draw of the minutes and of the hypotheses."""

    drives: NDArray[np.float64]  # Cost of its drives, ``float[draw]``.
    #: Cost beside the drives (ruptures, needs without a post), ``float[draw]``; 0 if not counted.
    lost: NDArray[np.float64] | float = 0.0

    @property
    def total(self) -> NDArray[np.float64]:
        """Sum of both costs, ``float[draw]``."""
        return self.drives + self.lost


class DrawnCosts(Protocol):
    """Costs of zones in each draw of the minutes and of the hypotheses."""

    @property
    def key(self) -> str:
        """Key of the costs, as for a `CostModel`."""

    def of(
        self, zones: Sequence[tuple[str, ...]], minutes: Sequence[NDArray[np.float64]]
    ) -> list[ZoneCostDraws]:
        """Return the cost of each zone.

        Parameters
        ----------
        zones
            Lycées (ids) of each zone, ascending.
        minutes
            For each zone, the minutes of its pairs in the order of ``combinations``, mean of both
            directions: ``float[pair, draw]``; ``inf`` if unreachable.
        """


@dataclass(frozen=True, eq=False)
class CostsByName:
    """Costs of zones given by the ids of their lycées, cached."""

    model: CostModel
    lycees: tuple[str, ...]  # Ids of the lycées that zones may have, ascending.

    @cached_property
    def _cache(self) -> "CacheByName[float]":
        return CacheByName(self.lycees, self._compute, 0.0)

    @cached_property
    def _costs(self) -> ZoneCosts:
        return self.model.on(self.lycees)

    def _compute(self, members: NDArray[np.uint16]) -> list[float]:
        costs: list[float] = self._costs.of(members).tolist()
        return costs

    def of(self, members: Collection[str]) -> float:
        """Return the cost of one zone; a zone without lycées costs nothing."""
        (cost,) = self.of_all([members])
        return cost

    def of_all(self, zones: Sequence[Collection[str]]) -> list[float]:
        """Return the costs of several zones, in order; zones of one size are computed together."""
        return self._cache.of_all(zones)


class CacheByName[Value]:
    """Values of zones given by the ids of their lycées, cached.

    Parameters
    ----------
    lycees
        Ids of the lycées that zones may have, ascending.
    compute
        Function that returns the values of some zones of one size, in order, from the numbers of
        their lycées: ``uint16[zone, k]``, ascending.
    empty
        Value of a zone without lycées.
    """

    def __init__(
        self,
        lycees: Sequence[str],
        compute: Callable[[NDArray[np.uint16]], Iterable[Value]],
        empty: Value,
    ) -> None:
        self._number = {lycee: number for number, lycee in enumerate(lycees)}
        self._compute, self._empty = compute, empty
        self._known: dict[frozenset[str], Value] = {}

    def of_all(self, zones: Sequence[Collection[str]]) -> list[Value]:
        """Return the values of several zones, in order; zones of one size are computed together."""
        keys = [frozenset(members) for members in zones]
        if len(self._known) > _MEMORY:
            self._known = {}  # other threads may be reading the old ones
        known = self._known
        known[frozenset()] = self._empty
        by_size: dict[int, list[frozenset[str]]] = {}
        for key in dict.fromkeys(keys):
            if key not in known:
                by_size.setdefault(len(key), []).append(key)
        for new in by_size.values():
            numbers = [sorted(self._number[lycee] for lycee in key) for key in new]
            known.update(zip(new, self._compute(np.array(numbers, np.uint16)), strict=True))
        return [known[key] for key in keys]
