"""Manual correction of a lycée's position: typed, pasted, or dragged on the map."""

from collections.abc import Mapping
from typing import Any

import htpy
import streamlit as st

from geozones.common.french import number
from geozones.domain.coordinates import checked_spot, read_coordinates
from geozones.domain.places import Precision, Spot
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.editing_views import LocationView
from geozones.ui.widgets import html
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_LABEL = "Corriger sa position"


def place_editor(study: Study, work: Work, lycee: str) -> None:
    """Draw the form that corrects a position; the scenario keeps it over later geocoder answers."""
    place = study.territory.lycees[lycee]
    box = st.expander(
        _LABEL,
        key="lieu.editeur",
        expanded=state.of(LocationView).dragging,
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        position = f"{number(place.lat, 5)} ; {number(place.lon, 5)}"
        html.show(html.note(f"Position {Precision(place.precision).about} : {position}"))
        state.bound(LocationView, "text").draw(
            st.text_input,
            "Latitude et longitude",
            placeholder="47,2184 -1,5536",
            max_chars=200,
        )
        state.bound(LocationView, "insist").draw(
            st.checkbox, "Même hors de sa commune, ou à plus de 10 km de son centre"
        )
        with st.container(horizontal=True):
            # the text is read at the click: the last drawing may not have it yet
            st.button(
                "Placer là",
                icon=":material/check:",
                key="lieu.placer",
                on_click=_typed,
                args=(study, lycee),
            )
            if lycee in work.state.places.spot_by_lycee:
                st.button(
                    "Reprendre la position des données",
                    icon=":material/restart_alt:",
                    key="lieu.reprendre",
                    on_click=_restored,
                    args=(study, lycee),
                )
        state.bound(LocationView, "dragging").draw(
            st.toggle, worded("Faire glisser les {sites} à leur place sur la carte")
        )


def placing_note() -> None:
    """Show above the map that dragging corrects positions, while this is so."""
    if state.of(LocationView).dragging:
        html.show(
            html.notice(
                "warning",
                worded("Glisser {a_site} corrige sa "),
                htpy.strong["position"],
                ". Sa zone ne change pas.",
                role="status",
            )
        )


@state.reporting_errors()
def on_place(study: Study, event: Mapping[str, Any]) -> None:
    """Handle a lycée dropped on the map: ``{"id", "lat", "lon"}``."""
    lycee = str(event.get("id"))
    if lycee not in study.territory.lycees:
        return
    state.update(Selection, lycee=lycee, target=None)
    spot = checked_spot(event.get("lat"), event.get("lon"))
    _place(study, lycee, spot)


@state.reporting_errors()
def _typed(study: Study, lycee: str) -> None:
    spot = read_coordinates(state.of(LocationView).text)
    if _place(study, lycee, spot):
        state.update(LocationView, text="")


def _restored(study: Study, lycee: str) -> None:
    if current_scenario.place(lycee, None):
        name = study.name(lycee)
        state.notify("ok", f"{name} a de nouveau la position des données.")


def _place(study: Study, lycee: str, spot: Spot) -> bool:
    insist = state.of(LocationView).insist
    if not current_scenario.place(lycee, spot, insist=insist):
        return False
    state.update(LocationView, insist=False)
    now = current_scenario.study()
    message = f"{study.name(lycee)} : position corrigée, gardée dans le scénario."
    state.notify("ok", message + estimated_drives(now, lycee))
    return True


def estimated_drives(study: Study, lycee: str) -> str:
    """Return a sentence if some drives of a lycée (id) are estimated; "" otherwise."""
    others = (other for other in study.territory.positions if other != lycee)
    if any(study.times.made_by(lycee, other).is_estimate for other in others):
        return " Ses trajets sont estimés (aucun moteur de trajets ne les calcule)."
    return ""
