"""Where names go: none over another, none out of the frame, each as near its place as can be.

Greedy by rank, then repaired: a name that found no room may take that of others, which look for
another. The order is fixed, so that the same wishes give the same places.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from geozones.render.figure.frame import Box

#: How many times a name may push others away before it is given up.
_PUSHES = 12
#: What a line over a name is worth, in units of distance.
_CROSSING = 60.0


@dataclass(frozen=True)
class Candidate:
    """A box where a form of a name may go, and how bad that is; ``form`` counts the forms."""

    box: Box
    cost: float
    form: int = 0


@dataclass(frozen=True)
class Wish:
    """A name to place: where it may go. The lowest ``rank`` is served first.

    An ``optional`` name never pushes another away. A name away from its ``tie`` is tied to it by a
    line, which should not pass over others.
    """

    key: str
    candidates: tuple[Candidate, ...]
    rank: float = 0.0
    optional: bool = False
    tie: tuple[float, float] | None = None


@dataclass
class Board:
    """What is taken: the frame, boxes nothing may cover, and the places given out."""

    frame: Box
    taken: list[Box] = field(default_factory=list)

    def free(self, boxes: np.ndarray, own: Box | None = None) -> np.ndarray:
        """Tell which of float[n, 4] boxes are in the frame and cover nothing taken but ``own``."""
        left, bottom, right, top = boxes.T
        frame = self.frame
        good: np.ndarray = (
            (left >= frame.left)
            & (bottom >= frame.bottom)
            & (right <= frame.right)
            & (top <= frame.top)
        )
        others = [box for box in self.taken if box is not own]
        if others:
            good &= ~_overlaps(boxes, np.array(others)).any(axis=1)
        return good


def _overlaps(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Return bool[n, m]: which of n boxes overlap which of m."""
    a, b = boxes[:, None, :], others[None, :, :]
    found: np.ndarray = (
        (a[..., 0] < b[..., 2])
        & (b[..., 0] < a[..., 2])
        & (a[..., 1] < b[..., 3])
        & (b[..., 1] < a[..., 3])
    )
    return found


def place(wishes: Sequence[Wish], board: Board) -> dict[str, Candidate]:
    """Return the place of each name that has one; they are taken on the board."""
    allowed = {wish.key: _allowed(wish, board) for wish in wishes}
    queue = deque(sorted(wishes, key=lambda wish: (wish.optional, wish.rank, wish.key)))
    given: dict[str, Candidate] = {}
    by_key = {wish.key: wish for wish in wishes}
    pushes = dict.fromkeys(by_key, 0)
    while queue:
        wish = queue.popleft()
        found = _best(allowed[wish.key], given, by_key, pushes)
        if found is None or (found[1] and (wish.optional or pushes[wish.key] >= _PUSHES)):
            continue
        candidate, pushed = found
        if pushed:
            pushes[wish.key] += 1
        for key in pushed:
            del given[key]
            queue.append(by_key[key])
        given[wish.key] = candidate
    ties = {wish.key: wish.tie for wish in wishes if wish.tie is not None}
    for wish in wishes:
        if wish.key in given:
            given[wish.key] = _untangled(wish, allowed[wish.key], given, ties)
    board.taken += [candidate.box for candidate in given.values()]
    return given


def _untangled(
    wish: Wish,
    candidates: Sequence[Candidate],
    given: dict[str, Candidate],
    ties: Mapping[str, tuple[float, float]],
) -> Candidate:
    """Return the free place where the fewest lines and names cross, and near."""
    others = {key: each for key, each in given.items() if key != wish.key}
    if not others:
        return given[wish.key]
    taken = np.array([each.box for each in others.values()])
    boxes = np.array([candidate.box for candidate in candidates])
    free = np.flatnonzero(~_overlaps(boxes, taken).any(axis=1))
    shapes = shapely.box(*boxes[free].T)
    costs = np.array([candidates[i].cost for i in free.tolist()])
    lines = [_line(ties[key], each.box) for key, each in others.items() if key in ties]
    if lines:
        crossed = shapely.intersects(shapes[:, None], np.array(lines)[None, :])
        costs += _CROSSING * crossed.sum(axis=1)
    if wish.tie is not None:
        own = np.array([_line(wish.tie, candidates[i].box) for i in free.tolist()])
        covered = shapely.intersects(own[:, None], shapely.box(*taken.T)[None, :])
        costs += _CROSSING * covered.sum(axis=1)
    return candidates[int(free[np.argmin(costs)])]


