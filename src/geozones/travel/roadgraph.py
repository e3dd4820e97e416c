"""Engine ``roadgraph``: fastest paths over a graph of classified roads, and their errors.

The graph is two tables: nodes (id, lat, lon) and undirected edges (u, v, km, ref, class, kmh), with
the tables of `geozones.travel.ground` beside them if they exist. The fastest paths are Dijkstra's,
so a time never depends on the order of the places.

Legs. Places are tied in by straight legs. A leg goes to the nearest road segment in each of several
directions, up to 3 km, or to the nearest segments beyond; its length is a multiple of the crow
distance, and its speed depends on the ground: centre of a large city, large city, town, elsewhere.
It crosses no river; but a leg may go to a bridge (`geozones.travel.ground`), and another leave the
bridge on the far bank. *In a town* is derived from the discs of the ground, and from the graph
itself: its source slows roads to 36 km/h in towns and 28 in cities, so a leg to a road of 40 km/h
or less is in a town.

Errors. The variance of a drive's minutes adds up its kinds of road, each in proportion to the
minutes spent on it, what sources of driving times disagree on, the way out of its two towns, and
its two ends:

    variance = sum over kinds of (share_kind x minutes_kind)^2
               + (SOURCES_SHARE x minutes that are no leg)^2
               + (WAY_OUT_MIN x share of the minutes that is no leg)^2 + END_MIN^2

The shares by kind and the ends were fitted on an independent router's minutes. These agree with the
model, which was fitted on them too, better than usual times of route planners do: the disagreement
and the way out were therefore fitted, by maximum likelihood, on drives from a lycée to another town
whose usual time is known, then widened until eight in ten of these drives are held. Other drives
check it (docs/data.md; ``benchmarks/travel_accuracy.py`` repeats the fit). The shares of motorways
and ferries are hypotheses.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from geozones.common import clock
from geozones.common.files import ordinary, why
from geozones.common.pacing import Progress, no_progress
from geozones.domain import EngineUnavailableError, Provenance, TravelTimes
from geozones.domain.times import TENTH_QUANTILE, same_places
from geozones.travel.engine import Positions, on_earth
from geozones.travel.ground import KM_PER_DEGREE, BuiltUpDensity, Terrain, load_ground, plane_km

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from geozones.travel.ground import Terrain

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Places = Mapping[str, tuple[float, float]]


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


#: standard deviation of the minutes on each kind of road, as a share of them
SHARES = {
    RoadKind.TOWN_LEG: 0.12,
    RoadKind.COUNTRY_LEG: 0.12,
    RoadKind.ROAD: 0.11,
    RoadKind.MOTORWAY: 0.05,
    RoadKind.FERRY: 0.20,
}
#: standard deviation that sources disagree by, as a share of the minutes that are no leg; it is one
#: error for the whole drive, so longer drives do not average it out
SOURCES_SHARE = 0.085
#: standard deviation of the minutes it takes to reach the roads that lead away, and to leave them
WAY_OUT_MIN = 3.6
#: standard deviation of the minutes lost at the two ends of a drive
END_MIN = 0.5


def interval(minutes: Floats, by_kind: Floats) -> tuple[Floats, Floats]:
    """Return the low and the high minutes of drives, an 80 % interval, log-normal.

    ``minutes`` is ``float[origin, destination]``, NaN if unreachable, 0 for the same place;
    ``by_kind`` the minutes of each `RoadKind` along the way, ``float[origin, destination, kind]``.
    """
    deviation = np.sqrt(variance(by_kind))
    log_error = np.divide(deviation, minutes, out=np.zeros_like(minutes), where=minutes > 0)
    width = np.exp(TENTH_QUANTILE * log_error)
    return minutes / width, minutes * width


def variance(
    by_kind: Floats, sources_share: float = SOURCES_SHARE, way_out_min: float = WAY_OUT_MIN
) -> Floats:
    """Return the variance of the minutes of drives, ``float[...]`` of ``float[..., kind]``."""
    shares = np.array([SHARES[kind] for kind in RoadKind])
    total = by_kind.sum(axis=-1)
    roads = total - by_kind[..., RoadKind.TOWN_LEG] - by_kind[..., RoadKind.COUNTRY_LEG]
    way_out = way_out_min * np.divide(roads, total, out=np.zeros_like(total), where=total > 0)
    kinds = ((by_kind * shares) ** 2).sum(axis=-1)
    return np.asarray(kinds + (sources_share * roads) ** 2 + way_out**2 + END_MIN**2)


#: a road under water at high tide
TIDAL = "tidal"
#: classes of road that a place cannot join or leave between two junctions
CLOSED_CLASSES = frozenset({"motorway", "express", "access", "ferry", TIDAL})


@dataclass(frozen=True)
class RoadDrives:
    """Result of `travel_times`: arrays [origin, destination], NaN if unreachable."""

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: Floats  # float[origin, destination]; 0 if the two ids are the same.
    km: Floats
    by_kind: Floats  # float[origin, destination, kind]: minutes of each `RoadKind` along the path.

    def made_by(self, maker: Provenance) -> TravelTimes:
        """Return the drives with their intervals, as a matrix with this provenance."""
        low, high = interval(self.minutes, self.by_kind)
        return TravelTimes(
            self.origins,
            self.destinations,
            self.minutes,
            self.km,
            maker,
            low=low,
            high=high,
            leg_share=self.leg_share,
        )

    @property
    def reversed(self) -> RoadDrives:
        """Same drives in reverse: the roads are undirected."""
        return RoadDrives(
            self.destinations,
            self.origins,
            self.minutes.T.copy(),
            self.km.T.copy(),
            self.by_kind.transpose(1, 0, 2).copy(),
        )

    @property
    def leg_share(self) -> Floats:
        """Share of the minutes spent on straight legs, 0 to 1."""
        legs = self.by_kind[..., RoadKind.TOWN_LEG] + self.by_kind[..., RoadKind.COUNTRY_LEG]
        total = self.by_kind.sum(axis=-1)
        share = np.divide(legs, total, out=np.zeros_like(legs), where=total > 0)
        return np.where(np.isnan(self.minutes), np.nan, np.minimum(share, 1.0))


def travel_times(
    graph: RoadGraph,
    ground: Terrain,
    origins: Places,
    destinations: Places,
    rules: AccessRules | None = None,
) -> RoadDrives:
    """Compute the fastest driving time between places, and the length of that path.

    Places are (latitude, longitude) in degrees by id; an id of both sides has one position.
    ``ground`` has the rivers that no access leg crosses, bridges and towns; ``rules`` tie a place
    to the roads.
    """
    around = surroundings_of(graph, ground, rules or AccessRules())
    return drives_over(around, origins, destinations)


def drives_over(
    around: Surroundings,
    origins: Places,
    destinations: Places,
    stops: Places | None = None,
) -> RoadDrives:
    """Compute drives like `travel_times`, over prepared roads: legs are found once.

    A drive may pass through ``stops``, losing the minutes of two ends: no drive is longer than
    through one of them. An id shared with the others has the same position.
    """
    rules, stops = around.rules, stops or {}
    places = {**stops, **origins, **destinations}
    legs = {key: around.legs_from(*place) for key, place in places.items() if on_earth(place)}
    near = {key: own for key, own in legs.items() if rules.reaches(own)}
    points = np.array([places[key] for key in near], float).reshape(-1, 2)
    start, end, stop = (
        np.array([key in keys for key in near], bool) for keys in (origins, destinations, stops)
    )
    wanted = np.logical_and.outer(start | stop, end | stop)
    bridges = around.ground.bridges
    bridge_legs = [around.legs_from(lat, lon, bridge=True) for lat, lon in bridges.tolist()]
    network = Network(around.graph, bridge_legs, near)
    network.add_bridge_hops(around.to_bridges(bridges[:, 0], bridges[:, 1], bridges=True))
    network.add_place_to_bridge(around.to_bridges(points[:, 0], points[:, 1]))
    network.add_place_to_place(around.between_places(points[:, 0], points[:, 1], wanted))
    town = around.in_town(points[stop])
    network.add_stops(np.flatnonzero(stop), 2 * around.ends(points[stop]), town)
    network.build()
    # the paths between places tied to the roads, inf if unreachable
    shape = (len(origins), len(destinations))
    ways = Ways(np.full(shape, np.inf), np.zeros(shape), np.zeros((*shape, len(RoadKind))))
    rows = [(i, network.rank[key]) for i, key in enumerate(origins) if key in network.rank]
    columns = [(j, network.rank[key]) for j, key in enumerate(destinations) if key in network.rank]
    if rows and columns:
        (row, start), (column, end) = np.array(rows).T, np.array(columns).T
        if len(rows) <= len(columns):
            found = network.shortest(network.leave[start], network.arrive[end])
        else:  # the roads are undirected: from fewer places, the same drives in reverse
            found = network.shortest(network.leave[end], network.arrive[start]).reversed
        at = np.ix_(row, column)
        ways.minutes[at], ways.km[at], ways.by_kind[at] = found.minutes, found.km, found.by_kind
    ends = dict(zip(near, around.ends(points).tolist(), strict=True))
    lost = [[ends.get(key, np.nan) for key in keys] for keys in (origins, destinations)]
    minutes = ways.minutes + np.add.outer(*lost)
    km, by_kind = ways.km.copy(), ways.by_kind.copy()
    off = ~np.isfinite(minutes)
    minutes[off] = km[off] = by_kind[off] = np.nan
    same = same_places(origins, destinations)
    minutes[same] = km[same] = by_kind[same] = 0.0
    return RoadDrives(tuple(origins), tuple(destinations), minutes, km, by_kind)


def _open_roads(graph: RoadGraph, rules: AccessRules) -> RoadGraph:
    """Remove the roads that the tide covers, unless the rules open them."""
    if rules.tidal_roads:
        return graph
    dry = graph.road_class != TIDAL
    names = ("u", "v", "km", "kmh", "road_class")
    return replace(graph, **{name: getattr(graph, name)[dry] for name in names})


def surroundings_of(graph: RoadGraph, ground: Terrain, rules: AccessRules) -> Surroundings:
    """Return the inputs of access legs: the open roads, and the ground."""
    graph = _open_roads(graph, rules)
    # the edges that a place may join: open classes, in the largest connected part
    count = len(graph.lat)
    pattern = csr_matrix((np.ones(len(graph.u)), (graph.u, graph.v)), shape=(count, count))
    _, part = connected_components(pattern, directed=False)
    largest = np.bincount(part[graph.u]).argmax()
    opened = ~np.isin(graph.road_class, sorted(CLOSED_CLASSES)) & (part[graph.u] == largest)
    edges = np.flatnonzero(opened)
    ends = np.stack([graph.u[edges], graph.v[edges]], axis=1)
    return Surroundings(
        graph=graph,
        edge=edges,
        lat=graph.lat[ends],
        lon=graph.lon[ends],
        kmh=graph.kmh[edges],
        ground=ground,
        rules=rules,
    )


def graph_from_tables(nodes: pd.DataFrame, edges: pd.DataFrame) -> RoadGraph:
    """Check the two tables and build a graph from them."""
    index = pd.Index(nodes["id"])
    u, v = index.get_indexer(edges["u"]), index.get_indexer(edges["v"])
    if (u < 0).any() or (v < 0).any():
        row = int(np.flatnonzero((u < 0) | (v < 0))[0])
        raise ValueError(f"edge {row} names a node that is not in the table of nodes")
    km, kmh = edges["km"].to_numpy(float), edges["kmh"].to_numpy(float)
    if not ((km > 0) & (kmh > 0)).all():
        row = int(np.flatnonzero(~((km > 0) & (kmh > 0)))[0])
        raise ValueError(f"edge {row} must have a positive length (km) and speed (kmh)")
    return RoadGraph(
        lat=nodes["lat"].to_numpy(float),
        lon=nodes["lon"].to_numpy(float),
        u=np.asarray(u, np.int64),
        v=np.asarray(v, np.int64),
        km=km,
        kmh=kmh,
        road_class=edges["class"].to_numpy(str),
    )


def load_graph(folder: Path) -> RoadGraph:
    """Read ``nodes.csv`` and ``edges.csv`` of a folder."""
    return graph_from_tables(
        pd.read_csv(ordinary(folder / "nodes.csv")),
        pd.read_csv(ordinary(folder / "edges.csv"), keep_default_na=False),
    )


#: a place farther than this from any road of the graph, in km, has no times
MAX_SNAP_KM = 10.0


class RoadGraphEngine:
    """Times over the graph of a folder, read at the first request.

    ``folder`` has ``nodes.csv`` and ``edges.csv``; ``today`` gives the date of the computed matrix.
    """

    name = "roadgraph"

    def __init__(self, folder: Path, today: Callable[[], dt.date] = clock.today) -> None:
        self._folder, self._today = folder, today
        self._around: Surroundings | None = None

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable, or if a point is over 10 km from any road of the graph.
        """
        total = len(origins) * len(destinations)
        progress(0, total)
        around = self._opened()
        times = drives_over(around, origins, destinations)
        progress(total, total)
        maker = Provenance(
            self.name,
            self._today().isoformat(),
            source=f"graphe de routes {self._folder.name}, vitesses libres, sans trafic",
            licence="celle du graphe",
            parameters=around.rules.described(),
        )
        return times.made_by(maker)

    def _opened(self) -> Surroundings:
        if self._around is None:
            try:
                rules = AccessRules(max_snap_km=MAX_SNAP_KM)
                graph, ground = load_graph(self._folder), load_ground(self._folder)
                self._around = surroundings_of(graph, ground, rules)
            except OSError as error:
                raise EngineUnavailableError(
                    f"Le graphe de routes {self._folder} ne peut pas être lu ({why(error)}) : il "
                    "y faut nodes.csv et edges.csv."
                ) from error
            except (KeyError, ValueError) as error:
                raise EngineUnavailableError(
                    f"Le graphe de routes {self._folder} est altéré ({error}) : reprenez-le."
                ) from error
        return self._around
