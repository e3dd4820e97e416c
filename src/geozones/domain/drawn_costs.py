"""Costs of zones over random draws of uncertain inputs, and their mean as a cost model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

#: Objectives of a search over draws: the mean cost, the greatest regret, or neither.
MEAN, REGRET = "mean", "regret"
ROBUST = ("", MEAN, REGRET)
#: Zones times draws computed together: arrays of this size fit in a processor's cache.
CHUNK = 1 << 13


class DrawnZoneCosts(Protocol):
    """Costs of zones of numbered lycées in each draw."""

    def each(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones of one size in each draw, ``float[zone, draw]``.

        It is infinite in every draw or in none.

        Parameters
        ----------
        members
            ``uint16[zone, k]``: numbers of the lycées, ascending.
        """


class DrawnModel(Protocol):
    """Model of the costs of zones in each draw; it can be sent to another process."""

    @property
    def key(self) -> str:
        """Name of the model on the command line, like a `CostModel`'s."""

    @property
    def draws(self) -> int:
        """Number of draws."""

    def on(self, lycees: tuple[str, ...]) -> DrawnZoneCosts:
        """Return the costs of zones of some lycées (ids), numbered in their order."""

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the model with only what these lycées (ids) need."""

    def with_draws(self, draws: slice) -> Self:
        """Return the model with only some of the draws."""


@dataclass(frozen=True, eq=False)
class MeanModel:
    """Mean of the costs over the draws, as a `CostModel`.

    The mean of sums is the sum of means: the plan of least cost has the least mean over the draws.
    """

    drawn: DrawnModel

    @property
    def key(self) -> str:
        """Name of the model on the command line."""
        return self.drawn.key

    def on(self, lycees: tuple[str, ...]) -> "MeanCosts":
        """Return the costs of zones of some lycées (ids), numbered in their order."""
        return MeanCosts(self.drawn.on(lycees), self.drawn.draws)

    def restricted(self, lycees: Sequence[str]) -> "MeanModel":
        """Return the model over some lycées (ids) only."""
        return MeanModel(self.drawn.restricted(lycees))


@dataclass(frozen=True, eq=False)
class MeanCosts:
    """Mean over the draws of the costs of zones of numbered lycées."""

    drawn: DrawnZoneCosts
    draws: int

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the mean cost of some zones (``uint16[zone, k]``), ``float[zone]``."""
        step, means = max(CHUNK // self.draws, 1), np.empty(len(members))
        for start in range(0, len(members), step):
            part = slice(start, start + step)
            means[part] = self.drawn.each(members[part]).mean(axis=1)
        return means
