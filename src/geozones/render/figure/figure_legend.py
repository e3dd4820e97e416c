"""Legend of a picture: sectors, zones and lycées with their figures, then its keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geozones.common.french import NBSP, inside, listing, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.metrics import metric
from geozones.render.figure.basemap import CHANGE_OUTLINE, DARK, hatch, sign_stroke
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
from geozones.render.figure.canvas import width as text_width
from geozones.render.figure.subject import (
    BADGE,
    PictureSubject,
    draw_badge,
    draw_dot,
    draw_moved,
    draw_ring,
    draw_star,
    ring_stroke,
)
from geozones.render.palette import mixed
from geozones.render.scene import LyceePoint, SectorArea, ZoneArea
from geozones.render.sheet import LEAST
from geozones.render.signs import (
    CHANGED,
    HALO,
    INK,
    MEANINGS,
    MOVED,
    OUTLINES,
    SAMPLE,
    SAMPLE_INK,
    SignLine,
    hatching,
    pill_of,
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


def pill_width(sector: SectorArea) -> float:
    """Return the width of the pill of a sector's status."""
    return text_width(_status(sector), LEAST, "bold") + 18


def _status(sector: SectorArea) -> str:
    return f"{sector.status.label.capitalize()}{', modifié' if sector.marks else ''}"


def draw_pill(canvas: Canvas, at: tuple[float, float], sector: SectorArea) -> None:
    """Draw the status of a sector in a pill; ``at`` is its lower left corner."""
    pill = pill_of(sector.status, changed=bool(sector.marks))
    box = Box(at[0], at[1], at[0] + pill_width(sector), at[1] + 19)
    edge = StrokeStyle(pill.edge, 1.1, (3.0, 2.0) if pill.dashed else ())
    canvas.panel(box, pill.fill, edge, 8.0, radius=9.4)
    style = TextStyle(LEAST, "bold", pill.text, align="center")
    canvas.text((box.centre[0], box.bottom + 5.4), _status(sector), style)


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
        signs.append(("dot" if subject.dots else "lycee", terms().site.singular))
    if any(point.approximate for point in points) and not subject.dots:
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


def key_strip_box(signs: Sequence[tuple[str, str]], box: Box, size: float) -> Box:
    """Return the box at the bottom of another that symbols with their meanings take."""
    return box._replace(top=box.bottom + len(_strip(signs, box.width, size)) * _ROW + 6)


def draw_key_strip(canvas: Canvas, signs: Sequence[tuple[str, str]], box: Box, size: float) -> None:
    """Draw symbols with their meanings side by side in a box."""
    style = replace(FACT, size=size)
    for rank, row in enumerate(_strip(signs, box.width, size)):
        x, y = box.left, box.top - 10 - (rank + 0.5) * _ROW + 4
        for sign, text in row:
            _sign(canvas, sign, (x + 15, y))
            canvas.text((x + _BESIDE - 6, y - size * 0.36), text, style, f"label-sign-{sign}-0")
            x += _BESIDE + text_width(text, size) + _APART


def _strip(
    signs: Sequence[tuple[str, str]], room: float, size: float
) -> list[list[tuple[str, str]]]:
    """Return symbols with their meanings in rows of a width."""
    rows: list[list[tuple[str, str]]] = []
    used = room
    for sign, meaning in signs:
        text = fit(meaning, size, room - _BESIDE)
        need = _BESIDE + text_width(text, size) + _APART
        if used + need - _APART > room:
            rows.append([])
            used = 0.0
        rows[-1].append((sign, text))
        used += need
    return rows


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
        draw_moved(canvas, at, 8.0)
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
        draw_badge(canvas, at, 1, _BADGE_STYLE)
    elif sign == "border":
        canvas.lines([[(x - 15, y), (x + 15, y)]], StrokeStyle("#20303a", 1.6, (1.6, 3.0)), 8.0)


_HEAD = TextStyle(19, "bold", DARK)
_NAME = TextStyle(16, "bold", DARK)
_BOLD = TextStyle(14.5, "bold", DARK)
_LISTED, _LISTED_LINES, _CLOSE = TextStyle(12.0, "regular", DARK), 12, 1.28
_BADGE_STYLE = TextStyle(BADGE, "bold", INK, layer=9.0)
#: Left edge of the text of a row, right of its symbols.
_INDENT = 60.0
_GUTTER = 28.0
_FACT_ROW, _LEADING = 18.2, 1.4


@dataclass(frozen=True)
class LegendRow:
    """Row of the legend: its height in units, and its drawing function (top left corner)."""

    height: float
    draw: Callable[[Canvas, float, float], None]


