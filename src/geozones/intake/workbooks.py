"""Reader of XLSX and ODS spreadsheets: values only, in bounded memory.

The library that reads them, calamine, holds whole sheets: 17 billion cells if two cells at opposite
corners are filled, and each shared text as often as cells refer to it. The parts of a workbook are
therefore counted as they are unpacked, and nothing of them is kept; a sheet that would fill the
memory is refused before it is read.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import IO
from xml.parsers import expat

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from geozones.common.french import number
from geozones.intake.documents import (
    MAX_CELLS,
    MAX_LINES,
    DocumentLine,
    ListError,
    Note,
    SourceDocument,
    clipped,
    too_long,
)
from geozones.intake.site_fields import is_header

#: Most bytes of all the parts of a workbook once unpacked, of one part, and most parts.
MAX_UNZIPPED = 250_000_000
MAX_PART = 150_000_000
MAX_PARTS = 2_000
#: Highest ratio of unpacked to packed size of a workbook over 10 MB once unpacked.
_RATIO = 300
#: Most cells of a sheet up to its last filled row and column, and most letters of its cells.
MAX_GRID = 4_000_000
MAX_LETTERS = 30_000_000
#: Most levels of a part, elements outside its rows, rows or shared texts; letters of a tag.
MAX_DEPTH = 60
MAX_OUTSIDE = 300_000
MAX_ROWS = 1_200_000
MAX_TAG = 4_000_000
_STEP = 1 << 16

_DAMAGED = "ce classeur est tronqué ou altéré. Enregistrez-le à nouveau, ou exportez-le en CSV."
#: Number of rows searched for titles in the sheets after the first.
_LOOKED_AT = 200

#: The rank of each row, from 1, and its cells.
type Rows = Iterator[tuple[int, list[str]]]
#: The name of each sheet, and its rows.
type Sheets = Iterator[tuple[str, Rows]]


class XmlBoundsError(ValueError):
    """A part would fill the memory; the message is the end of a sentence, or empty."""


class _Counts:
    """Cells and letters of one part, as calamine would hold them.

    ``shared`` are the letters of each shared text of the workbook, which the part may extend.
    """

    def __init__(self, shared: list[int]) -> None:
        self._shared = shared
        self._depth = self._rows = self._outside = self._row_depth = 0
        #: Current row and column, from 1; times that a row and a cell of ODS are repeated.
        self._row = self._column = 0
        self._row_times = self._cell_times = 1
        self._last_row = self._last_column = self._letters = 0
        #: Letters of the current cell or shared text, whether it has a value, what it refers to.
        self._cell_letters, self._filled = 0, False
        self._reference: str | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        local = name.rpartition(":")[2]
        if local in {"table-row", "row", "si"} and not self._row_depth:
            self._rows += 1
            self._row_depth, self._column, self._cell_letters = self._depth, 0, 0
            self._row_times = int(attributes.get("table:number-rows-repeated", "1"))
            self._row = int(attributes.get("r", self._row + 1)) if local == "row" else self._row
        elif not self._row_depth:
            self._outside += 1
            # refuse a sheet in a part that is not named as XML, since it was not counted
            kind, target = attributes.get("Type", ""), attributes.get("Target", "")
            if local == "Relationship" and kind.endswith("heet") and not _is_xml(target):
                raise ValueError(target)
        elif local in {"c", "table-cell", "covered-table-cell"}:
            place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", attributes.get("r", ""))
            self._cell_times = int(attributes.get("table:number-columns-repeated", "1"))
            self._column += self._cell_times
            if place is not None:
                self._row = int(place[2])
                self._column = 0
                for letter in place[1]:
                    self._column = self._column * 26 + ord(letter) - 64
            self._filled = "office:value-type" in attributes
            self._reference = "" if attributes.get("t") == "s" else None
            self._cell_letters = 0
        elif local in {"v", "is"}:
            self._filled = True
        if max(self._depth / MAX_DEPTH, self._outside / MAX_OUTSIDE, self._rows / MAX_ROWS) > 1:
            raise XmlBoundsError

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in {"c", "table-cell", "covered-table-cell"} and self._filled:
            letters = self._cell_letters
            if self._reference and int(self._reference) < len(self._shared):
                letters = self._shared[int(self._reference)]
            self._letters += letters * self._cell_times * self._row_times
            self._last_row = max(self._last_row, self._row + self._row_times - 1)
            self._last_column = max(self._last_column, self._column)
            self._filled, self._cell_times = False, 1
            if self._last_row * self._last_column > MAX_GRID:
                raise XmlBoundsError(" : une cellule remplie très loin des autres suffit")
            if self._letters > MAX_LETTERS:
                raise XmlBoundsError
        if self._depth == self._row_depth:
            self._row_depth = 0
            if local == "si":
                self._shared.append(self._cell_letters)
            elif local == "table-row":
                self._row += self._row_times
        elif local == "table":
            self._row = self._last_row = self._last_column = 0
        self._depth -= 1

    def letters(self, text: str) -> None:
        self._cell_letters += len(text)
        if self._cell_letters > MAX_TAG:
            raise XmlBoundsError
        if self._reference is not None and len(self._reference) < 10:
            self._reference += text.strip()

    def refuse(self, *_: object) -> None:
        raise ValueError("an entity is declared")


def _count(stream: IO[bytes], shared: list[int]) -> None:
    """Read a part to its end; raise for one that would fill the memory."""
    counts = _Counts(shared)
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
        if fed - max(parser.CurrentByteIndex, 0) > MAX_TAG:
            raise XmlBoundsError
    parser.Parse(b"", True)  # noqa: FBT003 - the parser's own way to say the end


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _checked_names(content: bytes) -> set[str]:
    """Return the names of the parts; raise for an archive that would fill the memory.

    The sizes are the sizes stated in the archive: unpacking a part stops at its stated size.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        total = sum(part.file_size for part in parts)
        largest = max((part.file_size for part in parts), default=0)
        packed = max(1, sum(part.compress_size for part in parts))
        bloated = total > 10_000_000 and total / packed > _RATIO
        if len(parts) > MAX_PARTS or total > MAX_UNZIPPED or largest > MAX_PART or bloated:
            raise ListError(
                f"une fois décompressé il ferait {number(total / 1e6)} Mo. Exportez la feuille "
                "utile en CSV."
            )
        # a workbook of the binary form would not be counted
        if not {"content.xml", "xl/workbook.xml"} & names or "xl/workbook.bin" in names:
            raise ListError("cette archive n'est pas un classeur XLSX ou ODS.")
        shared: list[int] = []
        for part in sorted(parts, key=lambda part: "sharedstrings" not in part.filename.lower()):
            if _is_xml(part.filename):
                _check_part(archive, part, shared)
    return names


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, shared: list[int]) -> None:
    try:
        with archive.open(part) as stream:
            _count(stream, shared)
    except XmlBoundsError as error:
        raise ListError(
            f"sa partie « {clipped(part.filename)[:60]} » demanderait trop de mémoire{error}. "
            "Exportez la feuille utile en CSV."
        ) from error


