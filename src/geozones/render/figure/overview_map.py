"""Map of several territories: outlines with names and figures, those far away in panels."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from matplotlib.figure import Figure
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.basemap import DARK, OUTSIDE
from geozones.render.figure.canvas import (
    Box,
    Canvas,
    Frame,
    StrokeStyle,
    TextStyle,
    metres_per_degree,
)
from geozones.render.figure.draw import exclusive
from geozones.render.figure.fonts import LEADING, fit, width, wrap
from geozones.render.figure.label_areas import Cells
from geozones.render.figure.page_layout import SCALE_BAR_SIZE, draw_scale_bar, lay_out
from geozones.render.sheet import Sheet

#: Territories farther apart than this are in panels of their own, in km.
_APART_KM = 300.0
_FILL, _EDGE = "#d5e3ea", StrokeStyle("#3b5566", 1.6)
#: Sizes of the lines of a label, in units, the largest first; a label that none fits is a number.
_SIZES = (18.0, 16.0, 14.0, 12.0, 10.5)
_NUMBER, _RADIUS = 13.0, 11.0
#: Share of the map's width for the panels of territories far away, and most panels in a column.
_ASIDE, _MOST_PANELS = 0.3, 4
_MARGIN, _GAP = 0.94, 16.0
#: Sizes of the heading and lines of a key, in units, and the space between two keys.
_HEADING, _LINE, _LEAST_LINE, _SPACE = 14.5, 11.5, 8.5, 9.0
_GREY = "#52606a"


@dataclass(frozen=True)
class OverviewArea:
    """Territory of the map: its outline (WGS84), its name, and lines below the name.

    Its ``number`` stands for its label where that has no room.
    """

    number: int
    outline: BaseGeometry
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class OverviewKey:
    """Entry beside the map: the number of its territory, heading and lines."""

    number: int
    heading: str
    lines: tuple[str, ...]


@exclusive
def draw_overview(
    areas: Sequence[OverviewArea], keys: Sequence[OverviewKey], sheet: Sheet
) -> Figure:
    """Draw territories at their places, with a key for each; far ones have panels, each its scale.

    A territory too small for its label has a number, which its key repeats.
    """
    canvas = Canvas(sheet)
    layout = lay_out(canvas)
    numbered: set[int] = set()
    pieces = [piece for area in areas for piece in _pieces(area)]
    groups = _groups([piece.outline for piece in pieces])
    for group, box in zip(groups, _boxes(layout.map, len(groups)), strict=True):
        numbered |= _panel(canvas, [pieces[rank] for rank in group], box)
    if layout.legend is not None:
        _draw_keys(canvas, keys, numbered, layout.legend)
    return canvas.figure


def _pieces(area: OverviewArea) -> list[OverviewArea]:
    """Return a territory, or its parts that are far from one another; the largest has the lines."""
    parts = shapely.get_parts(area.outline)
    groups = _groups(list(parts))
    shapes = [shapely.union_all(parts[group]) for group in groups]
    lines = [area.lines, *([()] * (len(shapes) - 1))]
    return [
        replace(area, outline=shape, lines=told) for shape, told in zip(shapes, lines, strict=True)
    ]


def _groups(outlines: Sequence[BaseGeometry]) -> list[list[int]]:
    """Return the shapes (ranks) that are near one another; the largest group first."""
    if not outlines:
        return []
    bounds = np.array([shape.bounds for shape in outlines])
    west, south, east, north = (bounds[:, None, side] for side in range(4))
    along, up = metres_per_degree(float((bounds[:, 1] + bounds[:, 3]).mean() / 2))
    across = np.maximum(np.maximum(west - east.T, west.T - east), 0) * along
    high = np.maximum(np.maximum(south - north.T, south.T - north), 0) * up
    near = np.hypot(across, high) <= 1000 * _APART_KM
    count, group = connected_components(near, directed=False)
    found = [np.flatnonzero(group == rank).tolist() for rank in range(count)]
    return sorted(found, key=lambda group: -sum(outlines[rank].area for rank in group))


def _boxes(box: Box, count: int) -> list[Box]:
    """Return the boxes of the panels: the first is the largest, the others are beside it."""
    if count < 2:
        return [box][:count]
    columns = -(-(count - 1) // _MOST_PANELS)
    rows = -(-(count - 1) // columns)
    wide = box.width * min(_ASIDE * columns, 0.6) / columns - _GAP
    high = (box.height - _GAP * (rows - 1)) / rows
    main = Box(box.left, box.bottom, box.right - columns * (wide + _GAP), box.top)
    aside = []
    for rank in range(count - 1):
        column, row = divmod(rank, rows)
        left, top = main.right + _GAP + column * (wide + _GAP), box.top - row * (high + _GAP)
        aside.append(Box(left, top - high, left + wide, top))
    return [main, *aside]


def _panel(canvas: Canvas, areas: Sequence[OverviewArea], box: Box) -> set[int]:
    """Draw territories in a box; return the numbers that stand for a label."""
    canvas.panel(box, OUTSIDE, StrokeStyle("#c3cfd6", 1.2), radius=6)
    west, south, east, north = shapely.total_bounds([area.outline for area in areas])
    inner = Box(box.left, box.bottom + SCALE_BAR_SIZE[1], box.right, box.top)
    frame = Frame.fit((west, south, east, north), inner, _MARGIN)
    shapes = [frame.shape(area.outline) for area in areas]
    # the smallest last: no other hides it, and first to be named: it has the least room
    ranks = sorted(range(len(areas)), key=lambda rank: -shapes[rank].area)
    for rank in ranks:
        canvas.area(shapes[rank], _FILL, _EDGE, 2.0, box)
    taken: list[Box] = []
    numbered = set()
    for rank in reversed(ranks):
        label = _label(canvas, areas[rank], shapes[rank], taken)
        if label is None:
            label = _number_box(shapes[rank])
            _draw_number(canvas, areas[rank].number, label)
            numbered.add(areas[rank].number)
        taken.append(label)
    corner = Box(box.left + 8, box.bottom + 6, box.left + SCALE_BAR_SIZE[0], box.bottom + 54)
    draw_scale_bar(canvas, corner, frame)
    return numbered


def _label(
    canvas: Canvas, area: OverviewArea, shape: BaseGeometry, taken: Sequence[Box]
) -> Box | None:
    """Print the label of a territory inside its outline; ``None`` if it has no room there."""
    for size in _SIZES:
        lines = [(area.name, "bold"), *((line, "regular") for line in area.lines)]
        wide = max(width(text, size, face) for text, face in lines) + 8  # type: ignore[arg-type]
        high = size * LEADING * len(lines) + 6
        found = Cells(shape).without(taken).of(wide, high)
        if not found:
            continue
        middle = shape.centroid
        box = min(found, key=lambda box: middle.distance(shapely.Point(box.centre)))
        x, y = box.centre[0], box.top - 3
        for rank, (text, face) in enumerate(lines):
            style = TextStyle(size, face, DARK, halo=_FILL, align="center")  # type: ignore[arg-type]
            canvas.text((x, y - size * (0.93 + rank * LEADING)), text, style, f"label-area-{rank}")
        return box
    return None


def _number_box(shape: BaseGeometry) -> Box:
    point = shape.representative_point()
    return Box(point.x - _RADIUS, point.y - _RADIUS, point.x + _RADIUS, point.y + _RADIUS)


def _draw_number(canvas: Canvas, number: int, box: Box) -> None:
    canvas.panel(box, DARK, StrokeStyle("#ffffff", 1.4), 9.2, radius=_RADIUS)
    style = TextStyle(_NUMBER, "bold", "#ffffff", align="center", layer=9.3)
    canvas.text((box.centre[0], box.centre[1] - 0.36 * _NUMBER), str(number), style)


def _draw_keys(canvas: Canvas, keys: Sequence[OverviewKey], numbered: set[int], box: Box) -> None:
    """Print the keys from the top of a box; long lines are cut where all have no room."""
    size, most = _size_of_keys(keys, box)
    y = box.top
    for key in keys:
        heading = f"{key.number}. {key.heading}" if key.number in numbered else key.heading
        style = TextStyle(_HEADING, "bold", DARK)
        heading = fit(heading, _HEADING, box.width, "bold")
        y = canvas.block((box.left, y), [heading], style, gid="label-key")
        for line in key.lines:
            cut = wrap(line, size, box.width, most=most)
            style = TextStyle(size, colour=_GREY)
            y = canvas.block((box.left, y), cut, style, gid="label-key-line")
        y -= _SPACE


def _size_of_keys(keys: Sequence[OverviewKey], box: Box) -> tuple[float, int]:
    """Return the largest size of lines, and most lines a text has, at which all keys fit."""
    for most in (12, 6, 4, 3, 2, 1):
        size = _LINE
        while size >= _LEAST_LINE:
            lines = sum(
                len(wrap(line, size, box.width, most=most)) for key in keys for line in key.lines
            )
            high = len(keys) * (_HEADING * LEADING + _SPACE) + lines * size * LEADING
            if high <= box.height:
                return size, most
            size -= 0.5
    return _LEAST_LINE, 1
