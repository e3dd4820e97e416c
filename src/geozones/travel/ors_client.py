"""Client of openrouteservice: key, limits of the calls, and meaning of each refusal.

The ``openrouteservice`` package builds and sends each call, and reads the JSON of its answer. Its
own retries, which really sleep, ignore ``Retry-After`` and have a time limit of their own, never
run: the hook of `WebClient` sees every answer before they do.
"""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus

import openrouteservice  # type: ignore[import-untyped]

from geozones.common.pacing import Clock, RateLimiter
from geozones.common.web import CallError, CallPolicy, FailureKind, WebClient
from geozones.domain import (
    EngineAnswerError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
)
from geozones.travel.ors_settings import PUBLIC_URL, OrsSettings

#: codes of answers that a retry would not change, whatever the HTTP status
FINAL_CODES = frozenset({2009, 2010, 3099, 6010})
_OF_KEY = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_LATER, _KEPT = "réessayez plus tard", "ce qui est déjà reçu est gardé"
#: error of each kind of failure, and what to do; empty for "later"
_ERRORS: dict[FailureKind, tuple[type[EngineError], str]] = {
    FailureKind.SLOW: (EngineUnavailableError, ""),
    FailureKind.DOWN: (EngineUnavailableError, ""),
    FailureKind.CUT: (EngineAnswerError, ""),
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

    Raises
    ------
    EngineKeyError
        If the key is missing or cannot be sent.
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
        """Send a call, with retries, and return the JSON of its answer.

        Raises
        ------
        OrsRefusalError
            If the service refuses the request (400 or 404, in its own words).
        EngineError
            Unavailable, key, quota or answer, once retries or budget are spent.
        """
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
            msg = (
                f"Le serveur {self._settings.host} ne répond pas en JSON : vérifiez que c'est bien "
                "openrouteservice et qu'aucun portail ne s'interpose."
            )
            raise EngineAnswerError(msg) from None
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
        msg = "Il manque la clé d'openrouteservice : indiquez-la dans les réglages."
        raise EngineKeyError(msg)
    if key is not None and not (key.isascii() and key.isprintable()):
        msg = "La clé d'openrouteservice a des caractères interdits : recopiez-la."
        raise EngineKeyError(msg)
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
