"""Rows of the file of the ground, and shapes of land and lakes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

KM_PER_DEGREE = 111.195
#: km of a degree of longitude and of latitude, at the latitude of the Loire
SCALE = np.array([KM_PER_DEGREE * np.cos(np.radians(47.3)), KM_PER_DEGREE])
#: west, south, east, north: drawn finely; farther, as far as the map can be moved, coarsely
NEAR = (-5.2, 45.4, 3.2, 49.8)
FAR = (-16.0, 40.0, 14.0, 56.0)
NEAR_KM, FAR_KM = 0.18, 4.0
#: islands smaller than this are not drawn
LEAST_KM2 = 0.6
#: land along the coast that no commune has, and not as wide as this, is left out
STRIP_KM = 1.2
#: pieces of a lake that are smaller than this are reeds and ponds around it
LAKE_PIECE_KM2 = 0.4


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the file; ``rank`` 0 is the most important of its layer."""

    layer: str
    name: str = ""
    rank: int = 0
    population: int = 0
    code: str = ""
    geometry: BaseGeometry | None = None


def simplified(geometry: BaseGeometry, km: float) -> BaseGeometry:
    """Return a shape without details smaller than some km, simplified alike in both directions."""
    flat = shapely.transform(geometry, lambda xy: xy * SCALE)
    simple: BaseGeometry = shapely.coverage_simplify([flat], km)[0]
    return shapely.transform(simple, lambda xy: xy / SCALE)


def grown(geometry: BaseGeometry, km: float) -> BaseGeometry:
    """Return a shape with a margin in km, or without where it is negative."""
    flat = shapely.transform(geometry, lambda xy: xy * SCALE)
    return shapely.transform(shapely.buffer(flat, km, quad_segs=4), lambda xy: xy / SCALE)


def area_km2(geometry: NDArray[np.object_] | BaseGeometry) -> NDArray[np.float64]:
    """Return areas in km²."""
    return np.asarray(shapely.area(geometry) * SCALE.prod())


def land(continents: NDArray[np.object_], region: BaseGeometry) -> BaseGeometry:
    """Return the land around and under the region, without the rim that zones leave uncovered.

    The coast of the region is that of its communes: strips of land along them are not drawn.
    """
    near, far = shapely.box(*NEAR), shapely.box(*FAR)
    touching = continents[shapely.intersects(continents, far)]
    coarse = simplified(cut(touching, FAR), FAR_KM)
    fine = simplified(cut(touching, NEAR), NEAR_KM)
    beyond = fine.difference(region)
    wide = grown(grown(beyond, -STRIP_KM / 2), STRIP_KM / 2 + 0.1).intersection(beyond)
    inland = grown(wide, 2.0).intersection(region)
    whole = shapely.union_all([coarse.difference(near), wide, inland, grown(region, -0.3)])
    parts = [part for part in shapely.get_parts(whole) if area_km2(part) > LEAST_KM2]
    without = [shapely.Polygon(part.exterior, holes_kept(part)) for part in parts]
    return shapely.multipolygons(without)


def cut(polygons: NDArray[np.object_], box: tuple[float, float, float, float]) -> BaseGeometry:
    """Return the parts of polygons inside a box, as one shape."""
    inside = shapely.make_valid(shapely.clip_by_rect(polygons, *box))
    return shapely.union_all(inside[shapely.area(inside) > 0])


def holes_kept(part: shapely.Polygon) -> list[shapely.LinearRing]:
    """Return the rings of the holes large enough to be seen."""
    return [ring for ring in part.interiors if area_km2(shapely.Polygon(ring)) > LEAST_KM2]


def lake(pieces: NDArray[np.object_], box: tuple[float, float, float, float]) -> BaseGeometry:
    """Return the lake in a box: its largest pieces, and what is between them, rounded off."""
    inside = pieces[shapely.contains(shapely.box(*box), pieces)]
    large = inside[area_km2(inside) > LAKE_PIECE_KM2]
    return rounded_off(shapely.convex_hull(shapely.union_all(large)))


def estuary(pieces: NDArray[np.object_], box: tuple[float, float, float, float]) -> BaseGeometry:
    """Return the water of an estuary in a box: its pieces joined, without small creeks."""
    inside = pieces[shapely.intersects(shapely.box(*box), pieces)]
    joined = grown(grown(shapely.union_all(inside), 0.4), -0.8)
    wide = shapely.get_parts(grown(joined, 0.4))
    largest = max(wide, key=area_km2)
    return rounded_off(shapely.Polygon(largest.exterior))


def rounded_off(polygon: BaseGeometry) -> BaseGeometry:
    """Return a polygon with its corners cut three times, by a quarter of each side (Chaikin)."""
    ring = shapely.get_coordinates(shapely.get_exterior_ring(polygon))[:-1]
    for _ in range(3):
        following = np.roll(ring, -1, axis=0)
        ring = np.stack((0.75 * ring + 0.25 * following, 0.25 * ring + 0.75 * following), 1)
        ring = ring.reshape(-1, 2)
    return simplified(shapely.Polygon(ring), 0.06)
