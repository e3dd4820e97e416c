"""Yearly cost of zones, and of one zone, in draws of both minutes and hypotheses.

Posts are a decision: they do not vary between draws, nor does the unmet need counted in the cost.
The need that each draw would leave unmet is a separate figure: it depends on how full the posts are
(needs are rounded up to tens of half-days), hardly on the zones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.closed_form import Zones, activity_of, unmet_needs
from geozones.cost.cover_table import rated_table
from geozones.cost.hours_model import Drawn, HoursModel
from geozones.cost.items import ITEMS, Figure, Hypotheses, Part, hypotheses_of
from geozones.cost.zone_cost import UNREACHABLE_MIN, Roads, ZoneCase
from geozones.domain import Settings
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

        Both are ``float[zone, draw]``. ``columns`` are the numbers of the lycées of each zone,
        ``int[k, zone]``; ``minutes`` are there and back between the lycées of each pair,
        ``float[pair, zone, draw]``, ``inf`` if unreachable.
        """
        size, zones = columns.shape
        each = np.tile(np.arange(self.draws), zones)
        start = self._zones.start(columns)
        known = self._hypotheses
        drawn = Drawn(
            replace(
                known,
                absence_rate=np.asarray(known.absence_rate)[each],
                visits_per_month=np.asarray(known.visits_per_month)[each],
            ),
            self._table.take(each),
            self._needs[columns].reshape(size, -1),
            self._centre[start, columns].reshape(size, -1),
        )
        parts = self._zones.hours_with_minutes(
            np.repeat(columns, self.draws, axis=1), minutes.reshape(len(minutes), len(each)), drawn
        )
        return parts.road.reshape(zones, -1), parts.beside.reshape(zones, -1)


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


#: Standard deviations of the logarithm of hypotheses: eight cases in ten are within a third less
#: and a half more for the absence rate and visits. They are hypotheses of this tool.
ABSENCE_SPREAD, VISITS_SPREAD = 0.3, 0.3


@dataclass(frozen=True, eq=False)
class Shocks:
    """Random multipliers for one zone's cost items."""

    between: Floats  # Minutes of each pair of lycées, ``float[pair, draw]``.
    #: The absence rate and the visits a month, ``float[draw]``: the same for every zone.
    absence: Floats
    visits: Floats
    needs: Floats  # Needs of each lycée, ``float[k, draw]``.


@dataclass(frozen=True, eq=False)
class CostDraws:
    """Cost of some zones in each draw, ``float[draw]``, without the drives of T.I.S."""

    road_hours: Floats  # Driven.
    km: Floats
    half_days: Floats  # Half-days that count beside the road, weighted.
    unattended: Floats  # Half-days without technician, unweighted.
    #: Half-days of need without a post, if needs are those of the draw; not in the cost.
    unstaffed: Floats

    def __add__(self, other: "CostDraws") -> "CostDraws":
        return CostDraws(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def no_cost(draws: int) -> CostDraws:
    """Return the cost of no zone."""
    return CostDraws(*np.zeros((len(fields(CostDraws)), draws)))


@dataclass(frozen=True, eq=False)
class DrawnZone:
    """Zone that has lycées, its drives, and its random multipliers."""

    case: ZoneCase
    minutes: Roads
    km: Roads
    shocks: Shocks
    settings: Settings

    def cost(self) -> CostDraws:
        """Return the cost in each draw; posts stay as they are, needs vary."""
        rates = np.clip(self.settings.teams.absence_rate * self.shocks.absence, 0.0, 1.0)
        teams = self.settings.teams
        needs = self._needs * self.shocks.needs
        rounds = self._drawn_minutes
        centred = np.full(needs.shape, self.case.centre is not None)
        zones = Zones(
            needs,
            np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
            np.full(needs.shape[1], float(self.case.full_posts)),
            centred,
            np.full(needs.shape[1], float(self.case.technicians)),
            teams,
        )
        table = rated_table(teams, rates)
        activity = activity_of(zones, self._hypotheses(rates), table)
        drawn = activity if self.case.centre is not None else replace(activity, tis=None)
        hypotheses, posts = self._hypotheses(rates), np.array([float(self.case.full_posts)])
        activity = replace(drawn, unmet=unmet_needs(self._needs, posts))
        draws = len(self.shocks.visits)
        road, km, half_days = np.zeros((3, draws))
        for item in ITEMS.values():
            part = item.part(activity, hypotheses)
            if part is not None and not item.apart:
                road += self._driven(part, self._drawn_minutes) / 60
                km += self._driven(part, self.km.rounds[:, None])
                half_days += part.half_days * item.weight(self.settings.cost)
        unattended = np.broadcast_to(np.asarray(activity.service["unattended"]), (draws,))
        unstaffed = np.broadcast_to(drawn.unmet * hypotheses.weeks, (draws,))
        return CostDraws(road, km, half_days, unattended, unstaffed)

    @property
    def _needs(self) -> Floats:
        return np.array(self.case.needs, float)[:, None]

    def _hypotheses(self, rate: Figure) -> Hypotheses:
        usual = hypotheses_of(self.settings)
        visits = usual.visits_per_month * self.shocks.visits
        return replace(usual, absence_rate=rate, visits_per_month=visits)

    @cached_property
    def _drawn_minutes(self) -> Floats:
        """Minutes there and back between the lycées of each pair, in each draw."""
        return self.minutes.rounds[:, None] * self.shocks.between

    @staticmethod
    def _driven(part: Part, lengths: Floats) -> Floats | float:
        """Return the sum of the trips between lycées, ``float[draw]``."""
        if part.legs is None:
            return 0.0
        driven: Floats = (part.legs * np.where(part.legs > 0, lengths, 0.0)).sum(axis=0)
        return driven
