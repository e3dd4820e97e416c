"""XLSX and ODS spreadsheets, read as a stream: values only, nothing computed, nothing run.

Readers that load a whole sheet reserve memory for its used range, which two cells at opposite
corners make 17 billion cells: here rows come one by one and stop at `MAX_LINES`.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby, islice
from operator import itemgetter
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook

from geozones.domain.french import number
from geozones.intake.columns import header
from geozones.intake.documents import (
    MAX_CELLS,
    MAX_LINES,
    Document,
    Line,
    ListError,
    Note,
    clipped,
    too_long,
)

MAX_UNZIPPED = 250_000_000
MAX_PART = 150_000_000
MAX_PARTS = 2_000
_RATIO = 300
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DAMAGED = "ce classeur est tronqué ou altéré. Enregistrez-le à nouveau, ou exportez-le en CSV."

#: Titles are looked for in so many rows of the sheets after the first.
_LOOKED_AT = 200

type Rows = Iterator[tuple[int, list[str]]]
type Sheets = Iterator[tuple[str, Rows]]


def read_workbook(content: bytes) -> Document:
    """Read the first sheet that has titles, else the first that holds something.

    Raises
    ------
    InputError
        If it is no spreadsheet, is damaged, holds no row, or would be too big once unpacked.
    """
    try:
        return _read(content)
    except ListError:
        raise
    except Exception as error:  # unzipping and parsing fail in ways that nobody lists
        raise ListError(_DAMAGED) from error


def _read(content: bytes) -> Document:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = _guarded(archive)
        if "content.xml" in names:
            return _document(_ods_sheets(archive), names)
    if "xl/workbook.xml" not in names:
        msg = "cette archive n'est pas un classeur XLSX ou ODS."
        raise ListError(msg)
    return _xlsx(content, names)


def _guarded(archive: zipfile.ZipFile) -> set[str]:
    """Refuse an archive that would fill the memory: sizes are those that unpacking stops at."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    packed = max(1, sum(part.compress_size for part in parts))
    bloated = total > 10_000_000 and total / packed > _RATIO
    if len(parts) > MAX_PARTS or total > MAX_UNZIPPED or largest > MAX_PART or bloated:
        msg = (
            f"une fois décompressé il ferait {number(total / 1e6)} Mo. Exportez la feuille utile "
            "en CSV."
        )
        raise ListError(msg)
    return {part.filename for part in parts}


def _xlsx(content: bytes, names: set[str]) -> Document:
    book = load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False, keep_vba=False
    )
    try:
        visible = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
        return _document(((sheet.title, _xlsx_rows(sheet)) for sheet in visible), names)
    finally:
        book.close()


def _xlsx_rows(sheet) -> Rows:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a sheet of openpyxl
    rows = sheet.iter_rows(max_col=MAX_CELLS, max_row=MAX_LINES + 1, values_only=True)
    for rank, row in enumerate(rows, start=1):
        yield rank, [_shown(value) for value in row[: _width(row)]]


def _width(row: tuple[object, ...]) -> int:
    """Count the cells up to the last that holds something: rows come filled up to `MAX_CELLS`."""
    return next((rank for rank in range(len(row), 0, -1) if row[rank - 1] is not None), 0)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _ods_sheets(archive: zipfile.ZipFile) -> Sheets:
    for (_, title), rows in groupby(_ods_rows(archive), key=itemgetter(0, 1)):
        yield title, ((rank, cells) for _, _, rank, cells in rows)


def _ods_rows(archive: zipfile.ZipFile) -> Iterator[tuple[int, str, int, list[str]]]:
    """Rows of an ODS file that hold something, with the rank and the name of their table.

    The parser refuses entities, which could multiply.
    """
    table, title, rank = 0, "", 0
    with archive.open("content.xml") as stream:
        for event, element in iterparse(stream, events=("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table":
                table, title, rank = table + 1, element.get(f"{_TABLE}name", ""), 0
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                cells = _ods_cells(element)
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                # a row that holds something is not written a million times
                times = min(repeated, 1000) if any(cells) else 0
                for again in range(times):
                    yield table, title, rank + again + 1, cells
                rank += repeated
                element.clear()


def _ods_cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        dated = cell.get(f"{_OFFICE}date-value")
        # its own paragraphs: those of a comment are one level below
        text = " ".join("".join(part.itertext()) for part in cell.findall(f"{_TEXT}p"))
        if dated and not text:
            text = dated
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        cells += [text] * max(0, min(repeated, MAX_CELLS - len(cells)))
    return cells


def _document(sheets: Sheets, names: set[str]) -> Document:
    title, lines, others = _chosen(sheets)
    notes = []
    if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
        notes.append(
            Note(0, "Ce classeur contient des macros : elles n'ont été ni lues ni lancées.")
        )
    if others:
        what = f"Feuille lue : « {clipped(title)} ». S'il y en a d'autres, importez-les à part."
        notes.append(Note(0, what))
    if lines[-1].number > MAX_LINES:
        notes.append(too_long(None))
    kept = tuple(line for line in lines if line.number <= MAX_LINES)
    return Document("classeur", kept, tuple(notes))


def _chosen(sheets: Sheets) -> tuple[str, list[Line], bool]:
    """Return the sheet to read: its title, its lines, and whether there may be others.

    Whether any comes after a sheet that is too long is not looked up: it would be read whole.
    """
    first: tuple[str, list[Line]] | None = None
    before = 0
    for title, rows in sheets:
        lines = list(islice(_lines(rows), None if first is None else _LOOKED_AT))
        if any(header(line) for line in lines):
            lines += _lines(rows)
            too_many = lines[-1].number > MAX_LINES
            return title, lines, before > 0 or too_many or next(sheets, None) is not None
        if first is None and not all(line.is_blank for line in lines):
            first = title, lines
        before += 1
    if first is None:
        msg = "ce classeur n'a aucune ligne remplie."
        raise ListError(msg)
    return *first, before > 1


def _lines(rows: Rows) -> Iterator[Line]:
    """Yield lines up to the first one too many.

    A text is kept once: a workbook of one long text in millions of cells is a small file.
    """
    known: dict[str, str] = {}
    for rank, cells in rows:
        texts = map(clipped, cells)
        yield Line(rank, tuple(known.setdefault(text, text) for text in texts))
        if rank > MAX_LINES:
            return
