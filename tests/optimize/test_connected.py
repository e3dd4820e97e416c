"""Sets in one piece grown by neighbours are all there are; what bounds a curve of plans."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geozones.domain import (
    DecisionStatus,
    Plan,
    Provenance,
    SearchCancelledError,
    Sector,
    TravelTimes,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.optimize import Frontier, PartitionOptions, ProofStatus, frontier, propose
from geozones.optimize.candidates import (
    compatible_pairs,
    connected_sets,
    enumerate_candidates,
)
from geozones.optimize.model import build_model
from geozones.optimize.problem import PartitionProblem, build_problem
from geozones.optimize.result import SearchMonitor
from geozones.optimize.solve import first_columns, relax, violated_triples
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.search import points_of

from .brute_force import AnyCost


@st.composite
def tables(draw: st.DrawFn) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Draw which of up to 9 lycées touch, and which may share a zone."""
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    size = draw(st.integers(1, 9))
    drawn = [np.triu(random.random((size, size)) < share, 1) for share in (0.4, 0.8)]
    adjacent, compatible = (table | table.T for table in drawn)
    return adjacent, compatible


def in_one_piece(zone: tuple[int, ...], adjacent: NDArray[np.bool_]) -> bool:
    around, left = {zone[0]}, set(zone[1:])
    while near := {a for a in left if any(adjacent[a, b] for b in around)}:
        around, left = around | near, left - near
    return not left


