"""Insets: enlarged maps of towns whose markers would overlap, and their numbered lycées.

A letter beside the town and before the title of its inset joins them: a line would cross sectors.
"""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from string import ascii_uppercase

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.basemap import DARK
from geozones.render.figure.canvas import (
    Box,
    Canvas,
    Frame,
    StrokeStyle,
    TextStyle,
    drawable,
    width,
    wrap,
)
from geozones.render.figure.canvas import width as text_width
from geozones.render.figure.labels import (
    MapLabel,
    at_home,
    is_displaced,
    lycee_label,
    text_style,
)
from geozones.render.figure.placement import LabelPosition, Obstacles, place, spread
from geozones.render.figure.subject import (
    RADIUS,
    FreeSpace,
    PictureSubject,
    box_of,
    draw_badge,
    town,
)
from geozones.render.scene import Bounds, LyceePoint
from geozones.render.signs import INK
from geozones.render.typeface import typeface
from geozones.territory.shapes import clusters

#: Radius of a lycée's disc, in units.
DISC = 8.4
_SIZE, _ROW, _EDGE, _GAP = 11.5, 14.5, 7.0, 8.0
#: Widest line of a name, and the most lycées in one column; more lycées take two.
_LONGEST, _ONE = 136.0, 6
#: Room for the number of a zone, and for that of a lycée, before a name.
_ZONE, _INDENT = 17.0, 36.0

type Entry = tuple[int, LyceePoint, tuple[str, ...]]


def in_order(points: Sequence[LyceePoint]) -> list[LyceePoint]:
    """Return lycées in the order of their numbers: zone by zone, then by name."""
    return sorted(points, key=lambda point: (point.zone, point.name.casefold(), point.id))


def key_width(points: Sequence[LyceePoint]) -> float:
    """Return the width that the names of lycées need, in units."""
    columns = _columns(points)
    lines = [line for column in columns for _, _, name in column for line in name]
    longest = max(width(line, _SIZE) for line in lines)
    return len(columns) * (_INDENT + longest + 2 + _GAP) - _GAP + 2 * _EDGE


def key_height(points: Sequence[LyceePoint]) -> float:
    """Return the height that the names of lycées need, in units."""
    return max(map(_lines, _columns(points))) * _ROW + 2 * _EDGE


def _columns(points: Sequence[LyceePoint]) -> list[list[Entry]]:
    """Return numbered names, whole on as many lines as they need, in one or two columns."""
    entries = [
        (rank, point, wrap(_starred_name(point), _SIZE, _LONGEST, most=4))
        for rank, point in enumerate(in_order(points), 1)
    ]
    if len(entries) <= _ONE:
        return [entries]
    above = list(accumulate(len(name) for _, _, name in entries))
    cuts = range(1, len(entries))
    cut = min(cuts, key=lambda at: max(above[at - 1], above[-1] - above[at - 1]))
    return [entries[:cut], entries[cut:]]


def _lines(entries: Sequence[Entry]) -> int:
    return sum(len(name) for _, _, name in entries)


def _starred_name(point: LyceePoint) -> str:
    return f"{point.name} ★" if point.role == "support" else point.name


def draw_key(
    canvas: Canvas, points: Sequence[LyceePoint], zones: Mapping[str, int], box: Box, layer: float
) -> None:
    """Write the numbers and names of lycées in a box, by column, after the number of their zone."""
    columns = _columns(points)
    across = (box.width - 2 * _EDGE + _GAP) / len(columns)
    for rank, column in enumerate(columns):
        x = box.left + _EDGE + rank * across
        y = box.top - _EDGE - _SIZE * 0.86
        before = ""
        for number, point, name in column:
            if point.zone != before and point.zone in zones:
                style = TextStyle(_SIZE * 0.8, "bold", INK, layer=layer)
                draw_badge(canvas, (x + _ZONE / 2, y + _SIZE * 0.34), zones[point.zone], style)
            before = point.zone
            gid = f"label-numbered-{point.id}"
            style = TextStyle(_SIZE, "bold", DARK, align="right", layer=layer)
            canvas.text((x + _INDENT - 5, y), str(number), style, f"{gid}-0")
            for line, text in enumerate(name, 1):
                canvas.text((x + _INDENT, y), text, TextStyle(_SIZE, layer=layer), f"{gid}-{line}")
                y -= _ROW


