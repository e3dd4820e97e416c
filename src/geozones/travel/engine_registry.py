"""Registry of engines by name; a new one is a module and a line here (and in docs/reference.md).

Modules that load much (scipy, a web client, Valhalla) are imported when their engine is created:
most commands never need them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from geozones.common.errors import InputError
from geozones.domain import EngineMissingError, EngineUnavailableError, TravelTimes
from geozones.domain.terms import worded
from geozones.travel.engine import Engine, Positions
from geozones.travel.estimate import EstimatedDrives
from geozones.travel.shipped import Shipped
from geozones.travel.travel_settings import TravelSettings


@dataclass(frozen=True)
class EngineContext:
    """Inputs of engines, besides their settings.

    Parameters
    ----------
    shipped
        The file of the shipped matrix.
    lycees, communes
        Positions of both; a commune's id is ``commune:CODE``.
    times
        The matrix in use between lycées, at free-flow speed; ``None`` without any.
    """

    shipped: Path
    lycees: Positions
    communes: Positions
    times: TravelTimes | None = None


@dataclass(frozen=True)
class EngineKind:
    """Kind of engine that can be configured: its name, its French description, its factory.

    ``make`` raises ``EngineError`` for missing settings, ``InputError`` for invalid settings.
    """

    name: str
    about: str
    make: Callable[[TravelSettings, EngineContext], Engine]
    #: whether it also draws routes and isochrones
    draws: bool = False
    #: whether it sends requests to another machine
    online: bool = False


def _shipped(_: TravelSettings, context: EngineContext) -> Engine:
    return Shipped(context.shipped, context.lycees, context.communes)


def _openrouteservice(settings: TravelSettings, _: EngineContext) -> Engine:
    if settings.ors_url is None and settings.ors_key is None:
        msg = (
            "Openrouteservice demande une clé (GEOZONES_ORS_KEY) ou l'adresse d'un serveur "
            "(GEOZONES_ORS_URL)."
        )
        raise EngineMissingError(msg)
    from geozones.travel.openrouteservice import OpenRouteService  # noqa: PLC0415
    from geozones.travel.ors_settings import OrsSettings  # noqa: PLC0415

    options = dict(settings.ors_options)
    cache = settings.home / "openrouteservice"
    return OpenRouteService(
        OrsSettings(base_url=settings.ors_url, key=settings.ors_key, cache_dir=cache, **options)
    )


def _valhalla(settings: TravelSettings, _: EngineContext) -> Engine:
    from geozones.travel.valhalla import Valhalla  # noqa: PLC0415

    return Valhalla(settings.tiles_folder)


def _roadgraph(settings: TravelSettings, _: EngineContext) -> Engine:
    if settings.roads is None:
        msg = (
            "Le moteur roadgraph demande le dossier d'un graphe de routes, nodes.csv et edges.csv "
            "(GEOZONES_ROADS_DIR)."
        )
        raise EngineMissingError(msg)
    from geozones.travel.roadgraph import RoadGraphEngine  # noqa: PLC0415

    return RoadGraphEngine(settings.roads)


def _estimate(_: TravelSettings, context: EngineContext) -> Engine:
    if context.times is None:
        msg = worded("L'estimation demande une matrice entre les {sites}, et il n'y en a pas.")
        raise EngineUnavailableError(msg)
    return EstimatedDrives(context.lycees, context.times)


REGISTRY = (
    EngineKind("shipped", "matrice livrée avec l'outil, sans réseau", _shipped),
    EngineKind(
        "openrouteservice",
        "service openrouteservice, public ou interne",
        _openrouteservice,
        draws=True,
        online=True,
    ),
    EngineKind(
        "valhalla", "Valhalla sur les routes d'OpenStreetMap, sans réseau", _valhalla, draws=True
    ),
    EngineKind("roadgraph", "graphe de routes en CSV, sans réseau", _roadgraph),
    EngineKind("estimate", "estimation à vol d'oiseau, faute de mieux", _estimate),
)
NAMES = tuple(kind.name for kind in REGISTRY)


def engine_kind(name: str) -> EngineKind:
    """Return an engine's kind.

    Raises
    ------
    InputError
        If no engine has this name.
    """
    for kind in REGISTRY:
        if kind.name == name:
            return kind
    msg = (
        f"Aucun moteur de trajets ne s'appelle « {name[:40]} » : choisissez parmi "
        f"{', '.join(NAMES)}."
    )
    raise InputError(msg)
