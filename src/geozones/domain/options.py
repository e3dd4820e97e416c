"""Options of a request: texts, choices and bounds of a field that people set.

A field annotated with an `Option`, and perhaps with a `Bound`, is described once: its widget on a
page, its option on the command line and the sentence that refuses its value are made from it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from geozones.common.bounds import Bound
from geozones.domain.terms import Worded, worded


@dataclass(frozen=True, kw_only=True)
class Option:
    """Description of a field that people set, in French; nouns of the network are in braces.

    Parameters
    ----------
    name
        Subject of the sentence that refuses a value out of bounds.
    label
        Label of the widget; the label of two ends of a range is the label of the first.
    tooltip
        Explanation shown beside the label.
    help
        Help of the command line; empty for a field that commands do not set.
    value
        Word for the value in the help of the command line.
    flag
        Name of the option of the command line; empty for the name of the field.
    choices
        Name of each allowed value; empty if the values are not enumerated.
    offered
        Values that the widget offers, ascending; commands take others too.
    unit
        Unit of the offered values on the widget.
    unset
        Name of ``None`` on the widget, which offers it too; empty if ``None`` is not offered.
    """

    name: Worded = Worded("")
    label: Worded = Worded("")
    tooltip: str | None = None
    help: Worded = Worded("")
    value: str = ""
    flag: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    offered: Sequence[float] = ()
    unit: str = ""
    unset: Worded = Worded("")

    def shown(self, value: str | float | None) -> str:
        """Return how the widget shows a value."""
        if value is None:
            return self.unset
        if isinstance(value, str):
            return self.choices[value]
        return f"{value:g} {self.unit}" if self.unit else f"{value:g}"


@dataclass(frozen=True, slots=True)
class OptionField:
    """Field of a dataclass with its option: its type and its bounds."""

    option: Option
    kind: Any
    bounds: tuple[Bound, ...]


def option_fields(record: type) -> Mapping[str, OptionField]:
    """Return the fields of a dataclass that have an option, in their order."""
    found: dict[str, OptionField] = {}
    for name, hint in get_type_hints(record, include_extras=True).items():
        kind, *marks = get_args(hint) if get_origin(hint) is Annotated else (hint,)
        option = next((mark for mark in marks if isinstance(mark, Option)), None)
        if option is not None:
            bounds = tuple(mark for mark in marks if isinstance(mark, Bound))
            found[name] = OptionField(option, kind, bounds)
    return found


def option_faults(record: object) -> list[str]:
    """Return the values of a record that are out of their bounds, in French sentences."""
    faults = []
    for name, entry in option_fields(type(record)).items():
        value = getattr(record, name)
        found = [bound.fault(value) for bound in entry.bounds if value is not None]
        faults += [f"{entry.option.name} {worded(fault)}." for fault in found if fault]
    return faults
