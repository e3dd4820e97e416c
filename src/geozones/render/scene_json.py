"""JSON format of a Scene for ``static/geozones-map.js``, on screen and in exports alike."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.common.french import typeset
from geozones.domain import DecisionStatus
from geozones.domain.terms import worded
from geozones.render.library import (
    SCALE,
    JsonEntry,
    Library,
    brief,
    deltas,
    dumps,
    entry,
    missing,
    publish,
    publish_file,
    shape,
)
from geozones.render.scene import SCALE as SPACE_SCALE
from geozones.render.scene import (
    SCHEMATIC,
    CloseGround,
    DrawnDrive,
    Fact,
    FeedbackMark,
    Label,
    LyceePoint,
    MapGround,
    Patch,
    Scene,
    SectorArea,
    ZoneArea,
)
from geozones.render.signs import (
    HALO,
    HATCH_STEP,
    HATCH_WIDTH,
    PILLS,
    hatching,
    lines_around,
)
from geozones.territory.borders import Border, Corners, Side

#: Options of every Leaflet map.
_OPTIONS: Mapping[str, Any] = {
    "center": (47.3, -0.8),
    "zoom": 8,
    "attributionControl": False,
    "zoomSnap": 0.25,
    "zoomDelta": 0.5,
    "wheelPxPerZoomLevel": 90,
    "minZoom": 6,
    "maxZoom": 16,
}


#: Most sites that the screen map never groups.
UNGROUPED = 250


def map_options() -> dict[str, Any]:
    """Return the options of the map; ``sites`` is the noun of the items that keys walk through."""
    return {**_OPTIONS, "sites": worded("{Sites}"), "ungrouped": UNGROUPED}


#: Number of areas, points and names cached as JSON, for all sessions.
_REMEMBERED = 8192


def ground_json(ground: MapGround, library: Library | None = None) -> str:
    """Return the ground as the JSON that ``geozones.setup`` takes, once."""

    def key(geometry: BaseGeometry | None) -> str | None:
        return None if geometry is None else shape(geometry).key

    rest = {
        "land": key(ground.land),
        "borders": key(ground.borders),
        "lakes": [key(lake) for lake in ground.lakes],
        "rivers": [{"rank": river.rank, "shape": key(river.geometry)} for river in ground.rivers],
        "roads": [
            {"kind": road.kind, "zooms": road.zooms, "shape": key(road.geometry)}
            for road in ground.roads
        ],
        "roadsNote": SCHEMATIC if ground.schematic else "",
        "departements": [
            {"id": each.id, "shape": key(each.geometry)} for each in ground.departements
        ],
        "credit": typeset(ground.credit),
    }
    shapes = missing(map(shape, ground.geometries), library)
    names = brief(ground_entries(ground), library)
    return f'{{"shapes":{shapes},"signs":{_signs()},"names":{names},{dumps(rest)[1:]}'


def _signs() -> str:
    """Return the lines of the signs of zones, for the script that draws them."""
    lines = [(status.value, lines_around(status, changed=False)) for status in DecisionStatus]
    lines += [(f"{s}-changed", lines_around(s, changed=True)) for s in DecisionStatus]
    lines += [("halo", HALO)]
    drawn = {
        str(sign): [
            {
                "color": line.colour,
                "weight": line.width,
                "dashArray": " ".join(map(str, line.dash)) or None,
            }
            for line in around
        ]
        for sign, around in lines
    }
    pills = {str(status): asdict(pill) for status, pill in PILLS.items()}
    return dumps({**drawn, "hatch": {"step": HATCH_STEP, "width": HATCH_WIDTH}, "pills": pills})


def publish_scene(scene: Scene, ground: MapGround, folder: Path, script: str = "") -> Library:
    """Write the values of a scene to a file that the browser reads once, after a script."""
    shapes = [shape(geometry) for geometry in (*scene.geometries, *ground.geometries)]
    return publish(shapes, (*scene_entries(scene), *ground_entries(ground)), folder, script)


def publish_shapes(geometries: Iterable[BaseGeometry], folder: Path) -> Library:
    """Write shapes alone to a file that the browser reads once; raise ``InputError``."""
    return publish(map(shape, geometries), (), folder)


def publish_borders(borders: Iterable[Border], corners: Corners, folder: Path) -> str | None:
    """Write the borders between lycées as a script in a folder that the app serves, if missing.

    The corners are those that the browser rounds as `geozones.territory.borders` does.

    Return its name, ``None`` without borders; raise ``InputError``.
    """
    sides: dict[Side, int] = {}
    lines = [
        [*(None if side is None else sides.setdefault(side, len(sides)) for side in ends), line]
        for ends, line in (((each.left, each.right), deltas(each.line)) for each in borders)
    ]
    named = [[side.lycee, side.departement] for side in sides]
    bends = [[round(part * SCALE) for part in (*at, reach)] for at, reach in corners.reach.items()]
    script = f"geozones.near({dumps({'sides': named, 'lines': lines, 'bends': bends})});\n"
    return publish_file("borders", script, folder) if lines else None


def publish_close_ground(ground: CloseGround, folder: Path, script: str) -> str | None:
    """Write the ground of close zooms, after the script that draws it, as `publish_borders`."""
    if not ground:
        return None
    data = {
        "communes": [deltas(line) for line in ground.communes],
        "waters": [[deltas(ring) for ring in shapely.get_rings(area)] for area in ground.waters],
    }
    names = dumps([_label_fields(name) for name in ground.names])
    call = f"geozones.ground(geozonesGround({dumps(data)}),{names});\n"
    return publish_file("ground", f"{script}\n{call}", folder)


@dataclass(frozen=True, slots=True)
class DrawnScene:
    """Scene as JSON."""

    text: str
    keys: frozenset[str]  # Those of all its values, which a browser that drew it has.


def drawn_scene(
    scene: Scene,
    library: Library | None = None,
    files: Sequence[str] = (),
    near: Mapping[str, str] | None = None,
) -> DrawnScene:
    """Return the scene as the JSON that ``geozones.draw`` takes, safe inside a script.

    With a ``library``, areas give the keys of their shapes, and lists the keys of their items;
    values missing from it are included, once each. ``files`` are addresses of the parts of the
    library that the browser reads before it draws, ``near`` the addresses of the ``borders`` and of
    the ``ground`` for close zooms.
    """
    west, south, east, north = scene.view.bounds
    rest = {
        "view": {"bounds": [[south, west], [north, east]], "key": scene.view.key},
        "selected": scene.selected_lycee,
        "focus": scene.focus,
        "selected_zones": sorted(scene.selected_zones),
        "picked": sorted(scene.picked),
        "editable": scene.editable,
        "siting": scene.siting,
        "fixed": scene.fixed,
        "hints": scene.hints,
        "answered": scene.answered,
        "head": scene.head,
        "layers": dict(scene.layers or {}),
        "tiles": scene.tiles,
        "arrows": None
        if scene.change is None
        else [move.arrow for move in scene.change.moves if move.arrow is not None],
        "files": list(files),
        "near": dict(near or {}),
        "said": [_feedback_mark(mark) for mark in scene.feedback],
        "pin": None
        if scene.pin is None
        else {"name": typeset(scene.pin.name), "at": [scene.pin.lat, scene.pin.lon]},
    }
    every, comes, named = _lists(scene), "{}", None
    items = [item for entries in every.values() for item in entries]
    held = frozenset(item.key for item in items)
    if library is not None:
        comes = missing(items, library)
        named = Library((), held)
    drawn = [shape(geometry) for geometry in scene.geometries]
    shapes = missing(drawn, library)
    lists = (f'"{name}":{brief(entries, named)}' for name, entries in every.items())
    text = f'{{"shapes":{shapes},"entries":{comes},{",".join(lists)},{dumps(rest)[1:]}'
    return DrawnScene(text, held | {each.key for each in drawn})


def scene_entries(scene: Scene) -> Iterable[JsonEntry]:
    """Return the areas, points and names of a scene, as JSON."""
    return (item for entries in _lists(scene).values() for item in entries)


def ground_entries(ground: MapGround) -> tuple[JsonEntry, ...]:
    """Return the names of a ground, as JSON: all in one list."""
    return (_names(ground.names),)


@lru_cache(maxsize=8)
def _names(names: tuple[Label, ...]) -> JsonEntry:
    return entry([_label_fields(name) for name in names])


def _lists(scene: Scene) -> dict[str, list[JsonEntry]]:
    cells = {lycee: shape(cell).key for lycee, cell in (scene.cells or {}).items()}
    return {
        "cells": [entry(cells)] if cells else [],
        "zones": [_zone(zone) for zone in scene.zones],
        "sectors": [_sector(sector) for sector in scene.sectors],
        "lycees": [_lycee(point) for point in scene.lycees],
        "labels": [_label(label) for label in scene.labels],
        "patches": [_patch(patch) for patch in scene.patches],
        "ways": [_way(way) for way in scene.drives],
    }


def _facts(facts: Iterable[Fact]) -> list[tuple[str, ...]]:
    """Return the lines of a tooltip as French printers set them."""
    return [tuple(map(typeset, fact)) for fact in facts]


@lru_cache(maxsize=_REMEMBERED)
def _zone(zone: ZoneArea) -> JsonEntry:
    return entry(
        {
            "id": zone.id,
            "name": typeset(zone.name),
            "spoken": typeset(zone.aria_label),
            "sector": zone.sector,
            "colour": zone.colour,
            "ink": zone.ink,
            "status": zone.status,
            "hatch": hatching(zone.colour, zone.ink) if zone.draft else None,
            "changed": zone.changed,
            "note": typeset(zone.note),
            "deployed": zone.deployed,
            "aside": zone.aside,
            "facts": _facts(zone.facts),
            "shape": shape(zone.geometry).key,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def _sector(sector: SectorArea) -> JsonEntry:
    return entry(
        {
            "id": sector.id,
            "name": typeset(sector.name),
            "colour": sector.colour,
            "ink": sector.ink,
            "shape": shape(sector.geometry).key,
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def _lycee(point: LyceePoint) -> JsonEntry:
    return entry(
        {
            "id": point.id,
            "name": typeset(point.name),
            "spoken": typeset(point.aria_label),
            "zone": point.zone,
            "at": [point.lat, point.lon],
            "ink": point.ink,
            "role": point.role,
            "precision": point.precision,
            "facts": _facts(point.facts),
        }
    )


@lru_cache(maxsize=_REMEMBERED)
def _patch(patch: Patch) -> JsonEntry:
    return entry(
        {
            "id": patch.id,
            "name": typeset(patch.name),
            "colour": patch.colour,
            "facts": _facts(patch.facts),
            "shape": shape(patch.geometry).key,
        }
    )


def _feedback_mark(mark: FeedbackMark) -> dict[str, Any]:
    return {
        "of": mark.of,
        "name": typeset(mark.name),
        "at": [mark.lat, mark.lon],
        "count": mark.count,
        "waits": mark.waits,
        "stance": mark.stance,
        "facts": _facts(mark.facts),
    }


def _way(way: DrawnDrive) -> JsonEntry:
    facts = _facts(way.facts)
    return entry({"id": way.id, "points": way.points, "straight": way.straight, "facts": facts})


@lru_cache(maxsize=_REMEMBERED)
def _label(label: Label) -> JsonEntry:
    return entry(_label_fields(label))


def _label_fields(label: Label) -> dict[str, Any]:
    return {
        "kind": label.kind,
        "text": typeset(label.text),
        "at": [label.lat, label.lon],
        "rank": label.rank,
        "ink": label.ink,
        "of": label.of,
        "number": label.number,
        "rooms": [[round(side * SPACE_SCALE) for side in space] for space in label.spaces],
        "zooms": label.zooms,
    }
