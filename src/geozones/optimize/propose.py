"""Search of the best plan under some options, sector by sector where it may be; its frontier.

If lycées may not change sector and no option spans sectors (no limit of moves, no
number of zones, no total of a resource), the best plan is the best plan of each sector, side by
side: the objective is a sum over zones, each zone is in one sector, and each option is about one
zone or one pair of lycées. These are independent subproblems; anything else is a single subproblem.

The Pareto frontier of moves has the best objective for 0, 1, 2… moves, up to the optimum.
"""

from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from math import inf

from geozones.common.french import plural
from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.answer import (
    ENUMERATION,
    NOT_BETTER,
    NOT_FOUND,
    CandidatePool,
    PartitionSolution,
    SearchSpace,
    ZoneList,
    best_of,
    build_result,
    current_plan_solution,
    fewest_moves,
    listed_zones,
    minimum_departures,
    relaxed_pool,
    solve_over,
    solve_problem,
    undivided_solution,
)
from geozones.optimize.executor import Subproblem, cores, processes, solve_all
from geozones.optimize.model import build_model, find_columns
from geozones.optimize.problem import Names, PartitionOptions, PartitionProblem, build_problem
from geozones.optimize.result import (
    MatchedZone,
    Progress,
    Result,
    SearchMonitor,
    current_zones,
    gap_of,
    match_zones,
)
from geozones.optimize.solve import SAME

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


#: Zones within the gap of a point that are searched at once, without the relaxation of its moves.
_AT_ONCE = 300_000


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """Best plan of at most ``max_moves`` moves, proven."""

    max_moves: int
    result: Result


@dataclass(frozen=True, slots=True)
class Frontier:
    """Pareto frontier of moves and objective."""

    #: From the fewest moves that respect the options to the optimum, each proven.
    points: tuple[FrontierPoint, ...]
    best: Result  # The best plan found, within the limit of moves if there is one.
    #: Whether every point is present; false if the search was stopped early, or the candidates are
    #: too many to be held for a curve.
    complete: bool
    why: str = ""  # Why there is no point, in French; empty otherwise.


def frontier(
    plan: Plan,
    times: TravelTimes,
    options: PartitionOptions | None = None,
    *,
    names: Names = None,
    progress: Progress | None = None,
) -> Frontier:
    """Return the best plan for each number of moves, each proven, up to the optimum of any number.

    ``options.max_moves`` is the last number of moves, if given; ``options.time_limit`` is for the
    whole frontier. The other parameters are as for ``propose``.
    """
    options = options or PartitionOptions()
    asked = build_problem(plan, times, options, names)
    problem = replace(asked, options=replace(options, max_moves=None))
    monitor = SearchMonitor(progress, options.time_limit, problem.locked_cost)
    last = options.max_moves
    listing: ZoneList | None = None
    pool: CandidatePool | None = None
    optimum = undivided_solution(problem)
    try:
        if optimum is None:
            monitor.report(ENUMERATION)
            listing = listed_zones(problem, monitor)
            if not listing.whole and last is not None:
                # Too many zones for a curve, not always within so many moves.
                best = solve_problem(asked, monitor)
                return Frontier(
                    (), best, best.status is ProofStatus.INFEASIBLE, _why_no_point(best)
                )
            pool = relaxed_pool(problem, listing, monitor) if listing.whole else None
            optimum = best_of(problem, listing, monitor, pool)
        monitor.report()
    except SearchCancelledError:
        pool = None
        optimum = optimum or current_plan_solution(problem)
    compared = 0 if listing is None else len(listing.zones)
    best = build_result(problem, compared, optimum, monitor)
    if pool is None or optimum.status is not ProofStatus.OPTIMAL:
        if last is not None and len(best.moves) > last:
            within = replace(current_plan_solution(asked), bound=optimum.bound)
            best = build_result(asked, compared, within, monitor)
        complete = optimum.status is ProofStatus.INFEASIBLE
        return Frontier((), best, complete, _why_no_point(best))
    curve = _Curve(problem, pool, optimum, best, monitor, progress)
    complete = curve.add_points(last)
    best = curve.within(last)
    complete = complete or best.status is ProofStatus.INFEASIBLE
    why = "" if curve.points else _why_no_point(best)
    return Frontier(tuple(curve.points), best, complete, why)


