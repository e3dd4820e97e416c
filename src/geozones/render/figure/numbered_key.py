"""Numbered lycées of an inset: a disc each on its map, their names in columns below it."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle

from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Canvas, TextStyle
from geozones.render.figure.fonts import width, wrap
from geozones.render.figure.map_frame import Box
from geozones.render.figure.markers import draw_badge
from geozones.render.scene import LyceePoint
from geozones.render.signs import INK

#: Radius of a lycée's disc, in units.
DISC = 8.4
_SIZE, _ROW, _EDGE, _GAP = 11.5, 14.5, 7.0, 8.0
#: Widest line of a name, and the most lycées in one column; more lycées take two.
_LONGEST, _ONE = 136.0, 6
#: Room for the number of a zone, and for that of a lycée, before a name.
_ZONE, _INDENT = 17.0, 36.0

type Entry = tuple[int, LyceePoint, tuple[str, ...]]


def in_order(points: Sequence[LyceePoint]) -> list[LyceePoint]:
    """Return lycées in the order of their numbers: zone by zone, then by name."""
    return sorted(points, key=lambda point: (point.zone, point.name.casefold(), point.id))


def key_width(points: Sequence[LyceePoint]) -> float:
    """Return the width that the names of lycées need, in units."""
    columns = _columns(points)
    lines = [line for column in columns for _, _, name in column for line in name]
    longest = max(width(line, _SIZE) for line in lines)
    return len(columns) * (_INDENT + longest + 2 + _GAP) - _GAP + 2 * _EDGE


def key_height(points: Sequence[LyceePoint]) -> float:
    """Return the height that the names of lycées need, in units."""
    return max(map(_lines, _columns(points))) * _ROW + 2 * _EDGE


def _columns(points: Sequence[LyceePoint]) -> list[list[Entry]]:
    """Return numbered names, whole on as many lines as they need, in one or two columns."""
    entries = [
        (rank, point, wrap(_starred_name(point), _SIZE, _LONGEST, most=4))
        for rank, point in enumerate(in_order(points), 1)
    ]
    if len(entries) <= _ONE:
        return [entries]
    cuts = range(1, len(entries))
    cut = min(cuts, key=lambda at: max(_lines(entries[:at]), _lines(entries[at:])))
    return [entries[:cut], entries[cut:]]


def _lines(entries: Sequence[Entry]) -> int:
    return sum(len(name) for _, _, name in entries)


def _starred_name(point: LyceePoint) -> str:
    return f"{point.name} ★" if point.role == "support" else point.name


def draw_key(
    canvas: Canvas, points: Sequence[LyceePoint], zones: Mapping[str, int], box: Box, layer: float
) -> None:
    """Write the numbers and names of lycées in a box, by column, after the number of their zone."""
    columns = _columns(points)
    across = (box.width - 2 * _EDGE + _GAP) / len(columns)
    for rank, column in enumerate(columns):
        x = box.left + _EDGE + rank * across
        y = box.top - _EDGE - _SIZE * 0.86
        before = ""
        for number, point, name in column:
            if point.zone != before and point.zone in zones:
                style = TextStyle(_SIZE * 0.8, "bold", INK, layer=layer)
                draw_badge(canvas, (x + _ZONE / 2, y + _SIZE * 0.34), zones[point.zone], style)
            before = point.zone
            gid = f"label-numbered-{point.id}"
            style = TextStyle(_SIZE, "bold", DARK, align="right", layer=layer)
            canvas.text((x + _INDENT - 5, y), str(number), style, f"{gid}-0")
            for line, text in enumerate(name, 1):
                canvas.text((x + _INDENT, y), text, TextStyle(_SIZE, layer=layer), f"{gid}-{line}")
                y -= _ROW


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
