"""Drives over a road graph: places tied in, fastest paths, their minutes by kind of road."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from geozones.domain import Provenance, TravelTimes
from geozones.domain.times import same_places
from geozones.travel.access import AccessRules, Surroundings
from geozones.travel.engine import on_earth
from geozones.travel.error_model import interval
from geozones.travel.network import Network, RoadGraph, RoadKind, Ways

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from geozones.travel.ground import Terrain
    from geozones.travel.legs import Leg

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    #: id -> (latitude, longitude) in degrees
    Places = Mapping[str, tuple[float, float]]

#: a road under water at high tide
TIDAL = "tidal"
#: classes of road that a place cannot join or leave between two junctions
CLOSED_CLASSES = frozenset({"motorway", "express", "access", "ferry", TIDAL})


@dataclass(frozen=True)
class RoadDrives:
    """Result of `travel_times`: arrays [origin, destination], NaN if unreachable.

    Attributes
    ----------
    minutes, km
        float[origin, destination]; 0 if the two ids are the same.
    by_kind
        float[origin, destination, kind], the minutes of each `RoadKind` along the path.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: Floats
    km: Floats
    by_kind: Floats

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

    Parameters
    ----------
    graph
        The roads.
    ground
        Rivers that no access leg crosses, bridges, and towns.
    origins, destinations
        id -> (latitude, longitude) in degrees; an id of both has one position.
    rules
        Rules that tie a place to the roads.
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

    Parameters
    ----------
    around
        The roads and the ground.
    origins, destinations
        As `travel_times`.
    stops
        Places that a drive may pass through, losing the minutes of two ends: no drive is
        longer than through one of them. An id shared with the others has the same position.
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
    network = _network(around, near, points, wanted, stop)
    ways = _over_roads(network, origins, destinations)
    ends = dict(zip(near, around.ends(points).tolist(), strict=True))
    lost = [[ends.get(key, np.nan) for key in keys] for keys in (origins, destinations)]
    minutes = ways.minutes + np.add.outer(*lost)
    km, by_kind = ways.km.copy(), ways.by_kind.copy()
    off = ~np.isfinite(minutes)
    minutes[off] = km[off] = by_kind[off] = np.nan
    same = same_places(origins, destinations)
    minutes[same] = km[same] = by_kind[same] = 0.0
    return RoadDrives(tuple(origins), tuple(destinations), minutes, km, by_kind)


def _network(
    around: Surroundings,
    legs: Mapping[str, list[Leg]],
    points: Floats,
    wanted: Flags,
    stop: Flags,
) -> Network:
    """Tie places and bridges to the roads, and the wanted pairs to one another."""
    bridges = around.ground.bridges
    bridge_legs = [around.legs_from(lat, lon, bridge=True) for lat, lon in bridges.tolist()]
    network = Network(around.graph, bridge_legs, legs)
    network.add_bridge_hops(around.to_bridges(bridges[:, 0], bridges[:, 1], bridges=True))
    network.add_place_to_bridge(around.to_bridges(points[:, 0], points[:, 1]))
    network.add_place_to_place(around.between_places(points[:, 0], points[:, 1], wanted))
    town = around.in_town(points[stop])
    network.add_stops(np.flatnonzero(stop), 2 * around.ends(points[stop]), town)
    network.build()
    return network


def _over_roads(
    network: Network,
    origins: Places,
    destinations: Places,
) -> Ways:
    """Return the paths between places tied to the roads, inf if unreachable."""
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
    return ways


def _open_roads(graph: RoadGraph, rules: AccessRules) -> RoadGraph:
    """Remove the roads that the tide covers, unless the rules open them."""
    if rules.tidal_roads:
        return graph
    dry = graph.road_class != TIDAL
    names = ("u", "v", "km", "kmh", "road_class")
    return replace(graph, **{name: getattr(graph, name)[dry] for name in names})


def _joinable(graph: RoadGraph) -> Ints:
    """Return the edges that a place may join: open classes, in the largest connected part."""
    count = len(graph.lat)
    pattern = csr_matrix((np.ones(len(graph.u)), (graph.u, graph.v)), shape=(count, count))
    _, part = connected_components(pattern, directed=False)
    largest = np.bincount(part[graph.u]).argmax()
    opened = ~np.isin(graph.road_class, sorted(CLOSED_CLASSES)) & (part[graph.u] == largest)
    return np.flatnonzero(opened)


def surroundings_of(graph: RoadGraph, ground: Terrain, rules: AccessRules) -> Surroundings:
    """Return the inputs of access legs: the open roads, and the ground."""
    graph = _open_roads(graph, rules)
    edges = _joinable(graph)
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
