"""The parts of a page: one is shown, a row of buttons chooses which, the address says which.

So a page loaded anew shows the part that it showed, and the browser's Back goes to the one before.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

import streamlit as st

from geozones.ui import state
from geozones.ui.state import address
from geozones.ui.state.store import Record


class InParts(Record, Protocol):
    """What is remembered of a page that has parts."""

    @property
    def part(self) -> str:
        """Return the part last shown, by its key."""
        ...


def choose_part(
    view: type[InParts], names: Mapping[str, str], turn: Callable[[str], object] | None = None
) -> str:
    """Draw the row and return the part in force: that of the address.

    The field ``part`` of a view remembers it for the links that lead back to the page; its default
    is the part of an address that names none. ``turn`` does what else changes with the part. The
    message of the part that is left goes with it.
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
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    return chosen


def show_part(view: type[InParts], part: str) -> None:
    """Go to a part of the page that is open."""
    state.clear_notice()
    address.tell_part(None if part == part_at_first(view) else part)


def link_to_part(view: type[InParts] | None) -> dict[str, str]:
    """Return what a link to a page adds to its address, for the part last shown there."""
    if view is None or state.of(view).part == part_at_first(view):
        return {}
    return address.of_part(state.of(view).part)


def part_at_first(view: type[InParts]) -> str:
    """Return the part shown where the address names none."""
    return view().part
