"""Talking to openrouteservice: quota, retries, time budget, and what each refusal means.

The ``openrouteservice`` client builds and sends; its own retries, which sleep for real, know no
``Retry-After`` and give up on a clock of their own, never get to run: a hook of ``requests`` sees
every answer before the client does.
"""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

import openrouteservice  # type: ignore[import-untyped]
import requests
import urllib3

from geozones.domain import (
    EngineAnswerError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
)
from geozones.domain.pacing import Clock, RateLimiter, retry_after_s
from geozones.travel.ors_settings import PUBLIC_URL, OrsSettings

#: codes of answers that asking again would not change, whatever the HTTP status
FINAL_CODES = frozenset({2009, 2010, 3099, 6010})
_BACKOFF_S, _QUOTA_BACKOFF_S, _LONGEST_BACKOFF_S = 1.0, 15.0, 60.0
_SLICE_S = 1.0
_FAILURES = (
    openrouteservice.exceptions.Timeout,
    openrouteservice.exceptions.HTTPError,
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    UnicodeError,
)


class OrsRefusalError(Exception):
    """The service understood and says no: HTTP status, its own code, its message."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} ({code})")
        self.status, self.code, self.message = status, code, message


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a call failed, whether to send it again, and when the service says to."""

    error: EngineError | OrsRefusalError
    again: bool = False
    wait_s: float | None = None
    backoff_s: float = _BACKOFF_S


