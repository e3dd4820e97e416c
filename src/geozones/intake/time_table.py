"""Reader of a table of driving times, from CSV or a spreadsheet: two places and minutes a line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError, shortened
from geozones.common.folding import folded
from geozones.common.french import listing, number
from geozones.intake.document_reader import read_document
from geozones.intake.documents import DocumentLine

#: Most bytes of a file, and most lines of it with a time.
MAX_BYTES = 2_000_000
MAX_ROWS = 2_000
#: A longer drive must be in seconds.
MAX_MINUTES = 600.0
#: The usual titles of each column, folded.
COLUMNS = {
    "de": ("de", "depart", "origine", "from"),
    "a": ("a", "vers", "arrivee", "destination", "to"),
    "minutes": (
        "minutes", "min", "duree", "duree min", "duree minutes", "duree en minutes", "temps",
        "temps min", "temps minutes", "temps en minutes", "minutes mesurees",
    ),
    "usage": ("usage",),
    "source": ("source",),
}  # fmt: skip
_NEEDED = ("de", "a", "minutes")
#: Use of half of the references: to fit a model, or to check a fitted model.
FITTED, CHECKED = "calibrage", "contrôle"
_USAGES = {folded(usage): usage for usage in (FITTED, CHECKED)}
_MINUTES = re.compile(r"([+-]?\d{1,9}(?:[.,]\d{1,9})?)(?:\s*(?:min|mn|minutes?)\.?)?")
_CLOCK = re.compile(
    r"(\d{1,2})\s*(?:h|:|heures?)\s*(\d{1,2})?(?:\s*(?:min|mn|:\s*\d{2}))?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Fault of a line, as a French sentence that names the field."""

    line: int
    why: str

    def __str__(self) -> str:
        """Write the fault with its line."""
        return f"Ligne {self.line}, {self.why}"


@dataclass(frozen=True, slots=True)
class TimeRow:
    """Line: both places as written, minutes; ``usage`` is "", or one of the two halves."""

    line: int
    origin: str
    destination: str
    minutes: float
    usage: str = ""
    source: str = ""


@dataclass(frozen=True)
class TimeTable:
    """Content of a table of driving times.

    Parameters
    ----------
    rows
        The lines with places and minutes.
    unfilled
        Number of lines with two places and no minutes: still to be measured.
    faults
        Faults of the other lines.
    remarks
        Doubts about the reading of the file, in sentences.
    """

    rows: tuple[TimeRow, ...]
    unfilled: int
    faults: tuple[Fault, ...]
    remarks: tuple[str, ...]


def read_time_table(content: bytes) -> TimeTable:
    """Read a table whose first line names the columns « de », « a » and « minutes ».

    Columns « usage » (calibrage or contrôle) and « source » may stand beside them; others
    are not read.

    Raises
    ------
    InputError
        If it cannot be read, has too many lines, or lacks one of these columns.
    """
    if len(content) > MAX_BYTES:
        msg = f"Ce fichier est trop gros : {MAX_BYTES // 1_000_000} Mo au plus."
        raise InputError(msg)
    document = read_document(content)
    lines = [line for line in document.lines if not line.is_blank]
    columns = _columns(lines[0] if lines else DocumentLine(1, ()))
    del lines[:1]
    if not lines:
        msg = "Ce fichier n'a que des titres : donnez un trajet par ligne."
        raise InputError(msg)
    if len(lines) > MAX_ROWS:
        msg = f"Ce fichier a {number(len(lines))} trajets : {number(MAX_ROWS)} au plus."
        raise InputError(msg)
    read = [_read(line, columns) for line in lines]
    return TimeTable(
        rows=tuple(row for row in read if isinstance(row, TimeRow)),
        unfilled=sum(row is None for row in read),
        faults=tuple(row for row in read if isinstance(row, Fault)),
        remarks=tuple(f"Ligne {note.row} : {note.what}" for note in document.notes),
    )


def _columns(titles: DocumentLine) -> dict[str, int]:
    """Return the rank of each column that a title names; raises ``InputError``."""
    columns: dict[str, int] = {}
    for rank, title in enumerate(titles.cells):
        for field, usual in COLUMNS.items():
            if folded(title) in usual:
                columns.setdefault(field, rank)
    missing = [f"« {field} »" for field in _NEEDED if field not in columns]
    if missing:
        what = "les colonnes" if len(missing) > 1 else "la colonne"
        msg = (
            f"Il manque {what} {listing(missing)} : la première ligne doit nommer « de », "
            "« a » et « minutes »."
        )
        raise InputError(msg)
    return columns


def _read(line: DocumentLine, columns: Mapping[str, int]) -> TimeRow | Fault | None:
    """Return the time of a line, or its fault; ``None`` if it has no minutes yet."""
    cells = {field: line.cell(rank) for field, rank in columns.items()}
    for field in ("de", "a"):
        if not cells[field]:
            return Fault(line.number, f"{field} : le lieu manque.")
    if not cells["minutes"]:
        return None
    usage = cells.get("usage", "")
    if usage and folded(usage) not in _USAGES:
        why = f"usage : « {shortened(usage)} » n'est ni « {FITTED} » ni « {CHECKED} »."
        return Fault(line.number, why)
    try:
        minutes = read_minutes(cells["minutes"])
    except InputError as error:
        return Fault(line.number, f"minutes : {error}")
    source = cells.get("source", "")
    half = _USAGES.get(folded(usage), "")
    return TimeRow(line.number, cells["de"], cells["a"], minutes, half, source)


def read_minutes(text: str) -> float:
    """Return the minutes that a cell gives: ``65``, ``12,5`` or ``65 min``.

    Raises
    ------
    InputError
        If it is a clock time, not above 0, over ten hours, or no number.
    """
    printed = shortened(text, 30)
    clock = _CLOCK.fullmatch(text)
    if clock:
        minutes = 60 * int(clock[1]) + int(clock[2] or 0)
        msg = f"« {printed} » n'est pas en minutes : écrivez {minutes}."
        raise InputError(msg)
    figure = _MINUTES.fullmatch(text.casefold())
    if figure is None:
        msg = f"« {printed} » n'est pas un nombre : écrivez des minutes, par exemple 65 ou 12,5."
        raise InputError(msg)
    value = float(figure[1].replace(",", "."))
    if value <= 0:
        msg = f"« {printed} » : une durée est plus grande que 0."
        raise InputError(msg)
    if value > MAX_MINUTES:
        msg = f"« {printed} » dépasse {number(MAX_MINUTES)} min : sont-ce des secondes ?"
        raise InputError(msg)
    return value
