"""Check of a data folder: each file, its state, and advice that works for that folder."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.workspace.doctor import FileState, FolderFile, check_folder
from geozones.workspace.study import open_study
from helpers.frozen_plan import SHIPPED
from helpers.other_folder import other_folder


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of another territory."""
    with other_folder(tmp_path / "data", monkeypatch) as folder:
        yield folder


def state_of(folder: Path) -> dict[str, FolderFile]:
    return {each.name: each for each in check_folder(folder)}


def wrong(folder: Path) -> list[str]:
    return [each.name for each in check_folder(folder) if each.is_wrong]


def test_every_shipped_file_is_known_and_sound() -> None:
    found = state_of(SHIPPED)
    there = {path.name + "/" * path.is_dir() for path in SHIPPED.iterdir()}
    assert set(found) == there
    assert {each.state for each in found.values()} == {FileState.PRESENT}


def test_a_minimal_folder_is_sound_and_says_what_it_may_have(elsewhere: Path) -> None:
    found = state_of(elsewhere)
    assert wrong(elsewhere) == []
    required = {name for name, each in found.items() if each.required}
    assert required == {"sites.geojson", "secteurs.json", "travel_times.parquet"}
    absent = [each for each in found.values() if each.state is FileState.ABSENT]
    assert len(absent) > 8
    assert all(each.remedy for each in absent)


@pytest.mark.parametrize("name", ["sites.geojson", "secteurs.json", "travel_times.parquet"])
def test_a_required_file_that_lacks_or_is_cut_is_wrong(elsewhere: Path, name: str) -> None:
    path = elsewhere / name
    path.write_bytes(path.read_bytes()[:100])
    assert name in wrong(elsewhere)
    path.unlink()
    assert name in wrong(elsewhere)


@pytest.mark.parametrize("name", ["organisation.json", "ground.parquet", "territoire.toml"])
def test_an_optional_file_that_is_altered_is_wrong_and_told(elsewhere: Path, name: str) -> None:
    (elsewhere / name).write_text("{", encoding="utf-8")
    found = state_of(elsewhere)[name]
    assert found.is_wrong
    assert name in found.fault


@pytest.mark.slow
def test_minutes_of_other_places_are_made_again_by_the_command_that_is_given(
    elsewhere: Path,
) -> None:
    sites = elsewhere / "sites.geojson"
    sites.write_text(sites.read_text(encoding="utf-8").replace("24.9319", "24.9419"))
    minutes = state_of(elsewhere)["travel_times.parquet"]
    assert (minutes.state, minutes.is_wrong) == (FileState.STALE, True)
    (elsewhere / "travel_times.parquet").unlink()
    given = state_of(elsewhere)["travel_times.parquet"].remedy
    variable, *words = shlex.split(given)
    assert variable == f"GEOZONES_DATA_DIR={elsewhere}"
    assert words[0] == "geozones"
    subprocess.run([sys.executable, "-m", "geozones.cli", *words[1:]], check=True)
    assert wrong(elsewhere) == []
    assert len(open_study(elsewhere).territory.cells) == 12
