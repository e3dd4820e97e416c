"""« roads build », as scripts see it: tiles in use once whole, or nothing changed."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from shapely import LineString, Point

from geozones import cli
from helpers.fixture_types import Refused, Run
from helpers.frozen_plan import SHIPPED
from helpers.small_network import EAST, LAT, LON, NORTH, Km, streets, write_pbf

pytestmark = pytest.mark.usefixtures("home")

ANGERS = "0490003M"


def lycees() -> dict[str, Km]:
    """Where the shipped lycées are, in km from the small country's origin."""
    places = {}
    text = (SHIPPED / "lycees.geojson").read_text(encoding="utf-8")
    for row in json.loads(text)["features"]:
        lon, lat = row["geometry"]["coordinates"]
        places[row["properties"]["id"]] = ((lon - LON) / EAST, (lat - LAT) / NORTH)
    return places


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """The small country, and a street that passes 0.3 km from the lycée Chevrollier."""
    x, y = lycees()[ANGERS]
    street = ([(x - 1, y + 0.3), (x + 1, y + 0.3)], {"highway": "residential", "name": "Rue Neuve"})
    return write_pbf(tmp_path / "pays.osm.pbf", [*streets(), street])


def test_roads_are_built_then_answer(
    answer: Run, home: Path, country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = answer("roads", "build", str(country))
    assert set(built) == {"tiles", "megabytes", "seconds", "unreachable"}
    assert built["tiles"] == len(list((home / "valhalla").rglob("*.gph")))
    # within 1.5 km of the street, the only one of the country near a lycée
    x, y = lycees()[ANGERS]
    street = LineString([(x - 1, y + 0.3), (x + 1, y + 0.3)])
    far = {key for key, place in lycees().items() if street.distance(Point(place)) > 1.5}
    assert set(built["unreachable"]) == far
    assert ANGERS not in far
    monkeypatch.setenv("GEOZONES_ENGINES", "valhalla,shipped,estimate")
    # on the small country's road: 9 km at 80 km/h, between points that no matrix knows
    trip = answer("times", "47.0,-0.9472", "47.0,-0.8286")
    assert trip["source"] == "valhalla"
    assert trip["minutes"] == pytest.approx(9 / 80 * 60, rel=0.05)


def test_out_puts_tiles_in_another_folder(
    answer: Run, home: Path, country: Path, tmp_path: Path
) -> None:
    built = answer("roads", "build", str(country), "--out", str(tmp_path / "ailleurs"))
    assert len(list((tmp_path / "ailleurs").rglob("*.gph"))) == built["tiles"]
    assert not list(home.rglob("*.gph"))


def test_the_answer_in_french_counts_the_lycees_far_from_its_roads(
    country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["roads", "build", str(country)]) == 0
    text = capsys.readouterr().out
    assert "116\xa0lycées loin de toute route" in text
    assert "0440036A" not in text  # a hundred codes would hide the rest


def in_use(home: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "est vide"),
    "text": (lambda _: b"not a pbf at all", "n'est pas un extrait"),
    "four bytes": (lambda _: b"\x00\x00\x00\x0d", "incomplet"),
    "cut": (lambda whole: whole[: len(whole) // 2], "est incomplet"),
}


@pytest.mark.slow
def test_an_extract_that_is_none_changes_nothing(
    answer: Run, refused: Refused, home: Path, country: Path
) -> None:
    answer("roads", "build", str(country))
    before, extract = in_use(home), country.read_bytes()
    for kind, (spoil, words) in BAD.items():
        country.write_bytes(spoil(extract))
        assert words in refused("roads", "build", str(country)), kind
        assert in_use(home) == before, kind


def abroad(ways: Sequence[tuple[list[Km], dict[str, str]]]) -> list[Any]:
    """The same streets 500 km to the east."""
    return [([(x + 500, y) for x, y in line], tags) for line, tags in ways]


def test_an_extract_of_another_country_changes_nothing(
    answer: Run, refused: Refused, home: Path, country: Path, tmp_path: Path
) -> None:
    answer("roads", "build", str(country))
    before = in_use(home)
    elsewhere = write_pbf(tmp_path / "ailleurs.osm.pbf", abroad(streets()))
    told = refused("roads", "build", str(elsewhere))
    assert "ailleurs.osm.pbf" in told
    assert "aucun des 119 lycées" in told
    assert in_use(home) == before
