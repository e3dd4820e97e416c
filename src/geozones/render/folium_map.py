"""The screen map: a bare folium map that never changes, and one layer that does.

``st_folium`` changes the map object it is given, so a new one is built at each run; the same script
gives the same component, hence no remount. Everything that changes travels in the layer, as data:
the drawing itself is ``static/geozones-map.js``.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import folium
from branca.element import Element
from folium.template import Template
from shapely.geometry.base import BaseGeometry

from geozones.render.library import Entry, Library, brief, dumps, entry, missing, publish, shape
from geozones.render.scene import (
    Label,
    LyceePoint,
    Outline,
    Patch,
    Scene,
    SectorArea,
    Way,
    ZoneArea,
)

#: Where Streamlit serves ``static/``, relative to the component's own page.
STATIC = "../../app/static"
#: How many areas, points and names are kept written, for all sessions.
_REMEMBERED = 8192


class _BareMap(folium.Map):
    """A folium map with Leaflet alone, from the app's own server: no CDN."""

    def __init__(self, scripts: list[str], version: str, **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, zoom_control=False, **options)
        files = ["vendor/leaflet/leaflet.js", f"geozones-map.js?v={version}", *scripts]
        styles = ["vendor/leaflet/leaflet.css", f"geozones-map.css?v={version}"]
        self.default_js = [(f"script_{i}", f"{STATIC}/{file}") for i, file in enumerate(files)]
        self.default_css = [(f"style_{i}", f"{STATIC}/{file}") for i, file in enumerate(styles)]


class _Text(Element):
    """Text to put in a page as it is; branca would compile it as a template, for milliseconds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Return the text."""
        return self._text


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

    def render(self, **_: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Add the call to the scripts of the page, without a template compiled for it."""
        call = _Text(self._template.module.script(self, {}))
        root: Any = self.get_root()
        root.script.add_child(call, name=self.get_name())
        return ""


def base_map(
    outlines: Iterable[Outline], library: Library | None = None, version: str = "0"
) -> folium.Map:
    """Return the constant part: an empty map and the borders of the départements.

    ``library`` holds what the browser reads from a file of its own; ``version`` changes with the
    script and style sheet, so that no browser keeps old ones.
    """
    bare = _BareMap(
        [] if library is None else [f"vendor/{file}" for file in library.files],
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
    shapes = [shape(outline.geometry) for outline in outlines]
    keys = dumps([border.key for border in shapes])
    data = f'{{"shapes":{missing(shapes, library)},"departements":{keys}}}'
    _Script("geozones.setup", data).add_to(bare)
    return bare


def scene_layer(scene: Scene, library: Library | None = None) -> folium.FeatureGroup:
    """Return the part that changes, as a feature group for ``feature_group_to_add``."""
    group = folium.FeatureGroup(name="geozones")
    _Script("geozones.draw", scene_json(scene, library)).add_to(group)
    return group


def publish_scene(scene: Scene, outlines: Iterable[Outline], folder: Path) -> Library:
    """Write what a scene holds where the browser reads it once; raises ``InputError``."""
    borders = (outline.geometry for outline in outlines)
    shapes = [shape(geometry) for geometry in (*scene.geometries, *borders)]
    lists = _lists(scene).values()
    return publish(shapes, (item for entries in lists for item in entries), folder)


def publish_shapes(geometries: Iterable[BaseGeometry], folder: Path) -> Library:
    """Write shapes alone where the browser reads them once; raises ``InputError``."""
    return publish(map(shape, geometries), (), folder)


def scene_json(scene: Scene, library: Library | None = None) -> str:
    """Return the scene as the JSON that ``geozones.draw`` takes, safe inside a script.

    Areas name their shape by its key; the shapes that ``library`` lacks come along.
    """
    west, south, east, north = scene.view.bounds
    rest = {
        "view": {"bounds": [[south, west], [north, east]], "key": scene.view.key},
        "selected": scene.selected_lycee,
        "selected_zones": sorted(scene.selected_zones),
        "picked": sorted(scene.picked),
        "editable": scene.editable,
        "placing": scene.placing,
        "layers": dict(scene.layers or {}),
        "tiles": scene.tiles,
        "pin": None
        if scene.pin is None
        else {"name": scene.pin.name, "at": [scene.pin.lat, scene.pin.lon]},
    }
    shapes = missing(map(shape, scene.geometries), library)
    lists = (f'"{name}":{brief(entries, library)}' for name, entries in _lists(scene).items())
    return f'{{"shapes":{shapes},{",".join(lists)},{dumps(rest)[1:]}'


def _lists(scene: Scene) -> dict[str, list[Entry]]:
    return {
        "zones": [_zone(zone) for zone in scene.zones],
        "sectors": [_sector(sector) for sector in scene.sectors],
        "lycees": [_lycee(point) for point in scene.lycees],
        "labels": [_label(label) for label in scene.labels],
        "patches": [_patch(patch) for patch in scene.patches],
        "ways": [_way(way) for way in scene.ways],
    }


@lru_cache(maxsize=_REMEMBERED)
def _zone(zone: ZoneArea) -> Entry:
    return entry(
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
            "facts": zone.facts,
            "shape": shape(zone.geometry).key,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def _sector(sector: SectorArea) -> Entry:
    return entry(
        {
            "id": sector.id,
            "name": sector.name,
            "colour": sector.colour,
            "ink": sector.ink,
            "draft": sector.draft,
            "shape": shape(sector.geometry).key,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def _lycee(point: LyceePoint) -> Entry:
    return entry(
        {
            "id": point.id,
            "name": point.name,
            "zone": point.zone,
            "at": [point.lat, point.lon],
            "ink": point.ink,
            "role": point.role,
            "precision": point.precision,
            "facts": point.facts,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def _patch(patch: Patch) -> Entry:
    return entry(
        {
            "id": patch.id,
            "name": patch.name,
            "colour": patch.colour,
            "facts": patch.facts,
            "shape": shape(patch.geometry).key,
        }
    )


def _way(way: Way) -> Entry:
    return entry({"id": way.id, "points": way.points, "straight": way.straight, "facts": way.facts})


@lru_cache(maxsize=_REMEMBERED)
def _label(label: Label) -> Entry:
    return entry(
        {
            "kind": label.kind,
            "text": label.text,
            "at": [label.lat, label.lon],
            "rank": label.rank,
            "ink": label.ink,
        }
    )
