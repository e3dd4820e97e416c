"""What a judge of maps reads off the pictures of files: boxes, leaders, sizes of type.

A picture is drawn by the format that has it; its positions are those that the placement gave, in
units of the sheet, and not what a drawing library made of them.
"""

import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any

import pytest
import shapely
from pypdf import PdfReader
from shapely.geometry.base import BaseGeometry

from geozones.export import pictures
from geozones.export.typesetting import typeset_file
from geozones.render.figure import Figure, PageValues, page
from geozones.render.figure.canvas import Box, Frame
from geozones.render.figure.labels import MapLabel, leader_of
from geozones.render.figure.map_layout import MapLayout
from geozones.render.figure.placement import LabelPosition
from geozones.render.figure.subject import RADIUS

#: Space around a text in its box; what two boxes may share; what of a box may cross a border.
PADDING, SHARED, CROSSING = 2.0, 1.5, 1.5
#: Most lycées that move with an arrow each.
MOST_MOVED = 12

type Placed = tuple[MapLabel, LabelPosition, Frame]


@dataclass
class Drawn:
    """Maps and texts of pictures, in the order of drawing."""

    layouts: list[MapLayout] = field(default_factory=list)
    #: size in points of each text, and whether it is a credit
    sizes: list[tuple[float, str, bool]] = field(default_factory=list)


@contextmanager
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Drawn]:
    """Note what is drawn in a block; the texts of a picture are read off its page, set as PDF."""
    drawn = Drawn()
    lay_out, set_page = page.lay_out_map, pictures.laid_out

    def laid_out(*given: Any, **named: Any) -> MapLayout:
        layout = lay_out(*given, **named)
        drawn.layouts.append(layout)
        return layout

    def set_and_read(figure: Figure) -> PageValues:
        values = set_page(figure)
        drawn.sizes += sizes_of(values, figure.sheet.unit * 72 / figure.sheet.dpi)
        return values

    with monkeypatch.context() as patch:
        patch.setattr(page, "lay_out_map", laid_out)
        patch.setattr(pictures, "laid_out", set_and_read)
        yield drawn


def sizes_of(values: PageValues, unit: float) -> Iterator[tuple[float, str, bool]]:
    """Yield the texts of a page with their sizes, of a unit in points."""
    pdf = typeset_file("picture.typ", "pdf", {**values, "address": ""})
    credit = plain(" ".join((values["credit"], *values["notes"])))
    found: list[tuple[float, str]] = []

    def read(text: str, cm: list[float], tm: list[float], _: object, size: float) -> None:
        if text.strip():
            found.append((round(abs(size * tm[3] * cm[3]) * unit, 2), text))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=read)
    # a line that is kerned is read letter by letter
    for size, parts in groupby(found, key=itemgetter(0)):
        text = "".join(part for _, part in parts)
        yield size, text, len(text) > 4 and plain(text).strip() in credit


def labels_of(layout: MapLayout) -> list[Placed]:
    """Return the labels of a map and of its insets, each with its frame."""
    own = [(label, at, layout.frame) for label, at in layout.labels]
    return own + [(label, at, each.frame) for each in layout.insets for label, at in each.labels]


def text_box(box: Box) -> BaseGeometry:
    """Return what the text of a label covers."""
    return shapely.box(*box.inset(PADDING))


def shared(a: Box, b: Box) -> float:
    """Return the lesser side of what two boxes share."""
    across = min(a.right, b.right) - max(a.left, b.left)
    return min(across, min(a.top, b.top) - max(a.bottom, b.bottom))


def overlapping(layout: MapLayout) -> list[str]:
    """Return the labels, insets and cartons of a map that lie over one another."""
    solid = [(f"encart {inset.letter}", inset.box) for inset in layout.insets]
    solid += [(f"lettre {inset.letter}", inset.tag) for inset in layout.insets]
    solid += [("carton", carton.box) for carton in layout.cartons]
    groups = [[*solid, *((label.request.key, at.box) for label, at in layout.labels)]]
    groups += [[(label.request.key, at.box) for label, at in i.labels] for i in layout.insets]
    return [
        f"{one} / {other}"
        for group in groups
        for (one, a), (other, b) in combinations(group, 2)
        if min(
            min(a.right, b.right) - max(a.left, b.left), min(a.top, b.top) - max(a.bottom, b.bottom)
        )
        > SHARED + (2 * PADDING if "lettre" not in one else 0.0)
    ]


def shapes_of(layout: MapLayout, kind: str, frame: Frame) -> dict[str, BaseGeometry]:
    """Return the areas of a kind, ``zone`` or ``sector``, in units of a frame."""
    scene = layout.subject.scene
    areas = scene.zones if kind == "zone" else scene.sectors
    return {area.id: shapely.make_valid(frame.shape(area.geometry, 0.0)) for area in areas}


