"""Positions for a name inside an area of a sheet, when its rooms have no free position."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.map_frame import Box

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
