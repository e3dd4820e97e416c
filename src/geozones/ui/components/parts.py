"""The parts of a page: one is shown, a row of buttons chooses which."""

from collections.abc import Callable, Mapping

import streamlit as st

from geozones.ui import state
from geozones.ui.state.store import Record


def choose_part(
    view: type[Record], names: Mapping[str, str], turn: Callable[[str], object] | None = None
) -> str:
    """Draw the row and return the part in force, kept in the field ``part`` of a view.

    ``turn`` changes the part, where more than that changes with it. The message of the part that is
    left goes with it.
    """

    def leave(part: str) -> None:
        state.clear_notice()
        if turn is None:
            state.update(view, part=part)
        else:
            turn(part)

    chosen: str = state.bound(view, "part", then=leave).draw(
        st.segmented_control,
        "Partie",
        list(names),
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
    return chosen
