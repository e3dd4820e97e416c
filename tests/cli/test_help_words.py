"""Help of the terminal: French, without names of settings, whatever the command."""

import re

import pytest
from cyclopts import App

from geozones.cli.command_line import commands, main
from helpers.shown_words import faults

#: What is typed as it is written: options, commands.
TYPED = re.compile(r"--?[a-z][\w-]*|\bgeozones [a-z -]+|^│ [a-z-]+ ", re.MULTILINE)


def every_command() -> list[tuple[str, ...]]:
    """Names of the commands, and of theirs."""
    found: list[tuple[str, ...]] = [()]

    def look(app: App, path: tuple[str, ...]) -> None:
        for name in app:
            if not name.startswith("-"):
                found.append((*path, name))
                look(app[name], (*path, name))

    look(commands(), ())
    return found


@pytest.mark.parametrize("command", every_command(), ids=" ".join)
def test_the_help_of_a_command_is_french(
    command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--help"]) == 0
    text = capsys.readouterr().out
    assert len(text) > 50
    assert faults(TYPED.sub("…", text), typed=True) == ()
    assert not re.search(r"\bARGS\b|\bFACON\b|\bREGLE\b|\(\d\.\d", text)
