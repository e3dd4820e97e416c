"""Engines tried one after the other: each is asked for what those before it could not give."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import (
    DataFileError,
    EngineCancelledError,
    EngineError,
    EngineUnavailableError,
    InputError,
    Provenance,
    TravelTimes,
)
from geozones.domain.times import same_places
from geozones.travel.engine import (
    Engine,
    Isochrone,
    Places,
    Point,
    Progress,
    Route,
    RoutingEngine,
    no_progress,
)
from geozones.travel.registry import Ground, engine_kind
from geozones.travel.settings import TravelSettings


@dataclass(frozen=True, slots=True)
class Fault:
    """An engine that could not answer, and why."""

    engine: str
    message: str


@dataclass(frozen=True)
class Answer:
    """Times with the maker of each figure, and the engines that failed on the way."""

    times: TravelTimes
    faults: tuple[Fault, ...]


class Chain:
    """The engines of a configuration, made when they are first needed.

    Raises
    ------
    InputError
        If a name is no engine's, or there is none.
    """

    def __init__(self, names: Sequence[str], settings: TravelSettings, ground: Ground) -> None:
        self._kinds = [engine_kind(name) for name in names]
        if not self._kinds:
            msg = "Aucun moteur de trajets n'est configuré (GEOZONES_ENGINES)."
            raise InputError(msg)
        self._settings, self._ground = settings, ground
        self._made: dict[str, Engine] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The engines, in the order they are tried."""
        return tuple(kind.name for kind in self._kinds)

    def matrix(
        self, origins: Places, destinations: Places, progress: Progress = no_progress
    ) -> Answer:
        """Return minutes and km, ``float[origin, destination]``, NaN where no engine knows a way.

        Raises
        ------
        EngineCancelledError
            If ``progress`` asks to stop.
        EngineUnavailableError
            If every engine failed; the message says why each did.
        """
        filling = _Filling(origins, destinations)
        faults: list[Fault] = []
        for kind in self._kinds:
            if filling.is_full:
                break
            try:
                filling.ask(self._engine(kind.name), progress)
            except EngineCancelledError:
                raise
            except (EngineError, DataFileError) as error:
                faults.append(Fault(kind.name, str(error)))
        if not filling.makers and faults:
            raise EngineUnavailableError(_told(faults))
        return Answer(filling.times(), tuple(faults))

    def route(self, origin: Point, destination: Point) -> tuple[Route, str]:
        """Return the fastest drive of the first engine that draws routes, and its name.

        Raises
        ------
        EngineError
            If none of them can.
        """
        return self._first(lambda engine: engine.route(origin, destination))

    def isochrones(
        self, centre: Point, minutes: tuple[float, ...]
    ) -> tuple[tuple[Isochrone, ...], str]:
        """Return what is reached within each duration, and the engine that says so; as `route`."""
        return self._first(lambda engine: engine.isochrones(centre, minutes))

    @property
    def draws(self) -> bool:
        """Whether an engine that draws routes is configured."""
        return any(kind.draws for kind in self._kinds)

    def _first[T](self, ask: Callable[[RoutingEngine], T]) -> tuple[T, str]:
        faults = []
        for kind in self._kinds:
            if not kind.draws:
                continue
            try:
                engine = self._engine(kind.name)
                if isinstance(engine, RoutingEngine):
                    return ask(engine), kind.name
            except EngineError as error:
                faults.append(Fault(kind.name, str(error)))
        if faults:
            raise EngineUnavailableError(_told(faults))
        msg = "Aucun moteur configuré ne trace d'itinéraire (valhalla ou openrouteservice le font)."
        raise EngineUnavailableError(msg)

    def _engine(self, name: str) -> Engine:
        if name not in self._made:
            self._made[name] = engine_kind(name).make(self._settings, self._ground)
        return self._made[name]


def _told(faults: Sequence[Fault]) -> str:
    return " ".join(f"{fault.engine} : {fault.message}" for fault in faults)


class _Filling:
    """A matrix in the making."""

    def __init__(self, origins: Places, destinations: Places) -> None:
        self._origins, self._destinations = origins, destinations
        shape = (len(origins), len(destinations))
        self._minutes, self._km = np.full(shape, np.nan), np.full(shape, np.nan)
        self._maker = np.zeros(shape, np.uint8)
        self._same = same_places(origins, destinations)
        self._minutes[self._same] = self._km[self._same] = 0.0
        self.makers: list[Provenance] = []

    @property
    def is_full(self) -> bool:
        """Whether no pair is missing; a matrix that nobody was asked for is not."""
        return bool(self.makers) and not np.isnan(self._minutes).any()

    def ask(self, engine: Engine, progress: Progress) -> None:
        """Ask an engine for the rows and columns where something is missing."""
        missing = np.isnan(self._minutes)
        if not self.makers:
            missing = missing | self._same
        rows, columns = missing.any(axis=1), missing.any(axis=0)
        found = engine.matrix(
            _some(self._origins, rows), _some(self._destinations, columns), progress
        )
        at = np.ix_(np.flatnonzero(rows), np.flatnonzero(columns))
        self._put(at, found)

    def _put(self, at: tuple[NDArray[np.intp], ...], found: TravelTimes) -> None:
        first = len(self.makers)
        self.makers += found.makers
        new = np.isnan(self._minutes[at]) & ~np.isnan(found.minutes)
        made = np.zeros(found.minutes.shape, np.uint8) if found.maker is None else found.maker
        for kept, value in (
            (self._minutes, found.minutes),
            (self._km, found.km),
            (self._maker, made + first),
        ):
            kept[at] = np.where(new, value, kept[at])

    def times(self) -> TravelTimes:
        """Return the matrix; engines that made no figure are left out."""
        used = [rank for rank in range(len(self.makers)) if self._makes(rank)] or [0]
        renumber = np.zeros(len(self.makers) + 1, np.uint8)
        renumber[used] = np.arange(len(used))
        first, *others = (self.makers[rank] for rank in used)
        return TravelTimes(
            tuple(self._origins),
            tuple(self._destinations),
            self._minutes,
            self._km,
            first,
            tuple(others),
            renumber[self._maker] if others else None,
        )

    def _makes(self, rank: int) -> bool:
        known = ~np.isnan(self._minutes) & ~self._same
        return bool((self._maker[known] == rank).any())


def _some(places: Places, kept: NDArray[np.bool_]) -> Places:
    return {key: point for (key, point), keep in zip(places.items(), kept, strict=True) if keep}
