"""The screen map: a bare folium map that never changes, and one layer that does.

``st_folium`` changes the map object it is given, so a new one is built at each run; the same script
gives the same component, hence no remount. Everything that changes travels in the layer, as data:
the drawing itself is ``static/geozones-map.js``.
"""

import json
from collections.abc import Iterable
from typing import Any

import folium
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Outline, Scene
from geozones.render.shapes import ShapeLibrary, geojson, shape_key

#: Where Streamlit serves ``static/``, relative to the component's own page.
STATIC = "../../app/static"


class _BareMap(folium.Map):
    """A folium map with Leaflet alone, from the app's own server: no CDN."""

    def __init__(self, scripts: list[str], version: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, zoom_control=False, **options)
        files = ["vendor/leaflet/leaflet.js", f"geozones-map.js?v={version}", *scripts]
        styles = ["vendor/leaflet/leaflet.css", f"geozones-map.css?v={version}"]
        self.default_js = [(f"script_{i}", f"{STATIC}/{file}") for i, file in enumerate(files)]
        self.default_css = [(f"style_{i}", f"{STATIC}/{file}") for i, file in enumerate(styles)]


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


def base_map(
    outlines: Iterable[Outline], library: ShapeLibrary | None = None, version: str = "0"
) -> folium.Map:
    """Return the constant part: an empty map and the borders of the départements.

    ``library`` holds the shapes that the browser reads from a file of its own; ``version`` changes
    with the script and style sheet, so that no browser keeps old ones.
    """
    bare = _BareMap(
        [] if library is None else [f"vendor/{library.file}"],
        version,
        location=(47.3, -0.8),
        zoom_start=8,
        attributionControl=False,
        zoomSnap=0.25,
        zoomDelta=0.5,
        wheelPxPerZoomLevel=90,
        minZoom=6,
        maxZoom=16,
    )
    shown = tuple(outlines)
    data = {
        "shapes": _shapes((outline.geometry for outline in shown), library),
        "departements": [
            {"id": entry.id, "name": entry.name, "shape": shape_key(entry.geometry)}
            for entry in shown
        ],
    }
    _Script("geozones.setup", _dumps(data)).add_to(bare)
    return bare


def scene_layer(scene: Scene, library: ShapeLibrary | None = None) -> folium.FeatureGroup:
    """Return the part that changes, as a feature group for ``feature_group_to_add``."""
    group = folium.FeatureGroup(name="geozones")
    _Script("geozones.draw", scene_json(scene, library)).add_to(group)
    return group


def _shapes(geometries: Iterable[BaseGeometry], library: ShapeLibrary | None) -> dict[str, Any]:
    """Return the shapes that the library does not hold, by key."""
    held = frozenset[str]() if library is None else library.keys
    keyed = {shape_key(geometry): geometry for geometry in geometries}
    return {key: _Raw(geojson(shape)) for key, shape in keyed.items() if key not in held}


def scene_json(scene: Scene, library: ShapeLibrary | None = None) -> str:
    """Return the scene as the JSON that ``geozones.draw`` takes, safe inside a script.

    Areas name their shape by its key; the shapes that ``library`` lacks come along.
    """
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
            "shape": shape_key(zone.geometry),
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
            "shape": shape_key(sector.geometry),
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
            "shapes": _shapes(scene.geometries, library),
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
