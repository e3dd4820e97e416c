"""List of the test files that concern the changes since ``main``, for ``make check``; one a line.

``--since COMMIT`` compares with another commit; ``--slow`` lists the files with slow tests only
(``.ci/run``).

A changed file is one that differs from the commit where this branch left ``main``, untracked files
included. The tests of a module are those of its room that import it or no module of the room, and
those of other rooms that import it (from its package or through a helper of the tests), unless more
than ``WIDELY`` test files do: then only its room's. A module that no test imports has the tests of
its room that import it through other modules, and the whole room if there are none. The pages have
all of their tests. A file that CONTRIBUTING.md quotes in a recipe also has the tests of
recipes. Tests in a browser are listed with ``--slow`` only, if the pages or these tests changed;
``make test`` runs those that are not slow.
"""

import argparse
import ast
import re
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
WIDELY = 12
#: Where recipes are, and the name of a file above what changes in it.
RECIPES = Path("CONTRIBUTING.md")
_QUOTED = re.compile(r"^`(\S+)`$", re.MULTILINE)
#: What marks the slow tests of a file (``markers`` of pytest in pyproject.toml), or some of their
#: parameters (``tests/helpers/slow_params.py``).
_SLOW = {"pytest.mark.slow", "slow_but"}
#: Where modules are looked for, as in pyproject.toml (``pythonpath`` of pytest).
SOURCES = ("src", "tests", ".")
PAGES, BROWSER = Path("tests/pages"), Path("tests/e2e")
#: Where the tests of a file or folder are, when it is not the folder of tests of its name.
TESTED_IN = {
    "src/geozones/ui": "tests/pages",
    "src/geozones/features": "tests/pages",
    "pages": "tests/pages",
    "app.py": "tests/pages",
    "static": "tests/pages",
    "data": "tests/data",
    "docs/decisions.md": "tests/test_architecture.py",
    "docs/library.md": "tests/test_library.py",
    "docs": "tests/test_docs.py",
    "README.md": "tests/test_architecture.py",
    "ARCHITECTURE.md": "tests/test_architecture.py",
    "CONTRIBUTING.md": "tests/test_recipes.py",
    "pyproject.toml": "tests/test_structure.py",
}


def changed_files(root: Path, since: str = "main") -> list[Path]:
    """Return the files that differ from where this branch left another, as paths from the root.

    Deleted files are among them. Raise ``subprocess.CalledProcessError`` where there is no such
    branch or commit.
    """
    (base,) = _git(root, "merge-base", "HEAD", since)
    names = _git(root, "diff", "--name-only", "--no-renames", base)
    names += _git(root, "ls-files", "--others", "--exclude-standard")
    return [Path(name) for name in sorted(set(names))]


def _git(root: Path, *arguments: str) -> list[str]:
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - git
    return done.stdout.splitlines()


def relevant_tests(changed: Iterable[Path], root: Path) -> list[Path]:
    """Return the test files of some files, sorted; all are paths from the root."""
    return sorted(set().union(*(tests for _, tests in _tests_of_each(changed, Imports(root)))))


def slow_tests(changed: Iterable[Path], root: Path) -> list[Path]:
    """Return the files with slow tests that concern some files; for pages, tests in a browser too.

    A helper of tests that more than ``WIDELY`` test files read, such as ``tests/conftest.py``,
    brings no slow test.
    """
    changed = list(changed)
    tests = {
        test
        for path, its_tests in _tests_of_each(changed, Imports(root))
        if not path.is_relative_to("tests") or len(its_tests) <= WIDELY
        for test in its_tests
        if _is_slow(root / test)
    }
    if any(_folder_of_tests(path) == PAGES or path.is_relative_to(BROWSER) for path in changed):
        browser = (path.relative_to(root) for path in (root / BROWSER).glob("test_*.py"))
        tests |= {test for test in browser if _is_slow(root / test)}
    return sorted(tests)


