"""Documents: files and pasted texts as lines of cells.

The format is recognised from the content, never from the name: a binary renamed ``.csv`` is
refused, a spreadsheet renamed ``.txt`` is read. Sizes are checked before anything is opened.
"""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass

from geozones.common.errors import InputError, shortened
from geozones.common.french import number

#: Formats of a document.
FORMS = ("texte", "csv", "classeur", "geojson", "geopackage")
#: Most bytes, lines, cells in a line, and characters in a cell, that are read.
MAX_BYTES = 30_000_000
MAX_LINES = 25_000
MAX_CELLS = 120  # the national directory has 53 columns
#: Most columns of a text: more are no table, and would fill the memory.
MAX_COLUMNS = 5_000
MAX_TEXT = 2_000
#: Most lines of any text: more would fill the memory.
MAX_TEXT_LINES = 1_000_000
#: Most characters of a line that is quoted in a message.
_EXCERPT = 80


#: Rank of the column of each field of a table.
type Columns = Mapping[str, int]


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
    return shortened(text, _EXCERPT)


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


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Share of control characters above which a file is not text.
_BINARY_SHARE = 0.01
_NO_TEXT = (
    "ce n'est ni un texte, ni un tableau CSV, ni un classeur XLSX ou ODS, ni du GeoJSON. "
    "Exportez-la dans l'un de ces formats."
)


def decode(content: bytes) -> tuple[str, tuple[Note, ...]]:
    """Return the text of a file, and a note if its lines are not all in the same encoding.

    It is read as UTF-8 or, with its byte order mark, UTF-16; a line that is not UTF-8 as
    Windows-1252.
    """
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return _checked(content[len(mark) :].decode(encoding, errors="replace")), ()
    if b"\0" in content:
        raise ListError(_NO_TEXT)
    try:
        return _checked(content.decode("utf-8")), ()
    except UnicodeDecodeError:
        return _line_by_line(content)


def _line_by_line(content: bytes) -> tuple[str, tuple[Note, ...]]:
    lines, latin, unicode_lines = [], [], 0
    for rank, raw in enumerate(content.split(b"\n"), start=1):
        try:
            lines.append(raw.decode("utf-8"))
            unicode_lines += not raw.isascii()
        except UnicodeDecodeError:
            lines.append(raw.decode("cp1252", errors="replace"))
            latin.append(rank)
    notes: tuple[Note, ...] = ()
    if unicode_lines:
        first = ", ".join(map(str, latin[:5])) + (" …" if len(latin) > 5 else "")
        what = f"Deux encodages dans le même fichier : lues en Latin-1, les lignes {first}."
        notes = (Note(latin[0], what),)
    return _checked("\n".join(lines)), notes


def _checked(text: str) -> str:
    """Return a text; raise ``ListError`` if it holds too many control characters."""
    sample = text[:200_000]
    controls = sum(sign < " " and sign not in "\t\n\r\f\v" for sign in sample)
    if controls + sample.count("\ufffd") > _BINARY_SHARE * max(len(sample), 100):
        raise ListError(_NO_TEXT)
    return text
