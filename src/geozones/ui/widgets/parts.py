"""Parts of a page, boxes built only while open, and tables whose controls send gestures.

A reloaded page shows the same part again, and the browser's Back returns to the part before.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Protocol

import htpy
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from geozones.domain.terms import worded
from geozones.ui import STATIC, state
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


def when_open[**P](
    box: Callable[..., Any],
    label: str,
    *,
    key: str,
    **options: Any,  # noqa: ANN401 - options of st.expander or st.popover
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Make a function draw into a box, ``st.expander`` or ``st.popover``, while that is open.

    The content of a closed box would slow every rerun. A box whose label or options depend on the
    session is drawn by its own function instead. Nouns of the network are in braces in the label.
    """

    def wrap(draw: Callable[P, None]) -> Callable[P, None]:
        @wraps(draw)
        def drawn(*args: P.args, **kwargs: P.kwargs) -> None:
            drawn_box = box(worded(label), key=key, on_change="rerun", **options)
            if drawn_box.open:
                with drawn_box:
                    draw(*args, **kwargs)

        return drawn

    return wrap


_PART = "edits"


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    script = (STATIC / "live_table.js").read_text(encoding="utf-8")
    box = str(htpy.div(".gz-live-table"))
    return st.components.v2.component(
        "geozones.live-table", html=box, js=script, isolate_styles=False
    )


def live_table(
    key: str, markup: htpy.Element, change: Callable[[Mapping[str, Any]], object]
) -> None:
    """Draw a table whose controls send gestures to ``change``, once each and in order.

    ``live_table.js`` says which controls send what; their values are untrusted.
    """

    def changed() -> None:
        for gesture in state.new_gestures(key, _PART):
            change(gesture)

    data = {"markup": str(markup), "answered": state.last_gesture(key)}
    _component()(data=data, key=key, on_edits_change=changed)
