"""The engine openrouteservice: the public API with a key, or a server of one's own.

Formats: https://giscience.github.io/openrouteservice/api-reference/ (v2 matrix, directions and
isochrones). What is sent and read is in `ors_blocks`, how it is sent in `ors_client`.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from geozones.domain import EngineAnswerError, EngineError, NoRouteError, Provenance, TravelTimes
from geozones.domain.pacing import Clock, RateLimiter
from geozones.domain.times import same_places
from geozones.travel.engine import Isochrone, Places, Point, Progress, Route, no_progress
from geozones.travel.ors_blocks import (
    Block,
    BlockStore,
    Call,
    Filled,
    Spot,
    block_plan,
    call_for,
    is_figure,
    lon_lat,
    on_earth,
    parse_matrix,
)
from geozones.travel.ors_client import OrsClient, OrsRefusalError
from geozones.travel.ors_settings import OrsSettings

SOURCE = "openrouteservice.org, données OpenStreetMap"
LICENCE = "© openrouteservice.org, données © contributeurs OpenStreetMap, ODbL"

_NO_POINT = frozenset({2010, 6010})
_NO_ROUTE = frozenset({2009, 3099})
_TOO_MUCH = frozenset({2004, 3004, 6004})
_NAMED = re.compile(r"(?:specified coordinate|Could not find point)\s+(\d+)")
_SIDES = re.compile(r"(Source|Destination) point\(s\) \[([\d, ]+)\]")


class OpenRouteService:
    """Times, routes and isochrones from openrouteservice.

    Parameters
    ----------
    settings
        Where and how.
    clock
        Replaced in tests.
    """

    def __init__(self, settings: OrsSettings, clock: Clock | None = None) -> None:
        self._settings, self._clock = settings, clock or Clock()
        self._limiter = RateLimiter(settings.per_minute)

    @property
    def name(self) -> str:
        """The name it is configured and quoted by."""
        return "openrouteservice"

    def matrix(
        self, origins: Places, destinations: Places, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN where there is no way, or no road near a point; zero where the two ids are the same.

        Raises
        ------
        EngineError
            If no matrix can be had; the blocks received stay on disk.
        """
        rows, columns = tuple(origins.items()), tuple(destinations.items())
        build = _Build(self._settings, self._clock, self._limiter, progress)
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
            If there is none, or no road near one of the points.
        EngineError
            If the service cannot say.
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
        """Return what is reached within each duration, in the order asked.

        Raises
        ------
        NoRouteError
            If there is no road near the centre.
        EngineError
            If the service cannot say.
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
            raise _no_route()
        client = OrsClient(self._settings, self._limiter, self._clock, lambda: None)
        try:
            return client.post(f"/v2/{service}/{self._settings.profile}/geojson", body)
        except OrsRefusalError as refusal:
            raise _refused(refusal) from None


class _Build:
    """One matrix in the making: what is done, and the places found to be near no road."""

    def __init__(
        self, settings: OrsSettings, clock: Clock, limiter: RateLimiter, progress: Progress
    ) -> None:
        self._settings, self._clock, self._limiter = settings, clock, limiter
        self._progress = progress
        self._client: OrsClient | None = None
        self._path = f"/v2/matrix/{settings.profile}/json"
        self._store = BlockStore(
            settings.cache_dir,
            f"{settings.address}{self._path}",
            timedelta(days=settings.cache_days),
        )
        self._today = clock.now().date()
        self._bad: set[Spot] = set()
        self._days: list[date] = []
        self._done = self._total = self._blocks = 0

    def run(self, rows: Sequence[Spot], columns: Sequence[Spot]) -> Filled:
        """Fill the matrix block by block; seconds and metres are float[row, column]."""
        matrix = _empty(len(rows), len(columns))
        self._bad.update(spot for spot in (*rows, *columns) if not on_earth(spot[1]))
        self._total = matrix.seconds.size
        self._tick()
        for block in block_plan(len(rows), len(columns), self._settings.max_pairs):
            matrix.put(block.rows, block.columns, self._block(block, rows, columns))
            self._done += block.pairs
            self._tick()
        return matrix

    def provenance(self) -> Provenance:
        """Say who made the matrix; its date is that of its oldest block."""
        return Provenance(
            engine="openrouteservice",
            date=min([*self._days, self._today]).isoformat(),
            profile=self._settings.profile,
            source=SOURCE,
            licence=LICENCE,
            parameters={
                "server": self._settings.host,
                "blocks": self._blocks,
                "blocks_from_disk": len(self._days),
                "max_pairs": self._settings.max_pairs,
                "unroutable": sorted({place for place, _ in self._bad}),
            },
        )

    def _tick(self) -> None:
        self._progress(self._done, self._total)

    def _block(self, block: Block, rows: Sequence[Spot], columns: Sequence[Spot]) -> Filled:
        call = call_for([rows[i] for i in block.rows], [columns[j] for j in block.columns])
        self._blocks += 1
        kept = self._store.load(call, self._today)
        if kept is not None:
            filled, day = kept
            self._days.append(day)
            self._bad |= filled.unroutable
            return filled
        filled = self._fill(call)
        self._store.save(call, filled, self._bad, self._today)
        return filled

    def _fill(self, call: Call, *, doubt: bool = True) -> Filled:
        """Ask for the pairs of a call, without the points that the service ties to no road.

        ``doubt``: do not take its word for it when it finds no way between any two places.
        """
        filled = _empty(len(call.sources), len(call.targets))
        while True:
            rows, columns, asked = call.without(self._bad)
            if not asked.has_pairs:
                return filled
            try:
                part = self._post(asked)
            except OrsRefusalError as refusal:
                named = unroutable(refusal.message, asked)
                if not named and refusal.code not in _NO_POINT:
                    raise _refused(refusal) from None
                self._bad |= named
                if named:
                    continue
                part = self._halves(asked, self._fill)
            else:
                if doubt and asked.splits and not part.any_way(asked):
                    part = self._look_again(asked)
            filled.put(rows, columns, part)
            return filled

    def _halves(self, call: Call, ask: Callable[[Call], Filled]) -> Filled:
        """Fill a call in two; a single pair that is refused has no way."""
        filled = _empty(len(call.sources), len(call.targets))
        if call.splits:
            for rows, columns, half in call.halves():
                filled.put(rows, columns, ask(half))
        return filled

    def _look_again(self, call: Call) -> Filled:
        """Ask in two halves for a call that came back without a single way.

        Some versions answer so when only one place cannot be reached
        (GIScience/openrouteservice#1785): where one half has ways, the other is halved in turn.
        """
        ways: list[bool] = []

        def ask(half: Call) -> Filled:
            part = self._fill(half, doubt=False)
            ways.append(part.any_way(half))
            return part

        filled = self._halves(call, ask)
        if not any(ways) or all(ways):
            return filled
        for (rows, columns, half), found in zip(call.halves(), ways, strict=True):
            if not found and half.splits:
                filled.put(rows, columns, self._look_again(half))
        return filled

    def _post(self, call: Call) -> Filled:
        if self._client is None:
            self._client = OrsClient(self._settings, self._limiter, self._clock, self._tick)
        answer = self._client.post(self._path, call.body)
        return parse_matrix(answer, (len(call.sources), len(call.targets)))


def _empty(rows: int, columns: int) -> Filled:
    return Filled(np.full((rows, columns), np.nan), np.full((rows, columns), np.nan))


def unroutable(message: str, call: Call) -> set[Spot]:
    """Read which points of a call a refusal names; none where it names none of them."""
    found = {int(index) for index in _NAMED.findall(message)}
    for side, listed in _SIDES.findall(message):
        numbers = call.sources if side == "Source" else call.targets
        places = [int(place) for place in listed.split(",") if place.strip()]
        found |= {numbers[place] for place in places if place < len(numbers)}
    return {call.spots[index] for index in found if index < len(call.spots)}


def parse_route(answer: object) -> Route:
    """Read the line, minutes and km of a directions answer.

    Raises
    ------
    EngineAnswerError
        If one of them is missing or no number.
    """
    try:
        feature = answer["features"][0]  # type: ignore[index]
        line = _line(feature["geometry"]["coordinates"])
        summary = feature["properties"]["summary"]
        # an empty summary is the service's way of saying zero
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
    found: dict[int, tuple[tuple[Point, ...], ...]] = {}
    try:
        for feature in answer["features"]:  # type: ignore[index]
            shape = feature["geometry"]
            parts = shape["coordinates"]
            polygons = parts if shape["type"] == "MultiPolygon" else [parts]
            rings = tuple(_line(ring) for polygon in polygons for ring in polygon)
            found[round(feature["properties"]["value"])] = rings
        return tuple(Isochrone(asked, found[_whole_seconds(asked)]) for asked in minutes)
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


def _no_route(place: str = "un des points") -> NoRouteError:
    return NoRouteError(
        f"Openrouteservice ne trouve pas de route près de {place} : vérifiez sa position."
    )


def _refused(refusal: OrsRefusalError) -> EngineError:
    """Put a refusal in French."""
    if refusal.code in _NO_POINT:
        named = _NAMED.search(refusal.message)
        ends = {"0": "du point de départ", "1": "du point d'arrivée"}
        return _no_route(ends.get(named[1], "un des points") if named else "un des points")
    if refusal.code in _NO_ROUTE:
        return NoRouteError(
            "Openrouteservice ne trouve aucun trajet en voiture depuis ce point : vérifiez les "
            "positions."
        )
    if refusal.code in _TOO_MUCH:
        return EngineAnswerError(
            "Openrouteservice refuse une demande aussi grande : réduisez max_pairs (2 500 sur un "
            "serveur installé par défaut) ou la durée."
        )
    return EngineAnswerError(
        f"Openrouteservice refuse la demande (erreur {refusal.status}, code {refusal.code}) : "
        "vérifiez le profil et la version du serveur."
    )
