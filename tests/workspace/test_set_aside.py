"""Packages set aside: out of what is left, with those that need them, until they are taken back."""

import pytest

from geozones.domain.events import read_change
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import (
    PlanProposal,
    event_of,
    needed_first,
    sort_packages,
)
from helpers.fixture_types import Draw
from helpers.linked_packages import linked_packages


@pytest.fixture
def linked(toy: Study, toy_of: Draw) -> PlanProposal:
    return linked_packages(toy, toy_of)


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
