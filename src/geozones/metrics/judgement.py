"""Judgement of which of two uncertain figures is better, and figures of plans in draws.

A change of plan is judged over many draws. A draw is a set of minutes and of hypotheses that may be
the true values. Both plans are compared in the same draws, whose shares `Judgement` counts.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, number, plural
from geozones.domain import ObjectiveWeights, Plan
from geozones.domain.yearly_cost import DrawnCosts, ZoneCostDraws
from geozones.metrics.drive_draws import DRAWS, DrawnMinutes, Draws, ZoneDraws
from geozones.metrics.metric import Better, Metric

#: Share of the draws in which one side must be better for a difference to count, as for the
#: intervals of minutes, which hold 80 % of them. Below, chance alone often makes as much.
LIKELY = 0.8
#: Share above which the difference is almost certain.
SURE = 0.99
#: Differences caused by rounding alone, in minutes.
ROUNDING = 1e-6


class Outcome(StrEnum):
    """Outcome of a comparison."""

    SURELY_BETTER = "surely_better"
    PROBABLY_BETTER = "probably_better"
    EQUIVALENT = "equivalent"
    PROBABLY_WORSE = "probably_worse"
    SURELY_WORSE = "surely_worse"
    #: A figure is missing on both sides.
    NOT_COMPARABLE = "not_comparable"


#: The one wording of each outcome, on every screen and in every file.
_WORDS = {
    Outcome.SURELY_BETTER: "favorable",
    Outcome.PROBABLY_BETTER: "plutôt favorable",
    Outcome.EQUIVALENT: "équivalent",
    Outcome.PROBABLY_WORSE: "plutôt défavorable",
    Outcome.SURELY_WORSE: "défavorable",
    Outcome.NOT_COMPARABLE: "non comparable",
}
#: Outcomes that are said with their chances.
_CHANCES = frozenset(_WORDS) - {Outcome.EQUIVALENT, Outcome.NOT_COMPARABLE}


@dataclass(frozen=True, slots=True)
class Judgement:
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
            return Outcome.SURELY_BETTER if self.better >= SURE else Outcome.PROBABLY_BETTER
        if self.worse >= LIKELY:
            return Outcome.SURELY_WORSE if self.worse >= SURE else Outcome.PROBABLY_WORSE
        return Outcome.EQUIVALENT

    @property
    def is_better(self) -> bool | None:
        """Whether the figure is better, at least probably; ``None`` if unknown."""
        if self.outcome in {Outcome.SURELY_BETTER, Outcome.PROBABLY_BETTER}:
            return True
        if self.outcome in {Outcome.SURELY_WORSE, Outcome.PROBABLY_WORSE}:
            return False
        return None

    @property
    def is_tie(self) -> bool:
        """Whether neither figure is better, as far as the minutes can tell."""
        return self.outcome is Outcome.EQUIVALENT

    @property
    def text(self) -> str:
        """Judgement with its chances: ``plutôt favorable (9 chances sur 10)``, ``équivalent``."""
        if self.outcome not in _CHANCES:
            return self.short
        share = max(self.better or 0.0, self.worse or 0.0)
        of = 100 if share >= SURE else 10
        # a share is rounded down: nothing is said to be more certain than it is
        chances = min(math.floor(of * share + 1e-9), of - 1)
        return f"{self.short} ({chances} chances sur {of})"

    @property
    def short(self) -> str:
        """Judgement in French: ``plutôt favorable``, ``équivalent``."""
        return _WORDS[self.outcome]


def judge(after: NDArray[np.float64], before: NDArray[np.float64]) -> Judgement:
    """Judge a figure against another, ``float[draw]`` each; lower is better.

    A pair that becomes reachable (from ``inf``) is better, a pair that becomes unreachable (to
    ``inf``) worse. Two infinite figures, or a NaN, cannot be compared.
    """
    (judgement,) = judge_all(after[None, :], before)
    return judgement


def judge_all(after: NDArray[np.float64], before: NDArray[np.float64]) -> list[Judgement]:
    """Judge several figures, ``float[figure, draw]``, against another; see `judge`."""
    with np.errstate(invalid="ignore"):
        difference = after - before
    missing = np.isnan(difference).any(axis=1)
    better = (difference < -ROUNDING).mean(axis=1)
    worse = (difference > ROUNDING).mean(axis=1)
    return [
        Judgement(None, None) if unknown else Judgement(float(share), float(other))
        for unknown, share, other in zip(missing, better, worse, strict=True)
    ]


#: Least share of the draws in which a solid change is better.
SOLID = 0.9


class ChangeVerdict(StrEnum):
    """Verdict on a change of plan; the value is its word on screen."""

    #: Better in at least `SOLID` of the draws.
    SOLID = "solide"
    #: Better in at least `judgement.LIKELY` of the draws, but less than `SOLID` of them.
    FRAGILE = "fragile"
    #: Neither plan is better in `judgement.LIKELY` of the draws.
    EQUIVALENT = "équivalent"
    #: Worse in at least `judgement.LIKELY` of the draws.
    WORSE = "coûte plus"
    #: A drive is unreachable in both plans.
    NOT_COMPARABLE = "non comparable"


@dataclass(frozen=True, slots=True)
class Robustness:
    """Comparison of a plan with another, draw by draw."""

    judgement: Judgement  # Shares of the draws in which the plan is better, and worse.
    draws: int  # Number of draws.
    #: Mean decrease over the draws, in the unit of the figures compared; negative for an increase,
    #: infinite or NaN if a drive is unreachable in one of the plans.
    gain: float
    loss: float  # Increase in the worst draw; 0 if it is never higher.

    @property
    def better(self) -> int:
        """Number of draws in which the plan is better."""
        return round((self.judgement.better or 0.0) * self.draws)

    @property
    def verdict(self) -> ChangeVerdict:
        """Verdict on the change."""
        judgement = self.judgement
        if judgement.is_better:
            solid = (judgement.better or 0.0) >= SOLID
            return ChangeVerdict.SOLID if solid else ChangeVerdict.FRAGILE
        if judgement.is_better is False:
            return ChangeVerdict.WORSE
        is_unknown = judgement.outcome is Outcome.NOT_COMPARABLE
        return ChangeVerdict.NOT_COMPARABLE if is_unknown else ChangeVerdict.EQUIVALENT

    def text(self) -> str:
        """Return the verdict in French, with numbers of draws.

        For example ``solide : gain dans 187 tirages sur 200 ; au pire, 12 h de plus``.
        """
        if self.verdict is ChangeVerdict.NOT_COMPARABLE:
            return self.verdict.value
        return f"{self.verdict} : {self._draws_text()}"

    def _draws_text(self) -> str:
        if self.better == self.draws:
            return f"gain dans les {self.draws} tirages"
        if self.better:
            share = f"gain dans {plural(self.better, 'tirage')} sur {self.draws}"
            return share + (self._worst() or ", jamais de perte")
        if self.loss > 0:
            return f"aucun gain en {self.draws} tirages{self._worst()}"
        return f"ni gain ni perte en {self.draws} tirages"

    def _worst(self) -> str:
        """Return the greatest loss, as the end of a French sentence; empty if there is none."""
        if self.loss <= 0:
            return ""
        if self.loss == inf:
            return " ; au pire, un trajet devient impossible"
        lost = round(self.loss)
        most = number(lost) if lost else "moins d'1"
        return f" ; au pire, {most}{NBSP}h de plus"


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


@dataclass(frozen=True, eq=False)
class MoveDraws:
    """Changes of the costs in each draw by moving a lycée, after minus before."""

    left: Draws  # The change of the zone that the lycée leaves, the same for every destination.
    joined: Mapping[str, Draws]  # The change of each zone that the lycée could join, by id.

    def judge(self) -> dict[str, Judgement]:
        """Judge each plan with the move to a zone against the plan without it."""
        return self._judge(self.joined, -self.left)

    def judge_against(self, zone_id: str, others: Sequence[str]) -> dict[str, Judgement]:
        """Judge the moves to some zones against the move to another."""
        return self._judge({other: self.joined[other] for other in others}, self.joined[zone_id])

    def _judge(self, after: Mapping[str, Draws], before: Draws) -> dict[str, Judgement]:
        rows = np.stack(list(after.values())) if after else np.zeros((0, DRAWS))
        return dict(zip(after, judge_all(rows, before), strict=True))


class PlanDraws:
    """Figures over one matrix and the costs of its zones, in the same draws for every plan.

    Parameters
    ----------
    costs
        Costs of zones, by which plans are judged.
    weights
        Weights of the metric of drives between colleagues.
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

    def group_moves(
        self, before: Plan, moved: Mapping[str, Plan], touched: Mapping[str, Iterable[str]]
    ) -> MoveDraws:
        """Return the changes by moves of several lycées at once; as `MoveDeltas.of_group`."""
        zones = {key: tuple(ids) for key, ids in touched.items()}
        sides = {
            key: [
                {plan.members(zone_id) for zone_id in zones[key]} - {()} for plan in (before, after)
            ]
            for key, after in moved.items()
        }
        costs = self.costs_of({members for both in sides.values() for s in both for members in s})

        def total(members: Iterable[_Zone]) -> Draws:
            return sum((costs[key].total for key in sorted(members)), np.zeros(DRAWS))

        changes = {key: _minus(total(now), total(then)) for key, (then, now) in sides.items()}
        return MoveDraws(np.zeros(DRAWS), changes)

    def moves(self, plan: Plan, lycee_id: str, zones: Iterable[str]) -> MoveDraws:
        """Return the changes by moving a lycée to each of some zones other than its own."""
        members = {zone_id: plan.members(zone_id) for zone_id in zones}
        joined = {zone: tuple(sorted((*ids, lycee_id))) for zone, ids in members.items()}
        origin = plan.members(plan.zone_of(lycee_id).id)
        rest = tuple(key for key in origin if key != lycee_id)
        costs = self.costs_of((origin, rest, *members.values(), *joined.values()))

        def change(after: _Zone, before: _Zone) -> Draws:
            return _minus(costs[after].total, costs[before].total)

        return MoveDraws(
            change(rest, origin),
            {zone_id: change(joined[zone_id], members[zone_id]) for zone_id in members},
        )


