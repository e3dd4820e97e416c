"""The question a planner asks: the best plan under some options, proven.

Where lycées may not change sector and nothing counts over several of them (no limit of moves, no
number of zones), the best plan is the best of each sector, side by side: the objective is a sum
over zones, each zone is in one sector, and each option is about one zone or one pair of lycées.
Those are asked apart; anything else is asked as one.
"""

from dataclasses import replace
from math import inf

from geozones.domain import Plan, TravelTimes
from geozones.optimize.answer import NOT_FOUND, Answer, result_of
from geozones.optimize.diagnose import contradictions
from geozones.optimize.executor import Board, Executor, InProcess, effort
from geozones.optimize.identity import given, with_identities
from geozones.optimize.options import Options
from geozones.optimize.problem import Names, Problem, build_problem
from geozones.optimize.questions import BestPlan
from geozones.optimize.result import Result, Status
from geozones.optimize.watch import Progress, Watch

#: Seconds of search for a pair of lycées, or so, and seconds to gain for processes to be worth it.
_PER_EFFORT_S = 4e-5
_WORTH_S = 2.0


def propose(  # noqa: PLR0913 - one keyword a need
    plan: Plan,
    times: TravelTimes,
    options: Options | None = None,
    *,
    names: Names = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Result:
    """Return the plan of least objective that respects the options, with its proof.

    The same input gives the same answer, whatever the order of lycées, zones or times, and wherever
    it is searched; but for a search stopped by its time limit.

    Parameters
    ----------
    plan
        The plan to better; what is out of scope stays as it is.
    times
        Minutes between lycées; an unreachable pair never shares a zone.
    names
        How lycées are called in sentences: a mapping or a function of their id.
    progress
        Told of each step; it may raise ``SearchCancelledError``: the best found is returned.
    executor
        Where to search; ``None`` for this machine, in processes of its own where that is faster.

    Raises
    ------
    InputError
        If the options name what the plan has not, or make too many candidates to compare.
    ExecutorError
        If the executor cannot search, or not to the end.
    """
    options = options or Options()
    problem = build_problem(plan, times, options, names)
    watch = Watch(progress, options.time_limit)
    reasons = contradictions(problem)
    if reasons:
        return result_of(problem, 0, Answer(Status.INFEASIBLE, inf, why=" ".join(reasons)), watch)
    questions = independent(problem)
    where = here(questions) if executor is None else executor
    results = where.answers(questions, Board(questions, watch))
    if len(results) == 1:
        return replace(results[0], seconds=watch.seconds)
    return side_by_side(problem, questions, results, watch)


def independent(problem: Problem) -> list[BestPlan]:
    """Split a problem into questions that do not hang on one another: one, or one a sector."""
    options = problem.options
    whole = options.change_sector or options.max_moves is not None or options.zone_count is not None
    sectors = [sector for sector in problem.sectors if problem.plan.lycees_of(sector)]
    if whole or len(sectors) < 2:
        return [BestPlan.of(problem, problem.sectors)]
    return [BestPlan.of(problem, (sector,)) for sector in sectors]


def here(questions: list[BestPlan]) -> Executor:
    """Return the faster way to answer on this machine."""
    if len(questions) == 1:
        return InProcess()
    efforts = [effort(question) for question in questions]
    # With as many processes as one likes, the hardest question is still to be answered.
    if (sum(efforts) - max(efforts)) * _PER_EFFORT_S < _WORTH_S:
        return InProcess()
    from geozones.optimize.processes import LocalProcesses, cores  # noqa: PLC0415 - seldom used

    return LocalProcesses(cores()) if cores() > 1 else InProcess()


def side_by_side(
    problem: Problem, questions: list[BestPlan], results: list[Result], watch: Watch
) -> Result:
    """Put the answers of all sectors together, as one search would have given them."""
    candidates = sum(result.candidates for result in results)
    bound = sum(result.bound for result in results) - problem.kept_cost
    for worst in (Status.INFEASIBLE, Status.UNKNOWN):
        faults = [result.why for result in results if result.status is worst]
        if faults:
            why = NOT_FOUND if worst is Status.UNKNOWN else " ".join(faults[:5])
            return result_of(problem, candidates, Answer(worst, bound, why=why), watch)
    proven = all(result.status is Status.OPTIMAL for result in results)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    if not any(result.moves for result in results):
        return result_of(problem, candidates, Answer(status, bound, given(problem)), watch)
    zones = [
        tuple(problem.index[lycee] for lycee in result.plan.members(zone.id))
        for question, result in zip(questions, results, strict=True)
        for zone in result.plan.zones
        if zone.sector in question.options.sectors
        and zone.id not in problem.options.locked_zones
        and result.plan.members(zone.id)
    ]
    made = with_identities(problem, zones)
    return result_of(problem, candidates, Answer(status, bound, made), watch)
