"""Size of the package, room by room, and its import cycles.

Run ``python scripts/structure.py`` (or with the folder of another checkout's package). A room is a
package just below the top one. For each: files, lines, lines of code (neither blank nor only a
comment or a docstring), arrows (a module of the room imports another of it) and import cycles;
imports under ``if TYPE_CHECKING`` count.
"""

import argparse
import ast
import sys
import tokenize
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import grimp

PACKAGE = Path(__file__).parent.parent / "src" / "geozones"
_LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_LAYOUT |= {tokenize.ENCODING, tokenize.ENDMARKER}


@dataclass(frozen=True)
class RoomSize:
    """Line of the table: counts of one room."""

    name: str
    files: int
    lines: int
    code_lines: int
    arrows: int
    cycles: int


def import_graph(package: str) -> grimp.ImportGraph:
    """Return the import graph of a package, imports under ``if TYPE_CHECKING`` included."""
    return grimp.build_graph(package, exclude_type_checking_imports=False, cache_dir=None)


def import_cycles(graph: grimp.ImportGraph) -> tuple[tuple[str, ...], ...]:
    """Return the groups of modules that import one another, directly or through others.

    Each group is sorted and as large as can be: a strongly connected component of two modules or
    more. A module is in one group at most.
    """
    cycles: set[tuple[str, ...]] = set()
    for module in graph.modules:
        imported = graph.find_upstream_modules(module)
        circle = imported & graph.find_downstream_modules(module)
        if circle:
            cycles.add(tuple(sorted({module, *circle})))
    return tuple(sorted(cycles))


def room_of(module: str) -> str:
    """Return the full name of the room of a module; the top package if the module is in no room."""
    return ".".join(module.split(".")[:2])


def arrows_inside(graph: grimp.ImportGraph, modules: Iterable[str]) -> int:
    """Count the imports between some modules."""
    inside = set(modules)
    return sum(len(graph.find_modules_directly_imported_by(each) & inside) for each in inside)


def code_lines(path: Path) -> int:
    """Count the lines of a Python file that are neither blank nor only a comment or a docstring."""
    with tokenize.open(path) as source:
        tokens = list(tokenize.generate_tokens(source.readline))
    lines = {
        line
        for token in tokens
        if token.type not in _LAYOUT
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(lines - _docstring_lines(path))


def _docstring_lines(path: Path) -> set[int]:
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    first = [node.body[0] for node in ast.walk(tree) if isinstance(node, owners) and node.body]
    return {
        line
        for node in first
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def measure(folder: Path, graph: grimp.ImportGraph) -> list[RoomSize]:
    """Measure each room of a package, then all of it (named ``total``).

    A cycle over several rooms is counted in the total only.
    """
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*.py")):
        inside = path.relative_to(folder).parts
        room = f"{folder.name}.{inside[0].removesuffix('.py')}"
        files.setdefault(folder.name if inside[0] == "__init__.py" else room, []).append(path)
    cycles = import_cycles(graph)
    sizes = []
    for room, paths in sorted(files.items()):
        modules = [module for module in graph.modules if room_of(module) == room]
        within = sum({room_of(module) for module in cycle} == {room} for cycle in cycles)
        sizes.append(_size(room, paths, arrows_inside(graph, modules), within))
    everything = [path for paths in files.values() for path in paths]
    arrows = arrows_inside(graph, graph.modules)
    return [*sizes, _size("total", everything, arrows, len(cycles))]


def _size(name: str, paths: list[Path], arrows: int, cycles: int) -> RoomSize:
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)
    return RoomSize(name, len(paths), lines, sum(map(code_lines, paths)), arrows, cycles)


def main() -> None:
    """Print the table, then the modules of each cycle."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, nargs="?", default=PACKAGE)
    folder = parser.parse_args().package.resolve()
    sys.path.insert(0, str(folder.parent))
    graph = import_graph(folder.name)
    print(f"{'room':<22}{'files':>7}{'lines':>9}{'code lines':>12}{'arrows':>8}{'cycles':>8}")
    for size in measure(folder, graph):
        print(
            f"{size.name:<22}{size.files:>7,}{size.lines:>9,}{size.code_lines:>12,}"
            f"{size.arrows:>8,}{size.cycles:>8,}"
        )
    for cycle in import_cycles(graph):
        print(f"\ncycle of {len(cycle)} modules: {', '.join(cycle)}")


if __name__ == "__main__":
    main()
