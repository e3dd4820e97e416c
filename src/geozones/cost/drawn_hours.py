"""Yearly hours of zones in each draw of minutes and hypotheses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.cover_table import rated_table
from geozones.cost.hours_model import Drawn, HoursModel
from geozones.cost.items import Hypotheses, hypotheses_of
from geozones.domain.times import Floats
from geozones.domain.yearly_cost import ZoneCostDraws


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
    """Yearly hours of any zone in each draw (see ``domain.yearly_cost.DrawnCosts``)."""

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
        """Return the hours of each zone (see ``domain.yearly_cost.DrawnCosts``)."""
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
