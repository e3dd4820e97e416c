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
from scipy.sparse.csgraph import connected_components

from geozones.travel.access import AccessRules, Surroundings
from geozones.travel.network import Network, RoadGraph

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
    network = Network(graph, known, {key: around.legs_from(*others[key]) for key in others})
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
