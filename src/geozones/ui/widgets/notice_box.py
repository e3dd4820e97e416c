"""Message of the last action, and the notice of the current scenario."""

from typing import Literal

import htpy
import streamlit as st

from geozones.ui import state
from geozones.ui.state.session_views import Current, Notice
from geozones.ui.widgets import html


def notice_box() -> None:
    """Show the last message in a container of its own.

    The container is always there: if it came and went, text typed below it would be lost.
    """
    with st.container():
        notice()


def notice() -> None:
    """Show the last message (effect or refusal) and the notice of the current scenario, if any."""
    message, about = state.of(Notice), scenario_notice()
    shown = [] if about is None else [about]
    if message.text:
        role: Literal["alert", "status"] = "alert" if message.kind == "error" else "status"
        shown.append(html.notice(message.kind, message.text, role=role))
    if shown:
        html.show(html.stack(*shown))


def scenario_notice() -> htpy.Element | None:
    """Return the notice of the current scenario, as of others' changes merged into it."""
    work = state.of(Current).work
    if work is None or not work.notice:
        return None
    return html.notice("warning", work.notice, role="status")
