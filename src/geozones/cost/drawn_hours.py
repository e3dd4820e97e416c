"""Yearly hours of zones in each draw of minutes and hypotheses, as models for searches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.cover_table import rated_table
from geozones.cost.hours_model import Drawn, HoursModel
from geozones.cost.items import Hypotheses, hypotheses_of
from geozones.domain import ObjectiveWeights
from geozones.domain.uncertainty import Floats
from geozones.domain.yearly_cost import zone_cost
from geozones.domain.zone_costs import ZoneCostDraws


@dataclass(frozen=True, eq=False)
class HypothesisDraws:
    """Random multipliers of hypotheses, in addition to the drawn minutes."""

    absence: Floats  # The absence rate and the visits a month, ``float[draw]``.
    visits: Floats
    needs: Mapping[str, Floats]  # The need of each lycée (id), ``float[draw]``.
    #: The drive from a support centre (a lycée id) to a lycée (id) and back, ``float[draw]``; a
    #: missing drive does not vary.
    centre: Mapping[tuple[str, str], Floats]

    def __len__(self) -> int:
        """Return the number of draws."""
        return len(self.absence)

    def restricted(self, lycees: Sequence[str]) -> "HypothesisDraws":
        """Return the multipliers of some lycées (ids) only."""
        known = set(lycees)
        return replace(
            self,
            needs={key: self.needs[key] for key in lycees},
            centre={way: drawn for way, drawn in self.centre.items() if way[1] in known},
        )

    def with_draws(self, draws: slice) -> "HypothesisDraws":
        """Return some of the draws only."""
        return HypothesisDraws(
            self.absence[draws],
            self.visits[draws],
            {key: drawn[draws] for key, drawn in self.needs.items()},
            {way: drawn[draws] for way, drawn in self.centre.items()},
        )


class DrawnZoneHours:
    """Hours of zones of numbered lycées in each draw."""

    def __init__(
        self, model: HoursModel, hypotheses: HypothesisDraws, lycees: tuple[str, ...]
    ) -> None:
        self._zones, self.draws = model.on(lycees), len(hypotheses)
        usual = hypotheses_of(model.settings)
        rates = np.clip(usual.absence_rate * hypotheses.absence, 0.0, 1.0)
        visits = usual.visits_per_month * hypotheses.visits
        self._hypotheses = replace(usual, absence_rate=rates, visits_per_month=visits)
        self._table = rated_table(model.settings.teams, rates)
        same = np.ones(self.draws)
        self._needs = np.stack([same, *(hypotheses.needs[key] for key in lycees)])[1:]
        self._centre = np.array(
            [
                [hypotheses.centre.get((centre, key), same) for key in lycees]
                for centre in (*self._zones.centres, "")
            ]
        )

    def hours_with_minutes(
        self, columns: NDArray[np.intp], minutes: Floats
    ) -> tuple[Floats, Floats]:
        """Return the yearly hours of zones in each draw: on the road, and beside it, weighted.

        Parameters
        ----------
        columns
            ``int[k, zone]``, numbers of their lycées.
        minutes
            ``float[pair, zone, draw]``, there and back; ``inf`` if unreachable.

        Returns
        -------
        ``float[zone, draw]`` twice.
        """
        size, zones = columns.shape
        each = np.tile(np.arange(self.draws), zones)
        start = self._zones.start(columns)
        drawn = Drawn(
            self._of_each(each),
            self._table.take(each),
            self._needs[columns].reshape(size, -1),
            self._centre[start, columns].reshape(size, -1),
        )
        parts = self._zones.hours_with_minutes(
            np.repeat(columns, self.draws, axis=1), minutes.reshape(len(minutes), len(each)), drawn
        )
        return parts.road.reshape(zones, -1), parts.beside.reshape(zones, -1)

    def _of_each(self, draws: NDArray[np.intp]) -> Hypotheses:
        """Return the hypotheses of some draws."""
        known = self._hypotheses
        return replace(
            known,
            absence_rate=np.asarray(known.absence_rate)[draws],
            visits_per_month=np.asarray(known.visits_per_month)[draws],
        )


@dataclass(frozen=True, eq=False)
class DrawnHours:
    """Yearly hours of any zone in each draw (see ``domain.zone_costs.DrawnCosts``)."""

    key: ClassVar[str] = "hours"

    model: HoursModel
    hypotheses: HypothesisDraws

    @cached_property
    def _number(self) -> dict[str, int]:
        return {lycee: number for number, lycee in enumerate(sorted(self.model.needs))}

    @cached_property
    def _zones(self) -> DrawnZoneHours:
        return DrawnZoneHours(self.model, self.hypotheses, tuple(self._number))

    def of(
        self, zones: Sequence[tuple[str, ...]], minutes: Sequence[Floats]
    ) -> list[ZoneCostDraws]:
        """Return the hours of each zone (see ``domain.zone_costs.DrawnCosts``)."""
        by_size: dict[int, list[int]] = {}
        for rank, zone in enumerate(zones):
            by_size.setdefault(len(zone), []).append(rank)
        drawn: dict[int, ZoneCostDraws] = {}
        for size, ranks in by_size.items():
            if not size:
                nothing = np.zeros(len(self.hypotheses))
                drawn |= dict.fromkeys(ranks, ZoneCostDraws(nothing, nothing))
                continue
            numbers = [[self._number[key] for key in zones[rank]] for rank in ranks]
            rounds = np.stack([2 * minutes[rank] for rank in ranks], axis=1)
            road, lost = self._zones.hours_with_minutes(np.array(numbers, np.intp).T, rounds)
            drawn |= {rank: ZoneCostDraws(road[at], lost[at]) for at, rank in enumerate(ranks)}
        return [drawn[rank] for rank in range(len(zones))]


@dataclass(frozen=True, eq=False)
class DrawnTable:
    """Minutes between lycées in each draw."""

    lycees: tuple[str, ...]  # Ids of the lycées.
    #: ``float32[pair, draw]``, mean of both directions, of the pairs in the order of
    #: ``combinations``; ``inf`` if unreachable.
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
    """Yearly hours in each draw (see ``domain.zone_costs.DrawnModel``)."""

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
    """Drives between colleagues in each draw (see ``domain.zone_costs.DrawnModel``)."""

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
