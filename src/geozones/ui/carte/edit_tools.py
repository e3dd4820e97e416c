"""Tools of the mode « modifier »: undo and redo, scenario, zones, locks."""

import streamlit as st

from geozones.ui import current_scenario
from geozones.ui.carte.editing.locks_menu import locks_menu
from geozones.ui.carte.editing.zone_tools import zones_menu
from geozones.ui.carte.moving import step
from geozones.ui.carte.shown import Screen
from geozones.ui.widgets.scenario_bar import scenario_menu


def edit_tools(screen: Screen) -> None:
    """Draw the tools."""
    with st.container(horizontal=True, gap="small"):
        for way, label, icon, keys in (
            ("undo", "Annuler", ":material/undo:", "Ctrl+Z"),
            ("redo", "Rétablir", ":material/redo:", "Ctrl+Shift+Z"),
        ):
            st.button(
                label,
                icon=icon,
                disabled=not current_scenario.can_step(way),
                on_click=step,
                args=(way,),
                shortcut=keys,
                key=f"atelier.{way}",
            )
    with st.container(horizontal=True, gap="small"):
        scenario_menu(screen.study, screen.work)
        zones_menu(screen.study)
        locks_menu(screen.study, screen.work)
