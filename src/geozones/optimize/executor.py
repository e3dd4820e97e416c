"""Where questions that do not hang on one another are answered: one interface, any machines."""

from collections.abc import Callable, Sequence
from math import inf
from typing import Any, Protocol

from geozones.domain import SearchCancelledError
from geozones.optimize.questions import Question
from geozones.optimize.result import Result
from geozones.optimize.watch import Progress, Watch


class Executor(Protocol):
    """Answers questions that do not hang on one another."""

    def answers[A](self, questions: Sequence[Question[A]], board: "Board") -> list[A]:
        """Return the answer to each question, in their order.

        Each is told to the board as it is searched. Once the board says to stop, every search gives
        the best it has found.

        Raises
        ------
        ExecutorError
            If the searches cannot be run, or to their end.
        """


class Board:
    """What is known of each question, told as one search.

    Bounds and objectives add up. No method raises: ``told`` and ``goes_on`` say whether to go on.
    """

    def __init__(self, questions: Sequence[Question[Any]], watch: Watch) -> None:
        self._watch = watch
        self._bounds = [0.0] * len(questions)
        self._best = [question.known() for question in questions] if len(questions) > 1 else [inf]
        self._done = 0

    @property
    def left(self) -> float:
        """Seconds left; ``inf`` without a time limit."""
        return self._watch.left

    def told(self, question: int, phase: str, bound: float, incumbent: float) -> bool:
        """Note where the search of a question is; tell whether to go on."""
        total = len(self._bounds)
        if total == 1:  # told as it is: a curve begins anew for each number of moves
            self._watch.bound, self._watch.incumbent = 0.0, inf
            return self._tells(phase, bound, incumbent)
        self._bounds[question] = max(self._bounds[question], bound)
        self._best[question] = min(self._best[question], incumbent)
        where = f"{phase} ({self._done}/{total})"
        return self._tells(where, sum(self._bounds), sum(self._best))

    def finished(self, question: int, result: Result) -> None:
        """Note the answer to a question."""
        self._done += 1
        self._bounds[question] = max(
            self._bounds[question], min(result.bound, self._best[question])
        )
        if result.gap < inf:
            self._best[question] = min(self._best[question], result.objective_after)

    def goes_on(self) -> bool:
        """Tell whether to go on."""
        return self._tells(None, None, None)

    def _tells(self, phase: str | None, bound: float | None, best: float | None) -> bool:
        try:
            self._watch.tell(phase, bound, best)
        except SearchCancelledError:
            return False
        return True


class InProcess:
    """Answers one question after another, here: the fastest way where they are small."""

    def answers[A](self, questions: Sequence[Question[A]], board: Board) -> list[A]:
        """Return the answers; the smallest first, each with its share of the time left."""
        results: dict[int, A] = {}
        ahead = float(sum(effort(question) for question in questions))
        for number in sorted(range(len(questions)), key=lambda at: (questions[at].size, at)):
            question = questions[number]
            share = board.left * effort(question) / ahead if board.left < inf else inf
            ahead -= effort(question)
            results[number] = question.within(share).answer(listener(number, board.told))
            board.finished(number, question.best(results[number]))
        return [results[number] for number in range(len(questions))]


def listener(number: int, told: Callable[[int, str, float, float], bool]) -> Progress:
    """Return what the search of a question is watched by, from what it is told to."""

    def tell(phase: str, bound: float, incumbent: float, _gap: float) -> None:
        if not told(number, phase, bound, incumbent):
            raise SearchCancelledError

    return tell


def effort(question: Question[Any]) -> int:
    """Return how hard a question is beside others: its pairs of lycées, or so."""
    return max(question.size, 1) ** 2


def in_order_of_effort(questions: Sequence[Question[Any]]) -> list[int]:
    """Return the numbers of questions, the hardest first, so that workers end together."""
    return sorted(range(len(questions)), key=lambda at: (-effort(questions[at]), at))


def shared[A](questions: Sequence[Question[A]], left: float, workers: int) -> list[Question[A]]:
    """Return the questions, each with its share of the seconds that workers have."""
    if left == inf:
        return [question.within(inf) for question in questions]
    total = sum(effort(question) for question in questions)
    return [
        question.within(left * min(1.0, workers * effort(question) / total))
        for question in questions
    ]
