"""A list to choose from, that also shows what was chosen elsewhere: on the map, by a button."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from geozones.ui import state


def distinct[T](names: Mapping[T, str]) -> dict[T, str]:
    """Return the names with a number after those that are the same.

    The browser tells a choice by its name: of two that are the same, it would take the last.
    """
    count, seen = Counter(names.values()), Counter[str]()
    told, taken = {}, set(names.values())
    for key, name in names.items():
        told[key] = name
        while count[name] > 1:
            seen[name] += 1
            told[key] = f"{name} ({seen[name]})"
            if told[key] not in taken:
                break
        taken.add(told[key])
    return told


def chooser[T](
    label: str,
    names: Mapping[T, str],
    value: T | None,
    on_choice: Callable[[T], None],
    **options: Any,  # noqa: ANN401 - those of st.selectbox
) -> None:
    """Draw the list of ``names`` with ``value`` chosen; ``on_choice`` gets another choice.

    ``options`` are those of ``st.selectbox``, its ``key`` among them. With a ``placeholder``, none
    may be chosen (``None``); without, the first is where ``value`` is not in the list.
    """
    names = distinct(names)
    first = None if "placeholder" in options else next(iter(names), None)
    key = options["key"]
    # at each drawing: the browser keeps a name that changed as it was
    shown = value if value in names else first
    state.show(key, shown)

    def chosen() -> None:
        choice = state.widget(key)
        # neither what it showed, nor a name that is no longer there
        if choice != shown and (choice in names or choice is None):
            state.after_callbacks(lambda: on_choice(choice), gesture=False)

    st.selectbox(
        label,
        list(names),
        index=None if "placeholder" in options else 0,
        format_func=names.__getitem__,
        on_change=chosen,
        **options,
    )
