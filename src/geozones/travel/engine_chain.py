"""Settings of engines, their registry by name, and their chain: each fills what earlier ones lack.

Modules that load much (scipy, a web client, Valhalla) are imported when their engine is created:
most commands never need them. A variable of the environment takes precedence over the settings
file. A key is only ever read from the environment or from a separate file, never from the
settings, and is never shown.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import home_folder, ordinary, why
from geozones.common.pacing import Progress, no_progress
from geozones.common.settings_file import Section, read_settings
from geozones.domain import (
    EngineCancelledError,
    EngineError,
    EngineMissingError,
    EngineUnavailableError,
    Provenance,
    TravelTimes,
)
from geozones.domain.times import FIGURES, common_ranks, same_places
from geozones.travel.engine import Engine, EstimatedDrives, KnownLand, Positions, no_land
from geozones.travel.matrix_file import Shipped, limit_of

DEFAULT_ENGINES = ("shipped", "estimate")
_TRAVEL = frozenset({"engines", "roads", "tiles", "openrouteservice"})


@dataclass(frozen=True, slots=True)
class TravelSettings:
    """Engines of the travel times, and their access."""

    home: Path  # The user's own folder: built matrices, tiles, blocks received.
    engines: tuple[str, ...] = DEFAULT_ENGINES  # Names, in the order to try them.
    roads: Path | None = None  # Folder of a road graph (nodes.csv, edges.csv), for ``roadgraph``.
    tiles: Path | None = None  # Folder of Valhalla's tiles.
    #: A private server, and its other settings.
    ors_url: str | None = field(default=None, repr=False)
    ors_key: str | None = field(default=None, repr=False)  # The API key; never shown.
    ors_options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def matrix(self) -> Path:
        """The user's own matrix, used instead of the shipped one if it exists."""
        return self.home / "travel_times.parquet"

    @property
    def tiles_folder(self) -> Path:
        """Folder of Valhalla's tiles, built or not."""
        return self.tiles or self.home / "valhalla"


def read_travel_settings(environment: Mapping[str, str] | None = None) -> TravelSettings:
    """Read the settings file (``GEOZONES_SETTINGS``, else the home's), then the variables."""
    env = os.environ if environment is None else environment
    travel = read_settings(env).section("travel")
    travel.only(_TRAVEL)
    ors = travel.section("openrouteservice")
    options: dict[str, Any] = {}
    if ors.values:
        from geozones.travel.openrouteservice import OrsSettings  # noqa: PLC0415 - a web client

        options = ors.options(OrsSettings, "key_file")
    engines = travel.names(
        "engines", '["shipped", "estimate"]', env.get("GEOZONES_ENGINES"), DEFAULT_ENGINES
    )
    return TravelSettings(
        home=home_folder(env),
        engines=engines,
        roads=travel.folder("roads", env.get("GEOZONES_ROADS_DIR")),
        tiles=travel.folder("tiles", env.get("GEOZONES_TILES_DIR")),
        ors_url=env.get("GEOZONES_ORS_URL") or options.pop("url", None),
        ors_key=env.get("GEOZONES_ORS_KEY") or _key(ors),
        ors_options=options,
    )


def _key(ors: Section) -> str | None:
    named = ors.typed("key_file", str)
    if named is None:
        return None
    file = Path(named).expanduser()
    try:
        return ordinary(file).read_text(encoding="utf-8").strip() or None
    except (OSError, ValueError) as error:
        reason = why(error) if isinstance(error, OSError) else "ce n'est pas du texte"
        raise InputError(f"Le fichier de la clé {file} ne peut pas être lu : {reason}.") from error


@dataclass(frozen=True)
class EngineContext:
    """Inputs of engines, besides their settings."""

    shipped: Path  # The file of the shipped matrix.
    lycees: Positions  # Positions of both; a commune's id is ``commune:CODE``.
    communes: Positions
    #: The matrix in use between lycées, at free-flow speed; ``None`` without any.
    times: TravelTimes | None = None
    given: TravelTimes | None = None  # Drives that a user gave: no engine is asked for these.
    land: Callable[[], KnownLand | None] = no_land  # The land that estimates stay on, if known.


@dataclass(frozen=True)
class EngineKind:
    """Kind of engine that can be configured: its name and its factory.

    ``make`` raises ``EngineError`` for missing settings, ``InputError`` for invalid settings.
    """

    name: str
    make: Callable[[TravelSettings, EngineContext], Engine]
    #: whether it sends requests to another machine
    online: bool = False
    #: whether drives that are already known improve its own
    anchored: bool = False


def _shipped(_: TravelSettings, context: EngineContext) -> Engine:
    return Shipped(context.shipped, context.lycees, context.communes)


def _openrouteservice(settings: TravelSettings, _: EngineContext) -> Engine:
    if settings.ors_url is None and settings.ors_key is None:
        raise EngineMissingError(
            "Openrouteservice demande une clé (GEOZONES_ORS_KEY) ou l'adresse d'un serveur "
            "(GEOZONES_ORS_URL)."
        )
    from geozones.travel.openrouteservice import (  # noqa: PLC0415
        PUBLIC_URL,
        OpenRouteService,
        OrsSettings,
    )

    address = (settings.ors_url or PUBLIC_URL).strip().rstrip("/")
    return OpenRouteService(OrsSettings(address, key=settings.ors_key, **settings.ors_options))


def _valhalla(settings: TravelSettings, context: EngineContext) -> Engine:
    from geozones.travel.valhalla import Valhalla  # noqa: PLC0415

    return Valhalla(settings.tiles_folder, within=limit_of(len(context.lycees)))


