"""Scale bar and north arrow."""

import numpy as np

from geozones.common.french import NBSP, number
from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.map_frame import Box, Frame

#: Width and height of scale bar and north arrow together, in units.
SCALE_BAR_SIZE = (232.0, 54.0)
_LONGEST = 150.0
_ROUND = (1, 2, 5)


def scale_of(frame: Frame) -> tuple[float, float]:
    """Return the length of the scale bar in km (1, 2 or 5 times a power of ten) and in units."""
    longest = _LONGEST * frame.metres_per_unit / 1000
    power = 10.0 ** np.floor(np.log10(longest))
    km = float(max(step * power for step in (0.5, *_ROUND) if step * power <= longest))
    return km, km * 1000 / frame.metres_per_unit


def draw_scale_bar(canvas: Canvas, box: Box, frame: Frame) -> None:
    """Draw the scale bar and the north arrow of a frame in a box."""
    km, units = scale_of(frame)
    left, base = box.left + 52, box.bottom + 14
    half = units / 2
    for start, fill in ((left, DARK), (left + half, "#ffffff")):
        corners = Box(start, base, start + half, base + 6)
        canvas.panel(corners, fill, StrokeStyle(DARK, 1.2), 7.0, radius=0)
    style = TextStyle(13, colour="#37424c", halo="#ffffff", align="center")
    digits = 0 if km >= 1 else 1
    canvas.text((left, base + 13), "0", style, "label-scale-0")
    text = f"{number(km, digits)}{NBSP}km"
    canvas.text((left + units, base + 13), text, style, "label-scale-1")
    _north(canvas, (box.left + 20, box.bottom + 8))


def _north(canvas: Canvas, at: tuple[float, float]) -> None:
    x, y = at
    for side, fill in ((-1, DARK), (1, "#ffffff")):
        corners = np.array([(x, y + 27), (x + side * 8, y), (x, y + 6.5), (x, y + 27)])
        canvas.polygon(corners, fill, 7.0)
        canvas.lines([corners], StrokeStyle(DARK, 1.2), 7.1)
    style = TextStyle(13, "bold", DARK, halo="#ffffff", align="center")
    canvas.text((x, y + 32), "N", style, "label-north-0")
