"""Distances that stay on land: round a bay, to an island, over a bridge, through unknown."""

import math
from itertools import pairwise

import numpy as np
import pytest
from shapely import box

from geozones.domain import Provenance, TravelTimes
from geozones.travel.engine import EstimatedDrives, Point, crow_km, formula_minutes
from geozones.travel.land_paths import LandPaths

#: A bay that opens to the north, in squares of a tenth of a degree (column, row).
SHORE = [(0, 2), (0, 1), (0, 0), (1, 0), (2, 0), (3, 0), (3, 1), (3, 2)]
ISLE, BESIDE = (6, 2), (20, 0)


def square(column: float, row: float) -> object:
    return box(column / 10, 45 + row / 10, (column + 1) / 10, 45 + (row + 1) / 10)


def middle(column: float, row: float) -> Point:
    return 45.05 + row / 10, 0.05 + column / 10


def country(*codes_of_others: tuple[str, tuple[int, int]]) -> LandPaths:
    codes = [f"29{rank:03}" for rank in range(len(SHORE))]
    others = dict(codes_of_others)
    shapes = [square(*at) for at in (*SHORE, *others.values())]
    return LandPaths.of([*codes, *others], shapes)


def between(land: LandPaths, a: Point, b: Point) -> float:
    return float(land.km([a], [b])[0, 0])


def test_a_line_over_a_bay_goes_round_it_and_a_dry_one_straight() -> None:
    land, west, east = country(), middle(*SHORE[0]), middle(*SHORE[-1])
    shore = sum(crow_km(middle(*a), middle(*b)) for a, b in pairwise(SHORE))
    assert crow_km(west, east) < between(land, west, east) <= shore
    assert between(land, west, east) > 1.5 * crow_km(west, east)
    south = middle(*SHORE[2]), middle(*SHORE[5])
    assert between(land, *south) == pytest.approx(crow_km(*south))
    assert between(land, west, west) == 0


def test_an_island_has_no_road_and_one_with_a_bridge_has() -> None:
    west = middle(*SHORE[0])
    assert math.isinf(between(country(("29155", ISLE)), west, middle(*ISLE)))
    bridged = LandPaths.of(["17300", "17301", "17297"], [square(0, 0), square(1, 0), square(4, 0)])
    assert math.isfinite(between(bridged, middle(1, 0), middle(4, 0)))


def test_between_departements_that_do_not_touch_the_land_is_not_known() -> None:
    a, b = middle(*SHORE[0]), middle(*BESIDE)
    assert between(country(("56001", BESIDE)), a, b) == pytest.approx(crow_km(a, b))
    assert math.isinf(between(country(("2A004", BESIDE)), a, b))
    # a point at sea is on no known land
    assert between(country(), a, middle(9, 9)) == pytest.approx(crow_km(a, middle(9, 9)))


def test_an_estimate_follows_the_land_and_says_that_an_island_has_no_road() -> None:
    land = country(("29155", ISLE))
    places = {"west": middle(*SHORE[0]), "east": middle(*SHORE[-1]), "isle": middle(*ISLE)}
    times = EstimatedDrives({}, None, land=lambda: land).matrix(places, places)
    round_the_bay = between(land, places["west"], places["east"])
    assert times.between("west", "east") == pytest.approx(
        float(formula_minutes(np.array(round_the_bay)))
    )
    assert np.isnan(times.minutes[:2, 2]).all()
    assert times.between("isle", "isle") == 0


def test_a_matrix_that_is_an_estimate_scales_nothing() -> None:
    places = {"a": middle(0, 0), "b": middle(3, 0)}
    minutes = np.array([[0.0, 99.0], [99.0, 0.0]])
    for engine, scaled in (("estimate", False), ("toy", True)):
        known = TravelTimes(
            tuple(places), tuple(places), minutes, minutes, Provenance(engine, "2026-01-01")
        )
        times = EstimatedDrives(places, known).matrix(places, places)
        assert (times.between("a", "b") == pytest.approx(99)) == scaled
