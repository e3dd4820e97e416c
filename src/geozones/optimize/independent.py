"""Split of a problem into independent subproblems by sector, and merge of their results."""

from math import inf

from geozones.domain.proof_status import ProofStatus
from geozones.optimize.answer import NOT_FOUND, PartitionSolution, build_result
from geozones.optimize.executor import Executor, InProcess, effort
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import Result
from geozones.optimize.search_monitor import SearchMonitor
from geozones.optimize.subproblems import BestPlanSubproblem
from geozones.optimize.zone_matching import current_zones, match_zones

#: Seconds of search per unit of ``effort``, roughly; least seconds saved to justify processes.
_PER_EFFORT_S = 4e-5
_WORTHWHILE_S = 2.0


def independent_subproblems(problem: PartitionProblem) -> list[BestPlanSubproblem]:
    """Split a problem into independent subproblems: one for each sector, or a single one."""
    sectors = [sector for sector in problem.sectors if problem.plan.lycees_of(sector)]
    if not problem.options.is_separable or len(sectors) < 2:
        return [BestPlanSubproblem.of(problem, problem.sectors)]
    return [BestPlanSubproblem.of(problem, (sector,)) for sector in sectors]


def choose_executor(subproblems: list[BestPlanSubproblem]) -> Executor:
    """Return the executor that is the fastest on this machine."""
    if len(subproblems) == 1:
        return InProcess()
    efforts = [effort(subproblem) for subproblem in subproblems]
    # With any number of processes, the hardest subproblem takes its own time.
    if (sum(efforts) - max(efforts)) * _PER_EFFORT_S < _WORTHWHILE_S:
        return InProcess()
    from geozones.optimize.processes import LocalProcesses, cores  # noqa: PLC0415 - seldom used

    return LocalProcesses(cores()) if cores() > 1 else InProcess()


def combine(
    problem: PartitionProblem,
    subproblems: list[BestPlanSubproblem],
    results: list[Result],
    monitor: SearchMonitor,
) -> Result:
    """Merge the results of all sectors, as a single search would have given them."""
    candidates = sum(result.candidates for result in results)
    bound = sum(result.bound for result in results)
    # if a locked zone has no finite cost, nothing is known of the other zones alone
    bound = bound - problem.locked_cost if problem.locked_cost < inf else 0.0
    for worst in (ProofStatus.INFEASIBLE, ProofStatus.UNKNOWN):
        reasons = [result.why for result in results if result.status is worst]
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
