"""Ground of drives: rivers, bridges and built-up areas under access legs; ways that stay on land.

Three optional tables beside a road graph, in UTF-8 with a comma:

- ``rivers.csv`` (river, lat, lon): the vertices of each river's line, in order;
- ``bridges.csv`` (name, lat, lon): where a leg may cross;
- ``towns.csv`` (name, lat, lon, radius_km, kind): discs, ``kind`` being ``town``, ``city`` or
  ``centre`` (of a city).

The ways are for estimates: from commune to commune where the line leaves land. Communes that touch
one another are joined, and so are the two ends of the large bridges to an island or over an
estuary. A way along their points is longer than the crow flies, everywhere by about the same share.
Where the straight line leaves land and the way is longer than usual, the distance is the way's,
less that share. Pieces of one département that no way joins have no road
between them, nor have Corsica, the overseas départements and the mainland. Between others, what is
not known may be land.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy
import shapely

from geozones.common.files import ordinary
from geozones.domain.identifiers import departement_of_insee
from geozones.travel.engine import EARTH_RADIUS_KM, crow_km_table, on_earth

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from scipy.sparse import coo_array
    from shapely.geometry.base import BaseGeometry

    from geozones.travel.engine import Point

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180
#: a bridge farther than this from every river connects nothing
BRIDGE_GAP_KM = 0.4
#: a leg may cross the river within this distance of its bridge
ABUTMENT_KM = 0.2


class BuiltUpDensity(IntEnum):
    """Density of buildings at a place: the denser, the slower the drive."""

    COUNTRY = 0
    TOWN = 1
    CITY = 2
    CENTRE = 3


#: the kinds of discs in the table of towns
KINDS = {"town": BuiltUpDensity.TOWN, "city": BuiltUpDensity.CITY, "centre": BuiltUpDensity.CENTRE}


@dataclass(frozen=True)
class Terrain:
    """Rivers, bridges and built-up areas; every array is read-only by convention."""

    #: Lines in (longitude, latitude) that legs cross only at bridges; ``None`` for no river.
    rivers: BaseGeometry | None
    bridges: Floats  # float[bridge, 2]: latitude and longitude, on a river.
    towns: Floats  # float[town, 3]: latitude, longitude and radius in km of built-up areas.
    built: Ints  # int[town]: the `BuiltUpDensity` of each town.

    def crosses(self, lonlat: Floats) -> NDArray[np.bool_]:
        """Return which lines, ``float[line, 2, 2]`` (longitude, latitude), cross a river."""
        if self.rivers is None or not len(lonlat):
            return np.zeros(len(lonlat), bool)
        return np.asarray(shapely.intersects(self.rivers, shapely.linestrings(lonlat)), bool)

    def crosses_to_bridge(self, lat: Floats, lon: Floats, bridge: Floats) -> NDArray[np.bool_]:
        """Return which lines to a bridge cross a river before its ends."""
        start = np.stack([lon, lat], axis=-1)
        end = np.broadcast_to(bridge[..., ::-1], start.shape)
        crow = plane_km(lat, lon, end[..., 1], end[..., 0])
        share = np.clip(1 - ABUTMENT_KM / np.maximum(crow, 1e-9), 0.0, 1.0)
        return self.crosses(np.stack([start, start + (end - start) * share[..., None]], axis=-2))

    def built_at(self, lat: Floats, lon: Floats) -> Ints:
        """Return the densest `BuiltUpDensity` among the discs around each point, ``int[...]``."""
        gap = plane_km(
            np.asarray(lat)[..., None],
            np.asarray(lon)[..., None],
            self.towns[:, 0],
            self.towns[:, 1],
        )
        inside = gap <= self.towns[:, 2]
        return np.where(inside, self.built, BuiltUpDensity.COUNTRY).max(
            axis=-1, initial=BuiltUpDensity.COUNTRY
        )


def plane_km(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Km between points some km apart, on a plane that touches the Earth there."""
    north = (lat2 - lat1) * KM_PER_DEGREE
    east = (lon2 - lon1) * KM_PER_DEGREE * np.cos(np.radians((lat1 + lat2) / 2))
    return np.asarray(np.hypot(east, north), float)


