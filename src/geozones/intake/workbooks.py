"""XLSX and ODS spreadsheets, read as a stream: values only, nothing computed, nothing run.

Readers that load a whole sheet reserve memory for its used range, which two cells at opposite
corners make 17 billion cells: here rows come one by one and stop at `MAX_LINES`.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from openpyxl import load_workbook

from geozones.domain.french import number
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

type Rows = Iterator[tuple[int, list[str]]]


def read_workbook(content: bytes) -> Document:
    """Read the first sheet that holds something.

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
            return _document([("", _ods_rows(archive))], names)
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
        return _document(
            [
                (sheet.title, _xlsx_rows(sheet))
                for sheet in book.worksheets
                if sheet.sheet_state == "visible"
            ],
            names,
        )
    finally:
        book.close()


def _xlsx_rows(sheet) -> Rows:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a sheet of openpyxl
    rows = sheet.iter_rows(max_col=MAX_CELLS, max_row=MAX_LINES + 1, values_only=True)
    for rank, row in enumerate(rows, start=1):
        yield rank, [_shown(value) for value in row]


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _ods_rows(archive: zipfile.ZipFile) -> Rows:
    """Rows of the first table of an ODS file; empty rows that are repeated are counted, not made.

    The parser refuses entities, which could multiply.
    """
    rank = 0
    with archive.open("content.xml") as stream:
        for _, element in iterparse(stream, events=("end",)):
            if element.tag == f"{_TABLE}table-row":
                cells = _ods_cells(element)
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                # a row that holds something is not written a million times
                times = min(repeated, 1000) if any(cells) else 0
                for again in range(times):
                    yield rank + again + 1, cells
                rank += repeated
                element.clear()
            elif element.tag == f"{_TABLE}table" and rank:
                return


def _ods_cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            continue
        dated = cell.get(f"{_OFFICE}date-value")
        text = " ".join("".join(part.itertext()) for part in cell.iter(f"{_TEXT}p"))
        if dated and not text:
            text = dated
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        cells += [text] * max(0, min(repeated, MAX_CELLS - len(cells)))
    return cells


def _document(sheets: list[tuple[str, Rows]], names: set[str]) -> Document:
    notes = []
    if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
        notes.append(
            Note(0, "Ce classeur contient des macros : elles n'ont été ni lues ni lancées.")
        )
    for title, rows in sheets:
        lines, total = [], 0
        for rank, cells in rows:
            total = rank
            if rank > MAX_LINES:
                notes.append(Note(rank, too_long(total).what))
                break
            lines.append(Line(rank, tuple(clipped(cell) for cell in cells)))
        if any(not line.is_blank for line in lines):
            if len(sheets) > 1:
                notes.append(Note(0, f"Feuille lue : « {clipped(title)} »."))
            return Document("classeur", tuple(lines), tuple(notes))
    msg = "ce classeur n'a aucune ligne remplie."
    raise ListError(msg)
