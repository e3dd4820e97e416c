"""Estimated heights of table rows, to continue on the next slide a table that is too long.

PowerPoint lays out text itself. The estimate is high: it measures a tenth wider than the slides'
typeface, as wide as Arial, so that words stay in place on a machine without the font. Threads may
share the font: Pillow measures without letting another thread run.
"""

from collections.abc import Sequence
from functools import lru_cache

from PIL import ImageFont

from geozones.render.typeface import typeface

_LEADING = 1.2
#: Space that a cell leaves around its text, in points: both sides, above and below.
CELL_SIDES_PT, CELL_ENDS_PT = 10.0, 7.0
_MEASURED_AT = 100
_WIDER = 1.1


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(typeface().files["regular"][0], _MEASURED_AT)


@lru_cache(maxsize=8192)
def width_pt(text: str, size_pt: float) -> float:
    """Return the width of a text in points."""
    return float(_font().getlength(text)) * size_pt / _MEASURED_AT * _WIDER


def line_count(text: str, width: float, size_pt: float) -> int:
    """Return the number of lines of a text in a width in points; a word too long is cut."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            need = width_pt(f"{word} ", size_pt)
            if used and used + need > width:
                lines, used = lines + 1, 0.0
            while need > width:
                lines, need = lines + 1, need - width
            used += need
    return lines


def row_height(cells: Sequence[str], widths: Sequence[float], size_pt: float) -> float:
    """Return the height in points of a row of cells, each with its column's width in points."""
    most = max(
        line_count(text, width - CELL_SIDES_PT, size_pt)
        for text, width in zip(cells, widths, strict=True)
    )
    return most * size_pt * _LEADING + CELL_ENDS_PT


def fitting_size(text: str, width: float, sizes: Sequence[float], lines: int) -> float:
    """Return the largest size in points at which a text takes at most ``lines`` lines."""
    for size in sizes:
        if line_count(text, width, size) <= lines:
            return size
    return sizes[-1]
