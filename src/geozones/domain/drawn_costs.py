"""What zones cost in draws of what is not sure, and their mean as what plans are the best for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

#: What plans may be the best for over draws: their mean, or the greatest regret; or neither.
MEAN, REGRET = "mean", "regret"
ROBUST = ("", MEAN, REGRET)
#: Zones times draws computed together: the arrays of so many stay in the cache of a processor.
CHUNK = 1 << 13


class DrawnZoneCosts(Protocol):
    """The costs of zones of numbered lycées in each draw."""

    def each(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones of one size in each draw, ``float[zone, draw]``.

        It is infinite in every draw or in none.

        Parameters
        ----------
        members
            ``uint16[zone, k]``: numbers of the lycées, ascending.
        """


class DrawnModel(Protocol):
    """What zones cost in each draw: a value that can be sent to another process."""

    @property
    def key(self) -> str:
        """What it is called on the command line, as a `CostModel`."""

    @property
    def draws(self) -> int:
        """How many draws there are."""

    def on(self, lycees: tuple[str, ...]) -> DrawnZoneCosts:
        """Return the costs of zones of some lycées (ids), numbered in their order."""

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the model with only what these lycées (ids) need."""

    def taken(self, draws: slice) -> Self:
        """Return the model with some of the draws only."""


@dataclass(frozen=True, eq=False)
class MeanModel:
    """The mean of the costs over the draws, as a `CostModel`.

    The mean of sums is the sum of means: the plan of least cost is the best in the mean of the
    draws.
    """

    drawn: DrawnModel

    @property
    def key(self) -> str:
        """What it is called on the command line."""
        return self.drawn.key

    def on(self, lycees: tuple[str, ...]) -> "MeanCosts":
        """Return the costs of zones of some lycées (ids), numbered in their order."""
        return MeanCosts(self.drawn.on(lycees), self.drawn.draws)

    def restricted(self, lycees: Sequence[str]) -> "MeanModel":
        """Return the model over some lycées (ids) only."""
        return MeanModel(self.drawn.restricted(lycees))


@dataclass(frozen=True, eq=False)
class MeanCosts:
    """The mean over the draws of the costs of zones of numbered lycées."""

    drawn: DrawnZoneCosts
    draws: int

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the mean cost of some zones (``uint16[zone, k]``), ``float[zone]``."""
        step, means = max(CHUNK // self.draws, 1), np.empty(len(members))
        for start in range(0, len(members), step):
            part = slice(start, start + step)
            means[part] = self.drawn.each(members[part]).mean(axis=1)
        return means
