"""The ground of a map: zones, hatching of drafts, borders, and what lies around."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.colour import contrast
from geozones.render.figure.canvas import Canvas, Ink
from geozones.render.figure.frame import Frame
from geozones.render.scene import Outline, Scene, SectorArea, ZoneArea

OUTSIDE = "#eaf0f3"
_SHORE = ("#dfe8ec", "#d3dfe5")
DARK = "#15202b"
_HATCH_EVERY, _HATCH_WIDTH = 9.0, 1.7
#: How much of an area that the picture is not about fades into the ground, or is not deployed.
_ASIDE, _NOT_YET = 0.72, 0.62
#: White lines do not show on a colour whose contrast with white is under this.
_PALE = 1.45


def draw_ground(
    canvas: Canvas, scene: Scene, outlines: Sequence[Outline], frame: Frame, base: float = 1.0
) -> None:
    """Draw the areas of a scene in a frame; ``base`` is the layer they start from."""
    layers = {"departements": True, **(scene.layers or {})}
    clip = frame.box
    canvas.panel(frame.box, OUTSIDE, layer=base, radius=0)
    shores = [frame.shape(area.geometry, 30) for area in scene.sectors]
    for tone, reach in zip(_SHORE, (14.0, 7.0), strict=True):
        for shore in shores:
            canvas.area(shore, tone, Ink(tone, reach), base + 0.01, clip)
    for zone in scene.zones:
        _zone(canvas, zone, frame, base)
    for patch in scene.patches:
        shape = frame.shape(patch.geometry)
        canvas.area(shape, patch.colour, Ink("#ffffff", 0.6), base + 0.06, clip)
    for sector in scene.sectors:
        _sector(canvas, scene, sector, frame, base)
    if layers["departements"]:
        for outline in outlines:
            ink = Ink("#20303a", 1.4, (1.4, 3.0))
            canvas.area(frame.shape(outline.geometry), "none", ink, base + 0.09, clip)
    _selection(canvas, scene, frame, base)
    for way in scene.ways:
        line = frame.points(np.array([(lon, lat) for lat, lon in way.points]))
        dash = (2.0, 9.0) if way.straight else ()
        canvas.lines([line], Ink("#ffffff", 8), base + 0.12, clip)
        canvas.lines([line], Ink("#c2410c", 4, dash), base + 0.13, clip)


def shown_colour(zone: ZoneArea) -> str:
    """Return the colour that fills a zone: its own, paler where it is not what is shown."""
    colour = zone.colour
    if not zone.deployed:
        colour = mixed(colour, "#ffffff", _NOT_YET)
    return mixed(colour, OUTSIDE, _ASIDE) if zone.aside else colour


def mixed(colour: str, other: str, part: float) -> str:
    """Return a colour with a part of another in it, both ``#rrggbb``."""
    pairs = [(int(colour[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _zone(canvas: Canvas, zone: ZoneArea, frame: Frame, base: float) -> None:
    shape = frame.shape(zone.geometry)
    if shape.is_empty:
        return
    colour = shown_colour(zone)
    canvas.area(shape, colour, Ink("#ffffff", 1.5), base + 0.03, frame.box)
    if zone.draft or zone.changed:
        line = mixed(colour, "#ffffff", 0.6) if zone.aside else stripe(colour, zone.ink)
        hatch(canvas, shape, frame, base + 0.04, line)


def stripe(colour: str, ink: str) -> str:
    """Return the colour of the hatching over a colour: lighter, or darker over a pale one."""
    pale = contrast(colour, "#ffffff") < _PALE
    return mixed(colour, ink, 0.24) if pale else mixed(colour, "#ffffff", 0.62)


def hatch(canvas: Canvas, shape: BaseGeometry, frame: Frame, layer: float, colour: str) -> None:
    """Draw parallel lines over an area, the sign of what is not decided."""
    inside = shapely.intersection(shape.buffer(0), shapely.box(*frame.box))
    if inside.is_empty:
        return
    left, bottom, right, top = inside.bounds
    first = int(np.floor((left + bottom) / _HATCH_EVERY))
    last = int(np.ceil((right + top) / _HATCH_EVERY))
    sums = np.arange(first, last + 1) * _HATCH_EVERY
    ends = [[(s - top, top), (s - bottom, bottom)] for s in sums.tolist()]
    stripes = shapely.intersection(shapely.linestrings(ends), inside)
    parts = [p for p in shapely.get_parts(stripes) if p.length > 0.5]
    lines = [shapely.get_coordinates(part) for part in parts]
    if lines:
        canvas.lines(lines, Ink(colour, _HATCH_WIDTH), layer)


def _sector(canvas: Canvas, scene: Scene, sector: SectorArea, frame: Frame, base: float) -> None:
    shape = frame.shape(sector.geometry)
    aside = is_aside(scene, sector)
    colour = mixed(sector.ink, OUTSIDE, 0.55) if aside else sector.ink
    dash = (8.0, 4.5) if sector.draft else ()
    thick = 1.4 if aside else 2.8
    canvas.area(shape, "none", Ink("#ffffff", thick + 2.4), base + 0.07, frame.box)
    canvas.area(shape, "none", Ink(colour, thick, dash), base + 0.08, frame.box)


def is_aside(scene: Scene, sector: SectorArea) -> bool:
    """Tell whether the picture is about none of the zones of a sector."""
    own = [zone for zone in scene.zones if zone.sector == sector.id]
    return bool(own) and all(zone.aside for zone in own)


def _selection(canvas: Canvas, scene: Scene, frame: Frame, base: float) -> None:
    for zone in scene.zones:
        if not zone.aside and (zone.id in scene.selected_zones or zone.changed):
            shape = frame.shape(zone.geometry)
            canvas.area(shape, "none", Ink("#ffffff", 6.0), base + 0.10, frame.box)
            canvas.area(shape, "none", Ink(DARK, 2.8), base + 0.11, frame.box)
