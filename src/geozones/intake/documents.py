"""Documents: files and pasted texts as lines of cells, whatever their format.

The format is recognised from the content, never from the name: a binary renamed ``.csv`` is
refused, a spreadsheet renamed ``.txt`` is read. Sizes are checked before anything is opened.
"""

from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.french import number

#: Formats of a document.
FORMS = ("texte", "csv", "classeur", "geojson")
#: Most bytes, lines, cells in a line, and characters in a cell, that are read.
MAX_BYTES = 30_000_000
MAX_LINES = 25_000
MAX_CELLS = 120  # the national directory has 53 columns
MAX_TEXT = 2_000
#: Most lines of any text: more would fill the memory.
MAX_TEXT_LINES = 1_000_000
#: Most characters of a line that is quoted in a message.
_EXCERPT = 80


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """Line of a document: its number in the file, from 1, and its cells as text."""

    number: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cells, joined by tabs."""
        return "\t".join(self.cells)

    @property
    def is_blank(self) -> bool:
        """Whether every cell is empty."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not empty, stripped."""
        return tuple(text for cell in self.cells if (text := cell.strip()))

    def cell(self, rank: int) -> str:
        """Return the cell of a column, stripped; empty beyond the end of the line."""
        return self.cells[rank].strip() if rank < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Note:
    """Remark on a line of the document, in French; line 0 stands for the whole document."""

    row: int
    what: str


@dataclass(frozen=True)
class SourceDocument:
    """Lines of a file or of a pasted text.

    ``form`` is one of `FORMS`. Only in the format ``texte`` may prose stand around the tables, and
    rows be cut in two.
    """

    form: str
    lines: tuple[DocumentLine, ...]
    notes: tuple[Note, ...] = ()


class ListError(InputError):
    """A list cannot be read at all; the message says why, and what to do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Cette liste ne peut pas être lue : {what}")


def clipped(cell: str) -> str:
    """Return a cell on one line, without unprintable characters, at most `MAX_TEXT` long."""
    printable = "".join(sign if sign.isprintable() else " " for sign in cell)
    return " ".join(printable.split())[:MAX_TEXT]


def excerpt(text: str) -> str:
    """Return the beginning of a line, short enough to be quoted in a message."""
    line = " ".join(text.split())
    return line if len(line) <= _EXCERPT else f"{line[: _EXCERPT - 1]}…"


def too_long(total: int | None, first: int = MAX_LINES + 1) -> Note:
    """Return the note that the lines from ``first`` were not read.

    ``total`` is the number of lines of the document; ``None`` if unknown.
    """
    last = " et suivantes" if total is None else f" à {number(total)}"
    return Note(
        first,
        f"Lignes {number(first)}{last} : non lues ({number(MAX_LINES)} lignes au plus). "
        "Importez la suite à part.",
    )