def make_terrain(
    rivers: Sequence[Sequence[tuple[float, float]]] = (),
    bridges: Sequence[tuple[str, float, float]] = (),
    towns: Sequence[tuple[float, float, float, str]] = (),
) -> Terrain:
    """Check and join the three tables; each bridge is moved onto its nearest river.

    A river is a list of (latitude, longitude), a bridge (name, latitude, longitude), a town
    (latitude, longitude, radius in km, ``town``, ``city`` or ``centre``).
    """
    if any(len(line) < 2 for line in rivers):
        raise ValueError("a river needs two points at least")
    unknown = [town[3] for town in towns if town[3] not in KINDS]
    if unknown:
        raise ValueError(f"a town is a “town”, a “city” or a “centre”, not “{unknown[0]}”")
    lines = [shapely.LineString([(lon, lat) for lat, lon in line]) for line in rivers]
    water = shapely.multilinestrings(lines) if lines else None
    if water is not None:
        shapely.prepare(water)
    points = [_on_river(water, *bridge) for bridge in bridges]
    return Terrain(
        rivers=water,
        bridges=np.array(points, float).reshape(-1, 2),
        towns=np.array([town[:3] for town in towns], float).reshape(-1, 3),
        built=np.array([KINDS[town[3]] for town in towns], np.int64),
    )


def _on_river(water: BaseGeometry | None, name: str, lat: float, lon: float) -> tuple[float, float]:
    """Return the point of the rivers nearest to a bridge."""
    gap = np.inf
    if water is not None:
        shrink = np.array([np.cos(np.radians(lat)), 1.0])
        flat = shapely.transform(water, lambda xy: xy * shrink)
        point = shapely.Point(lon * shrink[0], lat)
        near = (
            flat.interpolate(flat.project(point))
            if flat.geom_type == "LineString"
            else (shapely.get_point(shapely.shortest_line(flat, point), 0))
        )
        gap = float(shapely.distance(near, point)) * KM_PER_DEGREE
        lon, lat = near.x / shrink[0], near.y
    if not gap <= BRIDGE_GAP_KM:
        raise ValueError(
            f"the bridge “{name}” joins nothing: no river within {BRIDGE_GAP_KM * 1000:.0f} m"
        )
    return lat, lon


type Tables = tuple[
    list[list[tuple[float, float]]],
    list[tuple[str, float, float]],
    list[tuple[float, float, float, str]],
]


def load_ground(folder: Path) -> Terrain:
    """Read the tables of a folder; raise as `load_tables` and `make_terrain`."""
    return make_terrain(*load_tables(folder))


def load_tables(folder: Path) -> Tables:
    """Return rivers, bridges and towns of a folder; missing tables are empty."""
    rivers = _table(folder / "rivers.csv", ["river", "lat", "lon"])
    rows = rivers.itertuples(index=False, name=None)
    lines = [[(lat, lon) for _, lat, lon in line] for _, line in groupby(rows, lambda row: row[0])]
    bridges = _table(folder / "bridges.csv", ["name", "lat", "lon"])
    towns = _table(folder / "towns.csv", ["lat", "lon", "radius_km", "kind"])
    return (
        lines,
        list(bridges.itertuples(index=False, name=None)),
        list(towns.itertuples(index=False, name=None)),
    )


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    table = pd.read_csv(ordinary(path)) if path.exists() else pd.DataFrame(columns=columns)
    table = table[columns]
    figures = [column for column in columns if column in {"lat", "lon", "radius_km"}]
    table = table.astype(dict.fromkeys(figures, float))
    if table[figures].isna().any(axis=None):
        raise ValueError(f"{path.name} lacks a figure")
    return table


