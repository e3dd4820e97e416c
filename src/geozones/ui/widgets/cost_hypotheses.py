"""Hypotheses of the yearly cost that no other page sets: editable, each with its source."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import isfinite

import streamlit as st

from geozones.common.french import number
from geozones.domain.settings import HYPOTHESIS_BOUNDS
from geozones.domain.terms import terms, worded
from geozones.ui import state
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.session_views import CostView, HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.restore import restore
from geozones.workspace.study import Study

_KEY = "cout.hypothese."
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Field:
    """Input field of a hypothesis of `CostSettings`: label, for `worded`, source of the default."""

    name: str
    label: str
    source: str

    @property
    def bounds(self) -> tuple[float, float]:
        """Least and greatest value."""
        return HYPOTHESIS_BOUNDS[self.name]


#: Weight of an hour of rupture; the form of proposals shows it too.
LOST_HOUR = Field(
    "lost_hour",
    "Une heure de rupture vaut, en heures de route",
    "Hypothèse de l'outil : une heure de rupture compte comme une heure de route.",
)
_FIELDS = (
    LOST_HOUR,
    Field(
        "visits_per_month",
        "Visites de continuité, par {proximity_technician}, par autre {site} de sa zone et "
        "par mois",
        "Hypothèse de l'outil : le document laisse cette fréquence « à ajuster ».",
    ),
    Field(
        "months",
        "Mois travaillés par an",
        "Hypothèse de l'outil : 10 mois, soit 36 semaines.",
    ),
    Field(
        "euros_per_km",
        "Indemnité kilométrique (euros par km)",
        "Arrêté du 3 juillet 2006 modifié le 14 mars 2022 : 5 CV au plus, jusqu'à 2 000 km par an.",
    ),
    Field(
        "euros_per_post",
        "Coût d'un poste {of_proximity_technician} (euros par an ; 0 : non renseigné)",
        "À saisir : ni le document ni l'outil ne connaissent ce coût. À 0, rien n'est affiché.",
    ),
    Field(
        "kg_co2_per_km",
        "Émissions (kg de CO₂ équivalent par km)",
        "ADEME, Impact CO2 : voiture thermique moyenne, carburant et sa production.",
    ),
)


def cost_hypotheses(study: Study) -> None:
    """Let the user change the hypotheses for this session."""
    with st.expander("Hypothèses du coût", key="cout.hypotheses"):
        st.caption(
            "Elles valent pour toutes les pages de cette session. Les besoins se règlent dans "
            "« 1. Besoins » ; absences, plafond mensuel, durée d'une demi-journée et visites des "
            f"{terms().sector_technician.plural}, dans le menu Hypothèses."
        )
        draw_fields(study, _FIELDS)


def draw_fields(study: Study, fields: Sequence[Field] = (LOST_HOUR,)) -> None:
    """Draw the fields of some hypotheses; an invalid text is kept as typed, with an error."""
    for field in fields:
        value = _shown(getattr(study.settings.cost, field.name))
        usual = _shown(getattr(default_analysis().settings.cost, field.name))
        value_side, back_side = st.columns([1.9, 1], vertical_alignment="bottom")
        state.bound(
            CostView, "typed", item=field.name, default=value, then=partial(_type, field)
        ).draw(value_side.text_input, worded(field.label), max_chars=20)
        typed = state.of(CostView).typed.get(field.name, value)
        with back_side:
            restore(_KEY + field.name, usual, partial(_type, field, usual), changed=typed != usual)
        wrong = _wrong(field, typed)
        problem = html.error(f"{wrong} La valeur reste {value}.") if wrong else None
        html.show(html.stack(html.sources(field.source), problem))


def _shown(value: float) -> str:
    """Format a number as a user types it, without trailing zeros."""
    return number(value, _DIGITS).rstrip("0").rstrip(",")


def _type(field: Field, text: str) -> None:
    """Keep the typed text; if it is valid, apply it."""
    value = _read(text)
    known = value is not None and field.bounds[0] <= value <= field.bounds[1]
    held = state.of(CostView).typed
    if not known or value is None:
        state.update(CostView, typed={**held, field.name: text})
        return
    state.drop_item(CostView, "typed", item=field.name)
    now = state.of(HypothesesView).cost or default_analysis().settings.cost
    state.update(HypothesesView, cost=replace(now, **{field.name: round(value, _DIGITS)}))


def _read(text: str) -> float | None:
    """Read a number with a decimal comma or point; ``None`` if the text is not a number."""
    plain = "".join(text.split()).replace(",", ".").replace("\u2212", "-")
    try:
        value = float(plain)
    except ValueError:
        return None
    return value if isfinite(value) and "_" not in plain else None


def _wrong(field: Field, text: str) -> str:
    """Return one sentence on why the text is not valid; "" if it is."""
    value = _read(text)
    if value is None:
        return f"« {text} » n'est pas un nombre." if text.strip() else "Il manque un nombre."
    low, high = field.bounds
    if not low <= value <= high:
        return f"{text} est hors bornes : entre {_shown(low)} et {_shown(high)}."
    return ""
