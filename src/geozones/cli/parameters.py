"""Building blocks of commands: groups, arguments, options and their checks."""

from collections.abc import Callable, Collection
from typing import Any

from cyclopts import App, Group, Parameter

type Check = Callable[[object, Any], None]


def group(name: str, about: str | None = None) -> App:
    """Return a command with subcommands, such as « times » with « build »."""
    return App(
        name=name,
        help=about,
        version_flags=[],
        group_arguments=Group("Arguments"),
        group_parameters=Group("Options"),
        group_commands=Group("Commandes"),
    )


def argument(name: str, about: str) -> Parameter:
    """Return a positional argument."""
    return Parameter(name=name, help=about)


def option(
    value: str, about: str, *, name: str | None = None, check: Check | None = None
) -> Parameter:
    """Return an option with a value, named after its field unless ``name`` is given.

    If the option is repeated, the last value counts, or all values if it is a list.
    """
    return Parameter(
        name=name, metavar=value, help=about, validator=check, negative=(), allow_repeating=True
    )


def flag(about: str, *, name: str | None = None) -> Parameter:
    """Return a boolean option."""
    return Parameter(name=name, help=about, negative=(), allow_repeating=True)


def one_of(values: Collection[int | str]) -> Check:
    """Return a check that an option is one of some values; it accepts ``None``."""

    def check(_: object, value: int | str | None) -> None:
        if value is not None and value not in values:
            msg = f"parmi {', '.join(map(str, values))}"
            raise ValueError(msg)

    return check


def between(least: float, most: float) -> Check:
    """Return a check that an option is within bounds; it accepts ``None``."""

    def check(_: object, value: float | None) -> None:
        if value is not None and not least <= value <= most:
            msg = f"entre {least:g} et {most:g}"
            raise ValueError(msg)

    return check
