"""Page of a picture: its maps, drawn as SVG, their legend, and the values around them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from geozones.common.french import NBSP, inside, listing, long_date, number, plural
from geozones.domain import DecisionStatus
from geozones.domain.terms import terms, worded
from geozones.metrics import metric
from geozones.render.figure.basemap import (
    CHANGE_OUTLINE,
    DARK,
    credit_of,
    draw_basemap,
    hatch,
    sign_stroke,
)
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, TextStyle, drawable, fit
from geozones.render.figure.insets import TITLE, draw_cartons
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.subject import (
    BADGE,
    PictureSubject,
    draw_arrow,
    draw_badge,
    draw_diamond,
    draw_dot,
    draw_faint,
    draw_markers,
    draw_moved,
    draw_ring,
    draw_star,
    ring_stroke,
)
from geozones.render.palette import mixed
from geozones.render.scene import (
    SCHEMATIC,
    Bounds,
    LyceePoint,
    MapGround,
    Scene,
    SectorArea,
    ZoneArea,
)
from geozones.render.sheet import DRAFTS, LEAST_IN_ROOM, UNDECIDED, Sheet
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
from geozones.render.typeface import MONO_NAME, typeface

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


def draw_map(layout: MapLayout, ground: MapGround) -> str:
    """Draw a map according to its layout; the lycées that move are yellow, each with its arrow."""
    subject, frame = layout.subject, layout.frame
    scene, moved = subject.scene, subject.moved
    canvas = Canvas(frame.box)
    draw_basemap(canvas, scene, ground, frame)
    if subject.others:
        others = frame.points(np.array([(p.lon, p.lat) for p in subject.others]))
        draw_faint(canvas, others, frame.box, 2.0)
    draw_markers(canvas, layout.points, layout.places, 3.0, moved, dots=subject.dots)
    for start, end in layout.arrows:
        draw_arrow(canvas, start, end, 3.4)
    if scene.pin is not None:
        draw_diamond(canvas, frame.point(scene.pin.lat, scene.pin.lon), 3.5)
    for inset in layout.insets:
        places = frame.points(np.array([(point.lon, point.lat) for point in inset.points]))
        draw_markers(canvas, inset.points, places, 3.55, dots=True)
        box, points, dots = inset.box, inset.points, subject.dots
        for stroke, layer in ((StrokeStyle("#ffffff", 4.0), 3.6), (StrokeStyle(DARK, 1.3), 3.61)):
            canvas.panel(inset.extent, "none", stroke, layer, radius=5)
        draw_basemap(canvas, subject.scene, ground.near, inset.frame, 4.0)
        draw_markers(canvas, points, inset.places, 5.0, dots=dots)
        for label, position in inset.labels:
            draw_label(canvas, label, position, 8.0)
        canvas.panel(box, "none", StrokeStyle("#ffffff", 5), 6.0, radius=2)
        canvas.panel(box, "none", StrokeStyle(DARK, 1.5), 6.1, radius=2)
        # print the title of an inset in a band, after its letter, which stands beside its town too
        box, code = inset.box, inset.points[0].id
        band = box._replace(bottom=box.top - TITLE + 1)
        canvas.panel(band, "#ffffff", StrokeStyle(DARK, 1.5), 6.05, radius=2)
        at = band._replace(right=band.left + band.height)
        size = LEAST_IN_ROOM if subject.room else 13.0
        _letter(canvas, inset.letter, at, 6.2, size, f"label-letter-{code}-0")
        _letter(canvas, inset.letter, inset.tag, 3.7, size, f"label-tag-{code}-0")
        style = text_style("zone", DARK)
        title = fit(inset.title, style.size, box.width - 40, style.face)
        canvas.text((box.left + 31, box.top - 17), title, style, gid=f"label-inset-{code}-0")
    draw_cartons(canvas, layout.cartons, ground)
    for label, position in layout.labels:
        draw_label(canvas, label, position, 8.0)
    return canvas.svg()


def _letter(canvas: Canvas, letter: str, box: Box, layer: float, size: float, gid: str) -> None:
    """Draw the letter of an inset, white in a dark square."""
    canvas.panel(box, DARK, StrokeStyle("#ffffff", 1.2), layer, radius=2)
    x, y = box.centre
    style = TextStyle(size, "bold", "#ffffff", align="center", layer=layer + 0.02)
    canvas.text((x, y - size * 0.36), letter, style, gid)


#: Values of a template by name, as in JSON.
type PageValues = dict[str, Any]

_EDGE = 44.0
#: Longest scale bar, in units; a narrower map has none.
_LONGEST, _NARROW = 150.0, 420.0
#: Size of the meaning of a sign, in units.
_KEY = 13.0
#: Most lycées listed.
_LISTED = 16


@dataclass(frozen=True)
class Figure:
    """Contents of a picture: a scene, or two on the same extent, such as before and after.

    A scene with faded zones is a close-up of the others: their zones are numbered and their lycées
    labelled. ``ground`` has the layers under and over the zones.
    """

    scenes: tuple[Scene, ...]
    ground: MapGround
    sheet: Sheet
    #: captions of two maps
    captions: tuple[str, ...] = ("",)
    #: for each map, whether it has « non décidé » above
    undecided: tuple[bool, ...] = (False,)
    #: text for screen readers
    described: str = ""

    @cached_property
    def subjects(self) -> list[PictureSubject]:
        """Subject of each map; only a single map beside a legend has numbers for all its zones."""
        listed = not self.sheet.bare and len(self.scenes) == 1
        limits, names = bool(self.ground.departements), self.ground.names
        room = self.sheet.room
        return [
            PictureSubject(scene, names, room, listed=listed, departements=limits)
            for scene in self.scenes
        ]

    @property
    def _stacked(self) -> bool:
        """Whether two maps stand one above the other."""
        return self.sheet.height_px > self.sheet.width_px

    @property
    def _narrow(self) -> bool:
        """Whether its maps have no room for a scale bar, nor for a note on roads."""
        columns = 1 if self._stacked else len(self.scenes)
        return self.sheet.bare and self.sheet.width_px / self.sheet.unit / columns < _NARROW

    def page(self) -> PageValues:
        """Return the page before its maps are drawn: with the longest scale bar and credit."""
        sheet = self.sheet
        noted = SCHEMATIC if self.ground.schematic and not self._narrow else ""
        # what a sheet shows, under its title: the plan, its status, its date
        date = long_date(sheet.date) if sheet.date else ""
        return {
            "width": sheet.width_px / sheet.unit,
            "height": sheet.height_px / sheet.unit,
            "pixel": 1 / sheet.unit,
            "margin": round(_EDGE * sheet.unit) / sheet.unit,
            "bare": sheet.bare,
            "stacked": self._stacked,
            "fonts": (*typeface().names, MONO_NAME),
            "credit_size": sheet.credit_size,
            "key_size": LEAST_IN_ROOM if sheet.room else _KEY,
            "title": drawable(sheet.title),
            "state": drawable(
                " · ".join(part for part in (sheet.scenario, sheet.status, date) if part)
            ),
            "subtitle": drawable(sheet.subtitle).replace(" → ", f"{NBSP}→{NBSP}"),
            "address": sheet.address,
            "notes": [*map(drawable, notes(sheet))],
            "maps": [self._map(rank) for rank in range(len(self.scenes))],
            "place": None,
            "scale": None if self._narrow else {"name": "100 km", "length": _LONGEST},
            "credit": drawable(" · ".join(filter(None, (self.ground.credit, noted)))),
            **self._explained(self.subjects),
        }

    def drawn(self, places: Sequence[tuple[float, float]]) -> PageValues:
        """Return the page with its maps drawn in places of a width and a height in units."""
        page = self.page()
        bounds = _all_bounds(self.scenes) if len(self.scenes) > 1 else None
        layouts = [
            lay_out_map(subject, Box(0, 0, *place), bounds)
            for subject, place in zip(self.subjects, places, strict=True)
        ]
        for shown, layout in zip(page["maps"], layouts, strict=True):
            shown["svg"] = draw_map(layout, self.ground)
        frame = layouts[0].frame
        scale = None if self._narrow else scale_of(frame)
        explained = self._explained([layout.subject for layout in layouts])
        credit = self.ground.credit if self._narrow else credit_of(self.ground, frame)
        told = {"place": places[0][1], "scale": scale, "credit": drawable(credit)}
        return page | explained | told

    def _map(self, rank: int) -> PageValues:
        caption = drawable(self.captions[rank])
        return {
            "svg": "",
            "alt": self.described,
            "caption": caption,
            "short": caption.partition(f"{NBSP}: ")[0],
            "band": ""
            if self.sheet.bare
            else drawable(_band(self.subjects[rank], self.undecided[rank])),
        }

    def _explained(self, subjects: Sequence[PictureSubject]) -> PageValues:
        """Return the signs of the maps, in a legend beside a single map of a whole page."""
        keys = [
            {"sign": sign_svg(sign), "text": drawable(text)}
            for sign, text in legend_keys_of(subjects[-1])
        ]
        if self.sheet.bare:
            return {"keys": keys, "legend": None}
        if len(subjects) == 1:
            (subject,) = subjects
            return {"keys": [], "legend": {**legend_of(subject), "keys": keys}}
        return {"keys": keys, "legend": None, **_moves(*self.scenes)}


def notes(sheet: Sheet) -> tuple[str, ...]:
    """Return the lines of the footer: engine and sources, address."""
    origin = ". ".join(part.rstrip(". ") for part in (sheet.engine, *sheet.sources) if part)
    online = f"En ligne : {sheet.address}" if sheet.address else ""
    return tuple(text for text in (f"{origin}." if origin else "", online) if text)


def scale_of(frame: Frame) -> PageValues:
    """Return the scale bar of a frame: 1, 2 or 5 times a power of ten km, and its units."""
    longest = _LONGEST * frame.metres_per_unit / 1000
    power = 10.0 ** math.floor(math.log10(longest))
    km = max(step * power for step in (0.5, 1, 2, 5) if step * power <= longest)
    name = f"{number(km, 0 if km >= 1 else 1)}{NBSP}km"
    return {"name": name, "length": km * 1000 / frame.metres_per_unit}


def _band(subject: PictureSubject, undecided: bool) -> str:  # noqa: FBT001 - what the band is about
    sentences = [UNDECIDED] if undecided else []
    sentences += [worded(DRAFTS)] if any(zone.draft for zone in subject.zones) else []
    return " ".join(sentences)


def _all_bounds(scenes: Sequence[Scene]) -> Bounds:
    """Return the bounds of all views: west, south, east, north in degrees."""
    west, south, east, north = zip(*(scene.view.bounds for scene in scenes), strict=True)
    return min(west), min(south), max(east), max(north)


def changed_lycees(before: Scene, after: Scene) -> list[tuple[str, str, str]]:
    """Return the lycées that change zone: name, and the names of the zones before and after."""
    first = {point.id: point.zone for point in before.lycees}
    names = [_zone_names(scene) for scene in (before, after)]
    return [
        (p.name, names[0].get(first[p.id], first[p.id]), names[1].get(p.zone, p.zone))
        for p in after.lycees
        if p.id in first and first[p.id] != p.zone
    ]


def _zone_names(scene: Scene) -> Mapping[str, str]:
    """Return the name of each zone (id), after its number on the map if it has one."""
    numbers = PictureSubject(scene).number if scene.change is not None else {}
    return {
        zone.id: f"{numbers[zone.id]}{NBSP}{zone.name}" if zone.id in numbers else zone.name
        for zone in scene.zones
    }


def _moves(before: Scene, after: Scene) -> PageValues:
    """Return the list of the lycées that change zone."""
    changes = changed_lycees(before, after)
    more = len(changes) - _LISTED
    site = terms().site
    one, several = f"autre {site} change", f"autres {site.plural} changent"
    note = "" if changes else worded("{No_site} ne change de zone.")
    moves = [
        {
            "name": drawable(name),
            "text": drawable(f"{source} → {target}"),
            "sign": sign_svg("moved"),
        }
        for name, source, target in changes[:_LISTED]
    ]
    told = f"et {plural(more, one, several)} de zone." if more > 0 else note
    return {"moves": moves, "moves_note": drawable(told)}
