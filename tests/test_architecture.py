"""ARCHITECTURE.md says of rooms what import-linter checks; documents name what exists."""

import re
import tomllib
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ARCHITECTURE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
DOCUMENTS = [
    *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted((ROOT / "docs").glob("*.md")),
]
#: Functions of static/geozones-map.js, tables of the file of secrets.
NOT_PYTHON = {".draw", ".setup", ".login", ".roles"}


def contracts(kind: str) -> list[dict[str, Any]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed: list[dict[str, Any]] = project["tool"]["importlinter"]["contracts"]
    return [contract for contract in listed if contract["type"] == kind]


def floors(name: str) -> list[set[str]]:
    """The rooms of a contract of layers, the highest first, those of one floor together."""
    (contract,) = (entry for entry in contracts("layers") if entry["name"] == name)
    return [set(floor.replace("geozones.", "").split(" | ")) for floor in contract["layers"]]


def importable() -> dict[str, set[str]]:
    """What each room may import of the others, by the contracts."""
    below: set[str] = set()
    rooms: dict[str, set[str]] = {}
    for floor in reversed(floors("who may import whom")):
        rooms |= dict.fromkeys(floor, below)
        below = below | floor
    for contract in contracts("forbidden"):
        forbidden = {name.removeprefix("geozones.") for name in contract["forbidden_modules"]}
        for source in contract["source_modules"]:
            room = source.removeprefix("geozones.")
            if room in rooms:  # not a module of a room, nor the list of features
                rooms[room] = rooms[room] - forbidden
        # some modules of a forbidden room may be imported all the same
        for line in contract.get("ignore_imports", ()):
            source, target = ((*name.split("."), "")[1] for name in line.split(" -> "))
            if source in rooms and target in rooms and source != target:
                rooms[source] = rooms[source] | {target}
    return rooms


def table() -> dict[str, set[str]]:
    """What the document says that each room may import."""
    section = ARCHITECTURE[ARCHITECTURE.index("## Rooms") :]
    rooms: dict[str, set[str]] = {}
    for name, cell in re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", section, re.MULTILINE):
        above = cell == "every room above"
        rooms[name] = set(rooms) if above else set(re.findall(r"`(\w+)`", cell))
        assert rooms[name] or cell == "nothing"
    return rooms


def test_the_table_of_rooms_is_what_the_contracts_say() -> None:
    assert table() == importable()


def test_every_package_is_a_room_of_the_table() -> None:
    packages = {path.parent.name for path in (ROOT / "src" / "geozones").glob("*/__init__.py")}
    assert packages == set(table())


def test_the_use_cases_are_listed_from_the_top_down() -> None:
    text = ARCHITECTURE[ARCHITECTURE.index("Inside `workspace`") :].partition("\n\n")[0]
    listed = iter(re.findall(r"`(\w+)`", text.partition("down this list:")[2]))
    for floor in floors("inside the use cases, each value knows only what it depends on"):
        assert {next(listed) for _ in floor} == floor
    assert not list(listed)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_and_name_of_the_code_in_a_document_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # what a recipe is about to create is not there yet
    created = set(re.findall(r"`(\S+)` \(new\)", text))
    missing = [name for name in paths_in(text) - created if not exists(name)]
    missing += [name for name in names_in(text) if not resolves(name)]
    assert not missing


def paths_in(text: str) -> set[str]:
    """Paths of the checkout; below the package they may be told from it (``ui/app.py``)."""
    named = set(re.findall(r"(?<![\w/.<])[\w.-]+(?:/[\w.-]+)*\.(?:py|js|css)\b", text))
    named |= set(re.findall(r"\b(?:src|tests|scripts|docs|pages|benchmarks)/[\w./-]*\w", text))
    return named | set(re.findall(r"\]\(((?!http)[^)#]+)", text))


def exists(name: str) -> bool:
    below = ("", "src/geozones", "docs", "scripts", "static")
    return any((ROOT / folder / name).exists() for folder in below)


def names_in(text: str) -> set[str]:
    """Dotted names in prose of modules and of what is in them, from the package or a room."""
    prose = re.sub(r"```\w+\n.*?```", "", text, flags=re.DOTALL)
    named = set(re.findall(r"(?<![\w/.@\"-])geozones((?:\.[A-Za-z_]\w*)+)", prose))
    rooms = "|".join(table())
    from_room = re.findall(rf"`((?:{rooms})(?:\.[A-Za-z_]\w*)+)`", prose)
    return named | {f".{name}" for name in from_room if not exists(name)}


def resolves(name: str) -> bool:
    if name in NOT_PYTHON:
        return True
    try:
        resolve_name(f"geozones{name}")
    except (ImportError, AttributeError):
        return False
    return True


def test_every_dotted_name_in_the_docstrings_of_the_package_exists() -> None:
    sources = {path: path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py")}
    missing = [
        (path.name, name)
        for path, text in sources.items()
        for name in names_in(text)
        if not resolves(name)
    ]
    assert len(sources) > 300
    assert not missing


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_of_make_in_a_document_is_in_the_makefile(path: Path) -> None:
    code = "\n".join(re.findall(r"```\n.*?```|`[^`\n]+`", path.read_text("utf-8"), re.DOTALL))
    named = {
        word
        for words in re.findall(r"\bmake((?: [a-z-]+\b(?!=))+)", code)
        for word in words.split()
    }
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert named <= set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))


def test_every_decision_has_a_number_of_its_own_that_comments_of_the_code_may_name() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    numbers = re.findall(r"^\*\*(\d+)\. ", text, re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    named = set(re.findall(r"docs/decisions\.md, (\d+)", code))
    assert named
    assert named <= set(numbers)
