"""Proposals keep the rules unless a planner lifts them; what a plan breaks anew is told."""

import re
from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import RULES
from geozones.domain.teams import ExceptionCause, Post, PostException, Teams
from geozones.optimize import PartitionOptions, ProofStatus
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import PlanProposal
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.search import PlanRequest, plan_job, rules_to_lift
from geozones.workspace.proposals.solve import constrained, frontier, propose
from helpers.fixture_types import Draw

ONE_PIECE, MINUTES, RELEVE = "zone_in_one_piece", "zone_minutes", "worst_releve_minutes"
AVERAGE, POSTS = "sector_average", "dedicated_posts"
HEADCOUNT, TWO_POSTS = "sector_posts", "two_post_zones"
MAYENNE = PartitionOptions(sectors=frozenset({"mayenne"}), max_moves=3)


def test_a_proposal_breaks_no_rule_anew_that_it_breaks_where_they_are_lifted(
    study: Study,
) -> None:
    asked = PartitionOptions(sectors=frozenset({"sarthe"}), max_moves=3)
    kept = propose(study, asked)
    assert kept.status is ProofStatus.OPTIMAL
    assert made_anew(study, kept.plan) == ()
    free = propose(study, replace(asked, without=frozenset({"all"})))
    assert ONE_PIECE in {breach.rule for breach in made_anew(study, free.plan)}
    assert free.objective_after < kept.objective_after


def test_a_zone_that_breaks_a_rule_today_may_stay_and_points_of_a_curve_keep_the_others(
    study: Study,
) -> None:
    broken = [breach.zone for breach in study.check() if breach.rule in {ONE_PIECE, MINUTES}]
    assert broken
    still = propose(study, PartitionOptions(max_moves=0))
    assert still.status is ProofStatus.OPTIMAL
    assert still.plan == study.plan
    curve = frontier(study, PartitionOptions(sectors=frozenset({"maine-et-loire"})))
    assert curve.complete
    assert len(curve.points) > 1
    for point in curve.points:
        assert made_anew(study, point.result.plan) == ()


def test_the_rules_kept_are_those_that_are_checked(study: Study) -> None:
    def kept(asked: Study, options: PartitionOptions) -> list[str]:
        bound = constrained(asked, options)
        return [bound.label(rule) for rule in RULES if bound.imposes(rule)]

    assert kept(study, MAYENNE) == [
        "d'un seul tenant",
        "sous le seuil de 45\u00a0min",
        "relève pas plus lente qu'aujourd'hui (28\u00a0min)",
        "3 à 5 lycées en moyenne dans chaque secteur",
        "pas plus de postes qu'aujourd'hui",
        "pas plus de zones de deux postes qu'aujourd'hui",
    ]
    assert len(kept(study.without_tool_rules(), MAYENNE)) == 2
    opened = replace(MAYENNE, sectors=MAYENNE.sectors | {"nord-loire"}, change_sector=True)
    two = kept(study, opened)
    assert not any("en moyenne" in label for label in two)
    assert any(re.search(r"\(28 à \d+\u00a0min selon le secteur\)", label) for label in two)


def test_a_proposal_takes_no_more_posts_nor_zones_of_two_posts_than_today(study: Study) -> None:
    sector = "maine-et-loire"

    def used(plan: Plan) -> tuple[int, int]:
        after = study.with_plan(plan)
        zones = [after.cost(zone_id=zone.id) for zone in plan.zones_of(sector)]
        return sum(c.posts for c in zones), sum(c.posts == 2 for c in zones)

    asked = PartitionOptions(sectors=frozenset({sector}))
    posts, two = used(study.plan)
    kept = propose(study, asked)
    assert kept.moves
    assert used(kept.plan)[0] <= posts
    assert used(kept.plan)[1] <= two
    lifted = propose(study, replace(asked, without=frozenset({HEADCOUNT, TWO_POSTS})))
    assert used(lifted.plan)[0] > posts
    assert lifted.objective_after < kept.objective_after


def test_a_rule_that_is_none_is_refused_by_its_name() -> None:
    with pytest.raises(InputError, match="« bords » : parmi zone_in_one_piece, zone_minutes"):
        PartitionOptions(without=frozenset({"bords"}))
    assert len(PartitionOptions(without=frozenset({"all"})).without) == 7


