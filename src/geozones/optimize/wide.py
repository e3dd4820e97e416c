r"""When there are too many candidates to list: those that a better plan may have, and no other.

Prices y of the lycées give each zone a reduced cost (``pricing``). Only the zones whose reduced
cost is at most ``room`` matter, and they can be listed without the rest. The cost of a zone of k
lycées is affine in its minutes, so that its reduced cost is a constant plus a sum over its pairs of

.. math:: q_{ij} = a_k m_{ij} - \frac{y_i + y_j}{k - 1}

and must not pass T in all, that is T / C(k, 2) by pair on average. The average over the pairs of a
set is the mean of that over its subsets of one lycée less, of which one at least is no higher: so
every zone sought can be built lycée by lycée without ever passing that average. Only such sets are
kept on the way, and there are few.

Under a limit of moves, each costs a price μ. A zone of k lycées, at most n of one old zone, moves
k - n at least; it has at most (k - n)(k - 1) pairs from two old zones. So μ / (k - 1) on each of
those pairs is no more than what its moves cost, and the rest holds with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import comb, inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain.objective import zone_cost
from geozones.optimize.candidates import LIMIT, Candidates, TooManyError, stacked, whole_groups
from geozones.optimize.problem import NONE, Problem
from geozones.optimize.watch import Watch

_CHUNK = 1 << 13
_SLACK = 1e-7
_NEAREST = 10


def near_pairs(problem: Problem, compatible: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the compatible pairs to start from: the nearest of each lycée, and the plan's own.

    Of the plan's zones, those that a proposal may have: a sector yet to be drawn is one large zone.
    """
    minutes = np.where(compatible, problem.minutes, inf)
    rank = np.argsort(np.argsort(minutes, axis=1, kind="stable"), axis=1, kind="stable")
    near = rank < _NEAREST
    sizes = np.bincount(problem.zone_of, minlength=len(problem.zones))
    kept = sizes[problem.zone_of] <= problem.options.size_max
    same = kept[:, None] & (problem.zone_of[:, None] == problem.zone_of[None, :])
    return np.asarray(compatible & (near | near.T | same), bool)


@dataclass(frozen=True, eq=False)
class Sieve:
    """Which zones are sought: reduced cost ≤ ``room``.

    It is cost - Σ ``prices`` of its lycées - ``each`` + ``per_move`` for each lycée that moves at
    least, whichever old zone it goes on as: ``max_moves`` of them at most, if given.
    """

    prices: NDArray[np.float64]
    each: float
    room: float
    per_move: float = 0.0
    max_moves: int | None = None

    def passes(self, problem: Problem, zones: Candidates) -> NDArray[np.bool_]:
        """Tell which zones pass, ``bool[zone]``."""
        reduced = zones.cost - np.append(self.prices, 0.0)[zones.members].sum(axis=0) - self.each
        if self.max_moves is not None:
            reduced += self.per_move * moved_at_least(problem, zones.members)
        return np.asarray(reduced <= self.room + _SLACK, bool)


def moved_at_least(problem: Problem, members: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return how many lycées move when zones go on as the old zone that suits each best.

    Parameters
    ----------
    members
        ``uint16[k, zone]``: lycées by number, or ``problem.size`` for none.
    """
    old = np.append(problem.zone_of, NONE)[members]
    size = (old != NONE).sum(axis=0, dtype=np.uint8)
    most = np.zeros_like(size)
    for zone in old:
        np.maximum(most, ((old == zone) & (zone != NONE)).sum(axis=0, dtype=np.uint8), out=most)
    return np.asarray(size - most, np.uint8)


def sifted(
    problem: Problem, compatible: NDArray[np.bool_], sieve: Sieve, watch: Watch, limit: int = LIMIT
) -> Candidates:
    """Return the allowed zones that pass the sieve.

    Raises
    ------
    TooManyError
        If there are more than ``limit``, or as many sets on the way to them.
    """
    options = problem.options
    levels: list[tuple[NDArray[np.uint16], NDArray[np.float64]]] = []
    total = 0
    for size in range(options.size_min, problem.size_max + 1):
        left = limit - total
        members = _sifted_of_size(problem, compatible, sieve, size, partial(_step, watch, left))
        if members is None:
            raise TooManyError(problem, limit, limit, size)
        members = members[whole_groups(problem, members)]
        total += len(members)
        minutes = np.zeros(len(members))
        for second in range(1, size):
            for first in range(second):
                minutes += problem.minutes[members[:, first], members[:, second]]
        levels.append((members, zone_cost(minutes, size, options.weights)))
    found = stacked(levels, problem.size_max, problem.size)
    return found.take(np.flatnonzero(sieve.passes(problem, found)))


def _step(watch: Watch, limit: int, count: int) -> bool:
    """Tell the watch, and whether so many sets are still few enough."""
    watch.tell()
    return count <= limit


def _sifted_of_size(
    problem: Problem,
    compatible: NDArray[np.bool_],
    sieve: Sieve,
    size: int,
    goes_on: Callable[[int], bool],
) -> NDArray[np.uint16] | None:
    """Return the cliques of a size that pass the sieve, ``uint16[zone, size]``; ``None``: too many.

    A set of j lycées is kept while its q sum to at most C(j, 2) times the average allowed.
    """
    constant = zone_cost(0.0, size, problem.options.weights)
    target = sieve.room + sieve.each - constant + _SLACK
    if size == 1:
        return np.flatnonzero(-sieve.prices <= target).astype(np.uint16)[:, None]
    slope = zone_cost(1.0, size, problem.options.weights) - constant
    share = sieve.prices / (size - 1)
    pairs = np.where(compatible, slope * problem.minutes - share[:, None] - share[None, :], inf)
    pairs += sieve.per_move / (size - 1) * (problem.zone_of[:, None] != problem.zone_of[None, :])
    members = np.arange(problem.size, dtype=np.uint16)[:, None]
    sums = np.zeros(problem.size)
    for length in range(2, size + 1):
        highest = target * comb(length, 2) / comb(size, 2) + _SLACK
        longer = [np.empty((0, length), np.uint16)]
        totals = [np.empty(0)]
        count = 0
        for start in range(0, len(members), _CHUNK):
            part = members[start : start + _CHUNK]
            after = sums[start : start + _CHUNK, None] + pairs[part].sum(axis=1)
            row, lycee = np.nonzero(after <= highest)
            found = np.sort(np.column_stack([part[row], lycee.astype(np.uint16)]), axis=1)
            if sieve.max_moves is not None:
                # A lycée more never makes the moves fewer: what moves too many already is lost.
                few = moved_at_least(problem, found.T) <= sieve.max_moves
                row, lycee, found = row[few], lycee[few], found[few]
            first = _distinct(found)
            longer.append(found[first])
            totals.append(after[row, lycee][first])
            count += len(first)
            if not goes_on(count):
                return None
        members, sums = np.concatenate(longer), np.concatenate(totals)
        first = _distinct(members)
        members, sums = members[first], sums[first]
    return members


def _distinct(members: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return where each set first appears, the sets in ascending order."""
    order = np.lexsort(members.T[::-1])
    rows = members[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return order[new]
