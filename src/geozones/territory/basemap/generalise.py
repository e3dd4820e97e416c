"""Generalisation of features, so that a level holds only what is visible at its zoom."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geozones.territory.basemap.feature_kinds import LEVELS, DetailLevel, FeatureKind, Shape

#: Largest displacement of lines and borders, which is invisible.
_TOLERANCE_PIXELS = 0.5
#: Areas and holes smaller than the square of this are removed.
_LEAST_PIXELS = 2


class Features(NamedTuple):
    """Features of one kind: ``name``, ``ref`` and ``population`` of each, and shapes (WGS84)."""

    names: pd.DataFrame
    shapes: NDArray[np.object_]

    def take(self, rows: NDArray[np.integer], shapes: NDArray[np.object_]) -> "Features":
        """Return some of the features with other shapes."""
        return Features(self.names.take(rows), shapes)


def generalised(features: Features, kind: FeatureKind, level: DetailLevel) -> Features:
    """Return features of one kind generalised for a level.

    Lines of the same name and number are joined end to end; the names of roads are kept at the
    finest level alone, which has room for them. Lines and borders move by at most half a pixel,
    areas and holes smaller than 2 × 2 pixels are removed, and coordinates invisibly rounded.
    """
    if kind.shape is Shape.LINE:
        if kind.layer == "roads" and level is not LEVELS[-1]:
            features = Features(features.names.assign(name=None), features.shapes)
        features = _joined(_parts(features))
    elif kind.shape is Shape.AREA:
        features = _large(_parts(features), (_LEAST_PIXELS * level.pixel) ** 2)
    simpler = shapely.simplify(features.shapes, _TOLERANCE_PIXELS * level.pixel)
    decimals = math.ceil(-math.log10(level.pixel / 4))
    return _parts(Features(features.names, shapely.set_precision(simpler, 10.0**-decimals)))


def _joined(lines: Features) -> Features:
    """Return lines joined end to end where they have the same name and number."""
    groups = lines.names.groupby(["name", "ref"], dropna=False, sort=False).ngroup().to_numpy()
    order = np.argsort(groups, kind="stable")
    firsts = order[np.unique(groups[order], return_index=True)[1]]
    together = shapely.multilinestrings(lines.shapes[order], indices=groups[order])
    parts, owners = shapely.get_parts(shapely.line_merge(together), return_index=True)
    return lines.take(firsts[owners], parts)


def _large(areas: Features, least: float) -> Features:
    """Return the polygons that are large enough, without their small holes (degrees²)."""
    kept = np.flatnonzero(shapely.area(areas.shapes) >= least)
    polygons = areas.shapes[kept]
    for i in np.flatnonzero(shapely.get_num_interior_rings(polygons)):
        holes = [ring for ring in polygons[i].interiors if shapely.Polygon(ring).area >= least]
        polygons[i] = shapely.Polygon(polygons[i].exterior, holes)
    return areas.take(kept, polygons)


def _parts(features: Features) -> Features:
    """Return each part of a multiple shape as a separate feature."""
    parts, owners = shapely.get_parts(features.shapes, return_index=True)
    there = ~shapely.is_empty(parts)
    return features.take(owners[there], parts[there])
