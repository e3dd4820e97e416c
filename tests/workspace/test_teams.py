"""Teams joined with the plan: metrics, what a move changes, what is stored, names kept apart."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import NOBODY, TIS, Post, Teams
from geozones.intake.data_folder import CalendarAction
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.calendar import staffing
from geozones.workspace.moves.preview import preview_all
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.teams import (
    Staff,
    absence_sheet,
    posts_event,
    technicians_line,
)

TEAM_KEYS = ("unmet", "cover_median_minutes")


def people_of(study: Study, *zones: str) -> Teams:
    staff = Staff(study.with_teams(Teams()))
    proposals = staff.propose(zones, staff.options())
    posts = [post for proposal in proposals for post in proposal.posts]
    return Teams().with_posts(zones, posts)


@pytest.fixture
def people(toy: Study) -> Teams:
    return people_of(toy, "N1", "N2")


def test_without_posts_every_figure_of_teams_is_absent_never_zero(toy: Study) -> None:
    for values in (toy.evaluator.zone(toy.plan, "N1"), toy.area()):
        assert {values[key] for key in TEAM_KEYS} == {None}
    assert toy.with_teams(Teams()) is toy


def test_with_posts_zones_sectors_and_the_region_have_figures(toy: Study, people: Teams) -> None:
    """A, B and C need 8 half-days each: three posts, each in its own lycée most of the time."""
    with_people = toy.with_teams(people)
    zone = with_people.evaluator.zone(toy.plan, "N1")
    assert (zone["posts"], zone["unmet"]) == (3, 0)
    region = with_people.evaluator.region(toy.plan)
    assert region["posts"] == 9  # those of S1 as its needs ask
    assert region["cover_median_minutes"] is not None
    assert json.dumps(with_people.metrics_json())
    other = {key: value for key, value in zone.items() if key not in TEAM_KEYS}
    plain = toy.evaluator.zone(toy.plan, "N1")
    assert other["max_minutes"] == plain["max_minutes"]


def test_a_zone_whose_posts_no_longer_fit_costs_as_one_without_posts(
    toy: Study, people: Teams
) -> None:
    staffed = toy.with_teams(people)
    moved = staffed.with_plan(toy.plan.move("C", "N2"))
    assert (staffed.cost(zone_id="N1").posts, moved.cost(zone_id="N1").posts) == (3, 2)
    assert staffed.grid_cost(["N1"]) is not None
    assert moved.grid_cost(["N1"]) is None
    plain = toy.with_plan(moved.plan)
    assert moved.cost(zone_id="N1").total_hours == plain.cost(zone_id="N1").total_hours
    # the posts of the other zone still fit: two half-days a week of its needs are nobody's
    assert moved.cost(zone_id="N2").unstaffed_hours == pytest.approx(2 * 34.6 * 3.5)
    assert preview_all(staffed, {"C": "N2"}).lines


def test_a_lycee_that_left_is_neither_missed_nor_lent_by_its_old_zone(
    toy: Study, people: Teams
) -> None:
    moved = toy.plan.move("C", "N2")
    staff = Staff(toy.with_plan(moved).with_teams(people))
    assert staff.misfits
    cover = staff.covers.cover(staff.plan, staff.people, "N1")
    assert "C" not in {missed.lycee for missed in cover.single}


def test_what_each_absence_leaves_is_told_the_worst_first(toy: Study, people: Teams) -> None:
    """By hand: each of the three has a lycée of their own but on two half-days."""
    staff = Staff(toy.with_teams(people))
    left = staff.left(["N1"])
    assert {absence.post.id for absence in left} == {post.id for post in people.of_zone("N1")}
    for absence in left:
        assert absence.missed == absence.post.load
        for lycee, count in absence.lycees.items():
            alone = [
                slot
                for slot, cell in enumerate(absence.post.cells)
                if cell == lycee
                and sum(post.cells[slot] == lycee for post in people.of_zone("N1")) == 1
            ]
            assert 0 < count <= len(alone)
    assert [absence.empty for absence in left] == sorted((a.empty for a in left), reverse=True)


def test_a_stopped_search_keeps_the_zones_that_were_done(toy: Study) -> None:
    staff = Staff(toy)

    def stop(_: str, done: int, __: int) -> None:
        if done == 1:
            raise SearchCancelledError

    proposals = staff.propose(["N1", "N2", "S1"], staff.options(), stop)
    assert [proposal.zone for proposal in proposals] == ["N1"]
    event = posts_event(proposals)
    assert event["zones"] == ["N1"]
    assert {post["zone"] for post in event["posts"]} == {"N1"}


@pytest.fixture
def service(toy: Study, store: Store) -> Scenarios:
    when = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    return Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER), lambda: when)


def test_posts_are_stored_with_the_scenario_undone_exported_and_told(
    toy: Study, service: Scenarios, people: Teams
) -> None:
    data = {"zones": ["N1"], "posts": [post_to_json(post) for post in people.of_zone("N1")]}
    work = service.record(service.new(), "set_posts", data)
    work = service.record(work, "set_needs", {"needs": {"A": 4}})
    again = service.open(work.scenario.id)
    assert again.state.teams == work.state.teams
    said = [describe_event(toy.territory, again, event) for event in again.timeline.path]
    assert said[0] == "Postes de Les Sources : 3\u00a0postes de T.I.P."
    assert said[1].startswith("Besoins, Ampère (Aubigny) : 4")
    undone = service.step(service.step(again, "undo"), "undo")
    assert undone.state.teams.posts == ()
    taken = service.import_(json.dumps(service.export(again)).encode())
    assert taken.state.teams == again.state.teams


def test_the_sheet_names_the_post_and_the_rns_and_escapes_its_rows(
    toy: Study, people: Teams
) -> None:
    day = datetime(2026, 1, 5, tzinfo=UTC).date()
    post = people.of_zone("N1")[0]
    rows = [("5 janvier 2026", "lundi matin", "<b>", "T.I.P. 2", "B", "10 min", "rien")]
    plain = absence_sheet(Staff(toy.with_teams(people)), post.id, (day, day), rows)
    assert "T.I.P. 1 – zone Les Sources" in plain
    assert "RNS : Ada Lovelace" in plain
    assert "&lt;b&gt;" in plain


def test_the_calendar_says_who_is_in_post_at_each_date(study: Study) -> None:
    calendar = study.atlas.calendar

    def at(rank: int, sector: str) -> tuple[bool, int, bool]:
        of_sector = staffing(study.plan, calendar, rank)[sector]
        return of_sector.proximity, of_sector.technicians, of_sector.at_work

    assert [at(rank, "mayenne") for rank in range(5)] == [
        (True, 0, False), (True, 2, True), (True, 2, True), (True, 2, True), (True, 2, True),
    ]  # fmt: skip
    assert [at(rank, "nantes") for rank in range(5)] == [
        (True, 0, False), (True, 0, False), (True, 1, False), (True, 1, False), (True, 1, True),
    ]  # fmt: skip
    one = (CalendarAction("1 RNS par secteur"),)
    before = replace(calendar[0], experimental=one, others=())
    assert not staffing(study.plan, (before, calendar[0]), 0)["mayenne"].proximity
    # a calendar that turns no post into a T.I.P.'s has had T.I.P. from the start
    assert staffing(study.plan, (before,), 0)["mayenne"].proximity


def test_the_tis_of_a_sector_are_told_in_a_line(study: Study) -> None:
    centre, lycees = "0530012A", study.plan.lycees_of("mayenne")
    ways = study.times.one_way
    road = sum(ways[centre][key] + ways[key][centre] for key in lycees if key != centre)
    share = 2 * 12 / 52 * (road + 120 * len(lycees)) / (2 * 10 * 210)
    assert technicians_line(study, "mayenne") == (
        f"2\N{NO-BREAK SPACE}T.I.S. depuis {study.name(centre)}, {100 * share:.0f} % de leur temps "
        "en visites"
    )
    assert technicians_line(study, "nantes") == (
        "1\N{NO-BREAK SPACE}T.I.S., centre support non publié"
    )


@pytest.fixture
def one_a_zone(study: Study) -> Study:
    """The plan with one post in each zone of Mayenne: no colleague can come."""
    posts = tuple(
        Post(f"p{zone.id}", zone.id, cells=(study.plan.members(zone.id)[0],) * 10)
        for zone in study.plan.zones_of("mayenne")
    )
    return study.with_teams(Teams(posts=posts))


def test_the_tis_replace_nobody_as_the_document_has_them(one_a_zone: Study) -> None:
    monday = date(2026, 1, 5)
    staff = Staff(one_a_zone)
    schedule = staff.absence("pMAY-3", monday, monday)
    assert [relief.missed.by for relief in schedule.reliefs] == [NOBODY, NOBODY]
    (left,) = staff.left(["MAY-3"])
    assert (left.missed, left.empty) == (10, 10)
    assert left.lycees == {one_a_zone.plan.members("MAY-3")[0]: 10}


def test_nobody_is_missed_on_a_public_holiday_nor_in_school_holidays(one_a_zone: Study) -> None:
    """From Thursday 9 April 2026 to Friday 15 May: class is from 27 April to 13 May."""
    staff, last = Staff(one_a_zone), date(2026, 5, 15)
    schedule = staff.absence("pMAY-3", date(2026, 4, 9), last)
    days = sorted({relief.day.isoformat()[5:] for relief in schedule.reliefs})
    assert days == [
        "04-09", "04-10",  # the holidays begin on Saturday 11, class on Monday 27
        "04-27", "04-28", "04-29", "04-30",  # 1 May is a public holiday
        "05-04", "05-05", "05-06", "05-07",  # and 8 May
        "05-11", "05-12", "05-13",  # Ascension and the day after it
    ]  # fmt: skip
    assert "fériés et vacances scolaires (zone B)." in staff.counted_days(date(2026, 4, 9), last)
    with pytest.raises(InputError, match="inversez"):
        staff.absence("pMAY-3", last, date(2026, 4, 9))


def test_school_holidays_that_nobody_gave_are_counted_and_the_page_says_so(
    one_a_zone: Study,
) -> None:
    """From Monday 25 October 2027, after the last year that the folder knows, to 1 November."""
    staff = Staff(one_a_zone)
    first, last = date(2027, 10, 25), date(2027, 11, 1)
    schedule = staff.absence("pMAY-3", first, last)
    assert sorted({relief.day.day for relief in schedule.reliefs}) == [25, 26, 27, 28, 29]
    assert "ne sont pas connues et sont comptées" in staff.counted_days(first, last)
    # a part of these days is known: the sentence is of all of them
    assert "ne sont pas connues" in staff.counted_days(date(2027, 6, 1), last)


def test_a_hypothesis_has_them_replace_whom_no_colleague_can(one_a_zone: Study) -> None:
    monday = date(2026, 1, 5)
    staff = Staff(supposing_tis(one_a_zone))
    schedule = staff.absence("pMAY-2", monday, monday)
    centre = one_a_zone.plan.sector("mayenne").support_centre
    came = [(relief.missed.by, relief.origin) for relief in schedule.reliefs]
    assert came == [(TIS, centre), (TIS, centre)]
    (left,) = staff.left(["MAY-2"])
    assert (left.missed, left.empty, left.lycees) == (10, 0, {})


def supposing_tis(study: Study) -> Study:
    return study.with_team_settings(replace(study.settings.teams, tis_replaces=True))
