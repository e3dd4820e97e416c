"""Table drawn by the server whose controls send gestures: edited cells, rows that open."""

from collections.abc import Callable, Mapping
from typing import Any

import htpy
import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from geozones.ui import STATIC, state

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
