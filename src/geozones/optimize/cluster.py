"""Searches on a Dask cluster that is already there: ``geozones[dask]``.

Its workers need the same version of geozones. Dask's own messages are not authenticated over
``tcp://``: the address is to be that of a cluster on a network of one's own, or ``tls://``.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, Queue
from time import perf_counter
from types import ModuleType
from typing import Any
from uuid import uuid4

from geozones import __version__
from geozones.domain import ExecutorError, InputError
from geozones.optimize.executor import Board, in_order_of_effort, listener, shared
from geozones.optimize.questions import Question

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[\w.-]+):([0-9]{1,5})")
#: Seconds to reach the scheduler; to wait for a worker; between two looks at the cluster.
_REACH_S = 10.0
_NOBODY_S = 10.0
_LOOK_S = 0.2
_CENSUS_S = 2.0
_WORD_S = 0.25


class DaskCluster:
    """Answers questions on the workers of a scheduler.

    Raises
    ------
    InputError
        If the address is not one of a scheduler.
    """

    def __init__(self, address: str) -> None:
        found = _ADDRESS.fullmatch(address.strip())
        if found is None or not 0 < int(found[3]) < 65536:
            msg = (
                f"« {address[:60]} » n'est pas l'adresse d'un ordonnanceur Dask : elle s'écrit "
                "tcp://machine:port (ou tls://machine:port), par exemple tcp://127.0.0.1:8786."
            )
            raise InputError(msg)
        self.address = found[0]

    def answers[A](self, questions: Sequence[Question[A]], board: Board) -> list[A]:
        """Return the answers, the hardest questions asked first."""
        with _client(self.address) as client:
            return _Run(client, self.address, questions, board).results()


class _Run[A]:
    """One set of questions on a cluster."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - Dask is optional
        address: str,
        questions: Sequence[Question[A]],
        board: Board,
    ) -> None:
        self._client = client
        self._address = address
        self._questions = questions
        self._board = board
        self._id = f"geozones-{uuid4().hex}"
        # What workers say, and the numbers of the questions answered, as they come.
        self._heard: Queue[int | tuple[int, str, float, float]] = Queue()
        self._stopped = False
        self._nobody_since: float | None = None
        self._census = 0.0

    def results(self) -> list[A]:
        """Return the answers once they are all there."""
        self._client.subscribe_topic(self._id, lambda event: self._heard.put(tuple(event[1])))
        asked = shared(self._questions, self._board.left, self._workers())
        futures = {}
        for number in in_order_of_effort(asked):
            futures[number] = self._client.submit(
                answer_on_worker, self._id, __version__, number, asked[number],
                key=f"{self._id}-{number}", pure=False,
            )  # fmt: skip
            futures[number].add_done_callback(lambda _, number=number: self._heard.put(number))
        results: dict[int, A] = {}
        try:
            while len(results) < len(futures):
                for word in self._words():
                    if isinstance(word, tuple):
                        self._board.told(*word)
                    else:
                        results[word] = self._result(futures[word])
                        self._board.finished(word, self._questions[word].best(results[word]))
                self._look()
        finally:
            self._client.cancel(list(futures.values()))
            if self._stopped:
                self._client.run(_forget, self._id)
        return [results[number] for number in range(len(self._questions))]

    def _words(self) -> Iterator[int | tuple[int, str, float, float]]:
        try:
            yield self._heard.get(timeout=_LOOK_S)
            while True:
                yield self._heard.get_nowait()
        except Empty:
            return

    def _look(self) -> None:
        """Stop the workers if they are to be; find out whether there are any."""
        if not self._board.goes_on() and not self._stopped:
            self._stopped = True
            self._client.run(_stop, self._id)
        now = perf_counter()
        if now - self._census < _CENSUS_S:
            return
        self._census = now
        if self._workers():
            self._nobody_since = None
            return
        self._nobody_since = now if self._nobody_since is None else self._nobody_since
        if now - self._nobody_since > _NOBODY_S:
            msg = (
                f"L'ordonnanceur Dask {self._address} n'a aucun ouvrier : rien n'a été calculé ni "
                "modifié. Démarrez un ouvrier (« dask worker ADRESSE ») ou lancez sans --scheduler."
            )
            raise ExecutorError(msg)

    def _workers(self) -> int:
        """Return how many workers there are."""
        if self._client.status != "running":
            raise ExecutorError(_out_of_reach(self._address))
        return int(self._client.scheduler_info(n_workers=0)["n_workers"])

    def _result(self, future: Any) -> A:  # noqa: ANN401
        distributed = _library()
        try:
            result: A = future.result(timeout=_REACH_S)
        except distributed.scheduler.KilledWorker as error:
            msg = (
                f"Un ouvrier du cluster Dask {self._address} s'est arrêté à chaque essai (mémoire "
                "insuffisante ?) : rien n'a été modifié. Donnez plus de mémoire aux ouvriers, ou "
                "choisissez moins de secteurs."
            )
            raise ExecutorError(msg) from error
        except (distributed.CancelledError, TimeoutError) as error:
            raise ExecutorError(_out_of_reach(self._address)) from error
        except ImportError as error:
            raise ExecutorError(_not_there(self._address)) from error
        return result


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Open a client, and close it whatever happens; what Dask raises is told in French."""
    distributed = _library()
    try:
        client = distributed.Client(address, timeout=_REACH_S, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise ExecutorError(_out_of_reach(address)) from error
    try:
        with client:
            yield client
    except (OSError, TimeoutError) as error:
        raise ExecutorError(_out_of_reach(address)) from error


def _library() -> ModuleType:
    """Return the library.

    Raises
    ------
    ExecutorError
        If it is not installed.
    """
    try:
        import distributed  # noqa: PLC0415 - optional
    except ImportError as error:
        msg = (
            "Le calcul sur un cluster demande Dask, qui n'est pas installé : « pip install "
            "'geozones[dask]' », ou lancez sans --scheduler."
        )
        raise ExecutorError(msg) from error
    return distributed


def _out_of_reach(address: str) -> str:
    return (
        f"L'ordonnanceur Dask {address} ne répond pas : rien n'a été modifié. Vérifiez l'adresse "
        "et qu'il tourne, ou lancez sans --scheduler."
    )


def _not_there(address: str) -> str:
    return (
        f"Les ouvriers du cluster Dask {address} n'ont pas geozones {__version__} : installez-y "
        "cette version, la même qu'ici."
    )


#: Runs that the workers of this process are to stop.
_to_stop: set[str] = set()


def _stop(run: str) -> None:
    _to_stop.add(run)


def _forget(run: str) -> None:
    _to_stop.discard(run)


def answer_on_worker[A](run: str, version: str, number: int, question: Question[A]) -> A:
    """Answer a question on a worker, with word of it now and then.

    Raises
    ------
    ImportError
        If the worker has another version of geozones.
    """
    if version != __version__:
        msg = f"geozones {__version__} is installed, not {version}"
        raise ImportError(msg)
    worker = _library().get_worker()
    last = 0.0

    def told(number: int, phase: str, bound: float, incumbent: float) -> bool:
        nonlocal last
        if perf_counter() - last >= _WORD_S:
            last = perf_counter()
            worker.log_event(run, (number, phase, bound, incumbent))
        return run not in _to_stop

    return question.answer(listener(number, told))
