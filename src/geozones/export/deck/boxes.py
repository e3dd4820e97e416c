"""Boxes of a chart on a slide: their frames, columns, lines between, texts that fit. Inches."""

from collections.abc import Iterable

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide

from geozones.export.deck import measure
from geozones.export.deck.parts import MUTED, RULE, SlideBox, TextLine, rule, text
from geozones.export.text import typeset

#: Space between two boxes, and around the text of one.
GAP, PAD = 0.22, 0.1
#: Ground of a box that spans those below it, and of small letters on a dark one.
BAND, ON_DARK = "E6EEF4", "DCE8F0"
_LEADING = 1.22
#: Width of the slides' font over that of one that stands for it, plain and bold.
_OTHER_FONT, _BOLD = 0.9, 0.8


def filled_box(slide: Slide, box: SlideBox, lines: Iterable[TextLine], fill: str) -> None:
    """Draw a flat box with centred lines."""
    rule(slide, box, fill)
    inside = SlideBox(box.left + PAD, box.top + 0.06, box.width - 2 * PAD, box.height - 0.1)
    text(slide, inside, lines, PP_ALIGN.CENTER)


def framed_box(slide: Slide, box: SlideBox, colour: str, frame: str = RULE) -> None:
    """Draw the frame of a box whose top is a band of a colour."""
    shape = rule(slide, box, "FFFFFF")
    shape.line.color.rgb = RGBColor.from_string(frame)
    rule(slide, SlideBox(box.left, box.top, box.width, 0.08), colour)


def columns(row: SlideBox, count: int, gap: float = GAP) -> list[SlideBox]:
    """Split a box in so many columns of one width."""
    if not count:
        return []
    width = (row.width - gap * (count - 1)) / count
    return [
        SlideBox(row.left + rank * (width + gap), row.top, width, row.height)
        for rank in range(count)
    ]


def line_down(slide: Slide, middle: float, top: float) -> None:
    """Draw the line from a box to what is a gap below it."""
    rule(slide, SlideBox(middle - 0.012, top, 0.024, GAP), MUTED)


def text_height(words: str, width: float, size: float, *, bold: bool = False) -> float:
    """Return the height of a text in a width, at a size in points.

    It is that of the widest font that a machine without the slides' own may show it in.
    """
    room = width * 72 * (_BOLD if bold else _OTHER_FONT)
    return measure.line_count(typeset(words), room, size) * size * _LEADING / 72