def test_lycees_where_a_post_of_their_zone_is_due_stay_in_it(toy: Study, toy_of: Draw) -> None:
    start = toy.with_plan(toy_of(N1="ABF", N2="DEC", S1="GHI"))
    sizes = PartitionOptions(size_min=3, size_max=3)
    assert propose(start, sizes).moves
    post = Post("p", "N1", cells=("F", *[None] * 9))
    # one post where needs fill more: another zone would take more than today
    sizes = replace(sizes, without=frozenset({HEADCOUNT}))
    due = start.with_teams(Teams(posts=(post,)))
    kept = propose(due, sizes)
    assert kept.plan.zone_of("F").id == "N1"
    assert not {breach.rule for breach in made_anew(due, kept.plan)} & {POSTS}
    lifted = propose(due, replace(sizes, without=frozenset({POSTS, HEADCOUNT})))
    assert lifted.plan.zone_of("F").id == "N2"
    assert POSTS in {breach.rule for breach in made_anew(due, lifted.plan)}
    allowed = Teams(posts=(post,), exceptions={"p": PostException(ExceptionCause.REMOTENESS)})
    assert propose(start.with_teams(allowed), sizes).plan.zone_of("F").id == "N2"


def test_the_rules_without_which_there_is_a_plan_are_told_one_by_one(
    toy: Study, toy_of: Draw
) -> None:
    start = toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI"))
    sizes = PartitionOptions(size_min=3, size_max=3)
    alone = {lycee: frozenset[str]() for lycee in start.plan.lycees}
    territory = replace(start.territory, neighbours=alone)
    apart = replace(start, analysis=replace(start.analysis, territory=territory))
    assert rules_to_lift(apart, sizes) == {(ONE_PIECE,): "« d'un seul tenant »"}
    # under a threshold that no pair keeps either, it takes both
    strict = replace(apart, analysis=apart.analysis.with_max_minutes(10))
    far = replace(strict, analysis=replace(strict.analysis, territory=territory))
    assert rules_to_lift(far, sizes) == {
        (ONE_PIECE, MINUTES): "« d'un seul tenant » et « sous le seuil de 10\u00a0min »"
    }
    # four lycées do not make zones of three, whatever the rules
    assert rules_to_lift(apart, replace(sizes, size_min=4, size_max=4)) == {}
    job = plan_job(PlanRequest(apart, sizes)).start()
    job.wait()
    assert job.outcome.rules_to_lift == {(ONE_PIECE,): "« d'un seul tenant »"}


def test_a_search_cut_short_does_not_claim_that_lifting_rules_is_useless(
    toy: Study, toy_of: Draw
) -> None:
    start = toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI"))
    hurried = PartitionOptions(size_min=3, size_max=3, time_limit=1e-6)
    assert propose(start, hurried).status is ProofStatus.UNKNOWN
    assert rules_to_lift(start, hurried) is None


def test_a_lycee_that_a_rule_isolates_is_named_and_the_rule_is_the_one_to_lift(
    toy: Study, toy_of: Draw
) -> None:
    start = toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI"))
    strict = replace(start, analysis=start.analysis.with_max_minutes(10))
    sizes = PartitionOptions(size_min=3, size_max=3)
    assert "impossibles à placer : Ampère (Aubigny)" in propose(strict, sizes).why
    assert rules_to_lift(strict, sizes) == {(MINUTES,): "« sous le seuil de 10\u00a0min »"}
    # a cap that isolates it as much is not a rule to lift
    capped = replace(sizes, max_minutes=10)
    assert propose(strict, capped).status is ProofStatus.INFEASIBLE
    assert rules_to_lift(strict, capped) == {}
    posts = tuple(
        Post(zone, zone, cells=(lycee, *[None] * 9))
        for zone, members in (("N1", "AB"), ("N2", "CDEF"))
        for lycee in members
    )
    due = start.with_teams(Teams(posts=posts))
    assert propose(due, sizes).status is ProofStatus.INFEASIBLE
    lifted = rules_to_lift(due, sizes)
    assert lifted is not None
    assert all(POSTS in rules for rules in lifted)


def test_packages_that_would_break_the_average_one_without_the_other_are_one(toy: Study) -> None:
    """One zone ends and another is made, far from it: alone, either changes the average."""
    sectors = tuple(replace(sector, support_centre=None) for sector in toy.plan.sectors)
    zones = [Zone(name, name, "nord") for name in ("Z1", "Z2", "Z3", "Z4", "Z5")]
    before = dict.fromkeys("ABC", "Z1") | dict.fromkeys("DE", "Z2") | dict.fromkeys("FGHI", "Z3")
    after = {**before, "D": "Z1", "E": "Z1", "H": "Z4", "I": "Z4"}
    start = toy.with_plan(plan_of(sectors, zones, before))
    asked = PartitionOptions(size_min=1, without=frozenset({ONE_PIECE, MINUTES, RELEVE}))
    proposal = PlanProposal(start, plan_of(sectors, zones, after), asked)
    (joined,) = proposal.packages
    assert len(joined.moves) == 4
    assert not any("en moyenne" in breach.message for breach in joined.breaches)
    apart = PlanProposal(start, proposal.after, replace(asked, without=frozenset({"all"})))
    assert len(apart.packages) == 2
    said = [breach.message for package in apart.packages for breach in package.breaches]
    assert any("en moyenne" in message for message in said)
