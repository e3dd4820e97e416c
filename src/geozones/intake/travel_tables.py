"""Tables of places to geocode, and of driving times between two places."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded, listing, number
from geozones.domain.identifiers import Scheme, scheme
from geozones.domain.places import PlaceQuery, Unlocated
from geozones.intake.columns import TableColumns, TableField, TableFields, recognise
from geozones.intake.document_reader import read_document, text_rows
from geozones.intake.documents import MAX_TEXT_LINES, DocumentLine, decode
from geozones.intake.site_fields import SITE_FIELDS

#: The fields of a place: those of a site without looking at cells.
PLACE_FIELDS = TableFields({
    key: replace(SITE_FIELDS[key], tells=None, is_name=False)
    for key in ("code", "name", "address", "postcode", "commune", "insee")
})  # fmt: skip
#: Usual titles of columns for a location, as a message quotes them.
_TITLES = "« UAI », « Adresse » ou « Commune »"
_WHERE = ("code", "address", "commune", "insee")


def read_places(
    content: bytes, corrections: Mapping[str, str] | None = None
) -> tuple[tuple[PlaceQuery, ...], tuple[Unlocated, ...]]:
    """Read a table of places to geocode; return them, and the rows without a location.

    The table is in any form that `read_document` knows; its first line holds the titles.
    """
    document = read_document(content)
    lines = [line for line in document.lines if not line.is_blank]
    columns = recognise(lines, PLACE_FIELDS, corrections)
    if not columns.has(*_WHERE):
        raise InputError(
            f"Aucune colonne ne dit où est un lieu : il faut au moins {_TITLES} en première ligne."
        )
    queries: list[PlaceQuery] = []
    refused: list[Unlocated] = []
    for line in lines[columns.first :]:
        # the query of a row; None if it has neither an id nor a location
        values = {field: columns.cell(line, field) for field in PLACE_FIELDS}
        if not any(values[field] for field in _WHERE):
            query = None
        else:
            code = values.pop("code")
            # the code of a school is written in capitals
            place_id = code.upper() if scheme() is Scheme.UAI else code
            query = PlaceQuery(place_id, **values, row=line.number)
        if query is None:
            why = "ni code, ni adresse, ni commune : rien à chercher"
            refused.append(Unlocated(line.number, why))
        else:
            queries.append(query)
    refused += [Unlocated(note.row, note.what) for note in document.notes if note.row]
    return tuple(queries), tuple(refused)


#: Most bytes of a file, and most lines of it with a time.
MAX_BYTES = 2_000_000
MAX_ROWS = 2_000
#: A longer drive must be in seconds.
MAX_MINUTES = 600.0
#: Most bytes of a table of all drives of a territory, and most kilometres of a drive.
MAX_MATRIX_BYTES = 100_000_000
MAX_KM = 2_000.0
#: The fields of a drive.
DRIVE_FIELDS = TableFields(
    de=TableField("de", ("de", "depart", "origine", "from"), label="Départ", required=True),
    a=TableField(
        "a", ("a", "vers", "arrivee", "destination", "to"), label="Arrivée", required=True
    ),
    minutes=TableField(
        "minutes",
        (
            "minutes", "min", "duree", "duree min", "duree minutes", "duree en minutes", "temps",
            "temps min", "temps minutes", "temps en minutes", "minutes mesurees",
        ),
        label="Minutes",
        required=True,
    ),
    km=TableField("km", ("km", "kilometres", "distance", "distance km"), label="Kilomètres"),
    usage=TableField("usage", ("usage",), label="Usage"),
    auteur=TableField("auteur", ("auteur", "donnee par"), label="Auteur"),
    source=TableField("source", ("source",), label="Source"),
)  # fmt: skip
#: Use of half of the references: to fit a model, or to check a fitted model.
FITTED, CHECKED = "calibrage", "contrôle"
_USAGES = {folded(usage): usage for usage in (FITTED, CHECKED)}
_MINUTES = re.compile(r"([+-]?\d{1,9}(?:[.,]\d{1,9})?)(?:\s*(?:min|mn|minutes?)\.?)?")
_KM = re.compile(r"(\d{1,9}(?:[.,]\d{1,9})?)(?:\s*km)?")
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
    """Line: both places as written, minutes; ``usage`` is "", or one of the two halves.

    ``author`` is who gave the minutes, and when. ``km`` is ``None`` where the line does not give
    it.
    """

    line: int
    origin: str
    destination: str
    minutes: float
    usage: str = ""
    author: str = ""
    source: str = ""
    km: float | None = None


@dataclass(frozen=True)
class TimeTable:
    """Content of a table of driving times."""

    rows: tuple[TimeRow, ...]  # The lines with places and minutes.
    unfilled: int  # Number of lines with two places and no minutes: still to be measured.
    faults: tuple[Fault, ...]  # Faults of the other lines.
    remarks: tuple[str, ...]  # Doubts about the reading of the file, in sentences.


def read_time_table(content: bytes, corrections: Mapping[str, str] | None = None) -> TimeTable:
    """Read a table whose first line names the columns « de », « a » and « minutes ».

    Columns « km », « usage » (calibrage or contrôle), « auteur » and « source » may stand beside
    them; others are not read. ``corrections`` are the columns that the user chose: see
    `recognise`.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"Ce fichier est trop gros : {MAX_BYTES // 1_000_000} Mo au plus.")
    document = read_document(content)
    remarks = tuple(f"Ligne {note.row} : {note.what}" for note in document.notes)
    return _table(document.lines, remarks, MAX_ROWS, corrections)


