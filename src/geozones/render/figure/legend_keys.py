"""Keys of the legend: each symbol of the map with its meaning; swatches and pills."""

from collections.abc import Sequence
from dataclasses import replace

import shapely

from geozones.common.french import listing, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.render.figure.basemap import CHANGE_OUTLINE, DARK, hatch, sign_stroke
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, TextStyle
from geozones.render.figure.fonts import fit, wrap
from geozones.render.figure.fonts import width as text_width
from geozones.render.figure.labels import LEAST_IN_ROOM
from geozones.render.figure.subject import (
    PictureSubject,
    draw_badge,
    draw_dot,
    draw_ring,
    draw_star,
    ring_stroke,
)
from geozones.render.palette import mixed
from geozones.render.scene import ZoneArea
from geozones.render.signs import (
    CHANGED,
    HALO,
    INK,
    MEANINGS,
    MOVED,
    OUTLINES,
    PILLS,
    SAMPLE,
    SAMPLE_INK,
    SignLine,
    hatching,
    signs_of,
)

GREY, _SOFT = "#52606a", "#d5dce0"
FACT = TextStyle(13, "regular", GREY)
_ROW, _LINE = 25.0, 17.0
#: Width of a symbol with its space, and space between two meanings, on one line.
_BESIDE, _APART = 44.0, 20.0
#: Height of a swatch.
_HIGH = 18.0


def swatches(
    canvas: Canvas, zones: Sequence[ZoneArea], at: tuple[float, float], *, width: float = 48
) -> None:
    """Draw the colours of zones side by side in a rectangle, hatched for drafts."""
    tints = dict.fromkeys((zone.colour, zone.ink, zone.status) for zone in zones)
    _samples(canvas, list(tints) or [("#b9bec4", INK, DecisionStatus.PUBLISHED)], at, width)


def _samples(
    canvas: Canvas,
    tints: Sequence[tuple[str, str, DecisionStatus]],
    at: tuple[float, float],
    width: float,
    lines: Sequence[SignLine] = (),
) -> None:
    """Draw tints (colour, ink, status) in a rectangle, with a line around it."""
    x, y = at
    whole = Box(x, y, x + width, y + _HIGH)
    step = width / len(tints)
    for rank, (colour, ink, status) in enumerate(tints):
        part = shapely.box(x + rank * step, y, x + (rank + 1) * step, y + _HIGH)
        canvas.area(part, colour, None, 8.0)
        if status is DecisionStatus.DRAFT:
            hatch(canvas, part, Frame(whole, 0, 0, 1, (0, 0)), 8.1, hatching(colour, ink))
    strokes = [sign_stroke(line) for line in lines] or [StrokeStyle("#7b8790", 1.0)]
    for rank, stroke in enumerate(strokes):
        canvas.area(shapely.box(*whole), "none", stroke, 8.2 + rank * 0.01)


def pill_width(status: DecisionStatus) -> float:
    """Return the width of the pill of a status."""
    return text_width(status.label.capitalize(), 11.5, "bold") + 18


def draw_pill(canvas: Canvas, at: tuple[float, float], status: DecisionStatus) -> None:
    """Draw a status in a pill; ``at`` is its lower left corner."""
    pill = PILLS[status]
    box = Box(at[0], at[1], at[0] + pill_width(status), at[1] + 19)
    edge = StrokeStyle(pill.edge, 1.1, (3.0, 2.0) if pill.dashed else ())
    canvas.panel(box, pill.fill, edge, 8.0, radius=9.4)
    style = TextStyle(11.5, "bold", pill.text, align="center")
    canvas.text((box.centre[0], box.bottom + 5.4), status.label.capitalize(), style)


def legend_keys_of(subject: PictureSubject) -> list[tuple[str, str]]:
    """Return the symbols used in the map, each with its meaning in French."""
    scene = subject.scene
    if scene.change is not None:
        return _change_keys(subject)
    signs = signs_of((zone.status, zone.changed) for zone in subject.zones)
    if any(zone.id in scene.selected_zones for zone in subject.zones) and len(subject.zones) > 1:
        signs.append(("halo", "zone choisie"))
    if any(not zone.deployed for zone in subject.zones):
        signs.append(("later", "pas encore déployé"))
    points = subject.lycees
    if subject.listed and not subject.close and not subject.many:
        signs.append(("number", "zone, par son numéro"))
    if points:
        signs.append(("dot" if subject.many else "lycee", terms().site.singular))
    if any(point.approximate for point in points):
        signs.append(("approximate", worded("{site} placé{e_site} au centre de sa commune")))
    if any(point.role == "support" for point in points):
        signs.append(("support", terms().support_centre.singular))
    if subject.departements and (scene.layers or {}).get("departements", True):
        signs.append(("border", "limite de département"))
    if subject.unplaced:
        names = listing([point.name for point in subject.unplaced[:4]])
        more = len(subject.unplaced) - 4
        tail = f" et {plural(more, 'autre')}" if more > 0 else ""
        signs.append(("unplaced", f"sans position, non dessiné{terms().site.e} : {names}{tail}"))
    return signs


