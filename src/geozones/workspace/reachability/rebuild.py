"""A matrix of travel times built in the background, watched while it goes on."""

import threading
from collections.abc import Callable, Sequence

from geozones.common.errors import GeozonesError
from geozones.common.progress import Progress
from geozones.domain import EngineCancelledError
from geozones.workspace.drives import Drives
from geozones.workspace.reachability.matrix import Built, build_matrix
from geozones.workspace.roles import Actor, Role, needs


@needs(Role.PLANNER)
def start_rebuild(
    drives: Drives, actor: Actor, engines: Sequence[str], *, communes: bool
) -> "Rebuild":
    """Start building the matrix in use anew, in the background; parameters as `build_matrix`.

    Raises
    ------
    NotAllowedError
        If who asks is no planner.
    """
    rebuild = Rebuild(
        lambda progress: build_matrix(drives, actor, engines, communes=communes, progress=progress)
    )
    rebuild.start()
    return rebuild


class Rebuild:
    """A build in the background: its progress, its end, and a way to stop it.

    ``done`` of ``total`` pairs are asked for; at its end it has a ``result``, else an ``error``.
    """

    def __init__(self, build: Callable[[Progress], Built]) -> None:
        self._build = build
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="geozones-rebuild")
        self.done, self.total = 0, 0
        self.result: Built | None = None
        self.error: GeozonesError | None = None

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @needs(Role.PLANNER)
    def cancel(self, actor: Actor) -> None:  # noqa: ARG002 - the gate reads it
        """Ask to stop; the matrix in use stays as it is, what engines keep on disk is kept.

        Raises
        ------
        NotAllowedError
            If who asks is no planner.
        """
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        self._thread.join(seconds)
        return not self.is_running

    @property
    def is_running(self) -> bool:
        """Whether it is still at work."""
        return self._thread.is_alive()

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()

    def _run(self) -> None:
        try:
            self.result = self._build(self._tick)
        except GeozonesError as error:
            self.error = error

    def _tick(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stop.is_set():
            msg = "Calcul arrêté : la matrice en service n'a pas changé."
            raise EngineCancelledError(msg)
