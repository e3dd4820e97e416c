"""Packages of a proposal: each by itself, accepted, taken back, set aside."""

import re
from dataclasses import replace
from itertools import permutations

import pytest

from geozones.domain.events import State, read_change
from geozones.domain.plan import plan_of
from geozones.domain.teams import Post, Teams
from geozones.metrics.metric_changes import change_text
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import (
    PlanProposal,
    ProposedPackage,
    event_of,
    is_accepted,
    needed_first,
    obstacle,
    package_now,
    proposal_of,
    sort_packages,
)
from geozones.workspace.proposals.solve import options_of, propose, robustness_of
from helpers.fixture_types import Draw

THREE = options_of(size_min=3)


def accepted(proposal: PlanProposal, packages: list[ProposedPackage], state: State) -> State:
    return read_change("redraw", event_of(proposal, packages, state)).apply(state)


@pytest.fixture
def linked(toy: Study, toy_of: Draw) -> PlanProposal:
    """Two packages: the bound on posts lets the second in once the first is accepted."""
    needs = {"A": 6, "B": 2, "C": 6, "D": 10, "E": 6, "F": 6, "G": 2, "H": 10, "I": 2}
    settings = replace(toy.settings.cost, absence_weight=0.0)
    start = toy.with_teams(Teams(needs=needs)).with_cost_settings(settings)
    start = start.with_plan(toy_of(N1="ABF", N2="EI", S1="CDGH"))
    return PlanProposal(start, toy_of(N1="AF", N2="BCI", S1="DEGH"), options_of(size_min=2))


@pytest.fixture
def swapped(toy: Study, toy_of: Draw) -> PlanProposal:
    """Two swaps put the toy region back in order: A with D, and I with F."""
    start = toy.with_plan(toy_of(N1="BCD", N2="AEI", S1="FGH"))
    return proposal_of(start, toy_of(N1="ABC", N2="DEF", S1="GHI"), THREE)


SECTORS = frozenset({"maine-et-loire", "nantes", "sarthe"})


@pytest.fixture(scope="module")
def region(study: Study) -> PlanProposal:
    """The best plan of three sectors."""
    options = options_of(sectors=SECTORS)
    return proposal_of(study, propose(study, options).plan, options)


def test_lycees_that_change_places_go_together_and_the_greatest_gain_comes_first(
    swapped: PlanProposal,
) -> None:
    assert {package.lycees for package in swapped.packages} == {("A", "D"), ("F", "I")}
    gains = [package.gain for package in swapped.packages]
    assert gains == sorted(gains, reverse=True)
    assert min(gains) > 0
    (one,) = (package for package in swapped.packages if "A" in package.lycees)
    assert one.reason == (
        "Ampère (Aubigny) → Les Sources ; Descartes (Doué) → Le Bocage ; "
        "la zone Le Bocage n'est plus d'un seul tenant"
    )


def test_a_package_tells_what_it_changes_by_itself(swapped: PlanProposal) -> None:
    for package in swapped.packages:
        after = swapped.study.with_plan(accepted(swapped, [package], swapped.study.state).plan)
        assert package.robustness == robustness_of(swapped.study, after.plan)
        assert package.change == plan_change(swapped.study, after)
        told = {change.metric.key: change for change in package.change.figures}
        posts = told["posts"]
        assert (posts.before, posts.after) == (swapped.study.cost().posts, after.cost().posts)
        # all the figures are told even where they do not change
        lines = " ".join(package.change.told).replace(" des zones touchées", "")
        assert all(change_text(change) in lines for change in package.change.figures)
        if "A" in package.lycees:  # the other goes from a sector with a centre to one without
            gain = swapped.study.cost().total_hours - after.cost().total_hours
            assert package.gain == pytest.approx(gain)