def _roadgraph(settings: TravelSettings, _: EngineContext) -> Engine:
    if settings.roads is None:
        raise EngineMissingError(
            "Le moteur roadgraph demande le dossier d'un graphe de routes, nodes.csv et edges.csv "
            "(GEOZONES_ROADS_DIR)."
        )
    from geozones.travel.roadgraph import RoadGraphEngine  # noqa: PLC0415

    return RoadGraphEngine(settings.roads)


def _estimate(_: TravelSettings, context: EngineContext) -> Engine:
    return EstimatedDrives(context.lycees, context.times, land=context.land)


REGISTRY = (
    EngineKind("shipped", _shipped),
    EngineKind("openrouteservice", _openrouteservice, online=True),
    EngineKind("valhalla", _valhalla),
    EngineKind("roadgraph", _roadgraph),
    EngineKind("estimate", _estimate, anchored=True),
)
NAMES = tuple(kind.name for kind in REGISTRY)


def engine_kind(name: str) -> EngineKind:
    """Return an engine's kind."""
    for kind in REGISTRY:
        if kind.name == name:
            return kind
    raise InputError(
        f"Aucun moteur de trajets ne s'appelle « {name[:40]} » : choisissez parmi "
        f"{', '.join(NAMES)}."
    )


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
    """Engines of a configuration, created at first use."""

    def __init__(
        self, names: Sequence[str], settings: TravelSettings, context: EngineContext
    ) -> None:
        self._kinds = [engine_kind(name) for name in names]
        if not self._kinds:
            raise InputError("Aucun moteur de trajets n'est configuré (GEOZONES_ENGINES).")
        self._settings, self._context = settings, context
        self._made: dict[str, Engine] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The engines, in the order they are tried."""
        return tuple(kind.name for kind in self._kinds)

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> ChainAnswer:
        """Return minutes and km, ``float[origin, destination]``, NaN if no engine has a route."""
        filling = _Filling(origins, destinations)
        if self._context.given is not None:
            filling.take(self._context.given)
        faults: list[EngineFailure] = []
        for kind in self._kinds:
            if filling.is_full:
                break
            try:
                filling.ask(self._anchored(kind, filling), progress)
            except EngineCancelledError:
                raise
            except (EngineError, DataFileError) as error:
                faults.append(
                    EngineFailure(kind.name, str(error), isinstance(error, EngineMissingError))
                )
        if not filling.makers and faults:
            reasons = " ".join(f"{fault.engine} : {fault.message}" for fault in faults)
            missing = all(fault.is_missing for fault in faults)
            raise (EngineMissingError(reasons) if missing else EngineUnavailableError(reasons))
        return ChainAnswer(filling.times(), tuple(faults))

    def given(self, times: TravelTimes) -> "Chain":
        """Return the same engines, asked only for the drives that a user does not give."""
        return self._with(replace(self._context, given=times))

    @property
    def learns(self) -> bool:
        """Whether these engines make the first matrix: none exists yet."""
        return self._context.times is None

    def anchored(self, times: TravelTimes) -> "Chain":
        """Return the same engines for further drives, given the drives between lycées."""
        return self._with(replace(self._context, times=times))

    def _with(self, context: EngineContext) -> "Chain":
        chain = Chain(self.names, self._settings, context)
        chain._made |= {
            name: engine for name, engine in self._made.items() if not engine_kind(name).anchored
        }
        return chain

    def _anchored(self, kind: EngineKind, filling: "_Filling") -> Engine:
        """Return an engine; without a matrix, one that needs it gets drives of other engines."""
        known = filling.anchors if kind.anchored and self._context.times is None else None
        if known is None:
            name = kind.name
            if name not in self._made:
                self._made[name] = engine_kind(name).make(self._settings, self._context)
            return self._made[name]
        return kind.make(self._settings, replace(self._context, times=known))


class _Filling:
    """Matrix under construction, ``float[origin, destination]``, NaN until an engine answers."""

    def __init__(self, origins: Positions, destinations: Positions) -> None:
        self._origins, self._destinations = origins, destinations
        shape = (len(origins), len(destinations))
        self._figures = {name: np.full(shape, np.nan) for name in FIGURES}
        self._minutes = self._figures["minutes"]
        self._maker = np.zeros(shape, np.uint8)
        self._beyond = np.zeros(shape, bool)
        self._limits: list[float] = []
        self._same = same_places(origins, destinations)
        for table in self._figures.values():
            table[self._same] = 0.0
        self.makers: list[Provenance] = []

    @property
    def is_full(self) -> bool:
        """Whether an engine was asked and no pair is missing."""
        return bool(self.makers) and not np.isnan(self._minutes).any()

    @property
    def anchors(self) -> TravelTimes | None:
        """The matrix so far, if it is square and an engine gave some of it."""
        square = tuple(self._origins) == tuple(self._destinations)
        return self.times() if self.makers and square else None

    def take(self, given: TravelTimes) -> None:
        """Copy the drives that a user gave between places of the matrix."""
        rows, origins = common_ranks(self._origins, given.origin_index)
        columns, destinations = common_ranks(self._destinations, given.destination_index)
        some = given.restricted(
            [given.origins[rank] for rank in origins],
            [given.destinations[rank] for rank in destinations],
        )
        self._put(np.ix_(rows, columns), some)

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
        if times.beyond is not None and times.within is not None:
            self._limits.append(times.within)
            self._beyond[at] |= new & times.beyond
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
            within=min(self._limits, default=None),
            beyond=self._beyond.copy() if self._limits else None,
            **{name: table.copy() for name, table in self._figures.items()},
        )

    def _makes(self, rank: int) -> bool:
        known = ~np.isnan(self._minutes) & ~self._same
        return bool((self._maker[known] == rank).any())


def _some(places: Positions, kept: NDArray[np.bool_]) -> Positions:
    return {key: point for (key, point), keep in zip(places.items(), kept, strict=True) if keep}