def _tests_of_each(changed: Iterable[Path], imports: "Imports") -> Iterator[tuple[Path, set[Path]]]:
    """Yield each of some files, and its test files."""
    root = imports.root
    files = (path.relative_to(root) for path in (root / "tests").rglob("test_*.py"))
    tests = [path for path in files if not path.is_relative_to(BROWSER)]
    quoted = _quoted_in_recipes(root)
    for path in changed:
        chosen = _inside(_folder_of_tests(RECIPES), tests) if path in quoted else set()
        importers = {test for test in tests if path in imports.reached(test)}
        if path in tests:
            chosen.add(path)
        elif path.is_relative_to("tests"):
            # what no test imports is read by its neighbours: conftest.py, a fixture, a script
            chosen |= importers or _inside(path.parent, tests)
        else:
            chosen |= _of_room(path, tests, importers, imports)
            chosen |= importers if len(importers) <= WIDELY else set()
        yield path, chosen


def _of_room(
    path: Path, tests: Iterable[Path], importers: set[Path], imports: "Imports"
) -> set[Path]:
    """Return the tests of a file's room that concern it; ``importers`` import it directly.

    A test that imports no module of its room runs the room as a process, and concerns it all. One
    of the pages draws many of them, whatever it imports.
    """
    room = _folder_of_tests(path)
    here = _inside(room, tests)
    if not importers:
        importers = {test for test in here if path in imports.reached(test, room)}
    if room == PAGES or not importers:
        return here
    of_all = {t for t in here if all(_folder_of_tests(each) != room for each in imports.reached(t))}
    return (importers & here) | of_all


@cache
def _is_slow(test: Path) -> bool:
    tree = ast.parse(test.read_text(encoding="utf-8"))
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute | ast.Name))
    return any(ast.unparse(node) in _SLOW for node in names)


def _quoted_in_recipes(root: Path) -> set[Path]:
    return {Path(name) for name in _QUOTED.findall((root / RECIPES).read_text(encoding="utf-8"))}


def _inside(folder: Path, tests: Iterable[Path]) -> set[Path]:
    return {test for test in tests if test.is_relative_to(folder)}


def _folder_of_tests(path: Path) -> Path:
    for place, tests in TESTED_IN.items():
        if path.is_relative_to(place):
            return Path(tests)
    in_package = path.is_relative_to("src/geozones") and len(path.parts) > 3
    return Path("tests", path.parts[2]) if in_package else Path("tests", "none")


class Imports:
    """Imports between the files of a checkout, read from their text."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._imported = cache(self._read)
        self.reached = cache(self._reached)

    def _reached(self, test: Path, room: Path | None = None) -> set[Path]:
        """Return the files that a test imports, by itself or through files beside the tests.

        ``room`` is a folder of tests: what the modules that it tests import is reached too.
        """
        reached: set[Path] = set()
        waiting = [test]
        while waiting:
            new = set(self._imported(waiting.pop()).values()) - reached
            reached |= new
            waiting += [
                path
                for path in new
                if path.is_relative_to("tests") or (room and _folder_of_tests(path) == room)
            ]
        return reached

    def _read(self, path: Path) -> dict[str, Path]:
        """Return the file behind each name that a file imports."""
        tree = ast.parse((self.root / path).read_text(encoding="utf-8"))
        behind = {}
        for name, dotted in _imported_names(tree, path):
            file = self._file_behind(dotted)
            if file is not None and file != path:
                behind[name] = file
        return behind

    def _file_behind(self, dotted: str) -> Path | None:
        """Return the file of a module, or the one that holds a name of a module; None outside."""
        file = self._module(dotted)
        if file is not None:
            return file
        module, _, name = dotted.rpartition(".")
        holder = self._module(module) if module else None
        if holder is None or holder.name != "__init__.py":
            return holder
        return self._imported(holder).get(name, holder)

    def _module(self, dotted: str) -> Path | None:
        for source in SOURCES:
            stem = Path(source, *dotted.split("."))
            for file in (stem.with_suffix(".py"), stem / "__init__.py"):
                if (self.root / file).is_file():
                    return file
        return None


def _imported_names(tree: ast.AST, path: Path) -> Iterator[tuple[str, str]]:
    """Yield each name that a file imports, and the dotted name of its module or member."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = path.parts[: -node.level] if node.level else ()
            inside = [*above[1:], *([node.module] if node.module else [])]
            for alias in node.names:
                yield alias.asname or alias.name, ".".join([*inside, alias.name])


def main() -> None:
    """Print the test files of what changed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--since", default="main")
    parser.add_argument("--slow", action="store_true")
    asked = parser.parse_args()
    listed = slow_tests if asked.slow else relevant_tests
    for test in listed(changed_files(ROOT, asked.since), ROOT):
        print(test)


if __name__ == "__main__":
    main()
