"""Courses of rivers, followed from town to town through pieces of OpenStreetMap's water.

The source cuts water along a grid and keeps a crude polygon, or nothing, in each square. Only where
a piece touches the grid is its border exact: a river is the shortest way from piece to piece,
smoothed. In towns where a table has the line of a river, the course is that line, as the borders of
communes and of cells follow it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import shapely
from _common import TABLES
from ground_shapes import KM_PER_DEGREE, SCALE
from numpy.typing import NDArray
from scipy.interpolate import splev, splprep
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree
from shapely.ops import substring

from geozones.territory.borders import curve

#: the longest gap between two pieces of a river, in km
_GAP_KM = 14.0
#: a gap counts as its length to this power: many short ones rather than a long one
_POWER = 1.8
#: a course is moved by about this, in km, to lose the steps of the grid
_SMOOTH_KM = 0.28
_STEP_KM = 0.7
_ON_GRID = 2e-5
#: a course that is found stops so far from one that is known, in km; so short, it is left out
_JOIN_KM, _LEAST_KM = 1.2, 4.0
#: a zone of the Région lies on both banks (Angers nord – Avrillé): cells do too
CROSSED = {"Maine"}
#: a river is taken into another where it comes this near to it, in km
_MEETS_KM = 0.9


class WaterPieces:
    """Pieces of water, and the connections between them."""

    def __init__(self, pieces: NDArray[np.object_]) -> None:
        """Connect each piece (WGS84 polygon) to the pieces within reach."""
        places: list[NDArray[np.float64]] = []
        owners: list[int] = []
        for owner, piece in enumerate(pieces):
            found = _places_of(piece)
            places += found
            owners += [owner] * len(found)
        self.km = np.array(places) * SCALE
        owner_of = np.array(owners)
        self._reach = np.sqrt(shapely.area(pieces) * SCALE.prod())[owner_of]
        self._tree = cKDTree(self.km)
        pairs = self._tree.query_pairs(_GAP_KM, output_type="ndarray")
        gaps = np.hypot(*(self.km[pairs[:, 0]] - self.km[pairs[:, 1]]).T)
        within = owner_of[pairs[:, 0]] == owner_of[pairs[:, 1]]
        costs = np.where(within, 0.05 * gaps + 1e-4, gaps**_POWER + 0.02)
        shape = (len(self.km), len(self.km))
        one_way = coo_matrix((costs, (pairs[:, 0], pairs[:, 1])), shape=shape).tocsr()
        self._ways: Any = one_way + one_way.T

    def course(self, towns: NDArray[np.float64]) -> shapely.LineString:
        """Return the river that passes by towns, float[n, (lon, lat)], from the first to the last.

        Raises
        ------
        ValueError
            If pieces are too far apart between two of them.
        """
        stops = [self._near(town * SCALE) for town in towns]
        places: list[int] = [stops[0]]
        for start, end in pairwise(stops):
            costs, before = dijkstra(self._ways, indices=start, return_predecessors=True)
            if not np.isfinite(costs[end]):
                message = f"no water leads on from {self.km[start] / SCALE}"
                raise ValueError(message)
            back = [end]
            while back[-1] != start:
                back.append(int(before[back[-1]]))
            places += back[-2::-1]
        return shapely.LineString(smoothed(self.km[places]) / SCALE)

    def _near(self, town: NDArray[np.float64]) -> int:
        """Return the place of a large piece near a town."""
        gaps, near = self._tree.query(town, k=12)
        return int(near[np.argmin(gaps - 2 * self._reach[near])])


def _places_of(piece: shapely.Polygon) -> list[NDArray[np.float64]]:
    """Return the middle of each side along the grid, and of the piece."""
    ring = shapely.get_coordinates(piece.exterior)
    sides = pairwise(ring)
    on_grid = [(a + b) / 2 for a, b in sides if (np.abs(a - b) < _ON_GRID).any()]
    return [*on_grid, shapely.get_coordinates(piece.centroid)[0]]


def smoothed(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth line near float[n, (x, y)], km: a spline through means of its points."""
    length = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))))
    kept = np.concatenate(([True], np.diff(length) > 1e-6))
    line, length = line[kept], length[kept]
    count = max(int(length[-1] / _STEP_KM), 8)
    even = np.linspace(0, length[-1], count)
    points = [np.interp(even, length, line[:, axis]) for axis in (0, 1)]
    curve, _ = splprep(points, u=even, s=count * _SMOOTH_KM**2)
    return np.column_stack(splev(even, curve))


def known_lines() -> dict[str, shapely.LineString]:
    """Return the lines of scripts/tables/rivers.csv by their name there, WGS84."""
    table = pd.read_csv(TABLES / "rivers.csv")
    return {
        str(name): shapely.LineString(rows[["lon", "lat"]].to_numpy())
        for name, rows in table.groupby("river", sort=False)
    }


def banks() -> dict[str, shapely.LineString]:
    """Return the lines of rivers that separate the lycées of a town, by name."""
    return {name: line for name, line in known_lines().items() if name not in CROSSED}


def with_known(course: shapely.LineString, known: list[shapely.LineString]) -> shapely.LineString:
    """Return a course (WGS84) with its known lines in place of the computed parts, smoothed."""
    own = shapely.LineString(shapely.get_coordinates(course) * SCALE)
    placed = []
    for line in known:
        points = shapely.get_coordinates(line) * SCALE
        start, end = own.project(shapely.points(points[[0, -1]])).tolist()
        placed.append((start, end, points) if start <= end else (end, start, points[::-1]))
    at, pieces = 0.0, []
    for start, end, points in sorted(placed, key=lambda each: each[0]):
        pieces += [_between(own, at, start - _JOIN_KM), points]
        at = end + _JOIN_KM
    pieces.append(_between(own, at, own.length))
    joined = np.concatenate(pieces)
    apart = np.concatenate(([True], np.hypot(*np.diff(joined, axis=0).T) > 1e-6))
    flat = shapely.LineString(joined[apart] / KM_PER_DEGREE)
    points = shapely.get_coordinates(curve(flat)) * KM_PER_DEGREE / SCALE
    return shapely.LineString(points)


def into(course: shapely.LineString, other: shapely.LineString) -> shapely.LineString:
    """Return a course cut where it comes near another, and ended on the other."""
    points = shapely.get_coordinates(course)
    flat = shapely.LineString(shapely.get_coordinates(other) * SCALE)
    near = flat.distance(shapely.points(points * SCALE)) < _MEETS_KM
    if not near.any():
        return course
    last = int(np.argmax(near))
    end = flat.interpolate(flat.project(shapely.Point(points[last] * SCALE)))
    return shapely.LineString([*points[: last + 1], shapely.get_coordinates(end)[0] / SCALE])


def _between(line: shapely.LineString, start: float, end: float) -> NDArray[np.float64]:
    """Return the points of a line from one distance to another, in km; none of a short one."""
    if end - start < _LEAST_KM:
        return np.empty((0, 2))
    return shapely.get_coordinates(substring(line, start, end))
