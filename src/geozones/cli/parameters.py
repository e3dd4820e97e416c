"""Building blocks of commands: groups, arguments, options and their checks.

Nouns of the network are in braces in their help (`domain.terms.worded`).
"""

from collections.abc import Callable, Collection
from typing import Annotated, Any, get_origin

from cyclopts import App, Group, Parameter

from geozones.domain.options import OptionField, option_fields
from geozones.domain.terms import worded

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
    return Parameter(name=name, help=worded(about))


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


def flag(about: str, *, name: str | None = None) -> Parameter:
    """Return a boolean option."""
    return Parameter(name=name, help=worded(about), negative=(), allow_repeating=True)


def command_options[T](record: type[T]) -> type[T]:
    """Make each `Option` of a dataclass an option of the commands that take the dataclass.

    The hints of the class replace those that it inherits, in the order of its fields.
    """
    made = {name: _command_option(entry) for name, entry in option_fields(record).items()}
    record.__annotations__ = made | record.__annotations__
    return record


def _command_option(entry: OptionField) -> Any:  # noqa: ANN401 - a type hint
    """Return the hint of an option for the command line; commands do not set it without help."""
    described, kind = entry.option, entry.kind
    if not described.help:
        return Annotated[kind, Parameter(parse=False)]
    if kind is bool:
        return Annotated[bool, flag(described.help, name=described.flag or None)]
    check = one_of(tuple(described.choices)) if described.choices else None
    parameter = option(described.value, described.help, name=described.flag or None, check=check)
    return Annotated[list[str] if get_origin(kind) is Collection else kind, parameter]


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
