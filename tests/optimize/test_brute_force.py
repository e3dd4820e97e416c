"""Every answer against every partition, on small regions drawn at random."""

import re
from math import inf

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.cost import HoursModel
from geozones.domain import DecisionStatus, Plan, Provenance, Sector, TravelTimes, Zone
from geozones.domain.plan import plan_of
from geozones.optimize import (
    PartitionOptions,
    ProofStatus,
    Result,
    answer,
    candidates,
    frontier,
    propose,
)
from geozones.optimize.candidates import TooManyCandidatesError, moves_of_plans
from geozones.optimize.problem import build_problem
from tests.optimize.brute_force import (
    AnyCost,
    Instance,
    allowed,
    best_objective,
    every_plan,
    instances,
    labellings,
    moves,
)

EXACT = 1e-9


def ask(instance: Instance) -> Result:
    return propose(instance.plan, instance.times, instance.options)


def respects(instance: Instance, result: Result) -> bool:
    """Whether the result's plan respects the options, its own zones for labels."""
    plan, options = result.plan, instance.options
    scope = options.sectors or {"S0", "S1"}
    free, fixed = [], 0
    for zone in plan.zones:
        members = plan.members(zone.id)
        if zone.id in options.locked_zones or zone.sector not in scope:
            if members != instance.plan.members(zone.id):
                return False
            fixed += bool(members) and zone.sector in scope
        elif members:
            free.append(members)
    stays = all(
        plan.zone_by_lycee[x] == instance.plan.zone_by_lycee[x] for x in options.held_lycees
    )
    centres = all(
        plan.sector_of(sector.support_centre) == sector
        for sector in instance.plan.sectors
        if sector.support_centre is not None
    )
    moved = len(plan.moves_from(instance.plan)) <= (
        inf if options.max_moves is None else options.max_moves
    )
    return stays and centres and moved and allowed(instance, free, fixed)


@hypothesis.settings(max_examples=250)
@given(instances())
def test_the_objective_is_that_of_the_best_of_all_partitions(instance: Instance) -> None:
    result = ask(instance)
    best = best_objective(instance)
    if best is None:
        assert result.status is ProofStatus.INFEASIBLE
        assert result.why
        assert result.plan == instance.plan
        return
    assert result.status is ProofStatus.OPTIMAL
    assert result.objective_after == pytest.approx(best, abs=EXACT)
    assert result.bound <= result.objective_after
    assert result.gap == 0
    assert respects(instance, result)


@pytest.mark.slow
@hypothesis.settings(max_examples=40)
@given(instances(most=8), st.data())
def test_the_fewest_hours_are_those_of_the_best_of_all_partitions(
    instance: Instance, data: st.DataObject
) -> None:
    needs = {lycee: data.draw(st.integers(1, 20)) for lycee in instance.plan.lycees}
    hours = instance.with_options(cost=HoursModel(needs, instance.times))
    result, best = ask(hours), best_objective(hours)
    assert result.status is (ProofStatus.INFEASIBLE if best is None else ProofStatus.OPTIMAL)
    if best is not None:
        assert result.objective_after == pytest.approx(best, abs=1e-6)
        assert respects(hours, result)


@pytest.mark.slow
@hypothesis.settings(max_examples=200)
@given(instances(most=8), st.data())
def test_of_many_zones_the_likeliest_give_the_best_plan_or_bounds_that_hold_it(
    instance: Instance, data: st.DataObject
) -> None:
    """Only zones of low reduced cost are searched, and more while they hold no plan."""
    asked = instance.with_options(
        cost=data.draw(st.none() | st.builds(AnyCost, st.integers(0, 999))),
        max_moves=data.draw(st.none() | st.integers(0, 6)),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answer, "SEARCHED", data.draw(st.integers(1, 40)))
        result = ask(asked)
    best = best_objective(asked)
    if best is None:
        assert result.status is ProofStatus.INFEASIBLE
        return
    bounded_by(asked, result, best)
    if result.status is ProofStatus.OPTIMAL:
        assert result.objective_after == pytest.approx(best, abs=EXACT)


@pytest.mark.slow
@hypothesis.settings(max_examples=120)
@given(instances(most=8), st.data())
def test_zones_of_near_lycees_alone_prove_nothing_and_say_so(
    instance: Instance, data: st.DataObject
) -> None:
    asked = instance.with_options(change_sector=True, sectors=frozenset(), adjacent=None)
    best = best_objective(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "MAX_BYTES", 120 * data.draw(st.integers(3, 40)))
        patch.setattr(answer, "NEAREST", (4, 2, 1))
        try:
            result = ask(asked)
        except TooManyCandidatesError:
            return
    if "proches" not in result.why:
        assert result.status is (ProofStatus.INFEASIBLE if best is None else ProofStatus.OPTIMAL)
        return
    assert result.status in {ProofStatus.FEASIBLE, ProofStatus.UNKNOWN}
    if result.status is ProofStatus.FEASIBLE:
        assert best is not None
        bounded_by(asked, result, best)


def bounded_by(instance: Instance, result: Result, best: float) -> None:
    assert result.status in {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}
    assert respects(instance, result)
    assert result.bound <= best + EXACT
    assert result.objective_after >= best - EXACT


