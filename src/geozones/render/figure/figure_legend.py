"""Legend of a picture: sectors, zones and lycées with their figures, then its keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import shapely

from geozones.common.french import NBSP, listing, plural
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
from geozones.render.figure.labels import LEAST_IN_ROOM
from geozones.render.figure.subject import (
    BADGE,
    PictureSubject,
    draw_badge,
    draw_dot,
    draw_ring,
    draw_star,
    ring_stroke,
)
from geozones.render.palette import mixed
from geozones.render.scene import LyceePoint, SectorArea, ZoneArea
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

    The last row counts the rows that do not fit.
    """
    canvas.text((box.left, box.top - 18), _heading(subject), _HEAD, "label-legend-0")
    signs, top = legend_keys_of(subject), box.top - 38
    if columns == 1:
        below = legend_keys_height(signs, box.width, key_columns(subject))
        room = Box(box.left, box.bottom + below, box.right, top)
        end = _one_column(canvas, subject, room)
        place = Box(box.left, box.bottom, box.right, min(end - 8, box.top))
    else:
        across = (box.width - _GUTTER * (columns - 1)) / columns
        rows = _rows(subject, across)
        _draw_rows(canvas, _flow(rows, top - box.bottom, columns - 1), box.left, top, across)
        place = Box(box.right - across, box.bottom, box.right, top)
    draw_legend_keys(canvas, signs, place, key_columns(subject) if columns == 1 else 1)


def _one_column(canvas: Canvas, subject: PictureSubject, room: Box) -> float:
    """Draw the rows in one column, many zones on one line; return the y of their end."""
    rows = _rows(subject, room.width)
    few = not subject.close or len(subject.zones) == 1
    if few or sum(row.height for row in rows) <= room.height:
        groups = _flow(rows, room.height, 1)
        return _draw_rows(canvas, groups, room.left, room.top, room.width)
    heads = [_sector(subject, sector, room.width) for sector in subject.sectors]
    end = _draw_rows(canvas, [heads], room.left, room.top, room.width)
    brief = [_brief_zone(subject, zone, room.width) for zone in subject.zones]
    if sum(row.height for row in brief) <= end - room.bottom:
        return _draw_rows(canvas, [brief], room.left, end, room.width)
    across = (room.width - _GUTTER) / 2
    brief = [_brief_zone(subject, zone, across) for zone in subject.zones]
    return _draw_rows(canvas, _flow(brief, end - room.bottom, 2), room.left, end, across)


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


def _rows(subject: PictureSubject, room: float) -> list[LegendRow]:
    sectors = [_sector(subject, sector, room) for sector in subject.sectors]
    if not subject.close:
        return sectors
    zones = [_zone(subject, zone, room) for zone in subject.zones]
    lycees: list[LegendRow] = []
    if len(subject.zones) == 1:
        lycees = [_lycee(point, room) for point in (*subject.lycees, *subject.unplaced)]
    return [*sectors, *zones, *lycees]


def _flow(rows: Sequence[LegendRow], room: float, columns: int) -> list[list[LegendRow]]:
    """Fill columns with rows in turn; rows without room become one row that counts them."""
    groups: list[list[LegendRow]] = [[] for _ in range(columns)]
    used, column = 0.0, 0
    for rank, row in enumerate(rows):
        last = column == columns - 1
        more = rank < len(rows) - 1
        if used + row.height + (22 if last and more else 0) > room:
            if last:
                groups[column].append(_more(len(rows) - rank))
                break
            column, used = column + 1, 0.0
        groups[column].append(row)
        used += row.height
    return groups


def _more(count: int) -> LegendRow:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        text = f"et {plural(count, 'ligne')} de plus, faute de place"
        canvas.text((x, y - 15), text, FACT, gid="label-legend-more-0")

    return LegendRow(22, draw)


