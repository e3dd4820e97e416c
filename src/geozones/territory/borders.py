"""Borders between the lands of lycées, as smooth lines, each drawn once for both sides.

Cells are simplified for the region on a screen; at close zooms these lines bound their land. The
border of a zone, a sector or a département is the set of lines with it on one side only, so
adjacent shapes share the same line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary
from geozones.domain.terms import worded
from geozones.territory.units import Units, pieces_of, scaled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

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
    """Return the borders between the lands of lycées, smoothed.

    A line keeps its ends and all its points, with curves between them. A line that
    would then cross another stays unchanged.

    Parameters
    ----------
    units, owner
        Result of `geozones.territory.cells.cell_units`.
    ids
        The lycées, in the order that ``owner`` numbers.
    departements
        Code of the département of each unit.

    Raises
    ------
    ValueError
        If the lines do not bound the same land as the units.
    """
    keys, whole, shrink = pieces_of(units, owner, departements)
    pairs, curves = smooth_lines(whole)
    rounded = shapely.transform(scaled(curves, 1 / shrink), lambda xy: np.round(xy, _DIGITS))
    sides = [Side(ids[lycee], departement) for lycee, departement in keys]
    borders = tuple(
        Border(sides[a], None if b < 0 else sides[b], line)
        for (a, b), line in zip(pairs.tolist(), rounded, strict=True)
    )
    _check(borders, sides)
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
    """Read the lines of a data folder; none without such a file.

    ``positions_sha256`` is the ``positions_hash`` of the lycées' positions.

    Raises
    ------
    DataFileError
        If the file is altered, or was made for other positions of lycées.
    """
    if not path.exists():
        return ()
    advice = "reconstruisez-le (« make data », voir docs/data.md), ou retirez-le"
    try:
        meta = pq.read_schema(ordinary(path)).metadata or {}
        frame = gpd.read_parquet(path)
        ends = [frame[name].astype(str).tolist() for name in _COLUMNS]
        borders = tuple(
            Border(Side(lycee, code), Side(other, there) if other else None, line)
            for lycee, code, other, there, line in zip(*ends, frame.geometry, strict=True)
        )
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {advice}."
        raise DataFileError(msg) from error
    if positions_sha256 not in meta.get(b"geozones", b"").decode():
        msg = f"{worded('{A_site}')} a changé de place depuis le calcul de {path.name} : {advice}."
        raise DataFileError(msg)
    return borders


def smooth_lines(whole: Shapes) -> tuple[Ints, Shapes]:
    """Return the smooth lines between pieces of a coverage, flat, each with its two pieces.

    Pieces are int[line, 2]; the second is -1 at the outer edge.
    """
    pairs, lines = _lines(whole)
    return pairs, _curved(lines)


def _check(borders: tuple[Border, ...], sides: Sequence[Side]) -> None:
    shapes = [shape_within(borders, lambda side, one=side: side == one) for side in sides]  # type: ignore[misc]
    if not (shapely.is_valid(shapes).all() and shapely.coverage_is_valid(shapes)):
        message = "the smooth borders overlap"
        raise ValueError(message)


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


def _curved(lines: Shapes) -> Shapes:
    """Return lines as curves; where two would cross, straighten first their ends, then all."""
    result = np.array([curve(line, straight_over=_STRAIGHT) for line in lines], object)
    tries = np.zeros(len(lines), np.int64)
    while (clash := _clashing(result) & (tries < 2)).any():
        tries[clash] += 1
        for rank in np.flatnonzero(clash):
            line = lines[rank]
            again = curve(line, straight_over=_STRAIGHT, straight_ends=True)
            result[rank] = again if tries[rank] == 1 else line
    return result


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