#: A plan and the draws of its figures; two plans may be over two matrices.
type Drawn = tuple[Plan, PlanDraws]


def judge_plans(before: Drawn, after: Drawn) -> Judgement:
    """Judge the cost of a plan against another's."""
    return judge(*_two_sides(before, after))


def weigh_plans(before: Drawn, after: Drawn) -> Robustness:
    """Return how robustly a plan beats another, draw by draw."""
    return robustness(*_two_sides(before, after))


def _two_sides(before: Drawn, after: Drawn) -> tuple[Draws, Draws]:
    """Return the costs of the second and the first plan in each draw, without common zones.

    Zones with the same costs in every draw are left out: they do not distinguish the plans, even if
    they contain an unreachable pair.
    """
    first, second = _costs(before), _costs(after)
    same = {key for key in first.keys() & second.keys() if np.array_equal(first[key], second[key])}
    return _sum_but(second, same), _sum_but(first, same)


def judge_metric(
    record: Metric,
    before: Drawn,
    after: Drawn,
    zones: tuple[Iterable[str] | None, Iterable[str] | None] = (None, None),
) -> Judgement | None:
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
        return Judgement(None, None)
    return judge(first, second) if record.better is Better.HIGHER else judge(second, first)


def _costs(drawn: Drawn) -> dict[_Zone, Draws]:
    plan, draws = drawn
    costs = draws.costs_of(sorted({plan.members(zone.id) for zone in plan.zones} - {()}))
    return {members: cost.total for members, cost in costs.items()}


def _sum_but(costs: Mapping[tuple[str, ...], Draws], left_out: set[tuple[str, ...]]) -> Draws:
    """Add up zones, always in the same order."""
    return sum((costs[key] for key in sorted(costs.keys() - left_out)), np.zeros(DRAWS))


def _minus(after: Draws, before: Draws) -> Draws:
    """Subtract; NaN between two infinities."""
    with np.errstate(invalid="ignore"):
        return after - before
