"""Search of the best plan under some options, sector by sector, or of least regret over draws.

Sector by sector. If lycées may not change sector and no option spans sectors (no limit of moves, no
number of zones, no total of a resource), the best plan is the best plan of each sector, side by
side: the objective is a sum over zones, each zone is in one sector, and each option is about one
zone or one pair of lycées. These are independent subproblems; anything else is a single subproblem.

Least regret. Let D be the draws, c_d(S) the cost of a zone in one of them and b_d the least cost of
a plan there, each found and proven by itself. The plan sought has the least r under rows (10) of
``model`` (minimax regret: Kouvelis and Yu, *Robust Discrete Optimization*, 1997). It is exact for
the draws of D. Since r is sought, (10) are no bounds on resources (3), which are given.

Columns are left out as in ``highs_programs``. Let λ ≥ 0 add up to 1 over D. A plan whose regrets
are U at most costs at most λ·b + U under the costs Σ λ_d c_d: a column whose reduced cost under
them is above that less their bound is in no such plan. λ is uniform at first, then the duals of
(10).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.uncertainty import Floats
from geozones.domain.zone_costs import CHUNK, REGRET, DrawnModel, DrawnZoneCosts, MeanModel
from geozones.optimize.answer import ENUMERATION, NOT_FOUND, PartitionSolution, build_result
from geozones.optimize.candidate_pool import FULL_ENUMERATION_LIMIT
from geozones.optimize.candidates import Candidates, enumerate_candidates
from geozones.optimize.contradictions import contradictions
from geozones.optimize.executor import (
    BestPlanSubproblem,
    Executor,
    InProcess,
    JointProgress,
    effort,
)
from geozones.optimize.highs_programs import first_columns, relax, solve_minimax
from geozones.optimize.model import Model, build_model, find_columns
from geozones.optimize.options import PartitionOptions
from geozones.optimize.plan_bounds import compatible_pairs
from geozones.optimize.problem import Names, PartitionProblem, build_problem
from geozones.optimize.result import (
    Progress,
    Result,
    SearchMonitor,
    current_zones,
    gap_of,
    match_zones,
)
from geozones.optimize.solve import PROOF, SAME

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
    from geozones.optimize.executor import LocalProcesses, cores  # noqa: PLC0415 - seldom used

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


_SLACK = 1e-7
_TOO_SHORT = (
    "La recherche s'est arrêtée avant de connaître le meilleur plan de chaque tirage. Laissez-lui "
    "plus de temps, ou choisissez moins de secteurs."
)


def least_regret(
    problem: PartitionProblem,
    drawn: DrawnModel,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Result:
    """Return the plan of least regret of a problem whose options do not contradict one another.

    Its ``objective_before``, ``objective_after`` and ``bound`` are regrets: the greatest excess
    over draws of a plan's cost over the best plan's. The regret of
    a given plan that breaks the options may be below 0.
    """
    monitor = SearchMonitor(progress, problem.options.time_limit)
    best = _best_of_each(problem, drawn, progress, executor, monitor)
    bad = [result for result in best if result.status is not ProofStatus.OPTIMAL]
    if bad:
        why = bad[0].why if bad[0].status is ProofStatus.INFEASIBLE else _TOO_SHORT
        status = bad[0].status if bad[0].status is ProofStatus.INFEASIBLE else ProofStatus.UNKNOWN
        none = PartitionSolution(status, inf if status is ProofStatus.INFEASIBLE else 0.0, why=why)
        return build_result(problem, 0, none, monitor)
    listed = SearchMonitor(progress, monitor.seconds_left)
    try:
        listed.report(ENUMERATION)
        candidates = enumerate_candidates(
            problem, compatible_pairs(problem), listed, FULL_ENUMERATION_LIMIT
        )
    except SearchCancelledError:
        late = PartitionSolution(ProofStatus.UNKNOWN, 0.0, why=_TOO_SHORT)
        return build_result(problem, 0, late, monitor)
    search = _RegretSearch.of(problem, drawn, candidates, [result.plan for result in best])
    search.run(SearchMonitor(progress, monitor.seconds_left))
    return search.result(monitor)


def _best_of_each(
    problem: PartitionProblem,
    drawn: DrawnModel,
    progress: Progress | None,
    executor: Executor | None,
    monitor: SearchMonitor,
) -> list[Result]:
    """Return the best plan in each draw."""
    problems = [
        replace(
            problem,
            options=replace(
                problem.options, cost=MeanModel(drawn.with_draws(slice(draw, draw + 1))), robust=""
            ),
        )
        for draw in range(drawn.draws)
    ]
    parts = [independent_subproblems(entry) for entry in problems]
    every = [part for entry in parts for part in entry]
    joint = JointProgress(every, SearchMonitor(progress, monitor.seconds_left))
    found = iter((executor or choose_executor(every)).solve_all(every, joint))
    answers = [[next(found) for _ in entry] for entry in parts]
    return [
        results[0] if len(results) == 1 else combine(entry, part, results, monitor)
        for entry, part, results in zip(problems, parts, answers, strict=True)
    ]


@dataclass(eq=False)
class _RegretSearch:
    """Search of the least greatest regret, once the best plan of each draw is known."""

    problem: PartitionProblem
    candidates: Candidates
    model: Model
    costs: Floats  # ``float[column, draw]``.
    best: Floats  # ``float[draw]``: the least cost of the zones that may change.
    before: float  # The greatest regret of the current plan.
    chosen: NDArray[np.int64]  # Columns of the incumbent, and its greatest regret.
    regret: float = inf
    bound: float = 0.0  # No plan has a lower greatest regret.
    proven: bool = False

    @classmethod
    def of(
        cls,
        problem: PartitionProblem,
        drawn: DrawnModel,
        candidates: Candidates,
        plans: list[Plan],
    ) -> "_RegretSearch":
        """Return the search that starts from the best among the best plans of each draw."""
        zones, usual = drawn.on(problem.lycees), _zones(problem, problem.plan)
        parts = [_zones(problem, plan) for plan in plans]
        each = [_total(zones, part, drawn.draws)[draw] for draw, part in enumerate(parts)]
        best, model = np.array(each), build_model(problem, candidates)
        costs = _costs_of(zones, candidates, drawn.draws)[model.candidate]
        before = float((_total(zones, usual, drawn.draws) - best).max(initial=-inf))
        none = np.empty(0, np.int64)
        search = cls(problem, candidates, model, costs, best, before, none)
        for part in [*parts, usual]:
            members, sectors = (
                list(part),
                list(part.values()) if problem.has_sector_columns else None,
            )
            matched = match_zones(problem, members, sectors)
            columns = find_columns(model, candidates, problem, matched)
            if columns is not None:
                search.offer(columns)
        return search

    def offer(self, columns: NDArray[np.int64]) -> None:
        """Make a plan the incumbent if its greatest regret is no higher than the incumbent's."""
        regret = float((self.costs[columns].sum(axis=0) - self.best).max(initial=0.0))
        if regret <= self.regret + SAME:
            self.chosen, self.regret = columns, regret

    def run(self, monitor: SearchMonitor) -> None:
        """Search to the proof, or until the monitor stops it."""
        try:
            monitor.report(PROOF, 0.0, self.regret)
            draws = len(self.best)
            kept = self._worth(np.full(draws, 1 / draws), np.arange(len(self.model)), monitor)
            root = solve_minimax(
                self.model.take(kept), self.costs[kept], self.best, monitor, whole=False
            )
            if root.weights is not None:
                kept = self._worth(root.weights, kept, monitor)
            monitor.report(PROOF, self.bound, self.regret)
            if self.bound >= self.regret - SAME:
                self.proven = True
                return
            answer = solve_minimax(
                self.model.take(kept), self.costs[kept], self.best, monitor, whole=True
            )
        except SearchCancelledError:
            return
        if answer.chosen is not None:
            self.offer(np.sort(kept[answer.chosen]))
        self.proven = answer.complete
        self.bound = max(self.bound, min(answer.bound, self.regret))

    def _worth(
        self, weights: Floats, columns: NDArray[np.int64], monitor: SearchMonitor
    ) -> NDArray[np.int64]:
        """Return the columns that a plan of less regret may use; raise the bound (see the module).

        ``weights`` are λ, one a draw.
        """
        weights = np.maximum(weights, 0.0)
        weights = weights / weights.sum()
        weighed = self.model.with_cost(self.costs @ weights)
        first = np.union1d(first_columns(weighed, self.candidates), self.chosen)
        root = relax(weighed, first, monitor.inner())
        right = float(weights @ self.best)
        self.bound = max(self.bound, root.bound - right)
        within = root.reduced[columns] <= right + self.regret - root.bound + _SLACK
        return columns[within]

    def result(self, monitor: SearchMonitor) -> Result:
        """Return the incumbent as a result."""
        zones = [self.candidates.zone(int(self.model.candidate[at])) for at in self.chosen]
        status = ProofStatus.OPTIMAL if self.proven else ProofStatus.FEASIBLE
        sectors = self.model.sector[self.chosen].tolist()
        matched = match_zones(self.problem, zones, sectors)
        solution = PartitionSolution(status, 0.0, matched)
        found = build_result(self.problem, len(self.candidates), solution, monitor)
        bound = self.regret if self.proven else min(self.bound, self.regret)
        return replace(
            found,
            objective_before=self.before,
            objective_after=self.regret,
            bound=bound,
            gap=gap_of(bound, self.regret),
        )


