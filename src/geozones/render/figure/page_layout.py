"""Page around the map: title, legend, sources, QR code; small maps of parts that lie far away.

Départements overseas on the map of a country are the usual case: on one scale with them, the rest
would be a spot.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import segno
import shapely

from geozones.common.french import NBSP, listing, long_date, number
from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import (
    Box,
    Canvas,
    Frame,
    StrokeStyle,
    TextStyle,
    fit,
    width,
    wrap,
)
from geozones.render.figure.labels import text_style
from geozones.render.figure.subject import FreeSpace, PictureSubject, draw_markers
from geozones.render.map_ground import MapGround
from geozones.render.scene import LyceePoint, Scene
from geozones.render.sheet import LEAST_IN_ROOM, Sheet

_DARK = "#14202b"


def draw_code(canvas: Canvas, link: str, box: Box) -> None:
    """Draw the code of a link at the top right of a square box, with the sheet's white margin.

    Modules are whole pixels, since a camera reads sharp edges better.
    """
    rows = segno.make(link, error="m", micro=False).matrix
    unit = canvas.sheet.unit
    side = max(int(box.width * unit / len(rows)), 1) / unit
    right, top = round(box.right * unit) / unit, round(box.top * unit) / unit
    dark = [
        (right - (len(row) - x) * side, top - y * side)
        for y, row in enumerate(rows)
        for x, module in enumerate(row)
        if module
    ]
    modules = [shapely.box(x, y - side, x + side, y) for x, y in dark]
    canvas.area(shapely.union_all(modules), _DARK, layer=8.0, gid="label-code")


_EDGE = 44.0
#: Side of the QR code, in units: 1.8 cm on A4.
_CODE = 92.0
_TITLE, _SUBTITLE = 36.0, 19.0
_SMALLEST_TITLE = 22.0
_PANEL = 424.0
_GAP = 30.0
_GREY, _LINE = "#52606a", "#d5dce0"
_STATE = TextStyle(17, "bold", _GREY)


@dataclass(frozen=True)
class PageLayout:
    """Boxes of map and legend, and the legend's columns; ``legend`` is ``None`` if bare."""

    map: Box
    legend: Box | None
    columns: int


def lay_out(canvas: Canvas) -> PageLayout:
    """Print title and footer; return the boxes left for map and legend."""
    sheet = canvas.sheet
    if sheet.bare:
        return PageLayout(canvas.box, None, 1)
    page = canvas.box.inset(_EDGE)
    top = _header(canvas, page)
    bottom = _footer(canvas, page)
    if sheet.portrait:
        high = min(0.32 * (top - bottom), 430.0)
        legend = Box(page.left, bottom + 10, page.right, bottom + high)
        return PageLayout(Box(page.left, legend.top + 22, page.right, top), legend, 3)
    legend = Box(page.right - _PANEL, bottom, page.right, top)
    return PageLayout(Box(page.left, bottom, legend.left - _GAP, top), legend, 1)


def _header(canvas: Canvas, page: Box) -> float:
    """Print title, plan with its status, and subtitle; return the y of their end."""
    sheet, y = canvas.sheet, page.top
    if sheet.title:
        size = _TITLE
        while size > _SMALLEST_TITLE and width(sheet.title, size, "bold") > page.width:
            size -= 1
        lines = wrap(sheet.title, size, page.width, "bold", most=2)
        y = canvas.block(
            (page.left, y + 6), lines, TextStyle(size, "bold", DARK), gid="label-title"
        )
    if state := state_of(sheet):
        lines = wrap(state, _STATE.size, page.width, "bold", most=2)
        y = canvas.block((page.left, y), lines, _STATE, gid="label-state")
    if sheet.subtitle:
        lines = wrap(sheet.subtitle, _SUBTITLE, page.width, most=2)
        y = canvas.block(
            (page.left, y), lines, TextStyle(_SUBTITLE, colour=_GREY), gid="label-subtitle"
        )
    return y - 14


def _footer(canvas: Canvas, page: Box) -> float:
    """Print the sources; return the y of their top."""
    address, size = canvas.sheet.address, canvas.sheet.credit_size
    room = page.width - (_CODE + _GAP if address else 0.0)
    lines = [line for text in notes(canvas.sheet) for line in wrap(text, size, room, most=4)]
    if not lines and not address:
        return page.bottom
    high = max(len(lines) * size * 1.38, _CODE + 4 if address else 0.0)
    if address:
        corner = Box(page.right - _CODE, page.bottom - 10, page.right, page.bottom - 10 + _CODE)
        draw_code(canvas, address, corner)
    top = page.bottom + high - 10
    style = TextStyle(size, colour=_GREY)
    canvas.block((page.left, top), lines, style, gid="label-note", leading=1.38)
    line = [(page.left, top + 12), (page.right, top + 12)]
    canvas.lines([line], StrokeStyle(_LINE, 1.2), 8.0)
    return top + 30


def notes(sheet: Sheet) -> tuple[str, ...]:
    """Return the lines of the footer: engine and sources, address."""
    origin = ". ".join(part.rstrip(". ") for part in (sheet.engine, *sheet.sources) if part)
    online = f"En ligne : {sheet.address}" if sheet.address else ""
    return tuple(text for text in (f"{origin}." if origin else "", online) if text)


