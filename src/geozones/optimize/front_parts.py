"""Parts of a front: subproblems of some points each, and their joint progress."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from geozones.common.french import number
from geozones.domain import SearchCancelledError
from geozones.optimize.answer import build_result, current_plan_solution
from geozones.optimize.executor import JointProgress
from geozones.optimize.front_search import FoundPlan, FrontSearch, Measure
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import Result
from geozones.optimize.search_monitor import Progress, SearchMonitor
from geozones.optimize.subproblems import PlanSubproblem


@dataclass(frozen=True, eq=False)
class FoundPoints:
    """Plans found under some bounds, and whether all of the bounds were searched.

    Parameters
    ----------
    now
        The current plan, as a result.
    """

    found: tuple[FoundPlan, ...]
    complete: bool
    now: Result


@dataclass(frozen=True, eq=False)
class FrontSubproblem(PlanSubproblem):
    """Subproblem of some points of a front; its answer is their plans.

    Parameters
    ----------
    measures
        The measure to minimise, and the bounded measure.
    bounds
        Bounds on the second measure, one for each point.
    """

    measures: tuple[Measure, Measure]
    bounds: tuple[float, ...]

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
        return cls(base.plan, base.times, base.options, base.names, (first, second), tuple(bounds))

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
