"""Reader of journal files: interventions, absences, trips, from their cells to entries."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, partial
from itertools import chain, islice
from statistics import median

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
from geozones.intake.columns import TableColumns, TableField, TableFields, recognise
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


#: Cells read once: a journal has the same ones in many rows, a hostile file as many as rows.
_CELLS = 50_000


@lru_cache(maxsize=_CELLS)
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


@lru_cache(maxsize=_CELLS)
def read_level(text: str) -> int:
    """Return the level in a cell or a group's name, from 1 to 3; 0 without a level."""
    found = _LEVEL.search(folded(text))
    return int(found[1] or found[2]) if found else 0


@lru_cache(maxsize=_CELLS)
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
        self.find = lru_cache(maxsize=_CELLS)(self._find)

    def _find(self, text: str) -> tuple[str, str]:
        """Return a lycée (id), and the reason if there is none; one of them is empty."""
        if not text:
            return "", worded("{site} manquant")
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
        return (keys.pop(), "") if len(keys) == 1 else ("", worded("{site} inconnu"))


def _bare(name: str) -> str:
    """Return a name folded, without the words that only mean « lycée »."""
    plain = folded(name)
    return " ".join(_SHORT.sub(" ", plain).split()) or plain


#: Names on screen of the fields, where they have accents or are nouns of the network.
_SHOWN = {
    "debut": "début", "duree": "durée", "depart": "départ", "arrivee": "arrivée",
    "lycee": "{site}", "technicien": "{technician}",
}  # fmt: skip
#: Kinds of columns, and their usual titles, folded; the first found wins: of the dates of a ticket,
#: the date of the work, then of its solution, then of its opening.
FIELDS = TableFields({
    field: TableField(field, titles, label=_SHOWN.get(field, field))
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
})  # fmt: skip
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

    def cell(self, cells: Sequence[str], field: str) -> str:
        """Return the cell of a field in a row, empty if the table or the row lacks it."""
        rank = self.ranks.get(field, -1)
        return cells[rank].strip() if 0 <= rank < len(cells) else ""


def table_columns(
    rows: Sequence[Sequence[str]], corrections: Mapping[str, str] | None = None
) -> TableColumns:
    """Return the columns of a table that may be one of a journal: see `recognise`."""
    return recognise(
        [DocumentLine(rank, tuple(cells)) for rank, cells in enumerate(rows[:_LOOKED_AT])],
        FIELDS,
        corrections,
        among=_LOOKED_AT,
        is_titles=lambda _, named: _kind(named) is not None,
    )


def find_columns(
    rows: Sequence[Sequence[str]], corrections: Mapping[str, str] | None = None
) -> tuple[TableColumns, JournalColumns] | None:
    """Return the columns of a table of a journal, and how its rows are read; ``None`` for others.

    ``corrections`` are the columns that the user chose: see `recognise`.
    """
    table = table_columns(rows, corrections)
    kind = _kind(table.ranks)
    if kind is None:
        return None
    named = {guess.field: guess.title for guess in table.guesses}
    words = folded(named.get("duree", "")).split()
    unit = _UNITS.get(words[-1]) if words else None
    return table, JournalColumns(kind, table.ranks, named, unit)


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


def _kind(ranks: Mapping[str, object]) -> RowKind | None:
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


class _UnreadableError(Exception):
    """A row cannot be read: reason, and cell at fault."""

    def __init__(self, why: str, cell: str = "") -> None:
        super().__init__(why)
        self.why, self.cell = why, cell


@dataclass
class RowNotice:
    """Rows, or cells of rows, left out for one reason: their number, the first lines."""

    why: str
    example: str
    rows: int = 0
    lines: list[int] = field(default_factory=list)

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


