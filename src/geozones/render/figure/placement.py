"""Label placement: candidate positions of a label, and labels that do not overlap.

Greedy by rank, with ejections: a label without a free position may eject others, which are placed
again. The order is fixed, so that the same requests give the same positions.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.canvas import Box
from geozones.territory.shapes import closer

#: Most ejections by a label before it is left out.
_EJECTIONS = 12
#: Cost of a leader that crosses a label, in units of distance.
_CROSSING = 60.0


class LabelPosition(NamedTuple):
    """Box for a label, its cost, and the rank of the label's form that fits the box.

    It may cover the first ``over`` kinds of weak obstacles (see `Obstacles`). A leader joins the
    box to a ``start`` in the area that it names, if it is outside.
    """

    box: Box
    cost: float
    form: int = 0
    over: int = 0
    start: tuple[float, float] | None = None


@dataclass(frozen=True)
class LabelRequest:
    """Label to place, and its possible positions. Labels of the lowest ``rank`` come first.

    An ``optional`` label never ejects another. A label away from its ``anchor`` (a point of the
    sheet) has a leader to it, which should cross no other label.
    """

    key: str
    positions: tuple[LabelPosition, ...]
    rank: float = 0.0
    optional: bool = False
    anchor: tuple[float, float] | None = None


@dataclass
class Obstacles:
    """Limits of labels: the frame that contains them, and the boxes that they may not cover.

    ``at_worst`` are kinds of weak obstacles, which an area's name may cover if it has no other
    position in the area, the first kind before the next.
    """

    frame: Box
    taken: list[Box] = field(default_factory=list)
    at_worst: tuple[Sequence[Box], ...] = ()

    def covered(self, over: int) -> list[Box]:
        """Return the boxes that a label may not cover, except the first ``over`` kinds."""
        return [*self.taken, *chain.from_iterable(self.at_worst[over:])]

    def free(self, boxes: np.ndarray, over: int = 0) -> np.ndarray:
        """Return bool[n]: which of float[n, 4] boxes are in the frame and cover no obstacle.

        They may cover the first ``over`` kinds of weak obstacles.
        """
        left, bottom, right, top = boxes.T
        frame = self.frame
        good: np.ndarray = (
            (left >= frame.left)
            & (bottom >= frame.bottom)
            & (right <= frame.right)
            & (top <= frame.top)
        )
        if covered := self.covered(over):
            good &= ~overlaps(boxes, np.array(covered)).any(axis=1)
        return good


def overlaps(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return bool[n, m]: which of n boxes overlap which of m."""
    a, b = boxes[:, None, :], others[None, :, :]
    overlapping: np.ndarray = (
        (a[..., 0] < b[..., 2])
        & (b[..., 0] < a[..., 2])
        & (a[..., 1] < b[..., 3])
        & (b[..., 1] < a[..., 3])
    )
    return overlapping


def place(requests: Sequence[LabelRequest], obstacles: Obstacles) -> dict[str, LabelPosition]:
    """Return the position of each label that fits, by key; the labels become obstacles."""
    allowed = {request.key: _allowed(request, obstacles) for request in requests}
    # assign the allowed positions, without a label over another
    queue = deque(sorted(requests, key=lambda each: (each.optional, each.rank, each.key)))
    by_key = {request.key: request for request in requests}
    ejections = dict.fromkeys(by_key, 0)
    given: dict[str, LabelPosition] = {}
    while queue:
        request = queue.popleft()
        best = _best(allowed[request.key], given, by_key, ejections)
        if best is None:
            continue
        position, ejected = best
        if ejected and (request.optional or ejections[request.key] >= _EJECTIONS):
            continue
        if ejected:
            ejections[request.key] += 1
        for key in ejected:
            del given[key]
            queue.append(by_key[key])
        given[request.key] = position
    anchors = {request.key: request.anchor for request in requests}
    for request in requests:
        if request.key in given:
            given[request.key] = _untangled(request, allowed[request.key], given, anchors)
    obstacles.taken += [position.box for position in given.values()]
    return given


