"""Pool of candidates whose reduced cost fits the incumbent gap, or of all if they are few.

Let ``bound`` be the bound of the linear relaxation. A plan of cost at most ``objective`` has no
candidate of reduced cost above ``objective - bound`` (see ``pricing``): an incumbent leaves few
candidates to search.
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import SearchCancelledError
from geozones.domain.zone_costs import PairBoundedCosts
from geozones.optimize.candidates import (
    MAX_CANDIDATES,
    Candidates,
    TooManyCandidatesError,
    enumerate_candidates,
)
from geozones.optimize.compatibility import compatible_pairs
from geozones.optimize.enumeration import (
    ReducedCostFilter,
    filtered_candidates,
    minimum_moves,
    near_pairs,
)
from geozones.optimize.model import Model, build_model, find_columns
from geozones.optimize.pricing import Relaxation, first_columns, relax
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.search_monitor import SearchMonitor
from geozones.optimize.solve import minimise
from geozones.optimize.zone_matching import MatchedZone, current_zones

#: Up to this number, enumerating all candidates is faster than pricing them; candidates in one
#: piece on the map are always enumerated.
FULL_ENUMERATION_LIMIT = 300_000
#: Reduced costs per lycée closer than this count as equal.
_ZERO = 1e-6
#: Number of candidates of least reduced cost for the first search of an incumbent.
_LIKELY = 50_000
#: Shares of the gap, tried in this order until the candidates within are few enough to list.
_GAP_SHARES = (1.0, 0.75, 0.5, 0.25)


@dataclass(frozen=True, eq=False)
class SearchSpace:
    """Candidates to search, and what is known before the search.

    Parameters
    ----------
    start
        The zones of a plan that respects the options, if one is known.
    ceiling
        Every plan of at most this objective is made of these candidates.
    """

    candidates: Candidates
    start: list[MatchedZone] | None = None
    ceiling: float = inf


@dataclass(frozen=True, eq=False)
class CandidatePool:
    """Candidates listed so far, and a lower bound on the plans made of any candidates.

    Parameters
    ----------
    compatible
        ``bool[n, n]``: which lycées may share a zone.
    listed
        Every candidate if ``whole``; otherwise the candidates of the relaxation.
    root
        The linear relaxation over every candidate, listed or not.
    cost_filter
        Finds the candidates of low reduced cost that are not listed.
    """

    problem: PartitionProblem
    compatible: NDArray[np.bool_]
    listed: Candidates
    root: Relaxation
    cost_filter: ReducedCostFilter
    whole: bool

    def space_up_to(
        self, objective: float, incumbent: list[MatchedZone], monitor: SearchMonitor
    ) -> SearchSpace:
        """Return the candidates of all plans up to an objective, the objective of ``incumbent``.

        If they are too many to list, return the candidates of plans closer to the bound. When
        stopped, do not raise: return the candidates already listed.
        """
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

    def up_to(self, objective: float, monitor: SearchMonitor) -> Candidates:
        """Return every candidate that a plan of at most this objective may use (and others).

        Raises
        ------
        TooManyCandidatesError
            If there are too many candidates.
        """
        if self.whole and objective == inf:
            return self.listed
        gap = objective - self.root.bound + _ZERO * (self.problem.size + 1)
        if self.whole:
            return self.listed.take(np.flatnonzero(self.root.reduced <= gap))
        within_gap = replace(self.cost_filter, max_reduced_cost=gap)
        return filtered_candidates(self.problem, self.compatible, within_gap, monitor)


def choose_search_space(problem: PartitionProblem, monitor: SearchMonitor) -> SearchSpace:
    """Return the candidates that the best plan may use: all, or fewer if they are many.

    Leaving some out takes an incumbent, sought among zones of near lycées; without an incumbent,
    all are listed if possible. With an incumbent, a stop is not raised: the near candidates are
    returned. If the candidates that a better plan may use are still too many, those of least
    reduced cost are returned, and ``ceiling`` is the objective up to which they prove anything.

    Raises ------ TooManyCandidatesError If there are too many candidates, and no incumbent to leave
    some out.
    """
    compatible = compatible_pairs(problem)
    grown = problem.zone_rules.adjacent is not None and problem.max_moves is None
    few = MAX_CANDIDATES if grown else FULL_ENUMERATION_LIMIT
    try:
        return SearchSpace(enumerate_candidates(problem, compatible, monitor, few))
    except TooManyCandidatesError:
        pool = _priced_pool_or_none(problem, compatible, monitor)
        if pool is None and grown:
            raise
    if pool is not None:
        objective, incumbent = _incumbent_among(problem, pool.listed, monitor)
        if incumbent is not None:
            return pool.space_up_to(objective, incumbent, monitor)
    every = enumerate_candidates(problem, compatible, monitor, MAX_CANDIDATES)
    if problem.options.max_moves is None:
        return SearchSpace(every)
    pool = _listed_pool(problem, compatible, every, monitor)
    likely = np.sort(np.argsort(pool.root.reduced, kind="stable")[:_LIKELY])
    objective, incumbent = _incumbent_among(problem, every.take(likely), monitor)
    if incumbent is None:
        return SearchSpace(every)
    return pool.space_up_to(objective, incumbent, monitor)


def open_pool(problem: PartitionProblem, monitor: SearchMonitor) -> CandidatePool:
    """Return the pool of a problem without a limit of moves, for searches under several limits.

    Raises
    ------
    TooManyCandidatesError
        If not even the zones of near lycées can be listed; or too many, where the costs have no
        bound by pairs.
    """
    compatible = compatible_pairs(problem)
    try:
        candidates = enumerate_candidates(problem, compatible, monitor, MAX_CANDIDATES)
    except TooManyCandidatesError:
        if not isinstance(problem.zone_costs, PairBoundedCosts):
            raise
        return _priced_pool(problem, compatible, monitor)
    return _listed_pool(problem, compatible, candidates, monitor)


def _listed_pool(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    every: Candidates,
    monitor: SearchMonitor,
) -> CandidatePool:
    """Solve the relaxation over every candidate, with all of them listed."""
    model = _bounding_model(problem, _without_move_limit(problem), every)
    root = relax(model, first_columns(model, every), monitor.inner())
    return CandidatePool(problem, compatible, every, root, _filter_of(problem, root), whole=True)


def _priced_pool_or_none(
    problem: PartitionProblem, compatible: NDArray[np.bool_], monitor: SearchMonitor
) -> CandidatePool | None:
    """Return the pool by column generation; ``None`` if there are too many candidates.

    Also ``None`` if the costs have no bound by pairs.
    """
    if not isinstance(problem.zone_costs, PairBoundedCosts):
        return None
    try:
        return _priced_pool(problem, compatible, monitor)
    except TooManyCandidatesError:
        return None


def _priced_pool(
    problem: PartitionProblem, compatible: NDArray[np.bool_], monitor: SearchMonitor
) -> CandidatePool:
    """Solve the relaxation over every candidate by column generation, from zones of near lycées.

    Under a limit of moves, the moves of each zone count as if it continued the best-suited old
    zone, whatever the other zones do: this is a relaxation, so its bound is valid.
    """
    free = _without_move_limit(problem)
    listed = enumerate_candidates(free, near_pairs(free, compatible), monitor)
    model = _bounding_model(problem, free, listed)
    root = relax(model, first_columns(model, listed), monitor.inner())
    while True:
        cost_filter = _filter_of(problem, root)
        entering = filtered_candidates(problem, compatible, cost_filter, monitor)
        more = listed.joined(entering)
        if len(more) == len(listed):
            return CandidatePool(problem, compatible, listed, root, cost_filter, whole=False)
        first = np.append(root.columns, np.arange(len(listed), len(more)))
        listed, model = more, _bounding_model(problem, free, more)
        root = relax(model, first, monitor.inner())


def _without_move_limit(problem: PartitionProblem) -> PartitionProblem:
    """Return a problem without limits on moves and sectors: its bounds stay valid."""
    free = replace(problem.options, max_moves=None, sector_bounds=(), sector_costs=())
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


def _incumbent_among(
    problem: PartitionProblem, candidates: Candidates, monitor: SearchMonitor
) -> tuple[float, list[MatchedZone] | None]:
    """Return the objective and the zones of the best plan made of some candidates.

    ``inf`` and ``None`` if no plan that respects the options is found.
    """
    model = build_model(problem, candidates)
    start = find_columns(model, candidates, problem, current_zones(problem))
    search = minimise(model, candidates, monitor.inner(), start)
    if search.chosen is None:
        return inf, None
    return search.objective, [
        MatchedZone(
            candidates.zone(int(model.candidate[column])),
            int(model.zone[column]),
            int(model.sector[column]),
        )
        for column in search.chosen
    ]
