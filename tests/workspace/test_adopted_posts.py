"""A proposal of posts is told in words, adopted with its exceptions and their reason, undone."""

from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.domain.teams import ExceptionCause, PostException, Teams
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import Staff, posts_event
from helpers.events import apply

#: Three lycées too far apart to share a day: 51 min between the farthest.
ZONE = "NOL-1"


def test_exceptions_of_a_proposal_are_kept_with_their_reason_and_no_rule_tells_of_them(
    study: Study,
) -> None:
    staff = Staff(study.with_teams(Teams()))
    (proposal,) = staff.propose([ZONE], staff.options())
    assert proposal.summary == "4\u00a0postes, 1\u00a0exception, prouvé"
    (exception,) = proposal.exceptions
    assert exception.why.cause is ExceptionCause.REMOTENESS
    assert "51\u00a0min" in exception.why.note
    data = posts_event([proposal])
    assert data["exceptions"].keys() == {exception.post}
    adopted = apply(staff.study.state, "set_posts", data)
    after = Staff(replace(staff.study, state=adopted))
    assert after.sentences(ZONE) == ()
    (told,) = after.exceptions(ZONE)
    assert "éloignement géographique" in told
    bare = apply(staff.study.state, "set_posts", {**data, "exceptions": {}})
    assert len(Staff(replace(staff.study, state=bare)).sentences(ZONE)) == 1


def test_a_lycee_that_one_post_knows_is_kept_as_the_exception_of_that_post(toy: Study) -> None:
    staff = Staff(toy.with_teams(Teams(needs=dict.fromkeys("ABC", 2))))
    proposals = staff.propose(["N1"], staff.options())
    assert [entry.post for entry in proposals[0].exceptions] == [None] * 3
    after = Staff(
        replace(staff.study, state=apply(staff.study.state, "set_posts", posts_event(proposals)))
    )
    assert after.sentences("N1") == ()
    told = after.exceptions("N1")
    assert len(told) == 3
    assert {one.rpartition(" : ")[2] for one in told} == {
        "taille de l'établissement, la zone n'occupe qu'un poste."
    }


def test_what_people_said_of_an_exception_wins_over_the_reason_of_a_proposal(study: Study) -> None:
    staff = Staff(study.with_teams(Teams()))
    (proposal,) = staff.propose([ZONE], staff.options())
    data = posts_event([proposal])
    (post,) = data["exceptions"]
    state = apply(staff.study.state, "set_posts", data)
    state = apply(state, "post_exception", {"post": post, "cause": "autre", "note": "travaux"})
    again = apply(state, "set_posts", data)
    assert again.teams.exceptions[post] == PostException(ExceptionCause.OTHER, "travaux")


def test_an_exception_of_no_known_cause_or_of_another_post_is_not_taken(study: Study) -> None:
    stray = {"zones": [], "posts": [], "exceptions": {"p": {"cause": "autre"}}}
    with pytest.raises(InputError, match="taille, eloignement ou autre"):
        apply(study.state, "set_posts", {**stray, "exceptions": {"p": {"cause": "x"}}})
    assert not apply(study.state, "set_posts", stray).teams.exceptions
