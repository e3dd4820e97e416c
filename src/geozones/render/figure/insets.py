"""Insets: towns whose lycées would lie on one another, seen from nearer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.dots import RADIUS, box_of
from geozones.render.figure.fonts import printable
from geozones.render.figure.fonts import width as text_width
from geozones.render.figure.frame import Box, Frame, between
from geozones.render.figure.names import Name, is_tied, lycee_name, type_of
from geozones.render.figure.placement import Board, Candidate, clusters, place, spread
from geozones.render.figure.spots import Ground
from geozones.render.figure.subject import Subject, town
from geozones.render.scene import Bounds, LyceePoint

#: Lycées nearer than this hide one another; with names they need more room, and still more where
#: names are crowded.
NEAR = {False: (13.5,), True: (34.0, 45.0, 60.0)}
#: Fewer lycées than this are pushed apart where they are.
_LEAST = 4
_TITLE, _TITLE_SIZE = 24.0, 15.0
#: What a crossing of two lines is worth, in units of their length.
_CROSSING = 260.0
#: Sizes tried, the first that holds every name readable is taken.
_BARE_SIZES = ((176.0, 148.0), (204.0, 172.0), (240.0, 204.0), (270.0, 230.0))
_NAMED_SIZES = (
    (320.0, 250.0), (380.0, 290.0), (440.0, 330.0), (500.0, 380.0), (560.0, 440.0), (640.0, 520.0),
)  # fmt: skip
#: What a lycée needs of an inset at least with its name and without, in square units.
_NAME_AREA, _DOT_AREA = 5200.0, 1250.0
#: How far around its lycées the box of a town hides others.
_HIDDEN = 16.0
#: A map narrower than this is half a sheet.
_WIDE = 950.0
#: Degrees around the lycées of an inset at least.
_AROUND = 0.006


@dataclass(frozen=True)
class Town:
    """Lycées of a town shown in an inset: its title, size, and how they are seen there."""

    points: tuple[LyceePoint, ...]
    title: str
    size: tuple[float, float]
    #: float[n, 2], where the lycées are on the main map
    places: np.ndarray

    @property
    def key(self) -> str:
        """What it is told from the others by."""
        return self.points[0].id

    @property
    def spot(self) -> Box:
        """What it covers on the main map."""
        (left, bottom), (right, top) = self.places.min(axis=0) - 9, self.places.max(axis=0) + 9
        return Box(float(left), float(bottom), float(right), float(top))

    @property
    def middle(self) -> tuple[float, float]:
        """Where the town is on the main map."""
        x, y = self.places.mean(axis=0).tolist()
        return x, y


@dataclass(frozen=True)
class Inset:
    """A town's inset on the sheet: its box, the ground it shows, its lycées and their names."""

    town: Town
    box: Box
    frame: Frame
    places: np.ndarray
    names: tuple[tuple[Name, Candidate], ...]
    #: names without room, or away from their lycée
    crowded: int

    @property
    def leader(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """The line from the town to its inset."""
        return between(self.town.spot, self.box)


def towns_of(subject: Subject, frame: Frame, near: float) -> list[Town]:
    """Return the towns of a picture whose lycées would hide one another in a frame."""
    points = subject.lycees
    if not points:
        return []
    places = frame.points(np.array([(p.lon, p.lat) for p in points]))
    cores = [core for core in clusters(places, near) if len(core) >= _LEAST]
    found: list[Town] = []
    for group in _apart_from_one_another(cores, places):
        members = tuple(points[i] for i in group)
        size = _size(members, frame.box.width > _WIDE, named=subject.close)
        found.append(Town(members, town(members), size, places[group]))
    return sorted(found, key=lambda each: (-len(each.points), each.title))


def _apart_from_one_another(groups: list[list[int]], places: np.ndarray) -> list[list[int]]:
    """Return groups with the lycées that their boxes on the map would hide, none shared."""
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
def _size(points: tuple[LyceePoint, ...], wide: bool, *, named: bool) -> tuple[float, float]:  # noqa: FBT001
    """Return the size of the inset of some lycées; half a sheet has smaller ones."""
    less = 1.0 if wide or named else 0.8
    title = text_width(printable(town(points)), _TITLE_SIZE, "bold") + 20
    sizes = [
        (max(across * less, min(title, 320.0)), high * less)
        for across, high in (_NAMED_SIZES if named else _BARE_SIZES)
    ]
    least = len(points) * (_NAME_AREA if named else _DOT_AREA)
    sizes = [size for size in sizes if size[0] * size[1] > least] or sizes[-1:]
    fallen = []
    for size in sizes:
        inset = fill(Town(points, "", size, np.zeros((1, 2))), Box(0, 0, *size), named=named)
        if not inset.crowded and _apart(inset):
            return size
        fallen.append((inset.crowded, not _apart(inset)))
    return sizes[fallen.index(min(fallen))]


def _apart(inset: Inset) -> bool:
    """Tell whether the lycées stand about where they are, though apart, and inside the inset."""
    true = inset.frame.points(_lonlat(inset.town.points))
    room = Box(inset.box.left, inset.box.bottom, inset.box.right, inset.box.top - _TITLE)
    signs = zip(inset.town.points, inset.places.tolist(), strict=True)
    near = np.hypot(*(inset.places - true).T).max() < 3 * RADIUS
    return bool(near) and all(room.holds(box_of(p, at).inset(-3)) for p, at in signs)


def fill(each: Town, box: Box, *, named: bool) -> Inset:
    """Return the inset of a town in a box, its lycées named or not."""
    points = each.points
    margin = (54.0, 30.0) if named else (18.0, 16.0)
    inner = Box(
        box.left + margin[0],
        box.bottom + margin[1],
        box.right - margin[0],
        box.top - margin[1] - _TITLE,
    )
    near = Frame.fit(_bounds(points), inner)
    frame = Frame(box, near.longitude, near.latitude, near.metres_per_unit, near.centre)
    places = spread(frame.points(_lonlat(points)), 2 * RADIUS + 7)
    if not named:
        return Inset(each, box, frame, places, (), 0)
    names = [
        lycee_name(p.id, p.name, (x, y), type_of("lycee", p.ink), places)
        for p, (x, y) in zip(points, places.tolist(), strict=True)
    ]
    room = Box(box.left + 5, box.bottom + 5, box.right - 5, box.top - _TITLE - 3)
    taken = [box_of(p, at) for p, at in zip(points, places.tolist(), strict=True)]
    given = place([name.wish for name in names], Board(room, taken))
    placed = tuple((n, given[n.wish.key]) for n in names if n.wish.key in given)
    crowded = sum(is_tied(name, candidate) for name, candidate in placed)
    return Inset(each, box, frame, places, placed, crowded + 9 * (len(names) - len(placed)))


def _lonlat(points: Sequence[LyceePoint]) -> np.ndarray:
    return np.array([(point.lon, point.lat) for point in points])


def _bounds(points: Sequence[LyceePoint]) -> Bounds:
    places = _lonlat(points)
    west, south = (places.min(axis=0) - _AROUND).tolist()
    east, north = (places.max(axis=0) + _AROUND).tolist()
    return west, south, east, north


@dataclass(frozen=True)
class Settled:
    """Where the insets of towns go: how bad that is, how many lines cross something, the boxes."""

    cost: float
    crossings: int
    boxes: Mapping[str, Box]

    def insets(self, towns: Sequence[Town], *, named: bool) -> tuple[Inset, ...]:
        """Return the insets, filled."""
        return tuple(fill(each, self.boxes[each.key], named=named) for each in towns)


def settle(towns: Sequence[Town], ground: Ground) -> Settled | None:
    """Give each town a free place near it, their lines apart; ``None`` where one has none."""
    across = sorted(towns, key=lambda t: t.middle)
    up = sorted(towns, key=lambda t: t.middle[::-1])
    orders = (towns, towns[::-1], across, across[::-1], up, up[::-1])
    tried = (_settled(order, towns, ground.copy()) for order in orders)
    found = [one for one in tried if one is not None]
    return min(found, key=lambda one: one.cost, default=None)


def _settled(order: Sequence[Town], towns: Sequence[Town], ground: Ground) -> Settled | None:
    """Serve each town in its turn."""
    cost, crossings, boxes = 0.0, 0, dict[str, Box]()
    spots = {each.key: each.spot for each in towns}
    lines: list[shapely.LineString] = []
    for each in order:
        choices = ground.by_distance(*each.size, each.middle, 8)
        if not choices:
            return None
        others = [shapely.box(*spot) for key, spot in spots.items() if key != each.key]
        others += [shapely.box(*box) for box in boxes.values()]
        leaders = shapely.linestrings([between(spots[each.key], box) for box in choices])
        crossed = _hits(leaders, [*others, *lines])
        crossed += _hits(np.array([shapely.box(*box) for box in choices]), lines)
        costs = shapely.length(leaders) + _CROSSING * crossed
        best = int(np.argmin(costs.round(3)))
        cost, crossings = cost + float(costs[best]), crossings + int(crossed[best])
        boxes[each.key] = choices[best]
        lines.append(leaders[best])
        ground.take(choices[best].inset(-8))
    return Settled(cost, crossings, boxes)


def _hits(shapes: np.ndarray, others: Sequence[BaseGeometry]) -> np.ndarray:
    """Count, for each of some shapes, the others that it meets."""
    if not others:
        return np.zeros(len(shapes), dtype=int)
    met: np.ndarray = shapely.intersects(shapes[:, None], np.array(others)[None, :])
    return met.sum(axis=1)
