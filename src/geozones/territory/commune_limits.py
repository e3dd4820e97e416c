"""Limits of communes: check that a point may be in a commune."""

import math

import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

KM_PER_DEGREE = 111.195
#: precision of the limits, in km: a point this near is not outside
TOLERANCE_KM = 0.1


def km_outside(shape: BaseGeometry, lat: float, lon: float) -> float:
    """Return the distance of a point from a polygon, in km; 0 inside, or within the precision."""
    if shape.covers(Point(lon, lat)):
        return 0.0
    (x1, y1), (x2, y2) = shapely.shortest_line(shape, Point(lon, lat)).coords
    km = KM_PER_DEGREE * math.hypot((x2 - x1) * math.cos(math.radians(lat)), y2 - y1)
    return 0.0 if km <= TOLERANCE_KM else km
