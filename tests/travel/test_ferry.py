"""A ferry that takes cars, drawn by hand: the real extract of the tests has none.

Coordinates are km, as in tests/helpers/small_network.py: the road ends at a quay, (13.5, 0); the
island's street goes from (20, 0) to (22, 0), 50 km/h.
"""

import math
from pathlib import Path

import pytest

from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_tiles import build_tiles
from helpers.small_network import Tags, streets, write_pbf
from helpers.valhalla_drives import one

pytestmark = pytest.mark.slow

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
