"""A Scene as the JSON that ``static/geozones-map.js`` draws, on screen and in exports alike."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

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

#: What Leaflet's map is made with, wherever it is drawn.
MAP_OPTIONS: Mapping[str, Any] = {
    "center": (47.3, -0.8),
    "zoom": 8,
    "attributionControl": False,
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 90,
    "minZoom": 6,
    "maxZoom": 16,
}
#: How many areas, points and names are kept written, for all sessions.
_REMEMBERED = 8192


def borders_json(outlines: Iterable[Outline], library: Library | None = None) -> str:
    """Return the borders of the départements as the JSON that ``geozones.setup`` takes."""
    shapes = [shape(outline.geometry) for outline in outlines]
    keys = dumps([border.key for border in shapes])
    return f'{{"shapes":{missing(shapes, library)},"departements":{keys}}}'


def publish_scene(scene: Scene, outlines: Iterable[Outline], folder: Path) -> Library:
    """Write what a scene holds where the browser reads it once; raises ``InputError``."""
    borders = (outline.geometry for outline in outlines)
    shapes = [shape(geometry) for geometry in (*scene.geometries, *borders)]
    return publish(shapes, scene_entries(scene), folder)


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


def scene_entries(scene: Scene) -> Iterable[Entry]:
    """Return the areas, points and names of a scene, written."""
    return (item for entries in _lists(scene).values() for item in entries)


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
