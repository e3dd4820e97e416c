"""A map in a box of the sheet: the ground, its lycées, insets for towns, names, scale and north."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geozones.render.figure.canvas import Canvas, Ink
from geozones.render.figure.dots import box_of, draw_diamond, draw_dots, draw_faint
from geozones.render.figure.fonts import fit
from geozones.render.figure.frame import Box, Frame
from geozones.render.figure.ground import (
    DARK,
    OUTSIDE,
    draw_ground,
    is_aside,
    mixed,
    sheet_watermark,
    watermarks,
)
from geozones.render.figure.insets import Inset, settle, towns_of
from geozones.render.figure.marks import KEY_SIZE, draw_key
from geozones.render.figure.names import (
    Name,
    area_name,
    draw_name,
    lycee_name,
    town_name,
    type_of,
    zone_name,
)
from geozones.render.figure.placement import Board, place, spread
from geozones.render.figure.spots import Ground
from geozones.render.figure.subject import Subject
from geozones.render.scene import Bounds, LyceePoint, Outline, Scene

#: How large the ground is drawn in its box and on which side, the first that leaves room for the
#: insets is taken.
_TRIES = tuple(
    (scale, (side, 0.5))
    for scale in (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52)
    for side in (0.5, 0.0, 1.0)
)
_MARGIN = 26.0
#: Two lycées on the map are this far apart at least.
_APART = 14.5
_TOWNS_SHOWN = 14


@dataclass(frozen=True)
class MapPlan:
    """Where everything of a map goes."""

    subject: Subject
    frame: Frame
    key: Box
    insets: tuple[Inset, ...]
    points: tuple[LyceePoint, ...]
    places: np.ndarray


def plan_map(subject: Subject, box: Box, bounds: Bounds | None = None) -> MapPlan:
    """Choose scale and places so that the insets cover nothing that the picture is about."""
    inner = box.inset(_MARGIN)
    for scale, align in _TRIES:
        fitted = Frame.fit(bounds or subject.scene.view.bounds, inner, scale, align)
        frame = Frame(box, fitted.longitude, fitted.latitude, fitted.metres_per_unit, fitted.centre)
        ground = _ground(subject, frame)
        key = _key(ground)
        ground.take(key.inset(-6))
        insets = settle(towns_of(subject, frame), ground, subject)
        if insets is not None:
            break
    shown = {point.id for inset in insets or () for point in inset.town.points}
    points = tuple(point for point in subject.lycees if point.id not in shown)
    return MapPlan(subject, frame, key, tuple(insets or ()), points, _places(points, frame))


def _ground(subject: Subject, frame: Frame) -> Ground:
    shapes = [frame.shape(zone.geometry) for zone in subject.zones or subject.scene.zones]
    shapes += [frame.shape(sector.geometry) for sector in subject.sectors if not subject.zones]
    return Ground.under(frame.box.inset(12), [shapely.make_valid(shape) for shape in shapes])


def _key(ground: Ground) -> Box:
    """Return where scale and north go: the lower left corner, or the nearest free place."""
    wide, high = KEY_SIZE
    corner = (ground.box.left + wide / 2, ground.box.bottom + high / 2)
    found = ground.nearest(wide, high, corner)
    left, bottom = ground.box.left, ground.box.bottom
    return found or Box(left, bottom, left + wide, bottom + high)


def _places(points: Sequence[LyceePoint], frame: Frame) -> np.ndarray:
    if not points:
        return np.zeros((0, 2))
    true = frame.points(np.array([(point.lon, point.lat) for point in points]))
    return spread(true, _APART)


def draw_map(
    canvas: Canvas,
    plan: MapPlan,
    outlines: Sequence[Outline],
    moved: frozenset[str] = frozenset(),
) -> None:
    """Draw a map and everything on it."""
    subject, frame = plan.subject, plan.frame
    scene = subject.scene
    draw_ground(canvas, scene, outlines, frame)
    watermarks(canvas, scene, frame, 1.5)
    if canvas.sheet.draft:
        sheet_watermark(canvas, frame, 1.6)
    if subject.others:
        others = frame.points(np.array([(p.lon, p.lat) for p in subject.others]))
        draw_faint(canvas, others, frame.box, 2.0)
    draw_dots(canvas, plan.points, plan.places, 3.0, moved)
    if scene.pin is not None:
        draw_diamond(canvas, frame.point(scene.pin.lat, scene.pin.lon), 3.5)
    for inset in plan.insets:
        _inset(canvas, inset, scene, outlines, moved)
    if subject.named:
        _names(canvas, plan, moved)
    draw_key(canvas, plan.key, frame)


def _inset(
    canvas: Canvas,
    inset: Inset,
    scene: Scene,
    outlines: Sequence[Outline],
    moved: frozenset[str],
) -> None:
    box, spot = inset.box, inset.town.spot
    for ink, layer in ((Ink("#ffffff", 4.0), 3.6), (Ink(DARK, 1.3), 3.61)):
        canvas.lines([inset.leader], ink, layer)
        canvas.panel(spot, "none", ink, layer, radius=5)
    draw_dots(canvas, inset.town.points, inset.town.places, 3.55, moved)
    draw_ground(canvas, scene, outlines, inset.frame, 4.0)
    draw_dots(canvas, inset.town.points, inset.places, 5.0, moved)
    for name, given in inset.names:
        draw_name(canvas, name, given, 8.0)
    canvas.panel(box, "none", Ink("#ffffff", 5), 6.0, radius=2)
    canvas.panel(box, "none", Ink(DARK, 1.5), 6.1, radius=2)
    band = Box(box.left, box.top - 23, box.right, box.top)
    canvas.panel(band, "#ffffff", Ink(DARK, 1.5), 6.05, radius=2)
    kind = type_of("zone", DARK)
    title = fit(inset.town.title, kind.size, box.width - 16, kind.face)
    canvas.text((box.left + 9, box.top - 17), title, kind, gid=_gid(inset))


def _gid(inset: Inset) -> str:
    return f"label-inset-{inset.town.points[0].id}-0"


def _names(canvas: Canvas, plan: MapPlan, moved: frozenset[str]) -> None:
    names = _wanted(plan, moved)
    taken = [inset.box.inset(-4) for inset in plan.insets] + [plan.key]
    taken += [box_of(p, at) for p, at in zip(plan.points, plan.places.tolist(), strict=True)]
    for inset in plan.insets:
        taken += [inset.town.spot, *_along(inset.leader)]
    given = place([name.wish for name in names], Board(plan.frame.box.inset(8), taken))
    for name in names:
        if name.wish.key in given:
            draw_name(canvas, name, given[name.wish.key], 8.0)


def _along(line: Sequence[tuple[float, float]]) -> list[Box]:
    """Return boxes that cover a line."""
    (x0, y0), (x1, y1) = line
    steps = max(int(np.hypot(x1 - x0, y1 - y0) // 8), 1)
    places = [(x0 + (x1 - x0) * k / steps, y0 + (y1 - y0) * k / steps) for k in range(steps + 1)]
    return [Box(x - 4, y - 4, x + 4, y + 4) for x, y in places]


def _wanted(plan: MapPlan, moved: frozenset[str]) -> list[Name]:
    subject, frame = plan.subject, plan.frame
    scene = subject.scene
    box = shapely.box(*frame.box.inset(6))
    names: list[Name] = []
    for sector in scene.sectors:
        aside = is_aside(scene, sector)
        if subject.close and not aside:
            continue
        shape = shapely.intersection(shapely.make_valid(frame.shape(sector.geometry)), box)
        ink = mixed(sector.ink, OUTSIDE, 0.25) if aside else sector.ink
        kind = type_of("sector", ink, quiet=aside)
        key = f"sector-{sector.id}"
        names.append(area_name(key, sector.name.upper(), shape, kind, optional=aside))
    if subject.close:
        for zone in subject.zones:
            shape = shapely.intersection(shapely.make_valid(frame.shape(zone.geometry)), box)
            kind = type_of("zone", zone.ink)
            number = subject.number[zone.id]
            names.append(zone_name(zone.id, zone.name, shape, kind, number))
    for point, at in zip(plan.points, plan.places.tolist(), strict=True):
        if subject.close or point.id in moved:
            kind = type_of("lycee", point.ink)
            names.append(lycee_name(point.id, point.name, (at[0], at[1]), kind, 2.0))
    return names + _towns(plan)


def _towns(plan: MapPlan) -> list[Name]:
    """Return the largest towns that no inset, sector or lycée names already."""
    said = {inset.town.title for inset in plan.insets}
    said |= {sector.name for sector in plan.subject.scene.sectors}
    room = plan.frame.box.inset(20)
    names: list[Name] = []
    for label in plan.subject.scene.labels:
        if label.kind != "town" or label.text in said:
            continue
        x, y = plan.frame.point(label.lat, label.lon)
        if room.holds(Box(x, y, x, y)) and len(names) < _TOWNS_SHOWN:
            kind = type_of("town", "#4a5761")
            names.append(town_name(label.text, label.text, (x, y), kind, 5.0 + label.rank))
    return names
