"""Estimates of drives: against the table they lean on, over land, with their error."""

import math
from itertools import pairwise

import numpy as np
import pytest
from shapely import box

from geozones.domain import Provenance, TravelTimes, UnknownPlaceError
from geozones.domain.times import log_error_of
from geozones.travel.engine import EstimatedDrives, Point, Positions, crow_km, formula_minutes
from geozones.travel.ground import LandPaths
from geozones.travel.roadgraph import (
    END_MIN,
    SHARES,
    SOURCES_SHARE,
    WAY_OUT_MIN,
    RoadKind,
    interval,
)
from geozones.workspace.figures.study import Study
from geozones.workspace.reachability.accessibility import trip_between

NANTES, ANGERS = (47.2184, -1.5536), (47.4784, -0.5632)


def estimate(
    origin: Point, destination: Point, positions: Positions, times: TravelTimes
) -> tuple[float, float]:
    """Minutes and km of one drive."""
    estimate = EstimatedDrives(positions, times).matrix({"a": origin}, {"b": destination})
    assert estimate.provenance.engine == "estimate"
    return estimate.between("a", "b"), estimate.km_between("a", "b")


def test_the_crow_flies_80_km_from_nantes_to_angers_and_no_distance_is_no_minute(
    study: Study,
) -> None:
    assert crow_km(NANTES, ANGERS) == pytest.approx(80, abs=1)
    assert crow_km(NANTES, NANTES) == 0
    assert crow_km((0, 0), (0, 180)) == pytest.approx(math.pi * 6371, rel=1e-4)
    assert estimate(NANTES, NANTES, study.territory.positions, study.times) == (0, 0)


def test_between_two_lycees_the_estimate_is_what_the_table_says(study: Study) -> None:
    pairs = [("0490003M", "0530012A"), ("0490018D", "0720048L"), ("0440012Z", "0720013Y")]
    for a, b in pairs:
        minutes, km = estimate(
            study.territory.positions[a],
            study.territory.positions[b],
            study.territory.positions,
            study.times,
        )
        assert minutes == pytest.approx(study.times.between(a, b), rel=0.01)
        assert km == pytest.approx(study.times.km_between(a, b), rel=0.01)


def test_a_lycee_the_table_would_not_know_is_estimated_within_a_tenth(
    study: Study,
) -> None:
    rng = np.random.default_rng(2)
    lycees = list(study.territory.positions)
    errors, naive = [], []
    for _ in range(150):
        a, b = (str(key) for key in rng.choice(lycees, 2, replace=False))
        here, there = study.territory.positions[a], study.territory.positions[b]
        distance = crow_km(here, there)
        if distance < 5:
            continue
        others = {k: v for k, v in study.territory.positions.items() if k not in {a, b}}
        truth = study.times.between(a, b)
        errors.append(abs(estimate(here, there, others, study.times)[0] / truth - 1))
        naive.append(abs(float(formula_minutes(np.array(distance))) / truth - 1))
    assert sum(errors) / len(errors) < 0.10
    assert sum(errors) < sum(naive)


def test_without_any_way_around_the_formula_alone_answers(cut_toy: Study) -> None:
    positions = {key: cut_toy.territory.positions[key] for key in "AC"}
    minutes, km = estimate(positions["A"], positions["C"], positions, cut_toy.times)
    distance = crow_km(positions["A"], positions["C"])
    assert minutes == pytest.approx(float(formula_minutes(np.array(distance))))
    assert km == pytest.approx(distance * 1.3)


@pytest.mark.parametrize(
    "place", ["0490003A", "47.2", "47.2,-1.5,3", "nan,nan", "91,0", "0,181", "", "Nantes", "1,inf"]
)
def test_a_place_that_is_neither_a_lycee_nor_a_point_is_refused(study: Study, place: str) -> None:
    with pytest.raises(UnknownPlaceError, match="n'est ni un lycée, ni une commune, ni un point"):
        trip_between(study.analysis, "0490003M", place)


def drive(**minutes: float) -> np.ndarray:
    """One drive, its minutes by kind of way."""
    by_kind = np.zeros((1, 1, len(RoadKind)))
    for name, figure in minutes.items():
        by_kind[0, 0, RoadKind[name.upper()]] = figure
    return by_kind


def relative_width(**minutes: float) -> float:
    total = np.array([[sum(minutes.values())]], float)
    low, high = interval(total, drive(**minutes))
    assert low[0, 0] < total[0, 0] < high[0, 0]
    return float(log_error_of(total, low, high)[0, 0])


def test_kinds_add_up_as_independent_errors_of_their_own_minutes() -> None:
    kinds = (20 * SHARES[RoadKind.ROAD]) ** 2 + (10 * SHARES[RoadKind.TOWN_LEG]) ** 2
    way_out = WAY_OUT_MIN * 20 / 30
    sources = SOURCES_SHARE * 20
    expected = np.sqrt(kinds + sources**2 + way_out**2 + END_MIN**2)
    assert relative_width(road=20, town_leg=10) == pytest.approx(expected / 30)


def test_a_road_is_less_sure_than_a_motorway_and_short_drives_in_proportion() -> None:
    ferry, road, motorway = (relative_width(**{kind: 30}) for kind in ("ferry", "road", "motorway"))
    assert ferry > road > motorway
    for minutes in (60, 120, 240):
        assert relative_width(motorway=minutes) > 0.08  # 0.05 without it, at most
    assert relative_width(town_leg=30) < relative_width(road=30)
    assert relative_width(town_leg=5, road=5) > 1.05 * relative_width(town_leg=10)
    assert relative_width(town_leg=5, motorway=5) > relative_width(town_leg=10)
    assert relative_width(road=3) > 1.5 * relative_width(road=60)


def test_one_place_has_no_interval_and_no_way_has_none() -> None:
    minutes = np.array([[0.0, np.nan]])
    low, high = interval(minutes, np.full((1, 2, len(RoadKind)), np.nan) * minutes[..., None])
    assert low[0].tolist() == pytest.approx([0, np.nan], nan_ok=True)
    assert high[0].tolist() == pytest.approx([0, np.nan], nan_ok=True)


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
