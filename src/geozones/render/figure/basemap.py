"""Basemap: sea, land, waters and roads, zones with the signs of their status, borders."""

import math

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.canvas import Canvas, Frame, StrokeStyle
from geozones.render.palette import mixed
from geozones.render.scene import SCHEMATIC, MapGround, Scene, SectorArea, ZoneArea
from geozones.render.signs import (
    HALO,
    HATCH_STEP,
    HATCH_WIDTH,
    SignLine,
    hatching,
    lines_around,
)

#: Background around the zones if the sea is unknown, with a shore around the sectors.
OUTSIDE = "#eaf0f3"
_SHORE = ("#dfe8ec", "#d3dfe5")
_SEA, _LAND, _COAST, _WATER, _BORDER = "#d6e4ec", "#f4f2ec", "#b9cdd8", "#8fbddb", "#c9c6bd"
#: Width of a river by its rank, from 1, on a map of this number of metres per unit; it varies with
#: the root of the scale: wider on a map of a town, but less so than the river itself.
_WIDTHS, _METRES = (5.0, 1.9, 1.2), 240.0
_WIDEST = 2.6
#: Roads as superposed lines: colour, width.
_ROADS = {
    "motorway": (("#a9b0b5", 3.2), ("#f3f3f0", 1.4)),
    "trunk": (("#aab1b6", 1.8),),
    "primary": (("#b4babe", 1.2),),
    "secondary": (("#bcc1c4", 0.9),),
}
#: Metres per pixel of a web map at zoom 0, at the latitude of the Loire; units per pixel.
_ZOOM_METRES, _GROUND_UNITS = 106_160.0, 1.2


def draw_land(canvas: Canvas, scene: Scene, ground: MapGround, frame: Frame, base: float) -> None:
    """Draw the ground under the zones of a scene: sea, land and the borders around the region."""
    if ground.land is None:
        canvas.panel(frame.box, OUTSIDE, layer=base, radius=0)
        shores = [frame.shape(area.geometry, 30) for area in scene.sectors]
        for tone, reach in zip(_SHORE, (14.0, 7.0), strict=True):
            for shore in shores:
                canvas.area(shore, tone, StrokeStyle(tone, reach), base + 0.01, frame.box)
        return
    canvas.panel(frame.box, _SEA, layer=base, radius=0)
    land = frame.shape(ground.land)
    canvas.area(land, _LAND, StrokeStyle(_COAST, 1.0), base + 0.01, frame.box)
    if ground.borders is not None:
        stroke = StrokeStyle(_BORDER, 1.1, (5.0, 4.0))
        canvas.lines(frame.lines(ground.borders), stroke, base + 0.02, frame.box)


def zoom_of(frame: Frame) -> float:
    """Return the web-map zoom equivalent to the scale of a frame."""
    return math.log2(_ZOOM_METRES / (frame.metres_per_unit * _GROUND_UNITS))


def credit_of(ground: MapGround, frame: Frame) -> str:
    """Return the credit of a map's data, with a note on roads drawn as schematic lines."""
    zoom = zoom_of(frame)
    drawn = any(road.zooms[0] <= zoom < road.zooms[1] for road in ground.roads)
    noted = SCHEMATIC if ground.schematic and drawn else ""
    return " · ".join(filter(None, (ground.credit, noted)))


DARK = "#15202b"
#: Outline of the zones that a picture of a change is about; borders of sectors there.
CHANGE_OUTLINE, _QUIET = StrokeStyle("#15202b", 3.2), "#98a2a9"
#: Units of a sheet in a pixel of the screen, for lines.
_UNITS = 1.2
#: Hatching is wider on a sheet, which is read from nearer than a screen.
_HATCH_EVERY, _HATCH_WIDTH = HATCH_STEP * 1.6, HATCH_WIDTH * 1.35
#: Share of the background in the colour of a faded zone, and of white in the colour of a zone not
#: yet deployed.
_ASIDE, _NOT_YET = 0.72, 0.62


