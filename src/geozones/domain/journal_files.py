"""Stored files of a journal: description of each file, and its rows by month."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geozones.common.bounds import Count, DayOrEmpty, Digest, LongText, Moment, Month, Text
from geozones.common.errors import InputError
from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalTrip,
    Nature,
    journal_of,
)

_NATURES = tuple(Nature)
#: Bits of the flags of an intervention.
_TIS, _REMOTE = 1, 2


@dataclass(frozen=True, slots=True)
class JournalFile:
    """Stored journal file.

    Parameters
    ----------
    id
        The SHA-256 of its bytes, in hexadecimal, so that the same file has the same id.
    name
        Name of the file.
    at, author
        When it was imported (ISO 8601, UTC), by whom.
    rows
        How many of its rows were stored; rows of an earlier file are left out.
    first, last
        The days of its rows (ISO); empty without any.
    invented
        Whether a generator made it.
    report
        Report on its rows, in French sentences.
    """

    id: Digest
    name: Text
    at: Moment
    author: Text
    rows: Count
    first: DayOrEmpty
    last: DayOrEmpty
    invented: bool
    report: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class JournalMonth:
    """Rows of a file (id) in a month, in the format of `by_month`."""

    file: Digest
    month: Month
    content: LongText


def by_month(journal: Journal) -> Mapping[str, str]:
    """Return the rows of each month (``2026-03``) as JSON; an absence counts in its last month."""
    months: dict[str, dict[str, list[Any]]] = defaultdict(
        lambda: {"interventions": [], "absences": [], "trips": []}
    )
    for row in journal.interventions:
        day = row.day.isoformat()
        flags = _TIS * row.tis | _REMOTE * row.remote
        months[day[:7]]["interventions"].append(
            [
                day, row.minute, row.lycee, row.person, row.level, row.minutes,
                _NATURES.index(row.nature), row.ticket, flags,
            ]
        )  # fmt: skip
    for away in journal.absences:
        last = away.last.isoformat()
        months[last[:7]]["absences"].append([away.person, away.first.isoformat(), last])
    for trip in journal.trips:
        day = trip.day.isoformat()
        months[day[:7]]["trips"].append([day, *trip[1:]])
    return {
        month: json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        for month, rows in months.items()
    }


def of_months(contents: Iterable[str], *, invented: bool) -> Journal:
    """Return the journal written by `by_month`; raise ``InputError`` if a month was altered."""
    reader = _MonthReader()
    for content in contents:
        reader.add(content)
    return reader.journal(invented=invented)


def readable_months(contents: Iterable[str], *, invented: bool) -> tuple[Journal, int]:
    """Return the journal written by `by_month`, and how many altered months it lacks."""
    reader = _MonthReader()
    altered = 0
    for content in contents:
        try:
            reader.add(content)
        except InputError:
            altered += 1
    return reader.journal(invented=invented), altered


class _MonthReader:
    """Reader of the rows of months; equal texts and days share one object."""

    def __init__(self) -> None:
        self._days: dict[str, date] = {}
        self._texts: dict[str, str] = {}
        self._interventions: list[Intervention] = []
        self._absences: list[Absence] = []
        self._trips: list[JournalTrip] = []

    def add(self, content: str) -> None:
        """Add the rows of a month, all or none; raise ``InputError`` if it was altered."""
        try:
            rows = json.loads(content)
            interventions = [self._intervention(row) for row in rows["interventions"]]
            absences = [
                Absence(self._same(one), self._on(first), self._on(last))
                for one, first, last in rows["absences"]
            ]
            trips = [JournalTrip(self._on(day), *rest) for day, *rest in rows["trips"]]
        except (ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
            msg = (
                "Le journal gardé est altéré : supprimez ses fichiers, puis importez-les à nouveau."
            )
            raise InputError(msg) from error
        self._interventions += interventions
        self._absences += absences
        self._trips += trips

    def journal(self, *, invented: bool) -> Journal:
        """Return the journal of all months added."""
        return journal_of(self._interventions, self._absences, self._trips, invented=invented)

    def _intervention(self, row: list[Any]) -> Intervention:
        day, minute, lycee, person, level, minutes, nature, ticket, flags = row
        return Intervention(
            self._on(day),
            minute,
            self._same(lycee),
            self._same(person),
            level,
            minutes,
            _NATURES[nature],
            ticket,
            bool(flags & _TIS),
            bool(flags & _REMOTE),
        )

    def _on(self, text: str) -> date:
        if text not in self._days:
            self._days[text] = date.fromisoformat(text)
        return self._days[text]

    def _same(self, text: str) -> str:
        return self._texts.setdefault(text, text)
