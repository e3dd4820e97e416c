"""Ground of a map: sea and land under the zones, waters and roads over them, data credit."""

import math

from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.map_frame import Frame
from geozones.render.map_ground import SCHEMATIC, MapGround
from geozones.render.scene import Scene

#: Background around the zones if the sea is unknown, with a shore around the sectors.
OUTSIDE = "#eaf0f3"
_SHORE = ("#dfe8ec", "#d3dfe5")
_SEA, _LAND, _COAST, _WATER, _BORDER = "#d6e4ec", "#f4f2ec", "#b9cdd8", "#8fbddb", "#c9c6bd"
#: Width of a river by its rank, from 1, on a map of this number of metres per unit; it varies with
#: the root of the scale: wider on a map of a town, but less so than the river itself.
_WIDTHS, _METRES = (5.0, 1.9, 1.2), 240.0
_WIDEST = 2.6
_CREDIT_SIZE = 9.0
#: Roads as superposed lines: colour, width.
_ROADS = {
    "motorway": (("#a9b0b5", 3.2), ("#f3f3f0", 1.4)),
    "trunk": (("#aab1b6", 1.8),),
    "primary": (("#b4babe", 1.2),),
    "secondary": (("#bcc1c4", 0.9),),
}
#: Metres per pixel of a web map at zoom 0, at the latitude of the Loire; units per pixel.
_ZOOM_METRES, _UNITS = 106_160.0, 1.2


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


def draw_waters(canvas: Canvas, ground: MapGround, frame: Frame, layer: float) -> None:
    """Draw lakes and rivers, over the zones."""
    for lake in ground.lakes:
        canvas.area(frame.shape(lake), _WATER, layer=layer, clip=frame.box)
    closer = min((_METRES / frame.metres_per_unit) ** 0.5, _WIDEST)
    for river in ground.rivers:
        stroke = StrokeStyle(_WATER, _WIDTHS[river.rank - 1] * closer)
        canvas.lines(frame.lines(river.geometry), stroke, layer, frame.box)


def zoom_of(frame: Frame) -> float:
    """Return the web-map zoom equivalent to the scale of a frame."""
    return math.log2(_ZOOM_METRES / (frame.metres_per_unit * _UNITS))


def draw_roads(canvas: Canvas, ground: MapGround, frame: Frame, layer: float) -> None:
    """Draw the roads for a frame's scale, over the zones."""
    zoom = zoom_of(frame)
    for road in ground.roads:
        if not road.zooms[0] <= zoom < road.zooms[1]:
            continue
        lines = frame.lines(road.geometry)
        for colour, width in _ROADS[road.kind]:
            canvas.lines(lines, StrokeStyle(colour, width), layer, frame.box)


def draw_credit(canvas: Canvas, ground: MapGround, frame: Frame) -> None:
    """Print the credit of the ground's data in the lower right corner of a map."""
    zoom = zoom_of(frame)
    axes = ground.schematic and any(r.zooms[0] <= zoom < r.zooms[1] for r in ground.roads)
    sentence = " · ".join(filter(None, (ground.credit, SCHEMATIC if axes else "")))
    if not sentence:
        return
    box = frame.box
    style = TextStyle(_CREDIT_SIZE, colour="#5a6670", halo="#ffffff", align="right", layer=8.5)
    canvas.text((box.right - 6, box.bottom + 6), sentence, style, gid="label-credit-0")
