"""Engine openrouteservice: a matrix asked block by block, within the quota of a key.

Format: https://giscience.github.io/openrouteservice/api-reference/ (v2 matrix). The
``openrouteservice`` package builds and sends each call, and reads the JSON of its answer. Its own
retries, which really sleep, ignore ``Retry-After`` and have a time limit of their own, never run:
the hook of `WebClient` sees every answer before they do.
"""

import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import override

import numpy as np
import openrouteservice  # type: ignore[import-untyped]

from geozones.common.errors import GeozonesError
from geozones.common.pacing import Clock, Progress, RateLimiter, no_progress
from geozones.common.web import (
    CallError,
    CallPolicy,
    FailureKind,
    ServiceCaller,
    WebClient,
    WebSettings,
)
from geozones.domain import (
    EngineAnswerError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
    Provenance,
    TravelTimes,
)
from geozones.domain.times import FloatArray, same_places
from geozones.travel.engine import Point, Positions, on_earth

PUBLIC_URL = "https://api.openrouteservice.org"
SOURCE = "openrouteservice.org, données OpenStreetMap"
LICENCE = "© openrouteservice.org, données © les contributeurs d’OpenStreetMap, ODbL"


@dataclass(frozen=True, slots=True)
class OrsSettings(WebSettings):
    """Settings of openrouteservice; a private server is `http://routes.region.fr:8082/ors`."""

    url: str = field(default=PUBLIC_URL, repr=False)  # It may hold a password.
    key: str | None = field(default=None, repr=False)  # API key; the public API requires it.
    profile: str = "driving-car"  # Its name for a means of travel.
    #: Most pairs in one call: 3,500 on the public API, 2,500 on a server as installed.
    max_pairs: int = 3500
    per_minute: int = 40  # Most calls in any minute.
    budget_s: float = 600  # Longest time for one matrix, waits included, in seconds.

    @classmethod
    @override
    def bounds(cls) -> dict[str, tuple[float, float]]:
        return {**WebSettings.bounds(), "max_pairs": (1, 10**6), "per_minute": (1, 10**6)}

    @property
    def checked_key(self) -> str | None:
        """The key to send, ``None`` for none; raise ``EngineKeyError`` for one that cannot be."""
        key = (self.key or "").strip() or None
        if key is None and self.url == PUBLIC_URL:
            raise EngineKeyError(
                "Il manque la clé d'openrouteservice : indiquez-la dans les réglages."
            )
        if key is not None and not (key.isascii() and key.isprintable()):
            raise EngineKeyError(
                "La clé d'openrouteservice a des caractères interdits : recopiez-la."
            )
        return key


