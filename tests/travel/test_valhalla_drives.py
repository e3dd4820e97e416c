"""Drives of Valhalla, on a network whose times are known by hand.

Expected minutes are length over speed, which Valhalla keeps on a straight road; it adds a few
seconds a crossing and a turn, so that a bound allows up to 10 seconds for each of them. Lengths are
known to 0.2 %."""

import math
from pathlib import Path

import numpy as np
import pytest

from geozones.travel.valhalla import Valhalla, build_tiles
from helpers.small_network import Tags, at, streets, write_pbf
from helpers.valhalla_drives import LEG_MIN_PER_KM, one, times

pytestmark = pytest.mark.slow

# --- times


def test_a_straight_road_takes_its_length_over_its_speed_and_streets_add_up(
    engine: Valhalla,
) -> None:
    minutes, km = one(engine, (4, 0), (13, 0))
    assert km == pytest.approx(9, rel=0.002)
    assert minutes == pytest.approx(9 / 80 * 60, rel=0.02)
    # 0.25 + 1 + 2 km of streets (six crossings, two turns), then 5.5 km of road
    minutes, km = one(engine, (1.25, 1), (9, 0))
    assert km == pytest.approx(0.25 + 1 + 2 + 5.5, rel=0.002)
    free = 3.25 / 50 * 60 + 5.5 / 80 * 60
    assert free * 0.99 <= minutes <= free + 8 * 10 / 60


def test_a_one_way_street_is_driven_one_way(engine: Valhalla) -> None:
    there, back = one(engine, (3.6, 3.5), (6.4, 3.5)), one(engine, (6.4, 3.5), (3.6, 3.5))
    assert there[1] == pytest.approx(2.8, rel=0.002)
    assert there[0] == pytest.approx(2.8 / 50 * 60, rel=0.05)
    # on to the lane, down it, back by the road, up the town, and into the street again
    assert back[1] == pytest.approx(0.1 + 3.5 + 3 + 3.5 + 0.1, rel=0.002)
    free = 7.2 / 50 * 60 + 3 / 80 * 60
    assert free * 0.99 <= back[0] <= free + 12 * 10 / 60


@pytest.mark.parametrize(
    "lost", [at(12, 5), at(-400, 0), (95.0, 0.0), (47.0, 200.0), (math.nan, -1.0)]
)
def test_a_point_that_no_road_is_near_to_has_no_times(
    engine: Valhalla, lost: tuple[float, float]
) -> None:
    places = {"a": at(1, 1), "lost": lost, "b": at(9, 0)}
    result = engine.matrix(places, places)
    assert np.isnan(result.minutes).tolist() == [
        [False, True, False],
        [True, False, True],
        [False, True, False],
    ]
    assert result.between("lost", "lost") == result.km_between("lost", "lost") == 0


def test_a_drive_says_which_share_of_it_is_legs(engine: Valhalla) -> None:
    places = {"off": at(8, 1), "on": at(4, 0), "near": at(8.1, 1)}
    result = engine.matrix(places, places)
    leg_min = 1 * LEG_MIN_PER_KM
    share = result.leg_share_between("off", "on")
    assert share == pytest.approx(leg_min / result.between("off", "on"), rel=0.02)
    # nearer to each other than to the road: a straight leg and nothing else
    assert result.leg_share_between("off", "near") == 1
    assert result.is_estimated("off", "near")
    assert result.leg_share_between("on", "on") == 0


def test_the_leg_off_the_roads_is_counted(engine: Valhalla, built: Path) -> None:
    on_road, off_road = one(engine, (4, 0), (11, 0)), one(engine, (4, 0), (11, 1))
    assert off_road[1] - on_road[1] == pytest.approx(1.3, rel=0.01)
    assert off_road[0] - on_road[0] == pytest.approx(LEG_MIN_PER_KM, abs=0.05)
    both = one(engine, (5, -1), (11, 1))
    assert both[1] == pytest.approx(6 + 2.6, rel=0.002)
    slow = one(Valhalla(built, access_kmh=15), (4, 0), (11, 1))
    assert slow[0] - on_road[0] == pytest.approx(2 * LEG_MIN_PER_KM, abs=0.05)


