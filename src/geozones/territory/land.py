"""Land of a list of sites: cells from communes, else Voronoi cells within a hull of the points.

Cells are simplified with the départements for the screen. They depend only on the lycées, the
communes and the driving times, never on the plan; they partition the territory, and each is one
polygon, except for islands.

Where communes are unknown, cells end at a hull. The hull follows the sites: it joins those that are
near one another, at the scale of their surroundings, and leaves a margin around the last ones.
Sites far from all others are islands.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import scipy
import shapely
from pyproj import Proj

from geozones.domain.terms import terms
from geozones.territory.commune_file import KM_PER_DEGREE
from geozones.territory.shapes import on_sphere
from geozones.territory.units import Units, pieces_of, scaled, split_into_units, voronoi_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Shapes = NDArray[np.object_]

#: see `smoothed`
STICKS_OUT = 1.5
DETOUR_MIN = 4.0


def cell_units(
    lycees: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: Floats,
    ids: Sequence[str],
    rivers: shapely.Geometry | None = None,
) -> tuple[Units, Ints]:
    """Return the units of land and, int[unit], the lycée that owns each after cleaning.

    ``lycees`` are latitude and longitude by id; ``communes`` a valid coverage in WGS84; ``minutes``
    float[commune, lycee], NaN where unreachable, in the order of ``ids``; ``rivers`` lines in WGS84
    that separate the lycées of a town. The cells are a valid coverage of the communes.
    """
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

    The cells are those of ``data/cells.parquet``; arguments are those of `cell_units`, and
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


#: two sites farther apart than this, with none between them, are on two islands
APART_KM = 80.0
#: least and greatest margin around a site, and that of a site alone, in km
MARGINS_KM = (1.5, 12.0)
ALONE_KM = 5.0
#: a line between two sites is inside if it is at most this many times their usual spacing
_STRETCH = 2.0
#: a hole smaller than this among the sites is land, in km²
_HOLE_KM2 = 5000.0
#: sites whose coordinates agree to this many decimals (1 m) are at one place
_PLACE_DIGITS = 5
_SIMPLER_KM = 0.1
_DIGITS = (5, 6, 7, 9)
_GLOBE = shapely.box(-180, -90, 180, 90)


def cells_from_points(points: Floats) -> Shapes:
    """Return the cell of each site from positions alone, float[site, (longitude, latitude)].

    A valid coverage in WGS84; each cell is one polygon that covers its site (to a metre). Sites at
    one place share its land in equal angles around it, the first to the north, then clockwise.
    """
    places, place = np.unique(np.round(points, _PLACE_DIGITS), axis=0, return_inverse=True)
    place = place.ravel()
    # int[place], the number of its island, in the order of the first place of each
    if len(places) == 1:
        island = np.zeros(1, np.int64)
    else:
        flat = np.column_stack(_projection(places)(*places.T))
        edges = _edges(flat)
        units = on_sphere(places)
        chords = np.linalg.norm(units[edges[:, 0]] - units[edges[:, 1]], axis=1)
        near = np.degrees(2 * np.arcsin(np.minimum(chords / 2, 1))) * KM_PER_DEGREE <= APART_KM
        # no cell may cross the 180th meridian, where longitudes jump
        near &= np.abs(places[edges[:, 0], 0] - places[edges[:, 1], 0]) < 180
        island = _components(edges[near], len(places))
    cells = np.empty(len(points), object)
    for number in range(int(island.max()) + 1):
        rows = np.flatnonzero(island[place] == number)
        here, own = np.unique(place[rows], return_inverse=True)
        cells[rows] = _cells_of_island(places[here], own.ravel())
    return cells


def _cells_of_island(places: Floats, own: Ints) -> Shapes:
    """Return the cells of an island's sites; ``own`` is the place of each."""
    proj = _projection(places)
    flat = np.column_stack(proj(*places.T))
    hull = _hull(flat)
    tiles = voronoi_parts(hull, flat) if len(flat) > 1 else [hull]
    pieces: list[BaseGeometry] = []
    owner: list[int] = []
    for site, where in enumerate(own.tolist()):
        together = np.flatnonzero(own == where)
        rank = int(np.searchsorted(together, site))
        # the share of a place's land for one of its sites: an angle around the place
        tile = tiles[where]
        centre = flat[where]
        count = len(together)
        if count == 1:
            land = tile
        else:
            radius = 3 * float(shapely.hausdorff_distance(tile, shapely.Point(centre))) + 1.0
            steps = max(2, -(-4 // count) + 1)
            angles = 2 * np.pi * (rank + np.linspace(0, 1, steps)) / count
            fan = centre + radius * np.column_stack([np.sin(angles), np.cos(angles)])
            land = shapely.intersection(tile, shapely.Polygon(np.vstack([centre, fan])))
        parts = [part for part in shapely.get_parts(land) if part.area > 0]
        pieces += parts
        owner += [site] * len(parts)
    shapes = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        np.array(pieces, object)
    )
    kept = shapely.area(shapes) > 0
    shapes, owners = shapes[kept], np.array(owner)[kept]
    owners = _in_one_piece(shapes, owners, flat[own])
    cells = np.array(
        [shapely.coverage_union_all(shapes[owners == site]) for site in range(len(own))], object
    )
    return _on_globe(cells, proj, _middle(places)[0])


def _projection(places: Floats) -> Proj:
    """Return the equal-area projection, in km, around the middle of places."""
    lon, lat = _middle(places)
    return Proj(proj="laea", lat_0=lat, lon_0=lon, units="km", ellps="WGS84")


def _middle(places: Floats) -> tuple[float, float]:
    """Return the longitude and latitude of the mean of places on the sphere."""
    x, y, z = on_sphere(places).sum(axis=0)
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def _components(edges: Ints, count: int) -> Ints:
    graph = scipy.sparse.csr_matrix(
        (np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(count, count)
    )
    return np.asarray(scipy.sparse.csgraph.connected_components(graph, directed=False)[1], np.int64)


def _edges(flat: Floats) -> Ints:
    """Return the pairs of neighbouring points, int[pair, 2], sorted (Delaunay)."""
    pairs = np.sort(_triangles(flat)[:, [0, 1, 1, 2, 0, 2]].reshape(-1, 2), axis=1)
    return np.asarray(np.unique(pairs[pairs[:, 0] < pairs[:, 1]], axis=0), np.int64)


def _triangles(flat: Floats) -> Ints:
    """Return the triangles between points, int[triangle, 3]; a triangle (a, a, b) is a line.

    Four far points are added, so that points on one line are joined too.
    """
    count = len(flat)
    low, high = flat.min(axis=0), flat.max(axis=0)
    far = 100 * float((high - low).max()) + 1.0
    middle = (low + high) / 2
    frame = middle + far * np.array([(-1.0, -1.03), (1.02, -1.0), (1.0, 1.01), (-1.04, 1.0)])
    found = np.sort(scipy.spatial.Delaunay(np.vstack([flat, frame])).simplices, axis=1)
    inside = (found < count).sum(axis=1)
    whole = found[inside == 3]
    lines = found[inside == 2][:, [0, 0, 1]]
    return np.asarray(np.unique(np.vstack([whole, lines]), axis=0), np.int64)


def _hull(flat: Floats) -> BaseGeometry:
    """Return the land around the places of an island, km."""
    if len(flat) == 1:
        return shapely.Point(flat[0]).buffer(ALONE_KM)
    edges = _edges(flat)
    # the pairs that join all places over the least distance, int[pair, 2]
    length = np.hypot(*(flat[edges[:, 0]] - flat[edges[:, 1]]).T)
    shape = (len(flat), len(flat))
    tree = scipy.sparse.csgraph.minimum_spanning_tree(
        scipy.sparse.csr_matrix((length, (edges[:, 0], edges[:, 1])), shape=shape)
    )
    needed = np.asarray(np.sort(np.column_stack(tree.nonzero()), axis=1), np.int64)
    # the usual distance between sites around each place, km. The distance to the third nearest
    # place, or half its longest link, if greater
    count = min(4, len(flat))
    spacing = np.asarray(scipy.spatial.KDTree(flat).query(flat, k=[count])[0][:, 0], np.float64)
    half = np.hypot(*(flat[needed[:, 0]] - flat[needed[:, 1]]).T) / 2
    np.maximum.at(spacing, needed.ravel(), np.repeat(half, 2))
    margin = np.clip(spacing / 2, *MARGINS_KM)
    a, b = edges.T
    length = np.hypot(*(flat[a] - flat[b]).T)
    short = length <= np.minimum(APART_KM, _STRETCH * np.maximum(spacing[a], spacing[b]))
    kept = _pairs(edges[short]) | _pairs(needed)
    triangles = _triangles(flat).tolist()
    inside = [(a, b, c) for a, b, c in triangles if {(a, b), (b, c), (a, c)} - {(a, a)} <= kept]
    discs = shapely.buffer(shapely.points(flat), margin, quad_segs=6)
    links = np.array(sorted(kept))
    hulls = shapely.convex_hull(shapely.multipolygons(discs[links]))
    filled = [shapely.Polygon(flat[[a, b, c]]) for a, b, c in inside if a != b]
    land = shapely.union_all([*hulls, *filled])
    smooth = float(np.median(margin))
    land = land.buffer(2 * smooth).buffer(-2 * smooth).simplify(_SIMPLER_KM)
    parts = [
        (part, [hole for hole in part.interiors if shapely.Polygon(hole).area > _HOLE_KM2])
        for part in shapely.get_parts(land)
    ]
    return shapely.union_all([shapely.Polygon(part.exterior, large) for part, large in parts])


def _pairs(edges: Ints) -> set[tuple[int, int]]:
    return {(a, b) for a, b in edges.tolist()}


def _in_one_piece(shapes: Shapes, owner: Ints, points: Floats) -> Ints:
    """Return the owner of each piece once those cut off from their site are with a neighbour."""
    seed = np.empty(len(points), np.int64)
    for site, point in enumerate(list(map(shapely.Point, points))):
        own = np.flatnonzero(owner == site)
        seed[site] = own[np.argmin(shapely.distance(shapes[own], point))]
    if len(shapes) == len(points):
        return owner
    units = Units(shapes, np.arange(len(shapes)), owner, seed)
    return without_exclaves(shared_borders(units), owner, seed)


def _on_globe(cells: Shapes, proj: Proj, middle: float) -> Shapes:
    """Return cells in degrees, rounded as far as they stay a coverage."""

    def degrees(xy: Floats) -> Floats:
        lon, lat = proj(xy[:, 0], xy[:, 1], inverse=True)
        return np.column_stack([middle + (lon - middle + 180) % 360 - 180, lat])

    exact = shapely.transform(cells, degrees)
    if not shapely.contains(_GLOBE, exact).all():
        exact = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
            shapely.intersection(exact, _GLOBE)
        )
    for digits in _DIGITS:
        cells = shapely.transform(exact, partial(_rounded, digits=digits))
        if shapely.is_valid(cells).all() and shapely.coverage_is_valid(cells):
            return np.asarray(cells, object)
    return np.asarray(exact, object)


def _rounded(xy: Floats, digits: int) -> Floats:
    return np.round(xy, digits)


#: a site this far from every commune has none: abroad, or in a territory of other communes
_OUTSIDE_KM = 10.0
#: minutes by km as the crow flies, where no minutes from the communes are given
_MINUTES_BY_KM = 1.3
#: no cell holds a pole, where longitudes meet
_HIGHEST_LATITUDE = 85.0


@dataclass(frozen=True)
class Land:
    """Land of some sites."""

    #: Columns id and geometry (WGS84), in the order of the sites; a valid coverage.
    cells: gpd.GeoDataFrame
    #: Columns id (code) and geometry of the départements touched; empty without communes.
    departements: gpd.GeoDataFrame


def communes_near(
    sites: Mapping[str, tuple[float, float]], communes: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return the communes of the départements that hold sites (id -> latitude, longitude)."""
    nearest, outside = _nearest_communes(_points(sites), communes)
    touched = set(communes["departement"].iloc[nearest[~outside]])
    return communes[communes["departement"].isin(touched)].reset_index(drop=True)


def land_of(
    sites: Mapping[str, tuple[float, float]],
    communes: gpd.GeoDataFrame | None = None,
    minutes: Floats | None = None,
    rivers: BaseGeometry | None = None,
) -> Land:
    """Return the land of some sites (id -> latitude, longitude).

    Sites far from every commune, and all without communes, share a hull around the points. Give the
    communes of `communes_near`: each becomes land of a site. Where one reaches no site, or without
    ``minutes`` (float[commune, site]), the crow distance decides.
    """
    ids, points = list(sites), _points(sites)
    if communes is None or communes.empty:
        return Land(_frame(ids, cells_from_points(points)), _frame([], []))
    _, outside = _nearest_communes(points, communes)
    inside = np.flatnonzero(~outside)
    if not len(inside):
        return land_of(sites)
    own = {ids[row]: sites[ids[row]] for row in inside}
    drives = _crow_minutes(communes, points) if minutes is None else minutes.copy()
    drives = drives[:, inside]
    lost = np.isnan(drives).all(axis=1)
    if lost.any():
        drives[lost] = _crow_minutes(communes[lost], points[inside])
    cells, departements = screen_land(own, communes, drives, rivers)
    shapes = np.empty(len(ids), object)
    shapes[inside] = cells.geometry.to_numpy()
    if outside.any():
        taken = shapely.coverage_union_all(shapes[inside])
        shapes[outside] = shapely.difference(cells_from_points(points[outside]), taken)
        shapes = shapely.coverage_clean(shapes)  # type: ignore[attr-defined]  # newer than its stubs
    return Land(_frame(ids, shapes), departements)


def _points(sites: Mapping[str, tuple[float, float]]) -> Floats:
    """Return float[site, (longitude, latitude)]; raise ``ValueError`` for bad positions."""
    points = np.array([(lon, lat) for lat, lon in sites.values()], float).reshape(-1, 2)
    if not len(points):
        raise ValueError(f"there is no {terms().site}")
    if not (np.isfinite(points).all() and (np.abs(points) <= (180, _HIGHEST_LATITUDE)).all()):
        raise ValueError(f"a {terms().site} is not on Earth, or too near a pole")
    return points


def _nearest_communes(
    points: Floats, communes: gpd.GeoDataFrame
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the row of the commune of each point, and whether it is too far to be its own."""
    shapes = communes.geometry.to_numpy()
    at = shapely.points(points)
    nearest = np.asarray(shapely.STRtree(shapes).nearest(at), np.int64)
    ends = shapely.get_coordinates(shapely.shortest_line(shapes[nearest], at)).reshape(-1, 2, 2)
    gaps = ends[:, 1] - ends[:, 0]
    gaps[:, 0] *= np.cos(np.radians(points[:, 1]))
    return nearest, np.hypot(*gaps.T) * KM_PER_DEGREE > _OUTSIDE_KM


def _crow_minutes(communes: gpd.GeoDataFrame, points: Floats) -> Floats:
    """Return float[commune, site], minutes as the crow flies from a point of each commune."""
    at = shapely.get_coordinates(shapely.point_on_surface(communes.geometry.to_numpy()))
    gaps = at[:, None] - points[None]
    gaps[..., 0] *= np.cos(np.radians(at[:, None, 1]))
    return np.asarray(np.hypot(gaps[..., 0], gaps[..., 1]) * KM_PER_DEGREE * _MINUTES_BY_KM)


def _frame(ids: list[str], shapes: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"id": ids}, geometry=shapes, crs="EPSG:4326")
