"""CSV and pasted text: lines of cells, whatever separates them."""

import csv
from collections import Counter
from collections.abc import Iterator

from geozones.intake import quoted
from geozones.intake.columns import header
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
_SAMPLE, _SAMPLED = 200, 100_000
#: A file in which so many lines have the same number of cells is a table.
_CSV_SHARE = 0.6


type Rows = Iterator[tuple[int, list[str], str | None]]


def read_text(text: str) -> Document:
    """Read a CSV file, or a text with tables between its paragraphs."""
    written = text.splitlines(keepends=True)
    form, rows = _rows(text, written)
    lines: list[Line] = []
    notes: list[Note] = []
    for number, cells, wrong in rows:
        if len(lines) >= MAX_LINES:
            notes.append(too_long(len(written), number))
            break
        if wrong is not None:
            notes.append(Note(number, wrong))
        if len(cells) > MAX_CELLS:
            notes.append(
                Note(number, f"Plus de {MAX_CELLS} cases : les suivantes ne sont pas lues.")
            )
        lines.append(Line(number, tuple(clipped(cell) for cell in cells[:MAX_CELLS])))
    return Document(form, tuple(lines), tuple(notes))


def _rows(text: str, written: list[str]) -> tuple[str, Rows]:
    """Return the form of a text, and its rows; a tab separates a pasted table, or a CSV file."""
    sample = [line for line in text[:_SAMPLED].splitlines() if line.strip()][:_SAMPLE]
    found = _separator(sample)
    if found is None:
        return "texte", _pasted(written)
    separator, width = found
    if separator != "\t":
        return "csv", quoted.rows(written, separator, width)
    titled = _is_titled(sample, separator)
    return "texte", quoted.rows(written, separator, width) if titled else _pasted(written)


def _separator(sample: list[str]) -> tuple[str, int] | None:
    """Return what separates cells, and how many there are on most lines; ``None`` for prose."""
    best: tuple[float, int, str] | None = None
    for separator in _SEPARATORS:
        share, width = max(_shares(sample, separator))
        if width > 1 and share >= _CSV_SHARE and (best is None or (share, width) > best[:2]):
            best = (share, width, separator)
    return None if best is None else (best[2], best[1])


def _shares(sample: list[str], separator: str) -> Iterator[tuple[float, int]]:
    """Yield the share of rows that have the usual number of cells, and that number.

    Once line by line, since a stray quote would swallow the lines below it; once with cells on
    several lines, which are to be counted as one row if the first is titles.
    """
    alone = Counter(len(row) for line in sample for row in csv.reader([line], delimiter=separator))
    whole = Counter(len(row) for row in csv.reader(sample, delimiter=separator))
    among = whole.total() if _is_titled(sample, separator) else len(sample)
    for counts, total in ((alone, len(sample)), (whole, among)):
        width, rows = max(counts.items(), key=lambda entry: (entry[0] > 1, entry[1]))
        yield rows / total, width


def _is_titled(sample: list[str], separator: str) -> bool:
    titles = next(csv.reader(sample[:1], delimiter=separator))
    return header(Line(1, tuple(titles))) is not None


def _pasted(written: list[str]) -> Rows:
    for number, line in enumerate(written, start=1):
        yield number, line.split("\t"), None
