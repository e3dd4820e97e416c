"""Limits on XML that would fill the memory, checked before parsing, in constant memory.

A part of a workbook is checked as it is unpacked, and nothing of it is kept: elements and letters
are counted, and reading stops at the first count beyond the needs of a list of lycées. Parsers
forget a row once it is read, but hold everything outside rows.
"""

from typing import IO
from xml.parsers import expat

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
    """Read a part to its end.

    Raises
    ------
    XmlBoundsError
        If a count is beyond its bound.
    ValueError
        If it declares an entity.
    xml.parsers.expat.ExpatError
        If it is no XML.
    """
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
        msg = "an entity is declared"
        raise ValueError(msg)
