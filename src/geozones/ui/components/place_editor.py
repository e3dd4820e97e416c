"""Where a lycée is, corrected by hand: typed, pasted, or dragged on the map."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geozones.domain import InputError
from geozones.domain.coordinates import checked_spot, read_coordinates
from geozones.domain.french import number
from geozones.domain.places import Precision, Spot
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.workspace import Work, Workspace

_TEXT, _INSIST, _MODE = "lieu.texte", "lieu.insister", "lieu.carte"
_LABEL = "Corriger sa position"


def place_editor(workspace: Workspace, work: Work, lycee: str) -> None:
    """Offer to correct where a lycée is; the scenario keeps it, whatever a geocoder says later."""
    place = workspace.lycees[lycee]
    with st.expander(
        _LABEL, icon=":material/pin_drop:", key="lieu.editeur", expanded=state.placing()
    ):
        told = f"{number(place.lat, 5)} ; {number(place.lon, 5)}"
        st.html(html.note(f"Position {Precision(place.precision).about} : {told}"))
        st.text_input(
            "Latitude et longitude",
            key=_TEXT,
            placeholder="47,2184 -1,5536",
            max_chars=200,
        )
        st.checkbox("Même hors de sa commune, ou à plus de 10 km de son centre", key=_INSIST)
        with st.container(horizontal=True):
            # what is typed is read at the click, not at the drawing before it
            st.button(
                "Placer là",
                icon=":material/check:",
                key="lieu.placer",
                on_click=_typed,
                args=(workspace, lycee),
            )
            if lycee in work.state.places.spot_by_lycee:
                st.button(
                    "Reprendre la position des données",
                    icon=":material/restart_alt:",
                    key="lieu.reprendre",
                    on_click=_restored,
                    args=(workspace, lycee),
                )
        st.toggle(
            "Faire glisser les lycées à leur place sur la carte",
            value=state.placing(),
            key=_MODE,
            on_change=lambda: state.set_placing(on=bool(state.widget(_MODE))),
        )


def placing_note() -> None:
    """Say above the map that dragging corrects places, while it does."""
    if state.placing():
        st.html(
            '<p class="gz-notice gz-warning" role="status">Glisser un lycée corrige sa '
            "<strong>position</strong>. Sa zone ne change pas.</p>"
        )


def on_place(workspace: Workspace, event: Mapping[str, Any]) -> None:
    """Take a lycée let go on the map: ``{"id", "lat", "lon"}``."""
    lycee = str(event.get("id"))
    if lycee not in workspace.lycees:
        return
    state.select(lycee=lycee, target=None)
    try:
        spot = checked_spot(event.get("lat"), event.get("lon"))
    except InputError as error:
        state.notify("error", str(error))
        return
    _place(workspace, lycee, spot)


def _typed(workspace: Workspace, lycee: str) -> None:
    try:
        spot = read_coordinates(str(state.widget(_TEXT) or ""))
    except InputError as error:
        state.notify("error", str(error))
        return
    if _place(workspace, lycee, spot):
        state.put(_TEXT, "")


def _restored(workspace: Workspace, lycee: str) -> None:
    if desk.place(workspace, lycee, None):
        name = workspace.name(lycee)
        state.notify("ok", f"{name} a de nouveau la position des données.")


def _place(workspace: Workspace, lycee: str, spot: Spot) -> bool:
    insist = bool(state.widget(_INSIST))
    if not desk.place(workspace, lycee, spot, insist=insist):
        return False
    state.put(_INSIST, value=False)
    now = workspace.with_places(desk.current(workspace).state.places)
    said = f"{workspace.name(lycee)} : position corrigée, gardée dans le scénario."
    if any(now.times.is_estimated(lycee, other) for other in now.positions if other != lycee):
        said += " Ses trajets sont estimés (aucun moteur de trajets ne les calcule)."
    state.notify("ok", said)
    return True