def test_packages_are_accepted_in_any_order_and_no_zone_is_left_short(region: PlanProposal) -> None:
    assert len(region.packages) >= 3
    needed = {
        region.packages.index(package): needed_first(region, package, region.before)
        for package in region.packages
    }
    orders = [
        order
        for order in permutations(region.packages)
        if all(
            order.index(first) < order.index(region.packages[rank])
            for rank, others in needed.items()
            for first in others
        )
    ]
    for order in orders[:24]:
        state = region.study.state
        for package in order:
            assert obstacle(region, [package], state.plan) == ""
            state = accepted(region, [package], state)
            assert is_accepted(package, state.plan)
            small = [zone.id for zone in state.plan.zones if len(state.plan.members(zone.id)) < 3]
            assert small == []
        assert state.plan.zone_by_lycee == region.after.zone_by_lycee
    assert accepted(region, [*region.packages], region.study.state).plan == state.plan


def test_once_a_package_is_accepted_the_others_are_told_from_the_plan_as_it_is(
    linked: PlanProposal,
) -> None:
    """The second package needs the first, which makes room for it."""
    study = linked.study
    first, more = linked.packages
    again = package_now(linked, more, study)
    assert (again.moves, again.change) == (more.moves, more.change)
    now = study.with_plan(accepted(linked, [first], study.state).plan)
    told = package_now(linked, more, now)
    assert told.moves == more.moves
    both = now.with_plan(linked.after)
    assert told.robustness == robustness_of(now, both.plan)
    assert told.gain == pytest.approx(now.cost().total_hours - both.cost().total_hours)
    assert told.change == plan_change(now, both)
    elsewhere = study.with_plan(study.plan.move(more.lycees[0], "N1"))
    assert package_now(linked, more, elsewhere) is None


def test_zones_are_made_and_those_left_without_lycees_are_removed(toy: Study) -> None:
    plan = toy.plan
    made = replace(plan.zone("N1"), id="N3", own_name="Nouvelle")
    where = {**plan.zone_by_lycee, **dict.fromkeys("ABC", "N3")}
    proposal = proposal_of(toy, plan_of(plan.sectors, (*plan.zones, made), where), THREE)
    (only,) = proposal.packages
    assert only.reason.endswith("→ Nouvelle (zone nouvelle) ; la zone Les Sources disparaît")
    done = accepted(proposal, [only], toy.state).plan
    assert [zone.id for zone in done.zones] == ["N2", "S1", "N3"]
    assert done.members("N3") == ("A", "B", "C")
    post = Post("P", "N1")
    held = replace(toy.state, teams=toy.teams.with_posts(("N1",), [post]))
    assert "N1" in {zone.id for zone in accepted(proposal, [only], held).plan.zones}


def test_a_package_whose_lycees_moved_since_says_so(swapped: PlanProposal) -> None:
    one, other = swapped.packages
    moved = swapped.before.move(one.lycees[0], "S1" if "A" in one.lycees else "N1")
    name = swapped.study.name(one.lycees[0])
    assert obstacle(swapped, [one], moved) == f"{name} a bougé depuis."
    gone = plan_of(
        moved.sectors,
        moved.zones,
        {key: zone for key, zone in swapped.before.zone_by_lycee.items() if key not in one.lycees},
    )
    assert "ont bougé depuis" in obstacle(swapped, [one], gone)
    assert obstacle(swapped, [other], swapped.before) == ""


def test_a_plan_changed_by_hand_is_never_left_with_a_zone_of_one(toy: Study, toy_of: Draw) -> None:
    start = toy.with_plan(toy_of(N1="ABCD", N2="EF", S1="GHI"))
    proposal = proposal_of(start, toy_of(N1="ABC", N2="DEF", S1="GHI"), THREE)
    (only,) = proposal.packages
    assert obstacle(proposal, [only], start.plan) == ""
    by_hand = toy_of(N1="CD", N2="ABEF", S1="GHI")
    assert "La zone Les Sources aurait 1\u00a0lycée" in obstacle(proposal, [only], by_hand)


