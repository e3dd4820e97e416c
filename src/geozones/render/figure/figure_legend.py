"""Legend: sectors, zones and lycées of a picture with their figures, then its keys."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geozones.common.french import NBSP, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.metrics import metric
from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import Box, Canvas, TextStyle
from geozones.render.figure.fonts import fit, width, wrap
from geozones.render.figure.legend_keys import (
    FACT,
    draw_legend_keys,
    draw_pill,
    key_columns,
    legend_keys_height,
    legend_keys_of,
    pill_width,
    swatches,
)
from geozones.render.figure.subject import (
    BADGE,
    PictureSubject,
    draw_badge,
    draw_ring,
    draw_star,
    ring_stroke,
)
from geozones.render.scene import LyceePoint, SectorArea, ZoneArea
from geozones.render.signs import INK

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
