"""Posts that a proposal needs beyond the needs over ten half-days, against the proposals made."""

from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.domain.settings import TeamSettings
from geozones.teams.posts_proposal import MorePosts, more_posts, propose_posts
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import Staff

from .conftest import post, times_of

FAR = times_of([[0, 51, 34], [51, 0, 42], [34, 42, 0]])


def asked(settings: TeamSettings) -> StaffingOptions:
    return StaffingOptions(settings=settings)


def test_thirty_half_days_fill_three_posts_only_where_two_lycees_can_share_a_day() -> None:
    request = StaffingRequest("Z", {"A": 10, "B": 11, "C": 9}, FAR)
    found = more_posts(request, asked(TeamSettings()), 3)
    assert found is not None
    assert (found.counted, found.proposed) == (3, 4)
    assert "un poste de plus : 4 au lieu de 3" in found.sentence
    assert "30\u00a0min" in found.sentence
    assert more_posts(request, asked(TeamSettings(split_minutes=42)), 3) is None
    even = StaffingRequest("Z", {"A": 10, "B": 12, "C": 8}, FAR)
    assert more_posts(even, asked(TeamSettings()), 3) is None


def test_two_posts_more_are_said_as_two() -> None:
    said = MorePosts(3, 5, "un lycée est loin").sentence
    assert "demande 2 postes de plus : 5 au lieu de 3, parce que un" in said.replace("\u00a0", " ")


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    needs=st.lists(st.integers(1, 11), min_size=2, max_size=3),
    far=st.integers(10, 60),
    split=st.sampled_from([0, 30]),
)
def test_it_needs_as_many_posts_as_a_proposal_would_have(
    needs: list[int], far: int, split: int
) -> None:
    size = len(needs)
    times = times_of([[0.0 if a == b else far + a + b for b in range(size)] for a in range(size)])
    request = StaffingRequest("Z", dict(zip("ABC", needs, strict=False)), times)
    options = asked(TeamSettings(split_minutes=split))
    counted = ceil(sum(needs) / 10)
    found = more_posts(request, options, counted)
    proposed = len(propose_posts(request, options).posts)
    if found is None:
        assert proposed in {0, counted}  # 0: nothing meets these needs
    else:
        assert proposed == found.proposed > counted


@pytest.mark.parametrize("zone", ["NOL-1", "NOL-2", "MEL-1"])
def test_each_zone_of_the_region_says_what_its_proposal_needs(study: Study, zone: str) -> None:
    staff = Staff(study)
    (proposal,) = staff.propose([zone], staff.options())
    more, counted = staff.more_posts(zone), study.cost(zone_id=zone).posts
    assert len(proposal.posts) == (counted if more is None else more.proposed)
    assert (more is not None) == (zone == "NOL-1")


def test_a_zone_whose_posts_are_defined_is_counted_with_them(study: Study) -> None:
    members = study.plan.members("NOL-1")
    defined = [
        replace(post(f"t{rank}", "." * 10), zone="NOL-1", cells=(key,) * 10, residence=key)
        for rank, key in enumerate(members)
    ]
    teams = study.teams.with_posts(["NOL-1"], defined)
    assert Staff(study).more_posts("NOL-1") is not None
    assert Staff(study.with_teams(teams)).more_posts("NOL-1") is None
