"""Building a matrix of travel times, comparing two, and putting one in use."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from geozones.domain import EngineCancelledError, GeozonesError, InputError, TravelTimes
from geozones.domain.files import why
from geozones.travel.chain import Answer, Fault
from geozones.travel.engine import Places, Progress, no_progress
from geozones.travel.matrix_file import open_matrix, write_matrix
from geozones.travel.registry import NAMES
from geozones.travel.valhalla_tiles import TilesBuilt, build_tiles

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

_WORST = 10


@dataclass(frozen=True)
class Built:
    """What a build made: pairs by engine, lycées that cannot be reached, engines that failed."""

    path: Path
    engines: tuple[str, ...]
    lycees: int
    pairs: int
    estimated: int
    seconds: float
    unreachable: tuple[str, ...]
    faults: tuple[Fault, ...]


def build_matrix(
    workspace: "Workspace",
    engines: Sequence[str] | None = None,
    *,
    path: Path | None = None,
    communes: bool = True,
    progress: Progress = no_progress,
) -> Built:
    """Ask engines for every drive between lycées, and to and from the communes; write a matrix.

    Parameters
    ----------
    workspace
        Whose lycées and communes.
    engines
        Names, in the order to try them; those of the settings by default.
    path
        Where to; by default the matrix in use (see ``TravelSettings.matrix``).
    communes
        Whether to ask for the communes too.
    progress
        Called with (pairs done, pairs in all); may raise ``EngineCancelledError``.

    Raises
    ------
    EngineError
        If every engine failed, or the user stopped it; nothing is written.
    InputError
        If an engine's name or the path is wrong.
    """
    start = time.monotonic()
    workspace = workspace.home  # a matrix is for the places of the data folder, for every scenario
    chain = workspace.travel.chain(workspace, engines)
    lycees: Places = workspace.positions
    blocks: list[tuple[Places, Places]] = [(lycees, lycees)]
    if communes:
        towns = {entry.place: (entry.lat, entry.lon) for entry in workspace.communes}
        blocks += [(lycees, towns), (towns, lycees)]
    total = sum(len(rows) * len(columns) for rows, columns in blocks)
    answers: list[Answer] = []
    done = 0
    for rows, columns in blocks:
        answers.append(chain.matrix(rows, columns, _after(done, total, progress)))
        done += len(rows) * len(columns)
        progress(done, total)
    target = workspace.travel.settings.matrix if path is None else path
    if path is None:
        _make_folder(target.parent)
    write_matrix(target, [answer.times for answer in answers], lycees)
    faults = dict.fromkeys(fault for answer in answers for fault in answer.faults)
    return Built(
        path=target,
        engines=tuple(dict.fromkeys(m.engine for a in answers for m in a.times.makers)),
        lycees=len(lycees),
        pairs=sum(count for a in answers for _, count in a.times.pairs_by_maker),
        estimated=sum(a.times.estimated_pairs for a in answers),
        seconds=time.monotonic() - start,
        unreachable=_unreachable(answers[0].times),
        faults=tuple(faults),
    )


def _after(done: int, total: int, progress: Progress) -> Progress:
    return lambda part, whole: progress(done + min(part, whole), max(total, done + whole))


def _unreachable(times: TravelTimes) -> tuple[str, ...]:
    """Return the lycées with no drive to or from any other."""
    known = ~np.isnan(times.minutes) & ~times.same
    alone = ~(known.any(axis=1) | known.any(axis=0))
    return tuple(lycee for lycee, cut in zip(times.origins, alone, strict=True) if cut)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Le dossier {folder} ne peut pas être créé ({why(error)}) : rien n'a changé."
        raise InputError(msg) from error


def use_shipped(workspace: "Workspace") -> None:
    """Go back to the shipped matrix: the one built here is removed; raises ``InputError``."""
    try:
        workspace.travel.settings.matrix.unlink(missing_ok=True)
    except OSError as error:
        msg = f"La matrice calculée ici ne peut pas être retirée ({why(error)})."
        raise InputError(msg) from error


def build_roads(
    workspace: "Workspace", extract: Path, out: Path | None = None, progress: Progress = no_progress
) -> TilesBuilt:
    """Build Valhalla's road tiles of an .osm.pbf, by default where the engine looks for them.

    Raises
    ------
    InputError
        If the extract cannot be used.
    EngineError
        If the package is missing, the folder cannot be written, or the tool fails.
    """
    return build_tiles(extract, out or workspace.travel.settings.tiles_folder, progress)


@dataclass(frozen=True, slots=True)
class Gap:
    """A pair of lycées and its minutes in two matrices; ``percent`` is of the first."""

    origin: str
    destination: str
    first: float
    second: float
    percent: float


@dataclass(frozen=True)
class Comparison:
    """How the second of two matrices differs from the first, over the pairs that both know.

    ``worst`` are the pairs that differ by most minutes: a percentage says little of a short drive.
    """

    pairs: int
    bias_percent: float
    mae_percent: float
    worst_percent: float
    worst: tuple[Gap, ...]
    only_one: int


def compare(workspace: "Workspace", first: str, second: str) -> Comparison:
    """Compare two engines, or matrix files, over the pairs of lycées.

    Raises
    ------
    InputError
        If a name is neither an engine nor a file, or they share no pair.
    EngineError
        If an engine cannot say.
    """
    a, b = (_times_of(workspace.home, name) for name in (first, second))
    both = ~np.isnan(a.minutes) & ~np.isnan(b.minutes) & (a.minutes > 0)
    if not both.any():
        msg = f"« {first} » et « {second} » n'ont aucun trajet en commun : rien à comparer."
        raise InputError(msg)
    percent = np.full(a.minutes.shape, np.nan)
    percent[both] = (b.minutes[both] / a.minutes[both] - 1) * 100
    gap = np.where(both, np.abs(b.minutes - a.minutes), -1.0)
    order = np.argsort(-gap, axis=None, kind="stable")
    worst = [divmod(int(at), len(a.destinations)) for at in order[:_WORST]]
    return Comparison(
        pairs=int(both.sum()),
        bias_percent=float(percent[both].mean()),
        mae_percent=float(np.abs(percent[both]).mean()),
        worst_percent=float(np.abs(percent[both]).max()),
        worst=tuple(
            Gap(
                a.origins[i],
                a.destinations[j],
                float(a.minutes[i, j]),
                float(b.minutes[i, j]),
                float(percent[i, j]),
            )
            for i, j in worst
            if both[i, j]
        ),
        only_one=int((np.isnan(a.minutes) ^ np.isnan(b.minutes)).sum()),
    )


def _times_of(workspace: "Workspace", name: str) -> TravelTimes:
    lycees: Places = workspace.positions
    if name in NAMES:
        return workspace.travel.chain(workspace, (name,)).matrix(lycees, lycees).times
    if Path(name).is_file():
        return open_matrix(Path(name), lycees).square(tuple(lycees))
    msg = f"« {name} » n'est ni un moteur de trajets ({', '.join(NAMES)}) ni un fichier de matrice."
    raise InputError(msg)


class Rebuild:
    """A build in the background: its progress, its end, and a way to stop it."""

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

    def cancel(self) -> None:
        """Ask to stop; the matrix in use stays as it is, what engines keep on disk is kept."""
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
