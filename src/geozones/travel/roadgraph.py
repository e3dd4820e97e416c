"""Driving minutes and kilometres over a graph of classified roads, without any network service.

The graph is two tables: nodes (id, lat, lon, kind) and undirected edges (u, v, km, ref, class,
kmh). Nodes of kind ``poi`` are places already tied in; any other place is tied in by
`geozones.travel.access`. The fastest paths are Dijkstra's, so a time never depends on the order of
the places asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from geozones.travel.access import AccessRules, Leg, Surroundings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: classes of road that a place cannot join or leave between two junctions
CLOSED_CLASSES = frozenset({"motorway", "express", "access", "ferry"})


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


@dataclass(frozen=True)
class TimesAndLengths:
    """Result of `travel_times`: float[origin, destination], NaN where unreachable."""

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: Floats
    km: Floats


def graph_from_tables(nodes: pd.DataFrame, edges: pd.DataFrame) -> RoadGraph:
    """Check the two tables and make a graph of them.

    Raises
    ------
    ValueError
        If an edge names an unknown node, or has a length or speed that is not positive.
    """
    index = pd.Index(nodes["id"])
    u, v = index.get_indexer(edges["u"]), index.get_indexer(edges["v"])
    if (u < 0).any() or (v < 0).any():
        row = int(np.flatnonzero((u < 0) | (v < 0))[0])
        message = f"edge {row} names a node that is not in the table of nodes"
        raise ValueError(message)
    km, kmh = edges["km"].to_numpy(float), edges["kmh"].to_numpy(float)
    if not ((km > 0) & (kmh > 0)).all():
        row = int(np.flatnonzero(~((km > 0) & (kmh > 0)))[0])
        message = f"edge {row} must have a positive length (km) and speed (kmh)"
        raise ValueError(message)
    return RoadGraph(
        lat=nodes["lat"].to_numpy(float),
        lon=nodes["lon"].to_numpy(float),
        is_poi=(nodes["kind"] == "poi").to_numpy(bool),
        u=np.asarray(u, np.int64),
        v=np.asarray(v, np.int64),
        km=km,
        kmh=kmh,
        road_class=edges["class"].to_numpy(str),
    )


def load_graph(folder: Path) -> RoadGraph:
    """Read ``nodes.csv`` and ``edges.csv`` of a folder.

    Raises
    ------
    OSError
        If one of the two files cannot be read.
    ValueError
        As `graph_from_tables`.
    """
    return graph_from_tables(
        pd.read_csv(folder / "nodes.csv"),
        pd.read_csv(folder / "edges.csv", keep_default_na=False),
    )


def travel_times(
    graph: RoadGraph,
    origins: Mapping[str, tuple[float, float]],
    destinations: Mapping[str, tuple[float, float]],
    rules: AccessRules | None = None,
    barrier: BaseGeometry | None = None,
) -> TimesAndLengths:
    """Fastest driving time between places, and the length of that fastest path.

    Parameters
    ----------
    graph
        The roads.
    origins, destinations
        id -> (latitude, longitude) in degrees; an id of both has one position.
    rules
        How a place is tied to the roads; the default is the source's.
    barrier
        Lines in (longitude, latitude) that no access leg may cross.

    Returns
    -------
    TimesAndLengths
        Arrays [origin, destination]; 0 where the two ids are the same.
    """
    rules = rules or AccessRules()
    around = _surroundings(graph, rules, barrier)
    places = {**origins, **destinations}
    known = _matching_pois(graph, places)
    others = {key: place for key, place in places.items() if key not in known}
    network = _Network(graph, known, {key: around.legs_from(*others[key]) for key in others})
    sources = [network.out_node[key] for key in origins]
    targets = [network.in_node[key] for key in destinations]
    minutes, km = network.shortest(np.array(sources), np.array(targets))
    for i, origin in enumerate(origins):
        for j, destination in enumerate(destinations):
            if origin in known and destination in known:
                continue  # the graph has the legs between its own places
            leg = around.direct_leg(places[origin], places[destination])
            if leg is not None and leg[0] < minutes[i, j]:
                minutes[i, j], km[i, j] = leg
    minutes += 2 * rules.end_min
    minutes[~np.isfinite(minutes)] = np.nan
    km[np.isnan(minutes)] = np.nan
    same = np.array([[o == d for d in destinations] for o in origins], dtype=bool)
    minutes[same.reshape(minutes.shape)] = 0.0
    km[same.reshape(km.shape)] = 0.0
    return TimesAndLengths(tuple(origins), tuple(destinations), minutes, km)


class _Network:
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


def _matching_pois(graph: RoadGraph, places: Mapping[str, tuple[float, float]]) -> dict[str, int]:
    """Find the places that are nodes of the graph already, to the fifth decimal."""
    pois = np.flatnonzero(graph.is_poi)
    found: dict[str, int] = {}
    for key, (lat, lon) in places.items():
        gap = np.maximum(np.abs(graph.lat[pois] - lat), np.abs(graph.lon[pois] - lon))
        if len(gap) and gap.min() <= 1.01e-5:
            found[key] = int(pois[np.argmin(gap)])
    return found


def _open_edges(graph: RoadGraph) -> Ints:
    """Edges that a place may join: open classes, in the largest connected part of the graph."""
    count = len(graph.lat)
    pattern = csr_matrix((np.ones(len(graph.u)), (graph.u, graph.v)), shape=(count, count))
    _, part = connected_components(pattern, directed=False)
    largest = np.bincount(part).argmax()
    opened = ~np.isin(graph.road_class, sorted(CLOSED_CLASSES)) & (part[graph.u] == largest)
    return np.flatnonzero(opened)


def _surroundings(
    graph: RoadGraph, rules: AccessRules, barrier: BaseGeometry | None
) -> Surroundings:
    edges = _open_edges(graph)
    ends = np.stack([graph.u[edges], graph.v[edges]], axis=1)
    legs = (graph.road_class == "access") & (graph.kmh <= (rules.town_kmh + rules.country_kmh) / 2)
    town = np.zeros(len(graph.lat), bool)
    town[graph.u[legs]] = town[graph.v[legs]] = True
    town &= graph.is_poi
    return Surroundings(
        edge=edges,
        lat=graph.lat[ends],
        lon=graph.lon[ends],
        kmh=graph.kmh[edges],
        towns=np.stack([graph.lat[town], graph.lon[town]], axis=1),
        barrier=barrier,
        rules=rules,
    )
