"""Move of several lycées at once: effect shown first, one confirmation, one undo."""

import streamlit as st

from geozones.common.french import plural
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MoveView
from geozones.ui.state.editing_views import ZonesView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.scenarios.history_text import effect_of_moves
from geozones.workspace.study import Study


def move_several(study: Study) -> None:
    """Offer to move the lycées picked on the map to one zone."""
    html.show(html.subtitle("Déplacer plusieurs lycées"))
    lycees = state.bound(MoveView, "picked").draw(
        st.multiselect,
        "Lycées (ou Ctrl + clic sur la carte)",
        study.plan.lycees,
        format_func=study.name,
        placeholder="Choisir des lycées",
    )
    names = {zone.id: zone.name for zone in study.plan.zones}
    zone = str(chooser("Vers la zone", names, state.bound(ZonesView, "towards")))
    moves = {lycee: zone for lycee in lycees if study.plan.zone_of(lycee).id != zone}
    if moves:
        html.show(html.bullets(effect_of_moves(study, moves), "gz-steps"))
    count = plural(len(moves), "lycée déplacé", "lycées déplacés")

    def move() -> None:
        done = f"{count} vers {study.plan.zone(zone).name}."
        if current_scenario.record("move", {"moves": moves}, done=done):
            state.update(MoveView, picked=())

    with st.container(horizontal=True):
        st.button(
            f"Déplacer {plural(len(moves), 'lycée')}",
            type="primary",
            key="plusieurs.faire",
            disabled=not moves,
            on_click=move,
        )
        st.button("Ne plus les choisir", key="plusieurs.laisser", on_click=_leave)


def _leave() -> None:
    state.clear_notice()
    state.update(MoveView, picked=())
