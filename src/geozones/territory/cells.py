"""Cells: the land of each lycée on the map, simplified with the départements for the screen.

Cells depend only on the lycées, the communes and the driving times, never on the plan. They
partition the territory; each is one polygon, except for islands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import scipy
import shapely

from geozones.territory.commune_file import KM_PER_DEGREE
from geozones.territory.units import Units, pieces_of, scaled, split_into_units

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    from shapely.geometry.base import BaseGeometry

#: see `smoothed`
STICKS_OUT = 1.5
DETOUR_MIN = 4.0


def build_cells(
    lycees: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: Floats,
    ids: Sequence[str],
    rivers: shapely.Geometry | None = None,
) -> gpd.GeoDataFrame:
    """Return the cell of each lycée: columns id and geometry, a valid coverage of the communes.

    ``lycees`` are latitude and longitude by id; ``communes`` a valid coverage in WGS84; ``minutes``
    float[commune, lycee], NaN where unreachable, in the order of ``ids``; ``rivers`` lines in WGS84
    that separate the lycées of a town.
    """
    units, owner = cell_units(lycees, communes, minutes, ids, rivers)
    shapes = [shapely.coverage_union_all(units.shape[owner == i]) for i in range(len(ids))]
    return gpd.GeoDataFrame({"id": list(ids)}, geometry=shapes, crs=communes.crs)


def cell_units(
    lycees: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: Floats,
    ids: Sequence[str],
    rivers: shapely.Geometry | None = None,
) -> tuple[Units, Ints]:
    """Return the units of land and, int[unit], the lycée that owns each after cleaning."""
    units = split_into_units(lycees, communes, minutes, ids, rivers)
    borders = shared_borders(units)
    owner = without_exclaves(borders, units.owner, units.seed)
    owner = smoothed(borders, owner, units, minutes)
    return units, without_exclaves(borders, owner, units.seed)


def shared_borders(units: Units) -> scipy.sparse.csr_matrix:
    """Return the lengths of the borders between units: symmetric float[unit, unit], 0 for none."""
    tree = shapely.STRtree(units.shape)
    a, b = tree.query(units.shape, predicate="intersects")
    a, b = a[a < b], b[a < b]
    length = shapely.length(shapely.intersection(units.shape[a], units.shape[b]))
    a, b, length = a[length > 0], b[length > 0], length[length > 0]
    count = len(units.shape)
    rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
    return scipy.sparse.csr_matrix(
        (np.concatenate([length, length]), (rows, columns)), shape=(count, count)
    )


def without_exclaves(borders: scipy.sparse.csr_matrix, owner: Ints, seed: Ints) -> Ints:
    """Assign every exclave to the neighbouring cell with the longest border.

    A cell's main part holds its lycée (``seed``). A separate part that touches no other cell is an
    island and stays; any other is an exclave. Exclaves that touch the main part of some cell go
    first, so each step leaves fewer units cut off.
    """
    owner = owner.copy()
    while True:
        part = _parts(borders, owner)
        anchored = np.isin(part, part[seed])
        best: tuple[float, int, int] | None = None
        for exclave in np.unique(part[~anchored]):
            inside = part == exclave
            reach = np.asarray(borders[inside].sum(axis=0)).ravel()
            reach[inside] = 0.0
            gains = np.bincount(owner, np.where(anchored, reach, 0.0), minlength=len(seed))
            if gains.max() > 0:
                offer = (float(gains.max()), int(exclave), int(gains.argmax()))
                best = max(best, offer) if best else offer
        if best is None:
            return owner
        owner[part == best[1]] = best[2]


def smoothed(borders: scipy.sparse.csr_matrix, owner: Ints, units: Units, minutes: Floats) -> Ints:
    """Assign communes that protrude into another cell to it, if that costs a few minutes at most.

    A commune moves if its border with the other cell is `STICKS_OUT` times the border with its own
    and the drive is at most
    `DETOUR_MIN` longer than to the nearest lycée. Communes that hold a lycée stay. Every move
    shortens the borders on the map, so this ends.
    """
    owner = owner.copy()
    fixed = np.isin(units.commune, units.commune[units.seed])
    moved = True
    while moved:
        moved = False
        for unit in np.flatnonzero(~fixed):
            row = borders[[unit]]
            length = np.bincount(owner[row.indices], row.data, minlength=minutes.shape[1])
            own, time = owner[unit], minutes[units.commune[unit]]
            allowed = time <= max(time[own], np.nanmin(time) + DETOUR_MIN)
            other = int(np.argmax(np.where(allowed, length, 0.0)))
            if other != own and length[other] > STICKS_OUT * length[own] and length[other] > 0:
                owner[unit] = other
                moved = True
    return owner


def _parts(borders: scipy.sparse.csr_matrix, owner: Ints) -> Ints:
    """Return int[unit], the number of the unit's connected part of a cell."""
    pairs = borders.tocoo()
    same = owner[pairs.row] == owner[pairs.col]
    graph = scipy.sparse.csr_matrix(
        (np.ones(int(same.sum())), (pairs.row[same], pairs.col[same])), shape=borders.shape
    )
    return np.asarray(scipy.sparse.csgraph.connected_components(graph, directed=False)[1], np.int64)


#: pieces below this, the cells of a town, keep the finer tolerance on all their borders
SMALL_KM2 = 100.0
#: for 119 cells under 150 kB of GeoJSON; see `for_screen`
FINE_KM, COARSE_KM = 0.2, 0.8
#: tried in turn if the usual tolerance makes pieces overlap
_FINER = (1.0, 0.5, 0.2, 0.05)


def screen_land(
    lycees: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: NDArray[np.float64],
    rivers: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Return the simplified cells and départements for the screen, as `for_screen` does.

    The cells are those of ``data/cells.parquet``; arguments are those of `build_cells`, and
    communes have their ``departement``.
    """
    ids = list(lycees)
    units, owner = cell_units(lycees, communes, minutes, ids, rivers)
    own = communes["departement"].to_numpy(str)[units.commune].tolist()
    for share in _FINER:
        try:
            return for_screen(units, owner, ids, own, FINE_KM * share, COARSE_KM * share)
        except ValueError:
            if share == _FINER[-1]:
                raise
    raise ValueError("no tolerance was tried")


def for_screen(
    units: Units,
    owner: NDArray[np.int64],
    ids: Sequence[str],
    departements: Sequence[str],
    fine_km: float,
    coarse_km: float,
) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Simplify the pieces (cell × département) as one coverage; return cells and départements.

    A vertex is removed if the triangle with its neighbours is smaller than the square of a
    tolerance: fine for the coast, the outer border and the towns, coarse for the borders between
    larger cells.
    """
    keys, whole, shrink = pieces_of(units, owner, departements)
    simple = scaled(_two_levels(whole, fine_km, coarse_km), 1 / shrink)
    pieces = np.asarray(shapely.transform(simple, lambda xy: np.round(xy, 5)), object)
    if not (shapely.is_valid(pieces).all() and shapely.coverage_is_valid(pieces)):
        raise ValueError("the simplified cells overlap: use a smaller tolerance")
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
