r"""Enumeration of the zones of low reduced cost only, if all zones are too many to list.

Duals y of the lycées give each zone a reduced cost (``highs_programs``). Only the zones whose
reduced cost is at most some value (``max_reduced_cost``) can be in a better plan, and they can be
listed without the rest where the cost model has a lower bound by pairs (``PairBound``: c + Σ s + Σ
b): the reduced cost of a zone of k lycées is at least a constant plus the sum over its pairs of

.. math:: q_{ij} = b_{ij} + \frac{s_i + s_j - y_i - y_j}{k - 1}

and this sum must not pass some T, that is T / C(k, 2) by pair on average. The average over the
pairs of a set is the mean of the averages over its subsets of one lycée less, so one subset at
least has an average no higher: every zone sought can be built lycée by lycée without ever passing
T / C(k, 2). Only such sets are kept on the way: the closer the bound to the costs, the fewer.

Under a limit of moves, each move costs a dual price μ. A zone of k lycées, at most n of them of one
old zone, moves at least k - n; it has at most (k - n)(k - 1) pairs from two old zones. So adding
μ / (k - 1) to each of those pairs adds no more than μ times its moves, and the same construction
holds.

A resource (``resources``) costs its dual price π ≥ 0 for each unit used: its own bound by pairs is
added π times where it has one, and otherwise 0, since no use is negative.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import comb, inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain.yearly_cost import PairBound, PairBoundedCosts
from geozones.optimize.candidates import (
    MAX_CANDIDATES,
    Candidates,
    PricedZones,
    TooManyCandidatesError,
    priced,
    stacked,
    whole_groups,
)
from geozones.optimize.problem import NONE, PartitionProblem
from geozones.optimize.result import SearchMonitor

_CHUNK = 1 << 13
_SLACK = 1e-7
#: Nearest lycées of each, by driving time, for the first zones.
NEAREST = 10


def near_pairs(
    problem: PartitionProblem, compatible: NDArray[np.bool_], nearest: int = NEAREST
) -> NDArray[np.bool_]:
    """Return the compatible pairs, near or in one zone of the current plan, ``bool[n, n]``.

    Near is among the ``nearest`` of one of both. Zones of the current plan above the largest size
    allowed are ignored: a sector not yet divided is one large zone.
    """
    minutes = np.where(compatible, problem.minutes, inf)
    rank = np.argsort(np.argsort(minutes, axis=1, kind="stable"), axis=1, kind="stable")
    near = rank < nearest
    sizes = np.bincount(problem.zone_of, minlength=len(problem.zones))
    allowed = sizes[problem.zone_of] <= problem.options.size_max
    same = allowed[:, None] & (problem.zone_of[:, None] == problem.zone_of[None, :])
    return np.asarray(compatible & (near | near.T | same), bool)


def pairs_within(pairs: NDArray[np.bool_], zones: Candidates) -> NDArray[np.bool_]:
    """Return which zones have only some pairs (``bool[n, n]``) of lycées, ``bool[zone]``."""
    table = np.ones((len(pairs) + 1, len(pairs) + 1), bool)
    table[:-1, :-1] = pairs
    within = np.ones(len(zones), bool)
    for first, second in combinations(zones.members, 2):
        within &= table[first, second]
    return within


@dataclass(frozen=True, eq=False)
class ReducedCostFilter:
    """Filter of zones by reduced cost: at most ``max_reduced_cost``.

    The reduced cost of a zone is cost - Σ ``duals`` of its lycées - ``zone_dual`` + ``move_price``
    for each lycée that moves (see ``minimum_moves``) + Σ ``use_prices`` · uses, all in the unit of
    the costs.
    """

    duals: NDArray[np.float64]  # ``float[n]``: dual of row (1) of each lycée.
    zone_dual: float  # Dual of the number of zones, row (2); 0 without one.
    max_reduced_cost: float
    move_price: float = 0.0  # Price of a move: minus the dual of row (4), never negative.
    max_moves: int | None = None  # Moves allowed, if limited; zones that move more are left out.
    #: Price of a unit of each resource: minus the dual of its row, never negative.
    use_prices: tuple[float, ...] = ()

    def passes(self, problem: PartitionProblem, zones: Candidates) -> NDArray[np.bool_]:
        """Return whether each zone passes the filter, ``bool[zone]``."""
        moves = None if self.max_moves is None else minimum_moves(problem, zones.members)
        reduced = self.reduced_costs(zones, moves)
        return np.asarray(reduced <= self.max_reduced_cost + _SLACK, bool)

    def reduced_costs(
        self, zones: Candidates, moves: NDArray[np.uint8] | None
    ) -> NDArray[np.float64]:
        """Return the reduced cost of each zone, ``float[zone]``.

        ``moves`` are the fewest of each (`minimum_moves`); ``None`` without a limit.
        """
        reduced = zones.cost - self.zone_dual
        duals = np.append(self.duals, 0.0)
        for row in zones.members:
            reduced -= duals[row]
        if moves is not None:
            reduced += self.move_price * moves
        for price, used in zip(self.use_prices, zones.uses, strict=False):
            reduced += price * used
        return reduced

    def pair_bound(self, problem: PartitionProblem, size: int) -> PairBound:
        """Return the bound by pairs on the reduced cost of zones of ``size`` lycées."""
        costs = problem.zone_costs
        if not isinstance(costs, PairBoundedCosts):
            raise TypeError(f"the costs of {problem.cost_model.key!r} have no bound by pairs")
        bound = costs.pair_bound(size)
        for price, use in zip(self.use_prices, problem.zone_uses, strict=True):
            if isinstance(use, PairBoundedCosts):
                used = use.pair_bound(size)
                bound = PairBound(
                    bound.constant + price * used.constant,
                    bound.single + price * used.single,
                    bound.pairs + price * used.pairs if price else bound.pairs,
                )
        return bound


def minimum_moves(problem: PartitionProblem, members: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return how many lycées of each zone move, if it continues the old zone closest to it.

    Parameters
    ----------
    members
        ``uint16[k, zone]``: lycées by number, or ``problem.size`` for none.

    Returns
    -------
    uint8[zone]
    """
    old = np.append(problem.zone_of, NONE)[members]
    size = (old != NONE).sum(axis=0, dtype=np.uint8)
    most = np.zeros_like(size)
    for zone in old:
        np.maximum(most, ((old == zone) & (zone != NONE)).sum(axis=0, dtype=np.uint8), out=most)
    return np.asarray(size - most, np.uint8)


