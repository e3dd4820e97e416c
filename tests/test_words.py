"""Plain words of the code: a module's docstring opens with a noun phrase, never with a riddle."""

import ast
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "geozones"
#: Words by which a docstring asks a question instead of naming what the module holds.
RIDDLES = ("What", "Whether", "Who", "How", "Where", "Which", "From", "Have")


def opening(source: str) -> str:
    """Return the first word of a module's docstring; empty without one."""
    return (ast.get_docstring(ast.parse(source)) or "").partition(" ")[0]


@pytest.mark.parametrize("room", sorted(path.name for path in SRC.iterdir() if path.is_dir()))
def test_no_module_of_a_room_opens_with_a_riddle(room: str) -> None:
    riddles = [
        str(path.relative_to(SRC))
        for path in sorted((SRC / room).rglob("*.py"))
        if opening(path.read_text(encoding="utf-8")) in RIDDLES
    ]
    assert not riddles


def test_a_riddle_is_seen() -> None:
    assert opening('"""What is said of a zone."""') in RIDDLES
    assert opening('"""Sentences about a zone."""') not in RIDDLES
