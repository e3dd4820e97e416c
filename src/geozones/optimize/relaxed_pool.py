"""Pools of candidates: the relaxation over all of them, and those whose reduced cost fits a gap.

Let ``bound`` be the bound of the linear relaxation. A plan of cost at most ``objective`` has no
candidate of reduced cost above ``objective - bound`` (see ``highs_programs``): an incumbent leaves
few candidates to search.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import (
    Candidates,
    TooManyCandidatesError,
    candidates_of,
    enumerate_candidates,
)
from geozones.optimize.enumeration import (
    NEAREST,
    ReducedCostFilter,
    filtered_candidates,
    minimum_moves,
    near_pairs,
    pairs_within,
)
from geozones.optimize.highs_programs import Relaxation, first_columns, relax
from geozones.optimize.model import Model, build_model
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import MatchedZone, SearchMonitor
from geozones.optimize.sieve import ReducedCostSieve

#: Reduced costs per lycée closer than this count as equal.
_ZERO = 1e-6
#: Number of candidates of least reduced cost for the first search of an incumbent.
_LIKELY = 50_000
#: Shares of the gap, tried in this order until the candidates within are few enough to list.
_GAP_SHARES = (1.0, 0.75, 0.5, 0.25)
#: Most candidates of a whole list that are searched for the optimum: the likeliest.
_SEARCHED = 500_000
#: Most candidates of a whole list that enter the program at once.
_ENTERING = 5000


@dataclass(frozen=True, eq=False)
class SearchSpace:
    """Candidates to search, and what is known before the search."""

    candidates: Candidates
    #: The zones of a plan that respects the options, if one is known.
    start: list[MatchedZone] | None = None
    ceiling: float = inf  # Every plan of at most this objective is made of these candidates.


@dataclass(frozen=True, eq=False)
class CandidatePool:
    """Candidates listed so far, and a lower bound on the plans made of any candidates."""

    problem: PartitionProblem
    compatible: NDArray[np.bool_]  # ``bool[n, n]``: which lycées may share a zone.
    #: Every candidate of a reduced cost below ``floor``, if ``whole``; otherwise the candidates of
    #: the relaxation.
    listed: Candidates
    root: Relaxation  # The linear relaxation over every candidate, listed or not.
    #: Finds the candidates of low reduced cost that are not listed, unless ``whole``.
    cost_filter: ReducedCostFilter
    whole: bool
    floor: float = inf

    def space_up_to(
        self, objective: float, incumbent: list[MatchedZone], monitor: SearchMonitor
    ) -> SearchSpace:
        """Return the candidates of all plans up to an objective, the objective of ``incumbent``.

        If they are too many to list, return the candidates of plans closer to the bound. When
        stopped, do not raise: return the candidates already listed.
        """
        if self.whole:
            return self._likeliest(objective, incumbent)
        known = SearchSpace(self.listed, incumbent, self.root.bound)
        try:
            monitor.report(bound=min(self.root.bound, objective), incumbent=objective)
            for share in _GAP_SHARES:
                ceiling = self.root.bound + share * (objective - self.root.bound)
                try:
                    candidates = self.up_to(ceiling, monitor)
                except TooManyCandidatesError:
                    continue
                if share < 1:  # the incumbent's own zones may exceed this reduced cost
                    candidates = candidates.joined(self.listed)
                return SearchSpace(candidates, incumbent, ceiling)
        except SearchCancelledError:
            return known
        return known

    @property
    def bound(self) -> float:
        """Lower bound on the plans made of any candidates, listed or not."""
        if not self.whole:
            return self.root.bound
        below = min(float(self.root.reduced.min(initial=0.0)), self.floor, 0.0)
        wanted, sizes = self.problem.zone_count, self.problem.options
        most = self.problem.size // sizes.size_min if wanted is None else max(wanted, 0)
        return self.root.bound + most * below

    def likely(self) -> Candidates:
        """Return the listed candidates of least reduced cost, for a first search."""
        order = np.argsort(self.root.reduced, kind="stable")
        return self.listed.take(np.sort(order[:_LIKELY]))

    def _likeliest(self, objective: float, incumbent: list[MatchedZone]) -> SearchSpace:
        """Return the listed candidates of all plans up to an objective, or of the closest plans."""
        bound = self.bound
        gap = min(objective - bound, self.floor) + _ZERO * (self.problem.size + 1)
        within = np.flatnonzero(self.root.reduced <= gap)
        if len(within) > _SEARCHED:
            gap = float(np.partition(self.root.reduced[within], _SEARCHED)[_SEARCHED])
            within = np.flatnonzero(self.root.reduced < gap)
        ceiling = min(objective, bound + max(gap, 0.0))
        candidates = self.listed.take(within)
        # The incumbent's own zones may exceed this reduced cost.
        own = candidates_of(self.problem, [zone.members for zone in incumbent])
        new = [at for at in range(len(own)) if candidates.find(own.zone(at)) is None]
        candidates = candidates.followed_by(own.take(np.array(new, np.int64)))
        return SearchSpace(candidates, incumbent, ceiling)

    def up_to(self, objective: float, monitor: SearchMonitor) -> Candidates:
        """Return every candidate that a plan of at most this objective may use (and others)."""
        if self.whole and objective == inf:
            return self.listed
        gap = objective - self.bound + _ZERO * (self.problem.size + 1)
        if self.whole:
            return self.listed.take(np.flatnonzero(self.root.reduced <= gap))
        within_gap = replace(self.cost_filter, max_reduced_cost=gap)
        return filtered_candidates(self.problem, self.compatible, within_gap, monitor)


def sifted_pool(
    before: CandidatePool, held: Candidates, sieve: ReducedCostSieve, monitor: SearchMonitor
) -> CandidatePool:
    """Return the pool of the candidates that a sieve of an earlier relaxation holds.

    If none has a negative reduced cost, that relaxation is the one over every candidate.
    """
    problem = before.problem
    moves = minimum_moves(problem, held.members) if problem.max_moves is not None else None
    reduced = before.cost_filter.reduced_costs(held, moves)
    if reduced.min(initial=0.0) >= -_ZERO:
        root = replace(before.root, reduced=reduced)
        return replace(before, listed=held, root=root, whole=True, floor=sieve.most)
    return listed_pool(problem, before.compatible, held, monitor, sieve)


def near_candidates(
    problem: PartitionProblem, compatible: NDArray[np.bool_], nearest: int, monitor: SearchMonitor
) -> Candidates:
    """Return the zones of lycées each among the ``nearest`` of others."""
    free = _without_move_limit(problem)
    return enumerate_candidates(free, near_pairs(free, compatible, nearest), monitor)


def listed_pool(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    every: Candidates,
    monitor: SearchMonitor,
    sieve: ReducedCostSieve | None = None,
) -> CandidatePool:
    """Solve the relaxation over every candidate, with all listed that a sieve holds.

    By column generation again: the program has the columns that it needs, and the others, up to
    millions, are only priced.
    """
    near = near_pairs(problem, compatible)
    first = np.flatnonzero(pairs_within(near, every) | _as_today(problem, every))
    moves = minimum_moves(problem, every.members) if problem.max_moves is not None else None
    reduced = np.empty(0)

    def entering(cost_filter: ReducedCostFilter) -> Candidates:
        nonlocal reduced
        reduced = cost_filter.reduced_costs(every, moves)
        monitor.report()
        return every.take(_lowest(reduced, -_ZERO, _ENTERING))

    pool = generated_pool(problem, compatible, every.take(first), entering, monitor)
    floor = inf if sieve is None else sieve.floor(pool.cost_filter)
    root = replace(pool.root, reduced=reduced)
    return replace(pool, listed=every, root=root, whole=True, floor=floor)


def _lowest(values: NDArray[np.float64], below: float, count: int) -> NDArray[np.int64]:
    """Return the ``count`` lowest of the values under ``below`` (ranks), ascending."""
    under = np.flatnonzero(values < below)
    if len(under) > count:
        under = under[np.argpartition(values[under], count)[:count]]
    return np.sort(under)


def _as_today(problem: PartitionProblem, every: Candidates) -> NDArray[np.bool_]:
    """Return which candidates are zones of the current plan, ``bool[candidate]``."""
    same = np.zeros(len(every), bool)
    for zone in problem.current_zones:
        at = every.find(zone)
        if at is not None:
            same[at] = True
    return same


def priced_pool(
    problem: PartitionProblem, compatible: NDArray[np.bool_], monitor: SearchMonitor
) -> CandidatePool:
    """Solve the relaxation over every candidate by column generation, from zones of near lycées.

    Under a limit of moves, the moves of each zone count as if it continued the best-suited old
    zone, whatever the other zones do: this is a relaxation, so its bound is valid.
    """
    listed = near_candidates(problem, compatible, NEAREST, monitor)

    def entering(cost_filter: ReducedCostFilter) -> Candidates:
        return filtered_candidates(problem, compatible, cost_filter, monitor)

    return generated_pool(problem, compatible, listed, entering, monitor)


def generated_pool(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    listed: Candidates,
    entering: Callable[[ReducedCostFilter], Candidates] | None,
    monitor: SearchMonitor,
) -> CandidatePool:
    """Solve the relaxation by column generation, from some candidates.

    ``entering`` returns candidates of negative reduced cost: all of them where they are few.
    ``None`` for the relaxation over these candidates alone.
    """
    free = _without_move_limit(problem)
    model = _bounding_model(problem, free, listed)
    root = relax(model, first_columns(model, listed), monitor.inner())
    while True:
        cost_filter = _filter_of(problem, root)
        more = listed if entering is None else listed.joined(entering(cost_filter))
        if len(more) == len(listed):
            return CandidatePool(problem, compatible, listed, root, cost_filter, whole=False)
        first = np.append(root.columns, np.arange(len(listed), len(more)))
        listed, model = more, _bounding_model(problem, free, more)
        root = relax(model, first, monitor.inner())


def _without_move_limit(problem: PartitionProblem) -> PartitionProblem:
    """Return a problem without limits on moves and sectors: its bounds stay valid."""
    free = replace(problem.options, max_moves=None, sector_costs=())
    return replace(problem, options=free)


def _bounding_model(
    problem: PartitionProblem, free: PartitionProblem, candidates: Candidates
) -> Model:
    """Return the program whose relaxation bounds the plans of a problem.

    ``free`` is the problem without its limit of moves.
    """
    model = build_model(free, candidates)
    allowed = problem.max_moves
    if allowed is None:
        return model
    return model.with_move_limit(minimum_moves(free, candidates.members), allowed)


def _filter_of(problem: PartitionProblem, root: Relaxation) -> ReducedCostFilter:
    """Return the filter for the zones of negative reduced cost, under a relaxation's duals."""
    duals = root.duals[: problem.size]
    others = iter(root.duals[problem.size :].tolist())
    zone_dual = 0.0 if problem.zone_count is None else next(others)
    prices = tuple(
        -next(others) if resource.most < inf else 0.0 for resource in problem.options.resources
    )
    allowed = problem.max_moves
    move_price = 0.0 if allowed is None else -next(others)
    return ReducedCostFilter(duals, zone_dual, -_ZERO, move_price, allowed, prices)
