"""The moves from one plan to another, in an order such that each helps as early as it can."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Plan
from geozones.domain.objective import zone_cost
from geozones.optimize.problem import PartitionProblem

#: Up to so many moves the order is exact: a beam of ``_EXACT_WIDTH`` holds all C(12, 6) = 924 sets.
_EXACT = 12
_EXACT_WIDTH = 1000
#: Beyond, the beam is this over the square of the number of moves; beyond ``_MANY`` moves (a sector
#: drawn from nothing), each next move is the best one.
_EFFORT = 12_000
_MANY = 60
#: Cost of a zone with an unreachable pair, in choosing the order (minutes).
_UNREACHABLE = 1e6


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """One lycée to move from a zone to another.

    Parameters
    ----------
    lycee, origin, target
        Ids of the lycée, of the zone it leaves and of the zone it joins.
    objective
        Objective of the scope once this move and those before it are done, in minutes.
    gain
        How much this move lowers it; negative for a step back that the next moves need.
    """

    lycee: str
    origin: str
    target: str
    objective: float
    gain: float


def ordered_moves(problem: PartitionProblem, target: Plan) -> tuple[ProposedMove, ...]:
    """Return the moves from the problem's plan to another: one a lycée, best first.

    The order is the one whose objectives after 1, 2, 3… moves have the least sum. So where an order
    exists whose first k moves are the best k of the list for every k, it is that one. Exact up to
    12 moves, a beam search up to 60, the best next move beyond. Plans on the way may break limits
    of size or of minutes that the last one respects.
    """
    changes = sorted(target.moves_from(problem.plan))
    if not changes:
        return ()
    steps = _MoveCosts(problem, changes)
    order = _greedy(problem, changes) if len(changes) > _MANY else _beam(steps, len(changes))
    return steps.listed(order)


def _beam(steps: "_MoveCosts", count: int) -> tuple[int, ...]:
    """Return the order of least sum of objectives that a beam search finds."""
    width = _EXACT_WIDTH if count <= _EXACT else max(_EFFORT // count**2, 1)
    # A state: moves done (bits) -> (sum of objectives on the way, objective, the order).
    states: dict[int, tuple[float, float, tuple[int, ...]]] = {0: (0.0, steps.start, ())}
    for _ in range(count):
        longer: dict[int, tuple[float, float, tuple[int, ...]]] = {}
        for done, (total, objective, order) in states.items():
            for move in range(count):
                if done >> move & 1:
                    continue
                after = objective + steps.change(done, move)
                state = (total + after, after, (*order, move))
                key = done | 1 << move
                if key not in longer or state < longer[key]:
                    longer[key] = state
        best = sorted(longer.items(), key=lambda item: item[1])[:width]
        states = dict(best)
    ((_, _, order),) = states.values()
    return order


def _greedy(problem: PartitionProblem, changes: list[tuple[str, str, str]]) -> tuple[int, ...]:
    """Return the order in which each move is the best of those left."""
    minutes = np.where(np.isinf(problem.minutes), _UNREACHABLE, problem.minutes)
    zones = {
        zone: number for number, zone in enumerate(sorted({z for c in changes for z in c[1:]}))
    }
    lycee = np.array([problem.index[moved] for moved, _, _ in changes])
    origin, target = (np.array([zones[change[at]] for change in changes]) for at in (1, 2))
    inside = np.zeros((problem.size, len(zones)))
    for number, zone in enumerate(problem.zones):
        if zone in zones:
            inside[list(problem.old_members[number]), zones[zone]] = 1.0
    to_zone, size = minutes @ inside, inside.sum(axis=0).astype(int)
    pairs = (to_zone * inside).sum(axis=0) / 2
    cost = _zone_costs(problem)
    left = np.arange(len(changes))
    order: list[int] = []
    while len(left):
        who, a, b = lycee[left], origin[left], target[left]
        change = cost(pairs[a] - to_zone[who, a], size[a] - 1) - cost(pairs[a], size[a])
        change += cost(pairs[b] + to_zone[who, b], size[b] + 1) - cost(pairs[b], size[b])
        best = int(np.argmin(change))
        who, a, b = who[best], a[best], b[best]
        pairs[a] -= to_zone[who, a]
        pairs[b] += to_zone[who, b]
        to_zone[:, a] -= minutes[:, who]
        to_zone[:, b] += minutes[:, who]
        size[a] -= 1
        size[b] += 1
        order.append(int(left[best]))
        left = np.delete(left, best)
    return tuple(order)


type _ZoneCosts = Callable[[NDArray[np.float64], NDArray[np.int64]], NDArray[np.float64]]


def _zone_costs(problem: PartitionProblem) -> _ZoneCosts:
    """Return the function from minutes over pairs and sizes of zones (arrays) to objectives."""
    sizes = range(problem.size + 2)
    least = np.array([zone_cost(0.0, size, problem.options.weights) for size in sizes])
    slope = np.array([zone_cost(1.0, size, problem.options.weights) for size in sizes]) - least
    return lambda pairs, size: least[size] + slope[size] * pairs


class _MoveCosts:
    """Costs of the zones that moves touch, for any set of moves done (a bit set of their ranks)."""

    def __init__(self, problem: PartitionProblem, changes: list[tuple[str, str, str]]) -> None:
        self._problem = problem
        self._changes = changes
        #: By zone, the moves that touch it: their rank, the lycée, whether it comes.
        self._touching: dict[str, list[tuple[int, str, bool]]] = {}
        for at, (lycee, origin, target) in enumerate(changes):
            self._touching.setdefault(origin, []).append((at, lycee, False))
            self._touching.setdefault(target, []).append((at, lycee, True))
        self._mask = {zone: sum(1 << at for at, _, _ in m) for zone, m in self._touching.items()}
        self._known: dict[tuple[str, int], float] = {}
        self._rest = sum(
            problem.cost_of_ids(problem.plan.members(zone))
            for zone in (*problem.zones, *problem.kept)
            if zone not in self._touching
        )
        self.start = min(self._total(self._costs(0)), _UNREACHABLE)

    def _costs(self, done: int) -> dict[str, float]:
        """Return the cost of each zone touched, once some moves are done."""
        return {zone: self._cost(zone, done) for zone in sorted(self._touching)}

    def _total(self, costs: dict[str, float]) -> float:
        """Return the objective of the scope; ``inf`` where a zone has an unreachable pair."""
        return self._rest + sum(costs.values())

    def change(self, done: int, move: int) -> float:
        """Return how much a move adds to the objective, once some others are done."""
        after = done | 1 << move
        _, origin, target = self._changes[move]
        return sum(
            min(self._cost(zone, after), _UNREACHABLE) - min(self._cost(zone, done), _UNREACHABLE)
            for zone in (origin, target)
        )

    def _cost(self, zone: str, done: int) -> float:
        key = (zone, done & self._mask[zone])
        if key not in self._known:
            before = self._problem.plan.members(zone) if zone in self._problem.zones else ()
            members = set(before)
            for at, lycee, comes in self._touching[zone]:
                if done >> at & 1:
                    if comes:
                        members.add(lycee)
                    else:
                        members.discard(lycee)
            self._known[key] = self._problem.cost_of_ids(tuple(members))
        return self._known[key]

    def listed(self, order: tuple[int, ...]) -> tuple[ProposedMove, ...]:
        """Return the moves in an order, with the objective after each."""
        costs = self._costs(0)
        moves, done, before = [], 0, self._total(costs)
        for move in order:
            done |= 1 << move
            for zone in self._changes[move][1:]:
                costs[zone] = self._cost(zone, done)
            objective = self._total(costs)
            gain = 0.0 if before == objective else before - objective
            moves.append(ProposedMove(*self._changes[move], objective, gain))
            before = objective
        return tuple(moves)
