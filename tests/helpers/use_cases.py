"""The use cases of the workspace found by introspection, and the table of who may do what."""

import inspect
import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import FunctionType, ModuleType

import geozones.features
import geozones.workspace
from geozones.workspace.roles import UseCases, need_of

TABLE = Path(__file__).parents[2] / "docs" / "service.md"
#: The columns of the table, in their order.
CALLERS = (
    "administrator",
    "owner",
    "editor",
    "planner who may read",
    "planner without share",
    "reader",
    "link of a version",
    "embedded version",
    "link of an opinion",
    "link of a scenario",
    "nobody",
)


def modules() -> Iterator[ModuleType]:
    """Every module of the workspace, and of the features but their parts of pages."""
    for room in (geozones.workspace, geozones.features):
        for found in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if ".parts" not in found.name and not found.name.endswith(".commands"):
                yield import_module(found.name)


def public_functions() -> dict[str, Callable[..., object]]:
    """Every public function of the workspace and public method of its classes, by name.

    A method of a class of use cases is named after the class that is used, its last heir.
    """
    found: dict[str, Callable[..., object]] = {}
    for module in modules():
        for name, value in vars(module).items():
            if name.startswith("_") or getattr(value, "__module__", "") != module.__name__:
                continue
            if isinstance(value, FunctionType):
                found[name] = value
            elif inspect.isclass(value) and not (issubclass(value, UseCases) and heirs(value)):
                for method, function in inspect.getmembers(value, inspect.isfunction):
                    if not method.startswith("_") and not hasattr(UseCases, method):
                        found[f"{value.__name__}.{method}"] = function
    return found


def heirs(kind: type[UseCases]) -> list[type[UseCases]]:
    """The classes made from another, in the workspace."""
    return [each for each in kind.__subclasses__() if each.__module__.startswith("geozones.")]


def use_cases() -> dict[str, Callable[..., object]]:
    """Every use case, by name."""
    return {name: each for name, each in public_functions().items() if need_of(each) is not None}


def rights() -> dict[str, dict[str, bool]]:
    """The table: for each use case and page, whether each kind of caller may."""
    found: dict[str, dict[str, bool]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) != len(CALLERS) + 2 or not set(cells[1:-1]) <= {"●", "–"}:
            continue
        marks = {caller: mark == "●" for caller, mark in zip(CALLERS, cells[1:-1], strict=True)}
        for name in cells[-1].split(","):
            known = name.strip().strip("`")
            assert known not in found, f"{known} stands twice in the table"
            found[known] = marks
    return found
