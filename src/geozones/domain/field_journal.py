"""Journal of an experiment: its values, its stored files, and what a scenario adopted of it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from geozones.common.bounds import Count, DayOrEmpty, Digest, LongText, Moment, Month, Text
from geozones.common.errors import InputError
from geozones.domain.settings import DriveCorrection, Settings


class Nature(StrEnum):
    """Reason for a presence in a lycée; ``UNKNOWN`` if the file does not give it."""

    UNKNOWN = ""
    FIXED = "jour fixe"
    VISIT = "visite"
    COVER = "relève"


class RowKind(StrEnum):
    """Kind of the rows of a journal file."""

    INTERVENTIONS = "interventions"
    ABSENCES = "absences"
    TRIPS = "trajets"


class Intervention(NamedTuple):
    """Row of interventions: a request that someone handled, or the record of a presence.

    ``lycee`` is empty where the file names no known lycée. ``minute`` is the minute of the day, -1
    where unknown; ``minutes`` its duration, -1 where unknown; ``level`` is 1 to 3, 0 where unknown;
    ``person`` is a pseudonym, empty where unknown; ``tis`` marks a T.I.S.; ``remote`` an
    intervention without a visit.
    """

    day: date
    minute: int
    lycee: str
    person: str
    level: int = 0
    minutes: float = -1.0
    nature: Nature = Nature.UNKNOWN
    ticket: str = ""
    tis: bool = False
    remote: bool = False

    @property
    def is_request(self) -> bool:
        """Whether the row is a request; without a ticket, a row with a nature is a presence."""
        return bool(self.ticket) or self.nature is Nature.UNKNOWN


class Absence(NamedTuple):
    """Absence of a person, first and last day included; its reason is never stored."""

    person: str
    first: date
    last: date


class JournalTrip(NamedTuple):
    """Drive made from a lycée to another; ``km`` is -1 where unknown."""

    day: date
    minute: int
    person: str
    origin: str
    destination: str
    minutes: float
    km: float = -1.0


@dataclass(frozen=True, eq=False)
class Journal:
    """Recorded rows, each once, by day; ``invented`` if a generator made some of them."""

    interventions: tuple[Intervention, ...] = ()
    absences: tuple[Absence, ...] = ()
    trips: tuple[JournalTrip, ...] = ()
    invented: bool = False

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.interventions) + len(self.absences) + len(self.trips)

    @property
    def is_usable(self) -> bool:
        """Whether a row is an absence, a trip, or an intervention in a lycée of the territory."""
        located = any(row.lycee for row in self.interventions)
        return bool(located or self.absences or self.trips)

    @cached_property
    def period(self) -> tuple[date, date] | None:
        """The first and the last day recorded; ``None`` for an empty journal."""
        days = [
            *(row.day for row in self.interventions),
            *(row.first for row in self.absences),
            *(row.last for row in self.absences),
            *(row.day for row in self.trips),
        ]
        return (min(days), max(days)) if days else None

    def joined(self, other: "Journal") -> "Journal":
        """Return both journals as one; a row in both counts once."""
        return journal_of(
            (*self.interventions, *other.interventions),
            (*self.absences, *other.absences),
            (*self.trips, *other.trips),
            invented=self.invented or other.invented,
        )


def journal_of(
    interventions: Iterable[Intervention] = (),
    absences: Iterable[Absence] = (),
    trips: Iterable[JournalTrip] = (),
    *,
    invented: bool = False,
) -> Journal:
    """Return a journal of rows in any order, each counted once."""
    return Journal(
        tuple(sorted(dict.fromkeys(interventions))),
        tuple(sorted(dict.fromkeys(absences), key=lambda row: (row.first, row.person, row.last))),
        tuple(sorted(dict.fromkeys(trips))),
        invented,
    )


_NATURES = tuple(Nature)
#: Bits of the flags of an intervention.
_TIS, _REMOTE = 1, 2


@dataclass(frozen=True, slots=True)
class JournalFile:
    """Stored journal file."""

    id: Digest  # The SHA-256 of its bytes, in hexadecimal, so that the same file has the same id.
    name: Text  # Name of the file.
    at: Moment  # When it was imported (ISO 8601, UTC), by whom.
    author: Text
    rows: Count  # How many of its rows were stored; rows of an earlier file are left out.
    first: DayOrEmpty  # The days of its rows (ISO); empty without any.
    last: DayOrEmpty
    invented: bool  # Whether a generator made it.
    report: tuple[Text, ...] = ()  # Report on its rows, in French sentences.


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
            raise InputError(
                "Le journal gardé est altéré : supprimez ses fichiers, puis importez-les à nouveau."
            ) from error
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


#: Hypotheses that a scenario may have adopted: settings record, minimum, maximum, name (for
#: `worded`). Earlier versions adopted those of T.I.S. too.
ADOPTABLE: Mapping[str, tuple[str, float, float, str]] = MappingProxyType(
    {
        "visits_per_month": ("cost", 0, 20, "visites de continuité par mois"),
        "absence_rate": ("teams", 0, 0.5, "taux d'absence"),
        "absence_days": ("teams", 1, 120, "durée moyenne d'une absence"),
        "tis_visits": ("teams", 0, 20, "visites {of_a_sector_technician} par {site} et par mois"),
        "tis_minutes": ("teams", 15, 480, "durée d'une visite {of_a_sector_technician}"),
    }
)

#: Those of them that a bilan proposes to retain.
RETAINABLE = ("visits_per_month", "absence_rate", "absence_days")


def _default(name: str) -> float:
    """Return the value of an adoptable hypothesis before a journal is adopted."""
    value: float = getattr(getattr(Settings(), ADOPTABLE[name][0]), name)
    return value


@dataclass(frozen=True, slots=True)
class Observation:
    """Figure observed in a journal.

    ``low`` and ``high`` are its 95 % interval, ``count`` the number of observations, ``first`` and
    ``last`` their days (ISO); ``invented`` where a generator made some of them.
    """

    value: float
    low: float
    high: float
    count: int
    first: str
    last: str
    invented: bool = False


@dataclass(frozen=True)
class AdoptedHypotheses:
    """Observed hypotheses by name, and corrections of drives."""

    hypotheses: Mapping[str, Observation] = field(default_factory=dict)
    drives: tuple[DriveCorrection, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "hypotheses", MappingProxyType(dict(self.hypotheses)))

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((frozenset(self.hypotheses.items()), self.drives))

    def with_hypothesis(self, name: str, observed: Observation | None) -> "AdoptedHypotheses":
        """Return a copy with one hypothesis as observed, or with the default (``None``)."""
        kept = {key: known for key, known in self.hypotheses.items() if key != name}
        return replace(self, hypotheses=kept if observed is None else {**kept, name: observed})

    def removed_from(self, settings: Settings) -> Settings:
        """Return settings before `applied_to`: defaults in place of the adopted hypotheses."""
        for name, observed in self.hypotheses.items():
            owner = ADOPTABLE[name][0]
            held = getattr(settings, owner)
            if getattr(held, name) == observed.value:
                default = _default(name)
                settings = replace(settings, **{owner: replace(held, **{name: default})})
        return replace(settings, drive_corrections=()) if self.drives else settings

    def applied_to(self, settings: Settings) -> Settings:
        """Return settings with the adopted values, except where someone set another value."""
        for name, observed in self.hypotheses.items():
            owner = ADOPTABLE[name][0]
            held = getattr(settings, owner)
            if getattr(held, name) == _default(name):
                changed = replace(held, **{name: observed.value})
                settings = replace(settings, **{owner: changed})
        if self.drives != settings.drive_corrections:
            settings = replace(settings, drive_corrections=self.drives)
        return settings
