"""Construction of a matrix of travel times, the report on it, and the job that rebuilds it."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.files import why
from geozones.common.french import capital, listing, minutes, number, plural, shortlist
from geozones.common.pacing import Progress, no_progress
from geozones.domain import Provenance, TravelTimes
from geozones.domain.terms import terms
from geozones.domain.uncertainty import ANCHORS, interval_source
from geozones.travel.engine import Positions
from geozones.travel.engine_chain import Chain, ChainAnswer, EngineFailure
from geozones.travel.matrix_file import write_matrix
from geozones.travel.sparse_matrix import limit_of
from geozones.workspace.drives import Engines
from geozones.workspace.roles import Actor, Role, needs


@dataclass(frozen=True)
class BuiltMatrix:
    """Matrix that engines filled, and who made it."""

    #: Drives between lycées, then from lycées to communes and back if these were asked for.
    tables: tuple[TravelTimes, ...]
    seconds: float  # Duration of the build.
    faults: tuple[EngineFailure, ...] = ()  # Engines that failed, and why.
    #: Its file, and the number of drives in it; ``None`` before it is written.
    path: Path | None = None
    rows: int | None = None

    @property
    def within(self) -> float | None:
        """Minutes up to which its file keeps drives; ``None`` if it keeps them all."""
        return limit_of(self.lycees)

    @property
    def times(self) -> TravelTimes:
        """Drives between lycées."""
        return self.tables[0]

    @property
    def engines(self) -> tuple[str, ...]:
        """Names of the engines that gave drives."""
        return tuple(dict.fromkeys(maker.engine for maker, _ in self.shares))

    @property
    def shares(self) -> tuple[tuple[Provenance, int], ...]:
        """Number of one-way drives by engine."""
        counts: dict[str, tuple[Provenance, int]] = {}
        for table in self.tables:
            for maker, count in table.pairs_by_maker:
                counts[maker.engine] = (maker, counts.get(maker.engine, (maker, 0))[1] + count)
        return tuple(share for share in counts.values() if share[1])

    @property
    def lycees(self) -> int:
        """Number of lycées."""
        return len(self.times.origins)

    @property
    def pairs(self) -> int:
        """Number of one-way drives."""
        return sum(count for _, count in self.shares)

    @property
    def estimated(self) -> int:
        """Number of one-way drives that are estimated."""
        return sum(table.estimated_pairs for table in self.tables)

    @property
    def unreachable(self) -> tuple[tuple[str, str], ...]:
        """Pairs of lycées (from, to) without a drive, isolated lycées included."""
        missing = np.argwhere(self._missing).tolist()
        return tuple((self.times.origins[i], self.times.destinations[j]) for i, j in missing)

    @property
    def isolated(self) -> tuple[str, ...]:
        """Lycées without a drive to or from any other; none where there is one lycée only."""
        if self.lycees < 2:
            return ()
        known = ~self._missing & ~self.times.same
        alone = ~(known.any(axis=1) | known.any(axis=0))
        return tuple(key for key, cut in zip(self.times.origins, alone, strict=True) if cut)

    @property
    def off_roads(self) -> tuple[str, ...]:
        """Lycées all of whose drives are estimates, where others have drives by an engine."""
        times = self.times
        guessed = np.array([maker.is_estimate for maker in times.makers])[times.maker_ranks]
        driven, held = times.held & ~guessed, times.held
        off = held.any(axis=1) & ~(driven.any(axis=1) | driven.any(axis=0))
        if not driven.any():
            return ()
        return tuple(key for key, alone in zip(times.origins, off, strict=True) if alone)

    @property
    def _missing(self) -> NDArray[np.bool_]:
        return np.isnan(self.times.minutes)

    def written(self, path: Path, positions: Positions) -> "BuiltMatrix":
        """Write it for lycées at these positions; return it with its file."""
        rows = write_matrix(path, self.tables, positions, self.within)
        return replace(self, path=path, rows=rows)


@needs(Role.PLANNER)
def build_matrix(
    places: Engines,
    actor: Actor,  # noqa: ARG001 - the gate reads it
    engines: Sequence[str] | None = None,
    *,
    given: TravelTimes | None = None,
    path: Path | None = None,
    communes: bool = True,
    progress: Progress = no_progress,
) -> BuiltMatrix:
    """Ask engines for every drive between lycées, and to and from communes; write a matrix.

    Parameters
    ----------
    places
        The lycées, communes and engines of the data folder.
    actor
        The caller: a planner.
    engines
        Names, in the order to try them; by default the settings' engines.
    given
        Drives for which no engine is asked.
    path
        Path of the file; by default the matrix in use (see ``TravelSettings.matrix``).
    communes
        Whether to include the communes.
    progress
        Called with (pairs done, total pairs); may raise ``EngineCancelledError``.
    """
    places = places.of_folder
    chain = places.chain(engines)
    if given is not None:
        chain = chain.given(given)
    built = ask_engines(places, chain, communes=communes, progress=progress)
    target = places.settings.matrix if path is None else path
    if path is None:
        _make_folder(target.parent)
    return built.written(target, places.lycees)


def ask_engines(
    places: Engines, chain: Chain, *, communes: bool, progress: Progress
) -> BuiltMatrix:
    """Ask engines for the drives between lycées, and to and from communes; write nothing."""
    start = time.monotonic()
    lycees = places.lycees
    blocks: list[tuple[Positions, Positions]] = [(lycees, lycees)]
    if communes and places.communes:
        blocks += [(lycees, places.communes), (places.communes, lycees)]
    answers = _ask(chain, blocks, progress)
    return BuiltMatrix(
        tables=tuple(answer.times for answer in answers),
        seconds=time.monotonic() - start,
        faults=tuple(dict.fromkeys(fault for answer in answers for fault in answer.faults)),
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
        if len(answers) == 1 and chain.learns:
            chain = chain.anchored(answers[0].times)
        done += len(origins) * len(destinations)
        progress(done, total)
    return answers


def _after(done: int, total: int, progress: Progress) -> Progress:
    """Return a progress callback that adds the pairs done before a rectangle."""
    return lambda part, whole: progress(done + min(part, whole), max(total, done + whole))


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"Le dossier {folder} ne peut pas être créé ({why(error)}) : rien n'a changé."
        ) from error


#: Most groups of pairs that are written, and most names in one.
_GROUPS, _NAMES = 10, 30

type _Pair = tuple[str, str]


def account_of(built: BuiltMatrix, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the report on a matrix, in sentences; ``names`` are those of lycées, by id."""
    return (*_shares(built), *_faults(built), *_missing(built, names), *_kept(built))


