"""The front of two measures against every partition; what is said where there is none."""

import sys
from math import inf
from pathlib import Path
from pickle import dumps, loads
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.optimize import Front, InProcess, PartitionOptions, front
from geozones.optimize.front_search import Measure
from geozones.workspace.study import Study
from helpers.slow_params import slow_but

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import AnyCost, Block, Instance, allowed, instances, moves, partitions

MOVES = Measure("moves", "déplacements", "", None, step=0.5)


class FewValues(AnyCost):
    """Zones have 0 to 4 of it, so that many plans are equal by one measure and not by another."""

    def of_zone(self, block: Block) -> float:
        own = super().of_zone(block)
        return own if own == inf else own // 50


def total(seed: int) -> Measure:
    return Measure(f"total {seed}", f"points {seed}", "", FewValues(seed, bounded=False), step=0.5)


def worst(seed: int) -> Measure:
    return Measure(
        f"worst {seed}", f"pires {seed}", "", FewValues(seed, bounded=False), worst=True, step=0.5
    )


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


@pytest.mark.parametrize(
    ("x", "y"),
    slow_but(PAIRS, (total(1), total(2)), (worst(1), worst(2)), (MOVES, total(1))),
    ids=lambda measure: measure.key,
)
@hypothesis.settings(max_examples=20, phases=[hypothesis.Phase.generate])
@given(instances(most=6), st.sampled_from([1, 1, 0]), st.sampled_from([2, 2, 3, 4]))
def test_points_are_on_the_front_of_every_plan_and_both_ends_are_there(
    x: Measure, y: Measure, instance: Instance, freely: int, points: int
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


def asked(toy: Study, points: int = 5, progress: Any = None, **options: Any) -> Front:
    executor = options.pop("executor", None)
    few = PartitionOptions(**{"size_min": 1, "size_max": 4} | options)
    x, y = Measure("t", "trajets", "min", AnyCost(3, bounded=False)), total(4)
    return front(
        toy.plan, toy.times, x, y, few, points=points, progress=progress, executor=executor
    )


class Elsewhere(InProcess):
    """Solves what was sent and come back, as another process would."""

    def solve_all(self, subproblems: Any, progress: Any) -> Any:
        sent = loads(dumps(subproblems))  # noqa: S301 - its own
        return super().solve_all(sent, progress)


def test_other_processes_find_the_same_points(toy: Study) -> None:
    here, there = asked(toy), asked(toy, executor=Elsewhere())
    assert len(here.points) > 2
    assert [(p.x, p.y) for p in here.points] == [(p.x, p.y) for p in there.points]
    assert [p.result.plan for p in here.points] == [p.result.plan for p in there.points]


def test_a_front_stopped_on_the_way_keeps_the_points_found(toy: Study) -> None:
    def stop(phase: str, *_: float) -> None:
        if phase.startswith("1 compromis"):
            raise SearchCancelledError

    stopped, whole = asked(toy, progress=stop), asked(toy)
    assert not stopped.complete
    assert 2 <= len(stopped.points) < len(whole.points)
    assert {(p.x, p.y) for p in stopped.points} <= {(p.x, p.y) for p in whole.points}


def test_no_plan_at_all_is_told_with_names_before_any_search(toy: Study) -> None:
    none = asked(toy, max_minutes=1.0, size_min=3)
    assert not none.points
    assert "est à" in none.why
    assert "1\u00a0min" in none.why


@pytest.mark.parametrize("points", [1, 1000])
def test_too_few_points_or_too_many_are_refused(toy: Study, points: int) -> None:
    with pytest.raises(InputError, match="de 2 à 60 points"):
        asked(toy, points=points)


def test_two_measures_that_are_one_are_refused(toy: Study) -> None:
    with pytest.raises(InputError, match="deux mesures différentes"):
        front(toy.plan, toy.times, total(1), total(1))


def test_a_locked_zone_counts_in_the_worst_one(toy: Study) -> None:
    zone = toy.plan.zones[0]
    held = FewValues(1, bounded=False).of_zone(toy.plan.members(zone.id))
    options = PartitionOptions(size_min=1, size_max=4, locked_zones={zone.id})
    shown = front(toy.plan, toy.times, worst(1), total(4), options, points=3)
    assert shown.points[0].x >= held
