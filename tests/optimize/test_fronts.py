"""The front of two measures against every partition; what is said where there is none."""

import sys
from math import inf
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.optimize import Front, Measure, PartitionOptions, front

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import AnyCost, Block, Instance, allowed, instances, moves, partitions

MOVES = Measure("moves", "déplacements", "", None, step=0.5)


class FewValues(AnyCost):
    """Zones have 0 to 4 of it, so that many plans are equal by one measure and not by another."""

    def of_zone(self, block: Block) -> float:
        own = super().of_zone(block)
        return own if own == inf else own // 50


def total(seed: int) -> Measure:
    return Measure(f"total {seed}", f"points {seed}", "", FewValues(seed, False), step=0.5)


def worst(seed: int) -> Measure:
    return Measure(f"worst {seed}", f"pires {seed}", "", FewValues(seed, False), True, 0.5)


PAIRS = [
    (total(1), total(2)),
    (total(1), worst(2)),
    (worst(1), total(2)),
    (worst(1), worst(2)),
    (MOVES, total(1)),
    (worst(1), MOVES),
]


def every_plan(instance: Instance, x: Measure, y: Measure) -> set[tuple[float, float]]:
    """Return what every plan that respects the options has of both measures, if finite."""
    plan, options = instance.plan, instance.options
    scope = options.sectors or {"S0", "S1"}
    zones = [zone.id for zone in plan.zones if zone.sector in scope]
    kept = [plan.members(zone) for zone in zones if zone in options.locked_zones]
    kept = [block for block in kept if block]
    movable = [zone for zone in zones if zone not in options.locked_zones]
    free = [lycee for zone in movable for lycee in plan.members(zone)]
    if not free:
        return set()
    values = set()
    for _, blocks in partitions(instance, free):
        if allowed(instance, blocks, len(kept)):
            values.add(tuple(value_of(instance, one, blocks, kept) for one in (x, y)))
    return {pair for pair in values if max(pair) < inf}


def value_of(instance: Instance, measure: Measure, blocks: list[Block], kept: list[Block]) -> float:
    if measure.of is None:
        return fewest_moves(instance, blocks)
    uses = [measure.of.of_zone(block) for block in [*blocks, *kept]]
    if measure.worst:
        return max(uses, default=0)
    return sum(uses)


def fewest_moves(instance: Instance, blocks: list[Block]) -> float:
    """Return the fewest moves over the ways to give each block an old zone of its own, or none."""
    least = {frozenset[str](): 0.0}
    for block in blocks:
        more: dict[frozenset[str], float] = {}
        for used, count in least.items():
            for zone in {"", *(instance.plan.zone_by_lycee[lycee] for lycee in block)} - used:
                taken = used | ({zone} if zone else set())
                moved = count + moves(instance, block, zone)
                more[taken] = min(moved, more.get(taken, inf))
        least = more
    return min(least.values())


def undominated(values: set[tuple[float, float]]) -> list[tuple[float, float]]:
    return sorted(
        (x, y)
        for x, y in values
        if not any((a <= x and b <= y) and (a, b) != (x, y) for a, b in values)
    )


def drawn(instance: Instance, x: Measure, y: Measure, **options: Any) -> Front:
    return front(instance.plan, instance.times, x, y, instance.options, **options)


def free(instance: Instance) -> Instance:
    """Return the instance with few conditions left, so that many plans are to be compared."""
    few = PartitionOptions(
        change_sector=True, size_min=1, size_max=3, locked_lycees=instance.options.locked_lycees
    )
    return Instance(instance.plan, instance.times, few)


@pytest.mark.parametrize(("x", "y"), PAIRS, ids=lambda measure: measure.key)
@hypothesis.settings(max_examples=25, phases=[hypothesis.Phase.generate])
@given(instances(most=6), st.booleans(), st.integers(2, 4))
def test_points_are_on_the_front_of_every_plan_and_both_ends_are_there(
    x: Measure, y: Measure, instance: Instance, freely: bool, points: int
) -> None:
    instance = free(instance) if freely else instance.with_options(max_moves=None)
    shown = drawn(instance, x, y, points=points)
    assert shown.complete
    best = undominated(every_plan(instance, x, y))
    found = [(point.x, point.y) for point in shown.points]
    if not best:
        assert not found
        assert shown.why
        return
    assert set(found) <= set(best)
    assert found == sorted(found)
    assert found[0] == best[0]
    assert found[-1] == best[-1]
    if MOVES in {x, y}:
        assert found == best
