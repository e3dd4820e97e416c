"""Pareto front of two measures: proven plans that no other plan betters by both measures.

By the ε-constraint method (Haimes, Lasdon and Wismer, *IEEE Transactions on Systems, Man, and
Cybernetics* 1, 1971): the best plan by one measure, the other being at most ε, for several ε
between the least possible and the value of the best plan by the first measure. Both ends are single
optima. If totals are compared, the first measure is minimised together with a share of the
second so small that it decides between equals only (Mavrotas, *Applied Mathematics and Computation*
213, 2009): the result is then on the front. Otherwise ε is tightened until the first measure
gets worse.

The executor searches a plan for each ε independently. If one measure is the
number of moves, the front has every number.
"""

from dataclasses import dataclass
from math import inf
from time import thread_time

from geozones.common.errors import InputError
from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.proof_status import ProofStatus
from geozones.optimize.answer import (
    ENUMERATION,
    NOT_FOUND,
    PartitionSolution,
    build_result,
    solve_problem,
)
from geozones.optimize.contradictions import contradictions
from geozones.optimize.executor import Executor
from geozones.optimize.front_parts import CountedPoints, FrontSubproblem
from geozones.optimize.front_search import FoundPlan, FrontSearch, Measure
from geozones.optimize.options import PartitionOptions
from geozones.optimize.problem import Names, PartitionProblem, build_problem
from geozones.optimize.result import Result
from geozones.optimize.search_monitor import Progress, SearchMonitor
from geozones.optimize.zone_matching import current_zones

#: Fewest and most points.
POINTS = (2, 60)
#: Parts into which the points are divided, for processes or machines.
_PARTS = 4
#: Remaining seconds of search that justify starting processes.
_WORTHWHILE_S = 6.0


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """Plan of the front: its values of both measures."""

    x: float
    y: float
    result: Result


@dataclass(frozen=True, slots=True)
class Front:
    """Plans by two measures, by ascending ``x``.

    Parameters
    ----------
    points
        No point dominates or equals another; each is proven.
    now
        Values of the current plan; ``None`` if unknown.
    complete
        Whether every point asked for is present; false if the search was stopped.
    why
        Why there is no point, in French; empty otherwise.
    """

    x: Measure
    y: Measure
    points: tuple[FrontPoint, ...]
    now: tuple[float, float] | None
    complete: bool
    why: str = ""


