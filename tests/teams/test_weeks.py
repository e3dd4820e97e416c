"""Weeks of the zones of the region, alone and joined, against the figures known to be minimal."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.teams import Teams
from geozones.teams.checker import PostRequirements, check_posts
from geozones.teams.posts_proposal import propose_posts
from geozones.teams.staffing_problem import StaffingRequest
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

#: Figures of each criterion, by the ids of the zones joined by « + ».
KNOWN = json.loads((Path(__file__).parents[1] / "fixtures" / "weeks.json").read_text("utf-8"))
JOINED = [zones for zones in KNOWN if "+" in zones]


@pytest.mark.parametrize(
    "zones",
    [
        pytest.param([zones for zones in KNOWN if "+" not in zones], id="alone"),
        *(pytest.param([zones], id=zones, marks=pytest.mark.slow) for zones in JOINED),
    ],
)
def test_the_week_of_each_zone_has_the_least_of_each_criterion(
    study: Study, zones: list[str]
) -> None:
    staff = Staff(study.with_teams(Teams()))
    options = staff.options()
    options = replace(options, settings=replace(options.settings, max_posts=40))
    for joined in zones:
        needs = {k: n for zone in joined.split("+") for k, n in staff.needs(zone).items()}
        proposal = propose_posts(StaffingRequest("Z", needs, study.times), options)
        assert proposal.status is ProofStatus.OPTIMAL, joined
        values = {level.name: level.value for level in proposal.levels}
        assert values == pytest.approx(KNOWN[joined], abs=0.01), joined
        requirements = PostRequirements(needs, study.times, options.settings)
        assert check_posts(proposal.posts, requirements) == ()
