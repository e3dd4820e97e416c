"""A region over real OpenStreetMap data, by the commands that a Région runs."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.travel import valhalla_tool
from helpers.real_extract import SUOMENLINNA, helsinki, write_region

pytestmark = pytest.mark.slow

FIRST, SECOND = "X00-ressu", "X00-kruununhaka"


@pytest.fixture(autouse=True)
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(write_region(tmp_path / "data")))
    monkeypatch.setenv("GEOZONES_ENGINES", "valhalla,shipped,estimate")
    return tmp_path / "data"


def test_a_region_goes_from_an_extract_to_its_own_minutes(answer: Callable[..., Any]) -> None:
    before = answer("times", FIRST, SECOND)
    assert (before["source"], before["km"]) == ("vol d'oiseau", pytest.approx(1.17, abs=0.02))

    roads = answer("roads", "build", str(helsinki()))
    assert roads["tiles"] > 0
    assert roads["unreachable"] == []
    assert Path(roads["background"]["path"]).is_file()

    built = answer("times", "build")
    assert built["engine"] == "valhalla"
    assert (built["lycees"], built["estimated"], built["unreachable"]) == (4, 0, [])
    after = answer("times", FIRST, SECOND)
    assert after["source"] == "valhalla"
    assert after["km"] > before["km"]
    # a town centre: between 15 and 50 km/h all along
    assert 60 / 50 * after["km"] < after["minutes"] < 60 / 15 * after["km"]
    back = answer("times", SECOND, FIRST)
    both_ways = (after["minutes"] + back["minutes"]) / 2
    assert answer("metrics")["region"]["max_minutes"] >= both_ways - 0.01


def test_a_place_beyond_the_extract_is_left_to_the_next_engine(answer: Callable[..., Any]) -> None:
    answer("roads", "build", str(helsinki()))
    answer("times", "build")
    island = ",".join(map(str, SUOMENLINNA))
    told = answer("times", FIRST, island)
    assert (told["source"], told["estimated"]) == ("estimate", True)
    # the tower of the railway station
    assert answer("times", FIRST, "60.1716,24.9421")["source"] == "valhalla"


def test_an_extract_of_another_country_is_refused_before_anything_is_built(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GEOZONES_DATA_DIR")
    # a build would say that the tool does not start
    monkeypatch.setattr(valhalla_tool, "tool_path", lambda _: tmp_path / "none")
    told = refused("roads", "build", str(helsinki()))
    assert "Helsinki.osm.pbf" in told
    assert "aucun des 119 lycées" in told
    assert not (tmp_path / "home" / "valhalla").exists()


def test_a_package_that_is_missing_is_said_before_anything_is_built(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "osmium", None)
    monkeypatch.setattr(valhalla_tool, "tool_path", lambda _: tmp_path / "none")
    assert cli.main(["roads", "build", str(helsinki())]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "geozones[valhalla]" in err
    assert err.count("\n") == 1


def test_half_an_extract_is_refused_and_the_tiles_stay(
    answer: Callable[..., Any], refused: Callable[..., str], tmp_path: Path
) -> None:
    answer("roads", "build", str(helsinki()))
    cut = tmp_path / "coupe.osm.pbf"
    cut.write_bytes(helsinki().read_bytes()[:400_000])
    assert "incomplet" in refused("roads", "build", str(cut))
    assert answer("times", "60.1716,24.9421", "60.1690,24.9520")["source"] == "valhalla"
