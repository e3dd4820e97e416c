"""Road graph as sparse matrices, with places tied in by straight legs, and its fastest paths.

A leg goes to the nearest road segment in each of several directions, up to 3 km, or to the nearest
segments beyond; its length is a multiple of the crow distance, and its speed depends on the ground:
centre of a large city, large city, town, elsewhere. It crosses no river; but a leg may go to a
bridge (`geozones.travel.ground`), and another leave the bridge on the far bank.

*In a town* is derived from the discs of the ground, and from the graph itself: its source slows
roads to 36 km/h in towns and 28 in cities, so a leg to a road of 40 km/h or less is in a town.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from geozones.travel.ground import KM_PER_DEGREE, BuiltUpDensity, Terrain, plane_km

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


class RoadKind(IntEnum):
    """Kind of a stretch of road: the model's error depends on it."""

    TOWN_LEG = 0
    COUNTRY_LEG = 1
    ROAD = 2
    MOTORWAY = 3
    FERRY = 4


KINDS = {"motorway": RoadKind.MOTORWAY, "express": RoadKind.MOTORWAY, "ferry": RoadKind.FERRY}


@dataclass(frozen=True)
class RoadGraph:
    """Undirected road graph; every array is read-only by convention."""

    lat: Floats  # float[node]: WGS84 degrees.
    lon: Floats
    u: Ints  # int[edge]: ranks of the two end nodes.
    v: Ints
    km: Floats  # float[edge]: length and free-flow speed.
    kmh: Floats
    road_class: NDArray[np.str_]  # str[edge].

    @cached_property
    def kind(self) -> Ints:
        """int[edge], its `RoadKind`."""
        kinds = [KINDS.get(name, RoadKind.ROAD) for name in self.road_class.tolist()]
        return np.array(kinds, np.int64)


@dataclass(frozen=True)
class Ways:
    """Fastest paths, each array ``float[source, target]``; inf minutes if unreachable.

    ``by_kind`` is ``float[source, target, kind]``, the minutes of each `RoadKind` along the path.
    """

    minutes: Floats
    km: Floats
    by_kind: Floats

    @property
    def reversed(self) -> Ways:
        """Same paths, reversed."""
        return Ways(self.minutes.T, self.km.T, self.by_kind.transpose(1, 0, 2))


