"""Chain of engines, each asked for the pairs that earlier engines could not drive."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import DataFileError, GeozonesError, InputError
from geozones.common.progress import Progress, no_progress
from geozones.domain import (
    EngineCancelledError,
    EngineError,
    EngineMissingError,
    EngineUnavailableError,
    Provenance,
    TravelTimes,
)
from geozones.domain.times import FIGURES, same_places
from geozones.travel.engine import Engine, Isochrone, Point, Positions, Route, RoutingEngine
from geozones.travel.engine_registry import EngineContext, engine_kind
from geozones.travel.travel_settings import TravelSettings


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """Engine that could not answer, and the reason in French."""

    engine: str
    message: str
    is_missing: bool = False


@dataclass(frozen=True)
class ChainAnswer:
    """Travel times, each figure with its engine, and the engines that failed."""

    times: TravelTimes
    faults: tuple[EngineFailure, ...]


class Chain:
    """Engines of a configuration, created at first use.

    Raises
    ------
    InputError
        If a name is unknown, or there is no engine.
    """

    def __init__(
        self, names: Sequence[str], settings: TravelSettings, context: EngineContext
    ) -> None:
        self._kinds = [engine_kind(name) for name in names]
        if not self._kinds:
            msg = "Aucun moteur de trajets n'est configuré (GEOZONES_ENGINES)."
            raise InputError(msg)
        self._settings, self._context = settings, context
        self._made: dict[str, Engine] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The engines, in the order they are tried."""
        return tuple(kind.name for kind in self._kinds)

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> ChainAnswer:
        """Return minutes and km, ``float[origin, destination]``, NaN if no engine has a route.

        Raises
        ------
        EngineCancelledError
            If ``progress`` asks to stop.
        EngineMissingError
            If no engine is installed and set up; the message says what each lacks.
        EngineUnavailableError
            If every engine failed otherwise; the message gives each reason.
        """
        filling = _Filling(origins, destinations)
        faults: list[EngineFailure] = []
        for kind in self._kinds:
            if filling.is_full:
                break
            try:
                filling.ask(self._engine(kind.name), progress)
            except EngineCancelledError:
                raise
            except (EngineError, DataFileError) as error:
                faults.append(_failure(kind.name, error))
        if not filling.makers and faults:
            raise _unavailable(faults)
        return ChainAnswer(filling.times(), tuple(faults))

    def route(self, origin: Point, destination: Point) -> tuple[Route, str]:
        """Return the fastest drive of the first engine that draws routes, and its name.

        Raises
        ------
        EngineError
            If no engine can.
        """
        return self._first(lambda engine: engine.route(origin, destination))

    def isochrones(
        self, centre: Point, minutes: tuple[float, ...]
    ) -> tuple[tuple[Isochrone, ...], str]:
        """Return the areas reached within each duration, and their engine; raise as `route`."""
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
                faults.append(_failure(kind.name, error))
        if faults:
            raise _unavailable(faults)
        msg = "Aucun moteur configuré ne trace d'itinéraire (valhalla ou openrouteservice le font)."
        raise EngineUnavailableError(msg)

    def _engine(self, name: str) -> Engine:
        if name not in self._made:
            self._made[name] = engine_kind(name).make(self._settings, self._context)
        return self._made[name]


def _failure(engine: str, error: GeozonesError) -> EngineFailure:
    return EngineFailure(engine, str(error), isinstance(error, EngineMissingError))


def _unavailable(faults: Sequence[EngineFailure]) -> EngineUnavailableError:
    reasons = " ".join(f"{fault.engine} : {fault.message}" for fault in faults)
    missing = all(fault.is_missing for fault in faults)
    return EngineMissingError(reasons) if missing else EngineUnavailableError(reasons)


class _Filling:
    """Matrix under construction, ``float[origin, destination]``, NaN until an engine answers."""

    def __init__(self, origins: Positions, destinations: Positions) -> None:
        self._origins, self._destinations = origins, destinations
        shape = (len(origins), len(destinations))
        self._figures = {name: np.full(shape, np.nan) for name in FIGURES}
        self._minutes = self._figures["minutes"]
        self._maker = np.zeros(shape, np.uint8)
        self._same = same_places(origins, destinations)
        for table in self._figures.values():
            table[self._same] = 0.0
        self.makers: list[Provenance] = []

    @property
    def is_full(self) -> bool:
        """Whether an engine was asked and no pair is missing."""
        return bool(self.makers) and not np.isnan(self._minutes).any()

    def ask(self, engine: Engine, progress: Progress) -> None:
        """Ask an engine for the rows and columns with missing pairs."""
        missing = np.isnan(self._minutes)
        if not self.makers:
            missing = missing | self._same
        rows, columns = missing.any(axis=1), missing.any(axis=0)
        times = engine.matrix(
            _some(self._origins, rows), _some(self._destinations, columns), progress
        )
        at = np.ix_(np.flatnonzero(rows), np.flatnonzero(columns))
        self._put(at, times)

    def _put(self, at: tuple[NDArray[np.intp], ...], times: TravelTimes) -> None:
        """Copy an engine's figures into missing pairs."""
        first = len(self.makers)
        self.makers += times.makers
        new = np.isnan(self._minutes[at]) & ~np.isnan(times.minutes)
        self._maker[at] = np.where(new, times.maker_ranks + first, self._maker[at])
        for name, table in times.figures.items():
            kept = self._figures[name]
            kept[at] = np.where(new, table, kept[at])

    def times(self) -> TravelTimes:
        """Return the matrix, without the engines that made none of its figures."""
        used = [rank for rank in range(len(self.makers)) if self._makes(rank)] or [0]
        renumber = np.zeros(len(self.makers) + 1, np.uint8)
        renumber[used] = np.arange(len(used))
        first, *others = (self.makers[rank] for rank in used)
        return TravelTimes(
            tuple(self._origins),
            tuple(self._destinations),
            provenance=first,
            others=tuple(others),
            maker=renumber[self._maker] if others else None,
            **self._figures,
        )

    def _makes(self, rank: int) -> bool:
        known = ~np.isnan(self._minutes) & ~self._same
        return bool((self._maker[known] == rank).any())


def _some(places: Positions, kept: NDArray[np.bool_]) -> Positions:
    return {key: point for (key, point), keep in zip(places.items(), kept, strict=True) if keep}
