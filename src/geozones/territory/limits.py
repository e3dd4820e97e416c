"""Where a commune ends: whether a point can be the place of something that is in it."""

import math
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.domain import DataFileError

KM_PER_DEGREE = 111.195
#: the limits are drawn to about this, in km: a point this near is not outside
TOLERANCE_KM = 0.1


def read_limits(path: Path) -> Mapping[str, BaseGeometry]:
    """Read the polygon of each commune (WGS84), as precise as the file has it, by INSEE code.

    Raises
    ------
    DataFileError
        If the file is missing or altered.
    """
    try:
        frame = gpd.read_parquet(path, columns=["code", "geometry"])
        return dict(zip(frame["code"].astype(str), frame.geometry, strict=True))
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        msg = (
            f"Le fichier {path.name} manque ou est altéré : reconstruisez-le (« make data », voir "
            "docs/data.md)."
        )
        raise DataFileError(msg) from error


def km_outside(shape: BaseGeometry, lat: float, lon: float) -> float:
    """Return how far a point is from a polygon, in km; 0 inside, or as near as makes no matter."""
    if shape.covers(Point(lon, lat)):
        return 0.0
    (x1, y1), (x2, y2) = shapely.shortest_line(shape, Point(lon, lat)).coords
    km = KM_PER_DEGREE * math.hypot((x2 - x1) * math.cos(math.radians(lat)), y2 - y1)
    return 0.0 if km <= TOLERANCE_KM else km
