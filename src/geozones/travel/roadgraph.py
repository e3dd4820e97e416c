"""Engine ``roadgraph``: fastest paths over a graph of classified roads, and their errors.

The graph is two tables: nodes (id, lat, lon) and undirected edges (u, v, km, ref, class, kmh), with
the tables of `geozones.travel.ground` beside them if they exist. Places are tied in by
`geozones.travel.network`. The fastest paths are Dijkstra's, so a time never depends on the order of
the places.

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
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from geozones.common import clock
from geozones.common.files import ordinary, why
from geozones.common.pacing import Progress, no_progress
from geozones.domain import EngineUnavailableError, Provenance, TravelTimes
from geozones.domain.times import TENTH_QUANTILE, same_places
from geozones.travel.engine import Positions, on_earth
from geozones.travel.ground import load_ground
from geozones.travel.network import AccessRules, Network, RoadGraph, RoadKind, Surroundings, Ways

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    from collections.abc import Mapping

    from geozones.travel.ground import Terrain

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Places = Mapping[str, tuple[float, float]]
    from collections.abc import Callable
    from pathlib import Path

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
