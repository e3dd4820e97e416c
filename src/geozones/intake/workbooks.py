"""Reader of XLSX and ODS spreadsheets: values only, in bounded memory.

Workbooks are read row by row, up to `intake.documents.MAX_LINES`. A reader that loads a whole sheet
would reserve memory for its used range, which is 17 billion cells if two cells at opposite corners
are filled.

XML that would fill the memory is refused. A part of a workbook is checked as it is unpacked, and
nothing of it is kept: elements and letters are counted, and reading stops at the first count beyond
the needs of a list of lycées. Parsers forget a row once it is read, but hold everything outside
rows.
"""

import contextlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import groupby, islice
from operator import itemgetter
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import Element
from xml.parsers import expat
from xml.parsers.expat import ExpatError

from defusedxml.ElementTree import iterparse

from geozones.common.french import number
from geozones.intake.documents import (
    MAX_CELLS,
    MAX_LINES,
    DocumentLine,
    ListError,
    Note,
    SourceDocument,
    clipped,
    read_header,
    too_long,
)

if TYPE_CHECKING:
    from openpyxl import Workbook

#: Most levels; rows; elements in a row, and outside rows; letters in a row, attributes included,
#: and outside rows or in strings shared by rows.
MAX_DEPTH = 60
MAX_ROWS = 1_200_000
MAX_IN_ROW, MAX_OUTSIDE = 100_000, 300_000
MAX_ROW_LETTERS, MAX_KEPT_LETTERS = 4_000_000, 30_000_000
#: Elements that parsers forget once read: rows of ODS and XLSX, and shared strings of XLSX, of
#: which the letters are kept.
_SHARED = "si"
_ROWS = frozenset({"table-row", "row", _SHARED})
_STEP = 1 << 16


class XmlBoundsError(ValueError):
    """A part would fill the memory."""


def check_xml(stream: IO[bytes]) -> None:
    """Read a part to its end."""
    counts = _Counts()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = _STEP
    parser.StartElementHandler = counts.start
    parser.EndElementHandler = counts.end
    parser.CharacterDataHandler = counts.letters
    parser.EntityDeclHandler = counts.refuse
    fed = 0
    while content := stream.read(_STEP):
        parser.Parse(content)
        fed += len(content)
        # the parser holds a tag that does not end
        if fed - max(parser.CurrentByteIndex, 0) > MAX_ROW_LETTERS:
            raise XmlBoundsError
    parser.Parse(b"", True)  # noqa: FBT003 - the parser's own way to say the end


class _Counts:
    """Counts so far."""

    def __init__(self) -> None:
        self._depth = self._rows = self._outside = self._kept_letters = 0
        #: Current row: its level (0 for none), its elements, its letters, whether it is kept.
        self._row_depth = self._in_row = self._row_letters = 0
        self._kept = True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = name.rpartition(":")[2]
        if self._row_depth:
            self._in_row += 1
        elif local in _ROWS:
            self._rows += 1
            self._row_depth, self._in_row, self._row_letters = self._depth, 0, 0
            self._kept = local == _SHARED
        else:
            self._outside += 1
        if attributes:
            self._count(sum(map(len, attributes.values())))
        if (
            self._depth > MAX_DEPTH
            or self._rows > MAX_ROWS
            or self._in_row > MAX_IN_ROW
            or self._outside > MAX_OUTSIDE
        ):
            raise XmlBoundsError

    def end(self, _: str) -> None:
        if self._depth == self._row_depth:
            self._row_depth, self._kept = 0, True
        self._depth -= 1

    def letters(self, text: str) -> None:
        self._count(len(text))

    def _count(self, letters: int) -> None:
        if self._row_depth:
            self._row_letters += letters
        if self._kept:
            self._kept_letters += letters
        if self._row_letters > MAX_ROW_LETTERS or self._kept_letters > MAX_KEPT_LETTERS:
            raise XmlBoundsError

    def refuse(self, *_: object) -> None:
        raise ValueError("an entity is declared")


