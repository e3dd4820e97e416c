"""Valhalla over a long country: drives of more than 90 minutes are told apart without being sought.

Along a road of 80 km/h, straight east, a place and a side street every 3 km; 150 km after the last,
a lone place.
North of the road's middle, an island of four places; and a valley of four places, which one may
enter from the road and cannot leave.
"""

from pathlib import Path

import numpy as np
import pytest

from geozones.domain import TravelTimes
from geozones.travel.engine import Positions
from geozones.travel.valhalla import Valhalla, build_tiles
from helpers.small_network import at, write_pbf

pytestmark = pytest.mark.slow

COUNT, STEP = 260, 3
MIDDLE = COUNT // 2 * STEP
LONE = (COUNT - 1) * STEP + 150
ISLAND = [(MIDDLE + STEP * rank, 60) for rank in range(4)]
VALLEY = [(MIDDLE + STEP * rank, 12) for rank in range(4)]
LINE = [(STEP * rank, 0) for rank in range(COUNT)]
PLACES: Positions = {
    **{f"P{rank}": at(*place) for rank, place in enumerate(LINE)},
    "lone": at(LONE, 0),
    **{f"I{rank}": at(*place) for rank, place in enumerate(ISLAND)},
    **{f"V{rank}": at(*place) for rank, place in enumerate(VALLEY)},
}


@pytest.fixture(scope="module")
def tiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("country")
    road = {"highway": "secondary", "maxspeed": "80"}
    ways = [
        ([*LINE, (LONE, 0)], road),
        (ISLAND, road),
        (VALLEY, road),
        ([(MIDDLE, 0), VALLEY[0]], {**road, "oneway": "yes"}),
        *(([(x, 0), (x, -0.5)], road) for x, _ in LINE),
    ]
    build_tiles(write_pbf(folder / "country.osm.pbf", ways), folder / "tiles")
    return folder / "tiles"


@pytest.fixture(scope="module")
def whole(tiles: Path) -> TravelTimes:
    return Valhalla(tiles).matrix(PLACES, PLACES)


@pytest.fixture(scope="module")
def near(tiles: Path) -> TravelTimes:
    return Valhalla(tiles, within=90).matrix(PLACES, PLACES)


def test_short_drives_are_the_same_and_longer_ones_are_longer_than_the_limit(
    whole: TravelTimes, near: TravelTimes
) -> None:
    short = whole.minutes <= 90
    np.testing.assert_array_equal(near.minutes[short], whole.minutes[short])
    assert not near.beyond[short].any()
    assert near.least("P0", "P250") == 90
    assert near.between("P0", "P250") > 90
    assert near.interval("P0", "P250")[0] >= 90


def test_a_place_far_from_all_keeps_the_drives_to_its_nearest(
    whole: TravelTimes, near: TravelTimes
) -> None:
    for rank in range(COUNT - 3, COUNT):
        assert near.least("lone", f"P{rank}") is None
        assert near.between("lone", f"P{rank}") == whole.between("lone", f"P{rank}") > 90


def test_what_no_road_joins_is_unreachable_and_not_merely_long(
    whole: TravelTimes, near: TravelTimes
) -> None:
    np.testing.assert_array_equal(np.isnan(near.minutes), np.isnan(whole.minutes))
    assert np.isnan(near.between("I0", "P0"))
    assert near.between("I0", "I3") < 10
    assert np.isnan(near.between("V0", "P129"))
    assert near.least("P0", "V0") == 90
    assert near.between(f"P{COUNT // 2}", "V0") < 15
