"""Judgement of which of two plans, or of two uncertain figures, is better; figures in draws.

A plan is judged by both of its sides, at the rate of exchange in force (`Judgement`), as far as the
model's own error lets. A figure of minutes is judged over many draws: a draw is a set of minutes
and of hypotheses that may be the true values, and both plans are compared in the same draws.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, number
from geozones.domain import ObjectiveWeights, Plan
from geozones.domain.settings import HYPOTHESIS_BOUNDS
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import DrawnCosts, ZoneCostDraws
from geozones.metrics.drive_draws import DRAWS, DrawnMinutes, Draws, ZoneDraws
from geozones.metrics.metric import Better, Metric

#: Share of the draws in which one side must be better for a difference to count, as for the
#: intervals of minutes, which hold 80 % of them. Below, chance alone often makes as much.
LIKELY = 0.8
#: Differences caused by rounding alone, in minutes.
ROUNDING = 1e-6


class Outcome(StrEnum):
    """Outcome of a comparison; the value is its word, on every screen and in every file."""

    BETTER = "favorable"
    EQUIVALENT = "équivalent"
    WORSE = "défavorable"
    #: The total of one plan is better at half the rate, that of the other at twice the rate.
    BY_RATE = "selon le taux"
    #: A figure is missing on both sides.
    NOT_COMPARABLE = "non comparable"


#: Outcomes that are better, and worse.
_BETTER = {Outcome.BETTER: True, Outcome.WORSE: False}


class _HasOutcome(ABC):
    """Judgement that has one outcome."""

    __slots__ = ()

    @property
    @abstractmethod
    def outcome(self) -> Outcome:
        """Outcome of the judgement."""

    @property
    def is_better(self) -> bool | None:
        """Whether what is judged is better; ``None`` for any other outcome than better or worse."""
        return _BETTER.get(self.outcome)

    @property
    def is_tie(self) -> bool:
        """Whether both sides are equivalent."""
        return self.outcome is Outcome.EQUIVALENT


@dataclass(frozen=True, slots=True)
class FigureJudgement(_HasOutcome):
    """Shares of the draws, from 0 to 1, in which a figure is better, and worse, than another.

    Both are ``None`` if the figures cannot be compared. In the remaining draws they are equal.
    """

    better: float | None
    worse: float | None

    @property
    def outcome(self) -> Outcome:
        """Outcome: equivalent unless one side is better in `LIKELY` of the draws."""
        if self.better is None or self.worse is None:
            return Outcome.NOT_COMPARABLE
        if self.better >= LIKELY:
            return Outcome.BETTER
        return Outcome.WORSE if self.worse >= LIKELY else Outcome.EQUIVALENT


#: Greatest rate at which a verdict is said to turn: the bound of ``absence_weight``.
_MOST_RATE = HYPOTHESIS_BOUNDS["absence_weight"][1]


@dataclass(frozen=True, slots=True)
class Judgement(_HasOutcome):
    """Comparison of a plan with another that has as many posts, in hours a year.

    The plan with the lower total is better: hours of road, plus ``rate`` times the hours without
    technician. A difference of totals below ``error`` decides nothing.
    """

    road: float  # Hours of road more in a year than the other plan's; NaN if unknown.
    unattended: float  # Hours without technician more.
    rate: float  # Hours of road that an hour without technician is worth.
    error: float  # Error of the model on the difference of both totals, in hours.
    note: str = ""  # Remark on the rate, where nobody decided it or where it is a trial.
    basis: str = ""  # Remark on the drives, where all are estimates.

    def total(self, rate: float) -> float:
        """Return the hours more at a rate."""
        return self.road + rate * self.unattended

    @property
    def outcome(self) -> Outcome:
        """Outcome: equivalent inside the error at half, once and twice the rate."""
        less, now, more = (self.total(times * self.rate) for times in (0.5, 1, 2))
        if math.isnan(now):
            return Outcome.NOT_COMPARABLE
        if max(map(abs, (less, now, more))) <= self.error:
            return Outcome.EQUIVALENT
        if less * more < 0:
            return Outcome.BY_RATE
        return Outcome.BETTER if now < 0 else Outcome.WORSE

    @property
    def turns_at(self) -> float | None:
        """The rate at which both totals are equal; ``None`` outside 0 to 3."""
        if not self.unattended or not math.isfinite(self.road):
            return None
        rate = -self.road / self.unattended
        return rate if 0 <= rate <= _MOST_RATE else None

    @property
    def short(self) -> str:
        """Judgement in French, with its basis: ``favorable``, ``selon le taux``."""
        basis = "" if self.outcome is Outcome.NOT_COMPARABLE else self.basis
        return ", ".join(filter(None, (self.outcome.value, basis)))

    @property
    def notes(self) -> str:
        """Remarks on the drives and on the rate."""
        return " ; ".join(filter(None, (self.basis, self.note)))

    @property
    def text(self) -> str:
        """Judgement with the rate at which it turns, then the remarks."""
        said = self.outcome.value
        if self.outcome is Outcome.BY_RATE and self.turns_at is not None:
            bound = "moins" if self.unattended > 0 else "plus"
            said = (
                f"favorable tant qu'une heure sans {terms().technician} vaut {bound} de "
                f"{number(self.turns_at, 2)}{NBSP}h de route"
            )
        is_told = self.notes and self.outcome is not Outcome.NOT_COMPARABLE
        return f"{said} ({self.notes})" if is_told else said


def rate_text(rate: float) -> str:
    """Return a rate in French, with the decimals that it has: ``1``, ``0,5``."""
    return number(rate, 2).rstrip("0").rstrip(",") if rate % 1 else number(rate)


#: Error of the model on the difference between the totals of two plans, in hours a year, for two
#: zones that change: eight moves in ten have a smaller one. Against simulated years of proposed
#: weeks, over moves with as many posts: ``tests/cost/test_simulated_years.py``.
MODEL_ERROR = 24.0


def model_error(zones: int) -> float:
    """Return the error of the model on a difference, if so many zones change.

    Errors of zones are taken as independent: they add up by their squares.
    """
    return MODEL_ERROR * math.sqrt(zones / 2)


def judge(after: NDArray[np.float64], before: NDArray[np.float64]) -> FigureJudgement:
    """Judge a figure against another, ``float[draw]`` each; lower is better.

    A pair that becomes reachable (from ``inf``) is better, a pair that becomes unreachable (to
    ``inf``) worse. Two infinite figures, or a NaN, cannot be compared.
    """
    with np.errstate(invalid="ignore"):
        difference = after - before
    if np.isnan(difference).any():
        return FigureJudgement(None, None)
    better, worse = (difference < -ROUNDING).mean(), (difference > ROUNDING).mean()
    return FigureJudgement(float(better), float(worse))


@dataclass(frozen=True, slots=True)
class Robustness:
    """Comparison of a plan with another, draw by draw."""

    judgement: FigureJudgement  # Shares of the draws in which the plan is better, and worse.
    draws: int  # Number of draws.
    #: Mean decrease over the draws, in the unit of the figures compared; negative for an increase,
    #: infinite or NaN if a drive is unreachable in one of the plans.
    gain: float
    loss: float  # Increase in the worst draw; 0 if it is never higher.

    @property
    def better(self) -> int:
        """Number of draws in which the plan is better."""
        return round((self.judgement.better or 0.0) * self.draws)


def robustness(after: NDArray[np.float64], before: NDArray[np.float64]) -> Robustness:
    """Return the robustness of a figure against another, ``float[draw]`` each; lower is better."""
    with np.errstate(invalid="ignore"):
        gains = before - after
        gain = float(gains.mean())
    worst = float(np.nan_to_num(-gains, nan=0.0, posinf=inf, neginf=-inf).max())
    return Robustness(judge(after, before), len(gains), gain, worst if worst > ROUNDING else 0.0)


#: Zones cached, 5 kB each; and costs of zones, 2 kB each.
_CACHE = 1024
_COSTS = 8192

type _Zone = tuple[str, ...]


class PlanDraws:
    """Figures over one matrix and the costs of its zones, in the same draws for every plan.

    Plans are judged by the ``costs`` of their zones; ``weights`` are those of the metric of drives
    between colleagues.
    """

    def __init__(self, minutes: DrawnMinutes, costs: DrawnCosts, weights: ObjectiveWeights) -> None:
        self.weights = weights
        self.costs = costs
        self._minutes = minutes
        self._known: dict[_Zone, ZoneCostDraws] = {}
        self.zone = lru_cache(maxsize=_CACHE)(self._minutes.zone)

    def zones(self, plan: Plan, only: Iterable[str] | None = None) -> dict[_Zone, ZoneDraws]:
        """Return the zones of a plan that have lycées, or some of them (ids), by their lycées."""
        asked = (zone.id for zone in plan.zones) if only is None else only
        costs = self.costs_of({plan.members(zone_id) for zone_id in asked} - {()})
        return {key: replace(self.zone(key), cost=cost) for key, cost in sorted(costs.items())}

    def costs_of(self, zones: Iterable[_Zone]) -> dict[_Zone, ZoneCostDraws]:
        """Return the costs of some zones, each given by its lycées (ids, ascending)."""
        asked = dict.fromkeys(zones)
        if len(self._known) + len(asked) > _COSTS:
            self._known.clear()
        new = [zone_id for zone_id in asked if zone_id not in self._known]
        if new:
            drawn = self.costs.of(new, [self._minutes.inside(zone) for zone in new])
            self._known.update(zip(new, drawn, strict=True))
        return {zone_id: self._known[zone_id] for zone_id in asked}


#: A plan and the draws of its figures; two plans may be over two matrices.
type Drawn = tuple[Plan, PlanDraws]


def weigh_plans(before: Drawn, after: Drawn) -> Robustness:
    """Return how robustly a plan beats another, draw by draw."""
    # the costs of the second and the first plan in each draw, without common zones. Zones with the
    # same costs in every draw are left out: they do not distinguish the plans, even if they contain
    # an unreachable pair
    first, second = _costs(before), _costs(after)
    same = {key for key in first.keys() & second.keys() if np.array_equal(first[key], second[key])}
    return robustness(_sum_but(second, same), _sum_but(first, same))


def judge_metric(
    record: Metric,
    before: Drawn,
    after: Drawn,
    zones: tuple[Iterable[str] | None, Iterable[str] | None] = (None, None),
) -> FigureJudgement | None:
    """Judge a figure of a plan against another's; ``None`` if it does not depend on minutes.

    It is a figure of the region, or of some zones (ids) of each plan. A figure that does not apply
    to a plan cannot be compared.
    """
    if record.of_draws is None:
        return None
    first, second = (
        record.of_draws(tuple(draws.zones(plan, only).values()), draws.weights)
        for (plan, draws), only in zip((before, after), zones, strict=True)
    )
    if first is None or second is None:
        return FigureJudgement(None, None)
    return judge(first, second) if record.better is Better.HIGHER else judge(second, first)


def _costs(drawn: Drawn) -> dict[_Zone, Draws]:
    plan, draws = drawn
    costs = draws.costs_of(sorted({plan.members(zone.id) for zone in plan.zones} - {()}))
    return {members: cost.total for members, cost in costs.items()}


def _sum_but(costs: Mapping[tuple[str, ...], Draws], left_out: set[tuple[str, ...]]) -> Draws:
    """Add up zones, always in the same order."""
    return sum((costs[key] for key in sorted(costs.keys() - left_out)), np.zeros(DRAWS))
