"""Whose turn it is: so many jobs of a kind at once, the others in the order they came."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from geozones.common.errors import GeozonesError
from geozones.workspace.apart.bounds import Bounds

#: Jobs that may wait for each that runs.
_WAITING_EACH = 10
_LOOK_S = 0.1


class ServerBusyError(GeozonesError):
    """Too many jobs wait already."""

    def __init__(self) -> None:
        super().__init__(
            "Trop de travaux attendent déjà sur le serveur : rien n'a changé. Réessayez dans "
            "quelques minutes."
        )


class Lane:
    """Jobs of one kind; ``niceness`` is how much they leave the processor to the pages.

    ``waiting_each`` jobs may wait for each that runs.
    """

    def __init__(
        self, most: Callable[[Bounds], int], *, niceness: int, waiting_each: int = _WAITING_EACH
    ) -> None:
        self._most, self.niceness, self._waiting_each = most, niceness, waiting_each
        self._changed = Condition()
        self._waiting: deque[object] = deque()
        self.running = 0

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return len(self._waiting)

    @contextmanager
    def turn(self, bounds: Bounds, check: Callable[[], None]) -> Iterator[None]:
        """Wait for one's turn, and have it; ``check`` may raise meanwhile.

        Raises
        ------
        ServerBusyError
            If too many wait already.
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
