"""Numbered lycées of an inset: a disc each on its map, their names in columns below it."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Circle

from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Canvas, TextStyle
from geozones.render.figure.fonts import fit, width
from geozones.render.figure.map_frame import Box
from geozones.render.scene import LyceePoint

#: Radius of a lycée's disc, in units.
DISC = 8.4
_SIZE, _ROW, _EDGE, _GAP = 11.5, 14.5, 7.0, 8.0
#: Widest name, and the most lycées in one column; more lycées take two.
_LONGEST, _ONE = 104.0, 6
#: Room for the number before a name.
_INDENT = 18.0


def in_order(points: Sequence[LyceePoint]) -> list[LyceePoint]:
    """Return lycées in the order of their numbers, by name."""
    return sorted(points, key=lambda point: (point.name.casefold(), point.id))


def key_width(points: Sequence[LyceePoint]) -> float:
    """Return the width that the names of lycées need, in units."""
    longest = min(max(width(_starred_name(point), _SIZE) for point in points), _LONGEST)
    return _columns(points) * (_INDENT + longest + _GAP) - _GAP + 2 * _EDGE


def key_height(points: Sequence[LyceePoint]) -> float:
    """Return the height that the names of lycées need, in units."""
    return -(-len(points) // _columns(points)) * _ROW + 2 * _EDGE


def _columns(points: Sequence[LyceePoint]) -> int:
    return 1 if len(points) <= _ONE else 2


def _starred_name(point: LyceePoint) -> str:
    return f"{point.name} ★" if point.role == "support" else point.name


def draw_key(canvas: Canvas, points: Sequence[LyceePoint], box: Box, layer: float) -> None:
    """Write the numbers and names of lycées in a box, column by column."""
    columns = _columns(points)
    rows = -(-len(points) // columns)
    across = (box.width - 2 * _EDGE + _GAP) / columns
    for rank, point in enumerate(in_order(points)):
        column, row = divmod(rank, rows)
        x = box.left + _EDGE + column * across
        y = box.top - _EDGE - row * _ROW - _SIZE * 0.86
        gid = f"label-numbered-{point.id}"
        number = TextStyle(_SIZE, "bold", DARK, align="right", layer=layer)
        canvas.text((x + _INDENT - 5, y), str(rank + 1), number, f"{gid}-0")
        name = fit(_starred_name(point), _SIZE, across - _INDENT - _GAP + 4)
        canvas.text((x + _INDENT, y), name, TextStyle(_SIZE, layer=layer), f"{gid}-1")


def draw_numbers(
    canvas: Canvas,
    points: Sequence[LyceePoint],
    places: np.ndarray,
    layer: float,
) -> None:
    """Draw a disc with its number for each lycée, at positions, float[n, (x, y)].

    The disc of a support centre is dark.
    """
    number = {point.id: rank for rank, point in enumerate(in_order(points), 1)}
    for point, (x, y) in zip(points, places.tolist(), strict=True):
        dark = point.role == "support"
        fill, ink = (point.ink, "#ffffff") if dark else ("#ffffff", DARK)
        disc = Circle(
            (x, y), DISC, facecolor=fill, edgecolor=point.ink, linewidth=canvas.points(2.0),
            zorder=layer,
        )  # fmt: skip
        canvas.axes.add_artist(disc)
        style = TextStyle(10.5, "bold", ink, align="center", layer=layer + 0.01)
        canvas.text((x, y - 3.6), str(number[point.id]), style)