def _why_no_point(best: Result) -> str:
    return best.why or ("" if best.moves else NOT_BETTER)


@dataclass(eq=False)
class _Curve:
    """Points of the frontier so far; each search starts from the plan of the previous point."""

    problem: PartitionProblem
    pool: CandidatePool
    optimum: PartitionSolution
    best: Result
    monitor: SearchMonitor
    progress: Progress | None
    points: list[FrontierPoint] = field(default_factory=list)

    def add_points(self, last: int | None) -> bool:
        """Add the points in order; return whether all of them could be proven."""
        least, moves = self._fewest(last)
        whole = moves == least
        known: list[MatchedZone] | None = None
        while last is None or moves <= last:
            answer = self._answer(moves, known)
            if answer.status is not ProofStatus.OPTIMAL:
                return False
            known = answer.matched
            self._add(moves, answer)
            if self.points[-1].result.objective_after <= self.best.objective_after + SAME:
                break
            moves += 1
        return whole

    def within(self, last: int | None) -> Result:
        """Return the best plan of at most ``last`` moves, once the points are added."""
        if last is None or len(self.best.moves) <= last:
            return self.best
        if not self.points:
            answer = self._answer(last, None)
            if answer.status is ProofStatus.UNKNOWN and not answer.why:
                answer = current_plan_solution(self._with(last))
            if answer.status is ProofStatus.OPTIMAL:
                self._add(last, answer)
            return build_result(self._with(last), self._compared, answer, self.monitor)
        point = self.points[-1]
        result = replace(point.result, seconds=self.monitor.seconds)
        if point.max_moves == last:
            return result
        # Stopped early: this is the best for fewer moves, and nothing is proven for more.
        bound = self.best.bound
        gap = gap_of(bound, result.objective_after)
        return replace(result, status=ProofStatus.FEASIBLE, bound=bound, gap=gap, why="")

    def _fewest(self, last: int | None) -> tuple[int, int]:
        """Return a lower bound on the moves that the options need, and a sufficient number."""
        zones = self.pool.listing.zones
        model = build_model(self.problem, zones)
        if find_columns(model, zones, self.problem, current_zones(self.problem)) is not None:
            return 0, 0
        least = minimum_departures(self.problem)
        if last is not None and least > last:
            return least, least
        moves = fewest_moves(self.problem, zones, self.monitor)
        # A stopped search may return none, or more than the best plan has.
        low, high = moves or (least, inf)
        return low, int(min(high, len(self.best.moves)))

    def _add(self, moves: int, answer: PartitionSolution) -> None:
        result = build_result(self._with(moves), self._compared, answer, SearchMonitor())
        self.points.append(FrontierPoint(moves, result))

    def _answer(self, moves: int, known: list[MatchedZone] | None) -> PartitionSolution:
        """Return the best partition within a number of moves: the optimum, if it needs no more."""
        if len(self.best.moves) <= moves:
            return self.optimum
        monitor = SearchMonitor(
            self._labelled_progress(moves), self.monitor.seconds_left, self.problem.locked_cost
        )
        # It costs no more than the best plan of a move less, or, without moves, the current plan.
        worst = self.points[-1].result.objective_after if self.points else inf
        if moves == 0:
            worst = self.best.objective_before
        if self.problem.locked_cost < inf:
            worst -= self.problem.locked_cost
        asked, candidates = self._with(moves), self.pool.up_to(worst)
        try:
            if len(candidates) <= _AT_ONCE:
                return solve_over(asked, SearchSpace(candidates, known), monitor)
            return best_of(asked, self.pool.listing, monitor)
        except SearchCancelledError:
            return PartitionSolution(ProofStatus.UNKNOWN, 0.0)

    @property
    def _compared(self) -> int:
        return len(self.pool.listing.zones)

    def _with(self, moves: int) -> PartitionProblem:
        options = replace(self.problem.options, max_moves=moves)
        return replace(self.problem, options=options)

    def _labelled_progress(self, moves: int) -> Progress | None:
        """Return the listener, with the number of moves added to each phase."""
        listener = self.progress
        if listener is None:
            return None

        def listen(phase: str, bound: float, incumbent: float, gap: float) -> None:
            listener(
                f"{phase or ENUMERATION}, {plural(moves, 'déplacement')}", bound, incumbent, gap
            )

        return listen
