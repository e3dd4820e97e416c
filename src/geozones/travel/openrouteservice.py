"""Engine openrouteservice: the public API with a key, or a private server.

Formats: https://giscience.github.io/openrouteservice/api-reference/ (v2 matrix, directions and
isochrones). `ors_matrix` fills a matrix with the blocks of `ors_blocks`, which `ors_store` keeps;
`ors_client` sends the calls and `ors_refusals` explains refused calls.
"""

from collections.abc import Sequence

import numpy as np

from geozones.common.pacing import Clock, RateLimiter
from geozones.common.progress import Progress, no_progress
from geozones.domain import EngineAnswerError, TravelTimes
from geozones.domain.times import same_places
from geozones.travel.engine import Isochrone, Point, Positions, Route, on_earth
from geozones.travel.ors_blocks import is_figure, lon_lat
from geozones.travel.ors_client import OrsClient, OrsRefusalError
from geozones.travel.ors_matrix import MatrixBuild
from geozones.travel.ors_refusals import no_route, refused
from geozones.travel.ors_settings import OrsSettings


class OpenRouteService:
    """Times, routes and isochrones from openrouteservice.

    Parameters
    ----------
    settings
        Address of the service and limits of the calls.
    clock
        Replaced in tests.
    """

    def __init__(self, settings: OrsSettings, clock: Clock | None = None) -> None:
        self._settings, self._clock = settings, clock or Clock()
        self._limiter = RateLimiter(settings.per_minute)

    @property
    def name(self) -> str:
        """Name of the engine in settings and messages."""
        return "openrouteservice"

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable, or without a road near a point; zero if the two ids are the same.

        Raises
        ------
        EngineError
            If no matrix can be computed; the blocks received stay on disk.
        """
        rows, columns = tuple(origins.items()), tuple(destinations.items())
        build = MatrixBuild(self._settings, self._clock, self._limiter, progress)
        filled = build.run(rows, columns)
        same = same_places(origins, destinations)
        return TravelTimes(
            tuple(origins),
            tuple(destinations),
            np.where(same, 0.0, filled.seconds / 60),
            np.where(same, 0.0, filled.metres / 1000),
            build.provenance(),
        )

    def route(self, origin: Point, destination: Point) -> Route:
        """Return the fastest drive.

        Raises
        ------
        NoRouteError
            If there is no route, or no road near one of the points.
        EngineError
            If the service cannot answer.
        """
        if origin == destination:
            return Route((origin, destination), 0.0, 0.0)
        body = {
            "coordinates": [lon_lat(origin), lon_lat(destination)],
            "instructions": False,
            "units": "m",
        }
        return parse_route(self._ask("directions", body, (origin, destination)))

    def isochrones(self, centre: Point, minutes: tuple[float, ...]) -> tuple[Isochrone, ...]:
        """Return the area reached within each duration, in the order asked.

        Raises
        ------
        NoRouteError
            If there is no road near the centre.
        EngineError
            If the service cannot answer.
        """
        if not minutes:
            return ()
        body = {
            "locations": [lon_lat(centre)],
            "range": sorted({_whole_seconds(duration) for duration in minutes}),
            "range_type": "time",
        }
        return parse_isochrones(self._ask("isochrones", body, (centre,)), minutes)

    def _ask(self, service: str, body: dict[str, object], points: tuple[Point, ...]) -> object:
        if not all(on_earth(point) for point in points):
            raise no_route()
        client = OrsClient(self._settings, self._limiter, self._clock, lambda: None)
        try:
            return client.post(f"/v2/{service}/{self._settings.profile}/geojson", body)
        except OrsRefusalError as refusal:
            raise refused(refusal) from None


def parse_route(answer: object) -> Route:
    """Read the line, minutes and km of a directions answer.

    Raises
    ------
    EngineAnswerError
        If one of them is missing or not a number.
    """
    try:
        feature = answer["features"][0]  # type: ignore[index]
        line = _line(feature["geometry"]["coordinates"])
        summary = feature["properties"]["summary"]
        # the service writes zero as an empty summary
        seconds, metres = (summary["duration"], summary["distance"]) if summary else (0.0, 0.0)
    except (KeyError, IndexError, TypeError, ValueError):
        raise _odd_drawing() from None
    if not (is_figure(seconds) and is_figure(metres) and line):
        raise _odd_drawing()
    return Route(line, seconds / 60, metres / 1000)


def parse_isochrones(answer: object, minutes: tuple[float, ...]) -> tuple[Isochrone, ...]:
    """Read the rings reached within each duration, in the order of ``minutes``.

    Raises
    ------
    EngineAnswerError
        If a duration asked for is missing, or a ring has anything but points.
    """
    by_seconds: dict[int, tuple[tuple[Point, ...], ...]] = {}
    try:
        for feature in answer["features"]:  # type: ignore[index]
            shape = feature["geometry"]
            parts = shape["coordinates"]
            polygons = parts if shape["type"] == "MultiPolygon" else [parts]
            rings = tuple(_line(ring) for polygon in polygons for ring in polygon)
            by_seconds[round(feature["properties"]["value"])] = rings
        return tuple(Isochrone(asked, by_seconds[_whole_seconds(asked)]) for asked in minutes)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        raise _odd_drawing() from None


def _whole_seconds(minutes: float) -> int:
    return round(minutes * 60)


def _line(coordinates: Sequence[Sequence[float]]) -> tuple[Point, ...]:
    points = tuple((float(point[1]), float(point[0])) for point in coordinates)
    if not all(on_earth(point) for point in points):
        message = "a point is not on Earth"
        raise ValueError(message)
    return points


def _odd_drawing() -> EngineAnswerError:
    return EngineAnswerError(
        "La réponse d'openrouteservice n'a pas le tracé attendu : vérifiez l'adresse du serveur et "
        "sa version."
    )
