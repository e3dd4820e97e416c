"""Reader of CSV files and pasted texts, with any usual separator, cells over several lines."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from geozones.intake.documents import (
    MAX_CELLS,
    MAX_LINES,
    DocumentLine,
    Note,
    SourceDocument,
    clipped,
    read_header,
    too_long,
)

#: A quoted cell over more lines than this was never closed.
_MOST_LINES = 20
_OPEN = "Guillemet jamais refermé : la ligne est lue sans lui. Vérifiez-la, ou corrigez le fichier."
_LONG = "Case trop longue : la ligne est lue sans ses guillemets. Vérifiez-la."


class RawRow(NamedTuple):
    """Row split into cells: the number of its first line, its cells, a French warning."""

    number: int
    cells: list[str]
    warning: str | None = None


def read_csv_rows(lines: Sequence[str], separator: str, width: int) -> Iterator[RawRow]:
    """Yield the rows of a CSV file.

    Parameters
    ----------
    lines
        The lines of the file, with their line ends.
    separator
        The character between two cells.
    width
        Number of cells of most rows: a line with as many cells is a row, not the rest of a
        quoted cell of the line above.
    """
    start = 0
    while start < len(lines):
        cells, used, warning = _row(lines[start : start + _MOST_LINES], separator, width)
        yield RawRow(start + 1, cells, warning)
        start += used


def _row(lines: Sequence[str], separator: str, width: int) -> tuple[list[str], int, str | None]:
    """Return the cells of the row that starts on the first line, its number of lines, a warning."""
    line = lines[0]
    if '"' not in line:
        return line.split(separator), 1, None
    reader = csv.reader([line, ""], delimiter=separator)
    try:
        cells = next(reader)
    except csv.Error:  # beyond the limit of the csv reader
        return line.replace('"', "").split(separator), 1, _LONG
    if reader.line_num == 1:
        return cells, 1, None
    # a row that starts inside quotes may continue with a line as wide as a row
    most = width if len(cells) == 1 else width - 1
    joined = _joined(lines, separator, most)
    if joined is not None:
        return *joined, None
    *before, rest = cells
    return [*before, *rest.split(separator)], 1, _OPEN


def _joined(lines: Sequence[str], separator: str, most: int) -> tuple[list[str], int] | None:
    """Return the cells of a row on several lines, and how many lines these are.

    ``None`` if its quotes are not closed, or closed inside a cell.
    """
    reader = csv.reader(_narrow(lines, separator, most), delimiter=separator, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    return cells, reader.line_num


def _narrow(lines: Sequence[str], separator: str, most: int) -> Iterator[str]:
    """Yield the first line and those below it, up to one with enough cells to be a row."""
    for rank, line in enumerate(lines):
        if rank and line.count(separator) >= most:
            return
        yield line


_SEPARATORS = ";\t,|"
#: Lines examined to recognise the separator, within this number of characters.
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 100_000
#: Share of the lines that must have the same number of cells for a file to be a table.
_CSV_SHARE = 0.6


def read_text(text: str) -> SourceDocument:
    """Read a CSV file, or a text with tables among its paragraphs."""
    written = text.splitlines(keepends=True)
    form, rows = _rows(text, written)
    lines: list[DocumentLine] = []
    notes: list[Note] = []
    for number, cells, warning in rows:
        if len(lines) >= MAX_LINES:
            notes.append(too_long(len(written), number))
            break
        if warning is not None:
            notes.append(Note(number, warning))
        if len(cells) > MAX_CELLS:
            notes.append(
                Note(number, f"Plus de {MAX_CELLS} cases : les suivantes ne sont pas lues.")
            )
        lines.append(DocumentLine(number, tuple(clipped(cell) for cell in cells[:MAX_CELLS])))
    return SourceDocument(form, tuple(lines), tuple(notes))


def text_rows(text: str) -> Iterator[RawRow]:
    """Yield every row of a CSV file or a pasted table, however many there are."""
    return _rows(text.lstrip("\ufeff"), text.lstrip("\ufeff").splitlines(keepends=True))[1]


def _rows(text: str, written: list[str]) -> tuple[str, Iterator[RawRow]]:
    """Return the form of a text, and its rows.

    With tabs it may be a CSV file or a pasted text: the first has titles in its first line.
    """
    characters = text[:_SAMPLE_CHARACTERS]
    sample = [line for line in characters.splitlines() if line.strip()][:_SAMPLE_LINES]
    table = _separator_and_width(sample)
    if table is None:
        return "texte", _pasted(written)
    separator, width = table
    if separator != "\t":
        return "csv", read_csv_rows(written, separator, width)
    titled = _is_titled(sample, separator)
    return "texte", read_csv_rows(written, separator, width) if titled else _pasted(written)


def _separator_and_width(sample: list[str]) -> tuple[str, int] | None:
    """Return the separator of cells, and the width of most lines; ``None`` for prose."""
    best: tuple[float, int, str] | None = None
    for separator in _SEPARATORS:
        share, width = max(_shares(sample, separator))
        if width > 1 and share >= _CSV_SHARE and (best is None or (share, width) > best[:2]):
            best = (share, width, separator)
    return None if best is None else (best[2], best[1])


def _shares(sample: list[str], separator: str) -> Iterator[tuple[float, int]]:
    """Yield two pairs: share of the rows with the commonest number of cells, and that number.

    First with each line as a row, since a stray quote would swallow the lines below it. Then with
    cells that span several lines: these count as one row if the first line holds titles.
    """
    alone = Counter(len(row) for line in sample for row in csv.reader([line], delimiter=separator))
    whole = Counter(len(row) for row in csv.reader(sample, delimiter=separator))
    among = whole.total() if _is_titled(sample, separator) else len(sample)
    for counts, total in ((alone, len(sample)), (whole, among)):
        width, rows = max(counts.items(), key=lambda entry: (entry[0] > 1, entry[1]))
        yield rows / total, width


def _is_titled(sample: list[str], separator: str) -> bool:
    titles = next(csv.reader(sample[:1], delimiter=separator))
    return read_header(DocumentLine(1, tuple(titles))) is not None


def _pasted(written: list[str]) -> Iterator[RawRow]:
    for number, line in enumerate(written, start=1):
        yield RawRow(number, line.split("\t"))