#: Most bytes of all the parts of a workbook once unpacked, of one part, and most parts. Without
#: bounds before the parser, a workbook of 0.6 MB took 0.5 to 2.8 GB of memory and a minute.
MAX_UNZIPPED = 250_000_000
MAX_PART = 150_000_000
MAX_PARTS = 2_000
#: Highest ratio of unpacked to packed size of a workbook over 10 MB once unpacked.
_RATIO = 300
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_DAMAGED = "ce classeur est tronqué ou altéré. Enregistrez-le à nouveau, ou exportez-le en CSV."

#: Number of rows searched for titles in the sheets after the first.
_LOOKED_AT = 200

#: The rank of each row, from 1, and its cells.
type Rows = Iterator[tuple[int, list[str]]]
#: The name of each sheet, and its rows.
type Sheets = Iterator[tuple[str, Rows]]


def read_workbook(content: bytes) -> SourceDocument:
    """Read the first sheet that has titles, else the first that is not empty."""
    try:
        return _read(content)
    except ListError:
        raise
    except Exception as error:  # unzipping and parsing raise exceptions that no documentation lists
        raise ListError(_DAMAGED) from error


def read_sheets(content: bytes) -> tuple[tuple[str, tuple[DocumentLine, ...]], ...]:
    """Return the name of each visible sheet and its lines, `MAX_LINES` and one more at most."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = _guarded(archive)
            if "content.xml" in names:
                return _all_sheets(_ods_sheets(archive))
        with contextlib.closing(_open_xlsx(content, names)) as book:
            return _all_sheets(_visible_sheets(book))
    except ListError:
        raise
    except Exception as error:  # unzipping and parsing raise exceptions that no documentation lists
        raise ListError(_DAMAGED) from error


def _all_sheets(sheets: Sheets) -> tuple[tuple[str, tuple[DocumentLine, ...]], ...]:
    return tuple((title, tuple(_lines(rows))) for title, rows in sheets)


def _read(content: bytes) -> SourceDocument:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = _guarded(archive)
        if "content.xml" in names:
            return _document(_ods_sheets(archive), names)
    return _xlsx(content, names)


def _guarded(archive: zipfile.ZipFile) -> set[str]:
    """Return the names of the parts; raise for an archive that would fill the memory.

    The sizes are the sizes stated in the archive: unpacking a part stops at its stated size.
    """
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts), default=0)
    packed = max(1, sum(part.compress_size for part in parts))
    bloated = total > 10_000_000 and total / packed > _RATIO
    if len(parts) > MAX_PARTS or total > MAX_UNZIPPED or largest > MAX_PART or bloated:
        raise ListError(
            f"une fois décompressé il ferait {number(total / 1e6)} Mo. Exportez la feuille utile "
            "en CSV."
        )
    names = {part.filename for part in parts}
    # of an ODS one part is read; of an XLSX any part that another part references
    for part in parts:
        if "content.xml" not in names or part.filename == "content.xml":
            _check_part(archive, part)
    return names


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Raise for a part that would fill the memory; a part that is not XML is never read."""
    try:
        with archive.open(part) as stream:
            check_xml(stream)
    except XmlBoundsError as error:
        raise ListError(
            f"sa partie « {clipped(part.filename)[:60]} » demanderait trop de mémoire. Exportez la "
            "feuille utile en CSV."
        ) from error
    except ExpatError:
        return


def _xlsx(content: bytes, names: set[str]) -> SourceDocument:
    with contextlib.closing(_open_xlsx(content, names)) as book:
        return _document(_visible_sheets(book), names)


def _open_xlsx(content: bytes, names: set[str]) -> "Workbook":
    from openpyxl import load_workbook  # noqa: PLC0415 - it loads much, and few commands need it

    if "xl/workbook.xml" not in names:
        raise ListError("cette archive n'est pas un classeur XLSX ou ODS.")
    return load_workbook(
        io.BytesIO(content), read_only=True, data_only=True, keep_links=False, keep_vba=False
    )


def _visible_sheets(book: "Workbook") -> Sheets:
    visible = (sheet for sheet in book.worksheets if sheet.sheet_state == "visible")
    return ((sheet.title, _xlsx_rows(sheet)) for sheet in visible)


