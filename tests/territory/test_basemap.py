"""The map background of an extract drawn by hand: what it holds at each zoom, and what it refuses.

Coordinates are km east and north of 47° N, 1° W, as in tests/helpers/small_network.py. A pixel is
about 208 m wide at zoom 9, 52 m at zoom 11, 13 m at zoom 13 and 3 m at zoom 15.
"""

import datetime as dt
import math
import shutil
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pytest
import shapely
from osmium.osm.mutable import Node, Way
from shapely.affinity import affine_transform
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError, InputError
from geozones.territory.basemap import (
    BasemapSource,
    Bounds,
    read_layers,
    read_source,
    write_basemap,
)
from geozones.territory.basemap.osm_features import KINDS, LAYERS, LEVELS, FeatureKind
from helpers.small_network import EAST, LAT, LON, NORTH, Km, Tags, at, write_pbf

DAY = dt.date(2026, 1, 2)
PIXEL_M = {9: 208.5, 11: 52.1, 13: 13.0, 15: 3.26}


def window(west: float, south: float, east: float, north: float) -> Bounds:
    """A window given in km."""
    (bottom, left), (top, right) = at(west, south), at(east, north)
    return left, bottom, right, top


EVERYWHERE = window(-50, -50, 150, 150)


def in_km(shape: BaseGeometry) -> BaseGeometry:
    return affine_transform(shape, [1 / EAST, 0, 0, 1 / NORTH, -LON / EAST, -LAT / NORTH])


def square(x: float, y: float, side: float) -> list[Km]:
    return [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]


def drawn(
    folder: Path,
    ways: list[tuple[list[Km], Tags]],
    points: list[tuple[Km, Tags]] | None = None,
    areas: list[tuple[dict[int, str], Tags]] | None = None,
) -> Path:
    """The background of an extract that holds these."""
    pbf = write_pbf(folder / "dessin.osm.pbf", ways, points or (), areas or ())
    write_basemap(pbf, DAY, folder / "fond.parquet")
    return folder / "fond.parquet"


def seen(path: Path, layer: str, zoom: float, bounds: Bounds = EVERYWHERE) -> gpd.GeoDataFrame:
    return read_layers(path, bounds, zoom)[layer]


# --- what is there


def of_kind(kind: FeatureKind, rank: int) -> tuple[list[Km], Tags]:
    """A line or a square of 5 km of some kind, apart from the others."""
    key, value = kind.tags[0]
    line = square(0, rank * 6, 5) if kind.shape.value == "area" else [(0, rank * 6), (5, rank * 6)]
    return line, {key: value}


