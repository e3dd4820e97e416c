import pytest

from geozones.common.errors import InputError
from geozones.domain.places import checked_spot, read_coordinates

NANTES = (47.2184, -1.5536)


@pytest.mark.parametrize(
    "text",
    [
        "47,2184 -1,5536",
        "47,2184, -1,5536",
        "47,2184 ; -1,5536",
        "47.2184, -1.5536",
        " (47.2184, -1.5536) ",
        "47.2184° N, 1.5536° O",
        "N 47.2184 W 1.5536",
        "1.5536W 47.2184N",
        "47,2184\u00a0\u22121,5536",
    ],
)
def test_decimal_degrees_are_read_however_they_are_written(text: str) -> None:
    spot = read_coordinates(text)
    assert (spot.lat, spot.lon) == NANTES


@pytest.mark.parametrize(
    "text",
    [
        "47°13'06\" N 1°33'13\" O",
        "47°13′06″N, 1°33′13″W",
        "N 47°13'06\" W 1°33'13\"",
        "1°33'13\" O 47°13'06\" N",
        "47° 13.1' N, 1° 33.2167' O",
    ],
)
def test_degrees_minutes_seconds_are_read_with_their_cardinal_points(text: str) -> None:
    spot = read_coordinates(text)
    assert spot.lat == pytest.approx(47.218333, abs=2e-6)
    assert spot.lon == pytest.approx(-1.553611, abs=2e-6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nantes",
        "47",
        "47,2184",
        "47,21",
        "12 34 56",
        "47° N 2° N",
        "47°75' N 1°33' O",
        "-47° N 1° O",
        "1" * 5000,
        "nan nan",
    ],
)
def test_what_gives_no_position_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="47,2184 -1,5536"):
        read_coordinates(text)


@pytest.mark.parametrize(
    ("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0), (float("inf"), 0), ("47", 0), (True, 0)]
)
def test_a_position_that_is_not_on_earth_is_refused(lat: object, lon: object) -> None:
    with pytest.raises(InputError, match="pas sur Terre"):
        checked_spot(lat, lon)
