"""What the commands share: which plan they look at, and how answers are written."""

import argparse
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from geozones.domain import InputError, Plan
from geozones.domain.files import why
from geozones.domain.locks import Locks
from geozones.domain.teams import Teams
from geozones.intake.plan_file import MAX_BYTES
from geozones.workspace import Scenarios, Workspace, open_store

if TYPE_CHECKING:
    from geozones.workspace.stores import Store

type Answer = dict[str, Any]
type Command = Callable[[Workspace, argparse.Namespace], Answer]


class Add(Protocol):
    """Add a command: its name, what it is about, what it answers, and the same to read."""

    def __call__(
        self, name: str, about: str, run: Command, text: Callable[[Answer], str], /
    ) -> argparse.ArgumentParser:
        """Return the command's parser, for its own arguments."""


def chosen(workspace: Workspace, arguments: argparse.Namespace) -> Plan:
    """Return the plan asked for: of a file, of a scenario, else the shipped one."""
    if arguments.plan is not None and arguments.scenario is not None:
        msg = "Donnez --plan ou --scenario, pas les deux."
        raise InputError(msg)
    if arguments.scenario is not None:
        with service(workspace) as scenarios:
            return scenarios.open(arguments.scenario).plan
    if arguments.plan is None:
        return workspace.plan
    return workspace.read_plan(content(arguments.plan, "plan", MAX_BYTES)).plan


def opened(workspace: Workspace, arguments: argparse.Namespace) -> Workspace:
    """Return the territory with the places of the plan or scenario asked for."""
    if arguments.scenario is not None:
        with service(workspace) as scenarios:
            return workspace.with_places(scenarios.open(arguments.scenario).state.places)
    if arguments.plan is not None:
        file = workspace.read_plan(content(arguments.plan, "plan", MAX_BYTES))
        return workspace.with_places(file.places)
    return workspace


def locks_of(workspace: Workspace, arguments: argparse.Namespace) -> Locks:
    """Return what the scenario asked for locks; nothing where none is asked for."""
    if arguments.scenario is None:
        return Locks()
    with service(workspace) as scenarios:
        return scenarios.open(arguments.scenario).state.locks


def teams_of(workspace: Workspace, arguments: argparse.Namespace) -> Teams:
    """Return the needs and posts of the scenario asked for; none where none is asked for."""
    if arguments.scenario is None:
        return Teams()
    with service(workspace) as scenarios:
        return scenarios.open(arguments.scenario).state.teams


def content(path: Path, what: str, most: int) -> bytes:
    """Read a file, a byte more than ``most`` at most; raises ``InputError``."""
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        msg = f"Le {what} {path} ne peut pas être lu : {why(error)}."
        raise InputError(msg) from error


@contextmanager
def service(workspace: Workspace) -> Iterator[Scenarios]:
    """Give the use cases of scenarios over one store: opened when first asked, closed after."""
    opened: list[Store] = []

    def opener() -> "Store":
        if not opened:
            opened.append(open_store())
        return opened[0]

    try:
        yield Scenarios(workspace, opener)
    finally:
        for store in opened:
            store.close()


class Degrees(float):
    """An angle: 6 decimals, a decimetre, where other figures have 2."""


def rounded(value: float | None) -> float | None:
    """Return a figure to 2 decimals."""
    return None if value is None else round(value, 2)


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return a JSON value: figures to 2 decimals, no infinity, named tuples of a relève."""
    if isinstance(value, Degrees):
        return round(float(value), 6)
    if isinstance(value, float):
        return round(value, 2) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def progress(what: str) -> Callable[[int, int], None]:
    """Write how far a long work is, on a terminal only."""
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        share = 100 * done // max(total, 1)
        if share != shown and sys.stderr.isatty():
            shown = share
            end = "\n" if done == total else ""
            print(f"\r{share:3d} % ({done}/{total} {what})", end=end, file=sys.stderr, flush=True)

    return tell
