"""Days of work: weekdays but public holidays and, where they are known, school holidays."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

#: Months and days of the public holidays of a fixed date (Code du travail, art. L3133-1).
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
#: Easter Monday, Ascension and Whit Monday, in days after Easter.
_AFTER_EASTER = (1, 39, 50)


def is_working(day: date) -> bool:
    """Return whether a day is a weekday and no public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    # Easter Sunday: Meeus, Jones and Butcher's algorithm, Gregorian calendar
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    easter = date(year, month, day + 1)
    moving = (easter + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset((*(date(year, month, day) for month, day in _FIXED), *moving))


@dataclass(frozen=True, slots=True)
class Period:
    """Days from a first to a last, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Return whether a day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """A school year, from the first day of class to the last, and its holidays."""

    days: Period
    holidays: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """School years that follow one another, in order; none where the folder gives no calendar."""

    zone: str = ""  # The holidays' zone, as in « vacances de la zone B ».
    years: tuple[SchoolYear, ...] = ()

    def knows(self, days: Period) -> bool:
        """Return whether the school holidays of these days are known."""
        known = (self.years[0].days.first, self.years[-1].days.last) if self.years else None
        return known is not None and known[0] <= days.first <= days.last <= known[1]

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked: `is_working`, and no school holiday that is known."""
        if not is_working(day) or not self.knows(Period(day, day)):
            return is_working(day)
        year = next((year for year in self.years if year.days.holds(day)), None)
        return year is not None and not any(each.holds(day) for each in year.holidays)

    def working_days(self, days: Period) -> tuple[date, ...]:
        """Return the days of a period that are worked, in order."""
        span = range((days.last - days.first).days + 1)
        every = (days.first + timedelta(days=step) for step in span)
        return tuple(day for day in every if self.is_working(day))


#: The calendar of a folder that gives none.
NO_CALENDAR = SchoolCalendar()
