"""Where everything of a map goes: scale, insets, lycées and names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from geozones.render.figure.dots import box_of
from geozones.render.figure.frame import Box, Frame
from geozones.render.figure.ground import OUTSIDE, is_aside, mixed
from geozones.render.figure.insets import NEAR, Inset, settle, towns_of
from geozones.render.figure.marks import KEY_SIZE
from geozones.render.figure.names import (
    Name,
    area_name,
    is_tied,
    lycee_name,
    town_name,
    type_of,
    zone_name,
)
from geozones.render.figure.placement import Board, Candidate, place, spread
from geozones.render.figure.spots import Ground
from geozones.render.figure.subject import Subject
from geozones.render.scene import Bounds, LyceePoint

#: How large the ground is drawn in its box and on which side, the first that leaves room for the
#: insets is taken.
_TRIES = tuple(
    (scale, (side, 0.5))
    for scale in (1.0, 0.94, 0.88, 0.82, 0.76, 0.7, 0.64, 0.58, 0.52)
    for side in (0.5, 0.0, 1.0)
)
_MARGIN = 26.0
#: A map so much smaller is not worth lines that do not cross.
_MUCH_SMALLER = 0.8
#: Two lycées on the map are this far apart at least.
_APART = 14.5
_TOWNS_SHOWN = 14
#: Fewer names than this away from their place are no reason to look for other insets.
_CROWDED = 1.9


@dataclass(frozen=True)
class MapPlan:
    """Where everything of a map goes."""

    subject: Subject
    frame: Frame
    key: Box
    insets: tuple[Inset, ...]
    points: tuple[LyceePoint, ...]
    places: np.ndarray
    #: lines to insets that cross one another or an inset
    crossings: int = 0
    names: tuple[tuple[Name, Candidate], ...] = ()
    #: names that found no room near their place
    crowded: float = 0.0


def plan_map(
    subject: Subject, box: Box, bounds: Bounds | None = None, moved: frozenset[str] = frozenset()
) -> MapPlan:
    """Choose scale and places so that the insets cover nothing that the picture is about.

    Where names are crowded larger insets are tried. The lycées ``moved`` are named in any case.
    """
    plans: list[MapPlan] = []
    for near in NEAR[subject.close]:
        plans.append(_with_names(_without_names(subject, box, bounds, near), moved))
        if plans[-1].crowded <= _CROWDED:
            break
    return min(plans, key=lambda plan: plan.crowded)


def _without_names(subject: Subject, box: Box, bounds: Bounds | None, near: float) -> MapPlan:
    """Return the largest map whose insets have room and lines that cross nothing."""
    best: MapPlan | None = None
    least = 0.0
    for scale, align in _TRIES:
        if best is not None and scale < least:
            break
        found = _tried(subject, _framed(subject, box, bounds, (scale, align)), near)
        if best is None or (found is not None and found.crossings < best.crossings):
            best = found
            least = least or _MUCH_SMALLER * scale
        if best is not None and not best.crossings:
            break
    if best is None:
        frame = _framed(subject, box, bounds, _TRIES[0])
        points = subject.lycees
        return MapPlan(
            subject, frame, _key(_ground(subject, frame)), (), points, _places(points, frame)
        )
    return best


def _framed(
    subject: Subject, box: Box, bounds: Bounds | None, how: tuple[float, tuple[float, float]]
) -> Frame:
    fitted = Frame.fit(bounds or subject.scene.view.bounds, box.inset(_MARGIN), *how)
    return replace(fitted, box=box)


def _tried(subject: Subject, frame: Frame, near: float) -> MapPlan | None:
    """Return the map of a frame; ``None`` where an inset has no room."""
    ground = _ground(subject, frame)
    key = _key(ground)
    ground.take(key.inset(-6))
    towns = towns_of(subject, frame, near)
    settled = settle(towns, ground)
    if settled is None:
        return None
    shown = {point.id for each in towns for point in each.points}
    points = tuple(point for point in subject.lycees if point.id not in shown)
    insets = settled.insets(towns, named=subject.close)
    places = _places(points, frame)
    return MapPlan(subject, frame, key, insets, points, places, settled.crossings)


def _ground(subject: Subject, frame: Frame) -> Ground:
    return Ground.under(frame.box.inset(12), shapely.make_valid(frame.shape(subject.ground)))


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


def _with_names(plan: MapPlan, moved: frozenset[str]) -> MapPlan:
    if not plan.subject.named:
        return plan
    names = _wanted(plan, moved)
    taken = [inset.box.inset(-4) for inset in plan.insets] + [plan.key]
    taken += [box_of(p, at) for p, at in zip(plan.points, plan.places.tolist(), strict=True)]
    for inset in plan.insets:
        taken += [inset.town.spot, *_along(inset.leader)]
    given = place([name.wish for name in names], Board(plan.frame.box.inset(8), taken))
    crowded = sum(_strain(name, given.get(name.wish.key)) for name in names)
    placed = tuple((n, given[n.wish.key]) for n in names if n.wish.key in given)
    crowded += sum(inset.crowded for inset in plan.insets)
    return replace(plan, names=placed, crowded=crowded)


def _strain(name: Name, given: Candidate | None) -> float:
    """Return how bad the place of a name is: a number in its zone says nearly as much as a name."""
    if name.wish.optional:
        return 0.0
    if given is None:
        return 3.0
    if not is_tied(name, given):
        return 0.0
    return 0.2 if name.number else 1.0


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
            names.append(lycee_name(point.id, point.name, (at[0], at[1]), kind, plan.places))
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
