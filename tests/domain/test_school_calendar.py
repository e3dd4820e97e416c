"""Days of work: public holidays of any year, and the school year of the delivered folder."""

from datetime import date
from pathlib import Path

from geozones.domain.school_calendar import (
    NO_CALENDAR,
    Period,
    SchoolCalendar,
    SchoolYear,
    holidays,
)
from geozones.domain.settings import TeamSettings
from geozones.intake.json_files import read_school_calendar

DATA = Path(__file__).resolve().parents[2] / "data"


def test_public_holidays_are_those_of_the_year() -> None:
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25), date(2026, 7, 14)} <= holidays(
        2026
    )
    assert len(holidays(2026)) == 11


def test_a_school_year_has_no_holiday_that_falls_in_class_time() -> None:
    """By hand: weeks of class between holidays, less the days of them that nobody works.

    2025-2026: 7 + 7 + 6 + 6 + 10 weeks; 11 November, 6 April, 1, 8, 14, 15 and 25 May.
    2026-2027: four days (from Tuesday 1 September), then 6 + 7 + 7 + 6 + 9 weeks; 11 November,
    29 March, 6, 7 and 17 May (1 and 8 May are Saturdays).
    """
    calendar = read_school_calendar(DATA)
    first, second = (len(calendar.working_days(year.days)) for year in calendar.years)
    assert first == 5 * (7 + 7 + 6 + 6 + 10) - 7 == 173
    assert second == 4 + 5 * (6 + 7 + 7 + 6 + 9) - 5 == 174
    assert TeamSettings().year_days == first
    assert {year.days.first.year for year in calendar.years} == {2025, 2026}


def test_summer_between_two_known_years_is_not_worked_and_another_one_is_not_known() -> None:
    def year(start: int) -> SchoolYear:
        return SchoolYear(Period(date(start, 9, 1), date(start + 1, 7, 3)), ())

    calendar = SchoolCalendar("zone B", (year(2025), year(2026)))
    assert not calendar.is_working(date(2026, 7, 20))
    assert calendar.is_working(date(2027, 7, 20))
    assert not calendar.knows(Period(date(2027, 7, 1), date(2027, 7, 5)))
    assert NO_CALENDAR.is_working(date(2026, 7, 20))
    assert not NO_CALENDAR.is_working(date(2026, 7, 14))
