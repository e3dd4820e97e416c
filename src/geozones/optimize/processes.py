"""Searches in processes of this machine.

loky starts them rather than ``multiprocessing``: it does not run the main module again in each
(under Streamlit that is a page), and a process that dies is an error at once, not a wait for ever.
"""

from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, wait
from time import perf_counter
from typing import Any

from geozones.domain import ExecutorError
from geozones.domain.french import plural
from geozones.optimize.executor import Board, in_order_of_effort, listener, shared
from geozones.optimize.questions import Question

#: Seconds between two looks at what the processes say, and between two words of a process.
_LOOK_S = 0.05
_WORD_S = 0.1
#: A library that would use every core is told not to: there is a process a core.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class LocalProcesses:
    """Answers questions in so many processes, started for them and ended with them."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def answers[A](self, questions: Sequence[Question[A]], board: Board) -> list[A]:
        """Return the answers, the hardest questions asked first."""
        import loky  # noqa: PLC0415 - only where the search is long enough

        context = loky.backend.get_context("loky")
        words, stop = context.SimpleQueue(), context.Event()
        pool = loky.ProcessPoolExecutor(
            min(self.workers, len(questions)),
            context=context,
            initializer=_begin,
            initargs=(words, stop),
            env=_ONE_THREAD,
        )
        try:
            asked = shared(questions, board.left, self.workers)
            futures = {
                pool.submit(_answer, number, asked[number]): number
                for number in in_order_of_effort(questions)
            }
            results: dict[int, A] = {}
            pending = set(futures)
            while pending:
                done, pending = wait(pending, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
                while not words.empty():
                    board.told(*words.get())
                for future in done:
                    number = futures[future]
                    results[number] = future.result()
                    board.finished(number, questions[number].best(results[number]))
                if not board.goes_on():
                    stop.set()
        except loky.BrokenProcessPool as error:
            raise ExecutorError(_lost(len(questions) - len(results))) from error
        finally:
            pool.shutdown(wait=True, kill_workers=True)
        return [results[number] for number in range(len(questions))]


def cores() -> int:
    """Return how many processors this process may use."""
    import loky  # noqa: PLC0415 - only where the search is long enough

    return int(loky.cpu_count())


def _lost(left: int) -> str:
    return (
        "Un processus de calcul s'est arrêté avant la fin (mémoire insuffisante, ou arrêt forcé) : "
        f"{plural(left, 'recherche sans réponse', 'recherches sans réponse')}, rien n'a été "
        "modifié. Relancez, ou choisissez moins de secteurs."
    )


#: What a process says its words to, and what stops it; set as it starts.
_line: dict[str, Any] = {}


def _begin(words: Any, stop: Any) -> None:  # noqa: ANN401 - loky has no types
    _line.update(words=words, stop=stop)


def _answer[A](number: int, question: Question[A]) -> A:
    """Answer a question in a process, with word of it now and then."""
    last = 0.0

    def told(number: int, phase: str, bound: float, incumbent: float) -> bool:
        nonlocal last
        if perf_counter() - last >= _WORD_S:
            last = perf_counter()
            _line["words"].put((number, phase, bound, incumbent))
        return not _line["stop"].is_set()

    return question.answer(listener(number, told))
