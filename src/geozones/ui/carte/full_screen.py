"""Full screen: the map with its title and its legend in type twice as large, to be projected.

The page makes the window full and Escape leave it (``screen.js``); its address opens it too.
"""

import htpy
import streamlit as st

from geozones.ui import state
from geozones.ui.carte.map_legend import map_legend
from geozones.ui.carte.plans_menu import plan_line
from geozones.ui.carte.shown import Screen
from geozones.ui.state.carte_views import MapView, Selection
from geozones.ui.widgets import html

_TITLE = "Secteurs et zones de continuité"


def full_screen(screen: Screen) -> None:
    """Draw the title and the legend beside the map, and the button that leaves."""
    with st.container(key="gz-over-full"):
        html.show(htpy.h2(".gz-projected")[_title(screen)])
        plan_line(screen)
        html.show(map_legend(screen))
        st.button(
            "Quitter le plein écran",
            key="carte.quitter",
            width="stretch",
            on_click=_turn,
            args=(False,),
        )


def full_screen_button() -> None:
    """Draw the chip that makes the map full, a sign alone: its name is read aloud."""
    st.button(
        "Plein écran",
        icon=":material/fullscreen:",
        key="carte.plein",
        help="Plein écran",
        on_click=_turn,
        args=(True,),
    )


def _turn(full: bool) -> None:  # noqa: FBT001 - argument of a button
    state.update(MapView, full=full)


def _title(screen: Screen) -> str:
    """Return the name of what is chosen, else of the whole."""
    study, chosen = screen.study, state.of(Selection)
    if chosen.lycee is not None:
        return study.name(chosen.lycee)
    if chosen.zone is not None:
        return study.plan.zone(chosen.zone).name
    return _TITLE if chosen.sector is None else study.plan.sector(chosen.sector).name
