"""The first proposal: the fewest moves and packages that hold nine tenths of the gain."""

import re

from geozones.domain.proposal_conditions import ProposalConditions
from geozones.workspace.figures.plan_comparison import judge_studies
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import ENOUGH, proposal_of
from geozones.workspace.proposals.search import (
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
