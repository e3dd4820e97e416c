"""Packages set aside: out of what is left, with those that need them, until they are taken back."""

import pytest

from geozones.domain.events import read_change
from geozones.workspace.proposals.packages import (
    PlanProposal,
    event_of,
    needed_first,
    proposal_of,
    sort_packages,
)
from geozones.workspace.proposals.solve import options_of, propose
from geozones.workspace.study import Study


@pytest.fixture(scope="module")
def anjou(study: Study) -> PlanProposal:
    """The best plan of Maine-et-Loire: of its two packages, one needs the other first."""
    options = options_of(sectors=frozenset({"maine-et-loire"}))
    return proposal_of(study, propose(study, options).plan, options)


def test_all_is_left_at_first_and_the_better_packages_are_shown(anjou: PlanProposal) -> None:
    found = sort_packages(anjou, (), anjou.before)
    assert (found.left, found.accepted, found.aside) == (anjou.packages, (), {})
    assert (found.before, found.after) == (anjou.before, anjou.better_plan)


def test_a_package_set_aside_takes_along_the_one_that_needs_it(anjou: PlanProposal) -> None:
    (more,) = (one for one in anjou.packages if needed_first(anjou, one, anjou.before))
    (first,) = needed_first(anjou, more, anjou.before)
    found = sort_packages(anjou, {first.moves}, anjou.before)
    assert found.left == ()
    assert found.aside == {first: (), more: (first,)}
    assert found.after == anjou.before
    other = sort_packages(anjou, {more.moves}, anjou.before)
    assert (other.left, other.aside) == ((first,), {more: ()})
    assert set(other.after.moves_from(anjou.before)) == set(first.moves)


def test_what_is_accepted_is_no_longer_shown_as_proposed(study: Study, anjou: PlanProposal) -> None:
    (more,) = (one for one in anjou.packages if needed_first(anjou, one, anjou.before))
    (first,) = needed_first(anjou, more, anjou.before)
    now = read_change("redraw", event_of(anjou, [first], study.state)).apply(study.state).plan
    found = sort_packages(anjou, (), now)
    assert (found.accepted, found.left) == ((first,), (more,))
    assert set(found.before.moves_from(anjou.before)) == set(first.moves)
    whole = anjou.plan_with((*found.accepted, *found.left))
    assert set(whole.moves_from(found.before)) == set(more.moves)
    # once the first is accepted, the other needs nothing that could be set aside
    assert sort_packages(anjou, {first.moves}, now).aside == {}
