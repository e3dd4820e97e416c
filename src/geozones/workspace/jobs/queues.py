"""Job queues: limited concurrency per kind of job, first come, first served."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from geozones.common.errors import GeozonesError
from geozones.workspace.jobs.limits import ServerLimits

#: Jobs that may wait in the queue for each running job.
_WAITING_EACH = 10
_LOOK_S = 0.1


class ServerBusyError(GeozonesError):
    """The queue of jobs is full."""

    def __init__(self) -> None:
        super().__init__(
            "Trop de travaux attendent déjà sur le serveur : rien n'a changé. Réessayez dans "
            "quelques minutes."
        )


class Lane:
    """Queue of one kind of job, with limited concurrency.

    ``niceness`` is the `nice` value of its processes: pages keep priority on the processor.
    ``waiting_each`` jobs may wait for each running job.
    """

    def __init__(
        self,
        most: Callable[[ServerLimits], int],
        *,
        niceness: int,
        waiting_each: int = _WAITING_EACH,
    ) -> None:
        self._most, self.niceness, self._waiting_each = most, niceness, waiting_each
        self._changed = Condition()
        self._waiting: deque[object] = deque()
        self.running = 0

    @property
    def waiting(self) -> int:
        """Number of jobs in the queue."""
        return len(self._waiting)

    @contextmanager
    def turn(self, bounds: ServerLimits, check: Callable[[], None]) -> Iterator[None]:
        """Hold a slot for the duration of the block; wait for it first.

        ``check`` is called while waiting and may raise.

        Raises
        ------
        ServerBusyError
            If the queue is full.
        """
        most, ticket = self._most(bounds), object()
        with self._changed:
            if len(self._waiting) >= most * self._waiting_each:
                raise ServerBusyError
            self._waiting.append(ticket)
            try:
                while self._waiting[0] is not ticket or self.running >= most:
                    self._changed.wait(_LOOK_S)
                    check()
                self.running += 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self.running -= 1
                self._changed.notify_all()
