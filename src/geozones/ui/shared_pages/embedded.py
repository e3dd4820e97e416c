"""Map embedded in a page of another site: its name and status, legend and sources, no controls."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import htpy
import streamlit as st

from geozones.common.errors import InputError
from geozones.render import View
from geozones.ui import state
from geozones.ui.state import address
from geozones.ui.state.shared_views import SharedView
from geozones.ui.widgets import html, legend
from geozones.ui.widgets.territory_map import main_map
from geozones.workspace.maps.colouring import Colouring, colour_zones
from geozones.workspace.maps.find import Target, target
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study

_PLACES = {"lycee": "lycee", "zone": "zone", "secteur": "sector"}


def embedded(study: Study, name: str, status: str) -> None:
    """Draw the map of a plan, with the view and the colouring of its address.

    ``status`` are its status and its date, in words.
    """
    asked = address.asked_view()
    place, colouring = _place(study, asked), _colouring(study, asked.get(address.LAYER))
    chosen = state.of(SharedView)
    options = SceneOptions(
        sector=None if place is None else place.sector,
        zone=chosen.zone or (None if place is None else place.zone),
        lycee=chosen.lycee or (None if place is None else place.lycee),
        colours=study.state.colours if colouring is None else colouring.colours,
    )
    scene = build_scene(study, options)
    if place is not None:
        scene = replace(scene, view=View(place.bounds, "lien"))
    main_map(study, scene, _on_event, head=None)
    classes = () if colouring is None else colouring.legend
    heading = htpy.summary["Légende" if colouring is None else colouring.title]
    with st.container(key="gz-embed-legend"):
        signs = legend.legend(study, trial=True, classes=classes)
        about = htpy.fragment[htpy.h1[name], htpy.p[status]]
        html.show(htpy.fragment[about, htpy.details[heading, signs]])
    html.show(htpy.footer("#gz-foot", tabindex="0")[legend.sources(study)])


def _on_event(study: Study, event: Mapping[str, Any]) -> None:
    """Select the zone or the lycée that was clicked; the map itself shows its details."""
    name = str(event.get("id"))
    if event["event"] == "zone" and study.plan.has_zone(name):
        state.update(SharedView, zone=name, lycee=None)
    elif event["event"] == "lycee" and name in study.plan.zone_by_lycee:
        state.update(SharedView, zone=study.plan.zone_of(name).id, lycee=name)


def _place(study: Study, asked: Mapping[str, str]) -> Target | None:
    word = next((word for word in _PLACES if word in asked), None)
    if word is None:
        return None
    try:
        return target(study, f"{_PLACES[word]}:{asked[word]}")
    except InputError:
        return None


def _colouring(study: Study, key: str | None) -> Colouring | None:
    try:
        return None if key is None else colour_zones(study, key)
    except InputError:
        return None
