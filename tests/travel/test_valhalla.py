"""Valhalla over tiles really built from a network whose times are known by hand.

Expected minutes are length over speed, which Valhalla keeps on a straight road; it adds a few
seconds a crossing and a turn, so that a bound allows up to 10 seconds for each of them. Lengths are
known to 0.2 %.
"""

import datetime as dt
import hashlib
import importlib.util
import json
import math
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import Point as Dot
from shapely import Polygon

from geozones.domain import TravelTimes
from geozones.domain.errors import (
    EngineAnswerError,
    EngineCancelledError,
    EngineError,
    EngineUnavailableError,
    InputError,
    NoRouteError,
)
from geozones.travel import valhalla_messages, valhalla_tiles
from geozones.travel.engine import RoutingEngine
from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_messages import RoadPoint
from geozones.travel.valhalla_tiles import MANIFEST, STAGES, build_tiles, read_manifest

TODAY = dt.date(2026, 2, 3)
LEG_MIN_PER_KM = 1.3 * 60 / 30


def _network() -> Any:
    # tests are no package: a helper beside them is found by its path
    spec = importlib.util.spec_from_file_location(
        "small_network", Path(__file__).with_name("small_network.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NET = _network()
at = NET.at


@pytest.fixture(scope="session")
def pbf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("osm") / "petit-pays.osm.pbf"
    return NET.write_pbf(path, NET.streets())


@pytest.fixture(scope="session")
def built(pbf: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("roads") / "tiles"
    build_tiles(pbf, out, today=lambda: TODAY)
    return out


@pytest.fixture
def tiles(built: Path, tmp_path: Path) -> Path:
    """A copy of the tiles, to be altered."""
    return Path(shutil.copytree(built, tmp_path / "tiles"))


@pytest.fixture(scope="session")
def engine(built: Path) -> Valhalla:
    return Valhalla(built, today=lambda: TODAY)


def times(engine: Valhalla, **places: tuple[float, float]) -> TravelTimes:
    """Times between points given in km."""
    located = {key: at(*place) for key, place in places.items()}
    return engine.matrix(located, located)


def one(engine: Valhalla, a: tuple[float, float], b: tuple[float, float]) -> tuple[float, float]:
    """Minutes and km from one point to another."""
    result = times(engine, a=a, b=b)
    return result.between("a", "b"), result.km_between("a", "b")


def still_works(tiles: Path) -> bool:
    return one(Valhalla(tiles), (4, 0), (13, 0))[1] == pytest.approx(9, rel=0.002)


# --- building the tiles ---------------------------------------------------------------------


def test_a_build_says_what_it_made(pbf: Path, tmp_path: Path) -> None:
    result = build_tiles(pbf, tmp_path / "new" / "tiles")
    on_disk = list((tmp_path / "new" / "tiles").rglob("*.gph"))
    assert result.tiles == len(on_disk) > 0
    assert result.megabytes == pytest.approx(sum(p.stat().st_size for p in on_disk) / 1e6, abs=0.06)
    assert 0 < result.seconds < 20


def test_the_manifest_tells_what_the_tiles_were_made_of(pbf: Path, built: Path) -> None:
    manifest = read_manifest(built)
    assert manifest.pbf == "petit-pays.osm.pbf"
    assert manifest.pbf_bytes == pbf.stat().st_size
    assert manifest.pbf_sha256 == hashlib.sha256(pbf.read_bytes()).hexdigest()
    assert manifest.extract_date == NET.DATE
    assert manifest.built == "2026-02-03"
    assert manifest.valhalla[0].isdigit()


def test_nothing_but_tiles_and_manifest_is_left(built: Path) -> None:
    assert {p.name for p in built.iterdir()} == {MANIFEST, read_manifest(built).folder}


def test_progress_goes_through_the_stages_to_the_last(pbf: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_tiles(pbf, tmp_path / "tiles", lambda done, total: seen.append((done, total)))
    stages = [done for done, _ in seen]
    assert stages == sorted(stages)
    assert seen[-1] == (len(STAGES), len(STAGES))
    assert len(set(stages)) > 2


def test_every_stage_is_recognised_in_what_the_tool_says() -> None:
    for i, (words, label) in enumerate(STAGES):
        assert valhalla_tiles._stage(0, f"2026-01-01 [INFO] {words}: x\n") == i
        assert label
    assert valhalla_tiles._stage(4, "nothing known") == 4


def damage(pbf: Path) -> bytes:
    """The blobs keep their lengths, their content is spoiled."""
    content = bytearray(pbf.read_bytes())
    content[-60:-20] = bytes(40)
    return bytes(content)


def second_blob(pbf: Path) -> int:
    """Position of the blob after the header's."""
    return pbf.read_bytes().index(b"OSMData") - 6


BAD_FILES: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda _: b"", "est vide"),
    "truncated": (lambda pbf: pbf.read_bytes()[: pbf.stat().st_size // 2], "est incomplet"),
    "last byte": (lambda pbf: pbf.read_bytes()[:-1], "est incomplet"),
    "in header": (lambda pbf: pbf.read_bytes()[:30], "est incomplet"),
    "html": (lambda _: b"<!DOCTYPE html><html><body>404</body></html>", "n'est pas un extrait"),
    "no header": (lambda pbf: pbf.read_bytes()[second_blob(pbf) :], "n'est pas un extrait"),
    "zeros": (lambda _: bytes(500), "n'est pas un extrait"),
    "tail": (lambda pbf: pbf.read_bytes() + b"\xff" * 50, "est abîmé"),
    "damaged": (damage, "est abîmé"),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_a_bad_file_is_refused_in_one_sentence(pbf: Path, tmp_path: Path, kind: str) -> None:
    content, words = BAD_FILES[kind]
    bad = tmp_path / "bad.osm.pbf"
    bad.write_bytes(content(pbf))
    with pytest.raises(InputError, match=f"^Le fichier « bad.osm.pbf » {words}[^\n]*\\.$"):
        build_tiles(bad, tmp_path / "tiles")
    assert not (tmp_path / "tiles").exists()


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="n'existe pas"):
        build_tiles(tmp_path / "none.osm.pbf", tmp_path / "tiles")
    with pytest.raises(InputError, match="n'est pas un extrait"):
        build_tiles(tmp_path, tmp_path / "tiles")


@pytest.mark.parametrize("ways", [[], [([(0, 0), (1, 0)], {"building": "yes"})]])
def test_a_map_without_roads_is_refused(tmp_path: Path, ways: Any) -> None:
    bare = NET.write_pbf(tmp_path / "bare.osm.pbf", ways)
    with pytest.raises(InputError, match="ne contient aucune route"):
        build_tiles(bare, tmp_path / "tiles")


def test_a_folder_that_cannot_be_written_is_said(pbf: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EngineError, match=r"ne peuvent pas être écrites .* autre dossier"):
        build_tiles(pbf, tmp_path / "file" / "tiles")


@pytest.mark.parametrize(
    "failure",
    [
        ("kill -7 $$", "plus de place"),
        ("echo 'write: No space left on device' >&2; exit 1", "plus de place"),
        ("kill -9 $$", "faute de mémoire"),
        ("echo 'cannot do it' >&2; exit 3", "état 3 : cannot do it"),
        ("exit 0", "aucune route"),
    ],
)
def test_a_failing_tool_is_explained_and_the_old_tiles_stay(
    pbf: Path,
    tiles: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: tuple[str, str],
) -> None:
    script, words = failure
    tool = tmp_path / "tool"
    tool.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(valhalla_tiles, "tool_path", lambda _: tool)
    before = sorted(tiles.rglob("*"))
    with pytest.raises((EngineError, InputError), match=f"{words}[^\n]*\\.$"):
        build_tiles(pbf, tiles)
    assert sorted(tiles.rglob("*")) == before


def test_a_tool_that_does_not_start_is_said(
    pbf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(valhalla_tiles, "tool_path", lambda _: tmp_path / "none")
    with pytest.raises(EngineError, match="ne se lance pas"):
        build_tiles(pbf, tmp_path / "tiles")


def test_a_cancelled_build_leaves_the_old_tiles(pbf: Path, tiles: Path) -> None:
    def cancel(_done: int, _total: int) -> None:
        message = "arrêté"
        raise EngineCancelledError(message)

    before = sorted(tiles.rglob("*"))
    with pytest.raises(EngineCancelledError):
        build_tiles(pbf, tiles, cancel)
    assert sorted(tiles.rglob("*")) == before
    assert still_works(tiles)


def test_a_cancelled_build_does_not_wait_for_the_tool(
    pbf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = tmp_path / "tool"
    tool.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setattr(valhalla_tiles, "tool_path", lambda _: tool)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        build_tiles(pbf, tmp_path / "tiles", interrupt)
    assert time.monotonic() - start < 20
    assert not (tmp_path / "tiles").exists()


def interrupt(_done: int, _total: int) -> None:
    raise KeyboardInterrupt


KILLED = """
import os, signal, sys
from pathlib import Path
from geozones.travel import valhalla_tiles

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "working":
    valhalla_tiles.build_tiles(Path(sys.argv[1]), Path(sys.argv[2]), die)
else:
    Path.replace = die
    valhalla_tiles.build_tiles(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("when", ["working", "about to install"])
def test_a_killed_build_leaves_the_old_tiles_whole(pbf: Path, tiles: Path, when: str) -> None:
    before = read_manifest(tiles)
    command = [sys.executable, "-c", KILLED, str(pbf), str(tiles), when]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert len(list(tiles.iterdir())) > 2  # it was really at work
    assert read_manifest(tiles) == before
    assert still_works(tiles)


def test_what_a_killed_build_left_is_swept_once_it_is_a_day_old(
    pbf: Path, tiles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".valhalla-build-old", "valhalla-tiles-old"):
        (tiles / name).mkdir()
    build_tiles(pbf, tiles)
    assert (tiles / ".valhalla-build-old").exists()
    monkeypatch.setattr(valhalla_tiles, "_STALE_S", -1)
    build_tiles(pbf, tiles)
    assert {p.name for p in tiles.iterdir()} == {MANIFEST, read_manifest(tiles).folder}


def test_a_rebuild_is_seen_by_an_engine_at_work(tiles: Path, tmp_path: Path) -> None:
    engine = Valhalla(tiles)
    assert one(engine, (4, 0), (13, 0))[0] == pytest.approx(9 / 80 * 60, rel=0.02)
    slower = NET.streets()
    slower[16] = (slower[16][0], {"highway": "secondary", "maxspeed": "70"})
    old = read_manifest(tiles).folder
    build_tiles(NET.write_pbf(tmp_path / "slow.osm.pbf", slower), tiles)
    assert one(engine, (4, 0), (13, 0))[0] == pytest.approx(9 / 70 * 60, rel=0.02)
    assert not (tiles / old).exists()


def test_tiles_rebuilt_during_a_matrix_spoil_it(tiles: Path) -> None:
    def rebuild(_done: int, _total: int) -> None:
        content = json.loads((tiles / MANIFEST).read_text(encoding="utf-8"))
        (tiles / MANIFEST).write_text(json.dumps({**content, "built": "2030-01-01"}))

    places = {"a": at(1, 1), "b": at(2, 2)}
    with pytest.raises(EngineUnavailableError, match="pendant le calcul"):
        Valhalla(tiles).matrix(places, places, rebuild)


# --- times ----------------------------------------------------------------------------------


def test_a_straight_road_takes_its_length_over_its_speed(engine: Valhalla) -> None:
    minutes, km = one(engine, (4, 0), (13, 0))
    assert km == pytest.approx(9, rel=0.002)
    assert minutes == pytest.approx(9 / 80 * 60, rel=0.02)


def test_streets_and_road_add_up(engine: Valhalla) -> None:
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


def test_an_island_is_unreachable_and_spoils_nothing(engine: Valhalla) -> None:
    result = times(engine, a=(1, 1), island=(90.1, 20), b=(9, 0), shore=(90.4, 20))
    lost = np.isnan(result.minutes)
    assert lost.tolist() == [
        [False, True, False, True],
        [True, False, True, False],
        [False, True, False, True],
        [True, False, True, False],
    ]
    assert (np.isnan(result.km) == lost).all()
    assert result.km_between("island", "shore") == pytest.approx(0.3, rel=0.01)


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


def test_the_limit_of_the_leg_is_a_setting(built: Path) -> None:
    minutes, km = one(Valhalla(built, max_snap_m=5100), (12, 5), (4, 0))
    assert km == pytest.approx(5 * 1.3 + 8, rel=0.002)
    assert minutes == pytest.approx(5 * LEG_MIN_PER_KM + 8 / 80 * 60, rel=0.02)
    assert math.isnan(one(Valhalla(built, max_snap_m=4900), (12, 5), (4, 0))[0])
    assert math.isnan(one(Valhalla(built, max_snap_m=990), (11, 1), (4, 0))[0])


def test_a_road_beyond_the_limit_is_never_chosen(engine: Valhalla) -> None:
    # whatever Valhalla answers: it is asked for nothing beyond the limit
    roads = [RoadPoint(*at(0, y), leads_somewhere=True) for y in (1.6, 1.4, 1.49)]
    choice = engine._choose(at(0, 0), roads)
    assert choice is not None
    assert choice.road == roads[1]
    assert engine._choose(at(0, 0), roads[:1]) is None


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
    route = engine.route(at(11, 1.2), at(11, 1.3))
    assert route.km == pytest.approx(result.km_between("a", "near"))
    assert route.minutes == pytest.approx(result.between("a", "near"))


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


def test_each_figure_is_in_its_own_cell(engine: Valhalla) -> None:
    origins = {"w": at(4, 0), "lost": at(12, 5), "x": at(7, 0)}
    destinations = {"island": at(90.1, 20), "y": at(9, 0), "x": at(7, 0), "z": at(13, 0)}
    km = engine.matrix(origins, destinations).km
    expected = [[np.nan, 5, 3, 9], [np.nan] * 4, [np.nan, 2, 0, 6]]
    np.testing.assert_allclose(km, expected, rtol=0.002)


def test_no_place_gives_an_empty_matrix(engine: Valhalla) -> None:
    assert engine.matrix({}, {"a": at(1, 1)}).minutes.shape == (0, 1)
    assert engine.matrix({"a": at(1, 1)}, {}).km.shape == (1, 0)


def test_a_matrix_can_be_cancelled(engine: Valhalla) -> None:
    def cancel(done: int, _total: int) -> None:
        if done:
            message = "arrêté"
            raise EngineCancelledError(message)

    with pytest.raises(EngineCancelledError):
        engine.matrix(town_places(20), town_places(20), cancel)


def test_threads_share_an_engine(engine: Valhalla) -> None:
    places = town_places(12)
    alone = engine.matrix(places, places).minutes
    with ThreadPoolExecutor(4) as pool:
        for together in pool.map(lambda _: engine.matrix(places, places).minutes, range(8)):
            np.testing.assert_array_equal(together, alone)


def test_nothing_is_printed(pbf: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    build_tiles(pbf, tmp_path / "tiles")
    engine = Valhalla(tmp_path / "tiles")
    one(engine, (1, 1), (90.1, 20))
    engine.isochrones(at(1, 1), (2,))
    assert capfd.readouterr() == ("", "")


def test_provenance_tells_engine_date_source_and_settings(engine: Valhalla, pbf: Path) -> None:
    made = times(engine, a=(1, 1)).provenance
    assert (made.engine, made.date, made.profile) == ("valhalla", "2026-02-03", "voiture")
    assert made.source == "© contributeurs OpenStreetMap (petit-pays.osm.pbf, 2026-01-02)"
    assert made.licence == "ODbL 1.0"
    assert made.parameters["algorithm"] == "timedistancematrix"
    assert made.parameters["max_snap_m"] == 1500
    assert made.parameters["access_kmh"] == 30
    assert made.parameters["extract_sha256"] == hashlib.sha256(pbf.read_bytes()).hexdigest()
    json.dumps(made.parameters)


# --- routes and isochrones -------------------------------------------------------------------


def test_a_route_has_the_matrix_minutes_and_its_line(engine: Valhalla) -> None:
    assert isinstance(engine, RoutingEngine)
    a, b = at(4, 0), at(11, 1)
    route = engine.route(a, b)
    minutes, km = one(engine, (4, 0), (11, 1))
    assert route.minutes == pytest.approx(minutes, abs=1 / 60)
    assert route.km == pytest.approx(km, abs=0.002)
    assert (route.line[0], route.line[-1]) == (a, b)
    east = [round((lon - NET.LON) / NET.EAST, 2) for _, lon in route.line]
    assert east == sorted(east)
    assert all(abs(lat - NET.LAT) < 1e-5 for lat, _ in route.line[:-1])


@pytest.mark.parametrize(
    ("end", "words"), [((90.1, 20), "Aucune route"), ((12, 5), "plus de 1500 m de toute route")]
)
def test_no_route_is_said(engine: Valhalla, end: tuple[float, float], words: str) -> None:
    with pytest.raises(NoRouteError, match=words):
        engine.route(at(1, 1), at(*end))


def test_isochrones_hold_what_is_reached_in_the_order_asked(engine: Valhalla) -> None:
    # on the road: 80 km/h, so 4 km in 3 minutes and 8 km in 6
    six, three = engine.isochrones(at(4, 0), (6.0, 3.0))
    assert (six.minutes, three.minutes) == (6, 3)
    for isochrone, inside, outside in ((three, 7.5, 8.5), (six, 11.5, 12.5)):
        shape = Polygon(isochrone.rings[0])
        assert shape.contains(Dot(at(inside, 0)))
        assert not shape.contains(Dot(at(outside, 0)))


def test_the_leg_is_taken_off_the_isochrone(engine: Valhalla) -> None:
    spent, more = engine.isochrones(at(9, 1), (LEG_MIN_PER_KM - 0.1, LEG_MIN_PER_KM + 3))
    assert spent.rings == ()
    shape = Polygon(more.rings[0])
    assert shape.contains(Dot(at(12.5, 0)))
    assert not shape.contains(Dot(at(13.45, 0)))


def test_many_durations_are_answered_at_once(engine: Valhalla) -> None:
    asked = tuple(float(i) for i in range(1, 13))
    answer = engine.isochrones(at(4, 0), (*asked, 3.0))
    assert [each.minutes for each in answer] == [*asked, 3.0]
    assert answer[2].rings == answer[-1].rings != ()
    sizes = [Polygon(each.rings[0]).area for each in answer[:6]]
    assert sizes == sorted(sizes)


def test_no_isochrone_far_from_any_road(engine: Valhalla) -> None:
    with pytest.raises(NoRouteError, match="toute route"):
        engine.isochrones(at(12, 5), (10,))


# --- what may be missing or wrong ------------------------------------------------------------


def test_a_missing_package_tells_what_to_install(
    engine: Valhalla, pbf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "valhalla", None)
    for ask in (lambda: one(engine, (1, 1), (2, 2)), lambda: build_tiles(pbf, tmp_path / "tiles")):
        with pytest.raises(EngineUnavailableError, match=r"geozones\[valhalla\]"):
            ask()


def test_the_package_is_imported_only_when_asked() -> None:
    code = (
        "import sys; from pathlib import Path; from geozones.travel.valhalla import Valhalla;"
        "Valhalla(Path('x')); assert 'valhalla' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def rewrite(tiles: Path, **changes: object) -> None:
    content = json.loads((tiles / MANIFEST).read_text(encoding="utf-8"))
    (tiles / MANIFEST).write_text(json.dumps({**content, **changes}), encoding="utf-8")


def lose_a_tile(tiles: Path) -> None:
    next(tiles.rglob("*.gph")).unlink()


def cut_a_tile(tiles: Path) -> None:
    tile = next(tiles.rglob("*.gph"))
    tile.write_bytes(tile.read_bytes()[:-1])


SPOILS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (shutil.rmtree, "Il n'y a pas de tuiles"),
    "no manifest": (lambda t: (t / MANIFEST).unlink(), "Il n'y a pas de tuiles"),
    "html": (lambda t: (t / MANIFEST).write_text("<html>"), "autre version"),
    "list": (lambda t: (t / MANIFEST).write_text("[]"), "autre version"),
    "format": (lambda t: rewrite(t, format=99), "autre version"),
    "field": (lambda t: rewrite(t, extra=1), "autre version"),
    "outside": (lambda t: rewrite(t, folder="../x"), "autre version"),
    "type": (lambda t: rewrite(t, valhalla=3), "autre version"),
    "version": (lambda t: rewrite(t, valhalla="2.7.2"), r"faites par Valhalla 2\.7\.2"),
    "tile lost": (lose_a_tile, "incomplètes"),
    "tile cut": (cut_a_tile, "incomplètes"),
}


@pytest.mark.parametrize("kind", SPOILS)
def test_tiles_that_do_not_fit_tell_how_to_make_them(tiles: Path, kind: str) -> None:
    spoil, words = SPOILS[kind]
    spoil(tiles)
    with pytest.raises(
        EngineUnavailableError, match=f"{words}[^\n]*geozones roads build[^\n]*\\.$"
    ):
        one(Valhalla(tiles), (1, 1), (2, 2))


def test_a_version_that_differs_in_its_last_number_fits(tiles: Path) -> None:
    first, second, _ = read_manifest(tiles).valhalla.split(".")
    rewrite(tiles, valhalla=f"{first}.{second}.99")
    assert still_works(tiles)


class Broken:
    """An actor that answers something else."""

    def __init__(self, answer: str) -> None:
        self.answer = answer

    def __getattr__(self, _action: str) -> Callable[[str], str]:
        return lambda _request: self.answer


@pytest.fixture
def broken(built: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Valhalla]:
    def make(answer: str) -> Valhalla:
        monkeypatch.setattr("valhalla.Actor", lambda _config: Broken(answer))
        return Valhalla(built)

    return make


@pytest.mark.parametrize(
    "answer", ["<html>502</html>", '{"sources_to', "null", "[]", '[{"edges": [{}]}]', "{}"]
)
def test_an_answer_of_another_shape_is_an_error(
    broken: Callable[[str], Valhalla], answer: str
) -> None:
    with pytest.raises(EngineAnswerError, match=r"^La réponse de Valhalla .*\.$"):
        one(broken(answer), (1, 1), (2, 2))


@pytest.mark.parametrize(
    "table",
    [
        {},
        {"durations": [[1]], "distances": [[1, 2]]},
        {"durations": [[1, 2, 3]], "distances": [[1, 2]]},
        {"durations": [[1, -2]], "distances": [[1, 2]]},
        {"durations": [[1, "x"]], "distances": [[1, 2]]},
    ],
)
def test_a_matrix_of_another_shape_is_refused(table: object) -> None:
    with pytest.raises(EngineAnswerError):
        valhalla_messages.parse_matrix({"sources_to_targets": table}, (1, 2))


def test_a_null_time_is_not_a_number() -> None:
    table = {"durations": [[None, 60]], "distances": [[0, 1]]}
    seconds, km = valhalla_messages.parse_matrix({"sources_to_targets": table}, (1, 2))
    np.testing.assert_array_equal(seconds, [[np.nan, 60]])
    np.testing.assert_array_equal(km, [[np.nan, 1]])


@pytest.mark.parametrize("answer", [None, {}, {"routes": []}, {"routes": [{"geometry": None}]}])
def test_a_route_of_another_shape_is_refused(answer: object) -> None:
    with pytest.raises(EngineAnswerError):
        valhalla_messages.parse_route(answer)


@pytest.mark.parametrize("answer", [None, {}, {"features": []}, {"features": [{}]}])
def test_isochrones_of_another_shape_are_refused(answer: object) -> None:
    with pytest.raises(EngineAnswerError):
        valhalla_messages.parse_isochrones(answer, [5.0])


def test_an_isochrone_in_several_pieces_keeps_them_all() -> None:
    square = [[0, 0], [1, 0], [1, 1], [0, 0]]
    geometry = {"type": "MultiPolygon", "coordinates": [[square], [square, square]]}
    feature = {"properties": {"contour": 5.0}, "geometry": geometry}
    rings = valhalla_messages.parse_isochrones({"features": [feature]}, [5.0])
    assert len(rings[5.0]) == 3
    assert rings[5.0][0][1] == (0.0, 1.0)


def test_edges_that_meet_at_a_point_are_one_road_point() -> None:
    def edge(lat: float, out: int, back: int) -> dict[str, float]:
        return {
            "correlated_lat": lat,
            "correlated_lon": -1.0,
            "outbound_reach": out,
            "inbound_reach": back,
        }

    answer = [{"edges": [edge(47, 50, 3), edge(47, 3, 50), edge(48, 50, 3)]}, {"edges": None}]
    assert valhalla_messages.parse_locate(answer, 2) == [
        [RoadPoint(47, -1, leads_somewhere=True), RoadPoint(48, -1, leads_somewhere=False)],
        [],
    ]
