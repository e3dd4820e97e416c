"""Journal of an experiment: interventions, absences and trips of its teams, as values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


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
        """Whether a row is an absence, a trip, or an intervention in a known lycée."""
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
