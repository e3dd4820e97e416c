"""Subproblems, self-contained and picklable, and executors that solve them in processes.

loky starts the processes rather than ``multiprocessing``: it does not run the main module again in
each (under Streamlit, a page), and a process that dies raises an error at once instead of an
endless wait.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from dataclasses import dataclass, replace
from math import inf
from time import perf_counter
from typing import Any, Protocol, Self

from geozones.common.french import plural
from geozones.domain import ExecutorError, Plan, SearchCancelledError, TravelTimes
from geozones.domain.terms import NetworkTerms, terms, using_terms
from geozones.optimize.answer import current_plan_solution, solve_problem
from geozones.optimize.problem import PartitionOptions, PartitionProblem, build_problem
from geozones.optimize.result import Progress, Result, SearchMonitor


class Subproblem[A](Protocol):
    """Search with all its data; it gives the same answer wherever it runs.

    ``A`` is the type of its answer: a ``Result`` or a ``Frontier``.
    """

    @property
    def terms(self) -> NetworkTerms:
        """Nouns of its network: a process elsewhere may have those of other networks."""

    @property
    def size(self) -> int:
        """Number of lycées in the scope."""

    def with_time_limit(self, seconds: float) -> Self:
        """Return the same subproblem with a time limit in seconds; ``inf`` for none."""

    def solve(self, progress: Progress | None = None) -> A:
        """Search in this process; return the answer."""

    def current_objective(self) -> float:
        """Return the objective of the current plan; ``inf`` if it does not respect the options."""

    def best_result(self, answer: A) -> Result:
        """Return the best plan of an answer."""


@dataclass(frozen=True, eq=False)
class PlanSubproblem:
    """Plan to improve under some options: base class of the subproblems."""

    plan: Plan
    #: Minutes between the lycées of the scope only, so that little is sent to other processes.
    times: TravelTimes
    options: PartitionOptions
    names: dict[str, str]  # Names of the lycées in sentences, by id.
    terms: NetworkTerms  # Nouns of the network, for sentences.

    @classmethod
    def of(cls, problem: PartitionProblem, sectors: tuple[str, ...]) -> Self:
        """Return the subproblem of some sectors (ids) of a problem."""
        lycees = sorted(lycee for sector in sectors for lycee in problem.plan.lycees_of(sector))
        cost = problem.cost_model.restricted(lycees)
        resources = tuple(
            replace(resource, use=resource.use.restricted(lycees))
            for resource in problem.options.resources
            if resource.sector is None or resource.sector in sectors
        )
        return cls(
            problem.plan,
            problem.times.restricted(lycees, lycees),
            replace(
                problem.options,
                sectors=frozenset(sectors),
                cost=cost,
                resources=resources,
                sector_costs=tuple(
                    (sector, model.restricted(lycees))
                    for sector, model in problem.options.sector_costs
                ),
            ),
            {lycee: problem.name(lycee) for lycee in lycees},
            terms(),
        )

    @property
    def size(self) -> int:
        """Number of lycées in the scope."""
        return len(self.times.origins)

    def with_time_limit(self, seconds: float) -> Self:
        """Return the same subproblem with a time limit in seconds; ``inf`` for none."""
        limit = None if seconds == inf else max(seconds, 1e-9)
        return replace(self, options=replace(self.options, time_limit=limit))

    def current_objective(self) -> float:
        """Return the objective of the current plan; ``inf`` if it does not respect the options."""
        fits = current_plan_solution(self.problem).matched is not None
        return self.problem.objective(self.plan) if fits else inf

    @property
    def problem(self) -> PartitionProblem:
        """The subproblem as numbered arrays."""
        return build_problem(self.plan, self.times, self.options, self.names)


class BestPlanSubproblem(PlanSubproblem):
    """Subproblem whose answer is the best plan, as a ``Result``."""

    def solve(self, progress: Progress | None = None) -> Result:
        """Search in this process; return the answer."""
        problem = self.problem
        return solve_problem(
            problem, SearchMonitor(progress, self.options.time_limit, problem.locked_cost)
        )

    def best_result(self, answer: Result) -> Result:
        """Return the answer."""
        return answer


def solve_elsewhere[A](subproblem: Subproblem[A], progress: Progress) -> A:
    """Solve a subproblem, with its nouns, in a process of another territory; return the answer."""
    with using_terms(subproblem.terms):
        return subproblem.solve(progress)


class Executor(Protocol):
    """Executor of independent subproblems, in this process or elsewhere."""

    def solve_all[A](
        self, subproblems: Sequence[Subproblem[A]], progress: "JointProgress"
    ) -> list[A]:
        """Return the answer to each subproblem, in their order.

        Each search reports to ``progress``. If ``progress`` requests a stop, every search returns
        its best answer.
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


