"""Building Valhalla's tiles: what a build makes, refuses, and leaves when it is killed."""

import errno
import hashlib
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain.errors import (
    EngineCancelledError,
    EngineError,
)
from geozones.travel import valhalla
from geozones.travel.valhalla import (
    MANIFEST,
    STAGES,
    TilesManifest,
    Valhalla,
    build_tiles,
    read_manifest,
)
from helpers.small_network import DATE, streets, write_pbf
from helpers.valhalla_drives import one, still_works

pytestmark = pytest.mark.slow


def test_a_build_leaves_nothing_but_tiles_and_a_manifest_of_what_they_were_made_of(
    pbf: Path, built: Path
) -> None:
    manifest = read_manifest(built)
    assert manifest.pbf == "petit-pays.osm.pbf"
    assert manifest.pbf_bytes == pbf.stat().st_size
    assert manifest.pbf_sha256 == hashlib.sha256(pbf.read_bytes()).hexdigest()
    assert manifest.extract_date == DATE
    assert manifest.built == "2026-02-03"
    assert manifest.valhalla[0].isdigit()
    assert {p.name for p in built.iterdir()} == {MANIFEST, read_manifest(built).folder}


def test_progress_goes_through_the_stages_to_the_last(pbf: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    build_tiles(pbf, tmp_path / "tiles", lambda done, total: seen.append((done, total)))
    stages = [done for done, _ in seen]
    assert stages == sorted(stages)
    assert seen[-1] == (len(STAGES), len(STAGES))
    assert len(set(stages)) > 2


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


@pytest.mark.parametrize("ways", [[], [([(0, 0), (1, 0)], {"building": "yes"})]])
def test_a_map_without_roads_is_refused(tmp_path: Path, ways: Any) -> None:
    bare = write_pbf(tmp_path / "bare.osm.pbf", ways)
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
    monkeypatch.setattr(valhalla, "tool_path", lambda _: tool)
    before = sorted(tiles.rglob("*"))
    with pytest.raises((EngineError, InputError), match=f"{words}[^\n]*\\.$"):
        build_tiles(pbf, tiles)
    assert sorted(tiles.rglob("*")) == before


def test_a_cancelled_build_leaves_the_old_tiles(pbf: Path, tiles: Path) -> None:
    def cancel(_done: int, _total: int) -> None:
        message = "arrêté"
        raise EngineCancelledError(message)

    before = sorted(tiles.rglob("*"))
    with pytest.raises(EngineCancelledError):
        build_tiles(pbf, tiles, cancel)
    assert sorted(tiles.rglob("*")) == before
    assert still_works(tiles)


def test_what_is_made_with_the_tiles_is_in_use_with_them(pbf: Path, tiles: Path) -> None:
    def draw(new: Path, manifest: TilesManifest) -> None:
        assert still_works(new)
        assert read_manifest(new) == manifest
        assert read_manifest(tiles) == before
        (new / manifest.folder / "fond").write_text("nouveau", encoding="utf-8")

    before = read_manifest(tiles)
    build_tiles(pbf, tiles, before_use=draw)
    after = read_manifest(tiles)
    assert after.folder != before.folder
    assert (tiles / after.folder / "fond").read_text(encoding="utf-8") == "nouveau"
    assert still_works(tiles)


@pytest.mark.parametrize(
    ("error", "told", "words"),
    [
        (InputError("Ce n'est pas le bon pays."), InputError, "pas le bon pays"),
        (OSError(errno.ENOSPC, "No space left on device"), EngineError, "plus de place"),
    ],
)
def test_what_fails_before_the_new_tiles_are_in_use_leaves_the_old(
    pbf: Path, tiles: Path, error: Exception, told: type[Exception], words: str
) -> None:
    def fail(new: Path, manifest: TilesManifest) -> None:
        (new / manifest.folder / "fond").write_text("à moitié", encoding="utf-8")
        raise error

    before = {path: path.read_bytes() for path in tiles.rglob("*") if path.is_file()}
    with pytest.raises(told, match=words):
        build_tiles(pbf, tiles, before_use=fail)
    assert {path: path.read_bytes() for path in tiles.rglob("*") if path.is_file()} == before


KILLED = """
import os, signal, sys
from pathlib import Path
from geozones.travel import valhalla

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

if sys.argv[3] == "working":
    valhalla.build_tiles(Path(sys.argv[1]), Path(sys.argv[2]), die)
elif sys.argv[3] == "before use":
    valhalla.build_tiles(Path(sys.argv[1]), Path(sys.argv[2]), before_use=die)
else:
    Path.replace = die
    valhalla.build_tiles(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("when", ["working", "before use", "about to install"])
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
    monkeypatch.setattr(valhalla, "_STALE_S", -1)
    build_tiles(pbf, tiles)
    assert {p.name for p in tiles.iterdir()} == {MANIFEST, read_manifest(tiles).folder}


def test_a_rebuild_is_seen_by_an_engine_at_work(tiles: Path, tmp_path: Path) -> None:
    engine = Valhalla(tiles)
    assert one(engine, (4, 0), (13, 0))[0] == pytest.approx(9 / 80 * 60, rel=0.02)
    slower = streets()
    slower[16] = (slower[16][0], {"highway": "secondary", "maxspeed": "70"})
    old = read_manifest(tiles).folder
    build_tiles(write_pbf(tmp_path / "slow.osm.pbf", slower), tiles)
    assert one(engine, (4, 0), (13, 0))[0] == pytest.approx(9 / 70 * 60, rel=0.02)
    assert not (tiles / old).exists()
