"""Borders and shapes: smooth from near, one line for both sides, files of communes."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import LineString, Point, box

from geozones.common.errors import DataFileError, InputError
from geozones.territory.borders import Border, borders_of, curve, read_borders, shape_within
from geozones.territory.commune_file import read_commune_file
from geozones.territory.shapes import adjacency, dissolve, parts_cut_off
from geozones.territory.territory_files import read_cells, read_communes
from geozones.territory.units import Units, parts_by_bank
from geozones.workspace.figures.study import Study
from helpers.frozen_plan import SHIPPED

#: Two squares of 0.01° side by side, a bent line between them, then one alone in the sea.
BENT = [(0.01, 0), (0.011, 0.004), (0.009, 0.007), (0.01, 0.01)]
WEST = shapely.Polygon([(0, 0), *BENT, (0, 0.01)])
EAST = shapely.Polygon([(0.02, 0), (0.02, 0.01), *reversed(BENT)])
ISLE = box(0.04, 0, 0.05, 0.01)
IDS = ("A", "B")


def units(*owners: int) -> Units:
    shapes = np.array([WEST, EAST, ISLE][: len(owners)], object)
    return Units(shapes, np.arange(len(owners)), np.array(owners), np.array([0, 1]))


def lines(*owners: int, departements: str = "111") -> tuple[Border, ...]:
    return borders_of(units(*owners), np.array(owners), IDS, list(departements[: len(owners)]))


def test_two_lands_have_one_line_between_them_that_keeps_its_points_and_is_smooth() -> None:
    (shared,) = [each for each in lines(0, 1) if each.right is not None]
    line = shared.line
    assert all(line.distance(Point(point)) < 1e-4 for point in BENT)
    turns = np.diff(np.unwrap(np.arctan2(*np.diff(shapely.get_coordinates(line), axis=0).T)))
    assert np.abs(turns).max() < np.radians(35)  # the line that it was made of turns by 50°


def test_the_lands_of_some_lycees_are_bounded_by_the_lines_with_one_side_among_them() -> None:
    found = lines(0, 1, 1)
    west, east = (shape_within(found, lambda side, key=key: side.lycee == key) for key in IDS)  # type: ignore[misc]
    whole = shape_within(found, lambda _: True)
    assert shapely.coverage_is_valid([west, east])
    assert west.union(east).equals(whole)
    assert shapely.get_num_geometries(east) == 2  # and its island
    assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0


def test_a_departement_has_its_border_where_it_parts_the_land_of_one_lycee() -> None:
    found = lines(0, 0, departements="12")
    inner = [each for each in found if each.right is not None]
    assert [{each.left.departement, each.right.departement} for each in inner] == [{"1", "2"}]


def test_a_straight_line_stays_one_and_a_closed_one_is_smooth_at_its_start_too() -> None:
    assert shapely.get_num_coordinates(curve(LineString([(0, 0), (1, 1), (2, 2)]))) == 2
    ring = curve(LineString([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]))
    assert shapely.Polygon(ring).area > 1.1  # rounder than the square


def test_a_river_parts_the_lycees_of_a_town_where_each_bank_has_some() -> None:
    town, river = box(0, 0, 1, 1), LineString([(0.3, -1), (0.3, 2)])
    sites = np.array([(0.2, 0.5), (0.6, 0.2), (0.6, 0.8)])
    west, south, north = parts_by_bank(town, sites, river)
    assert west.equals(box(0, 0, 0.3, 1))
    assert south.equals(box(0.3, 0, 1, 0.5))
    assert north.equals(box(0.3, 0.5, 1, 1))


def test_a_bank_without_a_lycee_is_shared_out_and_no_river_changes_nothing() -> None:
    town, river = box(0, 0, 1, 1), LineString([(-1, 0.9), (2, 0.9)])
    sites = np.array([(0.2, 0.5), (0.8, 0.5)])
    for lines_ in (river, None, LineString([(5, 5), (6, 6)])):
        west, east = parts_by_bank(town, sites, lines_)
        assert west.equals(box(0, 0, 0.5, 1))
        assert east.equals(box(0.5, 0, 1, 1))


def test_each_shipped_lycee_is_in_its_land_seen_from_near_as_from_far(study: Study) -> None:
    found = study.atlas.borders
    parts = {side for each in found for side in (each.left, each.right) if side is not None}
    assert {side.lycee for side in parts} == set(study.atlas.lycees)
    for key, lycee in study.atlas.lycees.items():
        land = shape_within(found, lambda side, key=key: side.lycee == key)  # type: ignore[misc]
        assert land.distance(Point(lycee.lon, lycee.lat)) < 2e-4, key
        far = study.atlas.cells[key]
        assert land.symmetric_difference(far).area < 0.25 * far.area, key


def test_zones_seen_from_near_leave_no_gap_between_them(study: Study) -> None:
    plan, found = study.plan, study.atlas.borders
    zones = [
        shape_within(found, lambda side, zone=zone: plan.zone_by_lycee[side.lycee] == zone.id)  # type: ignore[misc]
        for zone in plan.zones
    ]
    assert shapely.coverage_is_valid(zones)
    whole = shapely.coverage_union_all(zones)
    assert shapely.get_num_interior_rings(shapely.get_parts(whole)).sum() == 0


def test_a_file_of_other_places_or_damaged_is_told_and_one_may_lack_it(tmp_path: Path) -> None:
    path = tmp_path / "fine_borders.parquet"
    assert read_borders(path, "any") == ()
    table = pq.read_table(SHIPPED / path.name)
    pq.write_table(table, path)
    assert read_borders(path, "other") == ()
    gpd.read_parquet(path)[["geometry"]].to_parquet(path)
    with pytest.raises(DataFileError, match="illisible"):
        read_borders(path, "other")


# A B C in a row; D touches C by a corner only; E is an island
CELLS = {
    "A": box(0, 0, 1, 1),
    "B": box(1, 0, 2, 1),
    "C": box(2, 0, 3, 1),
    "D": box(3, 1, 4, 2),
    "E": box(9, 9, 10, 10),
}
Neighbours = dict[str, frozenset[str]]


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    return adjacency(CELLS)


def test_cells_that_share_more_than_a_corner_are_neighbours_and_in_one_piece(
    neighbours: Neighbours,
) -> None:
    assert neighbours["B"] == {"A", "C"}
    assert neighbours["C"] == {"B"}
    assert neighbours["D"] == neighbours["E"] == frozenset()
    assert parts_cut_off(neighbours, ["C", "A", "B"]) == ()
    assert parts_cut_off(neighbours, ["A"]) == ()
    assert parts_cut_off(neighbours, []) == ()


def test_pieces_are_named_largest_first_and_dissolving_removes_inner_borders(
    neighbours: Neighbours,
) -> None:
    assert parts_cut_off(neighbours, ["A", "C"]) == (("A",), ("C",))
    assert parts_cut_off(neighbours, ["D", "A", "B"]) == (("A", "B"), ("D",))
    assert dissolve(CELLS, ["A", "B"]).equals(box(0, 0, 2, 1))


#: A shape in a table that does not say it has shapes, bytes that are no shape, and a text.
SHAPES = {
    "undeclared": shapely.to_wkb(shapely.box(0, 0, 1, 1)),
    "cut": b"\0",
    "text": "POINT (0 0)",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_table_that_is_no_file_of_shapes_is_refused(tmp_path: Path, shape: object) -> None:
    path = tmp_path / "cells.parquet"
    pd.DataFrame({"id": ["A"], "geometry": [shape]}).to_parquet(path)
    with pytest.raises(DataFileError, match="illisible ou altéré"):
        read_cells(path, ["A"], "")
    with pytest.raises(DataFileError, match="illisible ou altéré"):
        read_communes(path)


CORSE = Path(__file__).parents[1] / "fixtures" / "territories" / "communes_corse.geojson"


def test_the_communes_of_corse_are_read_with_their_departements() -> None:
    frame = read_commune_file(CORSE)
    assert list(frame.columns) == [
        "code", "nom", "departement", "epci", "population", "lat", "lon", "geometry",
    ]  # fmt: skip
    assert len(frame) == 360
    ajaccio = frame[frame["code"] == "2A004"].iloc[0]
    assert (ajaccio["nom"], ajaccio["departement"]) == ("Ajaccio", "2A")
    assert ajaccio["epci"] == "Communauté d'agglomération du Pays Ajaccien"
    assert ajaccio["population"] == 70_659
    assert abs(ajaccio["lat"] - 41.93) < 0.1
    assert abs(ajaccio["lon"] - 8.7) < 0.15


def test_codes_are_found_by_what_they_are_and_give_the_departement(tmp_path: Path) -> None:
    places = gpd.GeoDataFrame(
        {"cle": ["97411", "29019"], "libelle": ["Saint-Denis", "Brest"]},
        geometry=[box(55.4, -20.95, 55.5, -20.87), box(-4.55, 48.36, -4.42, 48.43)],
        crs=4326,
    )
    places.to_crs(2154).to_file(tmp_path / "communes.gpkg")
    frame = read_commune_file(tmp_path / "communes.gpkg")
    assert list(frame["code"]) == ["29019", "97411"]
    assert list(frame["nom"]) == ["Brest", "Saint-Denis"]
    assert list(frame["departement"]) == ["29", "974"]
    assert list(frame["epci"]) == ["", ""]
    assert list(frame["population"]) == [0, 0]
    assert frame["lat"].tolist() == pytest.approx([48.395, -20.91], abs=0.01)


def test_districts_abroad_need_a_name_only(tmp_path: Path) -> None:
    places = gpd.GeoDataFrame(
        {"nimi": ["Kallio"]}, geometry=[box(24.94, 60.18, 24.96, 60.19)], crs=4326
    )
    places.to_file(tmp_path / "alueet.geojson")
    frame = read_commune_file(tmp_path / "alueet.geojson")
    assert frame[["code", "nom", "departement"]].to_numpy().tolist() == [["1", "Kallio", ""]]


def test_a_file_without_polygons_or_names_says_what_it_has(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"nom": ["A"]}, geometry=gpd.points_from_xy([2], [48]), crs=4326)
    points.to_file(tmp_path / "points.geojson")
    with pytest.raises(InputError, match="aucun contour"):
        read_commune_file(tmp_path / "points.geojson")
    bare = gpd.GeoDataFrame({"couleur": ["bleu"]}, geometry=[box(2, 48, 3, 49)], crs=4326)
    bare.to_file(tmp_path / "bare.geojson")
    with pytest.raises(InputError, match=r"ni colonne de codes ni colonne de noms.*couleur"):
        read_commune_file(tmp_path / "bare.geojson")
    (tmp_path / "text.geojson").write_text("pas une carte", encoding="utf-8")
    with pytest.raises(InputError, match="n'est pas lisible"):
        read_commune_file(tmp_path / "text.geojson")
    with pytest.raises(InputError, match="il n'existe pas"):
        read_commune_file(tmp_path / "absent.geojson")