#: Communes (INSEE codes) that a bridge, a causeway or a dam joins over the sea.
BRIDGES = (
    ("17297", "17300"),  # Rivedoux-Plage, La Rochelle
    ("17093", "17058"),  # Le Château-d'Oléron, Bourcefranc-le-Chapus
    ("85011", "85012"),  # Barbâtre, La Barre-de-Monts
    ("14333", "76351"),  # Honfleur, Le Havre
    ("29019", "29189"),  # Brest, Plougastel-Daoulas
    ("29006", "29037"),  # Bénodet, Combrit
    ("35241", "35288"),  # La Richardais, Saint-Malo
)
#: Communes this near to each other touch, in degrees: outlines are drawn to some 100 m.
_TOUCHING = 0.0005
#: A point farther than this from every commune, in degrees, is on no known land.
_OFF = 0.02
#: A line leaves land where more km of it are off it: outlines cut the mouths of rivers short.
_WATER_KM = 1.0
#: A way this much longer than usual goes round something.
_LONGER = 1.15
#: Nearer pairs, in km, do not tell the usual share: their ways are of two or three steps.
_SHORT_KM = 10.0
#: Longer ways, in km, are not sought: their distance is the crow's.
_LIMIT_KM = 200.0
#: Number of the land of both départements of Corsica, beyond the ranks of the others.
_CORSICA = 10_000
#: Origins whose ways are sought at once, and pieces that tell the usual share.
_BLOCK, _SAMPLE = 128, 64


