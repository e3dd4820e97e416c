"""Borders between the lands of lycées, as smooth lines, and rounded corners of zones.

Cells are simplified for the region on a screen; at close zooms these lines bound their land. The
border of a zone, a sector or a département is the set of lines with it on one side only, so
adjacent shapes share the same line.

Corners are rounded. Land inside a commune goes to the nearest lycée, so its borders are straight
and bend where three lands meet. Where only two zones meet, that bend is a corner of both: each is
cut by the same curve, which neither leaves a gap nor takes a lycée to the other side.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import shapely

from geozones.common.errors import MEND, DataFileError
from geozones.common.files import ordinary
from geozones.territory.commune_file import KM_PER_DEGREE
from geozones.territory.territory_files import UNREADABLE, read_shapes
from geozones.territory.units import Units, pieces_of, scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

    type Point = tuple[float, float]

_KM = 1 / 111.195
#: largest distance between points of a curve, and of the points from the curve
_STEP, _OFF = 0.08 * _KM, 0.01 * _KM
#: a longer piece runs halfway between two lycées, where no real border is
_STRAIGHT = 1.5 * _KM
_DIGITS = 5
_COLUMNS = ("lycee_left", "departement_left", "lycee_right", "departement_right")


@dataclass(frozen=True, slots=True)
class Side:
    """Side of a border: the land of a lycée (id) in a département (code)."""

    lycee: str
    departement: str


@dataclass(frozen=True, slots=True)
class Border:
    """Line (WGS84) with two sides; ``right`` is ``None`` at the edge of the region."""

    left: Side
    right: Side | None
    line: BaseGeometry


def borders_of(
    units: Units, owner: Ints, ids: Sequence[str], departements: Sequence[str]
) -> tuple[Border, ...]:
    """Return the borders between the lands of lycées (``ids``), smoothed.

    A line keeps its ends and all its points, with curves between them; one that would then cross
    another stays unchanged. ``units`` and ``owner`` are those of
    `geozones.territory.land.cell_units`, ``departements`` the code of the département of each
    unit.
    """
    keys, whole, shrink = pieces_of(units, owner, departements)
    pairs, curves = smooth_lines(whole)
    rounded = shapely.transform(scaled(curves, 1 / shrink), lambda xy: np.round(xy, _DIGITS))
    sides = [Side(ids[lycee], departement) for lycee, departement in keys]
    borders = tuple(
        Border(sides[a], None if b < 0 else sides[b], line)
        for (a, b), line in zip(pairs.tolist(), rounded, strict=True)
    )
    shapes = [shape_within(borders, lambda side, one=side: side == one) for side in sides]  # type: ignore[misc]
    if not (shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)):
        raise ValueError("the smooth borders overlap")
    return borders


def shape_within(borders: Iterable[Border], inside: Callable[[Side], bool]) -> BaseGeometry:
    """Return the land (WGS84) of the sides ``inside``, bounded by lines with one such side."""
    around = [
        border.line
        for border in borders
        if inside(border.left) != (border.right is not None and inside(border.right))
    ]
    area: BaseGeometry = shapely.build_area(shapely.geometrycollections(around))
    return area


def read_borders(path: Path, positions_sha256: str) -> tuple[Border, ...]:
    """Read the lines of a data folder; none without such a file, or for other positions.

    ``positions_sha256`` is the ``positions_hash`` of the lycées' positions.
    """
    if not path.exists():
        return ()
    try:
        meta = pq.read_schema(ordinary(path)).metadata or {}
        frame = read_shapes(path)
        ends = [frame[name].astype(str).tolist() for name in _COLUMNS]
        borders = tuple(
            Border(Side(lycee, code), Side(other, there) if other else None, line)
            for lycee, code, other, there, line in zip(*ends, frame["geometry"], strict=True)
        )
    except UNREADABLE as error:
        raise DataFileError(
            f"Le fichier {path.name} est illisible ou altéré : {MEND}, ou retirez-le."
        ) from error
    return borders if positions_sha256 in meta.get(b"geozones", b"").decode() else ()


def smooth_lines(whole: Shapes) -> tuple[Ints, Shapes]:
    """Return the smooth lines between pieces of a coverage, flat, each with its two pieces.

    Pieces are int[line, 2]; the second is -1 at the outer edge.
    """
    pairs, lines = _lines(whole)
    # lines as curves; where two would cross, straighten first their ends, then all
    result = np.array([curve(line, straight_over=_STRAIGHT) for line in lines], object)
    tries = np.zeros(len(lines), np.int64)
    while (clash := _clashing(result) & (tries < 2)).any():
        tries[clash] += 1
        for rank in np.flatnonzero(clash):
            line = lines[rank]
            again = curve(line, straight_over=_STRAIGHT, straight_ends=True)
            result[rank] = again if tries[rank] == 1 else line
    return pairs, result


def _lines(whole: Shapes) -> tuple[Ints, Shapes]:
    """Return the lines between pieces of a coverage, and int[line, 2], the pieces beside each.

    The second is -1 if there is none. A line runs from a point where three pieces meet to
    the next.
    """
    parts, piece = shapely.get_parts(whole, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[:-1] == ring[1:]
    places, at = np.unique(xy, axis=0, return_inverse=True)
    at = at.ravel()
    ends = np.sort(np.stack([at[:-1], at[1:]], 1)[follows], axis=1)
    beside = piece[part[ring[:-1][follows]]]
    segments, index = np.unique(ends, axis=0, return_inverse=True)
    index = index.ravel()
    first = np.full(len(segments), len(whole), np.int64)
    last = np.full(len(segments), -1, np.int64)
    np.minimum.at(first, index, beside)
    np.maximum.at(last, index, beside)
    last[first == last] = -1
    pairs, group = np.unique(np.stack([first, last], 1), axis=0, return_inverse=True)
    drawn = shapely.linestrings(places[segments])
    found, of = [], []
    for rank in range(len(pairs)):
        merged = shapely.line_merge(shapely.multilinestrings(drawn[group.ravel() == rank]))
        for line in shapely.get_parts(merged):
            found.append(line)
            of.append(pairs[rank])
    return np.array(of, np.int64), np.array(found, object)


def _clashing(lines: Shapes) -> NDArray[np.bool_]:
    """Return which lines cross themselves, or meet another except at ends of both."""
    clash = ~shapely.is_simple(lines)
    a, b = shapely.STRtree(lines).query(lines, predicate="intersects")
    a, b = a[a < b], b[a < b]
    meets = shapely.intersection(lines[a], lines[b])
    ends = shapely.boundary(lines)
    both = shapely.intersection(ends[a], ends[b])
    crossed = ~shapely.is_empty(shapely.difference(meets, both))
    clash[a[crossed]] = True
    clash[b[crossed]] = True
    return np.asarray(clash, bool)


def curve(
    line: BaseGeometry, *, straight_over: float = np.inf, straight_ends: bool = False
) -> BaseGeometry:
    """Return a centripetal Catmull-Rom curve through the points of a line, flat degrees.

    Pieces longer than ``straight_over`` stay straight, and both ends too if asked.
    """
    points = shapely.get_coordinates(line)
    if len(points) < 3:
        return line
    closed = bool((points[0] == points[-1]).all())
    before = points[-2] if closed else 2 * points[0] - points[1]
    after = points[1] if closed else 2 * points[-1] - points[-2]
    around = np.vstack([before, points, after])
    straight = np.hypot(*np.diff(points, axis=0).T) > straight_over
    curves = [
        points[i : i + 1] if straight[i] else _span(around[i : i + 4])
        for i in range(len(points) - 1)
    ]
    if straight_ends:
        curves[0], curves[-1] = points[:1], points[-2:-1]
    return shapely.LineString(np.vstack([*curves, points[-1:]])).simplify(_OFF)


def _span(p: Floats) -> Floats:
    """Return the points of a curve from the second of four points to before the third."""
    knots = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(p, axis=0).T) ** 0.5)])
    count = max(1, int(np.ceil(np.hypot(*(p[2] - p[1])) / _STEP)))
    t = np.linspace(knots[1], knots[2], count, endpoint=False)[:, None]

    def between(i: int, j: int, a: Floats, b: Floats) -> Floats:
        share: Floats = (t - knots[i]) / (knots[j] - knots[i])
        return (1 - share) * a + share * b

    one, two, three = (between(i, i + 1, p[i], p[i + 1]) for i in range(3))
    return between(1, 2, between(0, 2, one, two), between(1, 3, two, three))


#: a corner this near to the limit of its commune is on it, in degrees (30 m)
_OFF_LIMIT = 0.03 / KM_PER_DEGREE
#: a curve begins at most this far from its corner: in degrees (0.7 km), and in shares of the way
#: to the next point and of the distance of the nearest lycée, so that no lycée lies within
_LONGEST, _OF_SIDE, _OF_LYCEE = 0.7 / KM_PER_DEGREE, 0.5, 0.8
_POINTS = 9
#: a move changes two zones: the others are remembered, for all sessions
_REMEMBERED = 2048
_CORNER_DIGITS = 5


@dataclass(frozen=True, eq=False)
class Corners:
    """Points inside communes where the lands of lycées bend, and how far a curve may begin."""

    reach: Mapping[Point, float]  # Each point (longitude, latitude) -> degrees of latitude.
    shrink: float  # Length of a degree of longitude, in degrees of latitude.


def corners_of(
    cells: Mapping[str, BaseGeometry],
    lycees: Mapping[str, tuple[float, float]],
    communes: Sequence[BaseGeometry],
) -> Corners:
    """Return the corners of some cells: a valid coverage (WGS84), by lycée (id).

    ``lycees`` are latitude and longitude by id; communes that hold two lycées are shared out.
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
    return (round(float(xy[0]), _CORNER_DIGITS), round(float(xy[1]), _CORNER_DIGITS))


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
    points = np.round(points, _CORNER_DIGITS)
    return points[::-1] if backwards else points


def _along(corner: Floats, side: Floats, reach: float, shrink: float) -> Floats:
    """Return the point on a side of a corner where its curve begins."""
    way = side - corner
    length = float(np.hypot(way[0] * shrink, way[1]))
    return np.asarray(corner + way * min(_OF_SIDE, reach / length), np.float64)
