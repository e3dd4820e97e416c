"""Tools of the mode « modifier »: undo and redo, scenario."""

import streamlit as st

from geozones.ui import current_scenario
from geozones.ui.carte.answer import undo_button
from geozones.ui.carte.moving import step
from geozones.ui.carte.shown import Screen
from geozones.ui.widgets.scenario_bar import scenario_menu


def edit_tools(screen: Screen) -> None:
    """Draw the tools."""
    with st.container(horizontal=True, gap="small"):
        undo_button("atelier.undo", "Ctrl+Z")
        st.button(
            "Rétablir",
            icon=":material/redo:",
            disabled=not current_scenario.can_step("redo"),
            on_click=step,
            args=("redo",),
            shortcut="Ctrl+Shift+Z",
            key="atelier.redo",
        )
        scenario_menu(screen.study, screen.work)