class Network:
    """The graph with its edges cut where legs arrive, bridges as nodes, and places as leaves.

    A place gets two nodes, one for departures and one for arrivals, so that no path goes *through*
    a place's access legs, unless it is a stop. ``bridges`` has the legs from each bridge to roads,
    ``places`` those from each place, by its key.
    """

    def __init__(
        self, graph: RoadGraph, bridges: Sequence[list[Leg]], places: Mapping[str, list[Leg]]
    ) -> None:
        self.count = len(graph.lat)
        self._parts: list[tuple[Ints, Ints, Floats, Floats, Ints]] = []
        joints = self._cut_edges(graph, [*bridges, *places.values()])
        self.bridge = self.count + np.arange(len(bridges))
        self.leave = self.count + len(bridges) + 2 * np.arange(len(places))
        self.arrive = self.leave + 1
        self.count += len(bridges) + 2 * len(places)
        self.rank = {key: rank for rank, key in enumerate(places)}
        for node, own in zip(self.bridge.tolist(), bridges, strict=True):
            self._tie(node, node, own, joints)
        for leave, arrive, own in zip(
            self.leave.tolist(), self.arrive.tolist(), places.values(), strict=True
        ):
            self._tie(leave, arrive, own, joints)

    def _cut_edges(
        self, graph: RoadGraph, legs: Sequence[list[Leg]]
    ) -> dict[tuple[int, float], int]:
        """Cut edges at the feet of the legs; return (edge, fraction) -> node."""
        feet = sorted({(leg.edge, leg.fraction) for own in legs for leg in own})
        joints: dict[tuple[int, float], int] = {}
        by_edge: dict[int, list[float]] = {}
        for edge, fraction in feet:
            if fraction in (0.0, 1.0):
                joints[edge, fraction] = int((graph.u if fraction == 0.0 else graph.v)[edge])
            else:
                joints[edge, fraction] = self.count
                self.count += 1
                by_edge.setdefault(edge, []).append(fraction)
        whole = np.ones(len(graph.u), bool)
        whole[list(by_edge)] = False
        minutes, kind = graph.km / graph.kmh * 60, graph.kind
        self._add_both(graph.u[whole], graph.v[whole], minutes[whole], graph.km[whole], kind[whole])
        for edge, fractions in by_edge.items():
            chain = [int(graph.u[edge]), *(joints[edge, f] for f in fractions), int(graph.v[edge])]
            share, ends = np.diff([0.0, *fractions, 1.0]), np.array(chain)
            own = np.full(len(share), kind[edge])
            self._add_both(ends[:-1], ends[1:], minutes[edge] * share, graph.km[edge] * share, own)
        return joints

    def _tie(
        self, leave: int, arrive: int, legs: list[Leg], joints: dict[tuple[int, float], int]
    ) -> None:
        feet = np.array([joints[leg.edge, leg.fraction] for leg in legs], np.int64)
        minutes = np.array([leg.minutes for leg in legs], float)
        km = np.array([leg.km for leg in legs], float)
        kind = _leg_kinds(np.array([leg.town for leg in legs], bool))
        self._parts.append((np.full_like(feet, leave), feet, minutes, km, kind))
        self._parts.append((feet, np.full_like(feet, arrive), minutes, km, kind))

    def add_bridge_hops(self, hops: Hops) -> None:
        """Join bridges to one another."""
        self._add_hops(self.bridge[hops.start], self.bridge[hops.end], hops)
        self._add_hops(self.bridge[hops.end], self.bridge[hops.start], hops)

    def add_place_to_bridge(self, hops: Hops) -> None:
        """Join places to bridges."""
        self._add_hops(self.leave[hops.start], self.bridge[hops.end], hops)
        self._add_hops(self.bridge[hops.end], self.arrive[hops.start], hops)

    def add_place_to_place(self, hops: Hops) -> None:
        """Join places to one another."""
        self._add_hops(self.leave[hops.start], self.arrive[hops.end], hops)
        self._add_hops(self.leave[hops.end], self.arrive[hops.start], hops)

    def add_stops(self, ranks: Ints, minutes: Floats, town: NDArray[np.bool_]) -> None:
        """Allow paths through some places, at the cost of the minutes of a stop."""
        still = np.zeros(len(ranks))
        ways = (self.arrive[ranks], self.leave[ranks], minutes, still, _leg_kinds(town))
        self._parts.append(ways)

    def _add_hops(self, start: Ints, end: Ints, hops: Hops) -> None:
        self._parts.append((start, end, hops.minutes, hops.km, _leg_kinds(hops.town)))

    def _add_both(self, u: Ints, v: Ints, minutes: Floats, km: Floats, kind: Ints) -> None:
        self._parts.extend([(u, v, minutes, km, kind), (v, u, minutes, km, kind)])

    def build(self) -> None:
        """Build the matrices of everything added; call it once, before `shortest`."""
        u, v, minutes, km, kind = (np.concatenate(part) for part in zip(*self._parts, strict=True))
        order = np.lexsort((kind, km, minutes, v, u))
        u, v, minutes, km, kind = (part[order] for part in (u, v, minutes, km, kind))
        first = np.ones(len(u), bool)  # of parallel roads keep the fastest, then the shortest
        first[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
        u, v, minutes, km, kind = (part[first] for part in (u, v, minutes, km, kind))
        shape = (self.count, self.count)
        # a leg of length 0 must stay an edge: sparse matrices read 0 as "no edge"
        self.minutes = csr_matrix((np.maximum(minutes, 1e-9), (u, v)), shape=shape)
        self._edge = csr_matrix((np.arange(1, len(u) + 1), (u, v)), shape=shape)
        self._amounts = np.zeros((len(u) + 1, 1 + len(RoadKind)))  # row 0: no edge
        self._amounts[1:, 0] = km
        self._amounts[np.arange(1, len(u) + 1), 1 + kind] = minutes

    def shortest(self, sources: Ints, targets: Ints) -> Ways:
        """Return the fastest paths between nodes; no km and no minutes by kind if unreachable."""
        minutes, before = dijkstra(self.minutes, indices=sources, return_predecessors=True)
        amounts = np.array([self._along(row)[targets] for row in before])
        amounts = amounts.reshape(len(sources), len(targets), 1 + len(RoadKind))
        return Ways(minutes[:, targets].copy(), amounts[..., 0], amounts[..., 1:])

    def _along(self, before: NDArray[np.int32]) -> Floats:
        """Km and minutes by kind from the source to every node along the tree, by doubling."""
        nodes = np.arange(self.count)
        reached = before >= 0
        parent = np.where(reached, before, nodes)
        edge = np.zeros(self.count, np.int64)
        edge[reached] = np.asarray(self._edge[parent[reached], nodes[reached]]).ravel()
        amounts = self._amounts[edge]
        while (parent != parent[parent]).any():
            amounts = amounts + amounts[parent]
            parent = parent[parent]
        return amounts


def _leg_kinds(town: NDArray[np.bool_]) -> Ints:
    return np.where(town, RoadKind.TOWN_LEG, RoadKind.COUNTRY_LEG).astype(np.int64)


@dataclass(frozen=True)
class Leg:
    """Leg from a place to the point at ``fraction`` of ``edge`` (0 = its first node)."""

    edge: int
    fraction: float
    minutes: float
    km: float
    town: bool


@dataclass(frozen=True)
class Hops:
    """Plain legs between places or bridges: ranks of both ends, minutes, km, in a town."""

    start: Ints
    end: Ints
    minutes: Floats
    km: Floats
    town: Flags


#: a leg's speed is the mean over this many points of it
SAMPLES = 5
#: legs of this many points are cached
KEPT = 20_000


@dataclass(frozen=True)
class AccessRules:
    """Parameters of the access model; docs/data.md describes their fit."""

    reach_km: float = 3.0
    reach_times_nearest: float = 1.3
    directions: int = 16
    detour: float = 1.3
    centre_kmh: float = 24.0
    city_kmh: float = 27.0
    town_kmh: float = 30.0
    country_kmh: float = 36.0
    town_road_kmh: float = 40.0
    #: plain legs between two places, and between a place of a town and another
    direct_km: float = 3.0
    town_direct_km: float = 8.0
    bridge_km: float = 8.0
    #: minutes lost at each end of a trip: parking, the first and last streets
    end_min: float = 0.25
    town_end_min: float = 0.75
    #: roads that the tide covers count as open; by default they are never used
    tidal_roads: bool = False
    #: a place farther than this from any road, as the crow flies, has no times; None: no limit
    max_snap_km: float | None = None

    @property
    def kmh(self) -> Floats:
        """float[`BuiltUpDensity`], speed of a leg."""
        return np.array([self.country_kmh, self.town_kmh, self.city_kmh, self.centre_kmh])

    def reaches(self, legs: list[Leg]) -> bool:
        """Return whether the nearest of a place's legs is short enough."""
        nearest = min(leg.km for leg in legs) / self.detour
        return self.max_snap_km is None or nearest <= self.max_snap_km

    def described(self) -> dict[str, object]:
        """Return the parameters by name, for a matrix's provenance."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Surroundings:
    """Inputs of access legs: the road segments a place may join, and the ground."""

    graph: RoadGraph
    edge: Ints  # int[segment]: rank of the segment among the graph's edges.
    lat: Floats  # float[segment, 2]: degrees of both ends.
    lon: Floats
    kmh: Floats  # float[segment].
    ground: Terrain
    rules: AccessRules
    _kept: dict[tuple[float, float, bool], list[Leg]] = field(default_factory=dict, compare=False)

    def legs_from(self, lat: float, lon: float, *, bridge: bool = False) -> list[Leg]:
        """Legs from a place, or from a bridge, one a direction, to the segments within reach.

        If all legs of a place cross a river, they are kept: a place is never left out.
        """
        at = (lat, lon, bridge)
        if at not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            if not len(self.edge):
                raise ValueError("the road graph has no road that a place could join")
            fraction, east, north = self._nearest_points(lat, lon)
            crow = np.hypot(east, north)
            reach = max(self.rules.reach_km, float(crow.min()) * self.rules.reach_times_nearest)
            near = np.flatnonzero(crow <= reach)
            near = near[np.argsort(crow[near], kind="stable")]
            wet = self._wet(lat, lon, feet := self._feet(lat, lon, east[near], north[near]), bridge)
            turn = np.arctan2(north, east) / (2 * np.pi) + 0.5
            sector = (turn * self.rules.directions).astype(int) % self.rules.directions
            chosen: dict[int, int] = {}
            for rank in np.flatnonzero(~wet).tolist():
                chosen.setdefault(int(sector[near[rank]]), rank)
            ranks = np.array(list(chosen.values()), np.int64)
            kept = near[ranks]
            slow = self.kmh[kept] <= self.rules.town_road_kmh
            here = np.broadcast_to([lat, lon], (len(ranks), 2))
            drive = self._drive(here, feet[ranks], crow[kept], slow)
            rows = zip(self.edge[kept], fraction[kept], *drive, strict=True)
            self._kept[at] = [
                Leg(int(e), float(f), float(m), float(km), bool(t)) for e, f, m, km, t in rows
            ]
        return self._kept[at]

    @staticmethod
    def _feet(lat: float, lon: float, east: Floats, north: Floats) -> Floats:
        """Return float[foot, 2], latitude and longitude of points given by km from a place."""
        foot_lon = lon + east / KM_PER_DEGREE / float(np.cos(np.radians(lat)))
        return np.stack([lat + north / KM_PER_DEGREE, foot_lon], axis=1)

    def _wet(self, lat: float, lon: float, feet: Floats, bridge: bool) -> Flags:  # noqa: FBT001
        """Return which legs cross a river; none if all legs of a place do."""
        if bridge:
            return self.ground.crosses_to_bridge(feet[:, 0], feet[:, 1], np.array([lat, lon]))
        starts = np.broadcast_to([lon, lat], feet.shape)
        wet = self.ground.crosses(np.stack([starts, feet[:, ::-1]], axis=1))
        return wet & ~wet.all()

    def to_bridges(self, lat: Floats, lon: Floats, *, bridges: bool = False) -> Hops:
        """Return the legs from places, or from the bridges themselves, to the bridges near them."""
        there = self.ground.bridges
        crow = plane_km(lat[:, None], lon[:, None], there[:, 0], there[:, 1])
        start, end = np.nonzero(crow <= self.rules.bridge_km)
        if bridges:
            start, end = start[start < end], end[start < end]
        a, b = np.stack([lat, lon], axis=1)[start], there[end]
        if bridges:
            # both ends, too, may be met on either bank
            crow_ab = crow[start, end]
            share = np.minimum(0.2 / np.maximum(crow_ab, 1e-9), 0.5)[:, None]
            origin = a + (b - a) * share
        else:
            origin = a
        dry = ~self.ground.crosses_to_bridge(origin[:, 0], origin[:, 1], b)
        return self._hops(start[dry], end[dry], a[dry], b[dry])

    def between_places(self, lat: Floats, lon: Floats, wanted: Flags) -> Hops:
        """Return the plain legs between the places of each pair in ``wanted``, bool[place, place].

        Only pairs whose first rank is the lower are examined; no leg crosses a river.
        """
        town = self.ground.built_at(lat, lon) >= BuiltUpDensity.TOWN
        crow = plane_km(lat[:, None], lon[:, None], lat, lon)
        reach = np.where(town[:, None] | town, self.rules.town_direct_km, self.rules.direct_km)
        start, end = np.nonzero(np.triu(wanted | wanted.T, 1) & (crow <= reach))
        place = np.stack([lat, lon], axis=1)
        a, b = place[start], place[end]
        dry = ~self.ground.crosses(np.stack([a[:, ::-1], b[:, ::-1]], axis=1))
        return self._hops(start[dry], end[dry], a[dry], b[dry])

    def in_town(self, points: Floats) -> Flags:
        """Return which places, ``float[place, 2]``, are in a town."""
        return self.ground.built_at(points[:, 0], points[:, 1]) >= BuiltUpDensity.TOWN

    def ends(self, points: Floats) -> Floats:
        """Return the minutes lost at a trip's end, ``float[place]``, at ``float[place, 2]``."""
        return np.where(self.in_town(points), self.rules.town_end_min, self.rules.end_min)

    def _hops(self, start: Ints, end: Ints, a: Floats, b: Floats) -> Hops:
        crow = plane_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
        slow = np.array([self._slow_at(*middle) for middle in (a + b) / 2], bool)
        return Hops(start, end, *self._drive(a, b, crow, slow))

    def _nearest_points(self, lat: float, lon: float) -> tuple[Floats, Floats, Floats]:
        """Return (fraction, east_km, north_km) of each segment's point nearest to a place."""
        x = (self.lon - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
        y = (self.lat - lat) * KM_PER_DEGREE
        dx, dy = x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]
        length2 = dx * dx + dy * dy
        towards = -(x[:, 0] * dx + y[:, 0] * dy)
        fraction = np.divide(towards, length2, out=np.zeros_like(dx), where=length2 > 0)
        fraction = np.round(np.clip(fraction, 0.0, 1.0), 6)
        return fraction, x[:, 0] + fraction * dx, y[:, 0] + fraction * dy

    def _slow_at(self, lat: float, lon: float) -> bool:
        """Return whether the road nearest to a point is in a town."""
        _, east, north = self._nearest_points(lat, lon)
        return bool(self.kmh[int(np.argmin(np.hypot(east, north)))] <= self.rules.town_road_kmh)

    def _drive(
        self, a: Floats, b: Floats, crow: Floats, slow: Flags
    ) -> tuple[Floats, Floats, Flags]:
        """Return (minutes, km, whether mostly in a town) of legs ``crow`` km long.

        ``a`` and ``b`` are float[leg, 2], latitude and longitude of both ends.
        """
        share = ((np.arange(SAMPLES) + 0.5) / SAMPLES)[:, None]
        along = a[:, None] * (1 - share) + b[:, None] * share
        built = self.ground.built_at(along[..., 0], along[..., 1])
        built = np.maximum(
            built, np.where(slow[:, None], BuiltUpDensity.TOWN, BuiltUpDensity.COUNTRY)
        )
        kmh = self.rules.kmh[built]
        km = crow * self.rules.detour
        return (
            km * 60 * (1 / kmh).mean(axis=1),
            km,
            (built >= BuiltUpDensity.TOWN).mean(axis=1) >= 0.5,
        )
