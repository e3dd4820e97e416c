"""Select box that also follows choices made elsewhere: on the map, or by a button."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from geozones.domain import Plan
from geozones.ui import state

#: Stands for ``None`` among the options, because Streamlit takes ``None`` for no choice at all.
_ALL = ""


def distinct[T](names: Mapping[T, str]) -> dict[T, str]:
    """Return the names with a number after duplicates.

    The browser identifies a choice by its name: of two equal names, it would take the last.
    """
    count, seen = Counter(names.values()), Counter[str]()
    shown, taken = {}, set(names.values())
    for key, name in names.items():
        shown[key] = name
        while count[name] > 1:
            seen[name] += 1
            shown[key] = f"{name} ({seen[name]})"
            if shown[key] not in taken:
                break
        taken.add(shown[key])
    return shown


def filter_by[T](label: str, names: Mapping[T, str], bound: state.BoundValue[T]) -> None:
    """Draw a list that filters another; its first name, which filters nothing, is its title."""
    chooser(label, names, bound, label_visibility="collapsed")


def filter_by_sector(plan: Plan, bound: state.BoundValue[str | None]) -> None:
    """Draw the list of sectors, and « Toute la région », that filters another list."""
    sectors = {sector.id: sector.name for sector in plan.sectors}
    filter_by("Secteur", {None: "Toute la région", **sectors}, bound)


def _name(names: Mapping[Any, str], key: Any) -> str:  # noqa: ANN401 - a key of the names
    return names.get(key, str(key))


def chooser[T](
    label: str,
    names: Mapping[T, str],
    bound: state.BoundValue[T],
    widget: Callable[..., Any] = st.selectbox,
    **options: Any,  # noqa: ANN401 - options of st.selectbox
) -> T:
    """Draw the list of ``names`` with the current value chosen; return that value.

    ``options`` are the options of ``st.selectbox``. With a ``placeholder``, the choice may be empty
    (``None``); without, the first name stands in for a value that is not in the list. ``None`` may
    be one of the names, as « Toute la région »: it is then an ordinary choice, which cannot be
    cleared.
    """
    shown: dict[Any, str] = {_ALL if key is None else key: names[key] for key in names}
    shown = distinct(shown)
    if None not in names:
        # a text typed into a list that accepts it is its own name
        named = partial(_name, shown)
        return bound.draw(widget, label, list(shown), format_func=named, **options)

    def write(choice: Any) -> None:  # noqa: ANN401 - a key of the names
        bound.write(None if choice == _ALL else choice)  # type: ignore[arg-type]

    value: Any = _ALL if bound.value is None else bound.value
    tied = state.BoundValue(bound.key, value, write)
    chosen = tied.draw(widget, label, list(shown), format_func=shown.__getitem__, **options)
    nothing: Any = None
    return nothing if chosen == _ALL else chosen  # type: ignore[no-any-return]