@given(tables())
def test_sets_in_one_piece_are_all_those_there_are(
    drawn: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> None:
    adjacent, compatible = drawn
    found = connected_sets(adjacent, compatible, 6, 1000, SearchMonitor())
    for size, sets in enumerate(found, start=1):
        expected = [
            zone
            for zone in combinations(range(len(adjacent)), size)
            if all(compatible[pair] for pair in combinations(zone, 2))
            and in_one_piece(zone, adjacent)
        ]
        assert [tuple(zone) for zone in sets.tolist()] == expected


def a_country(count: int, **asked: object) -> PartitionProblem:
    """Return lycées on a grid 6 wide, 10 minutes apart, in one zone that nobody has cut."""
    lycees = tuple(f"L{number:02}" for number in range(count))
    place = np.array([divmod(number, 6) for number in range(count)], float)
    minutes = 10 * np.abs(place[:, None] - place[None, :]).sum(axis=2)
    near = [(a, b) for a, b in combinations(range(count), 2) if minutes[a, b] == 10]
    return build_problem(
        plan_of(
            [Sector("S", "Pays", DecisionStatus.DRAFT)],
            [Zone("S-0", "À découper", "S")],
            dict.fromkeys(lycees, "S-0"),
        ),
        TravelTimes(lycees, lycees, minutes, minutes, Provenance("toy", "2025")),
        PartitionOptions(adjacent={(lycees[a], lycees[b]) for a, b in near}, **asked),
    )


def test_cuts_are_the_violated_ones_of_all_triples() -> None:
    problem = a_country(9, cost=AnyCost(3))
    listed = enumerate_candidates(problem, compatible_pairs(problem), SearchMonitor())
    cut = 0
    for seed in range(40):
        cost = np.random.default_rng(seed).uniform(1, 2, len(listed)) * listed.size
        model = build_model(problem, listed).with_cost(cost)
        root = relax(model, first_columns(model, listed), SearchMonitor())
        zones = [set(listed.zone(at)) for at in root.columns]
        expected = {
            triple
            for triple in combinations(range(9), 3)
            if sum(root.values[at] for at, z in enumerate(zones) if len(z & {*triple}) > 1) > 1.02
        }
        found = violated_triples(model, root)
        assert set(found) <= expected
        assert bool(found) == bool(expected)
        cut += len(found)
    assert cut


def test_a_country_that_nobody_has_cut_is_cut_into_zones_in_one_piece() -> None:
    problem = a_country(36, size_max=5)
    found = propose(problem.plan, problem.times, problem.options)
    adjacent = problem.zone_rules.adjacent
    zones = [found.plan.members(zone.id) for zone in found.plan.zones]
    numbers = [tuple(problem.index[lycee] for lycee in zone) for zone in zones if zone]
    assert found.status is ProofStatus.OPTIMAL
    assert adjacent is not None
    assert all(in_one_piece(zone, adjacent) for zone in numbers)
    assert sorted(lycee for zone in numbers for lycee in zone) == list(range(36))
    assert found.worst_after == max(
        problem.minutes[pair] for zone in numbers for pair in combinations(zone, 2)
    )


def drawn(toy: Study, plan: Plan, progress: Any = None, **options: Any) -> Frontier:
    asked = PartitionOptions(**{"size_min": 1} | options)
    return frontier(plan, toy.times, asked, progress=progress)


def test_the_best_of_a_curve_is_within_the_moves_asked(toy: Study, toy_of: Callable) -> None:
    swapped = toy_of(N1="ABF", N2="DEC", S1="GHI")
    curve = drawn(toy, swapped, size_min=3, size_max=3, max_moves=1)
    assert [point.max_moves for point in curve.points] == [0, 1]
    assert curve.best.moves == ()
    assert curve.best.plan is swapped
    assert curve.best.status is ProofStatus.OPTIMAL
    free = drawn(toy, swapped, size_min=3, size_max=3, max_moves=2)
    assert len(free.best.moves) == 2


def test_a_curve_without_any_point_says_how_many_moves_are_needed(
    toy: Study, toy_of: Callable
) -> None:
    plan = toy_of(N1="ABCDE", N2="F", S1="GHI")
    curve = drawn(toy, plan, size_min=3, size_max=3, max_moves=1)
    assert curve.points == ()
    assert curve.complete
    assert curve.best.status is ProofStatus.INFEASIBLE
    assert curve.best.plan is plan
    assert "Il faut au moins 2\u00a0déplacements" in curve.why == curve.best.why
    assert "1 est permis" in curve.why


def test_a_curve_stopped_on_the_way_stays_within_the_moves_asked(study: Study) -> None:
    def stop(phase: str, *_: float) -> None:
        if "3\u00a0déplacements" in phase:
            raise SearchCancelledError

    options = PartitionOptions(sectors={"maine-et-loire"}, max_moves=3)
    curve = frontier(study.plan, study.times, options, progress=stop)
    assert not curve.complete
    assert [point.max_moves for point in curve.points] == [0, 1, 2]
    assert len(curve.best.moves) <= 2
    assert curve.best.status is ProofStatus.FEASIBLE
    assert curve.best.bound < curve.best.objective_after
    assert [point.moves for point in points_of(curve)] == [0, 1, 2]


def test_a_curve_stopped_before_any_plan_says_so(toy: Study) -> None:
    def stop(*_: object) -> None:
        raise SearchCancelledError

    for asked in ({"size_max": 2}, {}):
        curve = drawn(toy, toy.plan, stop, **asked)
        assert curve.points == ()
        assert "laissez-lui plus de temps" in curve.why
    assert curve.best.status is ProofStatus.FEASIBLE


def test_zones_too_large_tell_at_least_how_many_moves_are_needed(study: Study) -> None:
    sector = study.plan.sector("mayenne")
    zones = [zone for zone in study.plan.zones if zone.sector == sector.id]
    lycees = {lycee for zone in zones for lycee in study.plan.members(zone.id)}
    assert len(lycees) > 12
    gathered = study.plan.zone_by_lycee | dict.fromkeys(lycees, zones[0].id)
    plan = plan_of(study.plan.sectors, study.plan.zones, gathered)
    options = PartitionOptions(sectors={"mayenne"}, max_moves=2)
    least = f"Il faut au moins {len(lycees) - 6}\u00a0déplacements"
    assert least in propose(plan, study.times, options).why
    curve = frontier(plan, study.times, options)
    assert least in curve.why
