"""Cells and départements simplified together for the screen, so that their borders coincide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely

from geozones.territory.cells import cell_units
from geozones.territory.units import Units, pieces_of, scaled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

KM_PER_DEGREE = 111.195
#: pieces below this, the cells of a town, keep the finer tolerance on all their borders
SMALL_KM2 = 100.0
#: for 119 cells under 150 kB of GeoJSON; see `for_screen`
FINE_KM, COARSE_KM = 0.2, 0.8
#: tried in turn if the usual tolerance makes pieces overlap
_FINER = (1.0, 0.5, 0.2, 0.05)


def screen_cells(
    lycees: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: NDArray[np.float64],
    rivers: BaseGeometry | None = None,
) -> dict[str, BaseGeometry]:
    """Return the simplified cell of each lycée for the screen, as in ``data/cells.parquet``.

    Parameters
    ----------
    lycees
        id -> (latitude, longitude), degrees.
    communes
        Polygons in WGS84 that form a valid coverage, with their ``departement``.
    minutes
        float[commune, lycee], driving minutes; NaN = unreachable.
    rivers
        Lines in WGS84 that separate the lycées of a town, or ``None``.

    Raises
    ------
    ValueError
        If a commune reaches no lycée, or the cells overlap at every tolerance.
    """
    ids = list(lycees)
    units, owner = cell_units(lycees, communes, minutes, ids, rivers)
    own = communes["departement"].to_numpy(str)[units.commune].tolist()
    for share in _FINER:
        try:
            cells, _ = for_screen(units, owner, ids, own, FINE_KM * share, COARSE_KM * share)
        except ValueError:
            if share == _FINER[-1]:
                raise
            continue
        return dict(zip(cells["id"], cells.geometry, strict=True))
    message = "no tolerance was tried"
    raise ValueError(message)


def for_screen(  # noqa: PLR0913, PLR0917, called once
    units: Units,
    owner: NDArray[np.int64],
    ids: Sequence[str],
    departements: Sequence[str],
    fine_km: float,
    coarse_km: float,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Simplify the pieces (cell × département) as one coverage and join them again.

    Parameters
    ----------
    units, owner
        Result of `geozones.territory.cells.cell_units`.
    ids
        The lycées, in the order that ``owner`` numbers.
    departements
        Code of the département of each unit.
    fine_km, coarse_km
        A vertex is removed if the triangle with its neighbours is smaller than the square
        of this: fine for the coast, the outer border and the towns, coarse for the borders
        between larger cells.

    Returns
    -------
    cells, departements
        Two GeoDataFrames with columns id and geometry, coordinates at 5 decimals.

    Raises
    ------
    ValueError
        If the rounded pieces are no longer a valid coverage.
    """
    keys, whole, shrink = pieces_of(units, owner, departements)
    simple = scaled(_two_levels(whole, fine_km, coarse_km), 1 / shrink)
    pieces = np.asarray(shapely.transform(simple, lambda xy: np.round(xy, 5)), object)
    if not (shapely.is_valid(pieces).all() and shapely.coverage_is_valid(pieces)):
        message = "the simplified cells overlap: use a smaller tolerance"
        raise ValueError(message)
    by_cell = {key: [i for i, (o, _) in enumerate(keys) if ids[o] == key] for key in ids}
    codes = sorted(set(departements))
    by_code = {code: [i for i, (_, d) in enumerate(keys) if d == code] for code in codes}
    return _joined(pieces, by_cell), _joined(pieces, by_code)


def _two_levels(
    whole: NDArray[np.object_], fine_km: float, coarse_km: float
) -> NDArray[np.object_]:
    """Simplify a coverage finely, then more the borders that two large pieces share."""
    simple = np.asarray(shapely.coverage_simplify(whole, fine_km / KM_PER_DEGREE), object)
    large = shapely.area(whole) * KM_PER_DEGREE**2 >= SMALL_KM2
    simple[large] = shapely.coverage_simplify(
        simple[large], coarse_km / KM_PER_DEGREE, simplify_boundary=False
    )
    return simple


def _joined(pieces: NDArray[np.object_], groups: dict[str, list[int]]) -> gpd.GeoDataFrame:
    shapes = [shapely.normalize(shapely.coverage_union_all(pieces[i])) for i in groups.values()]
    return gpd.GeoDataFrame({"id": list(groups)}, geometry=shapes, crs="EPSG:4326")
