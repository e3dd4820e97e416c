"""A file or pasted text, as lines of cells: what every form is read into.

The form is told from the content, never from the name: a binary renamed ``.csv`` is refused, a
spreadsheet renamed ``.txt`` is read. Sizes are bounded before anything is opened.
"""

from dataclasses import dataclass

from geozones.domain import InputError
from geozones.domain.french import number

#: What a document may be.
FORMS = ("texte", "csv", "classeur", "geojson")
MAX_BYTES = 30_000_000
MAX_LINES = 25_000
#: The national directory has 53 columns.
MAX_CELLS = 120
MAX_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the document: its number as its reader counts (from 1), its cells as text."""

    number: int
    cells: tuple[str, ...]

    @property
    def text(self) -> str:
        """The cells, one after the other."""
        return "\t".join(self.cells)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is written in it."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Note:
    """Something seen in the document that changes no row, or stopped one; ``row`` 0: the whole."""

    row: int
    what: str


@dataclass(frozen=True)
class Document:
    """What a file holds.

    ``form`` is one of `FORMS`. Only a text may hold prose around
    its tables, and rows cut in two.
    """

    form: str
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()


class ListError(InputError):
    """A list cannot be read at all; the message says why, and what to do."""

    def __init__(self, what: str) -> None:
        super().__init__(f"Cette liste ne peut pas être lue : {what}")


def clipped(cell: str) -> str:
    """Return a cell on one line, without the signs that no screen shows, at most `MAX_TEXT`."""
    shown = "".join(sign if sign.isprintable() else " " for sign in cell)
    return " ".join(shown.split())[:MAX_TEXT]


def too_long(total: int | None, first: int = MAX_LINES + 1) -> Note:
    """Say which lines were not read; ``total`` is ``None`` where nobody counted them."""
    last = " et suivantes" if total is None else f" à {number(total)}"
    return Note(
        first,
        f"Lignes {number(first)}{last} : non lues ({number(MAX_LINES)} lignes au plus). "
        "Importez la suite à part.",
    )
