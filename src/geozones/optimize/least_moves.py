"""How many moves the options of a search need, where it has fewer: said beside « impossible »."""

from dataclasses import replace

import numpy as np

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import Candidates, minimum_moves
from geozones.optimize.highs_programs import first_columns, relax
from geozones.optimize.model import Model, build_model
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import SearchMonitor, match_zones, rebuild_plan
from geozones.optimize.solve import minimise

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