def read_workbook(content: bytes) -> SourceDocument:
    """Read the first sheet that has titles, else the first that is not empty."""
    try:
        names = _checked_names(content)
        return _document(_visible_sheets(content), names)
    except ListError:
        raise
    except Exception as error:  # unzipping and parsing raise exceptions that no documentation lists
        raise ListError(_DAMAGED) from error


def read_sheets(content: bytes) -> tuple[tuple[str, tuple[DocumentLine, ...]], ...]:
    """Return the name of each visible sheet and its lines, `MAX_LINES` and one more at most."""
    try:
        _checked_names(content)
        return tuple((title, tuple(_lines(rows))) for title, rows in _visible_sheets(content))
    except ListError:
        raise
    except Exception as error:  # unzipping and parsing raise exceptions that no documentation lists
        raise ListError(_DAMAGED) from error


def _visible_sheets(content: bytes) -> Sheets:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for sheet in book.sheets_metadata:
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                yield sheet.name, _rows(book.get_sheet_by_name(sheet.name))


def _rows(sheet: CalamineSheet) -> Rows:
    # calamine gives the empty rows above the first cell, and not the empty columns beside it
    left = [""] * (sheet.start or (0, 0))[1]
    for rank, row in enumerate(sheet.iter_rows(), start=1):
        # the cells as text, up to the last filled one
        cells = [_cell(value) for value in [*left, *row][:MAX_CELLS]]
        while cells and not cells[-1]:
            cells.pop()
        yield rank, cells


def _cell(value: object) -> str:
    """Return a cell's value as text: a date in French, a whole number without decimals.

    A time is written after its date, unless it is midnight.
    """
    if isinstance(value, datetime) and (value.hour or value.minute):
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


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
        if any(is_header(line) for line in lines):
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

    Equal texts are kept once: a small file may hold one long text in millions of cells.
    """
    kept: dict[str, str] = {}
    for rank, cells in rows:
        kept.update((cell, clipped(cell)) for cell in cells if cell not in kept)
        yield DocumentLine(rank, tuple(kept[cell] for cell in cells))
        if rank > MAX_LINES:
            return
