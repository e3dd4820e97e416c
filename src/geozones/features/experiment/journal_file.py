"""Reader of journal files: interventions, absences, trips, from their cells to entries."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import chain, islice
from statistics import median
from typing import NamedTuple

from rapidfuzz import fuzz, process

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded, listing, number, plural
from geozones.domain import Lycee
from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalTrip,
    Nature,
    RowKind,
    journal_of,
)
from geozones.domain.terms import terms, worded
from geozones.intake.columns import TableField, recognise
from geozones.intake.document_reader import text_rows
from geozones.intake.documents import MAX_LINES, DocumentLine, ListError, clipped, decode
from geozones.intake.workbooks import read_sheets

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2})[:h](\d{2}).*)?", re.DOTALL)
_FRENCH = re.compile(
    r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T]+(?:à )?(\d{1,2}) ?[:h] ?(\d{2}).*)?", re.DOTALL
)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:[.,]\d{1,6})?")
_CLOCK = re.compile(r"(-?)(\d{1,4}) ?[h:] ?(\d{1,2})?(?: ?[:m] ?(\d{1,2}))?")
_WORDS = re.compile(r"(-?\d{1,6}) ?(jours?|j|heures?|h|minutes?|min|mn|secondes?|s)\b")
_MINUTES_OF = {"j": 1440.0, "h": 60.0, "m": 1.0, "s": 1 / 60}
_CODE = re.compile(r"\b(\d{7}[A-Z])\b")
_LEVEL = re.compile(r"(?:^|[^a-z])(?:n|niv|niveau)[ .°]*([123])(?!\d)|^([123])$")
#: Least similarity of a misspelt name with a lycée's, if no other is as near.
_SAME_NAME = 92.0
_SHORT = re.compile(
    r"\b(lycee|lycees|lgt|lpo|lp|lpa|legta|legtpa|polyvalent|professionnel|general|technologique)\b"
)


def read_moment(text: str) -> tuple[date, int] | None:
    """Return a day and the minute of the day (-1 if missing); ``None`` if it is no date."""
    found = _ISO.fullmatch(text)
    if found:
        year, month, day = found[1], found[2], found[3]
    else:
        found = _FRENCH.fullmatch(text)
        if not found:
            return None
        day, month, year = found[1], found[2], found[3]
    try:
        at = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if found[4] is None:
        return at, -1
    minute = int(found[4]) * 60 + int(found[5])
    return (at, minute) if minute < 1440 else None


def read_duration(text: str, unit: float) -> float | None:
    """Return minutes, possibly negative; ``None`` if it is no duration.

    ``unit`` is the number of minutes in one unit of a bare number. ``1h30``, ``01:30:00`` and ``1
    heure 30 minutes`` contain their units.
    """
    plain = text.casefold().replace("\u00a0", " ").replace("\u202f", " ").strip()
    if _NUMBER.fullmatch(plain):
        return float(plain.replace(",", ".")) * unit
    clock = _CLOCK.fullmatch(plain.rstrip("mins "))
    if clock:
        minutes = int(clock[2]) * 60 + int(clock[3] or 0) + int(clock[4] or 0) / 60
        return -minutes if clock[1] else minutes
    parts = _WORDS.findall(plain)
    if not parts or _WORDS.sub("", plain).strip(" ,etd"):
        return None
    return sum(float(count) * _MINUTES_OF[word[0]] for count, word in parts)


def read_level(text: str) -> int:
    """Return the level in a cell or a group's name, from 1 to 3; 0 without a level."""
    found = _LEVEL.search(folded(text))
    return int(found[1] or found[2]) if found else 0


def read_nature(text: str) -> Nature:
    """Return the nature of a presence, from a cell."""
    plain = folded(text)
    if "fixe" in plain or "presence" in plain or "permanence" in plain:
        return Nature.FIXED
    if "visite" in plain or "continuite" in plain:
        return Nature.VISIT
    if "releve" in plain or "rempla" in plain:
        return Nature.COVER
    return Nature.UNKNOWN


