"""Valhalla on real OpenStreetMap data: its answers agree, and hold against the streets read apart.

The centre of Helsinki (tests/helpers/real_extract.py). No street of it allows more than 50 km/h.
"""

import math
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from geozones.travel.engine import crow_km
from geozones.travel.pbf import read_bounds
from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_tiles import build_tiles, read_manifest
from helpers.real_extract import BOUNDS, OODI, SCHOOLS, SUOMENLINNA, helsinki
from helpers.street_graph import StreetGraph, street_graph
from helpers.valhalla_drives import TODAY

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
