"""Engine openrouteservice: a matrix built block by block, kept on disk between attempts.

Formats: https://giscience.github.io/openrouteservice/api-reference/ (v2 matrix, directions and
isochrones). A matrix is filled with the blocks of ``ors_blocks``; ``ors_client`` sends the calls
and explains those that are refused.
"""

import hashlib
import json
import logging
import math
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.pacing import Clock, Progress, RateLimiter, no_progress
from geozones.domain import EngineAnswerError, Provenance, TravelTimes
from geozones.domain.times import FloatArray, same_places
from geozones.travel.engine import Isochrone, Point, Positions, Route, on_earth
from geozones.travel.ors_blocks import (
    Block,
    BlockTimes,
    MatrixCall,
    NamedPoint,
    block_plan,
    call_for,
    is_figure,
    lon_lat,
    parse_matrix,
)
from geozones.travel.ors_client import (
    NO_POINT,
    OrsClient,
    OrsRefusalError,
    OrsSettings,
    no_route,
    refused,
    unroutable,
)

_FORMAT = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BlockStore:
    """Received blocks, one JSON file each, so that an interrupted build can resume."""

    folder: Path | None  # Their folder; ``None`` to keep nothing.
    #: Address and profile, without key nor credentials: another server has other answers.
    server: str
    max_age: timedelta  # Older blocks are requested again.

    def _file(self, folder: Path, call: MatrixCall) -> Path:
        request = json.dumps([self.server, call.body], sort_keys=True)
        return folder / f"{hashlib.sha256(request.encode()).hexdigest()}.json"

    def load(self, call: MatrixCall, today: date) -> tuple[BlockTimes, date] | None:
        """Return a block and its day; ``None`` if it is missing, damaged or too old."""
        if self.folder is None:
            return None
        try:
            kept = json.loads(self._file(self.folder, call).read_text(encoding="utf-8"))
            received = date.fromisoformat(kept["received"])
            if kept["format"] != _FORMAT or not received <= today <= received + self.max_age:
                return None
            filled = parse_matrix(kept, (len(call.sources), len(call.targets)))
            bad = frozenset(call.places[int(index)] for index in kept["unroutable"])
        except (OSError, ValueError, TypeError, LookupError, EngineAnswerError):
            return None
        return BlockTimes(filled.seconds, filled.metres, bad), received

    def save(
        self, call: MatrixCall, filled: BlockTimes, bad: AbstractSet[NamedPoint], today: date
    ) -> None:
        """Write a block on disk; log a warning if that fails."""
        if self.folder is None:
            return
        kept = {
            "format": _FORMAT,
            "received": today.isoformat(),
            "durations": _nulls(filled.seconds),
            "distances": _nulls(filled.metres),
            "unroutable": [i for i, spot in enumerate(call.places) if spot in bad],
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file(self.folder, call), json.dumps(kept, allow_nan=False))
        except (OSError, InputError) as error:
            _log.warning("openrouteservice: a block could not be kept on disk: %s", error)


def _nulls(table: FloatArray) -> list[list[float | None]]:
    return [[None if math.isnan(value) else value for value in row] for row in table.tolist()]


SOURCE = "openrouteservice.org, données OpenStreetMap"
LICENCE = "© openrouteservice.org, données © les contributeurs d’OpenStreetMap, ODbL"


class MatrixBuild:
    """Matrix under construction: the pairs done, and the places known to be near no road."""

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
        self._bad: set[NamedPoint] = set()
        self._days: list[date] = []
        self._done = self._total = self._blocks = 0

    def run(self, rows: Sequence[NamedPoint], columns: Sequence[NamedPoint]) -> BlockTimes:
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
        """Return the provenance of the matrix; its date is the date of its oldest block."""
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

    def _block(
        self, block: Block, rows: Sequence[NamedPoint], columns: Sequence[NamedPoint]
    ) -> BlockTimes:
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

    def _fill(self, call: MatrixCall, *, doubt: bool = True) -> BlockTimes:
        """Ask for the pairs of a call, without the points that the service ties to no road.

        ``doubt``: ask again in halves if the answer has no drive between any two places.
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
                if not named and refusal.code not in NO_POINT:
                    raise refused(refusal) from None
                self._bad |= named
                if named:
                    continue
                part = self._halves(asked, self._fill)
            else:
                if doubt and asked.splits and not part.any_way(asked):
                    part = self._look_again(asked)
            filled.put(rows, columns, part)
            return filled

    def _halves(self, call: MatrixCall, ask: Callable[[MatrixCall], BlockTimes]) -> BlockTimes:
        """Fill a call in two halves; a single pair that is refused is unreachable."""
        filled = _empty(len(call.sources), len(call.targets))
        if call.splits:
            for rows, columns, half in call.halves():
                filled.put(rows, columns, ask(half))
        return filled

    def _look_again(self, call: MatrixCall) -> BlockTimes:
        """Ask in two halves for a call that came back without a single drive.

        Some versions answer so when only one place cannot be reached
        (GIScience/openrouteservice#1785): if one half has drives, the other is halved in turn.
        """
        ways: list[bool] = []

        def ask(half: MatrixCall) -> BlockTimes:
            part = self._fill(half, doubt=False)
            ways.append(part.any_way(half))
            return part

        filled = self._halves(call, ask)
        if not any(ways) or all(ways):
            return filled
        for (rows, columns, half), has_ways in zip(call.halves(), ways, strict=True):
            if not has_ways and half.splits:
                filled.put(rows, columns, self._look_again(half))
        return filled

    def _post(self, call: MatrixCall) -> BlockTimes:
        if self._client is None:
            self._client = OrsClient(self._settings, self._limiter, self._clock, self._tick)
        answer = self._client.post(self._path, call.body)
        return parse_matrix(answer, (len(call.sources), len(call.targets)))


def _empty(rows: int, columns: int) -> BlockTimes:
    return BlockTimes(np.full((rows, columns), np.nan), np.full((rows, columns), np.nan))


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
        """Return the fastest drive."""
        if origin == destination:
            return Route((origin, destination), 0.0, 0.0)
        body = {
            "coordinates": [lon_lat(origin), lon_lat(destination)],
            "instructions": False,
            "units": "m",
        }
        return parse_route(self._ask("directions", body, (origin, destination)))

    def isochrones(self, centre: Point, minutes: tuple[float, ...]) -> tuple[Isochrone, ...]:
        """Return the area reached within each duration, in the order asked."""
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
    """Read the line, minutes and km of a directions answer."""
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
    """Read the rings reached within each duration, in the order of ``minutes``."""
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
        raise ValueError("a point is not on Earth")
    return points


def _odd_drawing() -> EngineAnswerError:
    return EngineAnswerError(
        "La réponse d'openrouteservice n'a pas le tracé attendu : vérifiez l'adresse du serveur et "
        "sa version."
    )
