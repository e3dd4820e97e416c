"""The screen map: a bare folium map that never changes, and one layer that does.

``st_folium`` changes the map object it is given, so a new one is built at each run; the same script
gives the same component, hence no remount. Everything that changes travels in the layer, as data:
the drawing itself is ``static/geozones-map.js``.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import folium
import shapely
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Outline, Scene

#: Where Streamlit serves ``static/``, relative to the component's own page.
STATIC = "../../app/static"
_JS = [
    ("leaflet", f"{STATIC}/vendor/leaflet/leaflet.js"),
    ("geozones", f"{STATIC}/geozones-map.js"),
]
_CSS = [
    ("leaflet_css", f"{STATIC}/vendor/leaflet/leaflet.css"),
    ("geozones_css", f"{STATIC}/geozones-map.css"),
]


class _BareMap(folium.Map):
    """A folium map with Leaflet alone, from the app's own server: no CDN."""

    default_js = _JS
    default_css = _CSS


class _Script(folium.MacroElement):
    """A call of ``geozones-map.js`` with JSON data, inert whatever the data holds."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.call }}({{ this._parent.get_name() }}, {{ this.data }});"
        "{% endmacro %}"
    )

    def __init__(self, call: str, data: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GeozonesScript"
        self.call = call
        self.data = data


def base_map(outlines: Iterable[Outline]) -> folium.Map:
    """Return the constant part: an empty map and the borders of the départements."""
    bare = _BareMap(
        location=(47.3, -0.8),
        zoom_start=8,
        tiles=None,
        zoom_control=False,
        attributionControl=False,
        zoomSnap=0.25,
        zoomDelta=0.5,
        wheelPxPerZoomLevel=90,
        minZoom=6,
        maxZoom=16,
    )
    borders = [
        {"id": outline.id, "name": outline.name, "geometry": _Raw(_geojson(outline.geometry))}
        for outline in outlines
    ]
    _Script("geozones.setup", _dumps({"departements": borders})).add_to(bare)
    return bare


def scene_layer(scene: Scene) -> folium.FeatureGroup:
    """Return the part that changes, as a feature group for ``feature_group_to_add``."""
    group = folium.FeatureGroup(name="geozones")
    _Script("geozones.draw", scene_json(scene)).add_to(group)
    return group


def scene_json(scene: Scene) -> str:
    """Return the scene as the JSON that ``geozones.draw`` takes, safe inside a script."""
    zones = [
        {
            "id": zone.id,
            "name": zone.name,
            "colour": zone.colour,
            "ink": zone.ink,
            "draft": zone.draft,
            "changed": zone.changed,
            "note": zone.note,
            "deployed": zone.deployed,
            "aside": zone.aside,
            "selected": zone.id in scene.selected_zones,
            "facts": zone.facts,
            "geometry": _Raw(_geojson(zone.geometry)),
        }
        for zone in scene.zones
    ]
    sectors = [
        {
            "id": sector.id,
            "name": sector.name,
            "colour": sector.colour,
            "ink": sector.ink,
            "draft": sector.draft,
            "geometry": _Raw(_geojson(sector.geometry)),
        }
        for sector in scene.sectors
    ]
    lycees = [
        {
            "id": point.id,
            "name": point.name,
            "zone": point.zone,
            "at": [point.lat, point.lon],
            "ink": point.ink,
            "role": point.role,
            "facts": point.facts,
        }
        for point in scene.lycees
    ]
    labels = [
        {
            "kind": label.kind,
            "text": label.text,
            "at": [label.lat, label.lon],
            "rank": label.rank,
            "ink": label.ink,
        }
        for label in scene.labels
    ]
    west, south, east, north = scene.view.bounds
    return _dumps(
        {
            "zones": zones,
            "sectors": sectors,
            "lycees": lycees,
            "labels": labels,
            "view": {"bounds": [[south, west], [north, east]], "key": scene.view.key},
            "selected": scene.selected_lycee,
            "editable": scene.editable,
            "layers": dict(scene.layers or {}),
            "tiles": scene.tiles,
        }
    )


class _Raw(str):
    """JSON text to put in as it is."""

    __slots__ = ()


@lru_cache(maxsize=1024)
def _geojson(geometry: BaseGeometry) -> str:
    return shapely.to_geojson(geometry)


def _dumps(data: dict[str, Any]) -> str:
    """Write JSON that cannot end a script nor be taken for a template."""
    raws: list[str] = []

    def hold(value: Any) -> Any:  # noqa: ANN401
        if isinstance(value, _Raw):
            raws.append(value)
            return f"\u0000{len(raws) - 1}\u0000"
        if isinstance(value, dict):
            return {key: hold(entry) for key, entry in value.items()}
        if isinstance(value, (list, tuple)):
            return [hold(entry) for entry in value]
        return value.replace("\u0000", "") if isinstance(value, str) else value

    text = json.dumps(hold(data), ensure_ascii=True, separators=(",", ":"))
    for risky, safe in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026"), ("'", "\\u0027")):
        text = text.replace(risky, safe)
    # branca compiles what a template wrote as a template once more
    for opening, safe in (("{{", "{\\u007b"), ("{%", "{\\u0025"), ("{#", "{\\u0023")):
        text = text.replace(opening, safe)
    for index, raw in enumerate(raws):
        text = text.replace(f'"\\u0000{index}\\u0000"', raw)
    return text
