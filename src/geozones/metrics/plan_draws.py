"""Figures of plans in each draw of the minutes: which of two plans is better, how surely."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geozones.domain import ObjectiveWeights, Plan, TravelTimes
from geozones.domain.objective import zone_cost
from geozones.metrics.draws import DRAWS, DrawnMinutes, Draws, ZoneDraws
from geozones.metrics.judgement import Judgement, judge, judge_all
from geozones.metrics.record import Better, Metric

#: Zones remembered: 5 kB each.
_CACHE = 1024


@dataclass(frozen=True, eq=False)
class MoveDraws:
    """What moving a lycée would change of the objective in each draw, after minus before.

    Parameters
    ----------
    left
        The change of the zone that it leaves, the same wherever it goes.
    joined
        The change of each zone that it could join, by id.
    """

    left: Draws
    joined: Mapping[str, Draws]

    def judge(self) -> dict[str, Judgement]:
        """Judge the plan with the move to each zone against the plan without it."""
        return self._judge(self.joined, -self.left)

    def judge_against(self, zone: str, others: Sequence[str]) -> dict[str, Judgement]:
        """Judge the moves to some zones against the move to another."""
        return self._judge({other: self.joined[other] for other in others}, self.joined[zone])

    def _judge(self, after: Mapping[str, Draws], before: Draws) -> dict[str, Judgement]:
        rows = np.stack(list(after.values())) if after else np.zeros((0, DRAWS))
        return dict(zip(after, judge_all(rows, before), strict=True))


class PlanDraws:
    """Figures over one matrix and one set of weights, in the same draws for every plan.

    ``towns``, by lycée, are as `DrawnMinutes` takes them.
    """

    def __init__(
        self,
        times: TravelTimes,
        weights: ObjectiveWeights,
        towns: Mapping[str, str] | None = None,
    ) -> None:
        self.weights = weights
        self._minutes = DrawnMinutes(times, towns)
        self.zone = lru_cache(maxsize=_CACHE)(self._minutes.zone)

    def zones(
        self, plan: Plan, only: Iterable[str] | None = None
    ) -> dict[tuple[str, ...], ZoneDraws]:
        """Return the zones of a plan that have lycées, or some of them (ids), by their lycées."""
        asked = (zone.id for zone in plan.zones) if only is None else only
        members = {plan.members(zone) for zone in asked} - {()}
        return {key: self.zone(key) for key in sorted(members)}

    def cost(self, zone: ZoneDraws) -> Draws:
        """Return the objective of a zone."""
        return zone_cost(zone.total, zone.size, self.weights)

    def moves(self, plan: Plan, lycee: str, zones: Iterable[str]) -> MoveDraws:
        """Return what moving a lycée to each of some zones other than its own would change."""
        members = {zone: plan.members(zone) for zone in zones}
        others = [other for zone in members.values() for other in zone]
        rank = {other: row for row, other in enumerate(others)}
        drives = self._minutes.around(lycee, others)

        def joined(members: tuple[str, ...]) -> Draws:
            zone = self.zone(members)
            total = zone.total + drives[[rank[other] for other in members]].sum(axis=0)
            return _minus(zone_cost(total, zone.size + 1, self.weights), self.cost(zone))

        origin = plan.members(plan.zone_of(lycee).id)
        left = self.zone(tuple(key for key in origin if key != lycee))
        return MoveDraws(
            _minus(self.cost(left), self.cost(self.zone(origin))),
            {key: joined(zone) for key, zone in members.items()},
        )


#: A plan and the draws of its figures; two plans may be over two matrices.
type Drawn = tuple[Plan, PlanDraws]


def judge_plans(before: Drawn, after: Drawn) -> Judgement:
    """Judge the objective of a plan against another's.

    Zones that cost the same in both in every draw are left out: they do not tell the plans apart,
    even where a pair of theirs has no way.
    """
    first, second = _costs(before), _costs(after)
    same = {key for key in first.keys() & second.keys() if np.array_equal(first[key], second[key])}
    return judge(_sum_but(second, same), _sum_but(first, same))


def judge_metric(
    record: Metric,
    before: Drawn,
    after: Drawn,
    zones: tuple[Iterable[str] | None, Iterable[str] | None] = (None, None),
) -> Judgement | None:
    """Judge a figure in a plan against another's; ``None`` where no minute is in it.

    It is of the region, or of some zones (ids) of each plan. A figure that does not apply to one of
    the plans cannot be compared.
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


def _costs(drawn: Drawn) -> dict[tuple[str, ...], Draws]:
    plan, draws = drawn
    return {members: draws.cost(zone) for members, zone in draws.zones(plan).items()}


def _sum_but(costs: Mapping[tuple[str, ...], Draws], left_out: set[tuple[str, ...]]) -> Draws:
    """Add up zones, always in the same order."""
    return sum((costs[key] for key in sorted(costs.keys() - left_out)), np.zeros(DRAWS))


def _minus(after: Draws, before: Draws) -> Draws:
    """Subtract; NaN between two infinities."""
    with np.errstate(invalid="ignore"):
        return after - before
