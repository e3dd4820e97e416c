"""Proposals: searches, locks, the first one shown."""

import re
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain.decisions import Locks
from geozones.domain.proposal_conditions import ProposalConditions
from geozones.optimize import PartitionOptions
from geozones.workspace.figures.plan_comparison import judge_studies, verdict_on
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import ENOUGH, proposal_of
from geozones.workspace.proposals.search import (
    PlanJob,
    PlanRequest,
    as_good_as,
    judge_result,
    judge_steps,
    plan_job,
    points_of,
    shown_plan,
    sufficient_moves,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import (
    frontier,
    options_of,
    propose,
    robustness_of,
    search_options,
)
from helpers.fixture_types import Draw
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


ASKED: dict[str, Any] = {"sectors": frozenset({"mayenne"}), "without": {"all"}}


def searched(study: Study, **asked: Any) -> PlanJob:
    search = plan_job(PlanRequest(study, options_of(**ASKED | asked))).start()
    search.wait()
    assert not search.is_running
    return search


def test_a_search_stopped_at_once_keeps_the_best_it_has(study: Study) -> None:
    options = options_of(size_min=3, change_sector=True, max_minutes=90.0)
    search = plan_job(PlanRequest(study, options)).start()
    search.cancel()
    search.wait()
    assert search.is_cancelled
    assert not search.outcome.frontier.complete
    best = search.outcome.frontier.best
    assert best.objective_after <= best.objective_before
    assert best.bound <= best.objective_after


def test_a_question_without_an_answer_says_why(study: Study) -> None:
    held = searched(study, max_minutes=20.0)
    assert points_of(held.outcome.frontier) == ()
    assert "impossibles à placer : Blaise Pascal" in held.outcome.frontier.why
    lost = searched(study, sectors=frozenset({"nulle-part"}))
    assert lost.outcome is None
    assert "nulle-part" in lost.problem
    with pytest.raises(InputError, match="plus petite que la taille minimale"):
        options_of(size_min=5, size_max=3)


def test_the_packages_shown_are_the_fewest_that_hold_nine_tenths_of_the_gain(
    study: Study,
) -> None:
    options = search_options(study, ProposalConditions(sectors=("nantes", "nord-loire", "sarthe")))
    best = propose(study, options)
    proposal = proposal_of(study, best.plan, options)
    gains = sorted((package.gain for package in proposal.packages), reverse=True)
    held = sum(package.gain for package in proposal.better)
    assert held >= ENOUGH * sum(gains)
    fewer = len(proposal.better) - 1
    assert sum(gains[:fewer]) < ENOUGH * sum(gains)
    moved = {lycee for package in proposal.better for lycee in package.lycees}
    shown = shown_plan(proposal)
    assert {lycee for lycee, _, _ in shown.moves_from(study.plan)} == moved
    assert sufficient_moves(study, options, best) == len(moved)


def test_what_is_inside_the_error_of_the_model_is_not_proposed(study: Study) -> None:
    options = search_options(study, ProposalConditions(sectors=("mayenne",)))
    curve = frontier(study, options)
    results = [point.result for point in curve.points]
    best = results[-1]
    assert judge_studies(study, study.with_plan(best.plan)).is_tie
    assert sufficient_moves(study, options, best) == 0
    said = sufficient_sentence(study, 0, best)
    assert re.fullmatch(r"Rien à proposer : aucun plan ne fait mieux de plus de \d+ h\.", said)


def test_what_gains_nothing_in_the_mean_over_the_draws_is_not_proposed(
    toy: Study, toy_of: Draw
) -> None:
    start = toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI"))
    worse = toy_of(N1="ABI", N2="CDEF", S1="GH")
    assert robustness_of(start, worse).gain < 0
    proposal = proposal_of(start, worse, options_of(size_min=2))
    assert not proposal.is_better
    assert proposal.better == tuple(one for one in proposal.packages if one.is_asked)


def test_what_the_conditions_ask_for_is_never_apart(toy: Study, toy_of: Draw) -> None:
    """Zones of two lycées where three are asked: the moves are due, sure to gain or not."""
    start = toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI"))
    after = toy_of(N1="ABC", N2="DEF", S1="GHI")
    due = proposal_of(start, after, options_of(size_min=3))
    (package,) = due.packages
    assert package.is_asked
    assert due.better == due.packages
