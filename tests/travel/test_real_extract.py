"""Valhalla on real OpenStreetMap data: its answers agree, and hold against the streets read apart.

The centre of Helsinki (tests/helpers/real_extract.py). No street of it allows more than 50 km/h.
"""

import math
from dataclasses import dataclass
from itertools import pairwise, permutations
from pathlib import Path

import numpy as np
import osmium
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree
from shapely import MultiLineString

from geozones.travel.engine import crow_km
from geozones.travel.pbf import read_bounds
from geozones.travel.valhalla import Valhalla, build_tiles, read_manifest
from helpers.real_extract import BOUNDS, OODI, SCHOOLS, SUOMENLINNA, helsinki
from helpers.valhalla_drives import TODAY

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


pytestmark = pytest.mark.slow

FASTEST = 60 / 50
PAIRS = [*permutations(SCHOOLS, 2)]


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("helsinki") / "tiles"
    build_tiles(helsinki(), out, today=lambda: TODAY)
    return out


@pytest.fixture(scope="module")
def engine(tiles: Path) -> Valhalla:
    return Valhalla(tiles, today=lambda: TODAY)


@pytest.fixture(scope="module")
def streets() -> StreetGraph:
    return street_graph(helsinki())


def test_the_tiles_say_what_they_are_of(tiles: Path) -> None:
    manifest = read_manifest(tiles)
    assert (manifest.pbf, manifest.pbf_bytes) == ("Helsinki.osm.pbf", 685_110)
    assert manifest.extract_date is None


def test_the_header_says_what_the_extract_covers(pbf: Path) -> None:
    assert read_bounds(helsinki()) == pytest.approx(BOUNDS, abs=1e-6)
    # the small country's header says nothing of it
    assert read_bounds(pbf) is None


@pytest.mark.parametrize(("origin", "destination"), PAIRS)
def test_a_drive_is_no_shorter_than_the_streets_allow(
    engine: Valhalla, streets: StreetGraph, origin: str, destination: str
) -> None:
    start, end = SCHOOLS[origin], SCHOOLS[destination]
    times = engine.matrix(SCHOOLS, SCHOOLS)
    km = times.km_between(origin, destination)
    assert km >= crow_km(start, end)
    assert times.between(origin, destination) >= km * FASTEST
    shortest = streets.shortest_km(streets.nearest(start))[streets.nearest(end)]
    # places are tied up to 30 m from a crossing
    assert shortest - 0.1 <= km <= 1.6 * shortest + 0.1


@pytest.mark.parametrize("place", [SUOMENLINNA, (60.1500, 24.9700), (60.30, 24.94)])
def test_a_point_beyond_the_extract_or_at_sea_has_no_drive(
    engine: Valhalla, place: tuple[float, float]
) -> None:
    here = SCHOOLS["X00-ressu"]
    times = engine.matrix({"here": here, "off": place}, {"here": here, "off": place})
    assert np.isnan(times.minutes).tolist() == [[False, True], [True, False]]
    assert engine.near_roads({"here": here, "off": place}) == {"here"}


def test_a_place_whose_streets_leave_the_extract_is_reached_and_not_left(
    engine: Valhalla, streets: StreetGraph
) -> None:
    here = SCHOOLS["X00-kaisaniemi"]
    times = engine.matrix({"here": here, "edge": OODI}, {"here": here, "edge": OODI})
    assert times.between("here", "edge") > crow_km(here, OODI) * FASTEST
    assert math.isnan(times.between("edge", "here"))
    # the streets say so too
    from_edge = streets.shortest_km(streets.nearest(OODI))
    assert math.isinf(from_edge[streets.nearest(here)])
    assert math.isfinite(streets.shortest_km(streets.nearest(here))[streets.nearest(OODI)])
