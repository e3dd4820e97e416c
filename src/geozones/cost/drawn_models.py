"""Cost models of zones in each draw, for searches: hours a year, and drives between colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.drawn_hours import DrawnZoneHours, HypothesisDraws
from geozones.cost.hours_model import HoursModel
from geozones.domain import ObjectiveWeights
from geozones.domain.objective import zone_cost

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class DrawnTable:
    """Minutes between lycées in each draw.

    Parameters
    ----------
    lycees
        Ids of the lycées.
    minutes
        ``float32[pair, draw]``, mean of both directions, of the pairs in the order of
        ``combinations``; ``inf`` if unreachable.
    """

    lycees: tuple[str, ...]
    minutes: NDArray[np.float32]

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.minutes.shape[1])

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {lycee: rank for rank, lycee in enumerate(self.lycees)}

    @cached_property
    def _row(self) -> NDArray[np.intp]:
        """The row of each pair, ``int[lycée, lycée]``."""
        size = len(self.lycees)
        rows = np.zeros((size, size), np.intp)
        first, second = np.triu_indices(size, 1)
        rows[first, second] = rows[second, first] = np.arange(len(first))
        return rows

    def rows(self, lycees: Sequence[str]) -> NDArray[np.intp]:
        """Return the rows of the pairs of some lycées (ids), ``int[n, n]``; 0 on the diagonal."""
        at = [self._rank[lycee] for lycee in lycees]
        return self._row[np.ix_(at, at)]

    def restricted(self, lycees: Sequence[str]) -> "DrawnTable":
        """Return the table of some lycées (ids) only."""
        pairs = np.triu_indices(len(lycees), 1)
        return DrawnTable(tuple(lycees), self.minutes[self.rows(lycees)[pairs]])

    def with_draws(self, draws: slice) -> "DrawnTable":
        """Return the table of some of the draws only."""
        return replace(self, minutes=np.ascontiguousarray(self.minutes[:, draws]))


class _Pairs:
    """Minutes of the pairs of zones of numbered lycées."""

    def __init__(self, table: DrawnTable, lycees: tuple[str, ...]) -> None:
        self._minutes, self._rows = table.minutes, table.rows(lycees)

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the minutes in each draw, ``float[pair, zone, draw]``."""
        zones, size = members.shape
        pairs = list(combinations(range(size), 2))
        minutes = np.empty((len(pairs), zones, self._minutes.shape[1]))
        for row, (i, j) in enumerate(pairs):
            minutes[row] = self._minutes[self._rows[members[:, i], members[:, j]]]
        return minutes


@dataclass(frozen=True, eq=False)
class DrawnHoursModel:
    """Yearly hours in each draw (see ``domain.drawn_costs.DrawnModel``)."""

    key: ClassVar[str] = "hours"

    model: HoursModel
    hypotheses: HypothesisDraws
    table: DrawnTable

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.table.draws

    def on(self, lycees: tuple[str, ...]) -> "_EachHours":
        """Return the costs of zones of some lycées (ids), numbered in their order."""
        return _EachHours(
            DrawnZoneHours(self.model, self.hypotheses, lycees), _Pairs(self.table, lycees)
        )

    def restricted(self, lycees: Sequence[str]) -> "DrawnHoursModel":
        """Return the model over some lycées (ids) only."""
        return DrawnHoursModel(
            self.model.restricted(lycees),
            self.hypotheses.restricted(lycees),
            self.table.restricted(lycees),
        )

    def with_draws(self, draws: slice) -> "DrawnHoursModel":
        """Return the model with some of the draws only."""
        return replace(
            self, hypotheses=self.hypotheses.with_draws(draws), table=self.table.with_draws(draws)
        )


@dataclass(frozen=True, eq=False)
class _EachHours:
    zones: DrawnZoneHours
    pairs: _Pairs

    def each(self, members: NDArray[np.uint16]) -> Floats:
        """Return the hours of some zones in each draw, ``float[zone, draw]``."""
        columns = members.T.astype(np.intp)
        road, lost = self.zones.hours_with_minutes(columns, 2 * self.pairs.of(members))
        return road + lost


@dataclass(frozen=True, eq=False)
class DrawnDrivesModel:
    """Drives between colleagues in each draw (see ``domain.drawn_costs.DrawnModel``)."""

    key: ClassVar[str] = "drives"

    weights: ObjectiveWeights
    table: DrawnTable

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.table.draws

    def on(self, lycees: tuple[str, ...]) -> "_EachDrives":
        """Return the costs of zones of some lycées (ids), numbered in their order."""
        return _EachDrives(self.weights, _Pairs(self.table, lycees))

    def restricted(self, lycees: Sequence[str]) -> "DrawnDrivesModel":
        """Return the model over some lycées (ids) only."""
        return replace(self, table=self.table.restricted(lycees))

    def with_draws(self, draws: slice) -> "DrawnDrivesModel":
        """Return the model with some of the draws only."""
        return replace(self, table=self.table.with_draws(draws))


@dataclass(frozen=True, eq=False)
class _EachDrives:
    weights: ObjectiveWeights
    pairs: _Pairs

    def each(self, members: NDArray[np.uint16]) -> Floats:
        """Return the drives of some zones in each draw, ``float[zone, draw]``."""
        return zone_cost(self.pairs.of(members).sum(axis=0), members.shape[1], self.weights)
