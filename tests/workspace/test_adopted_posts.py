"""Proposals of posts adopted with their exceptions; absences counted as defined."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from geozones.common.errors import InputError
from geozones.domain.teams import ExceptionCause, PostException, ServiceHalfDays, Teams
from geozones.teams.zone_cover import ZoneTeam
from geozones.workspace.figures.study import Study
from geozones.workspace.teams import Staff, posts_event
from helpers.events import apply
from helpers.every_way import counted

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


MONDAY = date(2026, 1, 5)
#: A week with free half-days, one without, posts that outnumber lycées, and one that spares.
ZONES = ("SLC-3", "NAN-2", "NOL-1", "VEN-1")


@pytest.mark.parametrize("zone", ZONES)
def test_the_sheet_of_each_post_away_for_two_weeks_counts_as_defined(
    study: Study, zone: str
) -> None:
    staff = Staff(study.with_teams(Teams()))
    proposed = staff.propose([zone], staff.options())
    posts = [post for proposal in proposed for post in proposal.posts]
    staff = Staff(study.with_teams(Teams().with_posts([zone], posts)))
    team = staff.team(zone)
    for rank, post in enumerate(team.posts):
        sheet = staff.absence(post.id, MONDAY, MONDAY + timedelta(days=11))
        assert sheet.service == as_defined(team, rank, days=10)
        assert len(sheet.reliefs) == sheet.service.missed
        without = sum(
            relief.missed.by == "" and not relief.missed.minutes for relief in sheet.reliefs
        )
        assert sheet.service.missed - len(sheet.uncovered) >= without


def as_defined(team: ZoneTeam, away: int, days: int) -> ServiceHalfDays:
    """Two weeks of a post away, from the definition of a half-day, under the monthly cap."""
    seen = dict.fromkeys(range(len(team.members)), -1)
    calls = dict.fromkeys(range(len(team.posts)), 0)
    total = ServiceHalfDays()
    for day in range(days):
        for half in (0, 1):
            slot = (2 * day + half) % 10
            busy = sum(1 << rank for rank, made in calls.items() if made >= 4)
            late = sum(1 << at for at, last in seen.items() if day - last > 2)
            counts, attended = counted(team, slot, 1 << away, late, busy)
            total += counts
            seen |= {at: day for at in seen if attended >> at & 1}
            # of two who can come, the definition leaves open which: it is the one that comes
            for missed in team.serve(slot, 1 << away, busy, late).missed:
                for rank, post in enumerate(team.posts):
                    if missed.by == post.id and missed.minutes > 0:
                        calls[rank] += 1
    return total