def _untangled(
    request: LabelRequest,
    positions: Sequence[LabelPosition],
    given: dict[str, LabelPosition],
    anchors: Mapping[str, tuple[float, float] | None],
) -> LabelPosition:
    """Return the free position of least cost, including crossings of leaders and labels."""
    others = {key: each for key, each in given.items() if key != request.key}
    if not others:
        return given[request.key]
    taken = np.array([each.box for each in others.values()])
    boxes = np.array([position.box for position in positions])
    free = np.flatnonzero(~overlaps(boxes, taken).any(axis=1))[:_KEPT]
    shapes = shapely.box(*boxes[free].T)
    costs = np.array([positions[i].cost for i in free.tolist()])
    leaders = _leaders([each.start or anchors[key] for key, each in others.items()], taken)
    own = _leaders([positions[i].start or request.anchor for i in free.tolist()], boxes[free])
    covered = shapely.intersects(own[:, None], shapely.box(*taken.T)[None, :])
    covered |= shapely.intersects(shapes[:, None], leaders[None, :])
    covered |= shapely.intersects(own[:, None], leaders[None, :])
    costs += _CROSSING * covered.sum(axis=1)
    return positions[int(free[np.argmin(costs)])]


def _leaders(starts: Sequence[tuple[float, float] | None], boxes: np.ndarray) -> np.ndarray:
    """Return the shortest line from each start to its box, float[n, 4]; none without a start."""
    lines = [
        None if start is None else shapely.LineString([start, Box(*box).nearest_to(start)])
        for start, box in zip(starts, boxes.tolist(), strict=True)
    ]
    return np.array(lines, dtype=object)


def _allowed(request: LabelRequest, obstacles: Obstacles) -> list[LabelPosition]:
    """Return the positions that cover no obstacle, by increasing cost."""
    if not request.positions:
        return []
    boxes = np.array([position.box for position in request.positions])
    over = np.array([position.over for position in request.positions])
    free = np.zeros(len(boxes), bool)
    for kinds in np.unique(over).tolist():
        free[over == kinds] = obstacles.free(boxes[over == kinds], kinds)
    kept = [position for position, ok in zip(request.positions, free, strict=True) if ok]
    return sorted(kept, key=lambda position: position.cost)


def _best(
    positions: Sequence[LabelPosition],
    given: dict[str, LabelPosition],
    by_key: dict[str, LabelRequest],
    ejections: dict[str, int],
) -> tuple[LabelPosition, tuple[str, ...]] | None:
    """Return the best free position, else the fewest ejections and the ejected labels."""
    if not positions:
        return None
    if not given:
        return positions[0], ()
    keys = list(given)
    boxes = np.array([position.box for position in positions])
    hits = overlaps(boxes, np.array([given[key].box for key in keys]))
    # labels placed by ejection cost more, so that two labels do not eject each other for ever
    weights = np.array([(0.4 if by_key[key].optional else 1.0) + ejections[key] for key in keys])
    burden = hits @ weights
    free = np.flatnonzero(burden == 0)
    chosen = int(free[0]) if len(free) else int(np.argmin(burden))
    return positions[chosen], tuple(keys[i] for i in np.flatnonzero(hits[chosen]))


def around(
    at: tuple[float, float],
    sizes: Sequence[tuple[float, float]],
    gaps: Sequence[float],
) -> list[LabelPosition]:
    """Return positions around a point; the nearest and those at its right cost least.

    ``sizes`` are the sizes of the label's forms (width, height), by preference; ``gaps`` the
    distances between the point and the box.
    """
    positions = []
    for form, (width, height) in enumerate(sizes):
        for gap in gaps:
            for rank, (dx, dy) in enumerate(_WAYS):
                reach = gap * (0.75 if dx and dy else 1.0)
                left = at[0] + (reach if dx > 0 else -reach - width if dx < 0 else -width / 2)
                low = at[1] + (reach if dy > 0 else -reach - height if dy < 0 else -height / 2)
                if abs(dx) == 1 and abs(dy) == 0.5:
                    low = at[1] - height / 2 + dy * (height + gap)
                box = Box(left, low, left + width, low + height)
                positions.append(LabelPosition(box, gap + rank * 1.5 + form * 6.0, form))
    return positions


#: Directions of the box from the point, by preference.
_WAYS = (
    (1, 0), (-1, 0), (1, 0.5), (1, -0.5), (-1, 0.5), (-1, -0.5),
    (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1),
)  # fmt: skip


