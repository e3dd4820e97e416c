"""Who comes, from where, how fast, leaving what: by hand, and against every possible way."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain.cover import NOBODY, TIS, MissedHalfDay, pair_figures, single_figures
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import FREE, SLOTS
from geozones.teams.absence import PostAbsence, reliefs
from geozones.teams.zone_cover import ZoneTeam, cover_of

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
        zone="Z1",
        sector="nord",
        members=tuple(LETTERS),
        posts=posts,
        times=times_of(minutes, "ABCZ"),
        settings=TeamSettings(monthly_cap=draw(st.integers(0, 3))),
        centre=draw(st.sampled_from(["A", None])),
        technicians=draw(st.integers(0, 2)),
    )


def test_the_colleague_comes_from_where_they_are_that_half_day_not_from_home(
    team: ZoneTeam,
) -> None:
    covers = reliefs(team, [PostAbsence("un", MONDAY, MONDAY)]).reliefs
    assert [(r.missed.by, r.origin, r.missed.minutes, r.leaves, r.alone) for r in covers] == [
        ("deux", "B", 12.0, "B", True),
        ("deux", "B", 12.0, "B", True),
    ]
    thursday = reliefs(team, [PostAbsence("un", date(2026, 1, 8), date(2026, 1, 8))]).reliefs
    assert [(r.missed.lycee, r.origin, r.missed.minutes) for r in thursday] == [
        ("B", "C", 30.0)
    ] * 2


def test_a_free_half_day_leaves_nothing_behind(team: ZoneTeam) -> None:
    wednesday = MONDAY + timedelta(days=2)
    (first, _) = reliefs(team, [PostAbsence("un", wednesday, wednesday)]).reliefs
    assert (first.missed.by, first.origin, first.leaves) == ("deux", "B", None)


def test_who_reached_the_monthly_cap_is_not_called_and_a_tis_comes_then(team: ZoneTeam) -> None:
    schedule = reliefs(team, [PostAbsence("un", MONDAY, date(2026, 1, 8))])
    assert [relief.missed.by for relief in schedule.reliefs] == ["deux"] * 4 + [TIS] * 4
    assert schedule.reliefs[4].missed.minutes == 5.0
    assert schedule.reliefs[4].origin == "Z"
    assert schedule.interventions == {("deux", "2026-01"): 4}


def test_the_cap_starts_again_with_the_month(team: ZoneTeam) -> None:
    schedule = reliefs(team, [PostAbsence("un", date(2026, 1, 26), date(2026, 2, 3))])
    by_month = {"01": 0, "02": 0}
    for relief in schedule.reliefs:
        by_month[f"{relief.day.month:02d}"] += relief.missed.by == "deux"
    assert by_month == {"01": 4, "02": 4}


def test_what_stays_uncovered_is_said(team: ZoneTeam) -> None:
    alone = replace(team, posts=team.posts[:1], technicians=0)
    schedule = reliefs(alone, [PostAbsence("un", MONDAY, MONDAY)])
    assert [relief.missed.by for relief in schedule.uncovered] == [NOBODY, NOBODY]
    assert schedule.uncovered[0].missed.minutes == inf


def test_someone_already_there_serves_the_lycee_and_it_counts_for_nothing(team: ZoneTeam) -> None:
    both = replace(team, posts=(team.posts[0], post("trois", "AAAAAAAAAA")))
    schedule = reliefs(both, [PostAbsence("un", MONDAY, MONDAY + timedelta(days=2))])
    assert [(r.missed.minutes, r.leaves) for r in schedule.reliefs] == [(0.0, None)] * 6
    assert schedule.interventions == {}


def test_a_colleague_who_leaves_nobody_alone_is_preferred_to_a_nearer_one(team: ZoneTeam) -> None:
    posts = (
        post("absent", "BBBBBBBBBB"),
        post("proche", "AAAAAAAAAA"),
        post("libre", "..........", "C"),
    )
    (first,) = replace(team, posts=posts).cover(0, 0b001)
    assert (first.by, first.minutes) == ("proche", 10.0)  # 10 + 15 against 30
    settings = replace(team.settings, alone_minutes=25)
    (first,) = replace(team, posts=posts, settings=settings).cover(0, 0b001)
    assert (first.by, first.minutes) == ("libre", 30.0)  # 10 + 25 against 30


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


@given(zones(), st.integers(0, 15), st.integers(0, 15), st.integers(0, SLOTS - 1))
def test_nobody_absent_busy_elsewhere_or_twice_is_ever_sent(
    team: ZoneTeam, absent: int, busy: int, slot: int
) -> None:
    ranks = {entry.id: rank for rank, entry in enumerate(team.posts)}
    covers = team.cover(slot, absent, busy)
    due = [
        entry.cells[slot]
        for rank, entry in enumerate(team.posts)
        if absent >> rank & 1 and entry.cells[slot] in set(LETTERS)
    ]
    assert sorted(missed.lycee for missed in covers) == sorted(due)
    sent = [missed.by for missed in covers if missed.by not in {TIS, NOBODY}]
    assert len(sent) == len(set(sent))
    assert sum(missed.by == TIS for missed in covers) <= team.technicians
    for missed in covers:
        if missed.by in ranks:
            rank = ranks[missed.by]
            cell = team.posts[rank].cells[slot]
            assert not absent >> rank & 1
            assert cell in {FREE, *LETTERS}
            assert not busy >> rank & 1 or missed.minutes == 0


@given(zones(), st.integers(1, 15), st.integers(0, SLOTS - 1))
def test_covers_are_the_best_of_every_way(team: ZoneTeam, absent: int, slot: int) -> None:
    """As many by colleagues as can be, then by T.I.S., then in the fewest weighed minutes."""
    covers = team.cover(slot, absent)
    assert _worth(team, slot, absent, covers) == pytest.approx(_best(team, slot, absent))


def _price(team: ZoneTeam, slot: int, absent: int, who: int | str, lycee: str) -> float:
    if who == NOBODY:
        return 1e6
    if who == TIS:
        return inf if team.centre is None else 1e4 + team.times.one_way[team.centre][lycee]
    place = team.place(int(who), slot)
    if place is None or absent >> int(who) & 1:
        return inf
    cell = team.posts[int(who)].cells[slot]
    others = [
        rank
        for rank, entry in enumerate(team.posts)
        if rank != who and not absent >> rank & 1 and entry.cells[slot] == cell
    ]
    alone = place != lycee and cell != FREE and not others
    return team.times.one_way[place][lycee] + (team.settings.alone_minutes if alone else 0)


def _best(team: ZoneTeam, slot: int, absent: int) -> float:
    tasks = [
        team.posts[r].cells[slot]
        for r in range(len(team.posts))
        if absent >> r & 1 and team.due(r, slot)
    ]
    people: list[int | str] = [*range(len(team.posts)), *[TIS] * team.technicians]
    people += [NOBODY] * len(tasks)
    return min(
        sum(_price(team, slot, absent, w, t) for w, t in zip(way, tasks, strict=True))
        for way in permutations(people, len(tasks))
    )


def _worth(team: ZoneTeam, slot: int, absent: int, covers: tuple[MissedHalfDay, ...]) -> float:
    ranks = {entry.id: rank for rank, entry in enumerate(team.posts)}
    return sum(
        _price(team, slot, absent, ranks.get(missed.by, missed.by), missed.lycee)
        for missed in covers
    )


def test_figures_of_single_absences_by_hand(team: ZoneTeam) -> None:
    """``un`` absent: 12 min six times (from B), 30 four times (C to B); ``deux``: 10 then 25."""
    cover = cover_of(team, lambda entry: entry.id)
    assert (
        sorted(missed.minutes for missed in cover.single)
        == [10.0] * 4 + [12.0] * 6 + [25.0] * 4 + [30.0] * 4
    )
    figures = single_figures([cover])
    assert (figures.missed, figures.uncovered) == (18, 0)
    assert (figures.median, figures.p90) == (12.0, 30.0)
    assert figures.near == 1.0
    assert cover.single_points == ()


def test_pairs_call_the_tis_then_nobody_and_name_no_single_point(team: ZoneTeam) -> None:
    cover = cover_of(team, lambda entry: entry.id)
    pairs = pair_figures([cover])
    # both absent: on the eight half-days when both are due, the one T.I.S. serves one of the two
    assert (pairs.missed, pairs.uncovered) == (18, 8)


def test_a_lone_post_is_a_single_point_of_failure_by_name(team: ZoneTeam) -> None:
    alone = replace(team, posts=team.posts[:1])
    assert cover_of(alone, lambda entry: f"poste {entry.id}").single_points == ("poste un",)


def test_two_zones_share_the_one_tis_of_their_sector(team: ZoneTeam) -> None:
    """Each zone has one post, in A (5 min from the T.I.S.) or C: at once, one stays without."""
    one = cover_of(replace(team, posts=(post("x", "AA -- -- -- --"),)), lambda p: p.id)
    two = cover_of(replace(team, zone="Z2", posts=(post("y", "CC CC -- -- --"),)), lambda p: p.id)
    pairs = pair_figures([one, two])
    assert (pairs.missed, pairs.uncovered) == (6, 2)
    with_two = [
        cover_of(replace(team, posts=(entry,), technicians=2), lambda p: p.id)
        for entry in (post("x", "AA -- -- -- --"), post("y", "CC CC -- -- --"))
    ]
    assert pair_figures(with_two).uncovered == 0


def test_no_post_gives_no_figure_rather_than_zero() -> None:
    assert single_figures([]) is None
    assert pair_figures([]) is None


def test_a_lycee_is_without_anyone_where_it_is_left_or_not_covered(team: ZoneTeam) -> None:
    """On Monday ``deux`` leaves B for A; a week later it is at its cap, and nobody comes to A."""
    (first,) = team.cover(0, 0b01)
    assert (first.leaves, first.empty) == ("B", ("B",))
    (capped,) = replace(team, technicians=0).cover(0, 0b01, busy=0b10)
    assert (capped.by, capped.leaves, capped.empty) == (NOBODY, None, ("A",))
    (free,) = team.cover(4, 0b01)
    assert (free.by, free.leaves, free.empty) == ("deux", None, ())


def test_a_lycee_is_not_without_anyone_where_a_colleague_stays(team: ZoneTeam) -> None:
    posts = (
        post("absent", "AAAAAAAAAA"),
        post("autre", "AAAAAAAAAA"),
        post("reste", "AAAAAAAAAA"),
    )
    both = replace(team, posts=posts, technicians=0).cover(0, 0b011)
    assert sorted(answer.by for answer in both) == [NOBODY, "reste"]
    assert [answer.empty for answer in both] == [(), ()]


def test_a_lycee_that_two_absent_posts_leave_is_without_anyone_once(team: ZoneTeam) -> None:
    both = replace(
        team, posts=(post("un", "AAAAAAAAAA"), post("deux", "AAAAAAAAAA")), technicians=0
    )
    assert [answer.empty for answer in both.cover(0, 0b11)] == [("A",), ()]
