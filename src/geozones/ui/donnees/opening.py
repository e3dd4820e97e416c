"""Change of the territory of this server to another."""

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from geozones.ui import STATIC, state
from geozones.ui.server.auth import actor
from geozones.ui.server.serve import can_reopen, reopen_on
from geozones.ui.state import address
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.workspace.folder.territories import KnownTerritory, opening_problem
from geozones.workspace.roles import LOCAL


def may_open() -> bool:
    """Tell whether the user may change the territory of this server."""
    return can_reopen() and actor() == LOCAL


def open_territory(territory: KnownTerritory) -> None:
    """Record the territory to open, or notify the user why it cannot be opened."""
    problem = opening_problem(territory.folder)
    if problem:
        state.notify("error", f"« {territory.name} » ne peut pas être ouvert. {problem}")
    else:
        state.update(DataView, opening=territory)


@st.cache_resource(show_spinner=False)
def _component() -> ComponentRenderer:
    script = (STATIC / "reopen.js").read_text(encoding="utf-8")
    return st.components.v2.component("geozones.reopen", js=script)


def show_opening(territory: KnownTerritory) -> None:
    """Show that a territory is being opened; once that is on screen, the server changes."""
    html.show(html.notice("ok", f"Ouverture de « {territory.name} » : quelques secondes…"))
    home, folder = address.app_address(), str(territory.folder.absolute())
    data = {"ready": f"{home}/-/ready", "folder": folder, "home": f"{home}/"}
    _component()(
        data=data,
        key="territoire.ouverture",
        on_shown_change=lambda: reopen_on(territory.folder),
    )
