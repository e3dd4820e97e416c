"""Free space of a map, where an inset or a scale bar covers no subject of the map."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.map_frame import Box

#: Side of a square of the grid, in units.
_STEP = 8.0


@dataclass
class FreeSpace:
    """Grid over a box of the sheet: bool[row, column] ``taken``, rows from the bottom."""

    box: Box
    taken: np.ndarray

    @classmethod
    def around(cls, box: Box, shape: BaseGeometry) -> "FreeSpace":
        """Return the grid of a box; squares on or near a shape of the sheet are taken."""
        across, high = int(box.width // _STEP), int(box.height // _STEP)
        x = box.left + (np.arange(across) + 0.5) * _STEP
        y = box.bottom + (np.arange(high) + 0.5) * _STEP
        # a unit is negligible here, and saves most of the corners
        whole = shape.simplify(1.0).buffer(_STEP)
        shapely.prepare(whole)
        grid_x, grid_y = np.meshgrid(x, y)
        return cls(box, np.asarray(shapely.contains_xy(whole, grid_x, grid_y)))

    def copy(self) -> "FreeSpace":
        """Return another grid with the same squares taken."""
        return FreeSpace(self.box, self.taken.copy())

    def take(self, box: Box) -> None:
        """Mark the squares of a rectangle as taken."""
        left, bottom = self._square(box.left, box.bottom)
        right, top = self._square(box.right + _STEP, box.top + _STEP)
        self.taken[max(bottom, 0) : max(top, 0), max(left, 0) : max(right, 0)] = True

    def corners(self, width: float, height: float) -> np.ndarray:
        """Return the lower left corners of the free rectangles of a size: float[n, (x, y)]."""
        across, high = int(np.ceil(width / _STEP)), int(np.ceil(height / _STEP))
        rows, columns = self.taken.shape
        if high > rows or across > columns:
            return np.zeros((0, 2))
        sums = np.zeros((rows + 1, columns + 1), dtype=np.int64)
        sums[1:, 1:] = self.taken.cumsum(0).cumsum(1)
        count = (
            sums[high:, across:] - sums[:-high, across:] - sums[high:, :-across]
            + sums[:-high, :-across]
        )  # fmt: skip
        row, column = np.nonzero(count == 0)
        corner = (self.box.left, self.box.bottom)
        return np.column_stack((column, row)) * _STEP + corner

    def nearest(
        self, width: float, height: float, to: tuple[float, float], clear: float = 0.0
    ) -> Box | None:
        """Return the free rectangle of a size, with a margin ``clear``, nearest to a point."""
        corners = self.corners(width + 2 * clear, height + 2 * clear)
        if not len(corners):
            return None
        middles = corners + np.array((width / 2 + clear, height / 2 + clear))
        # of two equally near, the lower left: always the same
        x, y = corners[int(np.argmin(np.hypot(*(middles - to).T).round(3)))].tolist()
        return Box(x + clear, y + clear, x + clear + width, y + clear + height)

    def _square(self, x: float, y: float) -> tuple[int, int]:
        return int((x - self.box.left) // _STEP), int((y - self.box.bottom) // _STEP)
