"""A pipe given as a file: refused at once, by every way in which commands read one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.waiting import PATIENCE

#: One command for each door through which a file named by the user is read.
COMMANDS = (
    "metrics --plan PATH",
    "times accuracy --reference PATH",
    "roads build PATH",
    "export --format pptx --out plan.pptx --template PATH",
)
_RUN = """
import json, sys
from geozones import cli
print(json.dumps([cli.main(words) for words in json.loads(sys.argv[1])]))
"""


def _run(tmp_path: Path, commands: list[list[str]], **environment: str) -> tuple[list[int], str]:
    """Run commands in a process, which is ended (and the test fails) if one waits for ever."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN, json.dumps(commands)],
        env={**os.environ, "GEOZONES_HOME": str(tmp_path), **environment},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1]), done.stderr


@pytest.mark.slow
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    commands = [line.replace("PATH", str(pipe)).split() for line in COMMANDS]
    statuses, said = _run(tmp_path, commands)
    assert statuses == [2] * len(commands), said
    lines = said.splitlines()
    told = [line for line in lines if "ce n'est pas un fichier ordinaire" in line]
    assert told == lines


def test_a_pipe_named_by_a_setting_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "tube"
    os.mkfifo(pipe)
    statuses, said = _run(tmp_path, [["times", "a", "b"]], GEOZONES_SETTINGS=str(pipe))
    assert statuses == [2]
    assert "ce n'est pas un fichier ordinaire" in said
