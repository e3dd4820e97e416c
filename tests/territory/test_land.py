"""Land of a list of sites: from their points alone, or over the communes around."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from geozones.territory.land import Land, communes_near, land_of
from geozones.territory.shapes import adjacency, parts_cut_off
from geozones.workspace.figures.study import Study

type Sites = dict[str, tuple[float, float]]

METRE = 1e-5


def sound(sites: Sites, land: Land) -> np.ndarray:
    """Return the cells, after checking that they are a coverage and that each holds its site."""
    cells = land.cells
    assert list(cells["id"]) == list(sites)
    shapes = cells.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert shapely.coverage_is_valid(shapes)
    points = shapely.points([(lon, lat) for lat, lon in sites.values()])
    assert (shapely.distance(shapes, points) < 2 * METRE).all()
    return shapes


def reach_km(sites: Sites, shapes: np.ndarray) -> float:
    """Return the distance of the farthest land from its site."""
    gaps = []
    for (lat, lon), shape in zip(sites.values(), shapes, strict=True):
        xy = shapely.get_coordinates(shape) - (lon, lat)
        gaps.append(np.hypot(xy[:, 0] * np.cos(np.radians(lat)), xy[:, 1]).max() * 111.2)
    return max(gaps)


def town(count: int, lat: float, lon: float, degrees: float, seed: int) -> Sites:
    around = np.random.default_rng(seed).normal(0, degrees, (count, 2))
    return {f"{lat}/{lon}/{i}": (lat + y, lon + x) for i, (x, y) in enumerate(around.tolist())}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=40),
    st.sampled_from([0.001, 0.03, 0.15]),
    st.sampled_from([(47.0, 2.0), (-21.1, 55.5), (66.0, 25.0), (16.2, -61.5), (-17.0, 179.9)]),
)
def test_any_sites_even_on_a_grid_or_at_one_place_have_land_near_them(
    spots: list[tuple[int, int]], step: float, corner: tuple[float, float]
) -> None:
    sites = {
        f"S{i}": (corner[0] + y * step, (corner[1] + x * step + 180) % 360 - 180)
        for i, (x, y) in enumerate(spots)
    }
    shapes = sound(sites, land_of(sites))
    assert (shapely.get_num_geometries(shapes) == 1).all()
    assert reach_km(sites, shapes) < 100
    again = land_of(sites).cells.geometry.to_numpy()
    assert all(a.equals_exact(b, 0) for a, b in zip(shapes, again, strict=True))


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_sites_at_one_place_share_its_land_in_equal_angles(count: int) -> None:
    sites = {f"S{i}": (48.0, 2.0) for i in range(count)}
    areas = shapely.area(sound(sites, land_of(sites)))
    assert areas == pytest.approx(np.full(count, areas.mean()), rel=0.05)


def test_sites_on_one_line_have_their_land_side_by_side() -> None:
    sites = {f"S{i}": (47.0 + i / 10, 2.0 + i / 10) for i in range(6)}
    shapes = sound(sites, land_of(sites))
    near = adjacency(dict(zip(sites, shapes, strict=True)))
    assert [len(near[key]) for key in sites] == [1, 2, 2, 2, 2, 1]


def test_the_land_of_a_region_is_in_one_piece_and_two_continents_are_two() -> None:
    here, there = town(40, 48.0, 2.0, 0.4, 1), town(20, 16.2, -61.5, 0.1, 2)
    sites = here | there
    land = land_of(sites)
    near = adjacency(dict(zip(sites, sound(sites, land), strict=True)))
    assert {len(part) for part in parts_cut_off(near, sites)} == {40, 20}


def test_land_does_not_fill_the_sea_between_two_arms_of_a_coast() -> None:
    """A bay of a degree between two rows of sites stays sea."""
    west = {f"W{i}": (47.0 + i / 10, 0.0) for i in range(12)}
    east = {f"E{i}": (47.0 + i / 10, 1.0) for i in range(12)}
    south = {f"S{i}": (47.0, i / 10) for i in range(1, 10)}
    sites = west | south | east
    whole = shapely.union_all(sound(sites, land_of(sites)))
    assert not whole.intersects(shapely.Point(0.5, 47.8))
    assert whole.contains(shapely.Point(0.5, 47.05))


def test_land_that_a_bay_cuts_off_from_its_site_goes_to_a_neighbour() -> None:
    random = np.random.default_rng(1514)
    count = int(random.integers(5, 25))
    lons, lats = random.uniform(0, 3, count), random.uniform(0, 2, count)
    sites = {f"S{i}": (47 + lats[i], 2 + lons[i]) for i in range(count)}
    assert (shapely.get_num_geometries(sound(sites, land_of(sites))) == 1).all()


def test_the_land_of_this_region_from_points_alone_looks_like_the_real_one(
    shipped_study: Study,
) -> None:
    atlas = shipped_study.atlas
    sites = {lycee.id: (lycee.lat, lycee.lon) for lycee in atlas.lycees.values()}
    mine = shapely.union_all(sound(sites, land_of(sites)))
    true = shapely.union_all(list(atlas.cells.values()))
    assert mine.intersection(true).area > 0.8 * mine.union(true).area


def grid(departement: str, west: float, south: float) -> gpd.GeoDataFrame:
    """Sixteen communes of a tenth of a degree, in a département."""
    boxes = [
        box(west + i / 10, south + j / 10, west + (i + 1) / 10, south + (j + 1) / 10)
        for i in range(4)
        for j in range(4)
    ]
    codes = [f"{departement}{i:03}" for i in range(16)]
    table = {"code": codes, "nom": codes, "departement": departement}
    return gpd.GeoDataFrame(table, geometry=boxes, crs="EPSG:4326")


def communes() -> gpd.GeoDataFrame:
    parts = [grid("01", 0, 47), grid("02", 0.4, 47), grid("03", 0.8, 47)]
    return gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs="EPSG:4326")


def test_with_communes_the_land_is_that_of_the_departements_touched() -> None:
    sites = {"A": (47.05, 0.05), "B": (47.35, 0.35), "C": (47.2, 0.75)}
    near = communes_near(sites, communes())
    assert set(near["departement"]) == {"01", "02"}
    land = land_of(sites, near)
    assert shapely.union_all(sound(sites, land)).equals(box(0, 47, 0.8, 47.4))
    shapes = dict(zip(land.departements["id"], land.departements.geometry, strict=True))
    assert shapes["01"].equals(box(0, 47, 0.4, 47.4))


def test_minutes_decide_of_a_commune_and_crow_distance_where_it_reaches_no_site() -> None:
    sites = {"A": (47.05, 0.05), "B": (47.35, 0.35)}
    near = communes_near(sites, communes())
    minutes = np.tile([10.0, 90.0], (16, 1))
    minutes[near["code"] == "01011"] = np.nan
    cells = land_of(sites, near, minutes).cells.geometry
    assert cells[1].equals(box(0.2, 47.3, 0.4, 47.4))


def test_a_site_far_from_all_communes_has_land_around_it_beside_the_others() -> None:
    sites = {"A": (47.05, 0.05), "FAR": (47.2, 1.4), "B": (47.35, 0.35), "SEA": (47.2, 0.55)}
    near = communes_near({"A": sites["A"], "B": sites["B"]}, communes())
    shapes = sound(sites, land_of(sites, near))
    assert shapely.union_all(shapes[[0, 2]]).equals(box(0, 47, 0.4, 47.4))
    assert 20 < reach_km(sites, shapes) < 100


@pytest.mark.parametrize(
    "sites", [{}, {"A": (np.nan, 2.0)}, {"A": (2.0, 480.0)}, {"A": (89.9, 2.0)}]
)
def test_positions_that_are_none_on_earth_are_refused(sites: Sites) -> None:
    with pytest.raises(ValueError, match=r"no lycée|not on Earth"):
        land_of(sites)


def test_nine_hundred_sites_are_a_coverage() -> None:
    sites = town(600, 47.0, 2.0, 1.0, 3) | town(300, 48.8, 2.3, 0.1, 4)
    assert reach_km(sites, sound(sites, land_of(sites))) < 100
