"""Job that rebuilds the matrix of travel times."""

from collections.abc import Sequence
from dataclasses import dataclass

from geozones.domain import EngineCancelledError, SearchCancelledError
from geozones.workspace.drives import Drives
from geozones.workspace.jobs import Job, Listener, Steps
from geozones.workspace.reachability.matrix import BuiltMatrix, build_matrix
from geozones.workspace.roles import Actor, Role, needs

_STOPPED = "Calcul arrêté : la matrice en service n'a pas changé."
_BROKEN = "erreur interne, le journal du serveur la détaille."


@dataclass(frozen=True, slots=True)
class RebuildRequest:
    """Rebuild of the matrix in use; the parameters of `build_matrix`."""

    drives: Drives
    actor: Actor
    engines: Sequence[str]
    communes: bool


type Rebuild = Job[RebuildRequest, Steps, BuiltMatrix]


@needs(Role.PLANNER)
def start_rebuild(
    drives: Drives, actor: Actor, engines: Sequence[str], *, communes: bool
) -> Rebuild:
    """Start rebuilding the matrix in use, in the background; its steps are pairs.

    Engines wait for the network and for programs of their own, longer than jobs may last: the job
    is a thread of this process.

    Raises
    ------
    NotAllowedError
        If the caller is not a planner.
    """
    asked = RebuildRequest(drives, actor, engines, communes)
    return Job(None, rebuild_matrix, asked, Steps(), broken=_BROKEN).start()


@needs(Role.PLANNER)
def stop_rebuild(rebuild: Rebuild, actor: Actor) -> None:  # noqa: ARG001 - the gate reads it
    """Ask to stop; the matrix in use is unchanged, and engines keep their files on disk.

    Raises
    ------
    NotAllowedError
        If the caller is not a planner.
    """
    rebuild.cancel()


def rebuild_matrix(listen: Listener, asked: RebuildRequest) -> BuiltMatrix:
    """Rebuild the matrix; raise as `build_matrix`."""

    def progress(done: int, total: int) -> None:
        try:
            listen(done, total)
        except SearchCancelledError as error:  # of an engine, only this error ends all of them
            raise EngineCancelledError(_STOPPED) from error

    return build_matrix(
        asked.drives, asked.actor, asked.engines, communes=asked.communes, progress=progress
    )