def _change_keys(subject: PictureSubject) -> list[tuple[str, str]]:
    """Return the symbols of a picture of a change."""
    signs = [("zone", "zone qui change")]
    if subject.scene.patches:
        signs.append(("land", "communes qui changent de zone"))
    if subject.moved:
        signs.append(("moved", worded("{site} qui change")))
    if any(zone.draft for zone in subject.zones):
        signs.append((str(DecisionStatus.DRAFT), MEANINGS[DecisionStatus.DRAFT]))
    return signs


def key_columns(subject: PictureSubject) -> int:
    """Return the columns of legend keys: two where the legend lists the zones of a region."""
    return 1 if subject.close else 2


def legend_keys_height(signs: Sequence[tuple[str, str]], room: float, columns: int = 1) -> float:
    """Return the height of legend keys in units."""
    across = room / columns
    return max(sum(_sign_height(t, across) for _, t in c) for c in _split(signs, columns)) + 22


def _split(signs: Sequence[tuple[str, str]], columns: int) -> list[Sequence[tuple[str, str]]]:
    rows = -(-len(signs) // columns)
    return [signs[rank * rows : (rank + 1) * rows] for rank in range(columns)]


def _sign_height(text: str, room: float) -> float:
    return _ROW + _LINE * (len(wrap(text, 13, room - 50, most=3)) - 1)


def draw_legend_keys(
    canvas: Canvas, signs: Sequence[tuple[str, str]], box: Box, columns: int = 1
) -> None:
    """Draw symbols with their meanings below one another, from the top of a box."""
    line = [(box.left, box.top - 2), (box.right, box.top - 2)]
    canvas.lines([line], StrokeStyle(_SOFT, 1.2), 8.0)
    across = box.width / columns
    for column, part in enumerate(_split(signs, columns)):
        x, y = box.left + column * across, box.top - 14
        for sign, text in part:
            _sign(canvas, sign, (x + 19, y - 11))
            lines = wrap(text, 13, across - 50, most=3)
            canvas.block((x + 50, y - 3), lines, FACT, gid=f"label-sign-{sign}")
            y -= _sign_height(text, across)


def draw_key_strip(canvas: Canvas, signs: Sequence[tuple[str, str]], box: Box) -> Box:
    """Draw symbols with their meanings side by side at the bottom of a box; return the rest."""
    size = LEAST_IN_ROOM if canvas.sheet.room else FACT.size
    rows: list[list[tuple[str, str]]] = []
    used = box.width
    for sign, meaning in signs:
        text = fit(meaning, size, box.width - _BESIDE)
        need = _BESIDE + text_width(text, size) + _APART
        if used + need - _APART > box.width:
            rows.append([])
            used = 0.0
        rows[-1].append((sign, text))
        used += need
    high = len(rows) * _ROW + 6
    style = replace(FACT, size=size)
    for rank, row in enumerate(rows):
        x, y = box.left, box.bottom + high - 10 - (rank + 0.5) * _ROW + 4
        for sign, text in row:
            _sign(canvas, sign, (x + 15, y))
            canvas.text((x + _BESIDE - 6, y - size * 0.36), text, style, f"label-sign-{sign}-0")
            x += _BESIDE + text_width(text, size) + _APART
    return box._replace(bottom=box.bottom + high)


def _sign(canvas: Canvas, sign: str, at: tuple[float, float]) -> None:
    x, y = at
    corner, plain = (x - 14, y - 9), (SAMPLE, SAMPLE_INK, DecisionStatus.PUBLISHED)
    if sign in set(DecisionStatus):
        status = DecisionStatus(sign)
        _samples(canvas, [(SAMPLE, SAMPLE_INK, status)], corner, 28, OUTLINES[status])
    elif sign in ("zone", "land"):
        fill = MOVED if sign == "land" else "#ffffff"
        edge = CHANGE_OUTLINE if sign == "zone" else None
        canvas.area(shapely.box(*corner, x + 14, y + 9), fill, edge, 8.0)
    elif sign == "moved":
        draw_ring(canvas, at, ring_stroke(DARK), 8.0, MOVED)
    elif sign == "later":
        _samples(canvas, [(mixed(SAMPLE, "#ffffff", 0.62), INK, plain[2])], corner, 28)
    elif sign in ("changed", "halo"):
        _samples(canvas, [plain], corner, 28, CHANGED if sign == "changed" else HALO)
    elif sign in ("lycee", "approximate"):
        stroke = ring_stroke("#3d464d", approximate=sign == "approximate")
        draw_ring(canvas, at, stroke, 8.0)
    elif sign in ("support", "dot"):
        (draw_star if sign == "support" else draw_dot)(canvas, at, "#3d464d", 8.0)
    elif sign == "number":
        draw_badge(canvas, at, 1, TextStyle(11.0, "bold", INK, layer=8.0))
    elif sign == "border":
        canvas.lines([[(x - 15, y), (x + 15, y)]], StrokeStyle("#20303a", 1.6, (1.6, 3.0)), 8.0)
