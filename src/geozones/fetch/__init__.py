"""Files from public services of the network, on request: lycées, communes, road extracts.

Settings say whether each service may be called, and where.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import override

from geozones.common.errors import InputError
from geozones.common.french import capital
from geozones.common.pacing import Clock, RateLimiter
from geozones.common.settings_file import Section, read_settings, settings_path
from geozones.common.web import FailureKind
from geozones.common.web_service import ServiceCaller, ServiceClient, WebSettings
from geozones.domain import FetchError
from geozones.domain.settings import signature

COMMUNES_URL = "https://geo.api.gouv.fr"
EXTRACTS_URL = "https://download.geofabrik.de"
#: Exceptions of reading JSON that is not in the documented format, or nested without end.
MALFORMED = (ValueError, TypeError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class ExtractSettings(WebSettings):
    """Settings of the service of road extracts; its time limits are those of large files."""

    timeout_s: float = 60
    budget_s: float = 86_400
    max_megabytes: int = 8_000  # Largest extract.

    @classmethod
    @override
    def bounds(cls) -> dict[str, tuple[float, float]]:
        return {**WebSettings.bounds(), "max_megabytes": (1, 200_000)}


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Settings of the section ``[services]``."""

    file: Path  # The settings file, which may be missing.
    allowed: bool  # Whether commands may call the services without being told to.
    communes: WebSettings  # The services of commune outlines and of road extracts.
    extracts: ExtractSettings


def read_fetch_settings(environment: Mapping[str, str] | None = None) -> FetchSettings:
    """Read the section ``[services]`` of the settings file."""
    env = os.environ if environment is None else environment
    section = read_settings(env).section("services")
    section.only(("fetch", "communes", "extracts"))
    return FetchSettings(
        file=settings_path(env),
        allowed=bool(section.typed("fetch", bool)),
        communes=_service(section, "communes", WebSettings, COMMUNES_URL),
        extracts=_service(section, "extracts", ExtractSettings, EXTRACTS_URL),
    )


def _service[S: WebSettings](section: Section, name: str, kind: type[S], public: str) -> S:
    """Read the section of a service; ``public`` is its default address."""
    options = section.section(name).options(kind)
    url = str(options.pop("url", "") or public).strip().rstrip("/")
    return kind(url, **options)


def fetch_client(service: str, settings: WebSettings, clock: Clock | None = None) -> ServiceClient:
    """Return a client of a service, named with its article; it raises `FetchError`."""
    caller = ServiceCaller(service, signature(), _error)
    return ServiceClient(caller, settings, RateLimiter(settings.per_second, 1.0), clock or Clock())


def _error(_: FailureKind, sentence: str) -> FetchError:
    return FetchError(sentence)


def of_another_shape(service: str, settings: WebSettings) -> FetchError:
    """Return the error of an answer that is not in the documented format."""
    return FetchError(
        f"La réponse de {service} ({settings.host}) n'a pas la forme attendue : vérifiez son "
        "adresse dans les réglages, et qu'aucun portail ne s'interpose."
    )


def nothing_found(service: str, what: str, area: str) -> InputError:
    """Return the error of an answer without a row for an area."""
    return InputError(f"{capital(service)} ne donne {what} pour {area} : vérifiez ce territoire.")