def spread(
    places: np.ndarray,
    apart: float,
    homes: Sequence[BaseGeometry | None] = (),
    rounds: int = 60,
) -> np.ndarray:
    """Push points of float[n, 2] apart until ``apart`` lies between any two.

    None leaves its home, if it has one and was in it: crowded points then stay nearer.
    """
    points = places.copy()
    areas = np.array([home or shapely.Point() for home in homes], dtype=object)
    shapely.prepare(areas)
    kept = shapely.contains_xy(areas, *places.T) if len(areas) else np.zeros(len(places), bool)
    for _ in range(rounds):
        close = closer(points, apart)
        if not len(close):
            break
        for i, j in close:
            step = points[j] - points[i]
            length = float(np.hypot(*step))
            if length >= apart:
                continue
            if length < 0.01:
                step, length = np.array([np.cos(i + j), np.sin(i + j)]), 1.0
            push = step / length * ((apart - length) / 2 + 0.05)
            points[i] -= push
            points[j] += push
        if kept.any():
            out = kept.copy()
            out[kept] = ~shapely.contains_xy(areas[kept], *points[kept].T)
            ways = shapely.shortest_line(areas[out], shapely.points(points[out]))
            points[out] = shapely.get_coordinates(ways)[::2]
    return points


#: Least side of the cells that divide an area, in units, and most cells each way.
_CELL, _MOST_CELLS = 1.25, 120
#: Most positions returned for a size, spread over the area.
_KEPT = 80


