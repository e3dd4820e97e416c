"""Pareto front of two measures: its parts, searched apart, and its proven plans.

A front is found by the ε-constraint method (Haimes, Lasdon and Wismer, *IEEE Transactions on
Systems, Man, and Cybernetics* 1, 1971): the best plan by one measure, the other being at most ε,
for several ε between the least possible and the value of the best plan by the first measure. Both
ends are single optima. If totals are compared, the first measure is minimised together with a share
of the second so small that it decides between equals only (Mavrotas, *Applied Mathematics and
Computation* 213, 2009): the result is then on the front. Otherwise ε is tightened until the first
measure gets worse.

The executor searches a plan for each ε independently. If one measure is the number of moves, the
front has every number.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from time import thread_time
from typing import Self

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.answer import (
    ENUMERATION,
    NOT_FOUND,
    NOTHING_MOVES,
    PartitionSolution,
    build_result,
    current_plan_solution,
    solve_problem,
)
from geozones.optimize.contradictions import contradictions
from geozones.optimize.executor import Executor, JointProgress, PlanSubproblem
from geozones.optimize.front_search import FoundPlan, FrontSearch, Measure
from geozones.optimize.options import PartitionOptions
from geozones.optimize.problem import Names, PartitionProblem, build_problem
from geozones.optimize.result import Progress, Result, SearchMonitor, current_zones


@dataclass(frozen=True, eq=False)
class FoundPoints:
    """Plans found under some bounds, and whether all of the bounds were searched."""

    found: tuple[FoundPlan, ...]
    complete: bool
    now: Result  # The current plan, as a result.


@dataclass(frozen=True, eq=False)
class FrontSubproblem(PlanSubproblem):
    """Subproblem of some points of a front; its answer is their plans."""

    measures: tuple[Measure, Measure]  # The measure to minimise, and the bounded measure.
    bounds: tuple[float, ...]  # Bounds on the second measure, one for each point.

    @classmethod
    def with_bounds(
        cls,
        problem: PartitionProblem,
        measures: tuple[Measure, Measure],
        bounds: Sequence[float],
    ) -> Self:
        """Return the subproblem of some bounds."""
        base = PlanSubproblem.of(problem, problem.sectors)
        first, second = (_restricted(measure, base.times.origins) for measure in measures)
        own = (base.plan, base.times, base.options, base.names, base.terms)
        return cls(*own, (first, second), tuple(bounds))

    def solve(self, progress: Progress | None = None) -> FoundPoints:
        """Search in this process, one point after another."""
        problem = self.problem
        monitor = SearchMonitor(progress, self.options.time_limit)
        done = [-1]

        def on_progress(count: int) -> None:
            done[0] = count
            monitor.report(str(count))

        found: list[FoundPlan] = []
        try:
            monitor.report("0")
            found = FrontSearch(problem, self.measures, monitor).solve_with_bounds(
                self.bounds, on_progress
            )
        except SearchCancelledError:
            pass
        now = build_result(problem, 0, current_plan_solution(problem), SearchMonitor())
        return FoundPoints(tuple(found), done[0] == len(self.bounds), now)

    def best_result(self, answer: FoundPoints) -> Result:
        """Return the current plan: no point of a front is the best."""
        return answer.now


def _restricted(measure: Measure, lycees: Sequence[str]) -> Measure:
    """Return a measure restricted to the data of some lycées (ids)."""
    return measure if measure.of is None else replace(measure, of=measure.of.restricted(lycees))


class CountedPoints(JointProgress):
    """Progress of a front: the number of points done, as a bound on 1.

    The phase of a search is its number of points done.

    Parameters
    ----------
    sizes
        Number of points of each search.
    """

    def __init__(self, sizes: Sequence[int], monitor: SearchMonitor) -> None:
        super().__init__([], monitor)
        self._points, self._total = [0] * len(sizes), sum(sizes)

    def update(self, number: int, phase: str, _bound: float, _incumbent: float) -> bool:
        """Record the progress of the search of some points; return whether to go on."""
        return self.count(number, int(phase or 0))

    def count(self, rank: int, done: int) -> bool:
        """Record how many points a search (by rank) has done; return whether to go on."""
        self._points[rank] = done
        sentence = f"{number(sum(self._points))} compromis sur {number(self._total)}"
        return self._report(sentence, sum(self._points) / max(self._total, 1), 1.0)

    def finish(self, number: int, result: Result) -> None:
        """Record the end of a search, whose points are counted already."""


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
    """Plans by two measures, by ascending ``x``."""

    x: Measure
    y: Measure
    points: tuple[FrontPoint, ...]  # No point dominates or equals another; each is proven.
    now: tuple[float, float] | None  # Values of the current plan; ``None`` if unknown.
    complete: bool  # Whether every point asked for is present; false if the search was stopped.
    why: str = ""  # Why there is no point, in French; empty otherwise.


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

    ``points`` is the most points to return; with a number of moves, every number has a point.
    """
    low, high = POINTS
    if x.key == y.key:
        raise InputError("Un compromis se cherche entre deux mesures différentes.")
    if not low <= points <= high:
        raise InputError(f"Un compromis a de {low} à {high} points, pas {points}.")
    options = options or PartitionOptions()
    problem = build_problem(plan, times, options, names)
    monitor = SearchMonitor(progress, options.time_limit)
    reasons = " ".join(contradictions(problem))
    if not reasons and not problem.size:
        reasons = NOTHING_MOVES
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
    from geozones.optimize.executor import LocalProcesses, cores  # noqa: PLC0415 - seldom used

    return LocalProcesses(cores()) if cores() > 1 else None
