"""A region over real OpenStreetMap data, by the commands that a Région runs."""

import re
from functools import partial
from itertools import permutations
from pathlib import Path

import osmium
import pytest
from osmium.osm import Node, Relation, Way

from helpers.fixture_types import Run
from helpers.real_extract import BOUNDS, OODI, SCHOOLS, helsinki, write_region


def _piece(extract: Path, path: Path, west: float, east: float) -> Path:
    """Write the piece of an extract between two longitudes.

    It has the points inside, and whole the lines that have one of them: a line on a border is in
    both pieces, each of which lacks some of its points.
    """
    inside: set[int] = set()
    with osmium.SimpleWriter(str(path)) as writer:
        for item in osmium.FileProcessor(str(extract)):
            match item:
                case Node() if west <= item.location.lon <= east:
                    inside.add(item.id)
                    writer.add_node(item)
                case Way() if any(node.ref in inside for node in item.nodes):
                    writer.add_way(item)
                case Relation():
                    writer.add_relation(item)
    return path


def cut_in_two(extract: Path, folder: Path, middle: float, overlap: float = 0.0) -> list[Path]:
    """Cut an extract along a longitude into « ouest » and « est », which may overlap."""
    return [
        _piece(extract, folder / "ouest.osm.pbf", -180, middle + overlap),
        _piece(extract, folder / "est.osm.pbf", middle - overlap, 180),
    ]


pytestmark = pytest.mark.slow

FIRST, SECOND = "X00-ressu", "X00-kruununhaka"
GUIDE = (Path(__file__).parents[2] / "docs" / "guide.fr.md").read_text(encoding="utf-8")
#: The commands of the guide that follow the one that installs Valhalla.
_BLOCK = GUIDE[GUIDE.index("make roads\n") :].partition("```")[0]
RECIPE = re.findall(r"^geozones (.+)$", _BLOCK, re.MULTILINE)


@pytest.fixture(autouse=True)
def region(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(write_region(tmp_path / "data")))
    monkeypatch.setenv("GEOZONES_ENGINES", "valhalla,shipped,estimate")
    return tmp_path / "data"


def test_a_region_goes_from_an_extract_to_its_own_minutes(answer: Run) -> None:
    before = answer("times", FIRST, SECOND)
    assert (before["source"], before["km"]) == ("vol d'oiseau", pytest.approx(1.17, abs=0.02))

    roads = answer("roads", "build", str(helsinki()))
    assert roads["tiles"] > 0
    assert roads["unreachable"] == []

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


@pytest.mark.parametrize("files", [1, 2])
def test_a_place_at_the_edge_of_an_extract_is_reached_and_its_way_out_is_estimated(
    answer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int
) -> None:
    monkeypatch.setitem(SCHOOLS, "X00-oodi", OODI)
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(write_region(tmp_path / "edge")))
    west, _, east, _ = BOUNDS
    halves = cut_in_two(helsinki(), tmp_path, (west + east) / 2, 0.002)
    answer("roads", "build", *map(str, halves if files == 2 else [helsinki()]))
    asked = ("times", "build", "--without-communes")
    alone = answer(*asked, "--engine", "valhalla", "--out", str(tmp_path / "m.parquet"))
    others = [key for key in SCHOOLS if key != "X00-oodi"]
    assert alone["unreachable"] == [{"from": "X00-oodi", "to": key} for key in others]
    assert (alone["isolated"], alone["pairs"]) == ([], 5 * 4 - 4)
    built = answer(*asked, "--engine", "valhalla", "--engine", "estimate")
    assert (built["estimated"], built["unreachable"], built["off_roads"]) == (4, [], [])
    out, back = (answer("times", *pair) for pair in (("X00-oodi", FIRST), (FIRST, "X00-oodi")))
    assert (out["source"], out["estimated"]) == ("estimate", True)
    assert (back["source"], back["estimated"]) == ("valhalla", False)


@pytest.mark.parametrize("overlap", [0.0, 0.002])
def test_an_extract_cut_in_two_files_gives_the_same_minutes(
    answer: Run, tmp_path: Path, overlap: float
) -> None:
    pairs = list(permutations(SCHOOLS, 2))
    west, _, east, _ = BOUNDS
    halves = cut_in_two(helsinki(), tmp_path, (west + east) / 2, overlap)
    minutes = []
    for files in ([helsinki()], halves):
        answer("roads", "build", *map(str, files))
        assert answer("times", "build", "--engine", "valhalla")["engine"] == "valhalla"
        minutes.append([answer("times", *pair)["minutes"] for pair in pairs])
    assert minutes[1] == pytest.approx(minutes[0], abs=0.01)


def test_the_recipe_of_the_guide_goes_from_an_extract_to_minutes_compared_and_in_use(
    answer: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("region.osm.pbf").symlink_to(helsinki())
    Path("mesures.csv").write_text(f"de;a;minutes\n{FIRST};{SECOND};5\n", encoding="utf-8")
    given = answer("times", FIRST, SECOND)
    commands = [partial(answer, *command.split()) for command in RECIPE]
    roads, aside, compared, in_use, accuracy = commands

    assert roads()["unreachable"] == []
    assert aside()["engine"] == "valhalla"
    assert answer("times", FIRST, SECOND) == given

    found = compared()
    (bias,) = found["by_kind"].values()
    assert (bias["pairs"], bias["bias_percent"]) == (4 * 3, found["bias_percent"])
    assert found["bias_percent"] != 0

    in_use()
    now = answer("times", FIRST, SECOND)
    assert now["source"] == "valhalla"
    (pair,) = (pair for pair in found["worst"] if (pair["from"], pair["to"]) == (FIRST, SECOND))
    assert now["minutes"] == pytest.approx(pair["minutes_b"], abs=0.02)

    (mine,) = accuracy()["references"]
    held = now["low"] <= 5 <= now["high"]
    assert mine["by_kind"]["courts"]["coverage_percent"] == (100 if held else 0)
    assert mine["bias_percent"] == pytest.approx((now["minutes"] / 5 - 1) * 100, abs=0.5)
