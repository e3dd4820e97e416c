"""Who comes, from where, how fast, leaving what, with how many posts and in which weeks."""

import json
from dataclasses import replace
from datetime import date, timedelta
from math import ceil, inf
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import FREE, NOBODY, SLOTS, TIS, Teams, single_figures
from geozones.teams.checker import PostRequirements, check_posts
from geozones.teams.posts_proposal import POSTS, MorePosts, more_posts, propose_posts
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest
from geozones.teams.week import ALONE, EVENNESS, EXCEPTIONS
from geozones.teams.zone_cover import PostAbsence, ZoneTeam, cover_of, reliefs
from geozones.workspace.figures.study import Study
from geozones.workspace.teams import Staff
from helpers.every_way import best_way

from .conftest import post, times_of

MONDAY = date(2026, 1, 5)
LETTERS = "ABC"


@st.composite
def zones(draw: st.DrawFn) -> ZoneTeam:
    minutes = [
        [0.0 if a == b else float(draw(st.integers(1, 60))) for b in range(4)] for a in range(4)
    ]
    cells = st.text(alphabet="ABCZ.-", min_size=SLOTS, max_size=SLOTS)
    posts = tuple(
        post(f"p{rank}", draw(cells), draw(st.sampled_from("ABC")))
        for rank in range(draw(st.integers(2, 4)))
    )
    return ZoneTeam(
        members=tuple(LETTERS),
        posts=posts,
        times=times_of(minutes, "ABCZ"),
        settings=TeamSettings(monthly_cap=draw(st.integers(0, 3))),
        centre=draw(st.sampled_from(["A", None])),
        technicians=draw(st.integers(0, 2)),
    )


def test_nobody_leaves_a_lycee_alone_before_the_other_lycee_waits_for_three_days(
    team: ZoneTeam,
) -> None:
    """``un`` is away: A has nobody for two days; on the third, ``deux`` is free."""
    covers = reliefs(team, [PostAbsence("un", MONDAY, MONDAY + timedelta(days=2))])
    assert [relief.missed.by for relief in covers.reliefs] == [TIS] * 4 + ["deux"] * 2
    without = replace(team, technicians=0)
    covers = reliefs(without, [PostAbsence("un", MONDAY, MONDAY + timedelta(days=2))])
    assert [relief.missed.by for relief in covers.reliefs] == [NOBODY] * 4 + ["deux"] * 2
    assert (covers.service.unattended, covers.service.given_free) == (4, 2)


def test_a_colleague_leaves_their_lycee_on_the_third_day_for_a_half_day(team: ZoneTeam) -> None:
    """Both are alone in their lycée all week: A is seen again once in three days."""
    posts = (post("un", "AAAAAAAAAA"), post("deux", "BBBBBBBBBB"))
    both = replace(team, posts=posts, technicians=0)
    schedule = reliefs(both, [PostAbsence("un", MONDAY, MONDAY + timedelta(days=6))])
    came = [
        (r.day.isoformat(), r.missed.slot, r.origin, r.leaves, r.alone)
        for r in schedule.reliefs
        if r.missed.by == "deux"
    ]
    assert came == [("2026-01-07", 4, "B", "B", True)]
    assert schedule.service.unattended == 10


def test_a_free_half_day_leaves_nothing_behind(team: ZoneTeam) -> None:
    wednesday = MONDAY + timedelta(days=2)
    (first, _) = reliefs(team, [PostAbsence("un", wednesday, wednesday)]).reliefs
    assert (first.missed.by, first.origin, first.leaves) == ("deux", "B", None)


def test_who_reached_the_monthly_cap_is_not_called_until_the_next_month(team: ZoneTeam) -> None:
    free = replace(
        team, posts=(post("un", "AAAAAAAAAA"), post("deux", "..........", "B")), technicians=0
    )
    schedule = reliefs(free, [PostAbsence("un", MONDAY, date(2026, 1, 8))])
    assert [relief.missed.by for relief in schedule.reliefs] == ["deux"] * 4 + [NOBODY] * 4
    assert schedule.interventions == {("deux", "2026-01"): 4}
    free = replace(team, posts=(post("un", "AAAAAAAAAA"), post("deux", "..........", "B")))
    schedule = reliefs(free, [PostAbsence("un", date(2026, 1, 26), date(2026, 2, 3))])
    by_month = {"01": 0, "02": 0}
    for relief in schedule.reliefs:
        by_month[f"{relief.day.month:02d}"] += relief.missed.by == "deux"
    assert by_month == {"01": 4, "02": 4}


def test_what_stays_uncovered_is_said(team: ZoneTeam) -> None:
    alone = replace(team, posts=team.posts[:1], technicians=0)
    schedule = reliefs(alone, [PostAbsence("un", MONDAY, MONDAY)])
    assert [relief.missed.by for relief in schedule.uncovered] == [NOBODY, NOBODY]
    assert schedule.uncovered[0].missed.minutes == inf


def test_someone_already_there_makes_it_a_reduced_team_not_an_empty_lycee(team: ZoneTeam) -> None:
    both = replace(team, posts=(team.posts[0], post("trois", "AAAAAAAAAA")))
    schedule = reliefs(both, [PostAbsence("un", MONDAY, MONDAY + timedelta(days=2))])
    assert [(r.missed.by, r.missed.minutes) for r in schedule.reliefs] == [(NOBODY, 0.0)] * 6
    assert (schedule.service.reduced, schedule.service.unattended) == (6, 0)
    assert schedule.interventions == {}


