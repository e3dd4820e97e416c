"""Units of land, the smallest pieces that belong to one lycée, divided along rivers first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geozones.domain.terms import terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]

    import geopandas as gpd

    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

#: a bank below this, in square degrees of latitude (0.3 km²), is ignored: an islet, a bend
_LEAST = 0.3 / 111.195**2


def voronoi_parts(shape: BaseGeometry, points: Floats) -> list[BaseGeometry]:
    """Split a polygon between points, float[n, (x, y)]: each part is nearest to its point."""
    sites = shapely.multipoints(points)
    tiles = shapely.get_parts(
        shapely.voronoi_polygons(sites, extend_to=shapely.envelope(shape), ordered=True)
    )
    return [shapely.intersection(tile, shape) for tile in tiles]


def parts_by_bank(
    shape: BaseGeometry, points: Floats, rivers: BaseGeometry | None
) -> list[BaseGeometry]:
    """Split a polygon between points, float[n, (x, y)], each part on its point's bank if it can be.

    A bank with points is divided between its points; a bank without points, between all points. The
    polygon and the lines of ``rivers`` are flat: a unit is as long in both directions.
    """
    whole = voronoi_parts(shape, points)
    banks = [] if rivers is None else _banks(shape, rivers)
    large = [bank for bank in banks if bank.area >= _LEAST]
    if len(large) < 2:
        return whole
    at = shapely.STRtree(large).nearest(shapely.points(points))
    pieces: list[list[BaseGeometry]] = [[] for _ in points]
    for rank, bank in enumerate(large):
        own = np.flatnonzero(at == rank).tolist()
        if len(own) == 1:
            pieces[own[0]].append(bank)
            continue
        shares = voronoi_parts(bank, points[own]) if own else [w & bank for w in whole]
        for point, share in zip(own or range(len(points)), shares, strict=True):
            pieces[point].append(share)
    small = shapely.union_all([bank for bank in banks if bank.area < _LEAST])
    for point, part in enumerate(whole):
        pieces[point].append(part & small)
    parts = [shapely.get_parts(shapely.union_all(each)) for each in pieces]
    return [shapely.union_all(each[shapely.area(each) > 0]) for each in parts]


def _banks(shape: BaseGeometry, rivers: BaseGeometry) -> Sequence[BaseGeometry]:
    """Return the parts into which rivers cut a polygon; the whole if no river crosses it."""
    if not rivers.intersects(shape):
        return [shape]
    lines = shapely.union_all([shapely.boundary(shape), rivers])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.contains(shape, shapely.point_on_surface(faces))
    return list(faces[inside])


#: lycées at the same position are pushed apart by this much before the split, about 10 m
NUDGE_DEG = 1e-4


@dataclass(frozen=True)
class Units:
    """Pieces of land that partition the territory."""

    shape: Shapes  # Polygon[unit], WGS84; together a valid coverage.
    commune: Ints  # int[unit], row of the commune of the unit.
    owner: Ints  # int[unit], the lycée (column) that owns the unit before cleaning.
    seed: Ints  # int[lycee], the unit that holds the lycée.


def scaled(shapes: Shapes, factor: float) -> Shapes:
    """Multiply longitudes, so that a degree has the same length in both directions (or back)."""
    factors = np.array([factor, 1.0])
    return np.asarray(shapely.transform(shapes, lambda xy: xy * factors), object)


def shrink_of(shapes: Shapes) -> float:
    """Return the cosine of the mean latitude of the shapes' bounding box."""
    bounds = shapely.total_bounds(shapes)
    return float(np.cos(np.radians((bounds[1] + bounds[3]) / 2)))


