"""Modes of the map: looking, trying moves, asking for proposals."""

from functools import partial

import streamlit as st

from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MapView, Mode, Selection
from geozones.ui.state.editing_views import OpeningView
from geozones.ui.state.proposal_views import Demand


def mode_control() -> None:
    """Draw the control of the mode."""
    state.bound(MapView, "mode", then=turn).draw(
        st.segmented_control,
        "Mode",
        list(Mode),
        format_func=lambda mode: mode.label,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )


def try_buttons() -> None:
    """Draw the buttons that lead from looking to the other modes."""
    st.button(
        "Essayer un déplacement",
        type="primary",
        key="carte.essayer",
        on_click=partial(turn, Mode.EDIT),
        width="stretch",
    )
    st.button(
        "Demander une proposition",
        key="carte.proposer",
        on_click=partial(turn, Mode.PROPOSE),
        width="stretch",
    )


def turn(mode: Mode) -> None:
    """Change the mode of the map, and clear the message of the mode before."""
    state.clear_notice()
    state.update(Selection, target=None)
    state.update(OpeningView, clicking=False)
    if mode is Mode.PROPOSE:
        _ask_about_chosen()
    looks = mode is Mode.LOOK
    view = state.of(MapView)
    state.update(
        MapView,
        mode=mode,
        baseline=view.baseline and looks,
        publication=view.publication if looks else None,
    )


def _ask_about_chosen() -> None:
    """Ask about the sector of what is chosen, unless sectors were chosen for a proposal."""
    sector, _ = state.of(Selection).around(current_scenario.study().plan)
    if sector is not None and not state.of(Demand).sectors:
        state.update(Demand, sectors=(sector,))