def test_a_second_colleague_of_a_lycee_may_leave_it(team: ZoneTeam) -> None:
    posts = (post("un", "AAAAAAAAAA"), post("deux", "BBBBBBBBBB"), post("trois", "BBBBBBBBBB"))
    service = replace(team, posts=posts, technicians=0).serve(0, 0b001).half_days
    assert (service.displaced, service.reduced, service.unattended) == (1, 1, 0)


def test_two_lycees_without_anyone_are_served_at_once_by_those_who_are_free(team: ZoneTeam) -> None:
    posts = (post("un", "AAAAAAAAAA"), post("deux", "BBBBBBBBBB"))
    free = (post("trois", "..........", "C"), post("quatre", "..........", "C"))
    served = replace(team, posts=(*posts, *free), technicians=0).serve(0, 0b0011)
    assert {missed.by for missed in served.missed} == {"trois", "quatre"}
    assert (served.half_days.given_free, served.half_days.unattended) == (2, 0)


def test_weekends_are_not_missed(team: ZoneTeam) -> None:
    schedule = reliefs(team, [PostAbsence("un", date(2026, 1, 10), date(2026, 1, 11))])
    assert schedule.reliefs == ()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 1, 9), MONDAY, "inversez"),
        (MONDAY, MONDAY + timedelta(days=399), "400 jours"),
    ],
)
def test_dates_reversed_and_400_days_are_refused(
    team: ZoneTeam, first: date, last: date, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        reliefs(team, [PostAbsence("un", first, last)])


def test_a_post_of_another_zone_is_refused(team: ZoneTeam) -> None:
    with pytest.raises(InputError, match="pas de la zone"):
        reliefs(team, [PostAbsence("ailleurs", MONDAY, MONDAY)])


def _expecting(team: ZoneTeam, slot: int) -> set[int]:
    """Return the ranks of the lycées where somebody is due."""
    return {team.rank_of(at) for rank in range(len(team.posts)) if (at := team.due(rank, slot))}


@given(
    zones(), st.integers(0, 15), st.integers(0, 15), st.integers(0, SLOTS - 1), st.integers(0, 7)
)
def test_a_half_day_is_served_the_best_of_every_way(
    team: ZoneTeam, absent: int, busy: int, slot: int, overdue: int
) -> None:
    """Fewest lycées that waited too long, then without anyone, then fewest T.I.S., then minutes."""
    served = team.serve(slot, absent, busy, overdue)
    price, counts, _ = best_way(team, slot, absent, overdue, busy)
    driven = sum(entry.minutes for entry in served.missed if entry.by != NOBODY)
    found = served.half_days
    assert price == (
        sum(overdue >> at & 1 and not served.attended >> at & 1 for at in _expecting(team, slot)),
        found.unattended,
        found.given_by_tis,
        pytest.approx(driven, abs=1e-3),
    )
    assert (found.missed, found.reduced + found.given_free) == (
        counts.missed,
        counts.reduced + counts.given_free,
    )
    assert found.missed == found.given_free + found.given_by_tis + found.reduced + found.unattended
    ways = [entry.by for entry in served.missed if entry.by not in {TIS, NOBODY}]
    assert len(ways) == len(set(ways))


def test_figures_of_single_absences_by_hand(team: ZoneTeam) -> None:
    """``un`` absent: 12 min six times (from B), 30 four times (C to B); ``deux``: 10 then 25."""
    cover = cover_of(replace(team, technicians=0))
    assert (
        sorted(missed.minutes for missed in cover.single)
        == [10.0] * 4 + [12.0] * 6 + [25.0] * 4 + [30.0] * 4
    )
    figures = single_figures([cover])
    assert (figures.missed, figures.uncovered) == (18, 0)
    assert (figures.median, figures.p90) == (12.0, 30.0)
    assert figures.near == 1.0


def test_no_post_gives_no_figure_rather_than_zero() -> None:
    assert single_figures([]) is None


def test_a_lycee_is_without_anyone_once_where_it_is_left_and_no_colleague_stays(
    team: ZoneTeam,
) -> None:
    """``deux`` leaves B for A where it can wait no longer; at its cap, nobody comes to A."""
    alone = replace(team, technicians=0)
    (first,) = alone.cover(0, 0b01)
    assert (first.leaves, first.empty) == ("B", ("B",))
    (capped,) = alone.serve(0, 0b01, 0b10, 0b001).missed
    assert (capped.by, capped.leaves, capped.empty) == (NOBODY, None, ("A",))
    (free,) = alone.cover(4, 0b01)
    assert (free.by, free.leaves, free.empty) == ("deux", None, ())
    posts = (
        post("absent", "AAAAAAAAAA"),
        post("autre", "AAAAAAAAAA"),
        post("reste", "AAAAAAAAAA"),
    )
    both = replace(team, posts=posts, technicians=0).cover(0, 0b011)
    assert [(answer.by, answer.minutes, answer.empty) for answer in both] == [(NOBODY, 0.0, ())] * 2
    both = replace(
        team, posts=(post("un", "AAAAAAAAAA"), post("deux", "AAAAAAAAAA")), technicians=0
    )
    assert [answer.empty for answer in both.cover(0, 0b11)] == [("A",), ()]


FAR = times_of([[0, 51, 34], [51, 0, 42], [34, 42, 0]])


def asked(settings: TeamSettings) -> StaffingOptions:
    return StaffingOptions(settings=settings)


def test_thirty_half_days_fill_three_posts_only_where_two_lycees_can_share_a_day() -> None:
    request = StaffingRequest("Z", {"A": 10, "B": 11, "C": 9}, FAR)
    found = more_posts(request, asked(TeamSettings()), 3)
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
