"""Plain words of the code: docstrings of sentences, a class name that is used once."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src" / "geozones"
#: Words by which a docstring asks a question instead of naming what the module holds.
RIDDLES = ("What", "Whether", "Who", "How", "Where", "Which", "From", "Have")

#: Head of a section of a docstring, on the line above its rule.
UNDERLINED = re.compile(r"^(\w+)\n-{3,}$", re.MULTILINE)


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


def sections(source: str) -> list[str]:
    """Return the underlined heads of docstrings (« Parameters », « Returns »…)."""
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    texts = (
        ast.get_docstring(node) for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)
    )
    return [head for text in texts if text for head in UNDERLINED.findall(text)]


def test_a_docstring_tells_its_parameters_in_sentences() -> None:
    heads = {
        str(path.relative_to(SRC)): sections(path.read_text(encoding="utf-8"))
        for path in sorted(SRC.rglob("*.py"))
    }
    assert len(heads) > 300  # the package was read
    assert {module: found for module, found in heads.items() if found} == {}


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
