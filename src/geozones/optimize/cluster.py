"""Executor that solves subproblems on a running Dask cluster: ``geozones[dask]``.

Its workers need the same version of geozones. Dask does not authenticate its messages over
``tcp://``: the cluster must be on a private network, or its address begin with ``tls://``.
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
from geozones.common.errors import InputError
from geozones.domain import ExecutorError
from geozones.optimize.executor import (
    JointProgress,
    Subproblem,
    hardest_first,
    listener,
    solve_elsewhere,
    with_time_shares,
)

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9A-Fa-f:.]+\]|[\w.-]+):([0-9]{1,5})")
#: Seconds to reach the scheduler, and to wait for a first worker.
_CONNECT_S = 10.0
_NO_WORKER_S = 10.0
#: Seconds between two readings of messages, two counts of workers, two messages of a worker.
_READ_S = 0.2
_COUNT_S = 2.0
_MESSAGE_S = 0.25
#: Topic of the messages of every run: the scheduler never forgets a topic, nor its last events.
_TOPIC = "geozones"
#: A message about the search of a subproblem: its rank, phase, bound and incumbent.
type _Message = tuple[int, str, float, float]


class DaskCluster:
    """Executor on the workers of a Dask scheduler."""

    def __init__(self, address: str) -> None:
        match = _ADDRESS.fullmatch(address.strip())
        if match is None or not 0 < int(match[3]) < 65536:
            raise InputError(
                f"« {address[:60]} » n'est pas l'adresse d'un ordonnanceur Dask : elle s'écrit "
                "tcp://machine:port (ou tls://machine:port), par exemple tcp://127.0.0.1:8786."
            )
        self.address = match[0]

    def solve_all[A](
        self, subproblems: Sequence[Subproblem[A]], progress: JointProgress
    ) -> list[A]:
        """Return the answers, in the order of the subproblems; the hardest start first."""
        with _client(self.address) as client:
            return _Run(client, self.address, subproblems, progress).results()


class _Run[A]:
    """Single call of ``solve_all``: some subproblems on a cluster."""

    def __init__(
        self,
        client: Any,  # noqa: ANN401 - Dask is optional
        address: str,
        subproblems: Sequence[Subproblem[A]],
        progress: JointProgress,
    ) -> None:
        self._client = client
        self._address = address
        self._subproblems = subproblems
        self._progress = progress
        self._id = f"geozones-{uuid4().hex}"
        # Messages of the workers, and the ranks of the subproblems solved, as they come.
        self._events: Queue[int | _Message] = Queue()
        self._stopped = False
        self._no_worker_since: float | None = None
        self._counted_at = 0.0

    def results(self) -> list[A]:
        """Return the answers, in the order of the subproblems, after waiting for all of them."""
        self._client.subscribe_topic(_TOPIC, self._hear)
        timed = with_time_shares(self._subproblems, self._progress.seconds_left, self._workers())
        futures = {}
        for number in hardest_first(timed):
            futures[number] = self._client.submit(
                solve_on_worker, self._id, __version__, number, timed[number],
                key=f"{self._id}-{number}", pure=False,
            )  # fmt: skip
            futures[number].add_done_callback(lambda _, number=number: self._events.put(number))
        answers: dict[int, A] = {}
        try:
            while len(answers) < len(futures):
                for event in self._next_events():
                    if isinstance(event, tuple):
                        self._progress.update(*event)
                    else:
                        answers[event] = self._answer(futures[event])
                        best = self._subproblems[event].best_result(answers[event])
                        self._progress.finish(event, best)
                self._check_cluster()
        finally:
            self._client.cancel(list(futures.values()))
            if self._client.status == "running":
                self._client.unsubscribe_topic(_TOPIC)
            if self._stopped:
                self._client.run(_forget, self._id)
        return [answers[number] for number in range(len(self._subproblems))]

    def _hear(self, event: tuple[float, tuple[str, _Message]]) -> None:
        """Take a message of the topic if it is of this run: others search on the same cluster."""
        run, (number, phase, bound, incumbent) = event[1]
        if run == self._id:
            self._events.put((number, phase, bound, incumbent))

    def _next_events(self) -> Iterator[int | _Message]:
        try:
            yield self._events.get(timeout=_READ_S)
            while True:
                yield self._events.get_nowait()
        except Empty:
            return

    def _check_cluster(self) -> None:
        """Cancel the tasks if the search is stopped; raise ``ExecutorError`` without workers."""
        if not self._progress.may_continue() and not self._stopped:
            self._stopped = True
            self._client.run(_stop, self._id)
        now = perf_counter()
        if now - self._counted_at < _COUNT_S:
            return
        self._counted_at = now
        if self._workers():
            self._no_worker_since = None
            return
        self._no_worker_since = now if self._no_worker_since is None else self._no_worker_since
        if now - self._no_worker_since > _NO_WORKER_S:
            raise ExecutorError(
                f"L'ordonnanceur Dask {self._address} n'a aucun ouvrier : rien n'a été calculé ni "
                "modifié. Démarrez un ouvrier (« dask worker ADRESSE ») ou cherchez sans cluster."
            )

    def _workers(self) -> int:
        """Return the scheduler's number of workers."""
        if self._client.status != "running":
            raise ExecutorError(_unreachable_text(self._address))
        return int(self._client.scheduler_info(n_workers=0)["n_workers"])

    def _answer(self, future: Any) -> A:  # noqa: ANN401
        distributed = _library()
        try:
            answer: A = future.result(timeout=_CONNECT_S)
        except distributed.scheduler.KilledWorker as error:
            raise ExecutorError(
                f"Un ouvrier du cluster Dask {self._address} s'est arrêté à chaque essai (mémoire "
                "insuffisante ?) : rien n'a été modifié. Donnez plus de mémoire aux ouvriers, ou "
                "choisissez moins de secteurs."
            ) from error
        except (distributed.CancelledError, TimeoutError) as error:
            raise ExecutorError(_unreachable_text(self._address)) from error
        except ImportError as error:
            raise ExecutorError(_other_version_text(self._address)) from error
        return answer


