"""Client of openrouteservice: settings, limits of the calls, and meaning of each refusal.

The ``openrouteservice`` package builds and sends each call, and reads the JSON of its answer. Its
own retries, which really sleep, ignore ``Retry-After`` and have a time limit of their own, never
run: the hook of `WebClient` sees every answer before they do.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

import openrouteservice  # type: ignore[import-untyped]

from geozones.common.errors import InputError
from geozones.common.pacing import Clock, RateLimiter
from geozones.common.settings_file import host_of
from geozones.common.web import CallError, CallPolicy, FailureKind, WebClient
from geozones.domain import (
    EngineAnswerError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
    NoRouteError,
)
from geozones.travel.ors_blocks import MatrixCall, NamedPoint

PUBLIC_URL = "https://api.openrouteservice.org"


@dataclass(frozen=True, slots=True)
class OrsSettings:
    """Settings of openrouteservice: address, key, quota and time limits."""

    #: A private server, such as ``http://routes.region.fr:8082/ors``; ``None`` for the public API.
    #: Never shown whole: it may hold a password.
    base_url: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)  # API key; the public API requires it.
    profile: str = "driving-car"  # Its name for a means of travel.
    #: Most pairs in one call: 3,500 on the public API, 2,500 on a server as installed.
    max_pairs: int = 3500
    per_minute: int = 40  # Most calls in any minute.
    timeout_s: float = 30  # Longest wait for one whole answer, in seconds.
    #: Longest time for one matrix, route or set of isochrones, waits included, in seconds.
    budget_s: float = 600
    retries: int = 4  # Times a failed call is sent again.
    cache_dir: Path | None = None  # Folder of received blocks; ``None`` to keep none.
    cache_days: float = 30  # Age at which a stored block is requested again, in days.

    def __post_init__(self) -> None:
        faults = [
            f"{name} doit être au moins {least}"
            for name, least in (("max_pairs", 1), ("per_minute", 1), ("retries", 0))
            if getattr(self, name) < least
        ]
        faults += [
            f"{name} doit être positif et au plus un million"
            for name in ("timeout_s", "budget_s", "cache_days")
            if not 0 < getattr(self, name) <= 1e6
        ]
        if not all(part.isalnum() for part in self.profile.split("-")):
            faults.append("profile doit être un nom comme « driving-car »")
        if not self.host:
            faults.append("base_url doit être une adresse comme « https://serveur.fr/ors »")
        if faults:
            raise InputError(
                f"Les réglages d'openrouteservice sont à revoir : {' ; '.join(faults)}."
            )

    @property
    def url(self) -> str:
        """Address in use, without a slash at its end; it may contain a password."""
        return (self.base_url or PUBLIC_URL).strip().rstrip("/")

    @property
    def host(self) -> str:
        """Host and port, safe to show; empty when the address cannot be read."""
        return host_of(self.url)

    @property
    def address(self) -> str:
        """Host, port and path: identity of the server, without a password."""
        return self.host + urlsplit(self.url).path


#: codes of answers that a retry would not change, whatever the HTTP status
FINAL_CODES = frozenset({2009, 2010, 3099, 6010})
_OF_KEY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_LATER, _KEPT = "réessayez plus tard", "ce qui est déjà reçu est gardé"
#: error of each kind of failure, and what to do; empty for "later"
_ERRORS: dict[FailureKind, tuple[type[EngineError], str]] = {
    FailureKind.SLOW: (EngineUnavailableError, ""),
    FailureKind.DOWN: (EngineUnavailableError, ""),
    FailureKind.CUT: (EngineAnswerError, ""),
    FailureKind.TOO_LARGE: (EngineAnswerError, "vérifiez son adresse ou réduisez la demande"),
    FailureKind.UNREACHABLE: (EngineUnavailableError, "vérifiez son adresse et votre réseau"),
    FailureKind.REFUSED: (
        EngineAnswerError,
        "vérifiez l'adresse, le profil et la version d'openrouteservice",
    ),
}


class OrsRefusalError(Exception):
    """Refusal by the service: HTTP status, its own code, its message in English."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} ({code})")
        self.status, self.code, self.message = status, code, message


