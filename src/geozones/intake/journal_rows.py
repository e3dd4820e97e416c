"""Reader of the rows of one journal table, one by one; rows left out are reported."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from geozones.common.errors import shortened
from geozones.common.french import folded, number, plural
from geozones.domain.field_journal import Absence, Intervention, JournalTrip, Nature, RowKind
from geozones.domain.terms import terms, worded
from geozones.intake.documents import clipped
from geozones.intake.journal_cells import (
    JournalColumns,
    LyceeLookup,
    read_duration,
    read_level,
    read_moment,
    read_nature,
)

#: Longest intervention and drive, in minutes, and longest absence, in days.
MAX_WORK, MAX_DRIVE, MAX_AWAY = 24 * 60.0, 10 * 60.0, 366
#: Text that the generator writes in the column « Source » of its files.
INVENTED = "journal d'essai inventé"
_MAX_LINES = 5
_REMOTE = frozenset({"a distance", "distance", "distanciel", "telephone", "teleassistance"})

type JournalRow = Intervention | Absence | JournalTrip


class RejectionReason(StrEnum):
    """Reason for leaving rows out, in French; other reasons come from the cell at fault."""

    BACKWARDS = "absence qui finit avant de commencer"
    TOO_LONG = "absence de plus d'un an"
    BAD_DATE = "date illisible"
    TO_COME = "date à venir"
    TOO_OLD = "date trop ancienne pour être gardée"


class _UnreadableError(Exception):
    """A row cannot be read: reason, and cell at fault."""

    def __init__(self, why: str, cell: str = "") -> None:
        super().__init__(why)
        self.why, self.cell = why, cell


def _fault(why: str, cell: str = "") -> _UnreadableError:
    return _UnreadableError(why, cell)


class RowNotice(NamedTuple):
    """Rows, or cells of rows, left out for one reason: their number, the first lines."""

    why: str
    rows: int
    lines: tuple[int, ...]
    example: str

    @property
    def text(self) -> str:
        """Return the notice as one sentence without a full stop."""
        lines = ", ".join(number(line) for line in self.lines)
        more = "…" if self.rows > len(self.lines) else ""
        example = f", par exemple « {shortened(self.example, 40)} »" if self.example else ""
        rows = plural(self.rows, "ligne")
        return (
            f"{self.why} : {rows} ({'ligne' if self.rows < 2 else 'lignes'} {lines}{more}){example}"
        )


@dataclass
class NoticeTally:
    """Tally of notices on rows, by reason, in the order of appearance."""

    found: dict[str, tuple[list[int], list[int], str]] = field(default_factory=dict)

    def add(self, why: str, line: int, cell: str = "") -> None:
        """Count a row; the line and cell of the first rows are kept."""
        count, lines, _ = self.found.setdefault(why, ([0], [], cell))
        count[0] += 1
        if len(lines) < _MAX_LINES:
            lines.append(line)

    @property
    def notices(self) -> tuple[RowNotice, ...]:
        """The reasons, the most frequent first."""
        notices = [
            RowNotice(why, count[0], tuple(lines), cell)
            for why, (count, lines, cell) in self.found.items()
        ]
        return tuple(sorted(notices, key=lambda one: -one.rows))


@dataclass(frozen=True)
class DateBounds:
    """First day kept, and today: rows outside of these dates are left out."""

    oldest: date
    today: date


@dataclass
class RowReader:
    """Reader of the rows of one table."""

    columns: JournalColumns
    unit: float  # Minutes in one unit of the column of durations.
    places: LyceeLookup
    bounds: DateBounds
    pseudonym: Callable[[str], str]  # Returns the pseudonym for a technician's name.
    #: Rows left out, and rows read without one of their cells.
    left_out: NoticeTally = field(default_factory=NoticeTally)
    doubts: NoticeTally = field(default_factory=NoticeTally)
    invented: bool = False

    def __post_init__(self) -> None:
        ranks = self.columns.rank
        self._at, self._end = ranks("debut"), ranks("fin")
        self._place, self._person = ranks("lycee"), ranks("technicien")
        self._minutes, self._level = ranks("duree"), ranks("niveau")
        self._nature, self._ticket = ranks("nature"), ranks("ticket")
        self._mode, self._role = ranks("mode"), ranks("profil")
        self._ways = (ranks("depart"), ranks("arrivee"), ranks("km"))
        self._source = ranks("source")
        self._days: dict[str, date | None] = {}
        self._people: dict[str, str] = {}
        self._durations: dict[str, float | None] = {}
        self._levels: dict[str, int] = {}
        self._natures: dict[str, Nature] = {}
        self._seen_ticket: dict[str, str] = {}
        makers: dict[RowKind, Callable[[Sequence[str], int], JournalRow]] = {
            RowKind.INTERVENTIONS: self._intervention,
            RowKind.ABSENCES: self._absence,
            RowKind.TRIPS: self._trip,
        }
        self._make = makers[self.columns.kind]

    def read(self, rows: Iterator[tuple[int, Sequence[str]]]) -> list[JournalRow]:
        """Return the valid rows, each once; tally the others."""
        taken: dict[JournalRow, None] = {}
        for line, cells in rows:
            if not any(cells):
                continue
            try:
                row = self._make(cells, line)
            except _UnreadableError as fault:
                self.left_out.add(fault.why, line, fault.cell)
                continue
            if row in taken:
                self.left_out.add("ligne déjà lue plus haut", line)
            else:
                taken[row] = None
        return list(taken)

    def _intervention(self, cells: Sequence[str], line: int) -> Intervention:
        day, minute = self._moment(_cell(cells, self._at), "date")
        place = _cell(cells, self._place)
        lycee, why = self.places.find(clipped(place))
        self._check_source(cells)
        typed = _cell(cells, self._level)
        level = self._levels.get(typed, -1)
        if level < 0:
            level = self._levels[typed] = read_level(typed)
        named = _cell(cells, self._nature)
        nature = self._natures.get(named)
        if nature is None:
            nature = self._natures[named] = read_nature(named)
        mode = _cell(cells, self._mode)
        row = Intervention(
            day,
            minute,
            lycee,
            self._who(_cell(cells, self._person)),
            level,
            self._worked(cells, line, (day, minute)),
            nature,
            _cell(cells, self._ticket)[:40],
            bool(self._role >= 0 and _is_tis(_cell(cells, self._role))),
            bool(mode and self._is_remote(mode)),
        )
        if why:
            if not row.is_request:
                raise _fault(why, place)
            self.doubts.add(f"{why} : demande comptée sans {terms().site}", line, place)
        return row

    def _absence(self, cells: Sequence[str], line: int) -> Absence:
        first, _ = self._moment(_cell(cells, self._at), "premier jour")
        last, _ = self._moment(_cell(cells, self._end), "dernier jour", future=True)
        person = self._who(_cell(cells, self._person))
        self._check_source(cells)
        if not person:
            raise _fault(worded("{technician} manquant{e_technician}"))
        if last < first:
            raise _fault(RejectionReason.BACKWARDS, _cell(cells, self._end))
        if (last - first).days > MAX_AWAY:
            raise _fault(RejectionReason.TOO_LONG, _cell(cells, self._end))
        if last > self.bounds.today:
            self.doubts.add("absence comptée jusqu'à aujourd'hui seulement", line)
            last = self.bounds.today
        return Absence(person, first, last)

    def _trip(self, cells: Sequence[str], line: int) -> JournalTrip:
        day, minute = self._moment(_cell(cells, self._at), "date")
        start, end, km = (_cell(cells, rank) for rank in self._ways)
        origin, destination = self._lycee(start), self._lycee(end)
        self._check_source(cells)
        if origin == destination:
            site = terms().site
            back = f"trajet qui revient {site.agreeing('au', 'à la')} même {site}"
            raise _fault(back, end)
        typed = _cell(cells, self._minutes)
        minutes = self._duration(typed)
        if minutes is None:
            raise _fault("durée illisible" if typed else "durée manquante", typed)
        if not 0 < minutes <= MAX_DRIVE:
            raise _fault("durée négative" if minutes < 0 else "durée hors de 0 à 10 h", typed)
        way = read_duration(km, 1.0) if km else None
        if km and (way is None or way <= 0):
            self.doubts.add("kilomètres illisibles : trajet compté sans eux", line, km)
            way = None
        person = self._who(_cell(cells, self._person))
        return JournalTrip(
            day, minute, person, origin, destination, minutes, -1.0 if way is None else way
        )

    def _moment(self, text: str, what: str, *, future: bool = False) -> tuple[date, int]:
        """Return a day and a minute; with ``future`` the day may be after today."""
        if not text:
            raise _fault(f"{what} manquante" if what == "date" else f"{what} manquant")
        found = read_moment(text)
        if found is None:
            raise _fault(RejectionReason.BAD_DATE, text)
        # one object per day, however many rows
        day = self._days.setdefault(found[0].isoformat(), found[0]) or found[0]
        if day > self.bounds.today + timedelta(days=MAX_AWAY if future else 0):
            raise _fault(RejectionReason.TO_COME, text)
        if day < self.bounds.oldest:
            raise _fault(RejectionReason.TOO_OLD, text)
        return day, found[1]

    def _lycee(self, text: str) -> str:
        key, why = self.places.find(clipped(text))
        if why:
            raise _fault(why, text)
        return key

    def _who(self, text: str) -> str:
        known = self._people.get(text)
        if known is None:
            first = text.replace("<br>", "\n").strip().split("\n")[0].strip()
            known = self._people[text] = self.pseudonym(first) if first else ""
        return known

    def _worked(self, cells: Sequence[str], line: int, start: tuple[date, int]) -> float:
        typed = _cell(cells, self._minutes)
        if not typed:
            return self._between(cells, start)
        minutes = self._duration(typed)
        if minutes is not None and 0 <= minutes <= MAX_WORK:
            return minutes
        why = "durée illisible" if minutes is None else "durée négative"
        if minutes is not None and minutes > MAX_WORK:
            why = "durée de plus de 24 h"
        self.doubts.add(f"{why} : intervention comptée sans sa durée", line, typed)
        return -1.0

    def _between(self, cells: Sequence[str], start: tuple[date, int]) -> float:
        """Return the minutes until the end, on the same day; -1 if the file has no end."""
        end = read_moment(_cell(cells, self._end)) if self._end >= 0 else None
        day, minute = start
        if end is None or end[0] != day or min(minute, end[1]) < 0 or end[1] <= minute:
            return -1.0
        return float(end[1] - minute)

    def _duration(self, typed: str) -> float | None:
        if typed not in self._durations:
            if len(self._durations) > 50_000:  # a hostile file has as many distinct values as rows
                return read_duration(typed, self.unit)
            self._durations[typed] = read_duration(typed, self.unit)
        return self._durations[typed]

    def _is_remote(self, mode: str) -> bool:
        plain, title = folded(mode), folded(self.columns.titles["mode"])
        if title == "sur site":
            return plain in {"non", "n", "0", "faux"} or plain in _REMOTE
        if title == "a distance":
            return plain in {"oui", "o", "1", "vrai", "x"}
        return plain in _REMOTE

    def _check_source(self, cells: Sequence[str]) -> None:
        if self._source >= 0 and not self.invented:
            self.invented = INVENTED in _cell(cells, self._source)


def _cell(cells: Sequence[str], rank: int) -> str:
    return cells[rank].strip() if 0 <= rank < len(cells) else ""


def _is_tis(text: str) -> bool:
    plain = folded(text)
    return plain in {"tis", "t i s"} or "secteur" in plain
