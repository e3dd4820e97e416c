"""Streets of an extract as a graph of one's own: what an engine's answers are held against.

Tags are read by OpenStreetMap's rules for cars (https://wiki.openstreetmap.org/wiki/Key:oneway);
turn restrictions and lights are not, so a way through it is never longer than a real drive.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree
from shapely import MultiLineString

from geozones.travel.engine import crow_km

CARS = frozenset(
    {
        "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential",
        "living_street", "service", "motorway_link", "trunk_link", "primary_link",
        "secondary_link", "tertiary_link", "track", "road",
    }
)  # fmt: skip


@dataclass(frozen=True)
class StreetGraph:
    """Crossings (latitude, longitude) and the km of each directed piece of street between them."""

    points: np.ndarray
    km: csr_array
    lines: MultiLineString

    def nearest(self, place: tuple[float, float]) -> int:
        """The crossing or bend nearest to a place."""
        scale = np.array([1, np.cos(np.radians(place[0]))])
        return int(KDTree(self.points * scale).query(np.array(place) * scale)[1])

    def shortest_km(self, start: int) -> np.ndarray:
        """Km of the shortest way from one point to every other; infinite where there is none."""
        return np.asarray(dijkstra(self.km, indices=start))


def street_graph(pbf: Path) -> StreetGraph:
    """Return the streets that cars may drive, each way where they may."""
    ranks: dict[int, int] = {}
    points: list[tuple[float, float]] = []
    pieces: list[tuple[int, int, float]] = []
    lines = []
    for way in osmium.FileProcessor(str(pbf)).with_locations():
        if not isinstance(way, osmium.osm.Way) or way.tags.get("highway") not in CARS:
            continue
        oneway = way.tags.get("oneway") in {"yes", "1", "true"}
        oneway |= way.tags.get("junction") == "roundabout" or way.tags.get("highway") == "motorway"
        nodes = [node for node in way.nodes if node.location.valid()]
        for node in nodes:
            if node.ref not in ranks:
                ranks[node.ref] = len(points)
                points.append((node.lat, node.lon))
        for first, second in pairwise(ranks[node.ref] for node in nodes):
            length = crow_km(points[first], points[second])
            pieces.append((first, second, length))
            if not oneway:
                pieces.append((second, first, length))
        if len(nodes) > 1:
            lines.append([(node.lon, node.lat) for node in nodes])
    rows, columns, km = zip(*pieces, strict=True)
    shape = (len(points), len(points))
    graph = csr_array((np.maximum(km, 1e-9), (rows, columns)), shape=shape)
    return StreetGraph(np.array(points), graph, MultiLineString(lines))
