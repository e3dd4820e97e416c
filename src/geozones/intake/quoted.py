"""Rows of a CSV file, cells in quotes on several lines included, and stray quotes told."""

import csv
from collections.abc import Iterator, Sequence

#: A cell on more lines than this is a quote that was never closed.
_MOST_LINES = 20
_OPEN = "Guillemet jamais refermé : la ligne est lue sans lui. Vérifiez-la, ou corrigez le fichier."
_LONG = "Case trop longue : la ligne est lue sans ses guillemets. Vérifiez-la."


def rows(
    lines: Sequence[str], separator: str, width: int
) -> Iterator[tuple[int, list[str], str | None]]:
    """Yield the number of each row's first line, its cells, and what is wrong with it.

    Parameters
    ----------
    lines
        With their ends.
    width
        How many cells most rows have: a line with as many goes into no cell of the line above.
    """
    at = 0
    while at < len(lines):
        cells, used, wrong = _row(lines[at : at + _MOST_LINES], separator, width)
        yield at + 1, cells, wrong
        at += used


def _row(
    lines: Sequence[str], separator: str, width: int
) -> tuple[list[str], int, str | None]:  # cells, lines they take, what is wrong
    line = lines[0]
    if '"' not in line:
        return line.split(separator), 1, None
    reader = csv.reader([line, ""], delimiter=separator)
    try:
        cells = next(reader)
    except csv.Error:  # over the reader's own limit
        return line.replace('"', "").split(separator), 1, _LONG
    if reader.line_num == 1:
        return cells, 1, None
    # a row that begins inside quotes may go on with a line as wide as a row
    most = width if len(cells) == 1 else width - 1
    found = _joined(lines, separator, most)
    if found is not None:
        return *found, None
    *before, rest = cells
    return [*before, *rest.split(separator)], 1, _OPEN


def _joined(lines: Sequence[str], separator: str, most: int) -> tuple[list[str], int] | None:
    """Return a row on several lines, and how many; ``None`` if its quotes do not close well."""
    reader = csv.reader(_narrow(lines, separator, most), delimiter=separator, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    return cells, reader.line_num


def _narrow(lines: Sequence[str], separator: str, most: int) -> Iterator[str]:
    """Yield a line and those below, up to one that is wide enough to be a row."""
    for rank, line in enumerate(lines):
        if rank and line.count(separator) >= most:
            return
        yield line