def draw_numbers(
    canvas: Canvas,
    points: Sequence[LyceePoint],
    places: np.ndarray,
    layer: float,
) -> None:
    """Draw a disc with its number for each lycée, at positions, float[n, (x, y)].

    The disc of a support centre is dark.
    """
    number = {point.id: rank for rank, point in enumerate(in_order(points), 1)}
    for point, (x, y) in zip(points, places.tolist(), strict=True):
        dark = point.role == "support"
        fill, ink = (point.ink, "#ffffff") if dark else ("#ffffff", DARK)
        canvas.circle((x, y), DISC, fill, layer, StrokeStyle(point.ink, 2.0))
        style = TextStyle(10.5, "bold", ink, align="center", layer=layer + 0.01)
        canvas.text((x, y - 3.6), str(number[point.id]), style)


#: Distances between lycées, in units, below which they get an inset, in order of trial; labels
#: (``True``) need more room, and crowded labels still more.
NEAR = {False: (13.5,), True: (34.0, 45.0, 60.0)}
#: Fewer lycées than this get no inset: their markers are pushed apart.
_LEAST = 4
TITLE, _TITLE_SIZE = 24.0, 15.0
#: Side of the square of a letter.
TAG = 17.0
#: Widths of insets with numbered lycées, with the heights of their maps; and sizes of insets with
#: labels: the first that holds everything without crowding.
_NUMBERED_SIZES = (
    (180.0, 120.0), (214.0, 132.0), (250.0, 150.0), (290.0, 170.0), (330.0, 190.0), (380.0, 220.0),
)  # fmt: skip
_NAMED_SIZES = (
    (320.0, 250.0), (380.0, 290.0), (440.0, 330.0), (500.0, 380.0), (560.0, 440.0), (640.0, 520.0),
)  # fmt: skip
#: Least area of an inset per lycée, with a label and with a number, in square units.
_LABEL_AREA, _DISC_AREA = 5200.0, 1250.0
#: Margin around the lycées of a town within which other lycées join its inset.
_HIDDEN = 16.0
#: A map narrower than this, half a sheet, has smaller insets.
_WIDE = 950.0
#: Least margin around the lycées of an inset, in degrees.
_AROUND = 0.006


@dataclass(frozen=True)
class InsetTown:
    """Lycées of an inset, its title and its size in units."""

    points: tuple[LyceePoint, ...]
    title: str
    size: tuple[float, float]
    #: float[n, (x, y)], positions of the lycées on the main map
    places: np.ndarray

    @property
    def key(self) -> str:
        """Unique key: the id of its first lycée."""
        return self.points[0].id

    @property
    def extent(self) -> Box:
        """Box around its lycées on the main map."""
        (left, bottom), (right, top) = self.places.min(axis=0) - 9, self.places.max(axis=0) + 9
        return Box(float(left), float(bottom), float(right), float(top))

    @property
    def middle(self) -> tuple[float, float]:
        """Mean position of its lycées on the main map."""
        x, y = self.places.mean(axis=0).tolist()
        return x, y


@dataclass(frozen=True)
class Inset:
    """Inset on the sheet: its box, its frame, its lycées and their labels.

    The frame is the map's; the names of numbered lycées are below the map.
    """

    town: InsetTown
    box: Box
    frame: Frame
    places: np.ndarray
    labels: tuple[tuple[MapLabel, LabelPosition], ...]
    #: number of labels away from their lycée; a label without room counts nine times
    crowded: int
    letter: str = ""

    @property
    def tag(self) -> Box:
        """Square of its letter, at the corner of the town."""
        right, top = self.town.extent.right, self.town.extent.top
        return Box(right, top - TAG / 2, right + TAG, top + TAG / 2)


def towns_of(subject: PictureSubject, frame: Frame, near: float) -> list[InsetTown]:
    """Return the towns whose lycées lie within ``near`` units of one another in a frame.

    Only towns whose inset would show something useful.
    """
    points = subject.main_part
    if not points:
        return []
    places = frame.points(np.array([(p.lon, p.lat) for p in points]))
    cores = [core for core in clusters(places, near) if len(core) >= _LEAST]
    towns: list[InsetTown] = []
    for group in _merged(cores, places):
        members = tuple(points[i] for i in group)
        size = _size(members, frame.box.width > _WIDE, typeface().name, named=subject.close)
        towns.append(InsetTown(members, town(members), size, places[group]))
    telling = [each for each in towns if _tells(subject, each)]
    return sorted(telling, key=lambda each: (-len(each.points), each.title))


