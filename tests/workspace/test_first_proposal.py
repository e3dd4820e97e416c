"""The first proposal: the fewest moves that nothing betters, equivalent packages apart."""

import math
from dataclasses import replace

import pytest

from geozones.domain.proposal_conditions import ProposalConditions
from geozones.optimize import PartitionOptions
from geozones.workspace.plan_comparison import judge_studies
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage, proposal_of
from geozones.workspace.proposals.search import (
    PlanRequest,
    first_rank,
    plan_job,
    points_of,
    proposal_at,
    shown_plan,
    sufficient_moves,
)
from geozones.workspace.proposals.solve import frontier, options_of, propose, search_options
from geozones.workspace.study import Study
from helpers.fixture_types import Draw

SECTORS = ("maine-et-loire", "nantes", "nord-loire", "sarthe")


def unsure(study: Study, error: float) -> Study:
    times, width = study.times, math.exp(1.2816 * error)
    unsure_times = replace(times, low=times.minutes / width, high=times.minutes * width)
    return replace(study, analysis=replace(study.analysis, times=unsure_times))


def equivalents(proposal: PlanProposal) -> tuple[ProposedPackage, ...]:
    return tuple(package for package in proposal.packages if package.is_equivalent)


@pytest.mark.parametrize("sector", SECTORS)
def test_no_more_moves_are_better_than_the_first_proposal_and_fewer_are_bettered(
    study: Study, sector: str
) -> None:
    curve = frontier(study, PartitionOptions(sectors=frozenset({sector})))
    results = [point.result for point in curve.points]
    first = first_rank(study, results)
    plans = [study.with_plan(result.plan) for result in results]
    for rank, plan in enumerate(plans[: first + 1]):
        bettered = any(judge_studies(plan, more).is_better for more in plans[rank + 1 :])
        assert bettered is (rank < first)


@pytest.mark.slow
def test_the_first_proposal_is_the_point_that_a_search_shows(study: Study) -> None:
    asked = PlanRequest(
        study, search_options(study, ProposalConditions(sectors=("maine-et-loire",)))
    )
    job = plan_job(asked).start()
    job.wait()
    assert job.outcome is not None
    points = points_of(job.outcome.frontier)
    assert job.outcome.first == first_rank(study, [point.result for point in points])
    assert 0 < job.outcome.first < len(points) - 1


def test_packages_that_the_error_swallows_are_apart_from_those_that_gain(study: Study) -> None:
    """In the region, the best plan joins a sure gain in Sarthe to what only may gain."""
    options = search_options(study, ProposalConditions(sectors=("nantes", "nord-loire", "sarthe")))
    best = propose(study, options)
    proposal = proposal_of(study, best.plan, options)
    assert proposal.better
    assert equivalents(proposal)
    for package in proposal.better:
        assert package.robustness.judgement.is_better
    for package in equivalents(proposal):
        assert package.robustness.judgement.is_tie
    moved = {lycee for package in proposal.better for lycee in package.lycees}
    shown = shown_plan(proposal)
    assert {lycee for lycee, _, _ in shown.moves_from(study.plan)} == moved
    kept = judge_studies(study.with_plan(shown), study.with_plan(best.plan))
    enough = sufficient_moves(study, options, best)
    assert enough == (len(best.moves) if kept.is_better else len(moved))


def test_where_every_package_may_gain_nothing_the_whole_plan_is_shown(study: Study) -> None:
    options = search_options(study, ProposalConditions(sectors=("sarthe",)))
    best = propose(study, options)
    proposal = proposal_of(unsure(study, 5.0), best.plan, options)
    assert proposal.better == ()
    assert shown_plan(proposal) == best.plan


def test_what_the_conditions_ask_for_is_never_apart(toy: Study, toy_of: Draw) -> None:
    """Zones of two lycées where three are asked: the moves are due, sure to gain or not."""
    start = unsure(toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI")), 5.0)
    after = toy_of(N1="ABC", N2="DEF", S1="GHI")
    due = proposal_of(start, after, options_of(size_min=3))
    free = proposal_of(start, after, options_of(size_min=2))
    (package,) = due.packages
    assert package.robustness.judgement.is_tie
    assert due.better == due.packages
    assert equivalents(free) == free.packages


def test_a_point_is_cut_as_its_plan(study: Study) -> None:
    asked = PlanRequest(study, PartitionOptions(sectors=frozenset({"sarthe"})))
    *_, best = points_of(frontier(study, asked.options))
    assert proposal_at(asked, best).after == best.result.plan
