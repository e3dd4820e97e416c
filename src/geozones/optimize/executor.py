"""Independent searches side by side: in this process, in processes of it, or on a Dask cluster.

`propose` takes any ``concurrent.futures.Executor``; `processes` and `cluster` make one. loky starts
the processes rather than ``multiprocessing``: it does not run the main module again in each (under
Streamlit, a page), and a process that dies raises an error at once instead of an endless wait.
"""

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Self

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain import ExecutorError, Plan, SearchCancelledError, TravelTimes
from geozones.domain.terms import NetworkTerms, terms, using_terms
from geozones.optimize.answer import build_result, current_plan_solution, solve_problem
from geozones.optimize.problem import PartitionOptions, PartitionProblem, build_problem
from geozones.optimize.result import Progress, Result, SearchMonitor
from geozones.version import __version__

#: Seconds between two looks at the searches under way; to reach a cluster and its first worker.
_READ_S = 0.05
_CONNECT_S = 10.0
#: One thread per process: numerical libraries would use every core in each process, and there is a
#: process for each core.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[\w.-]+):([0-9]{1,5})")


@dataclass(frozen=True, eq=False)
class Subproblem:
    """Plan to improve under some options, with all its data: it can be sent to other processes."""

    plan: Plan
    #: Minutes between the lycées of the scope only, so that little is sent.
    times: TravelTimes
    options: PartitionOptions
    names: dict[str, str]  # Names of the lycées in sentences, by id.
    terms: NetworkTerms  # Nouns of the network, for sentences: a process elsewhere has others.

    @classmethod
    def of(cls, problem: PartitionProblem, sectors: tuple[str, ...]) -> Self:
        """Return the subproblem of some sectors (ids) of a problem."""
        options = problem.options
        lycees = sorted(lycee for sector in sectors for lycee in problem.plan.lycees_of(sector))
        here = frozenset(lycees)
        resources = tuple(
            replace(resource, use=resource.use.restricted(lycees))
            for resource in options.resources
            if resource.sector is None or resource.sector in sectors
        )
        adjacent = options.adjacent
        if adjacent is not None:
            adjacent = frozenset(pair for pair in adjacent if here.issuperset(pair))
        return cls(
            problem.plan,
            problem.times.restricted(lycees, lycees),
            replace(
                options,
                sectors=frozenset(sectors),
                adjacent=adjacent,
                cost=problem.cost_model.restricted(lycees),
                resources=resources,
                sector_costs=tuple(
                    (sector, model.restricted(lycees)) for sector, model in options.sector_costs
                ),
            ),
            {lycee: problem.name(lycee) for lycee in lycees},
            terms(),
        )

    @property
    def effort(self) -> int:
        """Relative work of the search: about its number of pairs of lycées."""
        return max(len(self.times.origins), 1) ** 2

    @property
    def problem(self) -> PartitionProblem:
        """The subproblem as numbered arrays."""
        return build_problem(self.plan, self.times, self.options, self.names)

    def solve(self, seconds: float, progress: Progress | None = None) -> Result:
        """Search in this process; return the best plan found within some seconds."""
        problem = self.problem
        monitor = SearchMonitor(progress, max(seconds, 1e-9), problem.locked_cost)
        with using_terms(self.terms):
            return solve_problem(problem, monitor)

    def unsolved(self) -> Result:
        """Return the result of a search stopped before its start: the current plan."""
        problem = self.problem
        return build_result(problem, 0, current_plan_solution(problem), SearchMonitor())


class _Joint:
    """Progress of several searches, reported to one monitor as that of a single one.

    Bounds and objectives add up, since each subproblem is a part of the plan.
    """

    def __init__(self, subproblems: Sequence[Subproblem], monitor: SearchMonitor) -> None:
        self._monitor = monitor
        known = [subproblem.unsolved() for subproblem in subproblems]
        self._bounds = [0.0] * len(known)
        self._incumbents = [one.objective_after if one.gap < inf else inf for one in known]
        self._done = 0

    def report(self, number: int, phase: str, bound: float, incumbent: float) -> None:
        """Record the bound and the incumbent of one search; raise if they are to stop."""
        self._bounds[number] = max(self._bounds[number], bound)
        self._incumbents[number] = min(self._incumbents[number], incumbent)
        told = f"{phase} ({self._done}/{len(self._bounds)})"
        self._monitor.report(told, sum(self._bounds), sum(self._incumbents))

    def finish(self, number: int, result: Result) -> None:
        """Record the result of one search; raise if the others are to stop."""
        self._done += 1
        found = result.objective_after if result.gap < inf else inf
        self.report(number, "Preuve", min(result.bound, found), found)


def solve_all(
    subproblems: Sequence[Subproblem], monitor: SearchMonitor, executor: Executor | None
) -> list[Result]:
    """Return the results, in the order of the subproblems.

    Stopped, the searches that are not finished return what they know: the best plan found in this
    process, the current plan elsewhere.
    """
    joint = _Joint(subproblems, monitor)
    if executor is None:
        return _one_by_one(subproblems, monitor, joint)
    return _side_by_side(subproblems, monitor, joint, executor)