def _tells(subject: PictureSubject, each: InsetTown) -> bool:
    """Return whether an inset would show something useful: names, else the border of zones."""
    return subject.close or len({point.zone for point in each.points}) > 1


def _merged(groups: list[list[int]], places: np.ndarray) -> list[list[int]]:
    """Return groups with the lycées in their boxes; groups that share a lycée are merged."""
    wholes: list[set[int]] = []
    for core in groups:
        group = _with_covered(core, places)
        while shared := [other for other in wholes if other & group]:
            wholes = [other for other in wholes if not other & group]
            group = _with_covered(sorted(group.union(*shared)), places)
        wholes.append(group)
    return [sorted(group) for group in wholes]


def _with_covered(group: list[int], places: np.ndarray) -> set[int]:
    low, high = places[group].min(axis=0) - _HIDDEN, places[group].max(axis=0) + _HIDDEN
    inside = ((places >= low) & (places <= high)).all(axis=1)
    return set(np.flatnonzero(inside).tolist())


@lru_cache(maxsize=512)
def _size(
    points: tuple[LyceePoint, ...],
    wide: bool,  # noqa: FBT001
    _typeface: str,
    *,
    named: bool,
) -> tuple[float, float]:
    """Return the size of an inset for some lycées; on a map that is not ``wide``, a smaller one."""
    less = 1.0 if wide or named else 0.85
    title = text_width(drawable(town(points)), _TITLE_SIZE, "bold") + 44
    sizes = [
        (max(across * less, min(title, 320.0)), high * less)
        for across, high in (_NAMED_SIZES if named else _NUMBERED_SIZES)
    ]
    least = len(points) * (_LABEL_AREA if named else _DISC_AREA)
    sizes = [size for size in sizes if size[0] * size[1] > least] or sizes[-1:]
    if not named:
        least, below = key_width(points), TITLE + key_height(points)
        sizes = [(max(across, least), high + below) for across, high in sizes]
    fallen = []
    for size in sizes:
        inset = fill(InsetTown(points, "", size, np.zeros((1, 2))), Box(0, 0, *size), named=named)
        if not inset.crowded and _apart(inset):
            return size
        fallen.append((inset.crowded, not _apart(inset)))
    return sizes[fallen.index(min(fallen))]


def _apart(inset: Inset) -> bool:
    """Return whether the spread markers stay near their true positions and inside the map."""
    true = inset.frame.points(_lonlat(inset.town.points))
    room = inset.frame.box._replace(top=inset.box.top - TITLE)
    signs = zip(inset.town.points, inset.places.tolist(), strict=True)
    near = np.hypot(*(inset.places - true).T).max() < 3 * RADIUS
    return bool(near) and all(room.holds(box_of(p, at).inset(-3)) for p, at in signs)


def fill(
    each: InsetTown,
    box: Box,
    zones: Mapping[str, BaseGeometry] | None = None,
    *,
    named: bool,
) -> Inset:
    """Return the inset of a town in a box, with labels if ``named``, else with numbers."""
    points = each.points
    shown = box if named else box._replace(bottom=box.bottom + key_height(points))
    margin = (54.0, 30.0) if named else (20.0, 16.0)
    inner = Box(
        shown.left + margin[0],
        shown.bottom + margin[1],
        shown.right - margin[0],
        shown.top - margin[1] - TITLE,
    )
    near = Frame.fit(_bounds(points), inner)
    frame = Frame(shown, near.longitude, near.latitude, near.metres_per_unit, near.centre)
    least = 2 * RADIUS + 7 if named else 2 * DISC + 3
    shapes = {key: shapely.transform(area, frame.points) for key, area in (zones or {}).items()}
    homes = [shapes.get(point.zone) for point in points]
    places = spread(frame.points(_lonlat(points)), least, homes if shapes else ())
    if not named:
        return Inset(each, box, frame, places, (), 0)
    labels = [
        at_home(lycee_label(p.id, p.name, (x, y), text_style("lycee", INK), places), home)
        for p, (x, y), home in zip(points, places.tolist(), homes, strict=True)
    ]
    room = Box(box.left + 5, box.bottom + 5, box.right - 5, box.top - TITLE - 3)
    taken = [box_of(p, at) for p, at in zip(points, places.tolist(), strict=True)]
    positions = place([label.request for label in labels], Obstacles(room, taken))
    placed = tuple(
        (label, positions[label.request.key]) for label in labels if label.request.key in positions
    )
    crowded = sum(is_displaced(label, position) for label, position in placed)
    return Inset(each, box, frame, places, placed, crowded + 9 * (len(labels) - len(placed)))


