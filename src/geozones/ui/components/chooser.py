"""A list to choose from, that also shows what was chosen elsewhere: on the map, by a button."""

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import streamlit as st

from geozones.ui import state

#: What stands for ``None`` among options: Streamlit takes that one for no choice at all.
_ALL = ""


def distinct[T](names: Mapping[T, str]) -> dict[T, str]:
    """Return the names with a number after those that are the same.

    The browser tells a choice by its name: of two that are the same, it would take the last.
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


def _name(names: Mapping[Any, str], key: Any) -> str:  # noqa: ANN401 - a key of the names
    return names.get(key, str(key))


def chooser[T](
    label: str,
    names: Mapping[T, str],
    bound: state.Bound[T],
    widget: Callable[..., Any] = st.selectbox,
    **options: Any,  # noqa: ANN401 - those of st.selectbox
) -> T:
    """Draw the list of ``names`` with the value in force chosen; return that value.

    ``options`` are those of ``st.selectbox``. With a ``placeholder``, none may be chosen
    (``None``); without, the first is where the value is not in the list. ``None`` may be one of the
    names, as « Toute la région »: it is then a choice like another, not one to be cleared.
    """
    shown: dict[Any, str] = {_ALL if key is None else key: names[key] for key in names}
    shown = distinct(shown)
    if None not in names:
        # what is typed, where a list accepts it, is its own name
        named = partial(_name, shown)
        return bound.draw(widget, label, list(shown), format_func=named, **options)

    def write(choice: Any) -> None:  # noqa: ANN401 - a key of the names
        bound.write(None if choice == _ALL else choice)  # type: ignore[arg-type]

    value: Any = _ALL if bound.value is None else bound.value
    tied = state.Bound(bound.key, value, write)
    chosen = tied.draw(widget, label, list(shown), format_func=shown.__getitem__, **options)
    nothing: Any = None
    return nothing if chosen == _ALL else chosen  # type: ignore[no-any-return]
