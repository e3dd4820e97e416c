"""Proposals under what a scenario locks."""

from geozones.domain.decisions import Locks
from geozones.optimize import PartitionOptions
from geozones.workspace.figures.plan_comparison import verdict_on
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.search import as_good_as, judge_result, judge_steps
from geozones.workspace.proposals.solve import frontier, propose
from helpers.studies import locked

VENDEE = PartitionOptions(sectors=frozenset({"vendee"}))
MAYENNE = PartitionOptions(sectors=frozenset({"mayenne"}), without=frozenset({"all"}))


def test_what_is_locked_stays_where_it_is_and_a_locked_sector_has_nothing_better(
    study: Study,
) -> None:
    free = propose(study, MAYENNE)
    assert free.moves
    moved = free.moves[0].lycee
    for locks in (
        Locks().with_lock("lycee", moved, "arbitrage"),
        Locks().with_lock("zone", study.plan.zone_of(moved).id, "arbitrage"),
        Locks().with_lock("sector", "mayenne", "arbitrage"),
    ):
        held = propose(locked(study, locks), MAYENNE)
        assert held.plan.zone_of(moved) == study.plan.zone_of(moved)
        assert held.objective_after >= free.objective_after
    locks = Locks().with_lock("sector", "mayenne", "arbitrage")
    curve = frontier(locked(study, locks), MAYENNE)
    assert curve.best.moves == ()
    assert curve.best.plan == study.plan


def test_each_move_of_a_proposal_is_judged_against_the_plan_before_it_and_none_is_equivalent(
    study: Study,
) -> None:
    proposed = propose(study, MAYENNE)
    plan = proposed.plan
    for move in proposed.moves:
        plan = plan.move(move.lycee, move.origin)
    for move, judgement in zip(proposed.moves, judge_steps(study, proposed), strict=True):
        after = plan.move(move.lycee, move.target)
        expected = verdict_on(study.with_plan(plan), study.with_plan(after))
        assert judgement == expected
        plan = after
    assert judge_result(study, proposed) == verdict_on(study, study.with_plan(plan))
    held = propose(locked(study, Locks().with_lock("sector", "mayenne", "vu")), MAYENNE)
    assert judge_result(study, held).short == "équivalent"
    assert judge_steps(study, held) == ()


def test_fewer_moves_are_as_good_as_the_best_where_the_model_does_not_tell_them_apart(
    study: Study,
) -> None:
    curve = frontier(study, VENDEE)
    told = [as_good_as(study, point.result, curve.best) for point in curve.points]
    left = [point.result.objective_after - curve.best.objective_after for point in curve.points]
    assert told[-1]
    assert not told[0]
    assert all(hours > 0 for hours, tie in zip(left, told, strict=True) if not tie)
