"""Estimated sizes of texts on slides: what must fit is measured before it is written.

The office program lays out text itself, in the deck's typeface where the machine has it, in another
elsewhere. Texts are measured in `FALLBACK`, the widest that takes its place, so that words stay in
their boxes on any machine. Threads may share a font: Pillow measures without letting another
thread run.
"""

from collections.abc import Sequence
from functools import lru_cache

from PIL import ImageFont

from geozones.render.typeface import LAST, last_resort

#: Typeface of a deck: on every office machine, Liberation Sans and Arimo have its widths.
NAME = "Arial"
#: The widest typeface that an office program puts in its place.
FALLBACK = LAST
#: Height of a line, as a part of the size: Carlito has the highest.
LEADING = 1.22
#: Space that a cell leaves around its text, in points: both sides, above and below.
CELL_SIDES_PT, CELL_ENDS_PT = 10.0, 7.0
_MEASURED_AT = 100


@lru_cache(maxsize=2)
def _font(*, bold: bool) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(last_resort("bold" if bold else "regular"), _MEASURED_AT)


@lru_cache(maxsize=8192)
def width_pt(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Return the width of a text in points."""
    return float(_font(bold=bold).getlength(text)) * size_pt / _MEASURED_AT


def line_count(text: str, width: float, size_pt: float, *, bold: bool = False) -> int:
    """Return the number of lines of a text in a width in points; a word too long is cut."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            need = width_pt(word, size_pt, bold=bold)
            if used and used + need > width:
                lines, used = lines + 1, 0.0
            while need > width:
                lines, need = lines + 1, need - width
            used += need + width_pt(" ", size_pt, bold=bold)
    return lines


def row_height(
    cells: Sequence[str], widths: Sequence[float], size_pt: float, bold: Sequence[bool]
) -> float:
    """Return the height in points of a row of cells, each with its column's width in points."""
    most = max(
        line_count(text, width - CELL_SIDES_PT, size_pt, bold=strong)
        for text, width, strong in zip(cells, widths, bold, strict=True)
    )
    return most * size_pt * LEADING + CELL_ENDS_PT


def fitting_size(
    text: str, width: float, sizes: Sequence[float], lines: int, *, bold: bool = False
) -> float:
    """Return the largest size in points at which a text takes at most ``lines`` lines."""
    for size in sizes:
        if line_count(text, width, size, bold=bold) <= lines:
            return size
    return sizes[-1]
