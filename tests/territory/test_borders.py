"""Borders seen from near: smooth, one line for both sides, and the same land as cells."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import LineString, Point, box

from geozones.common.errors import DataFileError
from geozones.territory.borders import Border, borders_of, curve, read_borders, shape_within
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
