"""Commands run as scripts run them: the object they print, or the line that refuses them."""

import json
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from helpers.fixture_types import Refused, Run

type Answer = dict[str, Any]


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
