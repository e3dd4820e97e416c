"""Commands run as scripts run them: the object they print, or the line that refuses them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.common.files import DATA_FOLDER, home_folder
from geozones.intake.manifest_file import find_data_folder, use_folder
from geozones.workspace.figures.study import Study, open_study
from helpers.fixture_types import Refused, Run
from helpers.frozen_plan import SHIPPED

type Answer = dict[str, Any]
#: Fixtures of the folders that no test changes; settings under which they are the same.
STUDIES = {find_data_folder(): "study", SHIPPED: "shipped_study"}
FREE = {"GEOZONES_DATABASE_URL", DATA_FOLDER}  # a home of one's own may get a matrix


def no_constant(name: str) -> None:
    pytest.fail(f"{name} is not JSON")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of its own, which is not made yet."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def first_words() -> tuple[str, ...]:
    """The first words of the commands that a file of tests runs."""
    return ()


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str], first_words: tuple[str, ...]) -> Run:
    """Run a command with ``--json``; it must succeed, and print one object and nothing else."""

    def run(*arguments: str) -> Answer:
        assert cli.main([*first_words, *arguments, "--json"]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        assert out.endswith("}\n")
        assert out.count("\n") == 1
        parsed = json.loads(out, parse_constant=no_constant)
        assert isinstance(parsed, dict)
        return parsed

    return run


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], first_words: tuple[str, ...]) -> Refused:
    """Run a command that must be refused; return its one line on stderr."""

    def run(*arguments: str) -> str:
        assert cli.main([*first_words, *arguments]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("geozones : ")
        assert err.count("\n") == 1
        assert err.endswith("\n")
        return err

    return run


@pytest.fixture(autouse=True)
def _opened_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the frozen and the shipped folder once for all commands.

    Another folder, settings or files of one's own home are read anew at each command.
    """
    usual = dict(os.environ)

    def opened() -> Study:
        changed = {name for name, _ in usual.items() ^ os.environ.items()}
        names = {name for name in changed if name.startswith("GEOZONES_")} - FREE
        folder, home = find_data_folder(), home_folder()
        own = [path for path in home.glob("*") if not path.name.startswith(("scenarios", "names"))]
        if names or own or folder not in STUDIES:
            return open_study()
        use_folder(folder)
        study: Study = request.getfixturevalue(STUDIES[folder])
        return study

    monkeypatch.setattr("geozones.cli.options.open_study", opened)
