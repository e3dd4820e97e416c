"""What every travel-time engine is: places in, a matrix out, the same errors.

An engine module builds its requests, sends them and parses the answers in three separate steps, so
that two of them are tested without a network.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from geozones.domain import TravelTimes

type Point = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""
type Places = Mapping[str, Point]
type Progress = Callable[[int, int], None]
"""Called with ``(done, total)`` pairs; may raise ``EngineCancelledError`` to stop the work."""


def no_progress(_done: int, _total: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True)
class Route:
    """A drive: its line as (latitude, longitude) points, minutes and km."""

    line: tuple[Point, ...]
    minutes: float
    km: float


@dataclass(frozen=True, slots=True)
class Isochrone:
    """What can be reached within ``minutes``: rings of (latitude, longitude) points."""

    minutes: float
    rings: tuple[tuple[Point, ...], ...]


class Engine(Protocol):
    """A source of travel times."""

    @property
    def name(self) -> str:
        """The name it is configured and quoted by."""

    def matrix(
        self, origins: Places, destinations: Places, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN where there is no way or a point cannot be tied to a road; zero where the two ids are
        the same. ``provenance.engine`` is the engine's name.

        Raises
        ------
        EngineError
            If no matrix can be had; one bad point is not such a reason.
        """


@runtime_checkable
class RoutingEngine(Protocol):
    """An engine that also draws routes and isochrones."""

    def route(self, origin: Point, destination: Point) -> Route:
        """Return the fastest drive; raises ``NoRouteError`` where there is none."""

    def isochrones(self, centre: Point, minutes: tuple[float, ...]) -> tuple[Isochrone, ...]:
        """Return what is reached within each duration, in the order asked."""
