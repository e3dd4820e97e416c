"""Parts of a page: a row of buttons chooses the one shown, and the address keeps it.

A reloaded page shows the same part again, and the browser's Back returns to the part before.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import streamlit as st

from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.state import address
from geozones.ui.state.store import ViewRecord


class InParts(ViewRecord, Protocol):
    """Protocol of the view state of a page with parts."""

    @property
    def part(self) -> str:
        """Return the key of the part last shown."""
        ...


def choose_part(
    view: type[InParts], names: Mapping[str, str], turn: Callable[[str], object] | None = None
) -> str:
    """Draw the row of buttons and return the current part, read from the address.

    The field ``part`` of a view keeps it for the links that lead back to the page; its default is
    the part of an address that names none. ``turn`` is called on each change of part. The message
    of the part that is left is cleared.
    """

    def leave(part: str) -> None:
        show_part(view, part)
        if turn is not None:
            turn(part)

    asked = address.asked_part()
    state.update(view, part=asked if asked in names else part_at_first(view))
    chosen: str = state.bound(view, "part", then=leave).draw(
        st.segmented_control,
        "Partie",
        list(names),
        format_func=lambda part: worded(names[part]),
        required=True,
        label_visibility="collapsed",
    )
    return chosen


def show_part(view: type[InParts], part: str) -> None:
    """Go to a part of the page that is open."""
    state.clear_notice()
    address.tell_part(None if part == part_at_first(view) else part)


def link_to_part(view: type[InParts] | None) -> dict[str, str]:
    """Return the parameters that lead to the part last shown of a page."""
    if view is None or state.of(view).part == part_at_first(view):
        return {}
    return address.of_part(state.of(view).part)


def part_at_first(view: type[InParts]) -> str:
    """Return the part shown when the address names none."""
    return view().part