@pytest.fixture(scope="module")
def one_of_each(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shaped = [kind for kind in KINDS if kind.shape.value != "point"]
    places = [kind for kind in KINDS if kind.shape.value == "point"]
    ways = [of_kind(kind, rank) for rank, kind in enumerate(shaped)]
    points = [((9.0, float(i)), {"place": kind.tags[0][1]}) for i, kind in enumerate(places)]
    return drawn(tmp_path_factory.mktemp("each"), ways, points)


@pytest.mark.parametrize("zoom", range(17))
def test_a_kind_is_drawn_from_its_zoom_on(one_of_each: Path, zoom: int) -> None:
    layers = read_layers(one_of_each, EVERYWHERE, zoom)
    assert tuple(layers) == LAYERS
    for layer, features in layers.items():
        expected = [kind.name for kind in KINDS if kind.layer == layer and kind.zoom <= zoom]
        assert features["kind"].tolist() == expected


def test_what_is_not_to_be_drawn_is_left_out(tmp_path: Path) -> None:
    path = drawn(
        tmp_path,
        [
            ([(0, 0), (5, 0)], {"highway": "residential", "name": "Rue Haute"}),
            ([(0, 1), (5, 1)], {"highway": "footway"}),
            (square(0, 2, 3), {"building": "yes"}),
            (square(9, 2, 3), {"landuse": "meadow"}),
            # a closed street is no area, nor a wood's edge a line
            (square(20, 2, 3), {"highway": "residential", "name": "Place"}),
            ([(30, 0), (33, 0)], {"natural": "wood"}),
        ],
    )
    layers = read_layers(path, EVERYWHERE, 15)
    assert {layer: len(rows) for layer, rows in layers.items()} == {
        "woods": 0, "built_up": 0, "water": 0, "roads": 2, "places": 0,
    }  # fmt: skip
    assert set(layers["roads"].geom_type) == {"LineString"}


def test_a_lake_keeps_its_island_and_the_pond_goes_far_away(tmp_path: Path) -> None:
    island, rock = square(1, 1, 2), square(4, 4, 0.05)
    path = drawn(
        tmp_path,
        [
            (square(0, 0, 5), {}),
            (island, {}),
            (rock, {}),
            (square(10, 0, 0.1), {"natural": "water"}),
        ],
        areas=[({0: "outer", 1: "inner", 2: "inner"}, {"natural": "water", "name": "Grand-Lieu"})],
    )
    near, far = seen(path, "water", 15), seen(path, "water", 9)
    lake = near[near["name"] == "Grand-Lieu"].geometry.item()
    assert in_km(lake).area == pytest.approx(25 - 4 - 0.0025, rel=1e-3)
    assert len(lake.interiors) == 2
    assert len(near) == 2
    assert far["name"].tolist() == ["Grand-Lieu"]
    assert len(far.geometry.item().interiors) == 1
    assert in_km(far.geometry.item()).area == pytest.approx(21, rel=0.02)


def test_pieces_of_a_road_are_one_line_and_crossings_stay(tmp_path: Path) -> None:
    main = {"highway": "primary", "ref": "D 12"}
    path = drawn(
        tmp_path,
        [
            ([(0, 0), (2, 0)], {**main, "name": "Rue du Pont"}),
            ([(2, 0), (5, 0)], {**main, "name": "Rue du Pont"}),
            ([(9, 0), (5, 0)], {**main, "name": "Rue de la Gare"}),
            ([(5, 0), (5, 4)], {"highway": "primary", "ref": "D 3"}),
        ],
    )
    town = seen(path, "roads", 15)
    assert sorted(town["name"].fillna("").tolist()) == ["", "Rue de la Gare", "Rue du Pont"]
    region = seen(path, "roads", 9)
    assert sorted(region["ref"]) == ["D 12", "D 3"]
    assert region["name"].isna().all()
    for features in (town, region):
        assert sum(in_km(line).length for line in features.geometry) == pytest.approx(13, rel=1e-3)


def meander(points: int) -> list[Km]:
    """A river 30 km long that swings by 300 m, and shivers by 5 m."""
    steps = np.linspace(0, 30, points)
    return [(x, 0.3 * math.sin(x) + 0.005 * math.sin(40 * x)) for x in steps.tolist()]


@pytest.mark.parametrize("zoom", [level.zoom for level in LEVELS])
def test_a_line_moves_by_less_than_a_pixel(tmp_path: Path, zoom: int) -> None:
    river = meander(1500)
    path = drawn(tmp_path, [(river, {"waterway": "river", "name": "La Sarthe"})])
    line = in_km(seen(path, "water", zoom).geometry.item())
    moved_m = shapely.hausdorff_distance(line, shapely.LineString(river), densify=0.01) * 1000
    assert moved_m < PIXEL_M[zoom]


def test_a_line_has_the_fewer_points_the_farther_one_is(tmp_path: Path) -> None:
    path = drawn(tmp_path, [(meander(1500), {"waterway": "river"})])
    counts = [
        shapely.get_num_coordinates(seen(path, "water", level.zoom).geometry.item())
        for level in LEVELS
    ]
    assert counts == sorted(counts)
    assert 10 < counts[0] < counts[-1] / 5


def test_the_most_populated_places_come_first_whatever_their_figures_look_like(
    tmp_path: Path,
) -> None:
    inhabitants = {"Laval": "49 733", "Nantes": "323204", "Angers": "environ 150000", "Cholet": ""}
    points = [
        ((float(i), 0.0), {"place": "city", "name": name, "population": people})
        for i, (name, people) in enumerate(inhabitants.items())
    ]
    path = drawn(tmp_path, [], [*points, ((9.0, 9.0), {"place": "town", "name": "Ancenis"})])
    found = seen(path, "places", 9)
    assert found["name"].tolist() == ["Nantes", "Laval", "Angers", "Cholet", "Ancenis"]
    assert found["population"].fillna(0).tolist() == [323204, 49733, 0, 0, 0]


# --- reading


def test_a_window_holds_what_it_shows_and_is_cut_at_its_edges(tmp_path: Path) -> None:
    ways = [
        ([(x, y), (x + 0.9, y + 0.9)], {"highway": "tertiary", "ref": f"D {x}-{y}"})
        for x in range(60)
        for y in range(60)
    ]
    path = drawn(tmp_path, [*ways, (square(-5, -5, 80), {"landuse": "forest"})])
    view = window(10.4, 20.4, 13.6, 22.6)
    layers = read_layers(path, view, 14)
    shown = {f"D {x}-{y}" for x in range(10, 14) for y in range(20, 23)}
    assert set(layers["roads"]["ref"]) == shown
    for features in layers.values():
        assert all(shapely.box(*view).buffer(1e-9).covers(shape) for shape in features.geometry)
    assert in_km(layers["woods"].geometry.item()).area == pytest.approx(3.2 * 2.2, rel=1e-3)
    assert set(read_layers(path, view, 14, ["roads"])) == {"roads"}


def test_nothing_to_show_is_no_error(one_of_each: Path) -> None:
    layers = read_layers(one_of_each, (20.0, 60.0, 21.0, 61.0), 12)
    assert [len(features) for features in layers.values()] == [0] * len(LAYERS)


def test_the_file_says_where_it_comes_from(tmp_path: Path) -> None:
    path = drawn(tmp_path, [([(0, 0), (4, 3)], {"highway": "motorway"})])
    south, west = at(0, 0)
    north, east = at(4, 3)
    source = read_source(path)
    assert source == BasemapSource(
        extract="dessin.osm.pbf",
        extract_date="2026-01-02",
        bounds=source.bounds,
        features={"woods": 0, "built_up": 0, "water": 0, "roads": 1, "places": 0},
        credit="© les contributeurs d’OpenStreetMap",
        licence="ODbL 1.0",
    )
    assert source.bounds == pytest.approx((west, south, east, north), abs=2e-4)


def test_any_gis_reads_the_whole_file_which_is_the_same_for_the_same_extract(
    one_of_each: Path, tmp_path: Path
) -> None:
    frame = gpd.read_parquet(one_of_each)
    assert frame.crs == "OGC:CRS84"
    assert set(frame["level"]) == {level.zoom for level in LEVELS}
    assert frame.geometry.is_valid.all()
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        drawn(
            tmp_path / name,
            [(meander(50), {"waterway": "river"}), (square(0, 9, 2), {"landuse": "forest"})],
        )
    assert (tmp_path / "a/fond.parquet").read_bytes() == (tmp_path / "b/fond.parquet").read_bytes()


# --- what goes wrong


def test_a_file_that_is_missing_or_altered_is_said(one_of_each: Path, tmp_path: Path) -> None:
    whole = one_of_each.read_bytes()
    altered = tmp_path / "fond.parquet"
    for content, words in ((None, "manque"), (whole[:-900], "illisible"), (b"<html>", "illisible")):
        if content is not None:
            altered.write_bytes(content)
        for read in (read_source, lambda path: read_layers(path, EVERYWHERE, 9)):
            with pytest.raises(
                DataFileError, match=rf"^Le fond de carte .* {words}[^\n]*roads build"
            ):
                read(altered)


def test_an_extract_with_nothing_to_draw_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"dessin\.osm\.pbf.*rien à dessiner"):
        drawn(tmp_path, [([(0, 0), (1, 0)], {"highway": "footway"})])
    assert [path.name for path in tmp_path.iterdir()] == ["dessin.osm.pbf"]