def draw_legend(canvas: Canvas, subject: PictureSubject, box: Box, *, columns: int = 1) -> None:
    """Draw the legend in a box, its keys below the rows or in the last of several columns.

    Every sector is told, in the fullest of the legend's forms that has room.
    """
    canvas.text((box.left, box.top - 18), _heading(subject), _HEAD, "label-legend-0")
    signs, top = legend_keys_of(subject), box.top - 38
    if columns == 1:
        below = legend_keys_height(signs, box.width, key_columns(subject))
        room = Box(box.left, box.bottom + below, box.right, top)
        end = _draw_columns(canvas, subject, room, (1, 2))
        place = Box(box.left, box.bottom, box.right, min(end - 8, box.top))
    else:
        across = (box.width - _GUTTER * (columns - 1)) / columns
        room = Box(box.left, box.bottom, box.right - across - _GUTTER, top)
        _draw_columns(canvas, subject, room, (columns - 1,))
        place = Box(box.right - across, box.bottom, box.right, top)
    draw_legend_keys(canvas, signs, place, key_columns(subject) if columns == 1 else 1)


def _draw_columns(
    canvas: Canvas, subject: PictureSubject, room: Box, counts: Sequence[int]
) -> float:
    """Draw the rows of the fullest form that has room in one of some numbers of columns.

    Return the y of their end.
    """
    groups: list[list[LegendRow]] = []
    across = room.width
    for form in _FORMS:
        for columns in counts:
            across = (room.width - _GUTTER * (columns - 1)) / columns
            groups = _flow(form(subject, across), room.height, columns)
            if len(groups) <= columns:
                return _draw_rows(canvas, groups, room.left, room.top, across)
    return _draw_rows(canvas, groups[: counts[-1]], room.left, room.top, across)


def _draw_rows(
    canvas: Canvas, groups: Sequence[Sequence[LegendRow]], left: float, top: float, across: float
) -> float:
    """Draw groups of rows side by side; return the y of the end of the longest group."""
    end = top
    for rank, group in enumerate(groups):
        y = top
        for entry in group:
            entry.draw(canvas, left + rank * (across + _GUTTER), y)
            y -= entry.height
        end = min(end, y)
    return end


def _heading(subject: PictureSubject) -> str:
    zones = plural(len(subject.zones), "zone")
    lycees = terms().site.counted(len(subject.lycees) + len(subject.unplaced))
    if subject.close:
        return f"{zones}, {lycees}"
    return f"{plural(len(subject.sectors), 'secteur')}, {zones}, {lycees}"


def _full(subject: PictureSubject, room: float) -> list[LegendRow]:
    """Return all rows: sectors with their facts, zones, the lycées of a single zone."""
    sectors = [_sector(subject, sector, room) for sector in subject.sectors]
    if not subject.close:
        return sectors
    zones = [_zone(subject, zone, room) for zone in subject.zones]
    lycees: list[LegendRow] = []
    if len(subject.zones) == 1:
        lycees = [_lycee(point, room) for point in (*subject.lycees, *subject.unplaced)]
    return [*sectors, *zones, *lycees]


def _shorter(subject: PictureSubject, room: float) -> list[LegendRow]:
    """Return the rows without those who lead a sector, or without the lycées of a zone."""
    sectors = [_sector(subject, sector, room, facts=1) for sector in subject.sectors]
    if not subject.close:
        return sectors
    return [*sectors, *(_zone(subject, zone, room) for zone in subject.zones)]


def _short(subject: PictureSubject, room: float) -> list[LegendRow]:
    """Return a line for each sector, and a line for each zone, or its name below its sector."""
    sectors = [_sector(subject, sector, room, facts=0) for sector in subject.sectors]
    if not subject.close:
        return sectors
    return [*sectors, *(_brief_zone(zone, room) for zone in subject.zones)]


def _names(subject: PictureSubject, room: float) -> list[LegendRow]:
    """Return a line for each sector."""
    return [_sector(subject, sector, room, facts=0, zones=False) for sector in subject.sectors]


#: Contents of the legend, the fullest first.
_FORMS = (_full, _shorter, _short, _names)


def _flow(rows: Sequence[LegendRow], room: float, columns: int) -> list[list[LegendRow]]:
    """Fill columns of a height with rows in turn, in as even columns as they allow."""
    total, highest = sum(row.height for row in rows), max((row.height for row in rows), default=0.0)
    for height in np.linspace(min(max(total / columns, highest), room), room, 9).tolist():
        groups: list[list[LegendRow]] = [[]]
        used = 0.0
        for row in rows:
            if used and used + row.height > height + 0.01:
                groups.append([])
                used = 0.0
            groups[-1].append(row)
            used += row.height
        if len(groups) <= columns:
            break
    if highest > room:
        groups += [[]] * columns
    return groups


def _sector(
    subject: PictureSubject, sector: SectorArea, room: float, *, facts: int = 2, zones: bool = True
) -> LegendRow:
    """Return the row of a sector: its name and status, lines of facts, its zones if it may."""
    own = [zone for zone in subject.zones if zone.sector == sector.id]
    lines = _wrapped(_facts(subject, sector)[:facts], room - _INDENT)
    listed = subject.close or subject.many or not zones
    named = () if listed else _numbered(own, room)
    name = wrap(sector.name, _NAME.size, room - _INDENT, "bold", most=3)
    last = width(name[-1], _NAME.size, "bold") + 10
    below = last + pill_width(sector) > room - _INDENT

    def draw(canvas: Canvas, x: float, y: float) -> None:
        swatches(canvas, own, (x, y - 19))
        gid = f"label-legend-{sector.id}"
        end = canvas.block((x + _INDENT, y), name, _NAME, f"{gid}-name")
        at = (x + _INDENT + last * (not below), y - 19 - 19.5 * (len(name) - 1 + below))
        draw_pill(canvas, at, sector)
        end -= 19.5 * below
        end = canvas.block((x + _INDENT, end - 2), lines, FACT, f"{gid}-fact", _LEADING)
        canvas.block((x, end - 2), named, _LISTED, f"{gid}-zone", _CLOSE)

    high = _FACT_ROW * len(lines) + _LISTED.size * _CLOSE * len(named)
    return LegendRow((15 if lines or named else 6) + 19.5 * (len(name) + below) + high, draw)