@contextmanager
def _client(address: str) -> Iterator[Any]:
    """Open a client and close it at the end; raise errors of Dask as ``ExecutorError``."""
    distributed = _library()
    try:
        client = distributed.Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise ExecutorError(_unreachable_text(address)) from error
    try:
        with client:
            yield client
    except (OSError, TimeoutError) as error:
        raise ExecutorError(_unreachable_text(address)) from error


def _library() -> ModuleType:
    """Return the library ``distributed``."""
    try:
        import distributed  # noqa: PLC0415 - optional
    except ImportError as error:
        raise ExecutorError(
            "Le calcul sur un cluster demande Dask, qui n'est pas installé : « pip install "
            "'geozones[dask]' », ou cherchez sans cluster."
        ) from error
    return distributed


def _unreachable_text(address: str) -> str:
    return (
        f"L'ordonnanceur Dask {address} ne répond pas : rien n'a été modifié. Vérifiez l'adresse "
        "et qu'il tourne, ou cherchez sans cluster."
    )


def _other_version_text(address: str) -> str:
    return (
        f"Les ouvriers du cluster Dask {address} n'ont pas geozones {__version__} : installez-y "
        "cette version, la même qu'ici."
    )


#: On a worker: ids of the runs to stop.
_to_stop: set[str] = set()


def _stop(run: str) -> None:
    _to_stop.add(run)


def _forget(run: str) -> None:
    _to_stop.discard(run)


def solve_on_worker[A](run: str, version: str, number: int, subproblem: Subproblem[A]) -> A:
    """Solve a subproblem on a worker, reporting its progress regularly."""
    if version != __version__:
        raise ImportError(f"geozones {__version__} is installed, not {version}")
    worker = _library().get_worker()
    last = 0.0

    def update(number: int, phase: str, bound: float, incumbent: float) -> bool:
        nonlocal last
        if perf_counter() - last >= _MESSAGE_S:
            last = perf_counter()
            worker.log_event(_TOPIC, (run, (number, phase, bound, incumbent)))
        return run not in _to_stop

    return solve_elsewhere(subproblem, listener(number, update))
