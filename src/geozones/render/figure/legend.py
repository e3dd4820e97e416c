"""The legend: what the picture is about, in figures, and what its signs mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from geozones.domain.french import plural
from geozones.render.figure.canvas import Canvas, Type
from geozones.render.figure.dots import draw_badge, draw_ring, draw_star, ring_ink
from geozones.render.figure.fonts import fit, width, wrap
from geozones.render.figure.frame import Box
from geozones.render.figure.ground import DARK
from geozones.render.figure.signs import (
    FACT,
    draw_pill,
    draw_signs,
    pill_width,
    signs_height,
    signs_of,
    swatches,
)
from geozones.render.figure.subject import Subject
from geozones.render.scene import LyceePoint, SectorArea, ZoneArea

_HEAD = Type(19, "bold", DARK)
_NAME = Type(16, "bold", DARK)
_BOLD = Type(14.5, "bold", DARK)
#: Where the words of a row begin, after its signs; what a line of facts takes.
_INDENT = 60.0
_GUTTER = 28.0
_FACT_ROW, _LEADING = 18.2, 1.4


@dataclass(frozen=True)
class Entry:
    """A row: its height, and what draws it from its left top."""

    height: float
    draw: Callable[[Canvas, float, float], None]


def draw_legend(canvas: Canvas, subject: Subject, box: Box, *, columns: int = 1) -> None:
    """Write the legend in a box, the signs under the rows or in the last of several columns.

    Rows that do not fit are counted in the last one.
    """
    canvas.text((box.left, box.top - 18), _heading(subject), _HEAD, "label-legend-0")
    signs, top = signs_of(subject), box.top - 38
    if columns == 1:
        room = Box(box.left, box.bottom + signs_height(signs), box.right, top)
        end = _one_column(canvas, subject, room)
        place = Box(box.left, box.bottom, box.right, min(end - 8, box.top))
    else:
        across = (box.width - _GUTTER * (columns - 1)) / columns
        rows = _rows(subject, across)
        _draw_rows(canvas, _flow(rows, top - box.bottom, columns - 1), box.left, top, across)
        place = Box(box.right - across, box.bottom, box.right, top)
    draw_signs(canvas, signs, place)


def _one_column(canvas: Canvas, subject: Subject, room: Box) -> float:
    """Write the rows, the zones in short where they are many; return where they end."""
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
    canvas: Canvas, groups: Sequence[Sequence[Entry]], left: float, top: float, across: float
) -> float:
    """Draw rows in columns; return where the longest ends."""
    end = top
    for rank, group in enumerate(groups):
        y = top
        for entry in group:
            entry.draw(canvas, left + rank * (across + _GUTTER), y)
            y -= entry.height
        end = min(end, y)
    return end


def _heading(subject: Subject) -> str:
    zones = plural(len(subject.zones), "zone")
    lycees = plural(len(subject.lycees) + len(subject.unplaced), "lycée")
    if subject.close:
        return f"{zones}, {lycees}"
    return f"{plural(len(subject.sectors), 'secteur')}, {zones}, {lycees}"


def _rows(subject: Subject, room: float) -> list[Entry]:
    sectors = [_sector(subject, sector, room) for sector in subject.sectors]
    if not subject.close:
        return sectors
    zones = [_zone(subject, zone, room) for zone in subject.zones]
    lycees: list[Entry] = []
    if len(subject.zones) == 1:
        lycees = [_lycee(point, room) for point in (*subject.lycees, *subject.unplaced)]
    return [*sectors, *zones, *lycees]


def _flow(rows: Sequence[Entry], room: float, columns: int) -> list[list[Entry]]:
    """Share rows out among columns; rows without room become one that counts them."""
    groups: list[list[Entry]] = [[] for _ in range(columns)]
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


def _more(count: int) -> Entry:
    def draw(canvas: Canvas, x: float, y: float) -> None:
        text = f"et {plural(count, 'autre')}"
        canvas.text((x, y - 15), text, FACT, gid="label-legend-more-0")

    return Entry(22, draw)


def _sector(subject: Subject, sector: SectorArea, room: float) -> Entry:
    zones = [zone for zone in subject.zones if zone.sector == sector.id]
    facts = dict(zones[0].facts) if zones else {}
    every = {zone.id for zone in subject.scene.zones if zone.sector == sector.id}
    lycees = [point for point in subject.scene.lycees if point.zone in every]
    said = [f"{plural(len(lycees), 'lycée')}, {plural(len(every), 'zone')}"]
    if facts.get("RNS") and not sector.draft:
        said = [f"RNS {facts['RNS']}", f"Centre support {facts['Centre support']}", *said]
    lines = _wrapped(said, room - _INDENT)
    beside = room - _INDENT - pill_width(sector.draft) - 10
    name = wrap(sector.name, _NAME.size, beside, "bold", most=2)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        swatches(canvas, [zone.colour for zone in zones], (x, y - 19), draft=sector.draft)
        gid = f"label-legend-{sector.id}"
        end = canvas.block((x + _INDENT, y), name, _NAME, f"{gid}-name")
        beside = x + _INDENT + width(name[0], _NAME.size, "bold") + 10
        draw_pill(canvas, (beside, y - 19), draft=sector.draft)
        canvas.block((x + _INDENT, end - 2), lines, FACT, f"{gid}-fact", _LEADING)

    return Entry(16 + 19.5 * len(name) + _FACT_ROW * len(lines), draw)


def _zone(subject: Subject, zone: ZoneArea, room: float) -> Entry:
    facts = dict(zone.facts)
    number = subject.number[zone.id]
    longest = facts.get("Trajet le plus long", "—")
    times = f"trajet moyen {facts.get('Trajet moyen', '—')}, le plus long {longest}"
    lines = _wrapped([facts.get("Lycées", ""), times], room - _INDENT)
    name = wrap(zone.name, _BOLD.size, room - _INDENT, "bold", most=2)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        draw_badge(canvas, (x + 13, y - 13), number, zone.ink, 9.0)
        swatches(canvas, [zone.colour], (x + 32, y - 20), draft=zone.draft, width=20)
        gid = f"label-legend-{zone.id}"
        end = canvas.block((x + _INDENT, y - 3), name, _BOLD, f"{gid}-name")
        canvas.block((x + _INDENT, end - 2), lines, FACT, f"{gid}-fact", _LEADING)

    return Entry(18 + 18.3 * len(name) + _FACT_ROW * len(lines), draw)


def _brief_zone(subject: Subject, zone: ZoneArea, room: float) -> Entry:
    number, facts = subject.number[zone.id], dict(zone.facts)
    told = (facts.get("Trajet moyen", "—"), facts.get("Trajet le plus long", "—"))
    minutes = f" · {told[0]} en moyenne, {told[1]} au plus"
    beside = room - 34 - width(minutes, FACT.size)
    enough = width(zone.name, FACT.size) <= beside or beside > room / 2
    text = fit(zone.name, FACT.size, beside) + minutes if enough else zone.name

    def draw(canvas: Canvas, x: float, y: float) -> None:
        draw_badge(canvas, (x + 13, y - 13), number, zone.ink, 9.0)
        name = fit(text, FACT.size, room - 34)
        canvas.text((x + 34, y - 18), name, FACT, f"label-legend-{zone.id}-name")

    return Entry(26.5, draw)


def _lycee(point: LyceePoint, room: float) -> Entry:
    facts = dict(point.facts)
    said = [facts.get("Commune", "")]
    if "Relève" in facts:
        said.append(f"relève {facts['Relève']}")
    lines = _wrapped(said, room - _INDENT)

    def draw(canvas: Canvas, x: float, y: float) -> None:
        if point.role == "support":
            draw_star(canvas, (x + 42, y - 11), point.ink, 8.0)
        else:
            ink = ring_ink(point.ink, approximate=point.approximate)
            draw_ring(canvas, (x + 42, y - 11), ink, 8.0)
        gid = f"label-legend-{point.id}"
        name = fit(point.name, _BOLD.size, room - _INDENT, "bold")
        canvas.text((x + _INDENT, y - 15), name, _BOLD, f"{gid}-0")
        canvas.block((x + _INDENT, y - 20), lines, FACT, f"{gid}-fact", _LEADING)

    return Entry(30 + _FACT_ROW * len(lines), draw)


def _wrapped(said: Sequence[str], room: float) -> list[str]:
    return [line for text in said for line in wrap(text, FACT.size, room, most=2)]
