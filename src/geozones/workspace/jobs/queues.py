"""Job queues: limited concurrency per kind of job, first come, first served."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from geozones.common.errors import GeozonesError
from geozones.common.slots import SlotQueue, Ticket
from geozones.workspace.jobs.limits import ServerLimits

#: Jobs that may wait in the queue for each running job.
_WAITING_EACH = 10
_CHECK_EVERY_S = 0.1


class ServerBusyError(GeozonesError):
    """The queue of jobs is full."""

    def __init__(self) -> None:
        super().__init__(
            "Trop de travaux attendent déjà sur le serveur : rien n'a changé. Réessayez dans "
            "quelques minutes."
        )


class JobQueue:
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
        self._slots = SlotQueue(_first_come, _CHECK_EVERY_S)

    @property
    def running(self) -> int:
        """Number of running jobs."""
        return len(self._slots.working)

    @property
    def waiting(self) -> int:
        """Number of jobs in the queue."""
        return len(self._slots.waiting)

    @contextmanager
    def slot(self, bounds: ServerLimits, check: Callable[[], None]) -> Iterator[None]:
        """Hold a slot for the duration of the block; wait for it first.

        ``check`` is called while waiting and may raise.

        Raises
        ------
        ServerBusyError
            If the queue is full.
        """
        most = self._most(bounds)
        if self.waiting >= most * self._waiting_each:
            raise ServerBusyError
        with self._slots.slot(most, check):
            yield


def _first_come(
    waiting: Sequence[Ticket[int]], working: Sequence[Ticket[int]]
) -> Ticket[int] | None:
    """Return the first job that waits, if fewer run than the limit that it came with."""
    return waiting[0] if waiting and len(working) < waiting[0].claim else None


#: Queues of files drawn and read, and of searches.
FILES = JobQueue(lambda bounds: bounds.files, niceness=5)
SEARCHES = JobQueue(lambda bounds: bounds.searches, niceness=10)
#: Queue of files drawn for visitors of shared links. Each link has few jobs at once, so many
#: links may wait.
VISITOR_FILES = JobQueue(lambda bounds: bounds.visitor_files, niceness=10, waiting_each=40)
