"""Geocoding of addresses: providers, their settings, the client of a service.

`provider_chain` tries providers in order, with one cache on disk. May import `common`, `domain`.
"""

import hashlib
import json
import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, override

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.common.files import home_folder, write_atomically
from geozones.common.pacing import Clock, RateLimiter
from geozones.common.settings_file import read_settings
from geozones.common.web import FailureKind, ServiceCaller, ServiceClient, WebSettings
from geozones.domain import (
    GeocoderAnswerError,
    GeocoderError,
    GeocoderQuotaError,
    GeocoderUnavailableError,
)
from geozones.domain.places import Located, PlaceQuery
from geozones.domain.settings import signature

type Outcome = Located | str
"""A position, or one French sentence that says why the place has none."""


class Provider(Protocol):
    """Source of positions for places given by a code, an address or a commune."""

    @property
    def name(self) -> str:
        """Name of the provider in settings and messages."""

    def locate(self, queries: Sequence[PlaceQuery]) -> Iterator[tuple[int, Outcome]]:
        """Yield (rank of a query, position or reason for none), in the order of the answers."""


_ERRORS: dict[FailureKind, type[GeocoderError]] = {
    FailureKind.OUT_OF_TIME: GeocoderUnavailableError,
    FailureKind.SLOW: GeocoderUnavailableError,
    FailureKind.DOWN: GeocoderUnavailableError,
    FailureKind.UNREACHABLE: GeocoderUnavailableError,
    FailureKind.QUOTA: GeocoderQuotaError,
    FailureKind.CUT: GeocoderAnswerError,
    FailureKind.TOO_LARGE: GeocoderAnswerError,
    FailureKind.REFUSED: GeocoderAnswerError,
}


def geocoder_client(
    service: str, settings: WebSettings, limiter: RateLimiter, clock: Clock
) -> ServiceClient:
    """Return the client of one search of places; it raises `GeocoderError`."""
    caller = ServiceCaller(
        service,
        signature(),
        lambda kind, sentence: _ERRORS[kind](sentence),
        kept=", ce qui est reçu est gardé",
    )
    return ServiceClient(caller, settings, limiter, clock)


_FORMAT = 1
_DAY_S = 86_400
#: share of the entries that stays when there are too many
_KEPT = 0.9
_log = logging.getLogger(__name__)


@dataclass
class AnswerCache:
    """Good answers by request, for every provider."""

    folder: Path | None  # Their folder; ``None`` to keep none.
    max_days: float = 180.0  # Older answers are requested again.
    max_entries: int = 20_000  # Most answers; the oldest beyond it are deleted.
    now: Callable[[], float] = lambda: clock.now().timestamp()  # Seconds since the epoch.
    _count: int | None = field(default=None, init=False)

    def _file(self, folder: Path, request: object) -> Path:
        text = json.dumps(request, sort_keys=True, ensure_ascii=False)
        return folder / f"{hashlib.sha256(text.encode()).hexdigest()}.json"

    def get(self, request: object) -> Any:  # noqa: ANN401 - what `put` was given
        """Return a cached answer; ``None`` if it is missing, damaged or too old."""
        if self.folder is None:
            return None
        try:
            kept = json.loads(self._file(self.folder, request).read_text(encoding="utf-8"))
            fresh = kept["format"] == _FORMAT and (
                0 <= self.now() - kept["at"] <= self.max_days * _DAY_S
            )
            return kept["answer"] if fresh and kept["request"] == request else None
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def put(self, request: object, answer: object) -> None:
        """Write an answer on disk; log a warning if that fails."""
        if self.folder is None:
            return
        kept = {"format": _FORMAT, "at": int(self.now()), "request": request, "answer": answer}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._file(self.folder, request)
            write_atomically(path, json.dumps(kept, ensure_ascii=False))
            folder = self.folder
            if self._count is None:
                self._count = sum(1 for _ in folder.glob("*.json"))
            else:
                self._count += 1
            if self._count > self.max_entries:
                by_age = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
                keep = int(self.max_entries * _KEPT)
                for path in by_age[: max(0, len(by_age) - keep)]:
                    path.unlink(missing_ok=True)
                self._count = min(len(by_age), keep)
        except (OSError, InputError) as error:
            _log.warning("geocoding: an answer could not be kept on disk: %s", error)


DEFAULT_PROVIDERS = ("local",)
GEOPLATEFORME_URL = "https://data.geopf.fr/geocodage"
#: Provider of earlier versions that settings may still name.
_FORMER = "annuaire"


@dataclass(frozen=True, slots=True)
class GeocoderWebSettings(WebSettings):
    """Settings of a geocoding service."""

    batch_rows: int = 1000  # Most places in one call.

    @classmethod
    @override
    def bounds(cls) -> dict[str, tuple[float, float]]:
        return {**WebSettings.bounds(), "batch_rows": (1, 10_000)}


@dataclass(frozen=True, slots=True)
class GeocodeSettings:
    """Settings of geocoding."""

    home: Path  # The user's own folder, which contains the cache of answers.
    providers: tuple[str, ...] = DEFAULT_PROVIDERS  # Names, in the order to try them.
    cache_days: float = 180.0  # Longest age and largest number of cached answers.
    cache_entries: int = 20_000
    min_score: float = 0.5  # Least confidence of an answer by a geocoder of addresses, from 0 to 1.
    #: The service.
    geoplateforme: GeocoderWebSettings = field(
        default_factory=lambda: GeocoderWebSettings(GEOPLATEFORME_URL)
    )

    def __post_init__(self) -> None:
        if not (self.cache_days > 0 and self.cache_entries > 0 and 0 <= self.min_score <= 1):
            raise InputError(
                "Les réglages du géocodage sont à revoir : cache_days et cache_entries sont "
                "positifs, min_score est entre 0 et 1."
            )

    @property
    def cache(self) -> Path:
        """Folder of cached answers."""
        return self.home / "geocode"


def read_geocode_settings(environment: Mapping[str, str] | None = None) -> GeocodeSettings:
    """Read the settings file, then the environment, which takes precedence."""
    env = os.environ if environment is None else environment
    section = read_settings(env).section("geocode")
    options = section.options(GeocodeSettings, "providers", "geoplateforme", _FORMER)
    providers = section.names(
        "providers",
        '["local", "geoplateforme"]',
        env.get("GEOZONES_GEOCODERS"),
        DEFAULT_PROVIDERS,
    )
    of_web = section.section("geoplateforme").options(GeocoderWebSettings)
    url = env.get("GEOZONES_GEOPLATEFORME_URL") or of_web.get("url") or GEOPLATEFORME_URL
    return GeocodeSettings(
        home=home_folder(env),
        providers=tuple(name for name in providers if name != _FORMER),
        geoplateforme=GeocoderWebSettings(**{**of_web, "url": url.strip().rstrip("/")}),
        **options,
    )