def misplaced(layout: MapLayout) -> list[str]:
    """Return the numbers and names in another zone or sector than theirs, without a leader.

    The name of a lycée stands beside its sign: it is misplaced if all of it is in other zones.
    """
    found = []
    owners = {f"lycee-{point.id}": point.zone for point in layout.subject.scene.lycees}
    for label, at, frame in labels_of(layout):
        key = label.request.key
        kind, _, code = key.partition("-")
        if kind not in {"zone", "sector", "lycee"} or leader_of(label, at):
            continue
        areas = shapes_of(layout, "sector" if kind == "sector" else "zone", frame)
        own = areas.get(owners.get(key, code), shapely.Point())
        text = shapely.box(*at.box.inset(PADDING + CROSSING))
        others = [area for other, area in areas.items() if other != owners.get(key, code)]
        away = any(area.intersects(text) for area in others)
        if away and (kind != "lycee" or not own.buffer(PADDING).intersects(text)):
            found.append(key)
    return found


def astray(layout: MapLayout) -> list[str]:
    """Return leaders that end outside their zone, and lycées whose sign is outside theirs."""
    found = []
    zones = shapes_of(layout, "zone", layout.frame)
    homes = {point.id: point.zone for point in layout.subject.scene.lycees}
    for label, at, frame in labels_of(layout):
        kind, _, code = label.request.key.partition("-")
        if kind not in {"zone", "sector"} or not (leader := leader_of(label, at)):
            continue
        areas = shapes_of(layout, kind, frame)
        if not any(areas[code].buffer(0.5).intersects(shapely.Point(end)) for end in leader):
            found.append(label.request.key)
    for point, place in zip(layout.points, layout.places.tolist(), strict=True):
        true = shapely.Point(layout.frame.point(point.lat, point.lon))
        home = zones.get(homes[point.id], shapely.Point())
        if home.intersects(true) and not home.buffer(RADIUS).intersects(shapely.Point(place)):
            found.append(f"sign {point.id}")
    return found


def unnumbered(layout: MapLayout) -> list[str]:
    """Return the zones of a map that must have a number, and have none."""
    subject = layout.subject
    shown = {
        label.request.key.removeprefix("zone-") for label, _, _ in labels_of(layout) if label.number
    }
    if subject.scene.change is not None:
        asked = {code for code, _ in subject.scene.change.zones}
        asked &= {zone.id for zone in subject.zones}
    elif subject.close or (subject.listed and not subject.many):
        asked = {zone.id for zone in subject.zones}
    else:
        asked = set[str]()
    return sorted(asked - shown)


def numbers_of(layouts: Sequence[MapLayout]) -> dict[str, set[int]]:
    """Return the numbers that maps give to each zone (id)."""
    numbers: dict[str, set[int]] = defaultdict(set)
    for layout in layouts:
        for label, _, _ in labels_of(layout):
            if label.number:
                numbers[label.request.key.removeprefix("zone-")].add(label.number)
    return numbers


def without_arrow(layout: MapLayout) -> list[str]:
    """Return the lycées that move, twelve at most, without an arrow on the map before."""
    change = layout.subject.scene.change
    if change is None or not any(move.arrow for move in change.moves):
        return []
    starts = {start for start, _ in layout.arrows}
    places = zip(layout.points, layout.places.tolist(), strict=True)
    known = {point.id for point, (x, y) in places if (x, y) in starts}
    drawn = {point.id for point in layout.points}
    moved = {move.id for move in change.moves if len(change.moves) <= MOST_MOVED}
    return sorted((moved & drawn) - known)


def plain(text: str) -> str:
    """Return a text without the typography of sentences."""
    return re.sub(r"[ \u00a0\u202f]+", " ", text).replace("\u2019", "'")


def numbers_told(text: str, names: dict[str, str]) -> dict[str, set[int]]:
    """Return the numbers that a text writes before the name of each zone (id -> name)."""
    told: dict[str, set[int]] = defaultdict(set)
    for code, name in names.items():
        pattern = rf"(?<![\d,.]) ?\b(\d{{1,3}}) (?:· )?{re.escape(plain(name))}"
        told[code] |= {int(number) for number in re.findall(pattern, plain(text))}
    return {code: numbers for code, numbers in told.items() if numbers}


def count(layouts: Sequence[MapLayout], judge: Callable[[MapLayout], list[str]]) -> list[str]:
    """Return what a judge finds on maps."""
    return [each for layout in layouts for each in judge(layout)]
