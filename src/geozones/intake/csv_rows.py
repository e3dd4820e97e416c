"""Rows of a CSV file: quoted cells may span several lines, stray quotes are reported."""

import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

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