def front(  # noqa: PLR0913 - as `propose`
    plan: Plan,
    times: TravelTimes,
    x: Measure,
    y: Measure,
    options: PartitionOptions | None = None,
    *,
    points: int = 15,
    names: Names = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Front:
    """Return the front of two measures; the other parameters are those of ``propose``.

    ``points`` is the greatest number of points, except for a number of moves.

    Raises
    ------
    InputError
        As ``propose``; or if both measures are the same, or there are too few points or too many.
    """
    low, high = POINTS
    if x.key == y.key:
        msg = "Un compromis se cherche entre deux mesures différentes."
        raise InputError(msg)
    if not low <= points <= high:
        msg = f"Un compromis a de {low} à {high} points, pas {points}."
        raise InputError(msg)
    options = options or PartitionOptions()
    problem = build_problem(plan, times, options, names)
    monitor = SearchMonitor(progress, options.time_limit)
    reasons = " ".join(contradictions(problem))
    if not reasons and not problem.size:
        reasons = "Rien ne peut bouger : le périmètre est vide ou entièrement verrouillé."
    if reasons:
        return Front(x, y, (), None, complete=True, why=reasons)
    return _Front(problem, x, y, monitor, executor).drawn(points)


def by_role(x: Measure, y: Measure) -> tuple[Measure, Measure]:
    """Return the measure to minimise and the bounded measure: moves are bounded, totals last."""
    if x.of is None or (y.of is not None and not y.worst):
        return y, x
    return x, y


class _Front:
    """Front: its ends in this process, the plans between them wherever that is the fastest."""

    def __init__(
        self,
        problem: PartitionProblem,
        x: Measure,
        y: Measure,
        monitor: SearchMonitor,
        executor: Executor | None,
    ) -> None:
        self.problem, self.x, self.y, self.monitor = problem, x, y, monitor
        self._roles, self._executor = by_role(x, y), executor
        self._found: list[FoundPlan] = []

    def drawn(self, points: int) -> Front:
        """Search the points."""
        now = None
        try:
            self.monitor.report(ENUMERATION)
            search = FrontSearch(self.problem, self._roles, self.monitor)
            now = self._ordered(search.values_of(current_zones(self.problem)))
            began = thread_time()
            bounds = self._ends(search, points)
            if bounds is None:
                return self._none(now)
            complete = self._between(search, bounds, (thread_time() - began) / 2)
        except SearchCancelledError:
            complete = False
        kept = self._undominated()
        why = "" if kept else NOT_FOUND
        return Front(self.x, self.y, tuple(kept), now, complete, why)

    def _ends(self, search: FrontSearch, points: int) -> list[float] | None:
        """Search both ends; return the bounds of the points between, ``None`` without a plan."""
        first, second = self._roles
        self.monitor.report(f"Le moins possible : {first.label}")
        last = search.best()
        if last is None:
            return None
        self._found.append(last)
        if second.of is None:
            return [float(moves) for moves in range(round(last.values[1]))]
        self.monitor.report(f"Le moins possible : {second.label}")
        least = search.least_bound()
        if least is None:
            return None
        self._found.append(least)
        low, high = least.values[1], last.values[1]
        gaps = points - 1
        return [low + (high - low) * rank / gaps for rank in range(1, gaps)] if high > low else []

    def _between(self, search: FrontSearch, bounds: list[float], seconds: float) -> bool:
        """Search the points under some bounds; return whether all of them were searched.

        ``seconds`` is the approximate duration for one bound.
        """
        where = self._executor or _fastest(len(bounds) * seconds)
        if where is None:
            counted = CountedPoints([len(bounds)], self.monitor)
            done = [0]

            def on_progress(count: int) -> None:
                done[0] = count
                if not counted.count(0, count):
                    raise SearchCancelledError

            self._found += search.solve_with_bounds(bounds, on_progress)
            return done[0] == len(bounds)
        parts = min(len(bounds), _PARTS)
        subproblems = [
            FrontSubproblem.with_bounds(self.problem, self._roles, bounds[part::parts])
            for part in range(parts)
        ]
        sizes = [len(subproblem.bounds) for subproblem in subproblems]
        answers = where.solve_all(subproblems, CountedPoints(sizes, self.monitor))
        self._found += [found for answer in answers for found in answer.found]
        return all(answer.complete for answer in answers)

    def _ordered(self, values: tuple[float, float]) -> tuple[float, float] | None:
        """Return values by role as values along x and y; ``None`` if one is infinite."""
        if max(values) == inf:
            return None
        return values if self._roles[0] is self.x else values[::-1]

    def _undominated(self) -> list[FrontPoint]:
        """Return the points that no other point dominates."""
        steps = self.x.step, self.y.step
        kept: list[FrontPoint] = []
        placed = [
            (found.values if self._roles[0] is self.x else found.values[::-1], found)
            for found in self._found
        ]
        for (x, y), found in sorted(placed, key=lambda one: one[0]):
            if kept and y > kept[-1].y - steps[1]:
                continue
            if kept and x < kept[-1].x + steps[0]:
                kept.pop()
            solution = PartitionSolution(ProofStatus.OPTIMAL, inf, found.zones)
            result = build_result(self.problem, 0, solution, SearchMonitor())
            kept.append(FrontPoint(x, y, result))
        return kept

    def _none(self, now: tuple[float, float] | None) -> Front:
        """Return a front without points, and why."""
        why = solve_problem(self.problem, self.monitor.inner()).why
        return Front(self.x, self.y, (), now, complete=True, why=why or NOT_FOUND)


def _fastest(seconds: float) -> Executor | None:
    """Return the fastest executor for some seconds of search; ``None`` for this process."""
    if seconds < _WORTHWHILE_S:
        return None
    from geozones.optimize.processes import LocalProcesses, cores  # noqa: PLC0415 - seldom used

    return LocalProcesses(cores()) if cores() > 1 else None
