"""Client of a geocoding service: limits of the calls, and failures as errors in French."""

from typing import Any

from geozones.common.pacing import Clock, RateLimiter
from geozones.common.web import CallError, CallPolicy, FailureKind, WebClient
from geozones.domain import (
    GeocoderAnswerError,
    GeocoderError,
    GeocoderQuotaError,
    GeocoderUnavailableError,
)
from geozones.geocode.geocode_settings import WebSettings

_HEADERS = {"User-Agent": "geozones (Région Pays de la Loire)"}
_LATER = "réessayez plus tard"
#: error of each kind of failure, and what to do
_ERRORS: dict[FailureKind, tuple[type[GeocoderError], str]] = {
    FailureKind.SLOW: (GeocoderUnavailableError, _LATER),
    FailureKind.CUT: (GeocoderAnswerError, _LATER),
    FailureKind.DOWN: (GeocoderUnavailableError, _LATER),
    FailureKind.UNREACHABLE: (GeocoderUnavailableError, "vérifiez l'adresse et le réseau"),
    FailureKind.REFUSED: (GeocoderAnswerError, "vérifiez son adresse dans les réglages"),
}


class GeocoderClient:
    """Calls of one search of places, under one time budget.

    Parameters
    ----------
    service
        Its name in messages, with its article: « le géocodeur national ».
    settings, limiter, clock
        All the calls to the service share the limiter.
    """

    def __init__(
        self, service: str, settings: WebSettings, limiter: RateLimiter, clock: Clock
    ) -> None:
        self._service, self._settings = service, settings
        policy = CallPolicy(
            timeout_s=settings.timeout_s,
            budget_s=settings.budget_s,
            retries=settings.retries,
            first_wait_s=0.5,
            # the national geocoder blocks for 5 seconds any client that exceeds 50 calls a second
            first_quota_wait_s=5.0,
            longest_wait_s=30.0,
            jitter=0.5,
            follows_redirects=True,
        )
        self._web = WebClient(policy, limiter, clock, headers=_HEADERS)

    def send(self, method: str, path: str, **options: Any) -> bytes:  # noqa: ANN401 - of requests
        """Send a call, with retries, and return the body of its answer.

        ``options`` are passed to ``requests``.

        Raises
        ------
        GeocoderError
            Unavailable, quota or answer, once retries or budget are spent.
        """
        try:
            return self._web.request(method, f"{self._settings.url}{path}", **options)
        except CallError as failure:
            error = self._error(failure)
        raise error

    def _error(self, failure: CallError) -> GeocoderError:
        service = self._service
        if failure.kind is FailureKind.OUT_OF_TIME:
            return GeocoderUnavailableError(
                f"{service} n'a pas répondu à tout dans le temps accordé "
                f"({self._settings.budget_s:g} s) : réessayez, ce qui est reçu est gardé."
            )
        if failure.kind is FailureKind.QUOTA:
            return GeocoderQuotaError(
                f"Le quota de {service} {failure.predicate} : {_LATER}, ce qui est reçu est gardé."
            )
        kind, advice = _ERRORS[failure.kind]
        unreachable = failure.kind is FailureKind.UNREACHABLE
        where = f" ({self._settings.host})" if unreachable else ""
        return kind(f"{service} {failure.predicate}{where} : {advice}.")
