"""Options, arguments and replies of commands, without any library but that of the command line.

Nouns of the network are in braces in the help of options (`domain.terms.worded`).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from cyclopts import App, Group, Parameter

from geozones.domain.terms import worded


@dataclass(frozen=True)
class Reply:
    """Text for stdout, and a line on stderr for each item left out.

    Without a ``status`` of its own, a reply with items left out exits with status 1, else 0.
    """

    text: str
    left_out: tuple[str, ...] = ()
    status: int | None = None


type Check = Callable[[object, Any], None]


def group(name: str, about: str | None = None) -> App:
    """Return a command with subcommands, such as « times » with « build »."""
    return App(
        name=name,
        help=None if about is None else worded(about),
        version_flags=[],
        group_arguments=Group("Arguments"),
        group_parameters=Group("Options"),
        group_commands=Group("Commandes"),
    )


def argument(name: str, about: str) -> Parameter:
    """Return a positional argument."""
    return Parameter(name=worded(name), help=worded(about))


def option(
    value: str, about: str, *, name: str | None = None, check: Check | None = None
) -> Parameter:
    """Return an option with a value, named after its field unless ``name`` is given.

    If the option is repeated, the last value counts, or all values if it is a list.
    """
    return Parameter(
        name=name,
        metavar=value,
        help=worded(about),
        validator=check,
        negative=(),
        allow_repeating=True,
    )


def flag(about: str, *, name: str | None = None, shown: bool = True) -> Parameter:
    """Return a boolean option; help leaves it out unless it is ``shown``."""
    return Parameter(name=name, help=worded(about), negative=(), allow_repeating=True, show=shown)


def one_of(values: Collection[int | str]) -> Check:
    """Return a check that an option is one of some values; it accepts ``None``."""

    def check(_: object, value: int | str | None) -> None:
        if value is not None and value not in values:
            raise ValueError(f"parmi {', '.join(map(str, values))}")

    return check


def between(least: float, most: float) -> Check:
    """Return a check that an option is within bounds; it accepts ``None``."""

    def check(_: object, value: float | None) -> None:
        if value is not None and not least <= value <= most:
            raise ValueError(f"entre {least:g} et {most:g}")

    return check
