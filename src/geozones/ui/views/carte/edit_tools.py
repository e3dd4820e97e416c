"""The tools of the mode « modifier »: go back, scenario, zones, locks, rules."""

import streamlit as st

from geozones.common.french import minutes
from geozones.ui import state
from geozones.ui.components.locks_menu import locks_menu
from geozones.ui.components.restore import restore
from geozones.ui.components.scenario_bar import scenario_menu
from geozones.ui.components.zone_tools import zones_menu
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.views import Hypotheses
from geozones.ui.views.carte.moving import step
from geozones.ui.views.carte.shown import Screen
from geozones.workspace.study import Study


def edit_tools(screen: Screen) -> None:
    """Draw the tools."""
    timeline = screen.work.timeline
    with st.container(horizontal=True, gap="small"):
        for way, label, icon, able, keys in (
            ("undo", "Annuler", ":material/undo:", timeline.can_undo, "Ctrl+Z"),
            ("redo", "Rétablir", ":material/redo:", timeline.can_redo, "Ctrl+Shift+Z"),
        ):
            st.button(
                label,
                icon=icon,
                disabled=not able,
                on_click=step,
                args=(way,),
                shortcut=keys,
                key=f"atelier.{way}",
            )
    with st.container(horizontal=True, gap="small"):
        scenario_menu(screen.study, screen.work)
        zones_menu(screen.study)
        locks_menu(screen.study, screen.work)
        _rules(screen.study)


def _rules(study: Study) -> None:
    box = st.popover("Règles", icon=":material/rule:", key="menu.regles", on_change="rerun")
    if not box.open:
        return
    with box:
        settings, weights = study.settings, study.settings.weights
        state.bound(Hypotheses, "max_minutes", default=int(settings.max_minutes)).draw(
            st.slider, "Trajet le plus long admis dans une zone (min)", 20, 90, step=5
        )
        usual = default_analysis().settings.max_minutes
        restore(
            "seuil",
            minutes(usual),
            lambda: state.update(Hypotheses, max_minutes=None),
            changed=settings.max_minutes != usual,
        )
        st.caption(
            f"Taille d'une zone : {settings.zone_min} à {settings.zone_max} lycées. "
            "Objectif, à minimiser : pour chaque zone, la somme des trajets moyens de chaque "
            f"lycée vers ses collègues, plus {weights.alone + weights.size_one:.0f} pour un lycée "
            f"seul, {weights.size_two:.0f} pour deux, {weights.per_lycee_above:.0f} par lycée "
            f"au-delà de {weights.size_limit}."
        )
