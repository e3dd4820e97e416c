"""Imports run one way, in every room and between rooms; ``scripts/structure.py`` counts right."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.structure import PACKAGE, code_lines, import_cycles, import_graph, room_of


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert import_cycles(import_graph("geozones")) == ()


def test_no_rooms_import_one_another_in_a_circle() -> None:
    graph = import_graph("geozones")
    for room in {room_of(module) for module in graph.modules} - {"geozones"}:
        graph.squash_module(room)
    assert import_cycles(graph) == ()


def test_the_use_cases_do_not_import_one_another_in_a_circle() -> None:
    graph = import_graph("geozones")
    for room in graph.find_children("geozones.workspace"):
        graph.squash_module(room)
    assert import_cycles(graph) == ()


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A package of two rooms: ``low`` has a circle of two modules, one way for types only."""
    folder = tmp_path / "toyhouse"
    files = {
        "__init__.py": '"""The toy."""\n',
        "high/__init__.py": "",
        "high/top.py": "from toyhouse.low import first\n",
        "low/__init__.py": "",
        "low/first.py": (
            '"""First.\n\nOf two.\n"""\n\n# a remark\nfrom toyhouse.low import second\n'
        ),
        "low/second.py": (
            "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
            "    from toyhouse.low import first\n"
        ),
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_the_table_counts_each_room_and_names_its_circle(toy: Path) -> None:
    done = subprocess.run(
        [sys.executable, PACKAGE.parents[1] / "scripts" / "structure.py", toy],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = {row.split()[0]: row.split()[1:] for row in done.stdout.splitlines() if row}
    # files, lines, code lines, arrows, cycles
    assert rows["toyhouse"] == ["1", "1", "0", "0", "0"]
    assert rows["toyhouse.high"] == ["2", "1", "1", "0", "0"]
    assert rows["toyhouse.low"] == ["3", "11", "4", "2", "1"]
    assert rows["total"] == ["6", "13", "5", "3", "1"]
    assert "cycle of 2 modules: toyhouse.low.first, toyhouse.low.second" in done.stdout


def test_lines_of_code_are_neither_blank_nor_remarks_nor_docstrings(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(
        '"""What it is."""\n\nX = """two\nlines"""  # a value\n\n\n'
        'def f() -> str:\n    """Say it."""\n    # why\n    return (\n        X\n    )\n',
        encoding="utf-8",
    )
    assert code_lines(path) == 2 + 1 + 3
