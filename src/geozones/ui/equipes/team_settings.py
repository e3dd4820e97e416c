"""Hypotheses about teams that the source document does not give: shown and editable."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from geozones.domain.settings import HYPOTHESIS_BOUNDS, TeamSettings
from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets.restore import restore
from geozones.workspace.study import Study

_KEY = "equipes.hypothese."
#: Field, label, step; a share is shown in percent. Bounds are those of `HYPOTHESIS_BOUNDS`.
_FIELDS = (
    ("split_minutes", "Trajet le plus long entre deux {sites} d'une même journée (min)", 5),
    ("gap_days", "Jours de suite sans personne dans {a_site}, au plus", 1),
    ("max_posts", "Postes d'une zone, au plus", 1),
    (
        "max_known",
        "{Proximity_technicians} différent{e_proximity_technician}s dans {a_site}, au plus",
        1,
    ),
    ("shared_minutes", "De la résidence aux autres {sites} du poste, au plus (min)", 5),
    ("monthly_cap", "Interventions hors {of_the_site} du jour, par personne et par mois", 1),
    ("near_minutes", "Durée maximale d'une relève rapide (min)", 5),
    ("absence_rate", "Taux d'absence (%)", 1),
    ("absence_days", "Durée moyenne d'une absence (jours ouvrés)", 1),
    ("year_days", "Jours travaillés par an", 5),
    ("half_day_minutes", "Durée d'une demi-journée (min)", 15),
    ("tis_visits", "Visites {of_a_sector_technician} par {site} et par mois", 1),
    ("tis_minutes", "Durée d'une visite {of_a_sector_technician} (min)", 15),
)


def settings_menu(study: Study) -> None:
    """Let the user change the hypotheses for this session."""
    with st.popover("Hypothèses", icon=":material/tune:", key="equipes.hypotheses"):
        st.caption(
            "Le document du webinaire ne donne aucun de ces chiffres : ce sont des hypothèses de "
            "l'outil, à régler ensemble. Elles valent pour toutes les pages de cette session."
        )
        settings = study.settings.teams
        for field, label, step in _FIELDS:
            named = worded(label)
            low, high = (_percent(field, bound) for bound in HYPOTHESIS_BOUNDS[field])
            change = partial(_change, settings, field)
            bound = state.BoundValue(_KEY + field, _shown(settings, field), change)
            # side by side: a field must not move while the user reaches for the next
            value_side, back_side = st.columns([1.9, 1], vertical_alignment="bottom")
            bound.draw(value_side.number_input, named, low, high, step=step)
            default = _shown(default_analysis().settings.teams, field)
            with back_side:
                restore(
                    _KEY + field,
                    str(default),
                    partial(change, default),
                    changed=_shown(settings, field) != default,
                )
        _replacing(settings)


def _replacing(settings: TeamSettings) -> None:
    """Draw the toggle for T.I.S. replacing absent T.I.P., which the document does not say."""
    bound = state.BoundValue(
        _KEY + "tis_replaces",
        settings.tis_replaces,
        lambda value: _set(settings, tis_replaces=bool(value)),
    )
    bound.draw(
        st.toggle,
        worded(
            "Hypothèse : {a_sector_technician} remplace {a_proximity_technician} "
            "absent{e_proximity_technician}"
        ),
        help=worded(
            "Le document donne aux {sector_technicians} un appui aux {proximity_technicians} et "
            "les niveaux 2 et 3, pas le remplacement d'un absent. Avec cette hypothèse, "
            "{a_sector_technician} vient {of_the_support_centre} "
            "quand aucun collègue de la zone ne peut venir."
        ),
    )


def _shown(settings: TeamSettings, field: str) -> int:
    """Return a hypothesis as users type it: a share in percent."""
    return _percent(field, getattr(settings, field))


def _percent(field: str, value: float) -> int:
    return round(value * 100) if field == "absence_rate" else int(value)


def _change(settings: TeamSettings, field: str, value: int) -> None:
    kind = type(getattr(TeamSettings(), field))
    typed: Any = value / 100 if field == "absence_rate" else kind(value)
    _set(settings, **{field: typed})


def _set(settings: TeamSettings, **fields: Any) -> None:  # noqa: ANN401 - fields of TeamSettings
    now = state.of(HypothesesView).teams or settings
    state.update(HypothesesView, teams=replace(now, **fields))