def filtered_candidates(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    cost_filter: ReducedCostFilter,
    monitor: SearchMonitor,
    limit: int = MAX_CANDIDATES,
) -> Candidates:
    """Return the allowed zones that pass the filter; the costs must have a bound by pairs."""
    levels: list[PricedZones] = []
    total = 0
    for size in range(problem.options.size_min, problem.size_max + 1):
        bound = cost_filter.pair_bound(problem, size)
        level = _SizeSearch(size, bound, partial(_few_enough, monitor, limit - total))
        members = _cliques(problem, compatible, cost_filter, level)
        if members is None:
            raise TooManyCandidatesError(problem, limit, limit, size)
        members = members[whole_groups(problem, members)]
        total += len(members)
        levels.append(priced(problem, members))
    candidates = stacked(levels, problem)
    return candidates.take(np.flatnonzero(cost_filter.passes(problem, candidates)))


def _few_enough(monitor: SearchMonitor, limit: int, count: int) -> bool:
    """Report to the monitor; return whether a number of sets is within the limit."""
    monitor.report()
    return count <= limit


@dataclass(frozen=True, eq=False)
class _SizeSearch:
    """Search parameters for the zones of one size."""

    size: int
    bound: PairBound  # The lower bound on their costs.
    few_enough: Callable[[int], bool]  # Returns whether the intermediate sets are few enough.


def _cliques(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    cost_filter: ReducedCostFilter,
    level: _SizeSearch,
) -> NDArray[np.uint16] | None:
    """Return the cliques of a size that may pass the filter, ``uint16[zone, size]``.

    ``None`` if the intermediate sets are too many.
    """
    size, bound = level.size, level.bound
    target = cost_filter.max_reduced_cost + cost_filter.zone_dual - bound.constant + _SLACK
    single = bound.single - cost_filter.duals
    if size == 1:
        return np.flatnonzero(single <= target).astype(np.uint16)[:, None]
    share = single / (size - 1)
    pairs = np.where(compatible, bound.pairs + share[:, None] + share[None, :], inf)
    other_zone = problem.zone_of[:, None] != problem.zone_of[None, :]
    pairs += cost_filter.move_price / (size - 1) * other_zone
    members = np.arange(problem.size, dtype=np.uint16)[:, None]
    sums = np.zeros(problem.size)
    for length in range(2, size + 1):
        highest = target * comb(length, 2) / comb(size, 2) + _SLACK
        longer = [np.empty((0, length), np.uint16)]
        totals = [np.empty(0)]
        count = 0
        for start in range(0, len(members), _CHUNK):
            part = slice(start, start + _CHUNK)
            cliques, cliques_sums = _extended(members[part], sums[part], pairs, highest)
            if cost_filter.max_moves is not None:
                # Another lycée never reduces the moves: a set with too many moves is dropped.
                few = minimum_moves(problem, cliques.T) <= cost_filter.max_moves
                cliques, cliques_sums = cliques[few], cliques_sums[few]
            first = _distinct(cliques)
            longer.append(cliques[first])
            totals.append(cliques_sums[first])
            count += len(first)
            if not level.few_enough(count):
                return None
        members, sums = np.concatenate(longer), np.concatenate(totals)
        first = _distinct(members)
        members, sums = members[first], sums[first]
    return members


def _extended(
    members: NDArray[np.uint16],
    sums: NDArray[np.float64],
    pairs: NDArray[np.float64],
    highest: float,
) -> tuple[NDArray[np.uint16], NDArray[np.float64]]:
    """Return sets with another lycée (ascending), and their sums of q, up to ``highest``."""
    after = sums[:, None] + pairs[members].sum(axis=1)
    row, lycee = np.nonzero(after <= highest)
    cliques = np.sort(np.column_stack([members[row], lycee.astype(np.uint16)]), axis=1)
    return cliques, after[row, lycee]


def _distinct(members: NDArray[np.uint16]) -> NDArray[np.int64]:
    """Return the rank of the first occurrence of each set, in the ascending order of the sets."""
    order = np.lexsort(members.T[::-1])
    rows = members[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]).any(axis=1)
    return order[new]
