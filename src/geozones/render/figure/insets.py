"""Insets: enlarged maps of places whose lycées or zones have no room for names on the map.

A letter beside the place and before the title of its inset joins them: a line would cross sectors.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from string import ascii_uppercase

import numpy as np

from geozones.render.figure.canvas import Box, Frame
from geozones.render.figure.labels import MapLabel
from geozones.render.figure.placement import LabelPosition
from geozones.render.figure.subject import FreeSpace, town
from geozones.render.scene import LyceePoint
from geozones.territory.shapes import clusters

#: Height of the title, and side of the square of a letter.
TITLE, TAG = 24.0, 17.0
#: Sizes of insets where lycées are dots, and where they have names, in units.
_SIZES = {
    False: ((180.0, 150.0), (230.0, 180.0), (290.0, 220.0), (350.0, 270.0)),
    True: ((320.0, 250.0), (380.0, 290.0), (440.0, 330.0), (500.0, 380.0), (560.0, 440.0)),
}
#: Margin around the lycées of an inset, across and up, in units; least margin in degrees.
_MARGINS, _AROUND = {False: (26.0, 26.0), True: (54.0, 30.0)}, 0.006
#: Least area per lycée with a name, in square units.
_NAME_AREA = 5200.0
#: Margin around the lycées of a place within which other lycées join its inset.
_HIDDEN = 16.0


@dataclass(frozen=True)
class Inset:
    """Inset on the sheet: its lycées, its box and its frame, their places and labels there."""

    points: tuple[LyceePoint, ...]
    #: box around its lycées on the main map
    extent: Box
    box: Box
    frame: Frame
    places: np.ndarray
    labels: tuple[tuple[MapLabel, LabelPosition], ...] = ()
    #: number of labels without room
    crowded: int = 0
    letter: str = ""

    @property
    def title(self) -> str:
        """Name of its town."""
        return town(self.points)

    @property
    def room(self) -> Box:
        """Box of the map below the title."""
        return self.box._replace(top=self.box.top - TITLE)

    @property
    def tag(self) -> Box:
        """Square of its letter, at the corner of the place."""
        right, top = self.extent.right, self.extent.top
        return Box(right, top - TAG / 2, right + TAG, top + TAG / 2)


def groups_near(
    places: np.ndarray, ranks: Sequence[int], near: float, least: int
) -> list[list[int]]:
    """Return the groups of some lycées within ``near`` units of one another, the largest first.

    A group has ``least`` lycées or more. ``places``, float[n, (x, y)], are those of all lycées;
    those in the box of a group join it, and groups that share a lycée are merged.
    """
    wholes: list[set[int]] = []
    for core in clusters(places[ranks], near):
        if len(core) < least:
            continue
        group = _with_covered([ranks[i] for i in core], places)
        while shared := [other for other in wholes if other & group]:
            wholes = [other for other in wholes if not other & group]
            group = _with_covered(sorted(group.union(*shared)), places)
        wholes.append(group)
    return sorted(map(sorted, wholes), key=lambda group: (-len(group), group))


def _with_covered(group: list[int], places: np.ndarray) -> set[int]:
    low, high = places[group].min(axis=0) - _HIDDEN, places[group].max(axis=0) + _HIDDEN
    inside = ((places >= low) & (places <= high)).all(axis=1)
    return set(np.flatnonzero(inside).tolist())


def insets_of(
    points: tuple[LyceePoint, ...], places: np.ndarray, free_space: FreeSpace, *, named: bool
) -> Iterator[Inset]:
    """Yield insets of a place without labels, the smallest first, as far as free space goes.

    ``places``, float[n, (x, y)], are on the main map; ``named``: with room for names of lycées.
    """
    low, high = places.min(axis=0) - 9, places.max(axis=0) + 9
    extent = Box(*low.tolist(), *high.tolist())
    least = len(points) * _NAME_AREA if named else 0.0
    sizes = [size for size in _SIZES[named] if size[0] * size[1] > least] or _SIZES[named][-1:]
    across, up = _MARGINS[named]
    lonlat = np.array([(point.lon, point.lat) for point in points])
    for size in sizes:
        box = free_space.nearest(*size, extent.centre, 8)
        if box is None:
            return
        inner = Box(box.left + across, box.bottom + up, box.right - across, box.top - TITLE - up)
        west, south = (lonlat.min(axis=0) - _AROUND).tolist()
        east, north = (lonlat.max(axis=0) + _AROUND).tolist()
        frame = replace(Frame.fit((west, south, east, north), inner), box=box)
        yield Inset(points, extent, box, frame, frame.points(lonlat))


def lettered(insets: Sequence[Inset]) -> tuple[Inset, ...]:
    """Return insets with letters from left to right."""
    ordered = sorted(insets, key=lambda inset: (inset.box.left, -inset.box.top))
    letters = zip(ordered, ascii_uppercase, strict=False)
    return tuple(replace(inset, letter=letter) for inset, letter in letters)