class NoticeTally(dict[str, RowNotice]):
    """Notices on rows, by reason."""

    def add(self, why: str, line: int, cell: str = "") -> None:
        """Count a row; the line and cell of the first rows are kept."""
        notice = self.setdefault(why, RowNotice(why, cell))
        notice.rows += 1
        if len(notice.lines) < _MAX_LINES:
            notice.lines.append(line)

    @property
    def notices(self) -> tuple[RowNotice, ...]:
        """The notices, those on most rows first."""
        return tuple(sorted(self.values(), key=lambda notice: -notice.rows))


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
        self._days: dict[date, date] = {}
        self._people: dict[str, str] = {}
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
                self.invented |= INVENTED in self.columns.cell(cells, "source")
            except _UnreadableError as fault:
                self.left_out.add(fault.why, line, fault.cell)
                continue
            if row in taken:
                self.left_out.add("ligne déjà lue plus haut", line)
            else:
                taken[row] = None
        return list(taken)

    def _intervention(self, cells: Sequence[str], line: int) -> Intervention:
        cell = partial(self.columns.cell, cells)
        day, minute = self._moment(cell("debut"), "date")
        place, role, mode = cell("lycee"), folded(cell("profil")), cell("mode")
        lycee, why = self.places.find(clipped(place))
        row = Intervention(
            day,
            minute,
            lycee,
            self._who(cell("technicien")),
            read_level(cell("niveau")),
            self._worked(cells, line, (day, minute)),
            read_nature(cell("nature")),
            cell("ticket")[:40],
            role in {"tis", "t i s"} or "secteur" in role,
            bool(mode and self._is_remote(mode)),
        )
        if why:
            if not row.is_request:
                raise _UnreadableError(why, place)
            self.doubts.add(f"{why} : demande comptée sans {terms().site}", line, place)
        return row

    def _absence(self, cells: Sequence[str], line: int) -> Absence:
        cell = partial(self.columns.cell, cells)
        first, _ = self._moment(cell("debut"), "premier jour")
        last, _ = self._moment(cell("fin"), "dernier jour", future=True)
        person = self._who(cell("technicien"))
        if not person:
            raise _UnreadableError(worded("{technician} manquant"))
        if last < first:
            raise _UnreadableError("absence qui finit avant de commencer", cell("fin"))
        if (last - first).days > MAX_AWAY:
            raise _UnreadableError("absence de plus d'un an", cell("fin"))
        if last > self.bounds.today:
            self.doubts.add("absence comptée jusqu'à aujourd'hui seulement", line)
            last = self.bounds.today
        return Absence(person, first, last)

    def _trip(self, cells: Sequence[str], line: int) -> JournalTrip:
        cell = partial(self.columns.cell, cells)
        day, minute = self._moment(cell("debut"), "date")
        end, km = cell("arrivee"), cell("km")
        origin, destination = self._lycee(cell("depart")), self._lycee(end)
        if origin == destination:
            site = terms().site
            back = f"trajet qui revient au même {site}"
            raise _UnreadableError(back, end)
        typed = cell("duree")
        minutes = read_duration(typed, self.unit)
        if minutes is None:
            raise _UnreadableError("durée illisible" if typed else "durée manquante", typed)
        if not 0 < minutes <= MAX_DRIVE:
            outside = "durée négative" if minutes < 0 else "durée hors de 0 à 10 h"
            raise _UnreadableError(outside, typed)
        way = read_duration(km, 1.0) if km else None
        if km and (way is None or way <= 0):
            self.doubts.add("kilomètres illisibles : trajet compté sans eux", line, km)
            way = None
        person = self._who(cell("technicien"))
        return JournalTrip(
            day, minute, person, origin, destination, minutes, -1.0 if way is None else way
        )

    def _moment(self, text: str, what: str, *, future: bool = False) -> tuple[date, int]:
        """Return a day and a minute; with ``future`` the day may be after today."""
        if not text:
            raise _UnreadableError(f"{what} manquante" if what == "date" else f"{what} manquant")
        found = read_moment(text)
        if found is None:
            raise _UnreadableError("date illisible", text)
        # one object per day, however many rows
        day = self._days.setdefault(found[0], found[0])
        if day > self.bounds.today + timedelta(days=MAX_AWAY if future else 0):
            raise _UnreadableError("date à venir", text)
        if day < self.bounds.oldest:
            raise _UnreadableError("date trop ancienne pour être gardée", text)
        return day, found[1]

    def _lycee(self, text: str) -> str:
        key, why = self.places.find(clipped(text))
        if why:
            raise _UnreadableError(why, text)
        return key

    def _who(self, text: str) -> str:
        known = self._people.get(text)
        if known is None:
            first = text.replace("<br>", "\n").strip().split("\n")[0].strip()
            known = self._people[text] = self.pseudonym(first) if first else ""
        return known

    def _worked(self, cells: Sequence[str], line: int, start: tuple[date, int]) -> float:
        typed = self.columns.cell(cells, "duree")
        if not typed:
            return self._between(cells, start)
        minutes = read_duration(typed, self.unit)
        if minutes is not None and 0 <= minutes <= MAX_WORK:
            return minutes
        why = "durée illisible" if minutes is None else "durée négative"
        if minutes is not None and minutes > MAX_WORK:
            why = "durée de plus de 24 h"
        self.doubts.add(f"{why} : intervention comptée sans sa durée", line, typed)
        return -1.0

    def _between(self, cells: Sequence[str], start: tuple[date, int]) -> float:
        """Return the minutes until the end, on the same day; -1 if the file has no end."""
        end = read_moment(self.columns.cell(cells, "fin"))
        day, minute = start
        if end is None or end[0] != day or min(minute, end[1]) < 0 or end[1] <= minute:
            return -1.0
        return float(end[1] - minute)

    def _is_remote(self, mode: str) -> bool:
        plain, title = folded(mode), folded(self.columns.titles["mode"])
        if title == "sur site":
            return plain in {"non", "n", "0", "faux"} or plain in _REMOTE
        if title == "a distance":
            return plain in {"oui", "o", "1", "vrai", "x"}
        return plain in _REMOTE