def _zones(problem: PartitionProblem, plan: Plan) -> dict[tuple[int, ...], int]:
    """Return the sector (number) of each zone of a plan, by its movable lycées (numbers)."""
    zones: dict[str, list[int]] = {}
    for number, lycee in enumerate(problem.lycees):
        zones.setdefault(plan.zone_by_lycee[lycee], []).append(number)
    rank = {sector: number for number, sector in enumerate(problem.sectors)}
    return {tuple(zones[zone]): rank[plan.zone(zone).sector] for zone in sorted(zones)}


def _costs_of(zones: DrawnZoneCosts, candidates: Candidates, draws: int) -> Floats:
    """Return the cost of each candidate in each draw, ``float[candidate, draw]``."""
    costs = np.empty((len(candidates), draws))
    for size in np.unique(candidates.size):
        at = np.flatnonzero(candidates.size == size)
        for part in np.array_split(at, len(at) * draws // CHUNK + 1):
            costs[part] = zones.each(np.ascontiguousarray(candidates.members[:size, part].T))
    return costs


def _total(zones: DrawnZoneCosts, plan: Iterable[tuple[int, ...]], draws: int) -> Floats:
    """Return the total cost of some zones (numbers of lycées), ``float[draw]``."""
    each = [zones.each(np.array([members], np.uint16))[0] for members in plan]
    return sum(each, np.zeros(draws))


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
        Called at each step (``result.Progress``). It may raise ``SearchCancelledError``:
        the incumbent is then returned.
    executor
        Where to search; ``None`` for this machine, in processes of its own where that is faster.
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
