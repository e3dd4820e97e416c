"""Page of a picture: its maps, drawn as SVG, and the values around them for the template."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from geozones.common.french import NBSP, long_date, number, plural
from geozones.domain.terms import terms, worded
from geozones.render.figure.basemap import DARK, credit_of, draw_basemap
from geozones.render.figure.canvas import Box, Canvas, Frame, StrokeStyle, TextStyle, drawable, fit
from geozones.render.figure.cartons import draw_cartons
from geozones.render.figure.figure_legend import legend_keys_of, legend_of, sign_svg
from geozones.render.figure.insets import TITLE
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.subject import (
    PictureSubject,
    draw_arrow,
    draw_diamond,
    draw_faint,
    draw_markers,
)
from geozones.render.map_ground import SCHEMATIC, MapGround
from geozones.render.scene import Bounds, Scene
from geozones.render.sheet import DRAFTS, LEAST_IN_ROOM, UNDECIDED, Sheet
from geozones.render.typeface import MONO_NAME, typeface


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
