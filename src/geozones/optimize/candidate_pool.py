"""Pool of candidates whose reduced cost fits the gap, and the moves that options require."""

from dataclasses import replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.domain.yearly_cost import PairBoundedCosts
from geozones.optimize.candidates import (
    MAX_CANDIDATES,
    Candidates,
    TooManyCandidatesError,
    enumerate_candidates,
)
from geozones.optimize.enumeration import NEAREST, minimum_moves
from geozones.optimize.highs_programs import first_columns, relax
from geozones.optimize.model import Model, build_model, find_columns
from geozones.optimize.plan_bounds import compatible_pairs
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.relaxed_pool import (
    CandidatePool,
    SearchSpace,
    generated_pool,
    listed_pool,
    near_candidates,
    priced_pool,
    sifted_pool,
)
from geozones.optimize.result import (
    MatchedZone,
    SearchMonitor,
    current_zones,
    match_zones,
    rebuild_plan,
)
from geozones.optimize.sieve import ReducedCostSieve
from geozones.optimize.solve import minimise

#: Up to this number, enumerating all candidates is faster than pricing them; candidates in one
#: piece on the map are always enumerated.
FULL_ENUMERATION_LIMIT = 300_000
#: Most enumerations of all the sets, and how far beyond the gap the next one holds zones, as a
#: share of the objective.
_SIFTS = 3
_BEYOND = 0.01


def choose_search_space(problem: PartitionProblem, monitor: SearchMonitor) -> SearchSpace:
    """Return the candidates that the best plan may use: all, or fewer if they are many.

    Leaving some out takes an incumbent, sought among zones of near lycées; without an incumbent,
    all are listed if possible. With an incumbent, a stop is not raised: the near candidates are
    returned. If the candidates that a better plan may use are still too many, those of least
    reduced cost are returned, and ``ceiling`` is the objective up to which they prove anything.
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
    if problem.zone_rules.adjacent is None:
        space = _sifted_space(problem, compatible, monitor)
        if space is not None:
            return space
    every = enumerate_candidates(problem, compatible, monitor)
    if problem.max_moves is None:
        return SearchSpace(every)
    pool = listed_pool(problem, compatible, every, monitor)
    objective, incumbent = _incumbent_among(problem, pool.likely(), monitor)
    if incumbent is None:
        return SearchSpace(every)
    return pool.space_up_to(objective, incumbent, monitor)


def _sifted_space(
    problem: PartitionProblem, compatible: NDArray[np.bool_], monitor: SearchMonitor
) -> SearchSpace | None:
    """Return the candidates of the plans better than one made of near lycées.

    ``None`` if there is no such plan, or too many near lycées. All the zones are looked at, and
    only those of low reduced cost are held; again, if the duals change much with them.
    """
    try:
        near = near_candidates(problem, compatible, NEAREST, monitor)
    except TooManyCandidatesError:
        return None
    pool = generated_pool(problem, compatible, near, None, monitor)
    objective, incumbent = _incumbent_among(problem, near, monitor)
    if incumbent is None:
        return None
    space, within = SearchSpace(near, incumbent, 0.0), inf
    try:
        for _ in range(_SIFTS):
            monitor.report(incumbent=objective)
            sieve = ReducedCostSieve(problem, pool.cost_filter, within)
            held = enumerate_candidates(problem, compatible, monitor, MAX_CANDIDATES, sieve)
            pool = sifted_pool(pool, held, sieve, monitor)
            better, found = _incumbent_among(problem, pool.likely(), monitor)
            if found is not None and better < objective:
                objective, incumbent = better, found
            space = pool.space_up_to(objective, incumbent, monitor)
            monitor.report(bound=min(pool.bound, objective), incumbent=objective)
            if space.ceiling >= objective:
                break
            within = objective - pool.root.bound + _BEYOND * objective
    except SearchCancelledError:
        pass
    return space


def open_pool(problem: PartitionProblem, monitor: SearchMonitor) -> CandidatePool:
    """Return the pool of a problem without a limit of moves, for searches under several limits."""
    compatible = compatible_pairs(problem)
    try:
        candidates = enumerate_candidates(problem, compatible, monitor, MAX_CANDIDATES)
    except TooManyCandidatesError:
        if not isinstance(problem.zone_costs, PairBoundedCosts):
            raise
        return priced_pool(problem, compatible, monitor)
    return listed_pool(problem, compatible, candidates, monitor)


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


def _priced_pool_or_none(
    problem: PartitionProblem, compatible: NDArray[np.bool_], monitor: SearchMonitor
) -> CandidatePool | None:
    """Return the pool by column generation; ``None`` if there are too many candidates.

    Also ``None`` if the costs have no bound by pairs.
    """
    if not isinstance(problem.zone_costs, PairBoundedCosts):
        return None
    try:
        return priced_pool(problem, compatible, monitor)
    except TooManyCandidatesError:
        return None


#: Number of candidates of least reduced cost for the first search of a plan of few moves.
_LIKELY = 50_000
#: Most seconds to find the number of required moves.
_COUNTING_S = 10.0


def minimum_departures(problem: PartitionProblem) -> int:
    """Return how many lycées at least must leave old zones that are too large."""
    most = problem.options.size_max
    return sum(max(len(members) - most, 0) for members in problem.old_members)


def fewest_moves(
    problem: PartitionProblem, candidates: Candidates, monitor: SearchMonitor
) -> tuple[int, int] | None:
    """Return a lower bound on the moves that the options need, and a sufficient number.

    They are equal unless the search was stopped, or grew too long or too large. ``None`` if no
    number suffices, or none was found.

    First without rows (5) of ``model``: two zones may continue the same old zone, which gives a
    bound. Then with them, for fewer moves than the sufficient number.
    """
    monitor = monitor.inner(_COUNTING_S)
    free = replace(problem, options=replace(problem.options, max_moves=None))
    model = build_model(free, candidates)
    least_moves = minimum_moves(free, candidates.members).astype(float)
    model = model.with_cost(least_moves[model.candidate])
    least = minimise(model, candidates, monitor)
    if not least.proven or least.chosen is None:
        return None
    zones = [candidates.zone(int(model.candidate[column])) for column in least.chosen]
    sectors = model.sector[least.chosen].tolist()
    moves = rebuild_plan(free, match_zones(free, zones, sectors)).plan.moves_from(problem.plan)
    low, high = max(round(least.objective), minimum_departures(problem)), len(moves)
    if low == high:
        return low, high
    return _narrowed(problem, candidates, model, (low, high), monitor)


def _narrowed(
    problem: PartitionProblem,
    candidates: Candidates,
    model: Model,
    between: tuple[int, int],
    monitor: SearchMonitor,
) -> tuple[int, int]:
    """Search plans of fewer moves with rows (5); return closer bounds on the moves needed.

    ``model`` counts the moves of each candidate without these rows.
    """
    low, high = between
    try:
        root = relax(model, first_columns(model, candidates), monitor)
        order = np.argsort(root.reduced, kind="stable")[:_LIKELY]
        likely = np.unique(model.candidate[order]).astype(np.int64)
        for among in (candidates.take(likely), candidates):
            limited = replace(problem, options=replace(problem.options, max_moves=high - 1))
            model = build_model(limited, among)
            search = minimise(model.with_cost(model.moved.astype(float)), among, monitor.inner())
            if search.chosen is not None:
                high = int(model.moved[search.chosen].sum())
            if among is candidates and search.proven:
                low = high
    except (InputError, SearchCancelledError):
        pass  # too many columns, or stopped: the bounds so far hold
    return low, high