@pytest.mark.slow
@hypothesis.settings(max_examples=60)
@given(instances(most=7))
def test_no_plan_has_fewer_moves_than_is_said_of_one_of_its_zones(instance: Instance) -> None:
    asked = instance.with_options(max_moves=None, locked_zones=frozenset())
    problem = build_problem(asked.plan, asked.times, asked.options)
    for blocks in every_plan(asked):
        zones = sorted(set(asked.plan.zone_by_lycee.values()))
        needed = min(
            sum(moves(asked, *pair) for pair in zip(blocks, labels, strict=True))
            for labels in labellings(len(blocks), zones)
        )
        for block in blocks:
            numbers = sorted(problem.index[lycee] for lycee in block)
            assert moves_of_plans(problem, np.array([numbers], np.uint16))[0] <= needed


def test_a_zone_that_leaves_others_too_small_takes_the_moves_that_mend_them() -> None:
    """Three zones of three lycées, three at least in each."""
    lycees = [f"L{number}" for number in range(9)]
    zones = [Zone(f"Z{number}", f"Zone {number}", "S0") for number in range(3)]
    plan = plan_of(
        [Sector("S0", "S0", DecisionStatus.DRAFT)],
        zones,
        {lycee: f"Z{at // 3}" for at, lycee in enumerate(lycees)},
    )
    minutes = np.ones((9, 9))
    times = TravelTimes(tuple(lycees), tuple(lycees), minutes, minutes, Provenance("toy", "2025"))
    problem = build_problem(plan, times, PartitionOptions(size_min=3, size_max=5))
    said = moves_of_plans(problem, np.array([[0, 3, 6], [0, 1, 3], [0, 1, 2]], np.uint16))
    # One of each: two come, and two leave for the zones that they left short. Two of a zone: one
    # comes, one leaves in exchange. A zone as it is: none.
    assert said.tolist() == [4, 2, 0]


@hypothesis.settings(max_examples=40)
@given(instances(most=7))
def test_the_moves_said_to_be_needed_are_the_fewest(instance: Instance) -> None:
    still = instance.with_options(max_moves=0)
    said = re.search(r"au moins (\d+)\u00a0déplacement", ask(still).why)
    if said is None:
        assert (
            best_objective(still) is not None
            or best_objective(instance.with_options(max_moves=None)) is None
        )
        return
    assert best_objective(instance.with_options(max_moves=int(said[1]))) is not None
    assert best_objective(instance.with_options(max_moves=int(said[1]) - 1)) is None


@given(instances(most=8), st.randoms(use_true_random=False))
def test_permuting_the_input_changes_nothing(instance: Instance, random: st.DataObject) -> None:
    plan, times = instance.plan, instance.times
    order = list(range(len(times.origins)))
    random.shuffle(order)
    ids = [times.origins[at] for at in order]
    zones, sectors, pairs = list(plan.zones), list(plan.sectors), list(plan.zone_by_lycee.items())
    for items in (zones, sectors, pairs):
        random.shuffle(items)
    shuffled = Plan(tuple(sectors), tuple(zones), dict(pairs))
    turned = propose(shuffled, times.restricted(ids, ids), instance.options)
    straight = ask(instance)
    assert turned.plan.zone_by_lycee == straight.plan.zone_by_lycee
    assert turned.moves == straight.moves
    for field in ("status", "objective_before", "objective_after", "bound", "candidates", "why"):
        assert getattr(turned, field) == getattr(straight, field)


@given(instances(most=7))
def test_the_frontier_goes_down_from_the_plan_to_the_optimum(instance: Instance) -> None:
    free = instance.with_options(max_moves=None)
    curve = frontier(free.plan, free.times, free.options)
    best = ask(free)
    assert curve.complete
    if best.status is ProofStatus.INFEASIBLE:
        assert not curve.points
        assert curve.why
        return
    values = [point.result.objective_after for point in curve.points]
    assert values == sorted(values, reverse=True)
    assert values[-1] == pytest.approx(best.objective_after, abs=EXACT)
    assert all(value > values[-1] + EXACT for value in values[:-1])
    for point in curve.points:
        exact = best_objective(free.with_options(max_moves=point.max_moves))
        assert point.result.objective_after == pytest.approx(exact, abs=EXACT)
        assert point.result.status is ProofStatus.OPTIMAL
        assert len(point.result.moves) <= point.max_moves
    first = curve.points[0]
    if first.max_moves == 0:
        assert first.result.plan is free.plan
    else:
        assert best_objective(free.with_options(max_moves=first.max_moves - 1)) is None


@given(instances(most=7))
def test_doing_the_moves_one_by_one_leads_to_the_plan(instance: Instance) -> None:
    result = ask(instance)
    plan = plan_of(
        instance.plan.sectors, (*instance.plan.zones, *result.created), instance.plan.zone_by_lycee
    )
    for move in result.moves:
        assert plan.zone_by_lycee[move.lycee] == move.origin
        plan = plan.move(move.lycee, move.target)
    assert plan == result.plan


@pytest.mark.slow
@given(instances(most=8))
def test_an_unreachable_pair_never_shares_a_zone(instance: Instance) -> None:
    result = ask(instance)
    if result.status is ProofStatus.OPTIMAL and not instance.options.locked_zones:
        for zone in result.plan.zones:
            members = result.plan.members(zone.id)
            if not instance.options.sectors or zone.sector in instance.options.sectors:
                assert all(instance.minutes(a, b) < inf for a in members for b in members if a != b)
