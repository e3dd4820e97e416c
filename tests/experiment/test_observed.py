"""Observed figures, computed again by a second, plain implementation, and by hand."""

from collections import defaultdict
from datetime import date, timedelta

import pytest

from benchmarks.journal_intervals import areas, minutes
from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalTrip,
    Nature,
    journal_of,
)
from geozones.domain.school_calendar import Period, SchoolCalendar, SchoolYear, is_working
from geozones.features.experiment.observed import (
    Observer,
    clustered_share,
    facts_of,
    mean,
    rate,
    working_days,
)
from helpers.sample_journal import SampleRates, sample_journal, school_days

ZONE_OF = {lycee: area.zone for area in areas() for lycee in area.needs}
MONDAY = date(2026, 3, 2)


@pytest.fixture(scope="module")
def journal() -> Journal:
    days = school_days(date(2025, 11, 3), 3)
    return sample_journal(areas(), days, minutes, 7, SampleRates())


def observer(journal: Journal) -> Observer:
    return Observer(facts_of(journal, ZONE_OF))


def test_days_at_work_are_those_of_the_calendar_then_of_the_weeks_with_a_row() -> None:
    """The year counts the holidays of the folder once, whether somebody came during them or not."""
    monday = date(2026, 10, 12)
    weeks = [monday + timedelta(weeks=number) for number in range(5)]
    recorded = journal_of([Intervention(weeks[n], 480, "Z0L0", "a") for n in (0, 1, 4)])
    classes = SchoolYear(
        Period(date(2026, 9, 1), date(2027, 7, 2)), (Period(weeks[1], weeks[2] + timedelta(6)),)
    )
    span = range((weeks[4] - monday).days + 1)
    every = [monday + timedelta(number) for number in span]
    weekdays = [day for day in every if is_working(day)]
    known = working_days(recorded, SchoolCalendar("zone B", (classes,)))
    assert known == tuple(day for day in weekdays if not weeks[1] <= day < weeks[3])
    unknown = working_days(recorded)
    assert unknown == tuple(day for day in weekdays if not weeks[2] <= day < weeks[4])


@pytest.mark.parametrize("lycees", [set(ZONE_OF), {"Z1L0", "Z1L1", "Z1L2", "Z1L3"}, {"Z2L1"}])
def test_figures_are_those_of_a_plain_count(journal: Journal, lycees: set[str]) -> None:
    days = [day for day in _span(journal) if day in set(working_days(journal))]
    asked = [row for row in journal.interventions if row.lycee in lycees and row.ticket]
    seen = observer(journal).observe(lycees)
    months = len(days) / 18
    assert seen.days == len(days)
    second = sum(row.level == 2 for row in asked)
    for key, count in (("interventions_per_lycee", len(asked)), ("level_2_per_lycee", second)):
        estimate = seen.estimates[key]
        assert estimate.count == count
        assert estimate.value == pytest.approx(count / months / len(lycees))
    presence = seen.estimates["presence"]
    assert presence.value == pytest.approx(_presence(journal, lycees, days))


def test_absences_visits_and_covers_are_those_of_a_plain_count(journal: Journal) -> None:
    seen = observer(journal).observe(ZONE_OF)
    days = set(working_days(journal))
    people = {row.person for row in journal.interventions if not row.tis}
    away = {(a.person, day) for a in journal.absences for day in _days(a.first, a.last)}
    lost = sum(day in days for _, day in away)
    spans = 0
    for person in people:
        dates = [row.day for row in journal.interventions if row.person == person]
        dates += [day for a in journal.absences if a.person == person for day in (a.first, a.last)]
        spans += sum(min(dates) <= day <= max(dates) for day in days)
    absent = seen.estimates["absence_rate"]
    assert absent.value == pytest.approx(lost / spans)
    assert absent.count == len(journal.absences)
    stays = {
        nature: {
            (row.person, row.lycee, row.day, row.minute >= 750)
            for row in journal.interventions
            if row.nature is nature and not row.tis
        }
        for nature in Nature
    }
    # who covers on that half-day does not visit
    visits = {stay[:3] for stay in stays[Nature.VISIT] - stays[Nature.COVER]}
    estimate = seen.estimates["visits_per_month"]
    assert estimate.count == len(visits)
    covers = {
        (row.lycee, row.day, row.minute >= 750)
        for row in journal.interventions
        if row.nature is Nature.COVER
    }
    share = seen.estimates["cover_share"]
    assert share.value * share.count == pytest.approx(len(covers), abs=2)


