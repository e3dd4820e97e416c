"""Interface of travel-time engines: from positions to a matrix, with common errors.

An engine module builds its requests, sends them and parses the answers in three separate steps, so
that two of them are tested without a network.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from geozones.common.progress import Progress, no_progress
from geozones.domain import TravelTimes

type Point = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""
type Positions = Mapping[str, Point]
"""Points by id: a UAI, ``commune:CODE`` or any other key."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG, R1)."""


def on_earth(point: Point) -> bool:
    """Return whether latitude and longitude are valid degrees; false for NaN."""
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


@dataclass(frozen=True, slots=True)
class Route:
    """Drive: its line as (latitude, longitude) points in WGS84 degrees, minutes and km."""

    line: tuple[Point, ...]
    minutes: float
    km: float


@dataclass(frozen=True, slots=True)
class Isochrone:
    """Area reached within ``minutes``: rings of (latitude, longitude) points, WGS84 degrees."""

    minutes: float
    rings: tuple[tuple[Point, ...], ...]


class Engine(Protocol):
    """Source of drives between positions."""

    @property
    def name(self) -> str:
        """Name of the engine in settings and messages."""

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable or a point cannot be tied to a road; zero if the two ids are
        the same. ``provenance.engine`` is the engine's name. ``progress`` is called with (pairs
        done, pairs) and may raise ``EngineCancelledError`` to stop the work.

        Raises
        ------
        EngineError
            If no matrix can be computed; one bad point is no such reason.
        """


@runtime_checkable
class RoutingEngine(Protocol):
    """Engine that also draws routes and isochrones."""

    def route(self, origin: Point, destination: Point) -> Route:
        """Return the fastest drive.

        Raises
        ------
        NoRouteError
            If there is no route.
        EngineError
            If the engine cannot answer.
        """

    def isochrones(self, centre: Point, minutes: tuple[float, ...]) -> tuple[Isochrone, ...]:
        """Return the area reached within each duration, in the order of ``minutes``.

        Raises
        ------
        NoRouteError
            If the centre cannot be tied to a road.
        EngineError
            If the engine cannot answer.
        """
