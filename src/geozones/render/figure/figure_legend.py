"""Legend of a picture: sectors, zones and lycées with their figures, and the signs of its map."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import shapely

from geozones.common.french import NBSP, inside, listing, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.metrics import metric
from geozones.render.figure.basemap import CHANGE_OUTLINE, hatch, sign_stroke
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, TextStyle, drawable
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

#: Height of a swatch, and of the drawing of a sign; width of the signs of a key and of a row.
_HIGH, _SIGN_HIGH = 18.0, 24.0
_KEY_WIDE, _ROW_WIDE, _ZONE_WIDE = 36.0, 52.0, 24.0
_SIGN_INK = "#3d464d"
_BADGE_STYLE = TextStyle(BADGE, "bold", INK, layer=9.0)


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
        signs.append(("approximate", worded("{site} placé au centre de sa commune")))
    if any(point.role == "support" for point in points):
        signs.append(("support", terms().support_centre.singular))
    if subject.departements and (scene.layers or {}).get("departements", True):
        signs.append(("border", "limite de département"))
    if subject.unplaced:
        names = listing([point.name for point in subject.unplaced[:4]])
        more = len(subject.unplaced) - 4
        tail = f" et {plural(more, 'autre')}" if more > 0 else ""
        signs.append(("unplaced", f"sans position, non dessiné : {names}{tail}"))
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


def sign_svg(sign: str, point: LyceePoint | None = None) -> str:
    """Draw a sign of `legend_keys_of`; that of a lycée is in its colour if it is given."""
    canvas = Canvas(Box(0, 0, _KEY_WIDE, _SIGN_HIGH))
    ink = _SIGN_INK if point is None else point.ink
    at = x, y = canvas.box.centre
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
        stroke = ring_stroke(ink, approximate=sign == "approximate")
        draw_ring(canvas, at, stroke, 8.0)
    elif sign in ("support", "dot"):
        (draw_star if sign == "support" else draw_dot)(canvas, at, ink, 8.0)
    elif sign == "number":
        draw_badge(canvas, at, 1, _BADGE_STYLE)
    elif sign == "border":
        canvas.lines([[(x - 15, y), (x + 15, y)]], StrokeStyle("#20303a", 1.6, (1.6, 3.0)), 8.0)
    return canvas.svg()


def swatches(zones: Sequence[ZoneArea], width: float) -> str:
    """Draw the colours of zones side by side in a rectangle, hatched for drafts."""
    canvas = Canvas(Box(0, 0, width, _SIGN_HIGH))
    tints = dict.fromkeys((zone.colour, zone.ink, zone.status) for zone in zones)
    none = [("#b9bec4", INK, DecisionStatus.PUBLISHED)]
    _samples(canvas, list(tints) or none, (2, (_SIGN_HIGH - _HIGH) / 2), width - 4)
    return canvas.svg()


@dataclass(frozen=True, slots=True)
class LegendRow:
    """Row of the legend: a sector, a zone or a lycée."""

    name: str
    sign: str  # Its drawing, as SVG.
    facts: Sequence[str] = ()
    #: number of a zone; 0 for none
    number: int = 0
    #: badge of a sector's status
    pill: Mapping[str, Any] | None = None
    #: zones of a sector, each after its number on the map
    zones: str = ""


def legend_of(subject: PictureSubject) -> dict[str, Any]:
    """Return the legend: its heading, and its rows in each of its forms, the fullest first."""
    forms = [[asdict(row) for row in form(subject)] for form in _FORMS]
    zones = plural(len(subject.zones), "zone")
    lycees = terms().site.counted(len(subject.lycees) + len(subject.unplaced))
    if subject.close:
        heading = f"{zones}, {lycees}"
    else:
        heading = f"{plural(len(subject.sectors), 'secteur')}, {zones}, {lycees}"
    return {
        "heading": drawable(heading),
        "forms": forms,
        "key_columns": 1 if subject.close else 2,
    }


def _full(subject: PictureSubject) -> list[LegendRow]:
    """Return all rows: sectors with their facts, zones, the lycées of a single zone."""
    lycees: list[LegendRow] = []
    if subject.close and len(subject.zones) == 1:
        lycees = [_lycee(point) for point in (*subject.lycees, *subject.unplaced)]
    zones = [_zone(subject, zone) for zone in subject.zones] if subject.close else []
    return [*_sectors(subject, facts=2), *zones, *lycees]


def _shorter(subject: PictureSubject) -> list[LegendRow]:
    """Return the rows without those who lead a sector, or without the lycées of a zone."""
    zones = [_zone(subject, zone) for zone in subject.zones] if subject.close else []
    return [*_sectors(subject, facts=1), *zones]


def _short(subject: PictureSubject) -> list[LegendRow]:
    """Return the names of the sectors and of their zones."""
    zones = [LegendRow(drawable(zone.name), "", number=zone.number) for zone in subject.zones]
    return [*_sectors(subject, facts=0), *(zones if subject.close else [])]


def _names(subject: PictureSubject) -> list[LegendRow]:
    """Return the names of the sectors."""
    return _sectors(subject, facts=0, zones=False)


#: Contents of the legend, the fullest first.
_FORMS = (_full, _shorter, _short, _names)


def _sectors(subject: PictureSubject, *, facts: int, zones: bool = True) -> list[LegendRow]:
    """Return the rows of the sectors with some of their facts, and with their zones if asked."""
    listed = zones and not subject.close and not subject.many
    rows = []
    for sector in subject.sectors:
        own = [zone for zone in subject.zones if zone.sector == sector.id]
        pill = pill_of(sector.status, changed=bool(sector.marks))
        told = f"{sector.status.label.capitalize()}{', modifié' if sector.marks else ''}"
        rows.append(
            LegendRow(
                drawable(sector.name),
                swatches(own, _ROW_WIDE),
                [*map(drawable, _facts(subject, sector)[:facts])],
                pill={**asdict(pill), "label": told},
                zones=drawable(_numbered(own)) if listed else "",
            )
        )
    return rows


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


def _numbered(zones: Sequence[ZoneArea]) -> str:
    """Return the zones of a sector in a line, each after its number on the map."""
    names = (f"{zone.number}{NBSP}{zone.name}" for zone in zones)
    # the dash of a name stays with what is before it
    return " · ".join(names).replace(" –", f"{NBSP}–")


def _zone(subject: PictureSubject, zone: ZoneArea) -> LegendRow:
    facts = dict(zone.facts)
    # how long the slowest relève of a zone takes; empty if nothing is known
    slowest = metric("worst_releve_minutes").short
    # the status of a zone if it differs from its sector's; else an empty text
    of_sector = {sector.id: sector.status for sector in subject.scene.sectors}
    same = of_sector.get(zone.sector, zone.status) is zone.status
    texts = [
        facts.get(worded("{Sites}"), "")
        + ("" if same and not zone.changed else f" · {dict(zone.facts).get('Statut', '')}"),
        f"{inside(slowest)} {facts[slowest]}" if slowest in facts else "",
    ]
    told = [drawable(text) for text in texts if text]
    return LegendRow(drawable(zone.name), swatches([zone], _ZONE_WIDE), told, zone.number)


def _lycee(point: LyceePoint) -> LegendRow:
    facts = dict(point.facts)
    told = [drawable(facts.get("Commune", ""))]
    if "Relève" in facts:
        told.append(drawable(f"relève {facts['Relève']}"))
    role = "approximate" if point.approximate else "lycee"
    sign = sign_svg("support" if point.role == "support" else role, point)
    return LegendRow(drawable(point.name), sign, told)