def _one_by_one(
    subproblems: Sequence[Subproblem], monitor: SearchMonitor, joint: _Joint
) -> list[Result]:
    """Search in this process, the smallest first, each with its share of the time left."""
    results: dict[int, Result] = {}
    left = float(sum(subproblem.effort for subproblem in subproblems))
    for number in sorted(range(len(subproblems)), key=lambda at: (subproblems[at].effort, at)):
        subproblem = subproblems[number]

        def listen(phase: str, bound: float, incumbent: float, _: float, at: int = number) -> None:
            joint.report(at, phase, bound, incumbent)

        seconds = monitor.seconds_left
        share = seconds * subproblem.effort / left if seconds < inf else inf
        left -= subproblem.effort
        if monitor.is_stopped:
            results[number] = subproblem.unsolved()
            continue
        results[number] = subproblem.solve(share, listen)
        try:
            joint.finish(number, results[number])
        except SearchCancelledError:
            continue
    return [results[number] for number in range(len(subproblems))]


def _side_by_side(
    subproblems: Sequence[Subproblem], monitor: SearchMonitor, joint: _Joint, executor: Executor
) -> list[Result]:
    """Search through an executor, the hardest first."""
    results: dict[int, Result] = {}
    hardest = sorted(range(len(subproblems)), key=lambda at: (-subproblems[at].effort, at))
    try:
        futures = {
            executor.submit(solve_elsewhere, subproblems[number], monitor.seconds_left): number
            for number in hardest
        }
        pending = set(futures)
        while pending and not monitor.is_stopped:
            done, pending = wait(pending, timeout=_READ_S, return_when=FIRST_COMPLETED)
            try:
                for future in done:
                    results[futures[future]] = future.result()
                    joint.finish(futures[future], results[futures[future]])
                monitor.report()
            except SearchCancelledError:
                break
        for future in pending:
            future.cancel()
    except (BrokenExecutor, CancelledError, OSError) as error:
        raise ExecutorError(_lost_text(len(subproblems) - len(results))) from error
    return [
        results[number] if number in results else subproblem.unsolved()
        for number, subproblem in enumerate(subproblems)
    ]


def solve_elsewhere(subproblem: Subproblem, seconds: float) -> Result:
    """Search in a process elsewhere, within some seconds."""
    return subproblem.solve(seconds)


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """Open an executor of so many processes; they end with it, finished or not."""
    import loky  # noqa: PLC0415 - only where the search is long enough

    pool = loky.ProcessPoolExecutor(workers, env=_ONE_THREAD)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    import loky  # noqa: PLC0415 - only where the search is long enough

    return int(loky.cpu_count())


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """Open an executor on the workers of a Dask scheduler, of this version of geozones.

    Dask does not authenticate its messages over ``tcp://``: the cluster must be on a private
    network, or its address begin with ``tls://``.
    """
    match = _ADDRESS.fullmatch(address.strip())
    if match is None or not 0 < int(match[3]) < 65536:
        raise InputError(
            f"« {address[:60]} » n'est pas l'adresse d'un ordonnanceur Dask : elle s'écrit "
            "tcp://machine:port (ou tls://machine:port), par exemple tcp://127.0.0.1:8786."
        )
    distributed = _dask()
    try:
        client = distributed.Client(match[0], timeout=_CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise ExecutorError(
            f"L'ordonnanceur Dask {match[0]} ne répond pas : rien n'a été modifié. Vérifiez "
            "l'adresse et qu'il tourne, ou cherchez sans cluster."
        ) from error
    with client:
        _require_workers(client, match[0])
        try:
            yield client.get_executor(retries=2)
        except distributed.scheduler.KilledWorker as error:
            raise ExecutorError(
                f"Un ouvrier du cluster Dask {match[0]} s'est arrêté à chaque essai (mémoire "
                "insuffisante ?) : rien n'a été modifié. Donnez plus de mémoire aux ouvriers, ou "
                "choisissez moins de secteurs."
            ) from error


def _dask() -> Any:  # noqa: ANN401 - it has no types
    try:
        import distributed  # noqa: PLC0415 - optional
    except ImportError as error:
        raise ExecutorError(
            "Le calcul sur un cluster demande Dask, qui n'est pas installé : « pip install "
            "'geozones[dask]' », ou cherchez sans cluster."
        ) from error
    return distributed


def _require_workers(client: Any, address: str) -> None:  # noqa: ANN401 - Dask is optional
    """Raise ``ExecutorError`` without workers, or if one has another version of geozones."""
    try:
        client.wait_for_workers(1, timeout=_CONNECT_S)
    except (OSError, TimeoutError) as error:
        raise ExecutorError(
            f"L'ordonnanceur Dask {address} n'a aucun ouvrier : rien n'a été calculé ni modifié. "
            "Démarrez un ouvrier (« dask worker ADRESSE ») ou cherchez sans cluster."
        ) from error
    try:
        same = set(client.run(_version).values()) == {__version__}
    except ImportError:
        same = False
    if not same:
        raise ExecutorError(
            f"Les ouvriers du cluster Dask {address} n'ont pas geozones {__version__} : "
            "installez-y cette version, la même qu'ici."
        )


def _version() -> str:
    from geozones.version import __version__ as version  # noqa: PLC0415 - of the worker that runs it

    return version


def _lost_text(left: int) -> str:
    return (
        "Un processus de calcul s'est arrêté avant la fin (mémoire insuffisante, ou arrêt forcé) : "
        f"{plural(left, 'recherche sans réponse', 'recherches sans réponse')}, rien n'a été "
        "modifié. Relancez, ou choisissez moins de secteurs."
    )
