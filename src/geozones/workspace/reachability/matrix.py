"""Construction of a matrix of travel times, and return to the shipped one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geozones.common.errors import InputError
from geozones.common.files import why
from geozones.common.progress import Progress, no_progress
from geozones.domain import TravelTimes
from geozones.travel.engine import Positions
from geozones.travel.engine_chain import Chain, ChainAnswer, EngineFailure
from geozones.travel.matrix_file import write_matrix
from geozones.travel.travel_settings import TravelSettings
from geozones.workspace.drives import Drives
from geozones.workspace.roles import Actor, Role, needs


@dataclass(frozen=True)
class BuiltMatrix:
    """Result of building a matrix.

    Parameters
    ----------
    path
        Its file.
    engines
        Names of the engines that gave drives.
    lycees, pairs, estimated
        Number of lycées, of one-way drives, and of estimates among these.
    seconds
        Duration of the build.
    unreachable
        Ids of the lycées without a drive to or from any other.
    faults
        Engines that failed, and why.
    """

    path: Path
    engines: tuple[str, ...]
    lycees: int
    pairs: int
    estimated: int
    seconds: float
    unreachable: tuple[str, ...]
    faults: tuple[EngineFailure, ...]


@needs(Role.PLANNER)
def build_matrix(  # noqa: PLR0913 - who asks, what for, and one keyword a choice
    drives: Drives,
    actor: Actor,  # noqa: ARG001 - the gate reads it
    engines: Sequence[str] | None = None,
    *,
    path: Path | None = None,
    communes: bool = True,
    progress: Progress = no_progress,
) -> BuiltMatrix:
    """Ask engines for every drive between lycées, and to and from communes; write a matrix.

    Parameters
    ----------
    drives
        The data folder's drives: lycées, communes and engines.
    actor
        The caller: a planner.
    engines
        Names, in the order to try them; by default the settings' engines.
    path
        Path of the file; by default the matrix in use (see ``TravelSettings.matrix``).
    communes
        Whether to include the communes.
    progress
        Called with (pairs done, total pairs); may raise ``EngineCancelledError``.

    Raises
    ------
    NotAllowedError
        If the caller is not a planner.
    EngineError
        If every engine failed, or the user stopped it; nothing is written.
    InputError
        If an engine's name or the path is wrong.
    """
    start = time.monotonic()
    drives = drives.home or drives  # a matrix has the data folder's places, for every scenario
    chain, lycees = drives.chain(engines), drives.lycees
    blocks: list[tuple[Positions, Positions]] = [(lycees, lycees)]
    if communes:
        blocks += [(lycees, drives.communes), (drives.communes, lycees)]
    answers = _ask(chain, blocks, progress)
    target = drives.settings.matrix if path is None else path
    if path is None:
        _make_folder(target.parent)
    write_matrix(target, [answer.times for answer in answers], lycees)
    faults = dict.fromkeys(fault for answer in answers for fault in answer.faults)
    return BuiltMatrix(
        path=target,
        engines=tuple(dict.fromkeys(m.engine for a in answers for m in a.times.makers)),
        lycees=len(lycees),
        pairs=sum(count for a in answers for _, count in a.times.pairs_by_maker),
        estimated=sum(a.times.estimated_pairs for a in answers),
        seconds=time.monotonic() - start,
        unreachable=_unreachable(answers[0].times),
        faults=tuple(faults),
    )


def _ask(
    chain: Chain, blocks: Sequence[tuple[Positions, Positions]], progress: Progress
) -> list[ChainAnswer]:
    """Ask for each rectangle of origins and destinations; progress counts the pairs of all."""
    total = sum(len(origins) * len(destinations) for origins, destinations in blocks)
    answers: list[ChainAnswer] = []
    done = 0
    for origins, destinations in blocks:
        answers.append(chain.matrix(origins, destinations, _after(done, total, progress)))
        done += len(origins) * len(destinations)
        progress(done, total)
    return answers


def _after(done: int, total: int, progress: Progress) -> Progress:
    """Return a progress callback that adds the pairs done before a rectangle."""
    return lambda part, whole: progress(done + min(part, whole), max(total, done + whole))


def _unreachable(times: TravelTimes) -> tuple[str, ...]:
    """Return the lycées without a drive to or from any other."""
    known = ~np.isnan(times.minutes) & ~times.same
    alone = ~(known.any(axis=1) | known.any(axis=0))
    return tuple(lycee for lycee, cut in zip(times.origins, alone, strict=True) if cut)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Le dossier {folder} ne peut pas être créé ({why(error)}) : rien n'a changé."
        raise InputError(msg) from error


@needs(Role.PLANNER)
def use_shipped(settings: TravelSettings, actor: Actor) -> None:  # noqa: ARG001 - the gate reads it
    """Remove the matrix built here, so that everyone uses the shipped one again.

    Raises
    ------
    NotAllowedError
        If the caller is not a planner.
    InputError
        If the file cannot be removed.
    """
    try:
        settings.matrix.unlink(missing_ok=True)
    except OSError as error:
        msg = f"La matrice calculée ici ne peut pas être retirée ({why(error)})."
        raise InputError(msg) from error