class LyceeLookup:
    """Lookup of lycées named in cells: by a code, by a name, by the end of a path of GLPI.

    ``Région > Angers > Lycée Chevrollier`` is looked up by its last part first.
    """

    def __init__(self, lycees: Mapping[str, Lycee]) -> None:
        self._codes = {code: key for key, one in lycees.items() for code in one.associated_uais}
        self._codes |= {key.upper(): key for key in lycees}
        names: dict[str, set[str]] = {}
        for key, lycee in lycees.items():
            for name in (lycee.name, lycee.published_name):
                for whole in (name, f"{name} {lycee.commune}", f"{lycee.commune} {name}"):
                    names.setdefault(_bare(whole), set()).add(key)
        self._names = {name: next(iter(keys)) for name, keys in names.items() if len(keys) == 1}
        self._several = {name for name, keys in names.items() if len(keys) > 1}
        self._known: dict[str, tuple[str, str]] = {}

    def find(self, text: str) -> tuple[str, str]:
        """Return a lycée (id), and the reason if there is none; one of them is empty."""
        answer = self._known.get(text)
        if answer is None:
            answer = self._known[text] = self._find(text)
        return answer

    def _find(self, text: str) -> tuple[str, str]:
        if not text:
            return "", worded("{site} manquant{e_site}")
        exact = self._codes.get(text.upper())
        if exact is not None:
            return exact, ""
        code = _CODE.search(text.upper())
        if code:
            key = self._codes.get(code[1])
            return (key, "") if key else ("", worded("{site} qui n'est pas du plan"))
        parts = [part for part in re.split(r"\s*>\s*|\s+/\s+", text) if part.strip()]
        for part in reversed(parts or [text]):
            bare = _bare(part)
            if bare in self._names:
                return self._names[bare], ""
            if bare in self._several:
                return "", worded("nom de plusieurs {sites}")
        wanted = _bare(parts[-1] if parts else text)
        near = process.extract(
            wanted, list(self._names), scorer=fuzz.ratio, limit=2, score_cutoff=_SAME_NAME
        )
        keys = {self._names[name] for name, _, _ in near}
        return (keys.pop(), "") if len(keys) == 1 else ("", worded("{site} inconnu{e_site}"))


def _bare(name: str) -> str:
    """Return a name folded, without the words that only mean « lycée »."""
    plain = folded(name)
    return " ".join(_SHORT.sub(" ", plain).split()) or plain


#: Kinds of columns, and their usual titles, folded; the first found wins: of the dates of a ticket,
#: the date of the work, then of its solution, then of its opening.
FIELDS: Mapping[str, TableField] = {
    field: TableField(field, titles)
    for field, titles in {
        "ticket": (
            "id", "id du ticket", "numero", "numero du ticket", "n", "n ticket", "n du ticket",
            "ticket",
        ),
        "debut": (
            "taches date de debut", "date d intervention", "date intervention", "date et heure",
            "debut", "date de debut", "date debut", "date de resolution", "resolu le",
            "date de cloture", "cloture le", "date d ouverture", "ouvert le", "date de creation",
            "date", "jour", "premier jour", "du",
        ),
        "fin": ("fin", "date de fin", "date fin", "dernier jour", "au"),
        "duree": (
            "taches duree", "duree de l intervention", "duree d intervention", "duree",
            "duree totale",
            "temps passe", "duree en secondes", "duree secondes", "duree s", "duree en minutes",
            "duree minutes", "duree min", "duree en heures", "duree heures", "duree h", "minutes",
            "temps", "temps de trajet",
        ),
        "lycee": (
            "uai", "rne", "code uai", "code rne", "lieu", "localisation", "lycee", "etablissement",
            "site", "lieu nom complet", "entite",
        ),
        "technicien": (
            "taches technicien", "attribue a technicien", "technicien",
            "technicien charge du ticket",
            "technicien charge", "intervenant", "agent", "nom de l agent", "tip", "t i p", "nom",
        ),
        "niveau": (
            "niveau", "niveau d intervention", "niveau de support",
            "attribue a groupe de techniciens",
            "groupe de techniciens", "attribue a groupe", "groupe",
        ),
        "nature": ("nature", "nature de l intervention", "type de presence", "motif", "type"),
        "mode": ("mode", "mode d intervention", "modalite", "sur site", "a distance"),
        "profil": ("profil", "fonction", "metier"),
        "depart": ("depart", "lieu de depart", "lycee de depart", "de", "origine"),
        "arrivee": ("arrivee", "lieu d arrivee", "lycee d arrivee", "a", "vers", "destination"),
        "km": ("km", "kilometres", "distance", "distance km"),
        "source": ("source",),
    }.items()
}  # fmt: skip
_NEEDED: Mapping[RowKind, tuple[str, ...]] = {
    RowKind.TRIPS: ("debut", "depart", "arrivee", "duree"),
    RowKind.ABSENCES: ("technicien", "debut", "fin"),
    RowKind.INTERVENTIONS: ("debut", "lycee"),
}
#: Lines in which the titles are searched.
_LOOKED_AT = 20
_UNITS = {"s": 1 / 60, "secondes": 1 / 60, "min": 1.0, "minutes": 1.0, "h": 60.0, "heures": 60.0}