class OpenRouteService:
    """Times between places from openrouteservice; all its calls share the quota of the key.

    ``clock`` is replaced in tests.
    """

    name = "openrouteservice"

    def __init__(self, settings: OrsSettings, clock: Clock | None = None) -> None:
        self._settings, self._clock = settings, clock or Clock()
        self._limiter = RateLimiter(settings.per_minute)

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable, or without a road near a point; zero if the two ids are the same.
        """
        settings = self._settings
        starts, ends = list(origins.values()), list(destinations.values())
        figures = np.full((2, len(starts), len(ends)), np.nan)
        done, total = 0, figures[0].size
        calls = _Calls(settings, self._limiter, self._clock, lambda: progress(done, total))
        off_roads = {point for point in (*starts, *ends) if not on_earth(point)}
        progress(done, total)
        for rows, columns in block_plan(len(starts), len(ends), settings.max_pairs):
            block = [starts[row] for row in rows], [ends[column] for column in columns]
            figures[:, rows.start : rows.stop, columns.start : columns.stop] = calls.block(
                *block, off_roads
            )
            done += len(rows) * len(columns)
            progress(done, total)
        same = same_places(origins, destinations)
        unroutable = {
            place for place, point in {**origins, **destinations}.items() if point in off_roads
        }
        return TravelTimes(
            tuple(origins),
            tuple(destinations),
            np.where(same, 0.0, figures[0] / 60),
            np.where(same, 0.0, figures[1] / 1000),
            Provenance(
                engine=self.name,
                date=self._clock.now().date().isoformat(),
                profile=settings.profile,
                source=SOURCE,
                licence=LICENCE,
                parameters={
                    "server": settings.host,
                    "max_pairs": settings.max_pairs,
                    "unroutable": sorted(unroutable),
                },
            ),
        )


def block_plan(rows: int, columns: int, max_pairs: int) -> list[tuple[range, range]]:
    """Divide a matrix into blocks of at most some pairs, in as few blocks as a grid can."""
    grids = [  # heights and widths of blocks
        (height, max(1, min(columns, max_pairs // height)))
        for height in range(1, min(rows, max_pairs) + 1)
    ]
    height, width = min(
        grids,
        key=lambda grid: math.ceil(rows / grid[0]) * math.ceil(columns / grid[1]),
        default=(1, 1),
    )
    return [
        (range(row, min(row + height, rows)), range(column, min(column + width, columns)))
        for row in range(0, rows, height)
        for column in range(0, columns, width)
    ]


_NAMED = re.compile(r"(?:specified coordinate|Could not find point)\s+(\d+)")
_SIDES = re.compile(r"(Source|Destination) point\(s\) \[([\d, ]+)\]")


class _Calls:
    """Calls of one matrix, under one time budget.

    ``tick`` is called before each call and each second of waiting; an exception stops the work.
    """

    def __init__(
        self, settings: OrsSettings, limiter: RateLimiter, clock: Clock, tick: Callable[[], None]
    ) -> None:
        self._settings, self._limiter, self._clock, self._tick = settings, limiter, clock, tick
        self._opened: tuple[WebClient, openrouteservice.Client] | None = None

    def block(
        self, starts: Sequence[Point], ends: Sequence[Point], off_roads: set[Point]
    ) -> FloatArray:
        """Return seconds and metres, ``float[2, start, end]``, NaN without a road near a point.

        ``off_roads`` are points that no road is near; those that the service names are added, and
        the others are asked for again.
        """
        figures = np.full((2, len(starts), len(ends)), np.nan)
        while True:
            rows, columns = (
                [rank for rank, point in enumerate(side) if point not in off_roads]
                for side in (starts, ends)
            )
            asked = [starts[row] for row in rows], [ends[column] for column in columns]
            places = list(dict.fromkeys(asked[0] + asked[1]))
            if not rows or not columns or len(places) < 2:
                return figures
            sources, targets = ([places.index(point) for point in side] for side in asked)
            try:
                figures[:, *np.ix_(rows, columns)] = self._post(places, sources, targets)
            except CallError as failure:
                # the ranks of the places of a call that a refusal names, if any
                message = _answer(failure)[1]
                named = {int(rank) for rank in _NAMED.findall(message)}
                for side, listed in _SIDES.findall(message):
                    numbers = sources if side == "Source" else targets
                    of_side = [int(rank) for rank in listed.split(",") if rank.strip()]
                    named |= {numbers[rank] for rank in of_side if rank < len(numbers)}
                off_roads |= {places[rank] for rank in named if rank < len(places)}
                error = None if named else _error_of(self._settings, failure)
            else:
                return figures
            if error is not None:  # outside the handler: the caught exception holds the address
                raise error

    def _post(
        self, places: Sequence[Point], sources: Sequence[int], targets: Sequence[int]
    ) -> FloatArray:
        """Send a call, with retries, and return its seconds and metres; raise `CallError`."""
        if self._opened is None:
            self._opened = self._open()
        (web, client), settings = self._opened, self._settings
        body = {
            # six decimals are a decimetre
            "locations": [[round(lon, 6), round(lat, 6)] for lat, lon in places],
            "sources": list(sources),
            "destinations": list(targets),
            "metrics": ["duration", "distance"],
            "units": "m",
        }

        def send(timeout_s: float) -> object:
            path = f"/v2/matrix/{settings.profile}/json"
            try:
                return client.request(path, post_json=body, requests_kwargs={"timeout": timeout_s})
            except openrouteservice.exceptions.Timeout:
                raise TimeoutError from None
            except openrouteservice.exceptions.HTTPError:
                raise EngineAnswerError(
                    f"Le serveur {settings.host} ne répond pas en JSON : vérifiez que c'est bien "
                    "openrouteservice et qu'aucun portail ne s'interpose."
                ) from None

        return parse_matrix(web.call(send), (len(sources), len(targets)))

    def _open(self) -> tuple[WebClient, openrouteservice.Client]:
        settings = self._settings
        policy = CallPolicy(
            timeout_s=settings.timeout_s,
            budget_s=settings.budget_s,
            retries=settings.retries,
            first_wait_s=1.0,
            first_quota_wait_s=15.0,
            longest_wait_s=60.0,
            jitter=1.0,
        )
        web = WebClient(policy, self._limiter, self._clock, tick=self._tick)
        client = openrouteservice.Client(
            key=settings.checked_key,
            base_url=settings.url,
            timeout=settings.timeout_s,
            retry_timeout=settings.budget_s,
            retry_over_query_limit=False,
            requests_kwargs=web.options,
        )
        return web, client


#: codes of a refusal: a point near no road, too many pairs
_NO_POINT, _TOO_MUCH = frozenset({2009, 2010, 3099, 6010}), 6004
_OF_KEY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_ERRORS: dict[FailureKind, type[EngineError]] = {
    FailureKind.OUT_OF_TIME: EngineQuotaError,
    FailureKind.QUOTA: EngineQuotaError,
    FailureKind.SLOW: EngineUnavailableError,
    FailureKind.DOWN: EngineUnavailableError,
    FailureKind.UNREACHABLE: EngineUnavailableError,
}
_CALLER = ServiceCaller(
    "openrouteservice",
    "geozones",
    lambda kind, sentence: _ERRORS.get(kind, EngineAnswerError)(sentence),
)


def _error_of(settings: OrsSettings, failure: CallError) -> GeozonesError:
    """Return a failed call as an error in French."""
    code, message = _answer(failure)
    if failure.status == HTTPStatus.FORBIDDEN and "quota" in message.lower():
        return _CALLER.error(CallError(FailureKind.QUOTA, "est épuisé"), settings)
    if failure.status in _OF_KEY:
        asked = "refuse la clé : vérifiez" if settings.key else "demande une clé : indiquez"
        return EngineKeyError(f"Le serveur {settings.host} {asked}-la dans les réglages.")
    if code in _NO_POINT:
        return EngineAnswerError(
            "Openrouteservice ne trouve pas de route près d'un des lieux : vérifiez les positions."
        )
    if code == _TOO_MUCH:
        return EngineAnswerError(
            "Openrouteservice refuse une demande aussi grande : réduisez max_pairs (2 500 sur un "
            "serveur installé par défaut)."
        )
    return _CALLER.error(failure, settings)


def _answer(failure: CallError) -> tuple[int, str]:
    """Return code and message of an error; 0 and the text if it is not in ORS's format."""
    text = failure.body.decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
    except (ValueError, TypeError, LookupError):
        return 0, text
    if not isinstance(error, dict):
        return 0, str(error)
    code = error.get("code")
    return (code if isinstance(code, int) else 0), str(error.get("message"))


def parse_matrix(answer: object, shape: tuple[int, int]) -> FloatArray:
    """Return the seconds and metres of an answer, ``float[2, origin, destination]``."""
    tables = answer if isinstance(answer, dict) else {}
    figures = np.array([_table(tables.get(name), shape) for name in ("durations", "distances")])
    figures[1][np.isnan(figures[0])] = np.nan
    return figures


def _table(rows: object, shape: tuple[int, int]) -> FloatArray:
    """Return a table of plausible figures, NaN for null; raise ``EngineAnswerError``."""
    whole = (
        isinstance(rows, list)
        and len(rows) == shape[0]
        and all(isinstance(row, list) and len(row) == shape[1] for row in rows)
        and all(
            # a boolean is an integer for Python
            value is None or (type(value) in {int, float} and 0 <= value < 1e12)
            for row in rows
            for value in row
        )
    )
    if not whole:
        raise EngineAnswerError(
            f"La réponse d'openrouteservice n'a pas {shape[0]} lignes et {shape[1]} colonnes de "
            "nombres positifs. Vérifiez l'adresse et la version du serveur."
        )
    return np.array(rows, dtype=float).reshape(shape)
