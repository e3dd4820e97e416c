"""Files of a journal as they are kept: what each was, and its rows by month."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geozones.common.errors import InputError
from geozones.domain.journal import Absence, Intervention, Journal, Nature, Trip, journal_of

_NATURES = tuple(Nature)
#: Bits of the flags of an intervention.
_TIS, _REMOTE = 1, 2


@dataclass(frozen=True, slots=True)
class JournalFile:
    """A file whose rows are kept.

    Parameters
    ----------
    id
        The SHA-256 of its bytes, in hexadecimal: the same file has the same.
    name
        What it was called.
    at, author
        When it was imported (ISO 8601, UTC), by whom.
    rows
        How many of its rows were kept, those that an earlier file held left out.
    first, last
        The days of its rows (ISO); empty without any.
    invented
        Whether a generator made it.
    report
        What was told of its rows, in French sentences.
    """

    id: str
    name: str
    at: str
    author: str
    rows: int
    first: str
    last: str
    invented: bool
    report: tuple[str, ...] = ()


def by_month(journal: Journal) -> Mapping[str, str]:
    """Return the rows of each month (``2026-03``) as JSON; an absence is of its last month."""
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
    """Return the journal of what `by_month` wrote; equal texts are held once.

    Raises
    ------
    InputError
        If one of them was altered.
    """
    days: dict[str, date] = {}
    texts: dict[str, str] = {}
    interventions: list[Intervention] = []
    absences: list[Absence] = []
    trips: list[Trip] = []

    def on(text: str) -> date:
        if text not in days:
            days[text] = date.fromisoformat(text)
        return days[text]

    def same(text: str) -> str:
        return texts.setdefault(text, text)

    try:
        for content in contents:
            rows = json.loads(content)
            for day, minute, lycee, person, level, minutes, nature, ticket, flags in rows[
                "interventions"
            ]:
                interventions.append(
                    Intervention(
                        on(day),
                        minute,
                        same(lycee),
                        same(person),
                        level,
                        minutes,
                        _NATURES[nature],
                        ticket,
                        bool(flags & _TIS),
                        bool(flags & _REMOTE),
                    )
                )
            absences += [Absence(same(one), on(a), on(b)) for one, a, b in rows["absences"]]
            trips += [Trip(on(day), *rest) for day, *rest in rows["trips"]]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        msg = "Le journal gardé est altéré : supprimez ses fichiers, puis importez-les à nouveau."
        raise InputError(msg) from error
    return journal_of(interventions, absences, trips, invented=invented)