class Cells:
    """Cells of an area (units of the sheet) that are wholly inside it."""

    def __init__(self, shape: BaseGeometry) -> None:
        left, bottom, right, top = shape.bounds
        self._corner = (left, bottom)
        self._side = max(_CELL, (right - left) / _MOST_CELLS, (top - bottom) / _MOST_CELLS)
        columns, rows = (int(size // self._side) for size in (right - left, top - bottom))
        # bool[row, column]: which cells are inside, without a border across
        (left, bottom), side = self._corner, self._side
        x, y = np.meshgrid(
            left + (np.arange(columns) + 0.5) * side, bottom + (np.arange(rows) + 0.5) * side
        )
        shapely.prepare(shape)
        inside = np.asarray(shapely.contains_xy(shape, x, y))
        border = shapely.get_coordinates(shapely.segmentize(shapely.boundary(shape), side / 4))
        column, row = ((border - (left, bottom)) // side).astype(int).T
        on = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        inside[row[on], column[on]] = False
        self._free = inside

    def without(self, taken: Sequence[Box]) -> "Spots":
        """Return the positions that cover none of some boxes."""
        free = self._free.copy()
        (left, bottom), side = self._corner, self._side
        for box in taken:
            if box.right > left and box.top > bottom:
                first, last = (max(int((x - left) // side), 0) for x in (box.left, box.right))
                low, high = (max(int((y - bottom) // side), 0) for y in (box.bottom, box.top))
                free[low : high + 1, first : last + 1] = False
        return Spots(free, self._corner, side)


class Spots:
    """Free cells, bool[row, column], that can wholly contain boxes."""

    def __init__(self, free: NDArray[np.bool_], corner: tuple[float, float], side: float) -> None:
        self._corner, self._side = corner, side
        self._sums = np.pad(free.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))

    def of(self, wide: float, high: float) -> list[Box]:
        """Return boxes of a size (units) in free cells, spread over the area."""
        across, up = (int(np.ceil(size / self._side)) for size in (wide, high))
        sums = self._sums
        if across >= sums.shape[1] or up >= sums.shape[0]:
            return []
        full = sums[up:, across:] - sums[:-up, across:] - sums[up:, :-across] + sums[:-up, :-across]
        rows, columns = np.nonzero(full == across * up)
        step = max(1, len(rows) // _KEPT)
        margins = (across * self._side - wide) / 2, (up * self._side - high) / 2
        x = self._corner[0] + columns[::step] * self._side + margins[0]
        y = self._corner[1] + rows[::step] * self._side + margins[1]
        corners = zip(x.tolist(), y.tolist(), strict=True)
        return [Box(left, bottom, left + wide, bottom + high) for left, bottom in corners]


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

    ``obstacles`` are boxes that no name may cover, ``land`` is that of all such areas.
    """

    spaces: Sequence[Box]
    shape: Callable[[], BaseGeometry]
    obstacles: Obstacles
    land: Callable[[], BaseGeometry]


def inside(
    area: LabelArea, sizes: Sequence[tuple[float, float]], *, rooms_only: bool = False
) -> list[LabelPosition]:
    """Return the free positions inside an area; the middle of its first room costs least.

    If no room has one, return positions elsewhere in the area, unless ``rooms_only``.
    """
    positions: list[LabelPosition] = []
    for form, size in enumerate(sizes):
        tables = [_in_room(room, size, rank) for rank, room in enumerate(area.spaces)]
        table = np.concatenate([np.zeros((0, 5)), *tables])
        table = table[area.obstacles.free(table[:, :4])]
        positions += [
            LabelPosition(Box(*box), form * 3.0 + cost, form) for *box, cost in table.tolist()
        ]
    return positions if positions or rooms_only else _elsewhere(area, sizes)


def _in_room(room: Box, size: tuple[float, float], rank: int) -> np.ndarray:
    """Return boxes of a size in a room with their costs: float[n, 5]."""
    wide, high = size
    x, y = (room.width - wide) / 2, (room.height - high) / 2
    if min(x, y) < 0:
        return np.zeros((0, 5))
    across, up = (way.ravel() for way in np.meshgrid(_shifts(x), _shifts(y), indexing="ij"))
    left, low = room.left + x + across, room.bottom + y + up
    cost = rank * 1.5 + 0.12 * np.hypot(across, up)
    return np.column_stack((left, low, left + wide, low + high, cost))


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
            (*box.inset(-_MARGIN), form)
            for form, (wide, high) in enumerate(sizes)
            for box in spots.of(wide - 2 * _MARGIN, high - 2 * _MARGIN)
        ]
        table = np.array(found).reshape(-1, 5)
        table = table[obstacles.free(table[:, :4], over)]
        if not len(table):
            continue
        hidden = np.array([box for kind in obstacles.at_worst[:over] for box in kind])
        hides = overlaps(table[:, :4], hidden.reshape(-1, 4)).sum(axis=1).tolist()
        positions = []
        for (*sides, form), count in zip(table.tolist(), hides, strict=True):
            box = Box(*sides)
            cost = _NO_ROOM + form * 3.0 + _HIDES * count + 0.12 * math.dist(box.centre, middle)
            positions.append(LabelPosition(box, cost, int(form), over))
        return positions
    return []


#: Distances of a label from its area, in units, and directions around it.
_AWAY, _DIRECTIONS = (6.0, 16.0, 30.0, 48.0, 70.0, 96.0, 126.0, 160.0, 200.0), 16
#: Cost of a label beside its area, and of one over the land of another.
_BESIDE, _ABROAD = 250.0, 60.0


def beside(area: LabelArea, size: tuple[float, float], form: int) -> list[LabelPosition]:
    """Return positions outside an area, each with a leader; those over other areas cost more.

    The leader starts in the middle of the widest part of the area, or as near to the label as the
    edge lets it; a label that may cover weak obstacles costs more.
    """
    shape = area.shape()
    if shape.is_empty:
        return []
    part = max(shapely.get_parts(shape), key=lambda each: each.area)
    (x, y), *_ = shapely.maximum_inscribed_circle(part, tolerance=1.0).coords
    wide, high = size
    angles = np.arange(_DIRECTIONS) * 2 * math.pi / _DIRECTIONS
    ways = np.column_stack((np.cos(angles), np.sin(angles)))
    # to the edge of the area's part in each direction, then past half of the label
    rays = shapely.linestrings([[(x, y), (x + 4000 * dx, y + 4000 * dy)] for dx, dy in ways])
    edges = shapely.length(shapely.intersection(rays, shapely.convex_hull(part)))
    found = []
    for (dx, dy), edge in zip(ways.tolist(), edges.tolist(), strict=True):
        half = min(wide / 2 / max(abs(dx), 1e-6), high / 2 / max(abs(dy), 1e-6))
        for gap in _AWAY:
            reach = edge + gap + half
            left, low = x + dx * reach - wide / 2, y + dy * reach - high / 2
            found.append((gap + 0.3 * edge, Box(left, low, left + wide, low + high)))
    boxes = shapely.box(*np.array([box for _, box in found]).T)
    outside = ~shapely.intersects(shape, boxes)
    abroad = shapely.intersects(area.land(), boxes)
    kinds = range(len(area.obstacles.at_worst) + 1)
    return [
        LabelPosition(box, _BESIDE + cost + _ABROAD * far + _HIDES * over, form, over, (x, y))
        for (cost, box), out, far in zip(found, outside, abroad.tolist(), strict=True)
        if out
        for over in kinds
    ]


def _shifts(most: float) -> list[float]:
    """Return shifts of up to ``most`` each way, evenly spread."""
    steps = min(_STEPS, math.ceil(most / _STEP))
    return [most * step / steps for step in range(-steps, steps + 1)] if steps else [0.0]
