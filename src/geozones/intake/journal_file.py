"""Reader of journal files: a GLPI export, or sheets of interventions, of absences, of trips."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from statistics import median

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain import Lycee
from geozones.domain.field_journal import Absence, Intervention, Journal, JournalTrip, journal_of
from geozones.domain.terms import worded
from geozones.intake.delimited import text_rows
from geozones.intake.documents import MAX_LINES, ListError, decode
from geozones.intake.journal_cells import (
    JournalColumns,
    LyceeLookup,
    find_columns,
    read_duration,
    read_titles,
)
from geozones.intake.journal_rows import DateBounds, JournalRow, NoticeTally, RowNotice, RowReader
from geozones.intake.workbooks import read_sheets

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
) -> JournalReading:
    """Read a file of the journal; its form, tables, columns and units are recognised.

    Parameters
    ----------
    lycees
        Lycées of the plan, by id; rows of other lycées are left out and reported.
    pseudonym
        Returns the pseudonym for a technician's name.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"Ce journal est trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    if not content.strip():
        raise InputError("Ce journal est vide.")
    try:
        tables, notes = _tables(content)
    except ListError as error:
        sentence = str(error).replace(
            "Cette liste ne peut pas être lue", "Ce journal ne peut pas être lu"
        )
        raise InputError(sentence.replace("Exportez-la", "Exportez-le")) from error
    places = LyceeLookup(lycees)
    rows: list[JournalRow] = []
    left_out, doubts, invented = NoticeTally(), NoticeTally(), False
    for title, table in tables:
        reader, more = _reader(title, table, (places, bounds, pseudonym), notes)
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


def _tables(content: bytes) -> tuple[Iterator[tuple[str, Iterator[NumberedRow]]], list[str]]:
    """Return the name and the rows of each table, and the list of notes that reading extends."""
    notes: list[str] = []
    if content.startswith(b"PK"):
        return _sheets(content, notes), notes
    text, decoding_notes = decode(content)
    notes += [note.what for note in decoding_notes]
    rows = ((row.number, row.cells) for row in text_rows(text))
    return iter([("", _bounded(rows, notes))]), notes


def _sheets(content: bytes, notes: list[str]) -> Iterator[tuple[str, Iterator[NumberedRow]]]:
    """Yield the sheets that are tables of a journal, or the first sheet if there is none."""
    sheets = [
        (title, [(line.number, line.cells) for line in lines])
        for title, lines in read_sheets(content)
    ]
    filled = [(title, rows) for title, rows in sheets if any(any(cells) for _, cells in rows)]
    known = [
        (title, rows)
        for title, rows in filled
        if any(read_titles(cells) is not None for _, cells in rows[:20])
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
) -> tuple[RowReader, Iterator[NumberedRow]]:
    """Return the reader of a table's rows, and its rows under the titles."""
    sample = list(islice(rows, _SAMPLE))
    start, columns = find_columns([cells for _, cells in sample])
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
