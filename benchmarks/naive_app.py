"""Usual way to put a folium map in Streamlit, to compare with: the whole map rebuilt at each run.

Same data, same figures and panels as the app, drawn by the same functions. What differs is the
map: zones as one ``folium.GeoJson`` with a ``style_function``, one ``folium.CircleMarker`` a lycée,
everything in the base map, the component's default answer read in the run that follows, no
fragment. It is spared what would slow it further: nothing is highlighted on a click (the map would
be mounted again), data are cached, and its scripts come from the same machine.
"""

from collections.abc import Mapping
from typing import Any

import folium
import shapely
import streamlit as st
from streamlit_folium import st_folium

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.ui import current_scenario, state
from geozones.ui.carte import drawer
from geozones.ui.carte.moves import destination_list
from geozones.ui.state.carte_views import Selection
from geozones.ui.widgets import html, panel
from geozones.workspace.figures.study import Study, open_study

STATIC = "../../app/static/vendor/leaflet"
LEAFLET_JS = [("leaflet", f"{STATIC}/leaflet.js")]
LEAFLET_CSS = [("leaflet_css", f"{STATIC}/leaflet.css")]
HEIGHT = 600
#: Degrees: a click on a circle answers with the circle's own position.
SAME_PLACE = 1e-6


class OfflineMap(folium.Map):
    """A folium map with Leaflet alone, from the server's own static files."""

    default_js = LEAFLET_JS
    default_css = LEAFLET_CSS


@st.cache_resource
def opened() -> Study:
    """Return the territory, opened once."""
    return open_study()


@st.cache_data
def outlines() -> dict[str, Any]:
    """Return the borders of the départements."""
    features = [feature({}, outline.geometry) for outline in opened().atlas.ground.departements]
    return {"type": "FeatureCollection", "features": features}


def feature(properties: dict[str, str], geometry: shapely.Geometry) -> dict[str, Any]:
    """Return a GeoJSON feature."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": shapely.geometry.mapping(geometry),
    }


def zone_style(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Fill a zone with its own colour."""
    colour = entry["properties"]["colour"]
    return {"fillColor": colour, "fillOpacity": 1, "color": "#fff", "weight": 1.4}


def whole_map(study: Study, plan: Plan) -> folium.Map:
    """Return the map of a plan: borders, zones, one circle a lycée."""
    drawn = OfflineMap(location=(47.3, -0.8), zoom_start=8, tiles=None)
    zones = [
        feature(
            {"id": zone.id, "colour": study.atlas.palette.zone[zone.id], "name": zone.name},
            study.territory.shape(plan.members(zone.id)),
        )
        for zone in plan.zones
        if plan.members(zone.id)
    ]
    folium.GeoJson(
        {"type": "FeatureCollection", "features": zones},
        style_function=zone_style,
        tooltip=folium.GeoJsonTooltip(["name"], labels=False),
    ).add_to(drawn)
    folium.GeoJson(
        outlines(), style_function=lambda _: {"fill": False, "interactive": False}
    ).add_to(drawn)
    for place in study.territory.lycees.values():
        colour = study.atlas.palette.zone[plan.zone_of(place.id).id]
        folium.CircleMarker(
            (place.lat, place.lon),
            radius=6,
            color="#222",
            weight=1,
            fill=True,
            fill_color=colour,
            fill_opacity=1,
            tooltip=place.name,
        ).add_to(drawn)
    return drawn


def take_click(study: Study, plan: Plan, answer: Mapping[str, Any], *, edit: bool) -> None:
    """Select what was clicked, once for each click."""
    at = answer.get("last_object_clicked")
    click = (at, answer.get("last_object_clicked_count"))
    if not at or click == st.session_state.get("naive.click"):
        return
    st.session_state["naive.click"] = click
    lat, lng = at["lat"], at["lng"]
    for place in study.territory.lycees.values():
        if abs(place.lat - lat) < SAME_PLACE and abs(place.lon - lng) < SAME_PLACE:
            zone = None if edit else plan.zone_of(place.id).id
            state.update(Selection, lycee=place.id, zone=zone, target=None)
            return
    try:
        found = study.territory.zone_at(plan, lat, lng)
    except InputError:
        return
    if edit:
        state.update(Selection, target=found)
    else:
        state.update(Selection, lycee=None, zone=found)


def main() -> None:
    """Draw the page: ``?mode=atelier`` adds the choice of a move."""
    st.set_page_config(layout="wide")
    edit = st.query_params.get("mode") == "atelier"
    study = opened()
    work = current_scenario.current()
    plan = work.plan
    shown = study.with_plan(plan)
    above = st.container()
    map_side, panel_side = st.columns([2, 1])
    with map_side:
        answer = st_folium(
            whole_map(study, plan), key="map", height=HEIGHT, use_container_width=True
        )
    take_click(study, plan, answer, edit=edit)
    chosen = state.of(Selection)
    with above:
        panel.key_figures(shown, None, None, shown.with_plan(work.base) if edit else None)
    with panel_side, st.container(key="gz-panel"):
        if not edit:
            html.show(html.stack(panel.details(shown, chosen)))
        elif chosen.lycee is not None:
            html.show(panel.lycee_card(shown, chosen.lycee))
            destination_list(shown, (chosen.lycee,))
            drawer.history(shown, work)
    drawer.tables(shown, None)


main()
