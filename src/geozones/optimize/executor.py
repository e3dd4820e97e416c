"""Executor interface: solves independent subproblems, on any machines."""

from collections.abc import Callable, Sequence
from math import inf
from typing import Any, Protocol

from geozones.domain import SearchCancelledError
from geozones.optimize.result import Result
from geozones.optimize.search_monitor import Progress, SearchMonitor
from geozones.optimize.subproblems import Subproblem


class Executor(Protocol):
    """Executor of independent subproblems, in this process or elsewhere."""

    def solve_all[A](
        self, subproblems: Sequence[Subproblem[A]], progress: "JointProgress"
    ) -> list[A]:
        """Return the answer to each subproblem, in their order.

        Each search reports to ``progress``. If ``progress`` requests a stop, every search returns
        its best answer.

        Raises
        ------
        ExecutorError
            If the searches cannot start or finish.
        """


class JointProgress:
    """Joint progress of several searches, reported to one monitor as a single search.

    Bounds and objectives add up, since each subproblem is a part of the plan. No method raises:
    ``update`` and ``may_continue`` return whether to go on.
    """

    def __init__(self, subproblems: Sequence[Subproblem[Any]], monitor: SearchMonitor) -> None:
        self._monitor = monitor
        self._bounds = [0.0] * len(subproblems)
        self._incumbents = [inf]
        if len(subproblems) > 1:
            self._incumbents = [subproblem.current_objective() for subproblem in subproblems]
        self._done = 0

    @property
    def seconds_left(self) -> float:
        """Seconds left; ``inf`` without a time limit."""
        return self._monitor.seconds_left

    def update(self, number: int, phase: str, bound: float, incumbent: float) -> bool:
        """Record the progress of the search of a subproblem; return whether to go on.

        Parameters
        ----------
        number
            Rank of the subproblem.
        phase
            In French.
        bound, incumbent
            Objectives.
        """
        total = len(self._bounds)
        if total == 1:  # unchanged: a frontier restarts for each number of moves
            self._monitor.bound, self._monitor.incumbent = 0.0, inf
            return self._report(phase, bound, incumbent)
        self._bounds[number] = max(self._bounds[number], bound)
        self._incumbents[number] = min(self._incumbents[number], incumbent)
        phase_of_all = f"{phase} ({self._done}/{total})"
        return self._report(phase_of_all, sum(self._bounds), sum(self._incumbents))

    def finish(self, number: int, result: Result) -> None:
        """Record the result of a subproblem, by its rank."""
        self._done += 1
        self._bounds[number] = max(
            self._bounds[number], min(result.bound, self._incumbents[number])
        )
        if result.gap < inf:
            self._incumbents[number] = min(self._incumbents[number], result.objective_after)

    def may_continue(self) -> bool:
        """Return whether to go on: false once the time is up or the listener has cancelled."""
        return self._report(None, None, None)

    def _report(self, phase: str | None, bound: float | None, incumbent: float | None) -> bool:
        try:
            self._monitor.report(phase, bound, incumbent)
        except SearchCancelledError:
            return False
        return True


class InProcess:
    """Executor in this process, one subproblem after another: the fastest for small subproblems."""

    def solve_all[A](
        self, subproblems: Sequence[Subproblem[A]], progress: JointProgress
    ) -> list[A]:
        """Return the answers; the smallest first, each with its share of the time left."""
        answers: dict[int, A] = {}
        effort_left = float(sum(effort(subproblem) for subproblem in subproblems))
        for number in sorted(range(len(subproblems)), key=lambda at: (subproblems[at].size, at)):
            subproblem = subproblems[number]
            seconds = progress.seconds_left
            share = seconds * effort(subproblem) / effort_left if seconds < inf else inf
            effort_left -= effort(subproblem)
            timed = subproblem.with_time_limit(share)
            answers[number] = timed.solve(listener(number, progress.update))
            progress.finish(number, subproblem.best_result(answers[number]))
        return [answers[number] for number in range(len(subproblems))]


def listener(number: int, update: Callable[[int, str, float, float], bool]) -> Progress:
    """Return the listener of one search, from a function that records its progress (``update``)."""

    def listen(phase: str, bound: float, incumbent: float, _gap: float) -> None:
        if not update(number, phase, bound, incumbent):
            raise SearchCancelledError

    return listen


def effort(subproblem: Subproblem[Any]) -> int:
    """Return the relative work of a subproblem: about its number of pairs of lycées."""
    return max(subproblem.size, 1) ** 2


def hardest_first(subproblems: Sequence[Subproblem[Any]]) -> list[int]:
    """Return the ranks of subproblems, the hardest first, so that workers end together."""
    return sorted(range(len(subproblems)), key=lambda at: (-effort(subproblems[at]), at))


def with_time_shares[A](
    subproblems: Sequence[Subproblem[A]], seconds: float, workers: int
) -> list[Subproblem[A]]:
    """Return the subproblems, each with its share of the seconds that the workers have."""
    if seconds == inf:
        return [subproblem.with_time_limit(inf) for subproblem in subproblems]
    total = sum(effort(subproblem) for subproblem in subproblems)
    return [
        subproblem.with_time_limit(seconds * min(1.0, workers * effort(subproblem) / total))
        for subproblem in subproblems
    ]