def read_matrix_table(content: bytes, corrections: Mapping[str, str] | None = None) -> TimeTable:
    """Read the drives of a whole territory, as `read_time_table`, with larger limits of size."""
    if len(content) > MAX_MATRIX_BYTES:
        raise InputError(f"Ce fichier est trop gros : {MAX_MATRIX_BYTES // 1_000_000} Mo au plus.")
    if content.startswith(b"PK") or not content.strip():
        document = read_document(content)
        remarks = tuple(note.what for note in document.notes)
        return _table(document.lines, remarks, MAX_TEXT_LINES, corrections)
    text, notes = decode(content)
    lines = (DocumentLine(row.number, tuple(row.cells)) for row in text_rows(text))
    return _table(lines, tuple(note.what for note in notes), MAX_TEXT_LINES, corrections)


def _table(
    document: Iterable[DocumentLine],
    remarks: tuple[str, ...],
    most: int,
    corrections: Mapping[str, str] | None = None,
) -> TimeTable:
    """Return the drives of lines, the first of which names the columns."""
    lines = [line for line in document if not line.is_blank]
    columns = recognise(lines, DRIVE_FIELDS, corrections)
    missing = [
        f"« {key} »"
        for key, field in DRIVE_FIELDS.items()
        if field.required and not columns.has(key)
    ]
    if missing:
        what = "les colonnes" if len(missing) > 1 else "la colonne"
        raise InputError(
            f"Il manque {what} {listing(missing)} : la première ligne doit nommer « de », "
            "« a » et « minutes »."
        )
    del lines[: columns.first]
    if not lines:
        raise InputError("Ce fichier n'a que des titres : donnez un trajet par ligne.")
    if len(lines) > most:
        raise InputError(f"Ce fichier a {number(len(lines))} trajets : {number(most)} au plus.")
    read = [_read(line, columns) for line in lines]
    return TimeTable(
        rows=tuple(row for row in read if isinstance(row, TimeRow)),
        unfilled=sum(row is None for row in read),
        faults=tuple(row for row in read if isinstance(row, Fault)),
        remarks=remarks,
    )


def _read(line: DocumentLine, columns: TableColumns) -> TimeRow | Fault | None:
    """Return the time of a line, or its fault; ``None`` if it has no minutes yet."""
    cells = {field: line.cell(rank) for field, rank in columns.ranks.items()}
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
    km = _km(cells.get("km", ""))
    if isinstance(km, str):
        return Fault(line.number, f"km : {km}")
    author, source = cells.get("auteur", ""), cells.get("source", "")
    half = _USAGES.get(folded(usage), "")
    return TimeRow(line.number, cells["de"], cells["a"], minutes, half, author, source, km)


def _km(text: str) -> float | str | None:
    """Return the kilometres of a cell, or why it has none; ``None`` if it is empty."""
    if not text:
        return None
    figure = _KM.fullmatch(text.casefold())
    value = float(figure[1].replace(",", ".")) if figure else -1.0
    if 0 <= value <= MAX_KM:
        return value
    return f"« {shortened(text, 30)} » n'est pas une distance de {number(MAX_KM)} km au plus."


def read_minutes(text: str) -> float:
    """Return the minutes that a cell gives: ``65``, ``12,5`` or ``65 min``."""
    printed = shortened(text, 30)
    clock = _CLOCK.fullmatch(text)
    if clock:
        minutes = 60 * int(clock[1]) + int(clock[2] or 0)
        raise InputError(f"« {printed} » n'est pas en minutes : écrivez {minutes}.")
    figure = _MINUTES.fullmatch(text.casefold())
    if figure is None:
        raise InputError(
            f"« {printed} » n'est pas un nombre : écrivez des minutes, par exemple 65 ou 12,5."
        )
    value = float(figure[1].replace(",", "."))
    if value <= 0:
        raise InputError(f"« {printed} » : une durée est plus grande que 0.")
    if value > MAX_MINUTES:
        raise InputError(
            f"« {printed} » dépasse {number(MAX_MINUTES)} min : sont-ce des secondes ?"
        )
    return value
