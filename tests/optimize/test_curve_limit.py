"""The curve up to so many moves: its best plan is within them, and its absence is told."""

from collections.abc import Callable
from typing import Any

from geozones.domain import Plan, SearchCancelledError
from geozones.domain.plan import plan_of
from geozones.optimize import Frontier, PartitionOptions, ProofStatus, frontier, propose
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.search import points_of


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
