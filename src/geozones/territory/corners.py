"""Rounded corners of zones inside a commune, where borders are shared out and not surveyed.

Land inside a commune goes to the nearest lycée, so its borders are straight and bend where three
lands meet. Where only two zones meet, that bend is a corner of both: each is cut by the same
curve, which neither leaves a gap nor takes a lycée to the other side.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geozones.territory.commune_limits import KM_PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    type Point = tuple[float, float]

#: a corner this near to the limit of its commune is on it, in degrees (30 m)
_OFF_LIMIT = 0.03 / KM_PER_DEGREE
#: a curve begins at most this far from its corner: in degrees (0.7 km), and in shares of the way
#: to the next point and of the distance of the nearest lycée, so that no lycée lies within
_LONGEST, _OF_SIDE, _OF_LYCEE = 0.7 / KM_PER_DEGREE, 0.5, 0.8
_POINTS = 9
#: a move changes two zones: the others are remembered, for all sessions
_REMEMBERED = 2048
_DIGITS = 5


@dataclass(frozen=True, eq=False)
class Corners:
    """Points inside communes where the lands of lycées bend, and how far a curve may begin.

    Parameters
    ----------
    reach
        Each point (longitude, latitude) -> degrees of latitude.
    shrink
        Length of a degree of longitude, in degrees of latitude.
    """

    reach: Mapping[Point, float]
    shrink: float


def corners_of(
    cells: Mapping[str, BaseGeometry],
    lycees: Mapping[str, tuple[float, float]],
    communes: Sequence[BaseGeometry],
) -> Corners:
    """Return the corners of some cells.

    Parameters
    ----------
    cells
        The land of each lycée (id), WGS84: a valid coverage.
    lycees
        id -> (latitude, longitude), degrees.
    communes
        Polygons in WGS84; those that hold two lycées are shared out.
    """
    seeds = shapely.points([(lon, lat) for lat, lon in lycees.values()])
    held = shapely.STRtree(seeds).query(np.asarray(communes, object), predicate="contains")[0]
    shared = [communes[row] for row, count in Counter(held.tolist()).items() if count > 1]
    shrink = float(np.cos(np.radians(np.mean([lat for lat, _ in lycees.values()]))))
    if not shared:
        return Corners({}, shrink)
    inside = shapely.union_all([shapely.buffer(town, -_OFF_LIMIT) for town in shared])
    shapely.prepare(inside)
    points = np.unique(shapely.get_coordinates(list(cells.values())), axis=0)
    points = points[shapely.contains_xy(inside, *points.T)]
    flat = points * (shrink, 1)
    places = np.array([(lon * shrink, lat) for lat, lon in lycees.values()])
    gaps = np.hypot(*(flat[:, None] - places[None]).transpose(2, 0, 1)).min(axis=1)
    reach = np.minimum(_LONGEST, _OF_LYCEE * gaps).tolist()
    return Corners(dict(zip(map(_key, points), reach, strict=True)), shrink)


def rounded(areas: Mapping[str, BaseGeometry], corners: Corners) -> dict[str, BaseGeometry]:
    """Return areas that cover a territory, with their corners rounded where two of them meet.

    They cover the same territory. An area without such a corner is the very same object; all are,
    if a curve would cross another border.
    """
    own = {name: _corners_in(area, corners) for name, area in areas.items()}
    met = Counter(key for keys in own.values() for key in keys)
    common = {key for key, count in met.items() if count == 2}
    result = {name: _with_curves(area, own[name] & common, corners) for name, area in areas.items()}
    if None in result.values():
        return dict(areas)
    return {name: area for name, area in result.items() if area is not None}


def _key(xy: Floats) -> Point:
    return (round(float(xy[0]), _DIGITS), round(float(xy[1]), _DIGITS))


@lru_cache(maxsize=_REMEMBERED)
def _corners_in(area: BaseGeometry, corners: Corners) -> frozenset[Point]:
    found = map(_key, shapely.get_coordinates(area))
    return frozenset(key for key in found if key in corners.reach)


@lru_cache(maxsize=_REMEMBERED)
def _with_curves(
    area: BaseGeometry, common: frozenset[Point], corners: Corners
) -> BaseGeometry | None:
    """Return an area with curves in place of corners; ``None`` where they cross a border.

    A curve lies between two areas: one that crossed a border of a third would cross their own.
    """
    if not common:
        return area
    polygons = [
        shapely.Polygon(
            _ring(part.exterior, common, corners),
            [_ring(hole, common, corners) for hole in part.interiors],
        )
        for part in shapely.get_parts(area)
    ]
    curved = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    return curved if shapely.is_valid(curved) else None


def _ring(ring: BaseGeometry, common: frozenset[Point], corners: Corners) -> Floats:
    """Return the points of a closed ring, with a curve in place of each common corner."""
    points = shapely.get_coordinates(ring)[:-1]
    count = len(points)
    pieces = []
    for at, point in enumerate(points):
        key = _key(point)
        if key in common:
            around = points[(at - 1) % count], points[(at + 1) % count]
            pieces.append(_curve(point, *around, corners.reach[key], corners.shrink))
        else:
            pieces.append(point[None])
    whole = np.concatenate(pieces)
    return np.concatenate([whole, whole[:1]])


def _curve(corner: Floats, before: Floats, after: Floats, reach: float, shrink: float) -> Floats:
    """Return a Bézier curve from one side of a corner to the other, the same both ways."""
    backwards = tuple(before) > tuple(after)
    first, last = (after, before) if backwards else (before, after)
    start, end = (_along(corner, side, reach, shrink) for side in (first, last))
    t = np.linspace(0, 1, _POINTS)[:, None]
    points = (1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end
    points = np.round(points, _DIGITS)
    return points[::-1] if backwards else points


def _along(corner: Floats, side: Floats, reach: float, shrink: float) -> Floats:
    """Return the point on a side of a corner where its curve begins."""
    way = side - corner
    length = float(np.hypot(way[0] * shrink, way[1]))
    return np.asarray(corner + way * min(_OF_SIDE, reach / length), np.float64)
