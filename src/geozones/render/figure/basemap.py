"""Basemap: zones with the signs of their status, borders of sectors and départements."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.colour import mixed
from geozones.render.figure.canvas import Canvas, StrokeStyle
from geozones.render.figure.draw_ground import OUTSIDE, draw_land, draw_roads, draw_waters
from geozones.render.figure.map_frame import Frame
from geozones.render.map_ground import MapGround
from geozones.render.scene import Scene, SectorArea, ZoneArea
from geozones.render.signs import (
    HALO,
    HATCH_STEP,
    HATCH_WIDTH,
    SignLine,
    hatching,
    lines_around,
)

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
    draw_roads(canvas, ground, frame, base + 0.063)
    draw_waters(canvas, ground, frame, base + 0.065)
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
