"""Plain words of the code: docstrings open with a noun phrase, a class name is used once."""

import ast
from collections import defaultdict
from collections.abc import Iterable
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


def classes_by_name(modules: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return the modules that define each top-level class name, from (module, source) pairs."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, source in modules:
        for statement in ast.parse(source).body:
            if isinstance(statement, ast.ClassDef):
                found[statement.name].append(module)
    return found


def test_a_class_name_is_defined_once_in_the_package() -> None:
    sources = (
        (str(path.relative_to(SRC)), path.read_text(encoding="utf-8"))
        for path in sorted(SRC.rglob("*.py"))
    )
    found = classes_by_name(sources)
    assert len(found) > 500  # the package was read
    assert {name: modules for name, modules in found.items() if len(modules) > 1} == {}


def test_a_class_name_defined_twice_is_seen() -> None:
    found = classes_by_name([("a.py", "class Kind: ..."), ("b.py", "class Kind: ...")])
    assert found == {"Kind": ["a.py", "b.py"]}
