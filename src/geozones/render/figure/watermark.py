"""Watermarks where nothing covers them: « brouillon » over drafts, « non décidé » over a sheet."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.affinity import rotate
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Canvas, TextStyle
from geozones.render.figure.fonts import width as text_width
from geozones.render.figure.frame import Frame
from geozones.render.scene import Scene

DRAFT, UNDECIDED = "BROUILLON", "NON DÉCIDÉ"
_ANGLE = 24.0
#: Sizes tried, the largest first; a smaller word would not be read.
_SIZES = (96.0, 80.0, 66.0, 54.0, 44.0, 36.0, 29.0, 24.0, 20.0, 17.0, 14.0, 12.0, 10.5)
#: Height of the word with a margin, in parts of its size.
_HIGH = 1.0
_STEP = 3.0
#: Opacity of a large word, and of a small one.
_FAINT, _PLAIN = 0.26, 0.62


def watermarks(
    canvas: Canvas, scene: Scene, frame: Frame, layer: float, taken: BaseGeometry
) -> None:
    """Print « brouillon » across the zones of each draft sector that the picture is about.

    The word is whole, outside the area ``taken`` by labels, markers and insets.
    """
    for sector in scene.sectors:
        own = [z for z in scene.zones if z.sector == sector.id and z.draft and not z.aside]
        shapes = [shapely.make_valid(frame.shape(zone.geometry)) for zone in own]
        seen = shapely.intersection(shapely.union_all(shapes), shapely.box(*frame.box))
        spot = room_for_mark(shapely.difference(seen, taken))
        if spot is not None:
            size, at = spot
            alpha = _FAINT + (_PLAIN - _FAINT) * min(max((48 - size) / 30, 0.0), 1.0)
            style = TextStyle(size, "bold", sector.ink, alpha=alpha, align="center", layer=layer)
            _slanted(canvas, DRAFT, style, at)


def room_for_mark(
    free: BaseGeometry, word: str = DRAFT
) -> tuple[float, tuple[float, float]] | None:
    """Return the size and middle of the largest slanted word that fits in an area, if any."""
    if free.is_empty or free.area == 0:
        return None
    level = rotate(free, -_ANGLE, origin=(0, 0))
    left, bottom, right, top = level.bounds
    x, y = np.arange(left, right, _STEP), np.arange(bottom, top, _STEP)
    shapely.prepare(level)
    inside = shapely.contains_xy(level, *np.meshgrid(x, y))
    sums = np.pad(inside.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    for size in _SIZES:
        wide = int(np.ceil(text_width(word, size, "bold") / _STEP)) + 1
        high = int(np.ceil(_HIGH * size / _STEP)) + 1
        corner = _corner(sums, wide, high)
        if corner is not None:
            row, column = corner
            middle = (x[0] + (column + wide / 2) * _STEP, y[0] + (row + high / 2) * _STEP)
            return size, _turned(middle)
    return None


def _corner(sums: NDArray[np.int64], wide: int, high: int) -> tuple[int, int] | None:
    """Return the row and column of a block of free squares, the most central; ``None``: no room.

    ``sums``, int[row + 1, column + 1], counts the free squares before each row and column.
    """
    if high >= sums.shape[0] or wide >= sums.shape[1]:
        return None
    full = sums[high:, wide:] - sums[:-high, wide:] - sums[high:, :-wide] + sums[:-high, :-wide]
    rows, columns = np.nonzero(full == wide * high)
    if not len(rows):
        return None
    away = np.hypot(rows - rows.mean(), columns - columns.mean())
    best = int(away.argmin())
    return int(rows[best]), int(columns[best])


def _turned(at: tuple[float, float]) -> tuple[float, float]:
    angle = np.radians(_ANGLE)
    x, y = at
    return (
        float(x * np.cos(angle) - y * np.sin(angle)),
        float(x * np.sin(angle) + y * np.cos(angle)),
    )


def _slanted(canvas: Canvas, word: str, style: TextStyle, middle: Sequence[float]) -> None:
    angle = np.radians(_ANGLE)
    down = style.size * 0.36
    at = (middle[0] + down * np.sin(angle), middle[1] - down * np.cos(angle))
    canvas.text(at, word, style, angle=_ANGLE)


def sheet_watermark(canvas: Canvas, frame: Frame, layer: float, taken: BaseGeometry) -> None:
    """Print « non décidé » across the whole map: nobody decided the plan itself."""
    box = frame.box
    spot = room_for_mark(shapely.difference(shapely.box(*box), taken), UNDECIDED)
    size, at = spot if spot is not None else (_SIZES[-1], box.centre)
    largest = min(box.width * 0.7 / text_width(UNDECIDED, 1, "bold"), box.height * 0.3)
    style = TextStyle(min(size, largest), "bold", DARK, alpha=0.14, align="center", layer=layer)
    _slanted(canvas, UNDECIDED, style, at)
