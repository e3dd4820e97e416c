"""Search of the best plan under some options, with its proof.

If lycées may not change sector and no option spans sectors (no limit of moves, no number of zones,
no total of a resource), the best plan is the best plan of each sector, side by side: the objective
is a sum over zones, each zone is in one sector, and each option is about one zone or one pair of
lycées. These are independent subproblems; anything else is a single subproblem.
"""

from dataclasses import replace
from math import inf

from geozones.domain import Plan, TravelTimes
from geozones.domain.drawn_costs import REGRET, MeanModel
from geozones.domain.proof_status import ProofStatus
from geozones.optimize.answer import PartitionSolution, build_result
from geozones.optimize.contradictions import contradictions
from geozones.optimize.executor import Executor, JointProgress
from geozones.optimize.independent import choose_executor, combine, independent_subproblems
from geozones.optimize.least_regret import least_regret
from geozones.optimize.options import PartitionOptions
from geozones.optimize.problem import Names, build_problem
from geozones.optimize.result import Result
from geozones.optimize.search_monitor import Progress, SearchMonitor


def propose(  # noqa: PLR0913 - one keyword a need
    plan: Plan,
    times: TravelTimes,
    options: PartitionOptions | None = None,
    *,
    names: Names = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Result:
    """Return the plan of least objective that respects the options, with its proof.

    The same input gives the same answer, whatever the order of lycées, zones or times, and on any
    machine, except for a search stopped by its time limit.

    Parameters
    ----------
    plan
        The plan to improve; zones out of scope do not change.
    times
        Minutes between lycées; an unreachable pair never shares a zone.
    names
        Names of the lycées in sentences: a mapping or a function of their id.
    progress
        Called at each step (``search_monitor.Progress``). It may raise ``SearchCancelledError``:
        the incumbent is then returned.
    executor
        Where to search; ``None`` for this machine, in processes of its own where that is faster.

    Raises
    ------
    InputError
        If the options name something that the plan lacks, or allow too many candidates.
    ExecutorError
        If the executor cannot start or finish the search.
    """
    options = options or PartitionOptions()
    problem = build_problem(plan, times, options, names)
    monitor = SearchMonitor(progress, options.time_limit)
    reasons = contradictions(problem)
    if reasons:
        return build_result(
            problem,
            0,
            PartitionSolution(ProofStatus.INFEASIBLE, inf, why=" ".join(reasons)),
            monitor,
        )
    if options.robust == REGRET and isinstance(options.cost, MeanModel):
        return least_regret(problem, options.cost.drawn, progress, executor)
    subproblems = independent_subproblems(problem)
    chosen = choose_executor(subproblems) if executor is None else executor
    results = chosen.solve_all(subproblems, JointProgress(subproblems, monitor))
    if len(results) == 1:
        return replace(results[0], seconds=monitor.seconds)
    return combine(problem, subproblems, results, monitor)
