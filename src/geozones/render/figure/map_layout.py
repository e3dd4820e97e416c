"""Layout of a map: its scale, insets, lycées and labels, with the names of towns and rivers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.basemap import OUTSIDE, is_aside, zoom_of
from geozones.render.figure.canvas import Box, Frame
from geozones.render.figure.insets import (
    Carton,
    Inset,
    groups_near,
    insets_of,
    lettered,
    place_cartons,
)
from geozones.render.figure.labels import (
    MapLabel,
    area_label,
    at_home,
    forms_of,
    lycee_key,
    lycee_label,
    off_lines,
    size_of,
    text_style,
    zone_label,
)
from geozones.render.figure.placement import (
    LabelArea,
    LabelPosition,
    LabelRequest,
    Obstacles,
    around,
    place,
    spread,
)
from geozones.render.figure.subject import FreeSpace, PictureSubject, box_of
from geozones.render.palette import mixed
from geozones.render.scene import Bounds, Label, LyceePoint, label_spaces
from geozones.render.signs import INK

_TOWNS_SHOWN = 26
_ONLY_INSIDE = frozenset({"town", "departement"})
_DOTTED = frozenset({"city", "town"})
#: Distances of a town's name from its dot.
_BESIDE_DOT = (5.0, 9.0, 14.0)
#: Least distance of a named place from the frame, and from what covers the map.
_EDGE, _CLEAR = 20.0, 6.0
#: Alternative positions of the name of a river or département, in widths and heights of the label.
_SHIFTS = (
    (0, 0), (0, 1), (0, -1), (0.3, 0), (-0.3, 0), (0.3, 1), (-0.3, 1), (0.6, 0), (-0.6, 0),
    (0, 2.5), (0, -2.5), (0.6, 2.5), (-0.6, 2.5), (0.6, -2.5), (-0.6, -2.5),
)  # fmt: skip
#: Number of these positions for a line: its name stays on it.
_LINES, _ON_LINE = frozenset({"river", "motorway"}), 3


def ground_labels(
    subject: PictureSubject, frame: Frame, titles: frozenset[str], covered: Sequence[Box]
) -> list[MapLabel]:
    """Return the labels of the ground in a frame; only the most important towns.

    A place is left out if it is the title of an inset, if a lycée has its name, or if a box of
    ``covered`` is over it. A close-up names only the cities around it; a slide or a picture of a
    change, cities only.
    """
    named = titles | {point.name for point in subject.lycees if subject.close}
    room = frame.box.inset(_EDGE)
    closed = [box.inset(-_CLEAR) for box in covered]
    labels: list[MapLabel] = []
    left, zoom = _TOWNS_SHOWN, zoom_of(frame)
    for order, label in enumerate(subject.ground_names):
        at = frame.point(label.lat, label.lon)
        here, dotted = Box(*at, *at), label.kind in _DOTTED
        if label.text in named or not room.holds(here):
            continue
        if label.kind == "motorway" and zoom >= label.zooms[1]:
            continue
        if subject.few and label.kind != "city":
            continue
        if (
            subject.close
            and label.kind in _ONLY_INSIDE
            and not bool(shapely.contains_xy(subject.area, label.lon, label.lat))
        ):
            continue
        if dotted and (left <= 0 or any(box.holds(here) for box in closed)):
            continue
        left -= dotted
        key = f"{label.kind}-{label.text}-{order}"
        labels.append(_ground_label(label, at, key, room=subject.room))
    return labels


def _ground_label(
    label: Label, at: tuple[float, float], key: str, *, room: bool = False
) -> MapLabel:
    """Return the label of a town, beside its dot, or of a river or département, over its place.

    ``None`` if there is no room.
    """
    style = text_style(label.kind, label.ink, room=room)
    forms = forms_of(label.text, style, (400.0,))
    sizes = [size_of(form, style) for form in forms]
    dotted = label.kind in _DOTTED
    shifts = _SHIFTS[:_ON_LINE] if label.kind in _LINES else _SHIFTS
    positions = around(at, sizes, _BESIDE_DOT) if dotted else _over(at, sizes[0], shifts)
    request = LabelRequest(key, tuple(positions), 5.0 + label.rank, optional=True)
    if dotted:
        return MapLabel(request, forms, style, dot=at)
    return MapLabel(request, forms, style, "center")


def _over(
    at: tuple[float, float], size: tuple[float, float], shifts: Sequence[tuple[float, float]]
) -> list[LabelPosition]:
    """Return positions over a point, and positions shifted by widths and heights of the label."""
    (x, y), (wide, high) = at, size
    boxes = [(x + across * wide - wide / 2, y + up * high - high / 2) for across, up in shifts]
    return [
        LabelPosition(Box(left, low, left + wide, low + high), 10.0 * rank)
        for rank, (left, low) in enumerate(boxes)
    ]


#: Scales of the map in its box (1 fills it) and alignments (0 left, 1 right), in order of trial
#: until the insets fit.
_TRIES = tuple((scale, (side, 0.5)) for scale in (1.0, 0.88, 0.76) for side in (0.5, 0.0, 1.0))
_MARGIN = 26.0
#: Least distance between two markers, on the map and in an inset, in units.
_APART, _APART_CLOSER = 14.5, 17.4
#: Lycées within this distance, in units, share an inset: at least so many that have names, those
#: of zones without room for a number.
_NEAR_NAMED, _LEAST_NAMED, _NEAR = 34.0, 4, 60.0
#: Weight of a place without its inset, in labels without room.
_NO_INSET = 9.0
#: Least area per lycée of a slide that names them, in square units.
_NAME_AREA = 20_000.0
#: More lycées that move than this have no leaders: those without room stay without a name.
_MANY_MOVED = 12
#: Area that a map needs for each of them, in square units.
_MOVED_AREA = 15_000.0

#: Least length of an arrow, in units.
_ARROW_LENGTH = 34.0

type Point = tuple[float, float]
type Arrow = tuple[Point, Point]


@dataclass(frozen=True)
class MapLayout:
    """The layout of a map, in units of the sheet.

    ``points`` are the lycées outside the insets and ``places``, float[n, (x, y)], their markers.
    """

    subject: PictureSubject
    frame: Frame
    insets: tuple[Inset, ...]
    points: tuple[LyceePoint, ...]
    places: np.ndarray
    labels: tuple[tuple[MapLabel, LabelPosition], ...] = ()
    #: arrows of the lycées that move: start and end
    arrows: tuple[Arrow, ...] = ()
    #: number of labels of insets without room; see `_NO_INSET`
    crowded: float = 0.0
    #: maps of the parts of the territory that lie far away
    cartons: tuple[Carton, ...] = ()


def lay_out_map(subject: PictureSubject, box: Box, bounds: Bounds | None = None) -> MapLayout:
    """Choose a scale and positions such that the insets cover no subject of the picture.

    The lycées that move are labelled in any picture of a change. ``bounds`` are west, south, east,
    north in degrees, by default the bounds of the scene's view.
    """
    if subject.room and len(subject.lycees) * _NAME_AREA > box.width * box.height:
        subject = replace(subject, unnamed=True)
    layout = _with_insets(subject, box, bounds)
    ringed = [not subject.dots or point.id in subject.moved for point in layout.points]
    homes = _homes(subject, layout.frame, layout.points)
    kept = [home for home, ring in zip(homes, ringed, strict=True) if ring]
    layout.places[ringed] = spread(layout.places[ringed], _APART, kept)
    layout = _with_labels(replace(layout, arrows=_arrows(layout)))
    if subject.room and subject.names_lycees and not _all_named(layout):
        return lay_out_map(replace(subject, unnamed=True), box, bounds)
    return layout


def _with_insets(subject: PictureSubject, box: Box, bounds: Bounds | None) -> MapLayout:
    """Return a layout with insets of the places that need them; smaller where they then fit."""
    first = _without_insets(subject, box, bounds)
    if not subject.enlarges:
        return first
    layouts = [_enlarged(first)]
    for how in _TRIES[1:]:
        if layouts[-1].crowded < _NO_INSET:
            break
        layouts.append(_enlarged(_without_insets(subject, box, bounds, (how,))))
    return min(layouts, key=lambda layout: layout.crowded)


def _enlarged(layout: MapLayout) -> MapLayout:
    """Return a layout with its insets, crowded by the places and labels that have no room."""
    subject, frame = layout.subject, layout.frame
    free_space = _free_space(subject, frame)
    for carton in layout.cartons:
        free_space.take(carton.box.inset(-6))
    insets: list[Inset] = []
    groups = _groups(layout)
    for ranks in groups:
        points = tuple(layout.points[rank] for rank in ranks)
        drawn = insets_of(points, layout.places[ranks], free_space, named=subject.names_lycees)
        best: Inset | None = None
        for inset in (_labelled(subject, each) for each in drawn):
            best = inset if best is None or inset.crowded < best.crowded else best
            if not best.crowded:
                break
        if best is not None:
            free_space.take(best.box.inset(-8))
            insets.append(best)
    inside = {point.id for inset in insets for point in inset.points}
    left = [rank for rank, point in enumerate(layout.points) if point.id not in inside]
    return replace(
        layout,
        insets=lettered(insets),
        points=tuple(layout.points[rank] for rank in left),
        places=layout.places[left],
        crowded=_NO_INSET * (len(groups) - len(insets)) + sum(inset.crowded for inset in insets),
    )


def _groups(layout: MapLayout) -> list[list[int]]:
    """Return the lycées, by rank, of each place of a map that needs an inset.

    Those that have names need one where they are crowded, dots where a zone has no room for its
    number.
    """
    subject = layout.subject
    if subject.names_lycees:
        every = range(len(layout.points))
        return groups_near(layout.places, every, _NEAR_NAMED, _LEAST_NAMED)
    zones = subject.number.keys()
    alone = _zone_numbers(subject, layout.frame, _obstacles(layout), zones, led=False)
    small = {_zone_of(label) for label in alone if not label.request.positions}
    ranks = [rank for rank, point in enumerate(layout.points) if point.zone in small]
    return groups_near(layout.places, ranks, _NEAR, 1)


def _enlarged_zones(layout: MapLayout) -> frozenset[str]:
    """Return the zones (ids) that have their number in an inset."""
    labels = (label for inset in layout.insets for label, _ in inset.labels)
    return frozenset(_zone_of(label) for label in labels)


def _zone_of(label: MapLabel) -> str:
    return label.request.key.removeprefix("zone-")


def _without_insets(
    subject: PictureSubject,
    box: Box,
    bounds: Bounds | None,
    tries: Sequence[tuple[float, tuple[float, float]]] = _TRIES,
) -> MapLayout:
    """Return the layout without insets nor labels, lycées at their true places.

    It is the largest at which the cartons fit; without any room for them, there are none.
    """
    points = subject.main_part if bounds is None else subject.lycees
    for how in tries:
        frame = _framed(subject, box, bounds, how)
        free_space = _free_space(subject, frame)
        cartons = place_cartons(subject, free_space) if bounds is None else ()
        if cartons is not None:
            break
    else:
        frame, cartons = _framed(subject, box, bounds, tries[0]), ()
    if not points:
        places = np.zeros((0, 2))
    else:
        places = frame.points(np.array([(point.lon, point.lat) for point in points]))
    return MapLayout(subject, frame, (), points, places, cartons=cartons)


def _framed(
    subject: PictureSubject, box: Box, bounds: Bounds | None, how: tuple[float, tuple[float, float]]
) -> Frame:
    fitted = Frame.fit(bounds or subject.bounds, box.inset(_MARGIN), *how)
    return replace(fitted, box=box)


def _free_space(subject: PictureSubject, frame: Frame) -> FreeSpace:
    """Return the free space around a subject in a frame; each frame is tried several times."""
    if frame not in subject.spaces:
        shape = shapely.make_valid(frame.shape(subject.area))
        subject.spaces[frame] = FreeSpace.around(frame.box.inset(12), shape)
    return subject.spaces[frame].copy()


def _homes(
    subject: PictureSubject, frame: Frame, points: Sequence[LyceePoint]
) -> list[BaseGeometry | None]:
    """Return the zone that each of some lycées may not leave, in units of a frame."""
    own = {point.zone for point in points}
    zones = {zone.id: _seen(frame, zone.geometry) for zone in subject.scene.zones if zone.id in own}
    return [zones.get(point.zone) for point in points]


def _all_named(layout: MapLayout) -> bool:
    """Return whether every lycée of a layout has its name."""
    named = {label.request.key for label, _ in layout.labels}
    return all(lycee_key(point.id) in named for point in layout.points)


def _arrows(layout: MapLayout) -> tuple[Arrow, ...]:
    """Return the arrows of the lycées that move, in units of the sheet."""
    change, frame = layout.subject.scene.change, layout.frame
    if change is None:
        return ()
    points = (point.id for point in layout.points)
    ringed = dict(zip(points, layout.places.tolist(), strict=True))
    return tuple(
        _seen_arrow((start[0], start[1]), frame.point(*move.arrow[1]))
        for move in change.moves
        if move.arrow is not None and (start := ringed.get(move.id)) is not None
    )


def _seen_arrow(start: Point, end: Point) -> Arrow:
    """Return an arrow, longer if it would be too short to be seen."""
    way = np.array(end) - np.array(start)
    length = float(np.hypot(*way))
    x, y = (np.array(start) + way * max(_ARROW_LENGTH / max(length, 0.1), 1.0)).tolist()
    return start, (x, y)


def _with_labels(layout: MapLayout) -> MapLayout:
    """Return a layout with its labels placed, if the picture has any."""
    if not layout.subject.named:
        return layout
    obstacles = _obstacles(layout)
    labels = _labels(layout, obstacles)
    positions = place([label.request for label in labels], obstacles)
    placed = tuple(
        (label, positions[label.request.key]) for label in labels if label.request.key in positions
    )
    return replace(layout, labels=placed)


def _labelled(subject: PictureSubject, inset: Inset) -> Inset:
    """Return an inset with the numbers of its zones, and the names of lycées that have names.

    It is crowded by each of its zones without a number inside, and each lycée without its name.
    """
    zones = frozenset(point.zone for point in inset.points)
    names: list[MapLabel] = []
    if subject.names_lycees:
        homes = _homes(subject, inset.frame, inset.points)
        inset = replace(inset, places=spread(inset.places, _APART_CLOSER, homes))
        style = text_style("lycee", INK)
        names = [
            at_home(lycee_label(point.id, point.name, (x, y), style, inset.places), home)
            for point, (x, y), home in zip(inset.points, inset.places.tolist(), homes, strict=True)
        ]
    markers = zip(inset.points, inset.places.tolist(), strict=True)
    signs = [box_of(point, at, dots=subject.dots) for point, at in markers]
    obstacles = Obstacles(inset.room.inset(3), signs)
    labels = [*names, *_zone_numbers(subject, inset.frame, obstacles, zones)]
    given = place([label.request for label in labels], obstacles)
    placed = ((label, given.get(label.request.key)) for label in labels)
    known = tuple((label, at) for label, at in placed if at is not None)
    crowded = len(labels) - sum(at.start is None for _, at in known)
    return replace(inset, labels=known, crowded=crowded)


def _obstacles(layout: MapLayout) -> Obstacles:
    """Return the boxes that labels must avoid: insets, cartons and, where possible, markers.

    Names of areas may cover arrows, and places shown again in insets, rather than be outside their
    area.
    """
    taken = [box for inset in layout.insets for box in (inset.box.inset(-4), inset.tag)]
    taken += [carton.box for carton in layout.cartons]
    nearer = [inset.extent for inset in layout.insets]
    markers = zip(layout.points, layout.places.tolist(), strict=True)
    dots, moved = layout.subject.dots, layout.subject.moved
    nearer += [box for arrow in layout.arrows for box in _along(arrow)]
    signs = [
        box_of(point, at)
        for point, at in markers
        if not dots or point.role == "support" or point.id in moved
    ]
    return Obstacles(layout.frame.box.inset(8), taken, (nearer, signs))


def _along(line: Sequence[tuple[float, float]]) -> list[Box]:
    """Return boxes that cover a line."""
    (x0, y0), (x1, y1) = line
    steps = max(int(np.hypot(x1 - x0, y1 - y0) // 8), 1)
    places = [(x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(steps + 1)]
    return [Box(x - 4, y - 4, x + 4, y + 4) for x, y in places]


def _labels(layout: MapLayout, obstacles: Obstacles) -> list[MapLabel]:
    """Return the labels to place: sectors, zones and lycées of a close-up, towns."""
    # the labels of the sectors; a close-up names only the faded sectors
    scene = layout.subject.scene
    labels: list[MapLabel] = []
    for sector in scene.sectors:
        aside = is_aside(scene, sector) or scene.change is not None
        if layout.subject.close and not aside:
            continue
        area = _area(layout.subject, layout.frame, sector.geometry, obstacles)
        ink = mixed(INK, OUTSIDE, 0.25) if aside else INK
        style = text_style("sector", ink, quiet=aside, room=layout.subject.room)
        key, name, room = f"sector-{sector.id}", sector.name.upper(), layout.subject.room
        optional = aside or layout.subject.many
        labels.append(area_label(key, name, area, style, optional=optional, room=room))
    subject, frame = layout.subject, layout.frame
    if subject.close or subject.scene.change is not None:
        labels += _zone_labels(layout, obstacles)
    elif subject.listed and not subject.many:
        enlarged = _enlarged_zones(layout)
        labels += _zone_numbers(subject, frame, obstacles, subject.number.keys() - enlarged)
        labels += _zone_numbers(subject, frame, obstacles, enlarged, led=False)
    beside, moved = layout.places, layout.subject.moved
    if layout.subject.dots:  # a name may cover a dot
        beside = beside[[point.id in moved for point in layout.points]]
    homes = _homes(subject, frame, layout.points)
    most = min(frame.box.width * frame.box.height / _MOVED_AREA, _MANY_MOVED)
    for point, (x, y), home in zip(layout.points, layout.places.tolist(), homes, strict=True):
        if layout.subject.names_lycees or point.id in moved:
            style = text_style("lycee", INK, room=layout.subject.room)
            many = len(moved) > most
            label = lycee_label(point.id, point.name, (x, y), style, beside, optional=many)
            labels.append(at_home(label, home))
    titles = frozenset(inset.title for inset in layout.insets)
    covered = [inset.box for inset in layout.insets]
    covered += [carton.box for carton in layout.cartons]
    labels += ground_labels(layout.subject, layout.frame, titles, covered)
    shapes = [frame.shape(zone.geometry) for zone in subject.scene.zones]
    return off_lines(labels, shapely.GeometryCollection(shapely.boundary(shapes).tolist()))


def _zone_labels(layout: MapLayout, obstacles: Obstacles) -> list[MapLabel]:
    subject = layout.subject
    enlarged = _enlarged_zones(layout)
    return [
        zone_label(
            zone.id,
            zone.name,
            _area(subject, layout.frame, zone.geometry, obstacles),
            text_style("zone", INK),
            zone.number,
            room=subject.room,
            led=zone.id not in enlarged,
        )
        for zone in subject.zones
        if zone.id in subject.number
    ]


def _zone_numbers(
    subject: PictureSubject,
    frame: Frame,
    obstacles: Obstacles,
    zones: Collection[str],
    *,
    led: bool = True,
) -> list[MapLabel]:
    """Return the numbers of zones (ids), on a leader where they may be ``led``."""
    style = text_style("zone", INK)
    return [
        zone_label(
            zone.id,
            "",
            _area(subject, frame, zone.geometry, obstacles),
            style,
            zone.number,
            room=subject.room,
            led=led,
        )
        for zone in subject.zones
        if zone.id in zones
    ]


def _area(
    subject: PictureSubject, frame: Frame, geometry: BaseGeometry, obstacles: Obstacles
) -> LabelArea:
    inner = frame.box.inset(6)
    rooms: list[Box] = []
    for west, south, east, north in label_spaces(geometry):
        corners = np.array([[west, south], [east, north]])
        (left, bottom), (right, top) = frame.points(corners).tolist()
        seen = Box(
            max(left, inner.left),
            max(bottom, inner.bottom),
            min(right, inner.right),
            min(top, inner.top),
        )
        if seen.width > 0 and seen.height > 0:
            rooms.append(seen)
    spaces, shape = rooms, partial(_seen, frame, geometry)
    return LabelArea(spaces, shape, obstacles, partial(_land, subject, frame))


def _seen(frame: Frame, geometry: BaseGeometry) -> BaseGeometry:
    return shapely.make_valid(frame.shape(geometry, 0.0))


def _land(subject: PictureSubject, frame: Frame) -> BaseGeometry:
    """Return the land of the zones of a picture in a frame, in units."""
    if frame not in subject.land:
        subject.land[frame] = _seen(frame, subject.area)
        shapely.prepare(subject.land[frame])
    return subject.land[frame]
