"""Bottom panel of the map: a strip of figures and, in the mode « regarder », the calendar."""

import streamlit as st

from geozones.ui import state
from geozones.ui.carte.calendar import calendar_slider
from geozones.ui.carte.shown import Screen
from geozones.ui.carte.team_figures import team_figures
from geozones.ui.state.carte_views import Mode, Selection
from geozones.ui.widgets.figures import key_figures


def figures_panel(screen: Screen) -> None:
    """Draw the panel."""
    chosen = state.of(Selection)
    with st.container(key="gz-over-bottom"):
        if screen.reference is not None:
            key_figures(screen.study, None, None, screen.reference)
            team_figures(screen.study, None, None, base=screen.reference.plan)
        else:
            key_figures(screen.study, chosen.sector, chosen.zone)
            team_figures(screen.study, chosen.sector, chosen.zone)
        if screen.mode is Mode.LOOK:
            calendar_slider(screen.study)
