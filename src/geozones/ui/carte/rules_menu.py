"""Menu of the rules: the tool's own rules on or off, and the longest drive allowed in a zone."""

from functools import partial

import streamlit as st

from geozones.common.french import minutes
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets.restore import restore
from geozones.workspace.study import Study

_TOOL = {
    True: "Toutes les règles",
    False: "Sans celles de l'outil",
}


def rules_menu(study: Study) -> None:
    """Let the user ignore the tool's rules, and set the longest drive of a zone."""
    settings = study.settings
    state.bound(HypothesesView, "tool_rules").draw(
        st.radio, "Règles vérifiées", list(_TOOL), format_func=_TOOL.__getitem__
    )
    state.bound(HypothesesView, "max_minutes", default=int(settings.max_minutes)).draw(
        st.slider, "Trajet le plus long admis dans une zone (min)", 20, 90, step=5
    )
    usual = default_analysis().settings.max_minutes
    restore(
        "seuil",
        minutes(usual),
        partial(state.update, HypothesesView, max_minutes=None),
        changed=settings.max_minutes != usual,
    )
    sites = terms().site.plural
    dedicated = worded("{proximity_technicians} dédié{e_proximity_technician}s")
    st.caption(
        f"Du document : {settings.zone_min} à {settings.zone_max} {sites} par zone en moyenne dans "
        f"un secteur (une zone de plus de {settings.zone_max} {sites} est seulement signalée, une "
        f"zone de 1 ou 2 est une alerte), {dedicated} à leur zone, postes partagés, "
        f"{terms().support_centre} dans son secteur. De l'outil : {minutes(usual)} au plus dans "
        "une zone (changé, ce seuil est le vôtre), zones d'un seul tenant."
    )
    st.caption(
        "Le classement compare le coût annuel des zones : heures de route "
        "et heures de rupture (page Équipes, « 6. Coût annuel »)."
    )
