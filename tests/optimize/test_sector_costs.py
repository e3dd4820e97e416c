"""Costs by sector, against every partition and assignment."""

from dataclasses import dataclass
from itertools import product
from math import inf

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import Plan
from geozones.optimize import ProofStatus, Result, frontier, propose
from geozones.optimize.resources import average_bounds
from tests.optimize.brute_force import (
    AnyCost,
    Block,
    Instance,
    allowed,
    cost,
    instances,
    labellings,
    moves,
    partitions,
)

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


averages = st.sampled_from([(1, 2), (2, 2), (2, 3), (3, 5)])


def scope(instance: Instance) -> list[str]:
    return sorted(instance.options.sectors or {"S0", "S1"})


def asked(instance: Instance, average: tuple[int, int]) -> Instance:
    """Return an instance whose sectors keep their lycées and an average."""
    bounds = [
        bound
        for sector in scope(instance)
        for bound in average_bounds(instance.plan, sector, *average)
    ]
    return instance.with_options(change_sector=False, resources=tuple(bounds))


def keeps(instance: Instance, blocks: list[Block], low: int, high: int) -> bool:
    """Tell whether each sector of the scope is within an average, or no further than today."""
    plan = instance.plan
    for sector in scope(instance):
        today = [plan.members(zone.id) for zone in plan.zones_of(sector)]
        here = [block for block in blocks if plan.sector_of(block[0]).id == sector]
        if not any(today):
            continue
        before, after = (len(plan.lycees_of(sector)) / sum(map(bool, z)) for z in (today, here))
        if not min(low, before) <= after <= max(high, before):
            return False
    return True


def best_of_average(instance: Instance, average: tuple[int, int]) -> float | None:
    free = instance.with_options(resources=())
    plan, locked = free.plan, free.options.locked_zones
    zones = [zone for sector in scope(free) for zone in plan.zones_of(sector)]
    fixed = [plan.members(zone.id) for zone in zones if zone.id in locked and plan.members(zone.id)]
    moving = sorted(x for zone in zones if zone.id not in locked for x in plan.members(zone.id))
    kept = sum(cost(free, block) for block in fixed)
    totals = (
        kept + total
        for total, blocks in partitions(free, moving)
        if keeps(free, [*blocks, *fixed], *average) and allowed(free, blocks, len(fixed))
    )
    return min(totals, default=None)


def is_the_best(instance: Instance, average: tuple[int, int], result: Result) -> None:
    expected = best_of_average(instance, average)
    if expected is None:
        assert result.status is ProofStatus.INFEASIBLE
        assert result.why
        return
    assert result.status is ProofStatus.OPTIMAL
    assert result.objective_after == pytest.approx(expected, abs=1e-6)


@hypothesis.settings(max_examples=80)
@given(instances(most=8), averages)
def test_the_best_plan_keeps_the_average_of_each_sector(
    instance: Instance, average: tuple[int, int]
) -> None:
    bounded = asked(instance, average)
    is_the_best(bounded, average, propose(bounded.plan, bounded.times, bounded.options))
