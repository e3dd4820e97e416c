"""Layers of the map."""

from functools import partial

import streamlit as st

from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.state.carte_views import MapView

#: Optional background, loaded only when the user switches it on.
_TILES_URL = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
_TILES = (_TILES_URL, "© IGN - Géoplateforme")
_LAYERS = (
    ("lycees", "{Sites}"),
    ("labels", "Noms"),
    ("departements", "Limites de département"),
    ("tiles", "Fond de plan IGN (internet)"),
)


def layer_boxes() -> None:
    """Draw the boxes that show or hide each layer."""
    for name, label in _LAYERS:
        state.bound(MapView, name, then=partial(_toggle, name)).draw(st.checkbox, worded(label))


def _toggle(name: str, shown: bool) -> None:  # noqa: FBT001 - written by a checkbox
    state.clear_notice()
    state.update(MapView, **{name: shown})


def tiles() -> tuple[str, str] | None:
    """Return the background that the user switched on, if any."""
    return _TILES if state.of(MapView).tiles else None


def tiles_failed() -> None:
    """Switch the background off after a failure, and notify the user."""
    state.update(MapView, tiles=False)
    state.notify("error", "Le fond de plan IGN ne répond pas : la carte s'en passe.")