def state_of(sheet: Sheet) -> str:
    """Return what a sheet shows, under its title: the plan, its status, its date."""
    date = long_date(sheet.date) if sheet.date else ""
    return " · ".join(part for part in (sheet.scenario, sheet.status, date) if part)


#: Width and height of scale bar and north arrow together, in units.
SCALE_BAR_SIZE = (232.0, 54.0)
_LONGEST = 150.0
_ROUND = (1, 2, 5)


def scale_of(frame: Frame) -> tuple[float, float]:
    """Return the length of the scale bar in km (1, 2 or 5 times a power of ten) and in units."""
    longest = _LONGEST * frame.metres_per_unit / 1000
    power = 10.0 ** np.floor(np.log10(longest))
    km = float(max(step * power for step in (0.5, *_ROUND) if step * power <= longest))
    return km, km * 1000 / frame.metres_per_unit


def draw_scale_bar(canvas: Canvas, box: Box, frame: Frame) -> None:
    """Draw the scale bar and the north arrow of a frame in a box, none in one without width."""
    if not box.width:
        return
    km, units = scale_of(frame)
    left, base = box.left + 52, box.bottom + 14
    half = units / 2
    for start, fill in ((left, DARK), (left + half, "#ffffff")):
        corners = Box(start, base, start + half, base + 6)
        canvas.panel(corners, fill, StrokeStyle(DARK, 1.2), 7.0, radius=0)
    size = LEAST_IN_ROOM if canvas.sheet.room else 13.0
    style = TextStyle(size, colour="#37424c", halo="#ffffff", align="center")
    digits = 0 if km >= 1 else 1
    canvas.text((left, base + 13), "0", style, "label-scale-0")
    text = f"{number(km, digits)}{NBSP}km"
    canvas.text((left + units, base + 13), text, style, "label-scale-1")
    _north(canvas, (box.left + 20, box.bottom + 8), size)


def _north(canvas: Canvas, at: tuple[float, float], size: float) -> None:
    x, y = at
    for side, fill in ((-1, DARK), (1, "#ffffff")):
        corners = np.array([(x, y + 27), (x + side * 8, y), (x, y + 6.5), (x, y + 27)])
        canvas.polygon(corners, fill, 7.0)
        canvas.lines([corners], StrokeStyle(DARK, 1.2), 7.1)
    style = TextStyle(size, "bold", DARK, halo="#ffffff", align="center")
    canvas.text((x, y + 32), "N", style, "label-north-0")


#: Width and height of a carton, height of its title, margin around its land.
_SIZE, _CARTON_TITLE, _MARGIN = (128.0, 122.0), 22.0, 8.0
_PAPER = "#ffffff"


@dataclass(frozen=True)
class Carton:
    """Map of a part of a territory: its box and frame, its lycées, and the sectors it shows."""

    box: Box
    frame: Frame
    points: tuple[LyceePoint, ...]
    scene: Scene

    @property
    def title(self) -> str:
        """Names of its sectors."""
        return listing([sector.name for sector in self.scene.sectors])


def place_cartons(subject: PictureSubject, space: FreeSpace) -> tuple[Carton, ...] | None:
    """Place the far parts of a subject in free space at the left, from the bottom up.

    The space is then taken; ``None`` if a carton has no room.
    """
    cartons = []
    corner = (space.box.left, space.box.bottom)
    for points in subject.far_parts:
        box = space.nearest(*_SIZE, corner, 4)
        if box is None:
            return None
        space.take(box.inset(-4))
        cartons.append(_carton(subject, points, box))
    return tuple(cartons)


def _carton(subject: PictureSubject, points: tuple[LyceePoint, ...], box: Box) -> Carton:
    zones = tuple(
        zone for zone in subject.scene.zones if zone.id in {point.zone for point in points}
    )
    own = {zone.sector for zone in zones}
    sectors = tuple(sector for sector in subject.scene.sectors if sector.id in own)
    west, south, east, north = shapely.total_bounds([zone.geometry for zone in zones]).tolist()
    shown = box._replace(top=box.top - _CARTON_TITLE)
    fitted = Frame.fit((west, south, east, north), shown.inset(_MARGIN))
    frame = replace(fitted, box=shown)
    return Carton(box, frame, points, replace(subject.scene, zones=zones, sectors=sectors))


def draw_cartons(canvas: Canvas, cartons: Sequence[Carton], ground: MapGround) -> None:
    """Draw cartons over a map: land, lycées as dots, names of the sectors above."""
    style = text_style("town", DARK)
    for carton in cartons:
        box = carton.box
        canvas.panel(box, _PAPER, None, 3.6)
        draw_basemap(canvas, carton.scene, ground, carton.frame, 4.0)
        places = carton.frame.points(np.array([(p.lon, p.lat) for p in carton.points]))
        draw_markers(canvas, carton.points, places, 5.2, dots=True)
        canvas.panel(box, "none", StrokeStyle(DARK, 1.3), 6.1)
        text = fit(carton.title, style.size, box.width - 10, style.face)
        gid = f"label-carton-{carton.scene.sectors[0].id}-0"
        canvas.text((box.left + 5, box.top - 15), text, replace(style, layer=6.2), gid)
