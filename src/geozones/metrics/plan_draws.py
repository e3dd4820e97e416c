"""Figures of plans in each draw, to judge which of two plans is better, and how surely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from geozones.domain import ObjectiveWeights, Plan
from geozones.domain.zone_costs import DrawnCosts, ZoneCostDraws
from geozones.metrics.drive_draws import DRAWS, DrawnMinutes, Draws, ZoneDraws
from geozones.metrics.judgement import Judgement, judge, judge_all
from geozones.metrics.metric import Better, Metric
from geozones.metrics.robustness import Robustness, robustness

#: Zones cached, 5 kB each; and costs of zones, 2 kB each.
_CACHE = 1024
_COSTS = 8192

type _Zone = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class MoveDraws:
    """Changes of the costs in each draw by moving a lycée, after minus before.

    Parameters
    ----------
    left
        The change of the zone that the lycée leaves, the same for every destination.
    joined
        The change of each zone that the lycée could join, by id.
    """

    left: Draws
    joined: Mapping[str, Draws]

    def judge(self) -> dict[str, Judgement]:
        """Judge each plan with the move to a zone against the plan without it."""
        return self._judge(self.joined, -self.left)

    def judge_against(self, zone: str, others: Sequence[str]) -> dict[str, Judgement]:
        """Judge the moves to some zones against the move to another."""
        return self._judge({other: self.joined[other] for other in others}, self.joined[zone])

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
        costs = self.costs_of({plan.members(zone) for zone in asked} - {()})
        return {key: replace(self.zone(key), cost=cost) for key, cost in sorted(costs.items())}

    def costs_of(self, zones: Iterable[_Zone]) -> dict[_Zone, ZoneCostDraws]:
        """Return the costs of some zones (ids of lycées, ascending), by these."""
        asked = dict.fromkeys(zones)
        if len(self._known) + len(asked) > _COSTS:
            self._known.clear()
        new = [zone for zone in asked if zone not in self._known]
        if new:
            drawn = self.costs.of(new, [self._minutes.inside(zone) for zone in new])
            self._known.update(zip(new, drawn, strict=True))
        return {zone: self._known[zone] for zone in asked}

    def group_moves(
        self, before: Plan, moved: Mapping[str, Plan], touched: Mapping[str, Iterable[str]]
    ) -> MoveDraws:
        """Return the changes by moves of several lycées at once; as `MoveDeltas.of_group`."""
        zones = {key: tuple(ids) for key, ids in touched.items()}
        sides = {
            key: [{plan.members(zone) for zone in zones[key]} - {()} for plan in (before, after)]
            for key, after in moved.items()
        }
        costs = self.costs_of({members for both in sides.values() for s in both for members in s})

        def total(members: Iterable[_Zone]) -> Draws:
            return sum((costs[key].total for key in sorted(members)), np.zeros(DRAWS))

        changes = {key: _minus(total(now), total(then)) for key, (then, now) in sides.items()}
        return MoveDraws(np.zeros(DRAWS), changes)

    def moves(self, plan: Plan, lycee: str, zones: Iterable[str]) -> MoveDraws:
        """Return the changes by moving a lycée to each of some zones other than its own."""
        members = {zone: plan.members(zone) for zone in zones}
        joined = {zone: tuple(sorted((*ids, lycee))) for zone, ids in members.items()}
        origin = plan.members(plan.zone_of(lycee).id)
        rest = tuple(key for key in origin if key != lycee)
        costs = self.costs_of((origin, rest, *members.values(), *joined.values()))

        def change(after: _Zone, before: _Zone) -> Draws:
            return _minus(costs[after].total, costs[before].total)

        return MoveDraws(
            change(rest, origin), {zone: change(joined[zone], members[zone]) for zone in members}
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
