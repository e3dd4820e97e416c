"""The map background of a real extract, held against the extract read apart."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import osmium
import pyproj
import pytest
import shapely

from geozones.territory.basemap import BasemapWritten, read_layers, read_source, write_basemap
from geozones.territory.basemap.osm_features import KINDS, FeatureKind
from helpers.real_extract import BOUNDS, helsinki

pytestmark = pytest.mark.slow

EARTH = pyproj.Geod(ellps="sphere")
ROADS = [kind for kind in KINDS if kind.layer == "roads"]


@pytest.fixture(scope="module")
def background(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BasemapWritten]:
    path = tmp_path_factory.mktemp("fond") / "fond.parquet"
    return path, write_basemap(helsinki(), None, path)


@pytest.fixture(scope="module")
def metres() -> Counter[str]:
    """Length of the ways of each highway, between the points that the extract has."""
    found: Counter[str] = Counter()
    for item in osmium.FileProcessor(str(helsinki())).with_locations():
        if item.is_way() and "highway" in item.tags:
            nodes = [n.location if n.location.valid() else None for n in item.nodes]
            found[item.tags["highway"]] += sum(
                EARTH.inv(a.lon, a.lat, b.lon, b.lat)[2] for a, b in pairwise(nodes) if a and b
            )
    return found


@pytest.mark.parametrize("kind", ROADS, ids=[kind.name for kind in ROADS])
def test_roads_are_as_long_as_in_the_extract(
    background: tuple[Path, BasemapWritten], metres: Counter[str], kind: FeatureKind
) -> None:
    roads = read_layers(background[0], BOUNDS, 15)["roads"]
    drawn = sum(EARTH.geometry_length(line) for line in roads[roads["kind"] == kind.name].geometry)
    assert drawn == pytest.approx(sum(metres[value] for _, value in kind.tags), rel=0.02)


def test_streets_places_and_shores_are_those_of_helsinki(
    background: tuple[Path, BasemapWritten],
) -> None:
    layers = read_layers(background[0], BOUNDS, 15)
    names = set(layers["roads"]["name"].dropna())
    assert {"Unioninkatu", "Kaisaniemenkatu", "Vuorikatu"} <= names
    assert layers["places"]["name"].iloc[0] == "Helsinki"
    assert set(layers["places"]["name"]) >= {"Kluuvi", "Kaisaniemi", "Hakaniemi"}
    assert set(layers["water"]["kind"]) == {"coast", "lake"}


def test_its_source_and_size_are_told(background: tuple[Path, BasemapWritten]) -> None:
    path, written = background
    source = read_source(path)
    assert (source.extract, source.extract_date) == ("Helsinki.osm.pbf", None)
    assert source.features == written.features
    assert written.features["roads"] == len(read_layers(path, BOUNDS, 15)["roads"])
    assert path.stat().st_size < helsinki().stat().st_size / 4
    assert source.bounds == pytest.approx(BOUNDS, abs=0.001)
    assert shapely.box(*BOUNDS).buffer(1e-4).covers(shapely.box(*source.bounds))