def test_without_a_nature_a_colleague_who_comes_on_an_absence_covers_and_else_visits() -> None:
    rows = [
        Intervention(MONDAY + timedelta(week * 7 + day), 480, lycee, person, 1, 60.0)
        for week in range(8)
        for day in range(5)
        for person, lycee in (("a", "Z0L0"), ("b", "Z0L1"))
        if not (week == 5 and person == "a")
    ]
    monday, tuesday = MONDAY + timedelta(35), MONDAY + timedelta(36)
    rows += [
        Intervention(tuesday, 500, "Z0L0", "b", 1, 60.0),  # covers a, who is away
        Intervention(MONDAY, 500, "Z0L0", "b", 1, 60.0),  # visits
    ]
    drive = JournalTrip(tuesday, 470, "b", "Z0L1", "Z0L0", 17.0)
    journal = journal_of(rows, [Absence("a", monday, monday + timedelta(4))], [drive])
    facts = facts_of(journal, ZONE_OF)
    assert facts.people["a"].lycees == {"Z0L0"}
    assert [(v.person, v.lycee, v.day) for v in facts.visits] == [("b", "Z0L0", MONDAY)]
    covered = [one for one in facts.missed if one.by]
    assert [(one.by, one.day, one.minutes) for one in covered] == [("b", tuesday, 17.0)]
    # Easter Monday is no working day: the absence was of four
    lost = sum(is_working(monday + timedelta(day)) for day in range(5))
    assert len(facts.missed) == lost == 4


def test_an_absence_exported_twice_as_it_goes_on_is_one() -> None:
    rows = [
        Intervention(MONDAY + timedelta(day), 480, "Z0L0", person, 1, 60.0)
        for day in range(28)
        for person in "ab"
    ]
    away = [
        Absence("a", MONDAY, MONDAY + timedelta(2)),
        Absence("a", MONDAY, MONDAY + timedelta(8)),
    ]
    seen = observer(journal_of(rows, away)).observe(["Z0L0"])
    absent = seen.estimates["absence_rate"]
    assert absent.count == 1


def test_an_absence_on_14_july_is_no_half_day_missed() -> None:
    tuesdays = [date(2026, 6, 30) + timedelta(7 * week) for week in range(5)]
    assert tuesdays[2] == date(2026, 7, 14)
    there = [day for day in tuesdays if is_working(day)]
    # a is due on no Tuesday: there once in three working ones that no absence takes
    rows = [Intervention(there[0], 480, "Z0L0", "a", 0, 210.0, Nature.FIXED)]
    rows += [
        Intervention(day + timedelta(1), 480, "Z0L0", "a", 0, 210.0, Nature.FIXED)
        for day in tuesdays
        if day not in tuesdays[2:4]
    ]
    rows += [
        Intervention(day, 480, "Z0L1", "b", 0, 210.0, Nature.FIXED)
        for day in (*there, *(day + timedelta(1) for day in tuesdays))
    ]
    away = Absence("a", tuesdays[2], tuesdays[3])
    missed = facts_of(journal_of(rows, [away]), ZONE_OF).missed
    assert [(one.day, one.half) for one in missed] == [(date(2026, 7, 15), 0)]


def test_estimates_agree_with_tables() -> None:
    # Garwood's interval of 10 events: 4.80 to 18.39 (published tables)
    ten = rate(10, 1.0)
    assert (ten.low, ten.high) == (pytest.approx(4.795, abs=1e-3), pytest.approx(18.39, abs=1e-2))
    assert rate(3, 0) is None
    assert mean([]) is None
    alone = mean([4.0])
    assert alone.low is None
    assert clustered_share([]) is None


def _span(journal: Journal) -> list[date]:
    first, last = journal.period or (MONDAY, MONDAY)
    return list(_days(first, last))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days) for days in range((last - first).days + 1)]


def _presence(journal: Journal, lycees: set[str], days: list[date]) -> float:
    """Mean over weeks of three days or more of half-days by lycée, in weeks of five days."""
    half_days = {
        (row.person, row.day, row.minute >= 750, row.lycee)
        for row in journal.interventions
        if row.nature is Nature.FIXED and row.lycee in lycees
    }
    weeks: dict[tuple[int, int], int] = defaultdict(int)
    for _, day, _, _ in half_days:
        weeks[day.isocalendar()[:2]] += 1
    worked: dict[tuple[int, int], int] = defaultdict(int)
    for day in days:
        worked[day.isocalendar()[:2]] += 1
    means = [weeks[week] * 5 / count / len(lycees) for week, count in worked.items() if count >= 3]
    return sum(means) / len(means)