def test_a_damaged_extract_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = drawn(tmp_path, [(meander(800), {"waterway": "river"})])
    before = path.read_bytes()
    pbf = tmp_path / "dessin.osm.pbf"
    content = bytearray(pbf.read_bytes())
    content[-300:-100] = bytes(200)
    pbf.write_bytes(content)
    with pytest.raises(InputError, match="est abîmé"):
        write_basemap(pbf, DAY, path)
    assert path.read_bytes() == before
    assert {each.name for each in tmp_path.iterdir()} == {"dessin.osm.pbf", "fond.parquet"}


def test_an_extract_whose_ways_are_not_sorted_is_told_how_to_sort_it(tmp_path: Path) -> None:
    pbf = tmp_path / "desordre.osm.pbf"
    with osmium.SimpleWriter(str(pbf)) as writer:
        for i in (1, 2):
            writer.add_node(Node(id=i, version=1, location=(LON, LAT + i * NORTH)))
        for i in (2, 1):
            writer.add_way(Way(id=i, version=1, nodes=[1, 2], tags={"highway": "primary"}))
    with pytest.raises(InputError, match="osmium sort"):
        write_basemap(pbf, None, tmp_path / "fond.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["desordre.osm.pbf"]


def test_a_disk_without_room_for_the_positions_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=100))
    with pytest.raises(OSError, match="No space"):
        drawn(tmp_path, [([(0, 0), (1, 0)], {"highway": "primary"})])
    assert [left.name for left in tmp_path.iterdir()] == ["dessin.osm.pbf"]
    monkeypatch.undo()