@dataclass(frozen=True, slots=True)
class JournalColumns:
    """Kind of the rows, rank and title of each field.

    ``unit`` is the number of minutes in one unit of the column of durations; ``None`` if no title
    gives it.
    """

    kind: RowKind
    ranks: Mapping[str, int]
    titles: Mapping[str, str]
    unit: float | None

    def rank(self, field: str) -> int:
        """Return the rank of a field, -1 if missing."""
        return self.ranks.get(field, -1)


def find_columns(
    rows: Sequence[Sequence[str]], corrections: Mapping[str, str] | None = None
) -> tuple[int, JournalColumns] | None:
    """Return the number of rows before the first row under the titles, and the columns.

    ``None`` if no row is one of titles. ``corrections`` are the columns that the user chose: see
    `chosen_columns`.
    """
    lines = [DocumentLine(rank, tuple(cells)) for rank, cells in enumerate(rows[:_LOOKED_AT])]
    table = recognise(
        lines, FIELDS, lambda ranks: _kind(ranks) is not None, corrections, among=_LOOKED_AT
    )
    kind = None if table is None else _kind(table.ranks)
    if table is None or kind is None:
        return None
    named = {field: table.title(field) for field in table.ranks}
    words = folded(named.get("duree", "")).split()
    unit = _UNITS.get(words[-1]) if words else None
    return table.first, JournalColumns(kind, table.ranks, named, unit)


def _no_columns() -> InputError:
    wanted = listing(
        [
            f"une intervention par ligne (date et {terms().site})",
            f"une absence ({terms().technician}, début et fin)",
            "un trajet (date, départ, arrivée et durée)",
        ],
        "ou",
    )
    return InputError(f"Ce fichier n'a pas les colonnes d'un journal : il faut {wanted}.")


def _kind(ranks: Mapping[str, int]) -> RowKind | None:
    """Return the kind of rows with these fields; absences have an end, no duration, no ticket."""
    for kind, needed in _NEEDED.items():
        if not all(field in ranks for field in needed):
            continue
        if kind is RowKind.ABSENCES and {"duree", "ticket"} & ranks.keys():
            continue
        return kind
    return None


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


#: Most bytes and rows of a file of the journal.
MAX_BYTES, MAX_ROWS = 120_000_000, 500_000
#: Rows examined for the titles and for the unit of durations.
_SAMPLE = 400
#: Durations with a median above this number of minutes are seconds, if no title gives the unit.
_SECONDS_FROM = 480.0

#: Names on screen of the fields, where they have accents or are nouns of the network.
_SHOWN = {
    "debut": "début", "duree": "durée", "depart": "départ", "arrivee": "arrivée",
    "lycee": "{site}", "technicien": "{technician}",
}  # fmt: skip

#: The number of a row in its file, and its cells.
type NumberedRow = tuple[int, Sequence[str]]


@dataclass(frozen=True)
class JournalReading:
    """Content of a journal file."""

    journal: Journal  # The rows read.
    #: The rows left out, and the rows read without one of their cells, by reason.
    left_out: tuple[RowNotice, ...]
    doubts: tuple[RowNotice, ...]
    notes: tuple[str, ...]  # Recognised and repaired content, in French sentences.

    @property
    def rows_left_out(self) -> int:
        """Number of rows left out."""
        return sum(notice.rows for notice in self.left_out)


