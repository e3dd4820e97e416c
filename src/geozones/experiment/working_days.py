"""Working days of a journal: weekdays, except public holidays, of the weeks in which it has rows.

A journal has no school calendar: a week without any row counts as holidays.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache

from geozones.domain.field_journal import Journal

#: Months and days of the public holidays of a fixed date (Code du travail, art. L3133-1).
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
#: Easter Monday, Ascension and Whit Monday, in days after Easter.
_AFTER_EASTER = (1, 39, 50)


def working_days(journal: Journal) -> tuple[date, ...]:
    """Return the working days of a journal, in order."""
    if journal.period is None:
        return ()
    first, last = journal.period
    busy = {_monday(row.day) for row in journal.interventions}
    busy |= {_monday(row.day) for row in journal.trips}
    if not busy:  # absences alone do not prove that a week is at work
        busy = {_monday(day) for day in _days(first, last)}
    return tuple(day for day in _days(first, last) if _monday(day) in busy and is_working(day))


def is_working(day: date) -> bool:
    """Return whether a day is a weekday and no public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of a year."""
    easter = _easter(year)
    moving = (easter + timedelta(days=days) for days in _AFTER_EASTER)
    return frozenset((*(date(year, month, day) for month, day in _FIXED), *moving))


def _easter(year: int) -> date:
    """Return Easter Sunday: Meeus, Jones and Butcher's algorithm, Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def months_of(days: Iterable[date]) -> tuple[str, ...]:
    """Return the months (``2026-03``) of some days, in order."""
    return tuple(sorted({month_of(day) for day in days}))


def month_of(day: date) -> str:
    """Return the month of a day: ``2026-03``."""
    return f"{day.year:04d}-{day.month:02d}"


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()


def _days(first: date, last: date) -> Iterator[date]:
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)