class OrsClient:
    """Calls of one matrix, route or set of isochrones, under one time budget.

    Parameters
    ----------
    settings, limiter, clock
        All the calls made with one key share the limiter.
    tick
        Called before each call and each second of waiting; an exception stops the work.
    """

    def __init__(
        self,
        settings: OrsSettings,
        limiter: RateLimiter,
        clock: Clock,
        tick: Callable[[], None],
    ) -> None:
        self._settings = settings
        policy = CallPolicy(
            timeout_s=settings.timeout_s,
            budget_s=settings.budget_s,
            retries=settings.retries,
            first_wait_s=1.0,
            first_quota_wait_s=15.0,
            longest_wait_s=60.0,
            jitter=1.0,
        )
        self._web = WebClient(policy, limiter, clock, tick=tick)
        self._client = openrouteservice.Client(
            key=_checked_key(settings),
            base_url=settings.url,
            timeout=settings.timeout_s,
            retry_timeout=settings.budget_s,
            retry_over_query_limit=False,
            requests_kwargs=self._web.options,
        )

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Send a call, with retries, and return the JSON of its answer."""
        try:
            return self._web.call(lambda timeout_s: self._send(path, body, timeout_s))
        except CallError as failure:
            error = self._error(failure)
        raise error

    def _send(self, path: str, body: Mapping[str, object], timeout_s: float) -> object:
        timeout = {"timeout": timeout_s}
        try:
            return self._client.request(path, post_json=dict(body), requests_kwargs=timeout)
        except openrouteservice.exceptions.Timeout:
            raise TimeoutError from None
        except openrouteservice.exceptions.HTTPError:
            raise EngineAnswerError(
                f"Le serveur {self._settings.host} ne répond pas en JSON : vérifiez que c'est bien "
                "openrouteservice et qu'aucun portail ne s'interpose."
            ) from None
        except CallError as failure:
            refusal = _refusal_of(failure)
            if refusal is None:
                raise
        raise refusal

    def _error(self, failure: CallError) -> EngineError:
        """Return a failed call as an error in French."""
        settings, kind = self._settings, failure.kind
        later = _LATER if settings.cache_dir is None else f"{_LATER} ({_KEPT})"
        if kind is FailureKind.OUT_OF_TIME:
            return EngineQuotaError(
                f"Le quota de {settings.per_minute} appels par minute d'openrouteservice ne laisse "
                f"pas finir dans le temps accordé ({settings.budget_s:.0f} s) : {later}."
            )
        of_quota = failure.status == HTTPStatus.FORBIDDEN and "quota" in _answer(failure)[1].lower()
        if of_quota or kind is FailureKind.QUOTA:
            predicate = "est épuisé" if of_quota else failure.predicate
            return EngineQuotaError(
                f"Le quota d'openrouteservice {predicate} : {later} ou réduisez la demande."
            )
        server = f"Le serveur {settings.host}"
        if failure.status in _OF_KEY:
            asked = "refuse la clé : vérifiez" if settings.key else "demande une clé : indiquez"
            return EngineKeyError(f"{server} {asked}-la dans les réglages.")
        error, advice = _ERRORS[kind]
        return error(f"{server} {failure.predicate} : {advice or later}.")


def _checked_key(settings: OrsSettings) -> str | None:
    """Return the key to send, ``None`` for none; raise ``EngineKeyError``."""
    key = (settings.key or "").strip() or None
    if key is None and settings.url == PUBLIC_URL:
        raise EngineKeyError("Il manque la clé d'openrouteservice : indiquez-la dans les réglages.")
    if key is not None and not (key.isascii() and key.isprintable()):
        raise EngineKeyError("La clé d'openrouteservice a des caractères interdits : recopiez-la.")
    return key


def _refusal_of(failure: CallError) -> OrsRefusalError | None:
    """Return the refusal in an answer, ``None`` for another failure."""
    if failure.kind not in {FailureKind.DOWN, FailureKind.REFUSED}:
        return None
    status, (code, message) = failure.status, _answer(failure)
    asked_wrong = code and status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
    if asked_wrong or (code in FINAL_CODES and status not in _OF_KEY):
        return OrsRefusalError(status, code, message)
    return None


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


#: codes of a refusal: a point near no road, no route, too large a request
NO_POINT = frozenset({2010, 6010})
_NO_ROUTE = frozenset({2009, 3099})
_TOO_MUCH = frozenset({2004, 3004, 6004})
_NAMED = re.compile(r"(?:specified coordinate|Could not find point)\s+(\d+)")
_SIDES = re.compile(r"(Source|Destination) point\(s\) \[([\d, ]+)\]")


def unroutable(message: str, call: MatrixCall) -> set[NamedPoint]:
    """Return the points of a call that a refusal names, if any."""
    ranks = {int(rank) for rank in _NAMED.findall(message)}
    for side, listed in _SIDES.findall(message):
        numbers = call.sources if side == "Source" else call.targets
        of_side = [int(rank) for rank in listed.split(",") if rank.strip()]
        ranks |= {numbers[rank] for rank in of_side if rank < len(numbers)}
    return {call.places[rank] for rank in ranks if rank < len(call.places)}


def no_route(place: str = "un des points") -> NoRouteError:
    """Return the error of a point near no road."""
    return NoRouteError(
        f"Openrouteservice ne trouve pas de route près de {place} : vérifiez sa position."
    )


def refused(refusal: OrsRefusalError) -> EngineError:
    """Return the French error for a refusal."""
    if refusal.code in NO_POINT:
        named = _NAMED.search(refusal.message)
        ends = {"0": "du point de départ", "1": "du point d'arrivée"}
        return no_route(ends.get(named[1], "un des points") if named else "un des points")
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