@dataclass(frozen=True, eq=False)
class LandPaths:
    """Pieces of communes, each with a point of it, and the pieces that touch.

    ``shapes`` are polygons in WGS84, ``points`` float[piece, 2] their latitude and longitude.
    """

    shapes: NDArray[np.object_]
    points: Floats
    starts: Ints  # The two pieces of each joint.
    ends: Ints
    departements: NDArray[np.str_]  # str[piece]

    @classmethod
    def of(cls, codes: Sequence[str], shapes: Sequence[object]) -> LandPaths:
        """Join the communes of some codes (INSEE) by their outlines."""
        pieces, owner = shapely.get_parts(np.asarray(shapes, object), return_index=True)
        tree = shapely.STRtree(pieces)
        starts, ends = tree.query(pieces, predicate="dwithin", distance=_TOUCHING)
        # of a commune in several pieces, the bridge leaves from the largest
        order = np.argsort(shapely.area(pieces), kind="stable")
        largest = {
            codes[commune]: piece for piece, commune in zip(order, owner[order], strict=True)
        }
        over = [(largest[a], largest[b]) for a, b in BRIDGES if a in largest and b in largest]
        bridges = np.array(over, np.int64).reshape(-1, 2)
        return cls(
            pieces,
            shapely.get_coordinates(shapely.point_on_surface(pieces))[:, ::-1],
            np.concatenate([starts, bridges[:, 0], bridges[:, 1]]),
            np.concatenate([ends, bridges[:, 1], bridges[:, 0]]),
            np.array([departement_of_insee(code) for code in codes], str)[owner],
        )

    def km(self, origins: Sequence[Point], destinations: Sequence[Point]) -> Floats:
        """Return km as the crow flies over land, ``float[origin, destination]``; inf: no road.

        A point on no known land has its distance as the crow flies.
        """
        rows, columns = self._pieces(origins), self._pieces(destinations)
        found = np.empty((len(origins), len(destinations)))
        for start in range(0, len(origins), _BLOCK):
            block = slice(start, start + _BLOCK)
            found[block] = self._block(origins[block], destinations, rows[block], columns)
        return found

    def _block(
        self,
        origins: Sequence[Point],
        destinations: Sequence[Point],
        rows: Ints,
        columns: Ints,
    ) -> Floats:
        crow = crow_km_table(list(origins), list(destinations))
        known = (rows >= 0)[:, None] & (columns >= 0)
        island = known & self._cut_off[np.ix_(self._labels[rows], self._labels[columns])]
        pieces, back = np.unique(rows, return_inverse=True)
        way = self._ways(np.maximum(pieces, 0))[np.ix_(back, columns)]
        # the way goes from the points of the pieces, not from the places
        apart = crow_km_table(self._seats(rows), self._seats(columns))
        longer = np.divide(way, apart * self._share, out=np.ones_like(way), where=apart > 0)
        around = np.argwhere(known & np.isfinite(way) & (longer > _LONGER))
        at = tuple(around[self._leaves_land(origins, destinations, around)].T)
        crow[at] *= longer[at]
        crow[island] = np.inf
        return crow

    def _seats(self, pieces: Ints) -> list[Point]:
        return [(lat, lon) for lat, lon in self.points[pieces].tolist()]

    def _pieces(self, places: Sequence[Point]) -> Ints:
        """Return the piece that each place is on; -1 if it is on no known land."""
        pieces = np.full(len(places), -1, np.int64)
        good = np.array([on_earth(place) for place in places], bool)
        if good.any() and len(self.shapes):
            at = shapely.points(np.array([p[::-1] for p, g in zip(places, good, strict=True) if g]))
            which, found = self._tree.query_nearest(at, max_distance=_OFF, all_matches=False)
            pieces[np.flatnonzero(good)[which]] = found
        return pieces

    def _ways(self, pieces: Ints) -> Floats:
        """Return the km of the shortest ways from pieces to all; inf beyond the limit."""
        return np.asarray(
            scipy.sparse.csgraph.dijkstra(self._graph, indices=pieces, limit=_LIMIT_KM)
        )

    def _leaves_land(
        self, origins: Sequence[Point], destinations: Sequence[Point], pairs: Ints
    ) -> NDArray[np.bool_]:
        """Return which straight lines between places are off the land for over a km."""
        ends = np.array(
            [[origins[a][::-1], destinations[b][::-1]] for a, b in pairs.tolist()], float
        ).reshape(-1, 2, 2)
        lines = np.asarray(shapely.linestrings(ends), object)
        which, pieces = self._tree.query(lines, predicate="intersects")
        inside = shapely.length(shapely.intersection(lines[which], self.shapes[pieces]))
        on_land = np.bincount(which, inside, len(lines))
        # along the line a degree is as long as its own ends say
        crow = plane_km(ends[:, 0, 1], ends[:, 0, 0], ends[:, 1, 1], ends[:, 1, 0])
        length = np.maximum(shapely.length(lines), 1e-9)
        return np.asarray(crow * (1 - on_land / length) > _WATER_KM)

    @cached_property
    def _share(self) -> float:
        """Usual length of a way over the crow distance, the median over some pieces."""
        pieces = np.arange(0, len(self.shapes), max(1, len(self.shapes) // _SAMPLE))
        way = self._ways(pieces)
        apart = crow_km_table(self._seats(pieces), self._seats(np.arange(len(self.shapes))))
        usual = np.isfinite(way) & (apart > _SHORT_KM)
        return float(np.median(way[usual] / apart[usual])) if usual.any() else 1.0

    @cached_property
    def _cut_off(self) -> NDArray[np.bool_]:
        """``bool[label, label]``: groups of pieces that no road joins."""
        names, ranks = np.unique(self.departements, return_inverse=True)
        within = np.zeros((self._labels.max(initial=-1) + 1, len(names)), np.int64)
        within[self._labels, ranks] = 1
        lands = np.array(
            [
                rank if name.startswith("97") else _CORSICA * (name in {"2A", "2B"})
                for rank, name in enumerate(names.tolist(), 1)
            ]
        )
        land = lands[within.argmax(axis=1)]
        cut: NDArray[np.bool_] = (within @ within.T > 0) | (land[:, None] != land)
        np.fill_diagonal(cut, val=False)
        return cut

    @cached_property
    def _labels(self) -> Ints:
        return np.asarray(
            scipy.sparse.csgraph.connected_components(self._graph, directed=False)[1], np.int64
        )

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.shapes)

    @cached_property
    def _graph(self) -> coo_array:
        a, b = self.points[self.starts], self.points[self.ends]
        km = plane_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
        size = (len(self.shapes),) * 2
        # pieces of one point are joined too: sparse matrices read 0 as no joint
        return scipy.sparse.coo_array(
            (np.maximum(km, 1e-6), (self.starts, self.ends)), shape=size
        ).tocsr()
