"""The graph of roads as sparse matrices, with places tied in, and the fastest paths over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geozones.travel.access import Leg

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class RoadGraph:
    """An undirected road graph; every array is read-only by convention.

    Attributes
    ----------
    lat, lon
        float[node], WGS84 degrees.
    is_poi
        bool[node], True where the node is a place (and not a point of a road).
    u, v
        int[edge], positions of the two end nodes.
    km, kmh
        float[edge], length and free-flow speed.
    road_class
        str[edge].
    """

    lat: Floats
    lon: Floats
    is_poi: NDArray[np.bool_]
    u: Ints
    v: Ints
    km: Floats
    kmh: Floats
    road_class: NDArray[np.str_]


class Network:
    """The graph with its edges cut where legs arrive, and places added as leaves.

    A place that is not a node of the graph gets two nodes, one that only leaves and one that only
    arrives, so that no path goes *through* a place's access legs.
    """

    def __init__(
        self, graph: RoadGraph, known: Mapping[str, int], legs: Mapping[str, list[Leg]]
    ) -> None:
        self.count = len(graph.lat)
        self.edges: list[tuple[Ints, Ints, Floats, Floats]] = []
        joints = self._cut_edges(graph, legs)
        self.out_node, self.in_node = dict(known), dict(known)
        for key, own in legs.items():
            self._add_place(key, own, joints)
        self._build()

    def _cut_edges(
        self, graph: RoadGraph, legs: Mapping[str, list[Leg]]
    ) -> dict[tuple[int, float], int]:
        """Cut edges at the feet of the legs; return (edge, fraction) -> node."""
        feet = sorted({(leg.edge, leg.fraction) for own in legs.values() for leg in own})
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
        minutes = graph.km / graph.kmh * 60
        self._add_both(graph.u[whole], graph.v[whole], minutes[whole], graph.km[whole])
        for edge, fractions in by_edge.items():
            cuts = [0.0, *fractions, 1.0]
            chain = [int(graph.u[edge]), *(joints[edge, f] for f in fractions), int(graph.v[edge])]
            share = np.diff(cuts)
            ends = np.array(chain)
            self._add_both(ends[:-1], ends[1:], minutes[edge] * share, graph.km[edge] * share)
        return joints

    def _add_place(self, key: str, legs: list[Leg], joints: dict[tuple[int, float], int]) -> None:
        leave, arrive = self.count, self.count + 1
        self.count += 2
        self.out_node[key], self.in_node[key] = leave, arrive
        feet = np.array([joints[leg.edge, leg.fraction] for leg in legs], np.int64)
        minutes = np.array([leg.minutes for leg in legs])
        km = np.array([leg.km for leg in legs])
        self.edges.append((np.full_like(feet, leave), feet, minutes, km))
        self.edges.append((feet, np.full_like(feet, arrive), minutes, km))

    def _add_both(self, u: Ints, v: Ints, minutes: Floats, km: Floats) -> None:
        self.edges.extend([(u, v, minutes, km), (v, u, minutes, km)])

    def _build(self) -> None:
        u, v, minutes, km = (np.concatenate(parts) for parts in zip(*self.edges, strict=True))
        order = np.lexsort((km, minutes, v, u))
        u, v, minutes, km = u[order], v[order], minutes[order], km[order]
        first = np.ones(len(u), bool)  # of parallel roads the fastest, then the shortest
        first[1:] = (u[1:] != u[:-1]) | (v[1:] != v[:-1])
        shape = (self.count, self.count)
        ends = (u[first], v[first])
        # a leg of no length must stay an edge: sparse matrices read 0 as "no edge"
        self.minutes = csr_matrix((np.maximum(minutes[first], 1e-9), ends), shape=shape)
        self.km = csr_matrix((km[first], ends), shape=shape)

    def shortest(self, sources: Ints, targets: Ints) -> tuple[Floats, Floats]:
        """Return minutes and km, each float[source, target], inf and 0 where unreachable."""
        minutes, before = dijkstra(self.minutes, indices=sources, return_predecessors=True)
        lengths = [self._lengths(row)[targets] for row in before]
        return minutes[:, targets].copy(), np.array(lengths).reshape(len(sources), len(targets))

    def _lengths(self, before: NDArray[np.int32]) -> Floats:
        """Km from the source to every node along the tree of predecessors, by doubling."""
        nodes = np.arange(self.count)
        reached = before >= 0
        parent = np.where(reached, before, nodes)
        km = np.zeros(self.count)
        km[reached] = np.asarray(self.km[parent[reached], nodes[reached]]).ravel()
        while (parent != parent[parent]).any():
            km = km + km[parent]
            parent = parent[parent]
        return km