def read_journal(
    content: bytes,
    lycees: Mapping[str, Lycee],
    bounds: DateBounds,
    pseudonym: Callable[[str], str],
    corrections: Mapping[str, str] | None = None,
) -> JournalReading:
    """Read a file of the journal; its form, tables, columns and units are recognised.

    Parameters
    ----------
    lycees
        Lycées of the plan, by id; rows of other lycées are left out and reported.
    pseudonym
        Returns the pseudonym for a technician's name.
    corrections
        The columns that the user chose: see `chosen_columns`.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"Ce journal est trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    if not content.strip():
        raise InputError("Ce journal est vide.")
    try:
        tables, notes = _tables(content, corrections)
    except ListError as error:
        sentence = str(error).replace(
            "Cette liste ne peut pas être lue", "Ce journal ne peut pas être lu"
        )
        raise InputError(sentence.replace("Exportez-la", "Exportez-le")) from error
    places = LyceeLookup(lycees)
    rows: list[JournalRow] = []
    left_out, doubts, invented = NoticeTally(), NoticeTally(), False
    for title, table in tables:
        reader, more = _reader(title, table, (places, bounds, pseudonym), notes, corrections)
        reader.left_out, reader.doubts = left_out, doubts
        rows += reader.read(more)
        invented |= reader.invented
    journal = journal_of(
        (row for row in rows if isinstance(row, Intervention)),
        (row for row in rows if isinstance(row, Absence)),
        (row for row in rows if isinstance(row, JournalTrip)),
        invented=invented,
    )
    return JournalReading(journal, left_out.notices, doubts.notices, tuple(notes))


def _tables(
    content: bytes, corrections: Mapping[str, str] | None
) -> tuple[Iterator[tuple[str, Iterator[NumberedRow]]], list[str]]:
    """Return the name and the rows of each table, and the list of notes that reading extends."""
    notes: list[str] = []
    if content.startswith(b"PK"):
        return _sheets(content, notes, corrections), notes
    text, decoding_notes = decode(content)
    notes += [note.what for note in decoding_notes]
    rows = ((row.number, row.cells) for row in text_rows(text))
    return iter([("", _bounded(rows, notes))]), notes


def _sheets(
    content: bytes, notes: list[str], corrections: Mapping[str, str] | None
) -> Iterator[tuple[str, Iterator[NumberedRow]]]:
    """Yield the sheets that are tables of a journal, or the first sheet if there is none."""
    sheets = [
        (title, [(line.number, line.cells) for line in lines])
        for title, lines in read_sheets(content)
    ]
    filled = [(title, rows) for title, rows in sheets if any(any(cells) for _, cells in rows)]
    known = [
        (title, rows)
        for title, rows in filled
        if find_columns([cells for _, cells in rows[:_LOOKED_AT]], corrections) is not None
    ]
    for title, _ in filled:
        if known and title not in {name for name, _ in known}:
            notes.append(
                f"Feuille « {title[:40]} » : ce n'est pas une table d'un journal, non lue."
            )
    for title, rows in known or filled[:1]:
        if len(rows) > MAX_LINES:
            notes.append(
                f"Feuille « {title[:40]} » : {number(MAX_LINES)} lignes lues au plus. "
                "Exportez-la en CSV pour la lire en entier."
            )
        yield title, iter(rows[:MAX_LINES])


def _bounded(rows: Iterator[NumberedRow], notes: list[str]) -> Iterator[NumberedRow]:
    for rank, row in enumerate(rows):
        if rank > MAX_ROWS:
            notes.append(
                f"Lignes {number(row[0])} et suivantes : non lues ({number(MAX_ROWS)} au plus)."
            )
            return
        yield row


def _reader(
    title: str,
    rows: Iterator[NumberedRow],
    how: tuple[LyceeLookup, DateBounds, Callable[[str], str]],
    notes: list[str],
    corrections: Mapping[str, str] | None,
) -> tuple[RowReader, Iterator[NumberedRow]]:
    """Return the reader of a table's rows, and its rows under the titles."""
    sample = list(islice(rows, _SAMPLE))
    found = find_columns([cells for _, cells in sample], corrections)
    if found is None:
        raise _no_columns()
    start, columns = found
    below = sample[start:]
    unit = columns.unit or _unit(columns, [cells for _, cells in below])
    shown = {field: worded(_SHOWN.get(field, field)) for field in columns.titles}
    named = ", ".join(f"{shown[field]} « {title} »" for field, title in columns.titles.items())
    where = (
        f"Feuille « {title[:40]} » : {columns.kind.value}"
        if title
        else f"Table : {columns.kind.value}"
    )
    notes.append(f"{where}, colonnes {named}.")
    if "duree" in columns.ranks and columns.unit is None:
        notes.append(f"Durées sans unité : lues en {'minutes' if unit == 1 else 'secondes'}.")
    return RowReader(columns, unit, *how), chain(below, rows)


def _unit(columns: JournalColumns, rows: Sequence[Sequence[str]]) -> float:
    """Return the minutes in one unit of the column of durations, guessed from its numbers."""
    rank = columns.rank("duree")
    typed = (cells[rank].strip() for cells in rows if 0 <= rank < len(cells))
    alone = [abs(value) for text in typed if _plain(text) and (value := read_duration(text, 1.0))]
    return 1 / 60 if alone and median(alone) > _SECONDS_FROM else 1.0


def _plain(text: str) -> bool:
    return text.lstrip("+-").replace(",", "").replace(".", "").isdigit()
