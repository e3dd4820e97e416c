"""Bounds on what sectors have, and costs by sector, against every partition and assignment."""

import sys
from dataclasses import dataclass, replace
from itertools import product
from math import inf
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.optimize import PartitionOptions, ProofStatus, frontier, propose
from geozones.optimize.resources import SectorBound

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import AnyCost, Block, Instance, instances, labellings, moves, partitions

EXACT = 1e-6
COST = AnyCost(7, bounded=False)


@st.composite
def bounded(draw: st.DrawFn) -> Instance:
    """Draw a region of two sectors that may exchange lycées, with a bound or costs by sector."""
    instance = draw(instances(most=6))
    lycees = sorted(instance.plan.lycees)
    amounts = {lycee: float(draw(st.integers(0, 9))) for lycee in lycees}
    total = int(sum(amounts.values()))
    low = draw(st.sampled_from([0, 0, total // 4, total // 2]))
    high = draw(st.sampled_from([inf, total, 3 * total // 4, (total + 1) // 2]))
    bounds = (SectorBound("élèves", amounts, float(low), float(high)),) if low <= high else ()
    costs = tuple(
        (sector, AnyCost(draw(st.integers(0, 99)), bounded=False)) for sector in ("S0", "S1")
    )
    return instance.with_options(
        sectors=frozenset(), change_sector=True, locked_zones=frozenset(), resources=(),
        zone_count=None, adjacent=None, threshold=None,
        max_releve=(), together=frozenset(), apart=frozenset(), max_minutes=None,
        size_min=1, size_max=4, max_moves=draw(st.none() | st.integers(0, 4)),
        sector_bounds=bounds, sector_costs=costs if draw(st.booleans()) else (), cost=COST,
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
        if bounds_hold(instance, blocks, sectors)
        for total in [sum(cost_in(instance, *pair) for pair in zip(blocks, sectors, strict=True))]
        if total < inf
    ]
    return min(found, default=None)


@dataclass(frozen=True)
class Free(AnyCost):
    def of_zone(self, _block: Block) -> float:
        return 0.0


def with_any_cost(instance: Instance) -> Instance:
    return instance.with_options(cost=Free(0, bounded=False))


def allowed_sectors(instance: Instance, block: Block, label: str) -> list[str]:
    plan = instance.plan
    if label:
        return [plan.zone(label).sector]
    pinned = {plan.sector_of(x).id for x in block if plan.sector_of(x).support_centre == x}
    return sorted(pinned) or ["S0", "S1"]


def bounds_hold(instance: Instance, blocks: list[Block], sectors: tuple[str, ...]) -> bool:
    for bound in instance.options.sector_bounds:
        for sector in ("S0", "S1"):
            held = [b for b, s in zip(blocks, sectors, strict=True) if s == sector]
            amount = sum(bound.amounts[x] for block in held for x in block)
            if not bound.least <= amount <= bound.most:
                return False
    return True


def cost_in(instance: Instance, block: Block, sector: str) -> float:
    costs = dict(instance.options.sector_costs)
    return costs.get(sector, COST).of_zone(block)


def respects(instance: Instance, plan: Plan) -> bool:
    options = instance.options
    amounts = [
        sum(bound.amounts[x] for x in plan.lycees_of(sector))
        for bound in options.sector_bounds
        for sector in ("S0", "S1")
    ]
    inside = all(
        bound.least <= amount <= bound.most for bound in options.sector_bounds for amount in amounts
    )
    moved = len(plan.moves_from(instance.plan))
    return inside and (options.max_moves is None or moved <= options.max_moves)


@pytest.mark.slow
@hypothesis.settings(max_examples=60)
@given(bounded())
def test_the_best_plan_under_bounds_on_sectors_is_that_of_all(instance: Instance) -> None:
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
@given(bounded())
def test_each_point_of_the_curve_keeps_the_bounds(instance: Instance) -> None:
    free = instance.with_options(max_moves=None)
    curve = frontier(free.plan, free.times, free.options)
    assert curve.complete
    for point in curve.points:
        within = free.with_options(max_moves=point.max_moves)
        assert point.result.objective_after == pytest.approx(best(within), abs=EXACT)
        assert respects(within, point.result.plan)


def test_bounds_that_contradict_one_another_are_told_with_their_figures() -> None:
    with pytest.raises(InputError, match=r"minimum .9.*élèves. dépasse le maximum .3"):
        PartitionOptions(sector_bounds=(SectorBound("élèves", {}, 9, 3),))
    assert replace(SectorBound("élèves", {}, 1, 2), least=0).range_text().startswith("2")
