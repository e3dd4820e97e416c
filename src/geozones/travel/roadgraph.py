"""The engine ``roadgraph``: drives over a graph of classified roads, without any network service.

The graph is two tables: nodes (id, lat, lon, kind) and undirected edges (u, v, km, ref, class,
kmh). Nodes of kind ``poi`` are places already tied in; any other place is tied in by
`geozones.travel.access`. The fastest paths are Dijkstra's, so a time never depends on the order of
the places asked for.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from geozones.domain import EngineUnavailableError, Provenance, TravelTimes
from geozones.domain.files import why
from geozones.domain.times import same_places
from geozones.travel.access import AccessRules, Surroundings
from geozones.travel.engine import Places, Progress, no_progress
from geozones.travel.network import Network, RoadGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

#: classes of road that a place cannot join or leave between two junctions
CLOSED_CLASSES = frozenset({"motorway", "express", "access", "ferry"})


#: farther than this from any road of the graph, in km, a place has no times
MAX_SNAP_KM = 10.0


class RoadGraphEngine:
    """Times over the graph of a folder, read at the first question.

    Parameters
    ----------
    folder
        Where ``nodes.csv`` and ``edges.csv`` are.
    today
        The date that a matrix is made on.
    """

    name = "roadgraph"

    def __init__(self, folder: Path, today: Callable[[], dt.date] = dt.date.today) -> None:
        self._folder, self._today = folder, today
        self._graph: RoadGraph | None = None

    def matrix(
        self, origins: Places, destinations: Places, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN where there is no way, or a point is over 10 km from any road of the graph.

        Raises
        ------
        EngineUnavailableError
            If the graph cannot be read or contradicts itself.
        """
        total = len(origins) * len(destinations)
        progress(0, total)
        rules = AccessRules(max_snap_km=MAX_SNAP_KM)
        found = travel_times(self._opened(), origins, destinations, rules)
        progress(total, total)
        return TravelTimes(
            found.origins,
            found.destinations,
            found.minutes,
            found.km,
            Provenance(
                self.name,
                self._today().isoformat(),
                source=f"graphe de routes {self._folder.name}, vitesses libres, sans trafic",
                licence="celle du graphe",
                parameters=rules.described(),
            ),
        )

    def _opened(self) -> RoadGraph:
        if self._graph is None:
            try:
                self._graph = load_graph(self._folder)
            except OSError as error:
                msg = (
                    f"Le graphe de routes {self._folder} ne peut pas être lu ({why(error)}) : il "
                    "y faut nodes.csv et edges.csv."
                )
                raise EngineUnavailableError(msg) from error
            except (KeyError, ValueError) as error:
                msg = f"Le graphe de routes {self._folder} est altéré ({error}) : reprenez-le."
                raise EngineUnavailableError(msg) from error
        return self._graph


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
    legs = {key: around.legs_from(*place) for key, place in others.items() if _on_earth(place)}
    near = {key: own for key, own in legs.items() if rules.reaches(own)}
    tied = known.keys() | near.keys()
    minutes, km = _over_roads(Network(graph, known, near), origins, destinations)
    for i, origin in enumerate(origins):
        for j, destination in enumerate(destinations):
            if (origin in known and destination in known) or not {origin, destination} <= tied:
                continue  # the graph has the legs between its own places
            leg = around.direct_leg(places[origin], places[destination])
            if leg is not None and leg[0] < minutes[i, j]:
                minutes[i, j], km[i, j] = leg
    minutes += 2 * rules.end_min
    minutes[~np.isfinite(minutes)] = np.nan
    km[np.isnan(minutes)] = np.nan
    same = same_places(origins, destinations)
    minutes[same] = km[same] = 0.0
    return TimesAndLengths(tuple(origins), tuple(destinations), minutes, km)


def _over_roads(
    network: Network,
    origins: Mapping[str, tuple[float, float]],
    destinations: Mapping[str, tuple[float, float]],
) -> tuple[Floats, Floats]:
    """Minutes and km between the places that are tied to the roads, inf where there is no way."""
    shape = (len(origins), len(destinations))
    minutes, km = np.full(shape, np.inf), np.full(shape, np.inf)
    rows = [i for i, key in enumerate(origins) if key in network.out_node]
    columns = [j for j, key in enumerate(destinations) if key in network.in_node]
    if rows and columns:
        from_keys, to_keys = list(origins), list(destinations)
        at = np.ix_(rows, columns)
        if len(rows) <= len(columns):
            sources = np.array([network.out_node[from_keys[i]] for i in rows])
            targets = np.array([network.in_node[to_keys[j]] for j in columns])
            minutes[at], km[at] = network.shortest(sources, targets)
        else:  # the roads are undirected: from the fewer places, the same drives the other way
            sources = np.array([network.out_node[to_keys[j]] for j in columns])
            targets = np.array([network.in_node[from_keys[i]] for i in rows])
            back_minutes, back_km = network.shortest(sources, targets)
            minutes[at], km[at] = back_minutes.T, back_km.T
    return minutes, km


def _on_earth(point: tuple[float, float]) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180  # false for NaN


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
