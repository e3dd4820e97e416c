"""CSV and pasted text: lines of cells, whatever separates them."""

import csv
from collections import Counter
from collections.abc import Iterator

from geozones.intake.documents import (
    MAX_CELLS,
    MAX_LINES,
    Document,
    Line,
    Note,
    clipped,
    too_long,
)

_SEPARATORS = ";\t,|"
_SAMPLE = 200
#: A tab separates a pasted table; these make a CSV file.
_CSV_SHARE = 0.6


def read_text(text: str) -> Document:
    """Read a CSV file, or a text with tables between its paragraphs."""
    separator = _separator(text)
    form = "texte" if separator is None else "csv"
    rows = _pasted(text) if separator is None else _csv(text, separator)
    lines: list[Line] = []
    notes: list[Note] = []
    total = 0
    for number, cells in rows:
        total = number
        if len(lines) >= MAX_LINES:
            continue
        if len(cells) > MAX_CELLS:
            notes.append(
                Note(number, f"Plus de {MAX_CELLS} cases : les suivantes ne sont pas lues.")
            )
        lines.append(Line(number, tuple(clipped(cell) for cell in cells[:MAX_CELLS])))
    if total > MAX_LINES:
        notes.append(too_long(total))
    return Document(form, tuple(lines), tuple(notes))


def _separator(text: str) -> str | None:
    """Return what separates a CSV file's cells; ``None`` for a text with tables in it.

    A CSV file has the same number of cells on most of its lines.
    """
    lines = [line for line in text[:100_000].splitlines() if line.strip()][:_SAMPLE]
    best: tuple[float, int, str] | None = None
    for separator in _SEPARATORS:
        counts = Counter(len(row) - 1 for row in csv.reader(lines, delimiter=separator))
        width, rows = max(counts.items(), key=lambda entry: (entry[0] > 0, entry[1]))
        share = rows / max(len(lines), 1)
        if width >= 1 and share >= _CSV_SHARE and (best is None or (share, width) > best[:2]):
            best = (share, width, separator)
    if best is None or best[2] == "\t":
        return None
    return best[2]


def _pasted(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        yield number, line.split("\t")


def _csv(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text.splitlines(keepends=True), delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell over the reader's own limit
            continue
        yield number, cells
