"""Road graph as sparse matrices, with places tied in by straight legs, and its fastest paths."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

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
    """Undirected road graph; every array is read-only by convention.

    Attributes
    ----------
    lat, lon
        float[node], WGS84 degrees.
    u, v
        int[edge], positions of the two end nodes.
    km, kmh
        float[edge], length and free-flow speed.
    road_class
        str[edge].
    """

    lat: Floats
    lon: Floats
    u: Ints
    v: Ints
    km: Floats
    kmh: Floats
    road_class: NDArray[np.str_]

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

    A place gets two nodes, one for departures and one for arrivals, so that no path goes
    *through* a place's access legs, unless it is a stop.

    Parameters
    ----------
    graph
        The roads.
    bridges
        The legs from each bridge to roads.
    places
        The legs from each place to roads, by its key.
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
