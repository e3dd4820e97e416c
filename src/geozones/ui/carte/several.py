"""Several lycées picked on the map: who they are, and the zones that they could join at once."""

import streamlit as st

from geozones.common.french import plural
from geozones.ui import state
from geozones.ui.carte.editing.destination_list import destination_list
from geozones.ui.state.carte_views import MoveView, Selection
from geozones.ui.widgets import html
from geozones.workspace.study import Study


def move_several(study: Study) -> None:
    """Draw the picked lycées, and rank the zones that they could join."""
    picked = state.of(MoveView).picked
    html.show(html.subtitle(plural(len(picked), "lycée choisi", "lycées choisis")))
    state.bound(MoveView, "picked").draw(
        st.multiselect,
        "Lycées (ou Ctrl + clic sur la carte)",
        study.plan.lycees,
        format_func=study.name,
        placeholder="Choisir des lycées",
    )
    destination_list(study, picked)
    st.button("Ne plus les choisir", key="plusieurs.laisser", on_click=_leave)


def _leave() -> None:
    state.clear_notice()
    state.update(MoveView, picked=())
    state.update(Selection, target=None)
