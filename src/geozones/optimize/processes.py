"""Executor that solves subproblems in several processes of this machine.

loky starts them rather than ``multiprocessing``: it does not run the main module again in each
(under Streamlit, a page), and a process that dies raises an error at once instead of an endless
wait.
"""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from time import perf_counter
from typing import Any

from geozones.common.french import plural
from geozones.domain import ExecutorError
from geozones.optimize.executor import JointProgress, hardest_first, listener, with_time_shares
from geozones.optimize.subproblems import Subproblem

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
        """Return the answers, in the order of the subproblems; the hardest start first.

        Raises
        ------
        ExecutorError
            If a process dies.
        """
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

    return subproblem.solve(listener(number, update))