def split_into_units(
    lycees: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: Floats,
    ids: Sequence[str],
    rivers: shapely.Geometry | None = None,
) -> Units:
    """Assign each commune to a lycée, splitting communes that hold several.

    A commune that holds lycées is split between them, bank by bank, by Voronoi; any other goes
    whole to the lycée nearest by road (the first id of ``ids`` on a tie). Arguments are those of
    `geozones.territory.land.cell_units`.
    """
    if minutes.shape != (len(communes), len(ids)):
        raise ValueError(f"minutes must be {(len(communes), len(ids))}, got {minutes.shape}")
    outer = communes.geometry.to_numpy()
    shrink = shrink_of(outer)
    flat = scaled(outer, shrink)
    points = np.array([[lycees[key][1] * shrink, lycees[key][0]] for key in ids])
    banks = None if rivers is None else scaled(np.array([rivers], object), shrink)[0]
    tree = shapely.STRtree(flat)
    host = np.asarray(tree.nearest(shapely.points(points)), np.int64)
    points = _pushed_apart(flat, host, points)
    pieces: list[object] = []
    commune: list[int] = []
    owner: list[int] = []
    for row, shape in enumerate(flat):
        held = np.flatnonzero(host == row)
        if len(held) > 1:
            parts = parts_by_bank(shape, points[held], banks)
        else:
            parts = [shape]
            held = held if len(held) else np.array([_nearest(minutes[row], communes, row)])
        for lycee, part in zip(held, parts, strict=True):
            for polygon in shapely.get_parts(part):
                pieces.append(polygon)
                commune.append(row)
                owner.append(int(lycee))
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        np.array(pieces, object)
    )
    owners = np.array(owner)
    seed = np.array([_seed(clean, owners, lycee, points[lycee]) for lycee in range(len(ids))])
    return Units(scaled(clean, 1 / shrink), np.array(commune), owners, seed)


def _nearest(row: Floats, communes: gpd.GeoDataFrame, position: int) -> int:
    if np.isnan(row).all():
        raise ValueError(
            f"no {terms().site} can be reached from commune number {position} of {len(communes)}"
        )
    return int(np.nanargmin(row))


def _pushed_apart(flat: Shapes, host: Ints, points: Floats) -> Floats:
    """Push the lycées that share a point apart, along the longer axis of their shared land.

    The move is symmetrical, so that the border between two of them passes through the point.
    """
    moved = points.copy()
    for row in np.unique(host):
        held = np.flatnonzero(host == row)
        places, group = np.unique(points[held], axis=0, return_inverse=True)
        if len(places) == len(held):
            continue
        parts = voronoi_parts(flat[row], places) if len(places) > 1 else [flat[row]]
        for place, part in enumerate(parts):
            together = held[group.ravel() == place]
            steps = np.arange(len(together)) - (len(together) - 1) / 2
            corners = shapely.get_coordinates(shapely.oriented_envelope(part))[:3]
            sides = np.diff(corners, axis=0)
            lengths = np.hypot(sides[:, 0], sides[:, 1])
            axis = np.asarray(sides[np.argmax(lengths)] / lengths.max(), np.float64)
            moved[together] += (
                steps[:, None] * NUDGE_DEG * (axis if tuple(axis) > (0.0, 0.0) else -axis)
            )
    return moved


def _seed(shapes: Shapes, owners: Ints, lycee: int, point: Floats) -> int:
    own = np.flatnonzero(owners == lycee)
    gaps = shapely.distance(shapes[own], shapely.Point(point))
    return int(own[np.argmin(gaps)])


def pieces_of(
    units: Units, owner: Ints, departements: Sequence[str]
) -> tuple[list[tuple[int, str]], Shapes, float]:
    """Join units by lycée (``owner``, ``int[unit]``) and by the code of their département.

    Return the lycée and the département of each piece, sorted; Polygon[piece], whose longitudes are
    multiplied by a factor so that both axes have one scale; and this factor.
    """
    keys = sorted(set(zip(owner.tolist(), departements, strict=True)))
    which = {key: i for i, key in enumerate(keys)}
    piece = np.array([which[key] for key in zip(owner.tolist(), departements, strict=True)])
    shrink = shrink_of(units.shape)
    flat = scaled(units.shape, shrink)
    whole = np.array([shapely.coverage_union_all(flat[piece == i]) for i in range(len(keys))])
    return keys, whole, shrink