#: Sizes of insets of places where zones have no room for their numbers, in units, and their margin.
_CLOSER_SIZES = ((180.0, 150.0), (230.0, 180.0), (290.0, 220.0), (350.0, 270.0), (420.0, 320.0))
_CLOSER_MARGIN = 26.0
#: Distance between lycées of one such place, in units.
_ONE_PLACE = 60.0


def closer_towns(
    points: Sequence[LyceePoint], places: np.ndarray, zones: Collection[str]
) -> list[tuple[LyceePoint, ...]]:
    """Return the lycées around those of some zones (ids), by place, those of most lycées first.

    ``places``, float[n, (x, y)], are those of all lycées on the map.
    """
    own = [rank for rank, point in enumerate(points) if point.zone in zones]
    groups = [[own[i] for i in group] for group in clusters(places[own], _ONE_PLACE)]
    return sorted(
        (tuple(points[i] for i in group) for group in _merged(groups, places)),
        key=lambda group: (-len(group), group[0].id),
    )


def closer(
    points: tuple[LyceePoint, ...],
    places: np.ndarray,
    free_space: FreeSpace,
) -> Iterator[Inset]:
    """Yield insets of a place, the smallest first, as large as the free space allows.

    They have neither names nor numbers of lycées; ``places`` are on the main map.
    """
    for size in _CLOSER_SIZES:
        each = InsetTown(points, town(points), size, places)
        box = free_space.nearest(*size, each.middle, 8)
        if box is None:
            return
        shown = box._replace(top=box.top - TITLE).inset(_CLOSER_MARGIN)
        frame = replace(Frame.fit(_bounds(points), shown), box=box)
        yield Inset(each, box, frame, frame.points(_lonlat(points)), (), 0)


def _lonlat(points: Sequence[LyceePoint]) -> np.ndarray:
    return np.array([(point.lon, point.lat) for point in points])


def _bounds(points: Sequence[LyceePoint]) -> Bounds:
    places = _lonlat(points)
    west, south = (places.min(axis=0) - _AROUND).tolist()
    east, north = (places.max(axis=0) + _AROUND).tolist()
    return west, south, east, north


@dataclass(frozen=True)
class InsetPlacement:
    """Placement of insets: the sum of the squared distances to their towns, a box by town's key."""

    cost: float
    boxes: Mapping[str, Box]

    def insets(
        self, towns: Sequence[InsetTown], zones: Mapping[str, BaseGeometry], *, named: bool
    ) -> tuple[Inset, ...]:
        """Return the insets, filled, with letters from left to right.

        ``zones`` are the areas (id -> degrees) that their signs and names may not leave.
        """
        filled = [fill(each, self.boxes[each.key], zones, named=named) for each in towns]
        ordered = sorted(filled, key=lambda inset: (inset.box.left, -inset.box.top))
        return tuple(
            replace(inset, letter=letter)
            for inset, letter in zip(ordered, ascii_uppercase, strict=False)
        )


def place_insets(towns: Sequence[InsetTown], free_space: FreeSpace) -> InsetPlacement | None:
    """Place the inset of each town in free space near it.

    Several orders are tried; ``None`` if an inset has no room in any order.
    """
    across = sorted(towns, key=lambda t: t.middle)
    up = sorted(towns, key=lambda t: t.middle[::-1])
    orders = (towns, towns[::-1], across, across[::-1], up, up[::-1])
    tried = (_placed_in_order(order, free_space.copy()) for order in orders)
    placements = [placement for placement in tried if placement is not None]
    return min(placements, key=lambda placement: placement.cost, default=None)


def _placed_in_order(order: Sequence[InsetTown], free_space: FreeSpace) -> InsetPlacement | None:
    """Place the insets in an order, each in the nearest free box left."""
    cost, boxes = 0.0, dict[str, Box]()
    for each in order:
        box = free_space.nearest(*each.size, each.middle, 8)
        if box is None:
            return None
        cost += math.dist(box.centre, each.middle) ** 2
        boxes[each.key] = box
        free_space.take(box.inset(-8))
    return InsetPlacement(cost, boxes)