class _StatusError(Exception):
    """Out of the hook, past the client: an answer that is not 200."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        super().__init__(status)
        self.status, self.headers, self.body = status, headers, body


class OrsClient:
    """The calls of one matrix, route or set of isochrones, under one time budget.

    Parameters
    ----------
    settings, limiter, clock
        The limiter is shared by all the calls made with one key.
    tick
        Called before each call and each second of waiting; what it raises stops the work.

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
        self._settings, self._limiter, self._clock, self._tick = settings, limiter, clock, tick
        self._deadline = clock.monotonic() + settings.budget_s
        self._later = "réessayez plus tard"
        if settings.cache_dir is not None:
            self._later += " (ce qui est déjà reçu est gardé)"
        key = (settings.key or "").strip() or None
        if key is None and settings.url == PUBLIC_URL:
            msg = "Il manque la clé d'openrouteservice : indiquez-la dans les réglages."
            raise EngineKeyError(msg)
        if key is not None and not (key.isascii() and key.isprintable()):
            msg = "La clé d'openrouteservice a des caractères interdits : recopiez-la."
            raise EngineKeyError(msg)
        self._client = openrouteservice.Client(
            key=key,
            base_url=settings.url,
            timeout=settings.timeout_s,
            retry_timeout=settings.budget_s,
            retry_over_query_limit=False,
            requests_kwargs={
                "hooks": {"response": self._receive},
                "stream": True,
            },
        )

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Send a call, again if need be, and return the JSON of its answer.

        Raises
        ------
        OrsRefusalError
            If the service refuses what is asked (400 or 404, in its own words).
        EngineError
            Unavailable, key, quota or answer, once retries or budget are spent.
        """
        attempt = 0
        while True:
            self._wait_turn()
            outcome = self._send(path, body)
            if not isinstance(outcome, _Trouble):
                return outcome
            if not outcome.again or attempt >= self._settings.retries:
                raise outcome.error
            highest = min(_LONGEST_BACKOFF_S, outcome.backoff_s * 2**attempt)
            wait_s = outcome.wait_s
            self._pause(
                self._clock.chance.uniform(0, highest) if wait_s is None else wait_s, outcome.error
            )
            attempt += 1

    def _wait_turn(self) -> None:
        self._tick()
        now = self._clock.monotonic()
        slot = self._limiter.reserve(now, self._deadline)
        late = EngineQuotaError(
            f"Le quota de {self._settings.per_minute} appels par minute d'openrouteservice ne "
            f"laisse pas finir dans le temps accordé ({self._settings.budget_s:.0f} s) : "
            f"{self._later}."
        )
        if slot is None:
            raise late
        self._pause(slot - now, late)

    def _pause(self, seconds: float, error: Exception) -> None:
        """Let time pass, a second at most between two ticks; raise ``error`` past the budget."""
        end = self._clock.monotonic() + seconds
        if end >= self._deadline:
            raise error
        while (left := end - self._clock.monotonic()) > 0:
            self._clock.sleep(min(_SLICE_S, left))
            self._tick()

    def _send(self, path: str, body: Mapping[str, object]) -> object:
        left = self._deadline - self._clock.monotonic()
        timeout = {"timeout": min(self._settings.timeout_s, max(left, 0.001))}
        try:
            return self._client.request(path, post_json=dict(body), requests_kwargs=timeout)
        except _StatusError as refusal:
            return self._read_refusal(refusal)
        except _FAILURES as failure:
            return self._read_failure(failure)

    def _receive(self, response: requests.Response, **_: object) -> requests.Response:
        """Read a whole answer within the timeout, and let the client see it only if it is 200."""
        end = min(self._clock.monotonic() + self._settings.timeout_s, self._deadline)
        parts = []
        try:
            while part := response.raw.read1(1 << 16, decode_content=True):
                parts.append(part)
                if self._clock.monotonic() > end:
                    raise requests.Timeout
        finally:
            response.close()
        body = b"".join(parts)
        if response.status_code != HTTPStatus.OK:
            raise _StatusError(response.status_code, response.headers, body)
        whole = requests.Response()
        whole.status_code, whole.request = response.status_code, response.request
        whole.raw, whole.encoding = io.BytesIO(body), "utf-8"
        return whole

    def _read_failure(self, failure: Exception) -> _Trouble:
        """Say what an exception of the client, requests or urllib3 means; it is not kept."""
        host = self._settings.host
        if isinstance(failure, openrouteservice.exceptions.HTTPError):
            return _Trouble(
                EngineAnswerError(
                    f"Le serveur {host} ne répond pas en JSON : vérifiez que c'est bien "
                    "openrouteservice et qu'aucun portail ne s'interpose."
                )
            )
        slow = (
            openrouteservice.exceptions.Timeout,
            requests.Timeout,
            urllib3.exceptions.TimeoutError,
        )
        if isinstance(failure, slow):
            why = f"n'a pas répondu en {self._settings.timeout_s:g} s : {self._later}"
            return _Trouble(EngineUnavailableError(f"Le serveur {host} {why}."), again=True)
        if isinstance(
            failure, (urllib3.exceptions.HTTPError, requests.exceptions.ChunkedEncodingError)
        ):
            why = f"a coupé sa réponse en route : {self._later}"
            return _Trouble(EngineAnswerError(f"Le serveur {host} {why}."), again=True)
        return _Trouble(
            EngineUnavailableError(
                f"Le serveur {host} est injoignable : vérifiez son adresse et votre réseau."
            ),
            again=isinstance(failure, requests.ConnectionError),
        )

    def _read_refusal(self, refusal: _StatusError) -> _Trouble:
        status, host = refusal.status, self._settings.host
        code, message = _error_of(refusal.body)
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait_s = retry_after_s(refusal.headers.get("Retry-After"), self._clock.now())
            return _Trouble(self._quota(wait_s), True, wait_s, _QUOTA_BACKOFF_S)  # noqa: FBT003
        if status == HTTPStatus.FORBIDDEN and "quota" in message.casefold():
            return _Trouble(self._quota(None))
        if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
            said = (
                "refuse la clé : vérifiez-la"
                if self._settings.key
                else "demande une clé : indiquez-la"
            )
            return _Trouble(EngineKeyError(f"Le serveur {host} {said} dans les réglages."))
        if code in FINAL_CODES or (
            code and status in {HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND}
        ):
            return _Trouble(OrsRefusalError(status, code, message))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            why = f"est en panne (erreur {status}) : {self._later}"
            return _Trouble(EngineUnavailableError(f"Le serveur {host} {why}."), again=True)
        return _Trouble(
            EngineAnswerError(
                f"Le serveur {host} refuse la demande (erreur {status}) : vérifiez l'adresse, le "
                "profil et la version d'openrouteservice."
            )
        )

    def _quota(self, wait_s: float | None) -> EngineQuotaError:
        asked = "" if wait_s is None else f" (il demande d'attendre {wait_s:.0f} s)"
        return EngineQuotaError(
            f"Le quota d'openrouteservice est épuisé{asked} : {self._later} ou réduisez la demande."
        )


def _error_of(body: bytes) -> tuple[int, str]:
    """Return code and message of an error; 0 and the text where it is not in ORS's own form."""
    text = body.decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
    except (ValueError, TypeError, LookupError):
        return 0, text
    if not isinstance(error, dict):
        return 0, str(error)
    code = error.get("code")
    return (code if isinstance(code, int) else 0), str(error.get("message"))