def _sector(subject: PictureSubject, sector: SectorArea, room: float) -> LegendRow:
    zones = [zone for zone in subject.zones if zone.sector == sector.id]
    facts = dict(sector.facts)
    every = {zone.id for zone in subject.scene.zones if zone.sector == sector.id}
    lycees = [point for point in subject.scene.lycees if point.zone in every]
    marks = f" · {sector.marks}" if sector.marks else ""
    counted = f"{terms().site.counted(len(lycees))}, {plural(len(every), 'zone')}{marks}"
    phrases = [counted]
    if facts.get("RNS") and sector.status is not DecisionStatus.DRAFT:
        centre = worded("{Support_centre}")
        phrases = [f"{counted} · RNS {facts['RNS']}", f"{centre} {facts[centre]}"]
    lines = _wrapped(phrases, room - _INDENT)
    listed = () if subject.close or subject.many else _numbered(subject, zones, room)
    beside = room - _INDENT - pill_width(sector.status) - 10
    name = wrap(sector.name, _NAME.size, beside, "bold", most=2)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        swatches(canvas, zones, (x, y - 19))
        gid = f"label-legend-{sector.id}"
        end = canvas.block((x + _INDENT, y), name, _NAME, f"{gid}-name")
        beside = x + _INDENT + width(name[0], _NAME.size, "bold") + 10
        draw_pill(canvas, (beside, y - 19), sector.status)
        end = canvas.block((x + _INDENT, end - 2), lines, FACT, f"{gid}-fact", _LEADING)
        canvas.block((x, end - 2), listed, _LISTED, f"{gid}-zone", _CLOSE)

    high = _FACT_ROW * len(lines) + _LISTED.size * _CLOSE * len(listed)
    return LegendRow(15 + 19.5 * len(name) + high, draw)


def _numbered(subject: PictureSubject, zones: Sequence[ZoneArea], room: float) -> tuple[str, ...]:
    """Return the zones of a sector in lines, each after its number on the map."""
    names = [f"{subject.number[zone.id]}{NBSP}{zone.name}" for zone in zones]
    return wrap(" · ".join(_glued(name) for name in names), _LISTED.size, room, most=_LISTED_LINES)


def _glued(name: str) -> str:
    """Keep the dash of a name with what is before it."""
    return name.replace(" –", f"{NBSP}–")


def _zone(subject: PictureSubject, zone: ZoneArea, room: float) -> LegendRow:
    facts = dict(zone.facts)
    number = subject.number[zone.id]
    mean, longest = _minutes(facts)
    times = f"trajet moyen {mean}, le plus long {longest}"
    count = facts.get(worded("{Sites}"), "")
    lines = _wrapped([count + _apart(subject, zone), times], room - _INDENT)
    name = wrap(zone.name, _BOLD.size, room - _INDENT, "bold", most=2)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        draw_badge(canvas, (x + 13, y - 13), number, _BADGE_STYLE)
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


def _minutes(facts: Mapping[str, str]) -> tuple[str, str]:
    """Return the mean and the longest drive of a zone, with a star if a drive is estimated."""
    mean, longest = (facts.get(metric(key).short, "—") for key in ("mean_minutes", "max_minutes"))
    return _short(mean), _short(longest)


def _short(fact: str) -> str:
    """Return a fact's minutes without the text in brackets; a star marks an estimate."""
    minutes, _, known = fact.partition(" (")
    return f"{minutes} *" if "estimé" in known else minutes


def _brief_zone(subject: PictureSubject, zone: ZoneArea, room: float) -> LegendRow:
    number, facts = subject.number[zone.id], dict(zone.facts)
    mean, longest = _minutes(facts)
    minutes = f" · {mean} en moyenne, {longest} au plus"
    beside = room - 34 - width(minutes, FACT.size)
    enough = width(zone.name, FACT.size) <= beside or beside > room / 2
    text = fit(zone.name, FACT.size, beside) + minutes if enough else zone.name

    def draw(canvas: Canvas, x: float, y: float) -> None:
        draw_badge(canvas, (x + 13, y - 13), number, _BADGE_STYLE)
        name = fit(text, FACT.size, room - 34)
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
