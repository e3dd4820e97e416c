"""Costs by sector, against every partition and assignment."""

import sys
from dataclasses import dataclass
from itertools import product
from math import inf
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import Plan
from geozones.optimize import ProofStatus, frontier, propose

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import AnyCost, Block, Instance, instances, labellings, moves, partitions

EXACT = 1e-6
COST = AnyCost(7)


@st.composite
def priced(draw: st.DrawFn) -> Instance:
    """Draw a region of two sectors that may exchange lycées, with costs by sector or not."""
    instance = draw(instances(most=6))
    costs = tuple((sector, AnyCost(draw(st.integers(0, 99)))) for sector in ("S0", "S1"))
    return instance.with_options(
        sectors=frozenset(), change_sector=True, locked_zones=frozenset(), resources=(),
        zone_count=None, adjacent=None, threshold=None,
        max_releve=(), max_minutes=None,
        size_min=1, size_max=4, max_moves=draw(st.none() | st.integers(0, 4)),
        sector_costs=costs if draw(st.booleans()) else (), cost=COST,
    )  # fmt: skip


def best(instance: Instance) -> float | None:
    """Return the least objective over every partition, old zones continued and sectors given."""
    options, plan = instance.options, instance.plan
    most = len(plan.lycees) if options.max_moves is None else options.max_moves
    zones = sorted(set(plan.zone_by_lycee.values()))
    found = [
        total
        for _, blocks in partitions(with_any_cost(instance), sorted(plan.lycees))
        for labels in labellings(len(blocks), zones)
        if sum(moves(instance, *pair) for pair in zip(blocks, labels, strict=True)) <= most
        for sectors in product(
            *(allowed_sectors(instance, *p) for p in zip(blocks, labels, strict=True))
        )
        for total in [sum(cost_in(instance, *pair) for pair in zip(blocks, sectors, strict=True))]
        if total < inf
    ]
    return min(found, default=None)


@dataclass(frozen=True)
class Free(AnyCost):
    def of_zone(self, _block: Block) -> float:
        return 0.0


def with_any_cost(instance: Instance) -> Instance:
    return instance.with_options(cost=Free(0))


def allowed_sectors(instance: Instance, block: Block, label: str) -> list[str]:
    plan = instance.plan
    if label:
        return [plan.zone(label).sector]
    pinned = {plan.sector_of(x).id for x in block if plan.sector_of(x).support_centre == x}
    return sorted(pinned) or ["S0", "S1"]


def cost_in(instance: Instance, block: Block, sector: str) -> float:
    costs = dict(instance.options.sector_costs)
    return costs.get(sector, COST).of_zone(block)


def respects(instance: Instance, plan: Plan) -> bool:
    options = instance.options
    moved = len(plan.moves_from(instance.plan))
    return options.max_moves is None or moved <= options.max_moves


@pytest.mark.slow
@hypothesis.settings(max_examples=60)
@given(priced())
def test_the_best_plan_with_costs_by_sector_is_that_of_all(instance: Instance) -> None:
    result = propose(instance.plan, instance.times, instance.options)
    exact = best(instance)
    assert result.status is (ProofStatus.INFEASIBLE if exact is None else ProofStatus.OPTIMAL)
    assert bool(result.why) or exact is not None
    if exact is not None:
        assert result.objective_after == pytest.approx(exact, abs=EXACT)
        assert respects(instance, result.plan)
        total = sum(
            cost_in(instance, result.plan.members(zone.id), zone.sector)
            for zone in result.plan.zones
            if result.plan.members(zone.id)
        )
        assert total == pytest.approx(exact, abs=EXACT)


@hypothesis.settings(max_examples=15)
@given(priced())
def test_each_point_of_the_curve_is_the_best_of_all(instance: Instance) -> None:
    free = instance.with_options(max_moves=None)
    curve = frontier(free.plan, free.times, free.options)
    assert curve.complete
    for point in curve.points:
        within = free.with_options(max_moves=point.max_moves)
        assert point.result.objective_after == pytest.approx(best(within), abs=EXACT)
        assert respects(within, point.result.plan)
