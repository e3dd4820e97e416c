"""Positions for the name of an area: in its spaces, else elsewhere inside the area."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.label_cells import Cells
from geozones.render.figure.map_frame import Box
from geozones.render.figure.placement import LabelPosition, Obstacles, overlaps

#: Padding of the box of a label around its text, in units, which may extend outside the area.
_MARGIN = 2.0
#: Cost of a label inside its area but in none of its spaces.
_NO_ROOM = 60.0
#: Cost of each obstacle that it covers there.
_HIDES = 40.0
#: Positions from the middle of a room to each of its edges, at most, and their least distance.
_STEPS, _STEP = 5, 6.0


@dataclass(frozen=True)
class LabelArea:
    """Area for a name: its spaces, and its whole ``shape``; in units.

    ``obstacles`` are boxes that no name may cover.
    """

    spaces: Sequence[Box]
    shape: Callable[[], BaseGeometry]
    obstacles: Obstacles


def inside(
    area: LabelArea, sizes: Sequence[tuple[float, float]], *, rooms_only: bool = False
) -> list[LabelPosition]:
    """Return positions inside an area; the middle of its first room costs least.

    If no room has a free position, positions elsewhere in the area follow, unless ``rooms_only``.
    """
    positions: list[LabelPosition] = []
    for form, (wide, high) in enumerate(sizes):
        for rank, room in enumerate(area.spaces):
            x, y = (room.width - wide) / 2, (room.height - high) / 2
            if min(x, y) < 0:
                continue
            cost = form * 3.0 + rank * 1.5
            middle = room.centre
            for dx in _shifts(x):
                for dy in _shifts(y):
                    left, low = middle[0] + dx - wide / 2, middle[1] + dy - high / 2
                    box = Box(left, low, left + wide, low + high)
                    away = 0.12 * math.hypot(dx, dy)
                    positions.append(LabelPosition(box, cost + away, form))
    if rooms_only or area.obstacles.any_free([position.box for position in positions]):
        return positions
    return positions + _elsewhere(area, sizes)


def _elsewhere(area: LabelArea, sizes: Sequence[tuple[float, float]]) -> list[LabelPosition]:
    """Return the free positions in an area, regardless of spaces; larger forms cost less.

    If there is none, return the positions that cover the fewest obstacles of the weakest kinds.
    """
    shape, obstacles = area.shape(), area.obstacles
    if shape.is_empty:
        return []
    middle = (shape.centroid.x, shape.centroid.y)
    cells = Cells(shape)
    for over in range(len(obstacles.at_worst) + 1):
        spots = cells.without(obstacles.covered(over))
        found = [
            (box.inset(-_MARGIN), form)
            for form, (wide, high) in enumerate(sizes)
            for box in spots.of(wide - 2 * _MARGIN, high - 2 * _MARGIN)
        ]
        if not obstacles.any_free([box for box, _ in found], over):
            continue
        hidden = np.array([box for kind in obstacles.at_worst[:over] for box in kind])
        boxes = np.array([box for box, _ in found])
        hides = overlaps(boxes, hidden).sum(axis=1).tolist() if len(hidden) else [0] * len(found)
        return [
            LabelPosition(
                box,
                _NO_ROOM + form * 3.0 + _HIDES * count + 0.12 * math.dist(box.centre, middle),
                form,
                over,
            )
            for (box, form), count in zip(found, hides, strict=True)
        ]
    return []


def _shifts(most: float) -> list[float]:
    """Return shifts of up to ``most`` each way, evenly spread."""
    steps = min(_STEPS, math.ceil(most / _STEP))
    return [most * step / steps for step in range(-steps, steps + 1)] if steps else [0.0]