def test_a_road_that_leads_nowhere_is_passed_over_and_the_leg_grows(engine: Valhalla) -> None:
    # Valhalla alone drives from the islet's street to the town's without counting the 0.9 km
    result = times(engine, islet=(-0.9, 1), town=(0, 3))
    for a, b in (("islet", "town"), ("town", "islet")):
        assert result.km_between(a, b) == pytest.approx(0.9 * 1.3 + 2, rel=0.002)
        assert result.between(a, b) > 0.9 * LEG_MIN_PER_KM + 2 / 50 * 60 * 0.99


def test_no_one_joins_a_motorway_between_two_junctions(engine: Valhalla) -> None:
    # 0.1 km from the motorway, 0.2 km from the road
    minutes, km = one(engine, (8, -0.2), (4, 0))
    assert km == pytest.approx(0.2 * 1.3 + 4, rel=0.002)
    assert minutes == pytest.approx(0.2 * LEG_MIN_PER_KM + 4 / 80 * 60, rel=0.03)


def test_neighbours_far_from_the_road_do_not_drive_to_it(engine: Valhalla) -> None:
    result = times(engine, a=(11, 1.2), same=(11, 1.2), near=(11, 1.3), road=(11, 0))
    assert result.between("a", "same") == result.km_between("a", "same") == 0
    assert result.km_between("a", "near") == pytest.approx(0.13, rel=0.01)
    assert result.between("near", "a") == pytest.approx(0.1 * LEG_MIN_PER_KM, rel=0.01)
    assert result.km_between("a", "road") == pytest.approx(1.2 * 1.3, rel=0.01)


def town_places(count: int) -> dict[str, tuple[float, float]]:
    return {f"p{i}": at(0.1 + 0.47 * (i % 7), 0.2 + 0.61 * (i // 7)) for i in range(count)}


@pytest.mark.parametrize(("rows", "columns"), [(2, 9), (9, 2), (5, 5)])
def test_blocks_change_nothing(built: Path, rows: int, columns: int) -> None:
    places = town_places(20)
    origins = dict(list(places.items())[:rows])
    destinations = dict(list(places.items())[-columns:])
    seen: list[tuple[int, int]] = []
    small = Valhalla(built, block=1).matrix(
        origins, destinations, lambda done, total: seen.append((done, total))
    )
    whole = Valhalla(built, block=100).matrix(origins, destinations)
    assert small.minutes.shape == (rows, columns)
    np.testing.assert_array_equal(small.minutes, whole.minutes)
    np.testing.assert_array_equal(small.km, whole.km)
    assert seen[0] == (0, rows * columns)
    assert seen[-1] == (rows * columns, rows * columns)
    assert len(seen) == 1 + min(rows, columns)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


QUAY, ISLE = (13.5, 0.0), (20.0, 0.0)


def over(folder: Path, ferry: Tags | None) -> Valhalla:
    """The engine over the small country, an island, and a ferry if any."""
    isle = ([ISLE, (22.0, 0.0)], {"highway": "tertiary", "maxspeed": "50"})
    boats = [] if ferry is None else [([QUAY, ISLE], {"route": "ferry", **ferry})]
    build_tiles(write_pbf(folder / "f.osm.pbf", [*streets(), isle, *boats]), folder / "tiles")
    return Valhalla(folder / "tiles")


def test_a_ferry_takes_its_crossing_and_more(tmp_path: Path) -> None:
    engine = over(tmp_path, {"motor_vehicle": "yes", "duration": "00:30"})
    minutes, km = one(engine, (10, 0), (21, 0))
    assert km == pytest.approx(11, rel=0.002)
    driven = 3.5 / 80 * 60 + 1 / 50 * 60
    # the crossing, and a wait that the engine adds
    assert 30 + driven <= minutes <= 30 + driven + 15


def test_a_boat_for_walkers_takes_no_car(tmp_path: Path) -> None:
    engine = over(tmp_path, {"motor_vehicle": "no", "foot": "yes", "duration": "00:30"})
    assert math.isnan(one(engine, (10, 0), (21, 0))[0])


def test_an_island_without_a_boat_is_out_of_reach(tmp_path: Path) -> None:
    assert math.isnan(one(over(tmp_path, None), (10, 0), (21, 0))[0])