def _facts(subject: PictureSubject, sector: SectorArea) -> list[str]:
    """Return how many lycées and zones a sector has, with its changes and who leads it."""
    facts = dict(sector.facts)
    every = {zone.id for zone in subject.scene.zones if zone.sector == sector.id}
    lycees = [point for point in subject.scene.lycees if point.zone in every]
    marks = f" · {sector.marks}" if sector.marks else ""
    counted = f"{terms().site.counted(len(lycees))}, {plural(len(every), 'zone')}{marks}"
    if not facts.get("RNS") or sector.status is DecisionStatus.DRAFT:
        return [counted]
    centre = worded("{Support_centre}")
    return [f"{counted} · RNS {facts['RNS']}", f"{centre} {facts[centre]}"]


def _numbered(zones: Sequence[ZoneArea], room: float) -> tuple[str, ...]:
    """Return the zones of a sector in lines, each after its number on the map."""
    names = [f"{zone.number}{NBSP}{zone.name}" for zone in zones]
    return wrap(" · ".join(_glued(name) for name in names), _LISTED.size, room, most=_LISTED_LINES)


def _glued(name: str) -> str:
    """Keep the dash of a name with what is before it."""
    return name.replace(" –", f"{NBSP}–")


def _zone(subject: PictureSubject, zone: ZoneArea, room: float) -> LegendRow:
    facts = dict(zone.facts)
    texts = [facts.get(worded("{Sites}"), "") + _apart(subject, zone), _slowest(facts)]
    lines = _wrapped([text for text in texts if text], room - _INDENT)
    name = wrap(zone.name, _BOLD.size, room - _INDENT, "bold", most=2)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        draw_badge(canvas, (x + 13, y - 13), zone.number, _BADGE_STYLE)
        swatches(canvas, [zone], (x + 32, y - 20), width=20)
        gid = f"label-legend-{zone.id}"
        end = canvas.block((x + _INDENT, y - 3), name, _BOLD, f"{gid}-name")
        canvas.block((x + _INDENT, end - 2), lines, FACT, f"{gid}-fact", _LEADING)

    return LegendRow(18 + 18.3 * len(name) + _FACT_ROW * len(lines), draw)


def _apart(subject: PictureSubject, zone: ZoneArea) -> str:
    """Return the status of a zone if it differs from its sector's; else an empty text."""
    of_sector = {sector.id: sector.status for sector in subject.scene.sectors}
    same = of_sector.get(zone.sector, zone.status) is zone.status
    return "" if same and not zone.changed else f" · {dict(zone.facts).get('Statut', '')}"


def _slowest(facts: Mapping[str, str]) -> str:
    """Return how long the slowest relève of a zone takes; empty if nothing is known."""
    slowest = metric("worst_releve_minutes").short
    return f"{inside(slowest)} {facts[slowest]}" if slowest in facts else ""


def _brief_zone(zone: ZoneArea, room: float) -> LegendRow:
    name = fit(zone.name, FACT.size, room - 34)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        draw_badge(canvas, (x + 13, y - 13), zone.number, _BADGE_STYLE)
        canvas.text((x + 34, y - 18), name, FACT, f"label-legend-{zone.id}-name")

    return LegendRow(26.5, draw)


def _lycee(point: LyceePoint, room: float) -> LegendRow:
    facts = dict(point.facts)
    phrases = [facts.get("Commune", "")]
    if "Relève" in facts:
        phrases.append(f"relève {facts['Relève']}")
    lines = _wrapped(phrases, room - _INDENT)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        if point.role == "support":
            draw_star(canvas, (x + 42, y - 11), point.ink, 8.0)
        else:
            stroke = ring_stroke(point.ink, approximate=point.approximate)
            draw_ring(canvas, (x + 42, y - 11), stroke, 8.0)
        gid = f"label-legend-{point.id}"
        name = fit(point.name, _BOLD.size, room - _INDENT, "bold")
        canvas.text((x + _INDENT, y - 15), name, _BOLD, f"{gid}-0")
        canvas.block((x + _INDENT, y - 20), lines, FACT, f"{gid}-fact", _LEADING)

    return LegendRow(30 + _FACT_ROW * len(lines), draw)


def _wrapped(texts: Sequence[str], room: float) -> list[str]:
    return [line for text in texts for line in wrap(text, FACT.size, room, most=2)]
