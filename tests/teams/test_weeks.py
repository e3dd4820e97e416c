"""Weeks of the zones of the region, alone and joined, against the figures known to be minimal."""

import json
from dataclasses import replace
from math import ceil
from pathlib import Path

import pytest

from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.teams import FREE, SLOTS, Teams
from geozones.teams.checker import PostRequirements, check_posts
from geozones.teams.posts_proposal import POSTS, propose_posts
from geozones.teams.staffing_problem import StaffingRequest
from geozones.teams.week import ALONE, EVENNESS, EXCEPTIONS
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import Staff

#: Figures of each criterion, by the ids of the zones joined by « + ».
KNOWN = json.loads((Path(__file__).parents[1] / "fixtures" / "weeks.json").read_text("utf-8"))
SOME = ["MEL-1", "MAY-2", "SLC-1", "NOL-1", "SAR-3", "VEN-1", "NOL-4+NOL-5"]


@pytest.mark.parametrize(
    "zones",
    [pytest.param(zones, marks=() if zones in SOME else pytest.mark.slow) for zones in KNOWN],
)
def test_the_week_of_each_zone_has_the_least_of_each_criterion(study: Study, zones: str) -> None:
    staff = Staff(study.with_teams(Teams()))
    needs = {key: need for zone in zones.split("+") for key, need in staff.needs(zone).items()}
    settings = replace(study.settings.teams, max_posts=40)
    options = replace(staff.options(), settings=settings)
    proposal = propose_posts(StaffingRequest("Z", needs, study.times), options)
    assert proposal.status is ProofStatus.OPTIMAL
    told = {level.name: level.value for level in proposal.levels}
    assert told == pytest.approx(KNOWN[zones], abs=0.01)
    assert check_posts(proposal.posts, PostRequirements(needs, study.times, settings)) == ()

    lone = [post for post in proposal.posts if len(post.lycees) == 1]
    known = [sum(key in post.lycees for post in proposal.posts) for key in needs]
    assert told[EXCEPTIONS] == len(lone) + known.count(1)
    assert max(known) <= settings.max_known
    halves = [[post.cells[slot] for post in proposal.posts] for slot in range(SLOTS)]
    beside = [sum(max(there.count(key) - 1, 0) for key in needs) for there in halves]
    assert told[EVENNESS] == sum(beside)
    assert told[ALONE] == sum(
        FREE not in there and not more for there, more in zip(halves, beside, strict=True)
    )
    assert told[POSTS] >= ceil(sum(needs.values()) / SLOTS)