def test_a_zone_or_a_lycee_that_came_or_went_since_is_told(swapped: PlanProposal) -> None:
    one = next(package for package in swapped.packages if "A" in package.lycees)
    plan = swapped.before
    fewer = plan_of(
        plan.sectors,
        [zone for zone in plan.zones if zone.id != "N1"],
        {
            key: "S1" if zone == "N1" and key != "D" else "N2"
            for key, zone in plan.zone_by_lycee.items()
        },
    )
    assert obstacle(swapped, [one], fewer) != ""
    more = plan_of(plan.sectors, plan.zones, {**plan.zone_by_lycee, "X53": "N1"})
    assert "a reçu un lycée depuis" in obstacle(swapped, [one], more)


def test_a_package_that_a_total_forbids_is_accepted_after_the_one_that_makes_room_for_it(
    linked: PlanProposal,
) -> None:
    study = linked.study

    (more,) = (p for p in linked.packages if needed_first(linked, p, study.plan))
    (first,) = needed_first(linked, more, study.plan)
    said = obstacle(linked, [more], study.plan)
    assert re.fullmatch(r"Le secteur \w+ aurait (\d+)\u00a0postes, contre (\d+) avant\.", said)
    assert obstacle(linked, [first], study.plan) == ""
    assert obstacle(linked, [first, more], study.plan) == ""
    then = accepted(linked, [first], study.state).plan
    assert obstacle(linked, [more], then) == ""
    assert needed_first(linked, more, then) == ()
    lifted = options_of(size_min=2, without=frozenset({"sector_posts", "two_post_zones"}))
    assert obstacle(proposal_of(study, linked.after, lifted), [more], study.plan) == ""


def test_a_zone_left_in_pieces_by_a_package_is_named(toy: Study, toy_of: Draw) -> None:
    start = toy.with_plan(toy_of(N1="ABC", N2="DEF", S1="GHI"))
    near = {key: beside - {"F"} for key, beside in start.territory.neighbours.items()}
    near["F"] = frozenset()
    territory = replace(start.territory, neighbours=near)
    apart = replace(start, analysis=replace(start.analysis, territory=territory))
    proposal = proposal_of(apart, apart.plan.move("F", "S1"), options_of(size_min=2))
    (only,) = proposal.packages
    assert only.reason.endswith("; la zone La Côte n'est plus d'un seul tenant")
    assert "zone_in_one_piece" in {breach.rule for breach in only.breaches}


def test_all_is_left_at_first_and_the_better_packages_are_shown(linked: PlanProposal) -> None:
    found = sort_packages(linked, (), linked.before)
    assert (found.left, found.accepted, found.aside) == (linked.packages, (), {})
    assert (found.before, found.after) == (linked.before, linked.better_plan)


def test_a_package_set_aside_takes_along_the_one_that_needs_it(linked: PlanProposal) -> None:
    (more,) = (one for one in linked.packages if needed_first(linked, one, linked.before))
    (first,) = needed_first(linked, more, linked.before)
    found = sort_packages(linked, {first.moves}, linked.before)
    assert found.left == ()
    assert found.aside == {first: (), more: (first,)}
    assert found.after == linked.before
    other = sort_packages(linked, {more.moves}, linked.before)
    assert (other.left, other.aside) == ((first,), {more: ()})
    assert set(other.after.moves_from(linked.before)) == set(first.moves)


def test_what_is_accepted_is_no_longer_shown_as_proposed(linked: PlanProposal) -> None:
    (more,) = (one for one in linked.packages if needed_first(linked, one, linked.before))
    (first,) = needed_first(linked, more, linked.before)
    now = (
        read_change("redraw", event_of(linked, [first], linked.study.state))
        .apply(linked.study.state)
        .plan
    )
    found = sort_packages(linked, (), now)
    assert (found.accepted, found.left) == ((first,), (more,))
    assert set(found.before.moves_from(linked.before)) == set(first.moves)
    whole = linked.plan_with((*found.accepted, *found.left))
    assert set(whole.moves_from(found.before)) == set(more.moves)
    # once the first is accepted, the other needs nothing that could be set aside
    assert sort_packages(linked, {first.moves}, now).aside == {}
