"""Page around the map: title above, legend beside, sources and state of the scenario below."""

from dataclasses import dataclass

from geozones.common.french import long_date
from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.fonts import width, wrap
from geozones.render.figure.map_frame import Box
from geozones.render.figure.qr_code import draw_code
from geozones.render.sheet import Sheet

_EDGE = 44.0
#: Side of the QR code, in units: 1.8 cm on A4.
_CODE = 92.0
_TITLE, _SUBTITLE, _NOTE = 36.0, 19.0, 12.5
_SMALLEST_TITLE = 22.0
_PANEL = 424.0
_GAP = 30.0
_GREY, _LINE = "#52606a", "#d5dce0"


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
    """Print title and subtitle; return the y of their end."""
    sheet, y = canvas.sheet, page.top
    if sheet.title:
        size = _TITLE
        while size > _SMALLEST_TITLE and width(sheet.title, size, "bold") > page.width:
            size -= 1
        lines = wrap(sheet.title, size, page.width, "bold", most=2)
        y = canvas.block(
            (page.left, y + 6), lines, TextStyle(size, "bold", DARK), gid="label-title"
        )
    if sheet.subtitle:
        lines = wrap(sheet.subtitle, _SUBTITLE, page.width, most=2)
        y = canvas.block(
            (page.left, y), lines, TextStyle(_SUBTITLE, colour=_GREY), gid="label-subtitle"
        )
    return y - 14


def _footer(canvas: Canvas, page: Box) -> float:
    """Print the scenario, date and sources; return the y of their top."""
    address = canvas.sheet.address
    room = page.width - (_CODE + _GAP if address else 0.0)
    lines = [line for text in notes(canvas.sheet) for line in wrap(text, _NOTE, room, most=4)]
    if not lines and not address:
        return page.bottom
    high = max(len(lines) * _NOTE * 1.38, _CODE + 4 if address else 0.0)
    if address:
        corner = Box(page.right - _CODE, page.bottom - 10, page.right, page.bottom - 10 + _CODE)
        draw_code(canvas, address, corner)
    top = page.bottom + high - 10
    style = TextStyle(_NOTE, colour=_GREY)
    canvas.block((page.left, top), lines, style, gid="label-note", leading=1.38)
    line = [(page.left, top + 12), (page.right, top + 12)]
    canvas.lines([line], StrokeStyle(_LINE, 1.2), 8.0)
    return top + 30


def notes(sheet: Sheet) -> tuple[str, ...]:
    """Return the lines of the footer: scenario and date, engine and sources, address."""
    version = f"version {sheet.version}" if sheet.version else ""
    date = long_date(sheet.date) if sheet.date else ""
    state = " · ".join(part for part in (sheet.scenario, version, sheet.status, date) if part)
    origin = ". ".join(part.rstrip(". ") for part in (sheet.engine, *sheet.sources) if part)
    online = f"En ligne : {sheet.address}" if sheet.address else ""
    return tuple(text for text in (state, f"{origin}." if origin else "", online) if text)
