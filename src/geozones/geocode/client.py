"""Calls to a geocoding service: its pace, retries, one time budget, what each refusal means."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import requests
import urllib3

from geozones.domain import (
    GeocoderAnswerError,
    GeocoderError,
    GeocoderQuotaError,
    GeocoderUnavailableError,
)
from geozones.domain.pacing import Clock, RateLimiter, retry_after_s
from geozones.geocode.settings import WebSettings

MAX_ANSWER_BYTES = 50_000_000
#: the national geocoder shuts out for 5 seconds whoever goes over its 50 calls a second
_QUOTA_BACKOFF_S, _BACKOFF_S, _LONGEST_BACKOFF_S = 5.0, 0.5, 30.0
_AGENT = "geozones (Région Pays de la Loire)"


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why a call failed, whether to send it again, and when the service says to."""

    error: GeocoderError
    again: bool = False
    wait_s: float | None = None
    backoff_s: float = _BACKOFF_S


@dataclass
class WebClient:
    """The calls of one work, under one time budget.

    Parameters
    ----------
    service
        How it is called in a message.
    settings
        How to reach it.
    limiter
        Shared by all the calls to it.
    clock
        The time.
    """

    service: str
    settings: WebSettings
    limiter: RateLimiter
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self._deadline = self.clock.monotonic() + self.settings.budget_s
        self._session = requests.Session()
        self._session.headers["User-Agent"] = _AGENT

    def send(self, method: str, path: str, **options: Any) -> bytes:  # noqa: ANN401 - of requests
        """Send a call, again if need be, and return the body of its answer.

        ``options`` are those of ``requests``; a body has its length sent, never in chunks.

        Raises
        ------
        GeocoderError
            Unavailable, quota or answer, once retries or budget are spent.
        """
        attempt = 0
        while True:
            self._wait_turn()
            outcome = self._send_once(method, path, options)
            if isinstance(outcome, bytes):
                return outcome
            if not outcome.again or attempt >= self.settings.retries:
                raise outcome.error
            highest = min(_LONGEST_BACKOFF_S, outcome.backoff_s * 2**attempt)
            chance: random.Random = self.clock.chance
            wait_s = outcome.wait_s
            self._pause(
                chance.uniform(highest / 2, highest) if wait_s is None else wait_s, outcome.error
            )
            attempt += 1

    def _wait_turn(self) -> None:
        now = self.clock.monotonic()
        slot = self.limiter.reserve(now, self._deadline)
        late = GeocoderUnavailableError(
            f"{self.service} n'a pas répondu à tout dans le temps accordé "
            f"({self.settings.budget_s:g} s) : réessayez, ce qui est reçu est gardé."
        )
        if slot is None:
            raise late
        self._pause(slot - now, late)

    def _pause(self, seconds: float, error: GeocoderError) -> None:
        if self.clock.monotonic() + seconds >= self._deadline:
            raise error
        if seconds > 0:
            self.clock.sleep(seconds)

    def _send_once(self, method: str, path: str, options: Mapping[str, Any]) -> bytes | _Trouble:
        left = self._deadline - self.clock.monotonic()
        timeout = min(self.settings.timeout_s, max(left, 0.001))
        try:
            with self._session.request(
                method, f"{self.settings.url}{path}", timeout=timeout, stream=True, **options
            ) as response:
                body = self._body(response, timeout)
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            why = f"n'a pas répondu en {timeout:g} s : réessayez plus tard."
            return _Trouble(GeocoderUnavailableError(f"{self.service} {why}"), again=True)
        except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.HTTPError):
            why = "a coupé sa réponse en route : réessayez plus tard."
            return _Trouble(GeocoderAnswerError(f"{self.service} {why}"), again=True)
        except (requests.RequestException, UnicodeError) as error:
            why = f"est injoignable ({self.settings.host}) : vérifiez l'adresse et le réseau."
            again = isinstance(error, requests.ConnectionError)
            return _Trouble(GeocoderUnavailableError(f"{self.service} {why}"), again=again)
        return self._read(response, body)

    def _body(self, response: requests.Response, timeout: float) -> bytes:
        """Read a whole answer within the timeout, up to a size."""
        end = self.clock.monotonic() + timeout
        parts, size = [], 0
        while part := response.raw.read1(1 << 16, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > MAX_ANSWER_BYTES:
                raise urllib3.exceptions.HTTPError
            if self.clock.monotonic() > end:
                raise requests.Timeout
        return b"".join(parts)

    def _read(self, response: requests.Response, body: bytes) -> bytes | _Trouble:
        status = response.status_code
        if status == HTTPStatus.OK:
            return body
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait_s = retry_after_s(response.headers.get("Retry-After"), self.clock.now())
            asked = "" if wait_s is None else f" (il demande d'attendre {wait_s:.0f} s)"
            error = GeocoderQuotaError(
                f"Le quota de {self.service} est épuisé{asked} : réessayez plus tard, ce qui est "
                "reçu est gardé."
            )
            return _Trouble(error, again=True, wait_s=wait_s, backoff_s=_QUOTA_BACKOFF_S)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            why = f"est en panne (erreur {status}) : réessayez plus tard."
            return _Trouble(GeocoderUnavailableError(f"{self.service} {why}"), again=True)
        why = f"refuse la demande (erreur {status}) : vérifiez son adresse dans les réglages."
        return _Trouble(GeocoderAnswerError(f"{self.service} {why}"))
