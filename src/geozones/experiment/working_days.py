"""Working days of a journal: weekdays, except public holidays, of the weeks in which it has rows.

A journal has no school calendar: a week without any row counts as holidays.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from geozones.domain.field_journal import Journal
from geozones.domain.public_holidays import is_working


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
