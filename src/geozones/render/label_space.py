"""Label space: rectangles inside an area for its name, on screen and on paper alike.

A room is bounds in degrees. Both projections keep meridians and parallels straight and square, so
that a label inside a room is inside the area at every scale, on screen and on a sheet.
"""

import math
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Bounds

#: Cells of the grid over an area, each way.
_CELLS = 64
#: Heights of rooms, in cells.
_HEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 19, 23, 28, 34, 42, 50, 58)
#: Rooms of each height: the longest, then rooms separate from it.
_EACH = 3
_MOST = 16
#: Ratio of width to height of a usual name: the first room holds the largest such name.
_USUAL = 5.0
#: Rooms travel as whole multiples of this part of a degree, rounded inwards.
SCALE = 10_000


@lru_cache(maxsize=2048)
def label_spaces(geometry: BaseGeometry) -> tuple[Bounds, ...]:
    """Return rectangles inside polygons (degrees), the room of the largest usual name first.

    Some are long and low, some high, for names of any shape. They are ordered by the largest name,
    five times as wide as high, that each holds.
    """
    if geometry.is_empty or geometry.area == 0:
        return ()
    west, south, east, north = geometry.bounds
    across, up = (east - west) / _CELLS, (north - south) / _CELLS
    squeeze = math.cos(math.radians((south + north) / 2)) * across / up
    rooms: list[tuple[float, Bounds]] = []
    for left, bottom, wide, high in _maximal(_inside(geometry, west, south, across, up)):
        x, y = west + left * across, south + bottom * up
        bounds = _rounded(x, y, x + wide * across, y + high * up)
        if bounds[0] < bounds[2] and bounds[1] < bounds[3]:
            rooms.append((-min(wide * squeeze / _USUAL, high), bounds))
    return tuple(bounds for _, bounds in sorted(rooms)[:_MOST])


def _inside(
    geometry: BaseGeometry, west: float, south: float, across: float, up: float
) -> np.ndarray:
    """Return bool[row, column]: which cells of the grid are wholly inside."""

    def to_cells(points: np.ndarray) -> np.ndarray:
        cells: np.ndarray = (points - (west, south)) / (across, up)
        return cells

    placed = shapely.transform(geometry, to_cells)
    shapely.prepare(placed)
    middles = np.arange(_CELLS) + 0.5
    x, y = np.meshgrid(middles, middles)
    inside = np.asarray(shapely.contains_xy(placed, x, y))
    border = shapely.get_coordinates(shapely.segmentize(shapely.boundary(placed), 0.2))
    columns, rows = np.clip(border.astype(int), 0, _CELLS - 1).T
    inside[rows, columns] = False
    return inside


def _maximal(inside: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Return long rectangles of each height (left, bottom, width, height), in cells."""
    sums = np.vstack((np.zeros((1, _CELLS), int), np.cumsum(inside, axis=0)))
    full = np.zeros((len(_HEIGHTS), _CELLS, _CELLS), bool)
    for rank, high in enumerate(_HEIGHTS):
        full[rank, : _CELLS - high + 1] = sums[high:] - sums[: _CELLS - high + 1] == high
    run = np.zeros(full.shape[:2], int)
    longest, end = run.copy(), run.copy()
    for column in range(_CELLS):
        run = (run + 1) * full[:, :, column]
        end = np.where(run > longest, column, end)
        longest = np.maximum(longest, run)
    found: list[tuple[int, int, int, int]] = []
    for rank, high in enumerate(_HEIGHTS):
        left = longest[rank].copy()
        for _ in range(_EACH):
            row = int(left.argmax())
            if not left[row]:
                break
            wide = int(left[row])
            found.append((int(end[rank, row]) - wide + 1, row, wide, high))
            left[max(row - high, 0) : row + high] = 0
    return _not_held(found)


def _not_held(spans: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Remove the rectangles inside another rectangle."""
    if not spans:
        return []
    sides = np.array(spans)
    low, high = sides[:, :2], sides[:, :2] + sides[:, 2:]
    starts = (low[:, None] <= low[None]).all(axis=2)
    ends = (high[None] <= high[:, None]).all(axis=2)
    other = (sides[:, None] != sides[None]).any(axis=2)
    held = (starts & ends & other).any(axis=0)
    return [span for span, is_held in zip(spans, held, strict=True) if not is_held]


def _rounded(west: float, south: float, east: float, north: float) -> Bounds:
    return (
        math.ceil(west * SCALE) / SCALE,
        math.ceil(south * SCALE) / SCALE,
        math.floor(east * SCALE) / SCALE,
        math.floor(north * SCALE) / SCALE,
    )
