"""Background build of a matrix of travel times, with progress."""

import threading
from collections.abc import Callable, Sequence

from geozones.common.errors import GeozonesError
from geozones.common.progress import Progress
from geozones.domain import EngineCancelledError
from geozones.workspace.drives import Drives
from geozones.workspace.reachability.matrix import BuiltMatrix, build_matrix
from geozones.workspace.roles import Actor, Role, needs


@needs(Role.PLANNER)
def start_rebuild(
    drives: Drives, actor: Actor, engines: Sequence[str], *, communes: bool
) -> "Rebuild":
    """Start rebuilding the matrix in use, in the background; parameters as `build_matrix`.

    Raises
    ------
    NotAllowedError
        If the caller is not a planner.
    """
    rebuild = Rebuild(
        lambda progress: build_matrix(drives, actor, engines, communes=communes, progress=progress)
    )
    rebuild.start()
    return rebuild


class Rebuild:
    """A build in the background: progress, result, cancellation.

    ``done`` of ``total`` pairs are computed; at its end it has either a ``result`` or an ``error``.
    """

    def __init__(self, build: Callable[[Progress], BuiltMatrix]) -> None:
        self._build = build
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="geozones-rebuild")
        self.done, self.total = 0, 0
        self.result: BuiltMatrix | None = None
        self.error: GeozonesError | None = None

    def start(self) -> None:
        """Start the build."""
        self._thread.start()

    @needs(Role.PLANNER)
    def cancel(self, actor: Actor) -> None:  # noqa: ARG002 - the gate reads it
        """Ask to stop; the matrix in use is unchanged, and engines keep their files on disk.

        Raises
        ------
        NotAllowedError
            If the caller is not a planner.
        """
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most ``seconds``; return whether it came."""
        self._thread.join(seconds)
        return not self.is_running

    @property
    def is_running(self) -> bool:
        """Whether the build is still running."""
        return self._thread.is_alive()

    @property
    def is_stopping(self) -> bool:
        """Whether the build was asked to stop."""
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