def _line(tie: tuple[float, float], box: Box) -> shapely.LineString:
    end = (min(max(tie[0], box.left), box.right), min(max(tie[1], box.bottom), box.top))
    return shapely.LineString([tie, end])


def _allowed(wish: Wish, board: Board) -> list[Candidate]:
    if not wish.candidates:
        return []
    good = board.free(np.array([candidate.box for candidate in wish.candidates]))
    kept = [candidate for candidate, ok in zip(wish.candidates, good, strict=True) if ok]
    return sorted(kept, key=lambda candidate: candidate.cost)


def _best(
    candidates: Sequence[Candidate],
    given: dict[str, Candidate],
    by_key: dict[str, Wish],
    pushes: dict[str, int],
) -> tuple[Candidate, tuple[str, ...]] | None:
    """Return the best free candidate, else the one that pushes the fewest names away, and which."""
    if not candidates:
        return None
    if not given:
        return candidates[0], ()
    keys = list(given)
    boxes = np.array([candidate.box for candidate in candidates])
    hits = _overlaps(boxes, np.array([given[key].box for key in keys]))
    # names placed because they pushed others weigh more: two do not push each other for ever
    weights = np.array([(0.4 if by_key[key].optional else 1.0) + pushes[key] for key in keys])
    burden = hits @ weights
    free = np.flatnonzero(burden == 0)
    chosen = int(free[0]) if len(free) else int(np.argmin(burden))
    return candidates[chosen], tuple(keys[i] for i in np.flatnonzero(hits[chosen]))


def around(
    at: tuple[float, float],
    sizes: Sequence[tuple[float, float]],
    gaps: Sequence[float],
    bias: float = 0.0,
) -> list[Candidate]:
    """Return boxes around a point, the nearest and those at its right first.

    ``sizes`` are the forms of the name (width, height), the preferred first; ``gaps`` the distances
    between the point and the box.
    """
    found = []
    for form, (width, height) in enumerate(sizes):
        for gap in gaps:
            for rank, (dx, dy) in enumerate(_WAYS):
                reach = gap * (0.75 if dx and dy else 1.0)
                left = at[0] + (reach if dx > 0 else -reach - width if dx < 0 else -width / 2)
                low = at[1] + (reach if dy > 0 else -reach - height if dy < 0 else -height / 2)
                if abs(dx) == 1 and abs(dy) == 0.5:
                    low = at[1] - height / 2 + dy * (height + gap)
                cost = gap + rank * 1.5 + form * 6.0 + bias
                found.append(Candidate(Box(left, low, left + width, low + height), cost, form))
    return found


#: Which way the box lies from the point, the best first.
_WAYS = (
    (1, 0), (-1, 0), (1, 0.5), (1, -0.5), (-1, 0.5), (-1, -0.5),
    (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1),
)  # fmt: skip


def spread(places: np.ndarray, apart: float, rounds: int = 60) -> np.ndarray:
    """Push points of float[n, 2] away from one another until ``apart`` lies between any two."""
    points = places.copy()
    for _ in range(rounds):
        offset = points[:, None, :] - points[None, :, :]
        gap = np.hypot(offset[..., 0], offset[..., 1])
        close = np.triu(gap < apart, 1)
        if not close.any():
            break
        for i, j in np.argwhere(close):
            step = points[j] - points[i]
            length = float(np.hypot(*step))
            if length >= apart:
                continue
            if length < 0.01:
                step, length = np.array([np.cos(i + j), np.sin(i + j)]), 1.0
            push = step / length * ((apart - length) / 2 + 0.05)
            points[i] -= push
            points[j] += push
    return points


def clusters(places: np.ndarray, near: float) -> list[list[int]]:
    """Group points of float[n, 2] that a chain of steps shorter than ``near`` ties together."""
    left, groups = set(range(len(places))), []
    while left:
        group, front = [], [min(left)]
        left.discard(front[0])
        while front:
            here = front.pop()
            group.append(here)
            gaps = np.hypot(*(places - places[here]).T)
            reached = sorted(i for i in left if gaps[i] < near)
            left.difference_update(reached)
            front += reached
        groups.append(sorted(group))
    return groups