#: Most bytes and rows of a file of the journal.
MAX_BYTES, MAX_ROWS = 120_000_000, 500_000
#: Rows examined for the titles and for the unit of durations.
_SAMPLE = 400
#: Durations with a median above this number of minutes are seconds, if no title gives the unit.
_SECONDS_FROM = 480.0

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

    Rows of lycées other than the plan's are left out and reported; ``pseudonym`` is called with
    the name of each technician; ``corrections`` are the columns that the user chose: see
    `recognise`.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"Ce journal est trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    if not content.strip():
        raise InputError("Ce journal est vide.")
    places = LyceeLookup(lycees)
    rows: list[JournalRow] = []
    left_out, doubts, invented = NoticeTally(), NoticeTally(), False
    try:
        tables, notes = _tables(content, corrections)
        for title, table in tables:
            reader, more = _reader(title, table, (places, bounds, pseudonym), notes, corrections)
            reader.left_out, reader.doubts = left_out, doubts
            rows += reader.read(more)
            invented |= reader.invented
    except ListError as error:  # a workbook is read as its rows are
        sentence = str(error).replace(
            "Cette liste ne peut pas être lue", "Ce journal ne peut pas être lu"
        )
        raise InputError(sentence.replace("Exportez-la", "Exportez-le")) from error
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
    table, columns = found
    below = sample[table.first :]
    unit = columns.unit or _unit(columns, [cells for _, cells in below])
    named = ", ".join(f"{guess.label} « {guess.title} »" for guess in table.guesses)
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
    typed = (columns.cell(cells, "duree") for cells in rows)
    alone = [
        abs(value)
        for text in typed
        if text.lstrip("+-").replace(",", "").replace(".", "").isdigit()
        and (value := read_duration(text, 1.0))
    ]
    return 1 / 60 if alone and median(alone) > _SECONDS_FROM else 1.0
