"""The interface of travel-time engines: from positions to a matrix, with the same errors.

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
    """Tell whether latitude and longitude are degrees at all; false for NaN."""
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


@dataclass(frozen=True, slots=True)
class Route:
    """A drive: its line as (latitude, longitude) points in WGS84 degrees, minutes and km."""

    line: tuple[Point, ...]
    minutes: float
    km: float


@dataclass(frozen=True, slots=True)
class Isochrone:
    """The area reached within ``minutes``: rings of (latitude, longitude) points, WGS84 degrees."""

    minutes: float
    rings: tuple[tuple[Point, ...], ...]


class Engine(Protocol):
    """A source of drives between positions."""

    @property
    def name(self) -> str:
        """The name it is configured and quoted by."""

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN where there is no way or a point cannot be tied to a road; zero where the two ids are
        the same. ``provenance.engine`` is the engine's name. ``progress`` is called with (pairs
        done, pairs) and may raise ``EngineCancelledError`` to stop the work.

        Raises
        ------
        EngineError
            If no matrix can be had; one bad point is not such a reason.
        """


@runtime_checkable
class RoutingEngine(Protocol):
    """An engine that also draws routes and isochrones."""

    def route(self, origin: Point, destination: Point) -> Route:
        """Return the fastest drive.

        Raises
        ------
        NoRouteError
            If there is none.
        EngineError
            If the engine cannot say.
        """

    def isochrones(self, centre: Point, minutes: tuple[float, ...]) -> tuple[Isochrone, ...]:
        """Return the area reached within each duration, in the order of ``minutes``.

        Raises
        ------
        NoRouteError
            If the centre cannot be tied to a road.
        EngineError
            If the engine cannot say.
        """
