"""Search of the best plan under some options, sector by sector where it may be.

If lycées may not change sector and no option spans sectors (no limit of moves, no
number of zones, no total of a resource), the best plan is the best plan of each sector, side by
side: the objective is a sum over zones, each zone is in one sector, and each option is about one
zone or one pair of lycées. These are independent subproblems; anything else is a single subproblem.
"""

from concurrent.futures import Executor
from math import inf

from geozones.domain import Plan, TravelTimes
from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.answer import NOT_FOUND, PartitionSolution, build_result, solve_problem
from geozones.optimize.executor import Subproblem, cores, processes, solve_all
from geozones.optimize.problem import Names, PartitionOptions, PartitionProblem, build_problem
from geozones.optimize.result import (
    Progress,
    Result,
    SearchMonitor,
    current_zones,
    match_zones,
)

#: Seconds of search per unit of ``effort``, roughly; least seconds saved to justify processes.
_PER_EFFORT_S = 4e-5
_WORTHWHILE_S = 2.0


def are_long(subproblems: list[Subproblem]) -> bool:
    """Return whether processes of their own would answer sooner than this one."""
    efforts = [subproblem.effort for subproblem in subproblems]
    # With any number of processes, the hardest subproblem takes its own time.
    saved = (sum(efforts) - max(efforts)) * _PER_EFFORT_S
    return saved >= _WORTHWHILE_S and cores() > 1


def combine(
    problem: PartitionProblem,
    subproblems: list[Subproblem],
    results: list[Result],
    monitor: SearchMonitor,
) -> Result:
    """Merge the results of all sectors, as a single search would have given them."""
    candidates = sum(result.candidates for result in results)
    bound = sum(result.bound for result in results)
    # if a locked zone has no finite cost, nothing is known of the other zones alone
    bound = bound - problem.locked_cost if problem.locked_cost < inf else 0.0
    for worst in (ProofStatus.INFEASIBLE, ProofStatus.UNKNOWN):
        reasons = list(dict.fromkeys(one.why for one in results if one.status is worst))
        if reasons:
            why = NOT_FOUND if worst is ProofStatus.UNKNOWN else " ".join(reasons[:5])
            return build_result(
                problem, candidates, PartitionSolution(worst, bound, why=why), monitor
            )
    proven = all(result.status is ProofStatus.OPTIMAL for result in results)
    status = ProofStatus.OPTIMAL if proven else ProofStatus.FEASIBLE
    if not any(result.moves for result in results):
        return build_result(
            problem, candidates, PartitionSolution(status, bound, current_zones(problem)), monitor
        )
    zones = [
        tuple(problem.index[lycee] for lycee in result.plan.members(zone.id))
        for subproblem, result in zip(subproblems, results, strict=True)
        for zone in result.plan.zones
        if zone.sector in subproblem.options.sectors
        and zone.id not in problem.options.locked_zones
        and result.plan.members(zone.id)
    ]
    matched = match_zones(problem, zones)
    return build_result(problem, candidates, PartitionSolution(status, bound, matched), monitor)


def propose(
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
    machine, except for a search stopped by its time limit. Zones out of scope do not change, and an
    unreachable pair never shares a zone.

    ``names`` gives the lycées names in sentences: a mapping, or a function of their id.
    ``progress`` is called at each step; if it raises ``SearchCancelledError``, the incumbent is
    returned. ``executor`` searches sectors side by side (`executor.processes`, `executor.cluster`);
    without one, this machine does, in processes of its own where that is faster.
    """
    options = options or PartitionOptions()
    problem = build_problem(plan, times, options, names)
    # split a problem into independent subproblems: one for each sector, or a single one
    sectors = [sector for sector in problem.sectors if problem.plan.lycees_of(sector)]
    if not problem.options.is_separable or len(sectors) < 2:
        subproblems = [Subproblem.of(problem, problem.sectors)]
    else:
        subproblems = [Subproblem.of(problem, (sector,)) for sector in sectors]
    if len(subproblems) == 1:
        monitor = SearchMonitor(progress, options.time_limit, problem.locked_cost)
        return solve_problem(problem, monitor)
    monitor = SearchMonitor(progress, options.time_limit)
    if executor is None and are_long(subproblems):
        with processes(min(cores(), len(subproblems))) as pool:
            results = solve_all(subproblems, monitor, pool)
    else:
        results = solve_all(subproblems, monitor, executor)
    return combine(problem, subproblems, results, monitor)