def _xlsx_rows(sheet) -> Rows:  # type: ignore[no-untyped-def]  # noqa: ANN001 - a sheet of openpyxl
    rows = sheet.iter_rows(max_col=MAX_CELLS, max_row=MAX_LINES + 1, values_only=True)
    for rank, row in enumerate(rows, start=1):
        yield rank, [_cell(value) for value in row[: _width(row)]]


def _width(row: tuple[object, ...]) -> int:
    """Count the cells up to the last filled one: openpyxl pads rows up to `MAX_CELLS`."""
    return next((rank for rank in range(len(row), 0, -1) if row[rank - 1] is not None), 0)


def _cell(value: object) -> str:
    """Return a cell's value as text: a date in French, a whole number without decimals.

    A time is written after its date, unless it is midnight.
    """
    if value is None:
        return ""
    if isinstance(value, datetime) and (value.hour or value.minute):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _ods_sheets(archive: zipfile.ZipFile) -> Sheets:
    for (_, title), rows in groupby(_ods_rows(archive), key=itemgetter(0, 1)):
        yield title, ((rank, cells) for _, _, rank, cells in rows)


def _ods_rows(archive: zipfile.ZipFile) -> Iterator[tuple[int, str, int, list[str]]]:
    """Yield the rank and name of the table, the rank and cells of each row that is not empty.

    The parser refuses XML entities, which could expand without bound.
    """
    table, title, rank = 0, "", 0
    with archive.open("content.xml") as stream:
        for event, element in iterparse(stream, events=("start", "end")):
            if event == "start" and element.tag == f"{_TABLE}table":
                table, title, rank = table + 1, element.get(f"{_TABLE}name", ""), 0
            elif event == "end" and element.tag == f"{_TABLE}table":
                element.clear()
            elif event == "end" and element.tag == f"{_TABLE}table-row":
                cells = _ods_cells(element)
                repeated = int(element.get(f"{_TABLE}number-rows-repeated", "1"))
                # rows with content are not repeated a million times
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
        # its own paragraphs only: a comment has its paragraphs one level below
        text = " ".join("".join(part.itertext()) for part in cell.findall(f"{_TEXT}p"))
        if dated and not text:
            text = dated
        repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
        cells += [text] * max(0, min(repeated, MAX_CELLS - len(cells)))
    return cells


def _document(sheets: Sheets, names: set[str]) -> SourceDocument:
    title, lines, others = _chosen_sheet(sheets)
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
    return SourceDocument("classeur", kept, tuple(notes))


def _chosen_sheet(sheets: Sheets) -> tuple[str, list[DocumentLine], bool]:
    """Return the sheet to read: its name, its lines, and whether there may be other sheets.

    Sheets after a sheet that is too long are ignored, since it would be read to its end.
    """
    first: tuple[str, list[DocumentLine]] | None = None
    before = 0
    for title, rows in sheets:
        lines = list(islice(_lines(rows), None if first is None else _LOOKED_AT))
        if any(read_header(line) for line in lines):
            lines += _lines(rows)
            too_many = lines[-1].number > MAX_LINES
            return title, lines, before > 0 or too_many or next(sheets, None) is not None
        if first is None and not all(line.is_blank for line in lines):
            first = title, lines
        before += 1
    if first is None:
        raise ListError("ce classeur n'a aucune ligne remplie.")
    return *first, before > 1


def _lines(rows: Rows) -> Iterator[DocumentLine]:
    """Yield the lines of a sheet, up to the first one beyond `MAX_LINES`.

    Equal texts are kept once, and a repeated row is read once: a small file may hold one long text
    in millions of cells.
    """
    kept: dict[str, str] = {}
    last: list[str] = []
    texts: tuple[str, ...] = ()
    for rank, cells in rows:
        if cells is not last:
            short = {cell: clipped(cell) for cell in dict.fromkeys(cells)}
            texts = tuple(kept.setdefault(short[cell], short[cell]) for cell in cells)
            last = cells
        yield DocumentLine(rank, texts)
        if rank > MAX_LINES:
            return
