"""Insets: towns whose lycées would lie on one another, seen from nearer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geozones.render.figure.dots import RADIUS, box_of
from geozones.render.figure.frame import Box, Frame
from geozones.render.figure.names import Name, lycee_name, type_of
from geozones.render.figure.placement import Board, Candidate, clusters, place, spread
from geozones.render.figure.spots import Ground
from geozones.render.figure.subject import Subject, town
from geozones.render.scene import Bounds, LyceePoint

#: Lycées nearer than this hide one another; with names they need more room.
_NEAR_BARE, _NEAR_NAMED = 13.5, 24.0
#: Fewer lycées than this are pushed apart where they are.
_LEAST = 4
_TITLE = 24.0
#: Sizes tried, the first that holds every name readable is taken.
_BARE_SIZES = ((186.0, 156.0), (214.0, 180.0), (250.0, 210.0))
_NAMED_SIZES = (
    (320.0, 250.0), (380.0, 290.0), (440.0, 330.0), (500.0, 380.0), (560.0, 440.0), (640.0, 520.0),
)  # fmt: skip
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
    unnamed: int


def towns_of(subject: Subject, frame: Frame) -> list[Town]:
    """Return the towns of a picture whose lycées would hide one another in a frame."""
    points = subject.lycees
    if not points:
        return []
    places = frame.points(np.array([(p.lon, p.lat) for p in points]))
    near = _NEAR_NAMED if subject.close else _NEAR_BARE
    found = []
    for group in clusters(places, near):
        if len(group) < _LEAST:
            continue
        members = tuple(points[i] for i in group)
        found.append(Town(members, town(members), _size(members, subject), places[group]))
    return sorted(found, key=lambda each: (-len(each.points), each.title))


def _size(points: tuple[LyceePoint, ...], subject: Subject) -> tuple[float, float]:
    sizes = _NAMED_SIZES if subject.close else _BARE_SIZES
    for size in sizes:
        box = Box(0, 0, *size)
        inset = fill(Town(points, "", size, np.zeros((1, 2))), box, subject)
        if not inset.unnamed and _apart(inset):
            return size
    return sizes[-1]


def _apart(inset: Inset) -> bool:
    """Tell whether the lycées stand about where they are, though apart."""
    true = inset.frame.points(_lonlat(inset.town.points))
    return bool(np.hypot(*(inset.places - true).T).max() < 2.2 * RADIUS)


def fill(each: Town, box: Box, subject: Subject) -> Inset:
    """Return the inset of a town in a box."""
    points = each.points
    margin = (54.0, 30.0) if subject.close else (18.0, 16.0)
    inner = Box(
        box.left + margin[0],
        box.bottom + margin[1],
        box.right - margin[0],
        box.top - margin[1] - _TITLE,
    )
    near = Frame.fit(_bounds(points), inner)
    frame = Frame(box, near.longitude, near.latitude, near.metres_per_unit, near.centre)
    places = spread(frame.points(_lonlat(points)), 2 * RADIUS + 7)
    if not subject.close:
        return Inset(each, box, frame, places, (), 0)
    names = [
        lycee_name(p.id, p.name, (x, y), type_of("lycee", p.ink), 3.0)
        for p, (x, y) in zip(points, places.tolist(), strict=True)
    ]
    room = Box(box.left + 5, box.bottom + 5, box.right - 5, box.top - _TITLE - 3)
    taken = [box_of(p, at) for p, at in zip(points, places.tolist(), strict=True)]
    given = place([name.wish for name in names], Board(room, taken))
    named = tuple((n, given[n.wish.key]) for n in names if n.wish.key in given)
    return Inset(each, box, frame, places, named, len(names) - len(named))


def _lonlat(points: Sequence[LyceePoint]) -> np.ndarray:
    return np.array([(point.lon, point.lat) for point in points])


def _bounds(points: Sequence[LyceePoint]) -> Bounds:
    places = _lonlat(points)
    west, south = (places.min(axis=0) - _AROUND).tolist()
    east, north = (places.max(axis=0) + _AROUND).tolist()
    return west, south, east, north


def settle(towns: Sequence[Town], ground: Ground, subject: Subject) -> list[Inset] | None:
    """Give each town a free place near it; ``None`` where one has none."""
    insets = []
    for each in towns:
        box = ground.nearest(*each.size, each.middle, clear=8)
        if box is None:
            return None
        ground.take(box.inset(-8))
        insets.append(fill(each, box, subject))
    return insets