def _shares(built: BuiltMatrix) -> Iterator[str]:
    """Tell how many drives there are, and the share of each engine if there are several."""
    labels = [maker.label for maker, _ in built.shares]
    yield (
        f"{plural(built.pairs, 'trajet')}{' par ' if labels else ''}{listing(labels)}, dont "
        f"{number(built.estimated)} estimés, en {number(built.seconds, 1)} s."
    )
    for maker, count in built.shares if len(built.shares) > 1 else ():
        percent = 100 * count / built.pairs
        share = "moins de 1" if percent < 1 else number(percent)
        yield f"{maker.label} : {plural(count, 'trajet')} ({share} %)."
    for maker, _ in built.shares:
        if maker.parameters.get(ANCHORS) == 0:
            yield f"{capital(maker.label)} : {interval_source(maker, given=False)}."


def _faults(built: BuiltMatrix) -> Iterator[str]:
    for fault in built.faults:
        yield f"{fault.engine} : {fault.message}"


def _missing(built: BuiltMatrix, names: Mapping[str, str]) -> Iterator[str]:
    """Count the pairs without minutes and name them: isolated lycées, then those of each lycée."""
    site, isolated, missing = terms().site, set(built.isolated), built.unreachable
    if built.off_roads:
        yield f"Sans route, toutes leurs durées estimées : {_listed(built.off_roads, names)}."
    if not missing:
        return
    yield f"{plural(len(missing), 'trajet')} sans durée."
    if isolated:
        yield f"Sans trajet vers {site.no} ni depuis {site.no} : {_listed(built.isolated, names)}."
    places = [key for key in built.times.origins if key not in isolated]
    pairs = [pair for pair in missing if not isolated & set(pair)]
    for rank, (key, others, leaves, left) in enumerate(_groups(pairs)):
        if rank == _GROUPS:
            rest = plural(left, "autre trajet", "autres trajets")
            yield f"Et {rest} ; l'option --json les nomme tous."
            return
        way = "vers" if leaves else "depuis"
        kept = [place for place in places if place not in others and place != key]
        if len(kept) < len(others):
            but = f", sauf {_listed(kept, names)}" if kept else ""
            yield f"{names.get(key, key)} : sans trajet {way} {site.no}{but}."
        else:
            yield f"{names.get(key, key)} : sans trajet {way} {_listed(list(others), names)}."


def _kept(built: BuiltMatrix) -> Iterator[str]:
    """Tell which drives the file keeps, if not all."""
    if built.within is not None and built.rows is not None:
        yield (
            f"Le fichier ne garde que les {number(built.rows)} trajets de {minutes(built.within)} "
            "au plus, ou vers les plus proches."
        )


def _listed(places: Sequence[str], names: Mapping[str, str]) -> str:
    return shortlist([names.get(place, place) for place in places], _NAMES)


def _groups(pairs: Sequence[_Pair]) -> Iterator[tuple[str, Mapping[str, None], bool, int]]:
    """Yield a lycée, all it has no drive to (``True``) or from, and the number of pairs left.

    The lycée with the most pairs left comes first.
    """
    left = list(pairs)
    while left:
        ends = Counter((pair[side], side) for pair in left for side in (0, 1))
        (key, side), _ = ends.most_common(1)[0]
        others = {pair[1 - side]: None for pair in pairs if pair[side] == key}
        yield key, others, side == 0, len(left)
        left = [pair for pair in left if pair[side] != key]
