"""Division of a commune between its lycées: along rivers first, then by distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]

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
    """Split a polygon between points, the part of a point on its own bank where it can be.

    A bank with points is divided between its points; a bank without points is divided
    between all points.

    Parameters
    ----------
    shape
        A polygon, flat: a unit is as long in both directions.
    points
        float[n, (x, y)]
    rivers
        Lines in the same coordinates, or ``None``.

    Returns
    -------
    list
        The part of each point, in their order.
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
    return [_surface(each) for each in pieces]


def _banks(shape: BaseGeometry, rivers: BaseGeometry) -> Sequence[BaseGeometry]:
    """Return the parts into which rivers cut a polygon; the whole if no river crosses it."""
    if not rivers.intersects(shape):
        return [shape]
    lines = shapely.union_all([shapely.boundary(shape), rivers])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inside = shapely.contains(shape, shapely.point_on_surface(faces))
    return list(faces[inside])


def _surface(pieces: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the union of the areas among pieces."""
    parts = shapely.get_parts(shapely.union_all(pieces))
    return shapely.union_all(parts[shapely.area(parts) > 0])
