"""The average of lycées by zone of each sector, against every partition that keeps it."""

import sys
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.optimize import ProofStatus, Result, propose
from geozones.optimize.resources import average_bounds

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import Block, Instance, allowed, cost, instances, partitions

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


def best(instance: Instance, average: tuple[int, int]) -> float | None:
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
    expected = best(instance, average)
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
