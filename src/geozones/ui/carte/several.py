"""Several lycées picked on the map: who they are, and the zones that they could join at once."""

import streamlit as st

from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.carte.editing.destination_list import destination_list
from geozones.ui.carte.picks import chosen_sites
from geozones.ui.state.carte_views import MoveView, Selection
from geozones.ui.widgets import html
from geozones.workspace.study import Study


def move_several(study: Study) -> None:
    """Draw the picked lycées, and rank the zones that they could join."""
    picked = state.of(MoveView).picked
    html.show(html.subtitle(chosen_sites(len(picked))))
    state.bound(MoveView, "picked").draw(
        st.multiselect,
        worded("{Sites} (ou Ctrl + clic sur la carte)"),
        study.plan.lycees,
        format_func=study.name,
        placeholder=worded("Choisir des {sites}"),
    )
    destination_list(study, picked)
    st.button("Ne plus les choisir", key="plusieurs.laisser", on_click=_leave)


def _leave() -> None:
    state.clear_notice()
    state.update(MoveView, picked=())
    state.update(Selection, target=None)
