"""Positions for the name of an area: in its spaces, in its cells, else elsewhere inside it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.canvas import Box
from geozones.render.figure.placement import LabelPosition, Obstacles, overlaps

#: Least side of the cells that divide an area, in units, and most cells each way.
_CELL, _MOST_CELLS = 1.25, 120
#: Most positions returned for a size, spread over the area.
_KEPT = 80


class Cells:
    """Cells of an area (units of the sheet) that are wholly inside it."""

    def __init__(self, shape: BaseGeometry) -> None:
        left, bottom, right, top = shape.bounds
        self._corner = (left, bottom)
        self._side = max(_CELL, (right - left) / _MOST_CELLS, (top - bottom) / _MOST_CELLS)
        columns, rows = (int(size // self._side) for size in (right - left, top - bottom))
        self._free = self._inside(shape, columns, rows)

    def without(self, taken: Sequence[Box]) -> "Spots":
        """Return the positions that cover none of some boxes."""
        free = self._free.copy()
        (left, bottom), side = self._corner, self._side
        for box in taken:
            if box.right > left and box.top > bottom:
                first, last = (max(int((x - left) // side), 0) for x in (box.left, box.right))
                low, high = (max(int((y - bottom) // side), 0) for y in (box.bottom, box.top))
                free[low : high + 1, first : last + 1] = False
        return Spots(free, self._corner, side)

    def _inside(self, shape: BaseGeometry, columns: int, rows: int) -> NDArray[np.bool_]:
        """Return bool[row, column]: which cells are inside, without a border across."""
        (left, bottom), side = self._corner, self._side
        x, y = np.meshgrid(
            left + (np.arange(columns) + 0.5) * side, bottom + (np.arange(rows) + 0.5) * side
        )
        shapely.prepare(shape)
        inside = np.asarray(shapely.contains_xy(shape, x, y))
        border = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shape), side / 4))
        column, row = ((border - (left, bottom)) // side).astype(int).T
        on = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        inside[row[on], column[on]] = False
        return inside


class Spots:
    """Free cells, bool[row, column], that can wholly contain boxes."""

    def __init__(self, free: NDArray[np.bool_], corner: tuple[float, float], side: float) -> None:
        self._corner, self._side = corner, side
        self._sums = np.pad(free.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))

    def of(self, wide: float, high: float) -> list[Box]:
        """Return boxes of a size (units) in free cells, spread over the area."""
        across, up = (int(np.ceil(size / self._side)) for size in (wide, high))
        sums = self._sums
        if across >= sums.shape[1] or up >= sums.shape[0]:
            return []
        full = sums[up:, across:] - sums[:-up, across:] - sums[up:, :-across] + sums[:-up, :-across]
        rows, columns = np.nonzero(full == across * up)
        step = max(1, len(rows) // _KEPT)
        margins = (across * self._side - wide) / 2, (up * self._side - high) / 2
        x = self._corner[0] + columns[::step] * self._side + margins[0]
        y = self._corner[1] + rows[::step] * self._side + margins[1]
        corners = zip(x.tolist(), y.tolist(), strict=True)
        return [Box(left, bottom, left + wide, bottom + high) for left, bottom in corners]


#: Padding of the box of a label around its text, in units, which may extend outside the area.
_MARGIN = 2.0
#: Cost of a label inside its area but in none of its spaces.
_NO_ROOM = 60.0
#: Cost of each obstacle that it covers there.
_HIDES = 40.0
#: Positions from the middle of a room to each of its edges, at most, and their least distance.
_STEPS, _STEP = 5, 6.0


@dataclass(frozen=True)
class LabelArea:
    """Area for a name: its spaces, and its whole ``shape``; in units.

    ``obstacles`` are boxes that no name may cover.
    """

    spaces: Sequence[Box]
    shape: Callable[[], BaseGeometry]
    obstacles: Obstacles


def inside(
    area: LabelArea, sizes: Sequence[tuple[float, float]], *, rooms_only: bool = False
) -> list[LabelPosition]:
    """Return positions inside an area; the middle of its first room costs least.

    If no room has a free position, positions elsewhere in the area follow, unless ``rooms_only``.
    """
    positions: list[LabelPosition] = []
    for form, (wide, high) in enumerate(sizes):
        for rank, room in enumerate(area.spaces):
            x, y = (room.width - wide) / 2, (room.height - high) / 2
            if min(x, y) < 0:
                continue
            cost = form * 3.0 + rank * 1.5
            middle = room.centre
            for dx in _shifts(x):
                for dy in _shifts(y):
                    left, low = middle[0] + dx - wide / 2, middle[1] + dy - high / 2
                    box = Box(left, low, left + wide, low + high)
                    away = 0.12 * math.hypot(dx, dy)
                    positions.append(LabelPosition(box, cost + away, form))
    if rooms_only or area.obstacles.any_free([position.box for position in positions]):
        return positions
    return positions + _elsewhere(area, sizes)


def _elsewhere(area: LabelArea, sizes: Sequence[tuple[float, float]]) -> list[LabelPosition]:
    """Return the free positions in an area, regardless of spaces; larger forms cost less.

    If there is none, return the positions that cover the fewest obstacles of the weakest kinds.
    """
    shape, obstacles = area.shape(), area.obstacles
    if shape.is_empty:
        return []
    middle = (shape.centroid.x, shape.centroid.y)
    cells = Cells(shape)
    for over in range(len(obstacles.at_worst) + 1):
        spots = cells.without(obstacles.covered(over))
        found = [
            (box.inset(-_MARGIN), form)
            for form, (wide, high) in enumerate(sizes)
            for box in spots.of(wide - 2 * _MARGIN, high - 2 * _MARGIN)
        ]
        if not obstacles.any_free([box for box, _ in found], over):
            continue
        hidden = np.array([box for kind in obstacles.at_worst[:over] for box in kind])
        boxes = np.array([box for box, _ in found])
        hides = overlaps(boxes, hidden).sum(axis=1).tolist() if len(hidden) else [0] * len(found)
        return [
            LabelPosition(
                box,
                _NO_ROOM + form * 3.0 + _HIDES * count + 0.12 * math.dist(box.centre, middle),
                form,
                over,
            )
            for (box, form), count in zip(found, hides, strict=True)
        ]
    return []


def _shifts(most: float) -> list[float]:
    """Return shifts of up to ``most`` each way, evenly spread."""
    steps = min(_STEPS, math.ceil(most / _STEP))
    return [most * step / steps for step in range(-steps, steps + 1)] if steps else [0.0]
