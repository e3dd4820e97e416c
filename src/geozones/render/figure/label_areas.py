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
#: Positions in a room, from its middle to its edges.
_SHARES = tuple(step / 6 for step in range(-6, 7))


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
            for across in _SHARES:
                for up in _SHARES:
                    middle = (room.centre[0] + across * x, room.centre[1] + up * y)
                    away = 0.12 * math.hypot(across * x, up * y)
                    positions.append(_at(middle, (wide, high), cost + away, form))
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


def _at(
    middle: tuple[float, float], size: tuple[float, float], cost: float, form: int
) -> LabelPosition:
    (x, y), (wide, high) = middle, size
    box = Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
    return LabelPosition(box, cost, form)