def draw_basemap(
    canvas: Canvas, scene: Scene, ground: MapGround, frame: Frame, base: float = 1.0
) -> None:
    """Draw the areas of a scene in a frame, from the layer ``base`` up (less than 1 above it)."""
    layers = {"departements": True, **(scene.layers or {})}
    clip = frame.box
    draw_land(canvas, scene, ground, frame, base)
    for zone in scene.zones:
        _zone(canvas, zone, frame, base)
    for patch in scene.patches:
        shape = frame.shape(patch.geometry)
        canvas.area(shape, patch.colour, StrokeStyle("#ffffff", 0.6), base + 0.06, clip)
    layer = base + 0.063
    zoom = zoom_of(frame)
    for road in ground.roads:
        if not road.zooms[0] <= zoom < road.zooms[1]:
            continue
        lines = frame.lines(road.geometry)
        for colour, width in _ROADS[road.kind]:
            canvas.lines(lines, StrokeStyle(colour, width), layer, frame.box)
    layer = base + 0.065
    for lake in ground.lakes:
        canvas.area(frame.shape(lake), _WATER, layer=layer, clip=frame.box)
    closer = min((_METRES / frame.metres_per_unit) ** 0.5, _WIDEST)
    for river in ground.rivers:
        stroke = StrokeStyle(_WATER, _WIDTHS[river.rank - 1] * closer)
        canvas.lines(frame.lines(river.geometry), stroke, layer, frame.box)
    for sector in scene.sectors:
        _sector(canvas, scene, sector, frame, base)
    if layers["departements"]:
        for outline in ground.departements:
            stroke = StrokeStyle("#20303a", 1.4, (1.4, 3.0))
            canvas.area(frame.shape(outline.geometry), "none", stroke, base + 0.09, clip)
    _signs(canvas, scene, frame, base)
    for way in scene.drives:
        line = frame.points(np.array([(lon, lat) for lat, lon in way.points]))
        dash = (2.0, 9.0) if way.straight else ()
        canvas.lines([line], StrokeStyle("#ffffff", 8), base + 0.12, clip)
        canvas.lines([line], StrokeStyle("#c2410c", 4, dash), base + 0.13, clip)


def shown_colour(zone: ZoneArea) -> str:
    """Return the fill of a zone: its colour, paler if it is faded or not yet deployed."""
    colour = zone.colour
    if not zone.deployed:
        colour = mixed(colour, "#ffffff", _NOT_YET)
    return mixed(colour, OUTSIDE, _ASIDE) if zone.aside else colour


def _zone(canvas: Canvas, zone: ZoneArea, frame: Frame, base: float) -> None:
    shape = frame.shape(zone.geometry)
    if shape.is_empty:
        return
    colour = shown_colour(zone)
    canvas.area(shape, colour, None, base + 0.03, frame.box)
    canvas.area(shape, "none", StrokeStyle("#ffffff", 2.2), base + 0.05, frame.box)
    if zone.draft:
        line = hatching(colour, zone.ink, 0.3 if zone.aside else 1.0)
        hatch(canvas, shape, frame, base + 0.04, line)


def hatch(canvas: Canvas, shape: BaseGeometry, frame: Frame, layer: float, colour: str) -> None:
    """Draw parallel lines over an area, the sign of a draft."""
    inside = shapely.intersection(shape.buffer(0), shapely.box(*frame.box))
    if inside.is_empty:
        return
    left, bottom, right, top = inside.bounds
    first = int(np.floor((left - top) / _HATCH_EVERY))
    last = int(np.ceil((right - bottom) / _HATCH_EVERY))
    starts = np.arange(first, last + 1) * _HATCH_EVERY
    ends = [[(x + bottom, bottom), (x + top, top)] for x in starts.tolist()]
    stripes = shapely.intersection(shapely.linestrings(ends), inside)
    parts = [p for p in shapely.get_parts(stripes) if p.length > 0.5]
    lines = [shapely.get_coordinates(part) for part in parts]
    if lines:
        canvas.lines(lines, StrokeStyle(colour, _HATCH_WIDTH), layer)


def _sector(canvas: Canvas, scene: Scene, sector: SectorArea, frame: Frame, base: float) -> None:
    shape = frame.shape(sector.geometry)
    aside = is_aside(scene, sector)
    colour = mixed(sector.ink, OUTSIDE, 0.55) if aside else sector.ink
    if scene.change is not None:
        colour = _QUIET
    thick = 1.4 if aside or scene.change is not None else 2.8
    canvas.area(shape, "none", StrokeStyle("#ffffff", thick + 2.4), base + 0.07, frame.box)
    canvas.area(shape, "none", StrokeStyle(colour, thick), base + 0.08, frame.box)


def is_aside(scene: Scene, sector: SectorArea) -> bool:
    """Return whether the picture shows every zone of a sector as faded."""
    own = [zone for zone in scene.zones if zone.sector == sector.id]
    return bool(own) and all(zone.aside for zone in own)


def _signs(canvas: Canvas, scene: Scene, frame: Frame, base: float) -> None:
    """Draw the halo of chosen zones, the outline of each status, the mark of a change.

    A picture of a change has one plain outline instead.
    """
    for zone in scene.zones:
        if zone.aside:
            continue
        if scene.change is not None:
            shape = frame.shape(zone.geometry)
            canvas.area(shape, "none", CHANGE_OUTLINE, base + 0.10, frame.box)
            continue
        halo = HALO if zone.id in scene.selected_zones else ()
        lines = (*halo, *lines_around(zone.status, changed=zone.changed))
        shape = frame.shape(zone.geometry)
        for rank, line in enumerate(lines):
            canvas.area(shape, "none", sign_stroke(line), base + 0.10 + rank * 0.002, frame.box)


def sign_stroke(line: SignLine) -> StrokeStyle:
    """Return the stroke of a sign's line on a sheet."""
    dash = tuple(part * _UNITS for part in line.dash)
    return StrokeStyle(line.colour, line.width * _UNITS, dash)