#: Seconds between two readings of messages, and between two messages of a process.
_READ_S = 0.05
_MESSAGE_S = 0.1
#: One thread per process: numerical libraries would use every core in each process, and there is a
#: process for each core.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class LocalProcesses:
    """Executor in at most ``workers`` processes, started and ended with each call."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def solve_all[A](
        self, subproblems: Sequence[Subproblem[A]], progress: JointProgress
    ) -> list[A]:
        """Return the answers, in the order of the subproblems; the hardest start first."""
        import loky  # noqa: PLC0415 - only where the search is long enough

        context = loky.backend.get_context("loky")
        messages, stop = context.SimpleQueue(), context.Event()
        pool = loky.ProcessPoolExecutor(
            min(self.workers, len(subproblems)),
            context=context,
            initializer=_initialise,
            initargs=(messages, stop),
            env=_ONE_THREAD,
        )
        answers: dict[int, A] = {}
        try:
            timed = with_time_shares(subproblems, progress.seconds_left, self.workers)
            futures = {
                pool.submit(_solve, number, timed[number]): number
                for number in hardest_first(subproblems)
            }
            pending = set(futures)
            while pending:
                done, pending = wait(pending, timeout=_READ_S, return_when=FIRST_COMPLETED)
                while not messages.empty():
                    progress.update(*messages.get())
                for future in done:
                    number = futures[future]
                    answers[number] = future.result()
                    progress.finish(number, subproblems[number].best_result(answers[number]))
                if not progress.may_continue():
                    stop.set()
        except loky.BrokenProcessPool as error:
            raise ExecutorError(_lost_text(len(subproblems) - len(answers))) from error
        finally:
            pool.shutdown(wait=True, kill_workers=True)
        return [answers[number] for number in range(len(subproblems))]


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    import loky  # noqa: PLC0415 - only where the search is long enough

    return int(loky.cpu_count())


def _lost_text(left: int) -> str:
    return (
        "Un processus de calcul s'est arrêté avant la fin (mémoire insuffisante, ou arrêt forcé) : "
        f"{plural(left, 'recherche sans réponse', 'recherches sans réponse')}, rien n'a été "
        "modifié. Relancez, ou choisissez moins de secteurs."
    )


#: In a worker process: its message queue and its stop event, set when it starts.
_channel: dict[str, Any] = {}


def _initialise(messages: Any, stop: Any) -> None:  # noqa: ANN401 - loky has no types
    _channel.update(messages=messages, stop=stop)


def _solve[A](number: int, subproblem: Subproblem[A]) -> A:
    """Solve a subproblem in a worker process, reporting its progress regularly."""
    last = 0.0

    def update(number: int, phase: str, bound: float, incumbent: float) -> bool:
        nonlocal last
        if perf_counter() - last >= _MESSAGE_S:
            last = perf_counter()
            _channel["messages"].put((number, phase, bound, incumbent))
        return not _channel["stop"].is_set()

    return solve_elsewhere(subproblem, listener(number, update))
