"""`--folder NAME` opens another territory for one command; a text answer names its territory."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geozones import cli
from geozones.common.files import DATA_FOLDER
from geozones.domain.settings import territory, use_territory
from helpers.fixture_types import Refused
from helpers.other_folder import write_other_folder


@pytest.fixture
def other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write another territory, that no setting names."""
    before = territory()
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    folder = tmp_path / "autre"
    write_other_folder(folder)
    yield folder
    use_territory(before)


@pytest.mark.parametrize("form", ["--folder {0}", "--folder={0}"])
@pytest.mark.parametrize("words", ["metrics", "plan", "doctor", "teams needs"])
def test_a_command_works_on_the_folder_that_it_names(
    other: Path, answer: Callable[..., object], words: str, form: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = os.environ.get(DATA_FOLDER)
    told = answer(*words.split(), *form.format(other).split())
    assert os.environ.get(DATA_FOLDER) == before
    monkeypatch.setenv(DATA_FOLDER, str(other))
    assert told == answer(*words.split())


def test_text_begins_with_the_territory_and_json_does_not_name_it(
    other: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["metrics", "--folder", str(other)]) == 0
    named = capsys.readouterr().out.splitlines()[0]
    assert named == f"Territoire : {territory().name}, plan de départ, sur des durées estimées"
    assert cli.main(["metrics"]) == 0
    assert capsys.readouterr().out.startswith("Territoire : Pays de la Loire, plan de départ\n")
    assert cli.main(["metrics", "--json"]) == 0
    assert "territory" not in json.loads(capsys.readouterr().out)


def test_a_folder_that_is_none_is_refused(refused: Refused) -> None:
    assert "aucun territoire de ce nom" in refused("plan", "--folder", "nulle-part")
    assert "l'option --folder attend une valeur" in refused("plan", "--folder")
