"""Network services: settings of address and limits, a client, and failures in French."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import capital
from geozones.common.pacing import Clock, RateLimiter
from geozones.common.settings_file import host_of
from geozones.common.web import CallError, CallPolicy, FailureKind, WebClient

_LATER = "réessayez plus tard"
#: What to do about each kind of failure.
_ADVICE = {
    FailureKind.SLOW: _LATER,
    FailureKind.CUT: _LATER,
    FailureKind.DOWN: _LATER,
    FailureKind.TOO_LARGE: "vérifiez son adresse dans les réglages",
    FailureKind.UNREACHABLE: "vérifiez l'adresse et le réseau",
    FailureKind.REFUSED: "vérifiez son adresse dans les réglages",
}


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Settings of a service on the network: address, quota and time limits."""

    url: str  # Its address, without a slash at its end.
    #: The other host, with its port, to which the service may send calls; empty for none.
    redirect_host: str = ""
    per_second: int = 50  # Most calls in any second; 50 for the national geocoder.
    timeout_s: float = 30  # Longest wait for one answer, and for all of one work, in seconds.
    budget_s: float = 300
    retries: int = 4  # Times a failed call is sent again.

    def __post_init__(self) -> None:
        faults = [
            f"{name} doit être entre {least} et {most}"
            for name, (least, most) in self.bounds().items()
            if not least <= getattr(self, name) <= most
        ]
        if not self.host:
            faults.append("url doit être une adresse comme « https://serveur.fr/geocodage »")
        if faults:
            raise InputError(
                f"Les réglages d'un service du réseau sont à revoir : {' ; '.join(faults)}."
            )

    @classmethod
    def bounds(cls) -> dict[str, tuple[float, float]]:
        """Return the least and the greatest value of each figure."""
        return {
            "per_second": (1, 1000),
            "retries": (0, 20),
            "timeout_s": (0.01, 3600),
            "budget_s": (0.01, 604_800),
        }

    @property
    def host(self) -> str:
        """Host and port, safe to show; empty when the address cannot be read."""
        return host_of(self.url)


@dataclass(frozen=True, slots=True)
class ServiceCaller:
    """Caller of a service: signature of its calls, and errors for its failures."""

    service: str  # Name of the service in messages, with its article: « le géocodeur national ».
    agent: str  # Signature of the calls.
    #: Returns the error of a kind of failure, with its French sentence.
    error_of: Callable[[FailureKind, str], GeozonesError]
    #: The end of the sentences that ask to try again, where answers received so far are kept.
    kept: str = ""


class ServiceClient:
    """Calls of one piece of work to a service, under one time budget.

    Parameters
    ----------
    caller
        Who calls.
    settings, limiter, clock
        All the calls to the service share the limiter.
    """

    def __init__(
        self, caller: ServiceCaller, settings: WebSettings, limiter: RateLimiter, clock: Clock
    ) -> None:
        self._caller, self._settings = caller, settings
        policy = CallPolicy(
            timeout_s=settings.timeout_s,
            budget_s=settings.budget_s,
            retries=settings.retries,
            first_wait_s=0.5,
            # the national geocoder blocks for 5 seconds any client that exceeds 50 calls a second
            first_quota_wait_s=5.0,
            longest_wait_s=30.0,
            jitter=0.5,
            redirect_hosts=frozenset(filter(None, [settings.redirect_host])),
        )
        self._web = WebClient(policy, limiter, clock, headers={"User-Agent": caller.agent})

    def send(self, method: str, path: str, **options: Any) -> bytes:  # noqa: ANN401 - of requests
        """Send a call to a path of the service, with retries, and return the body of its answer.

        ``options`` are passed to ``requests``. It raises the error of a failure, once retries or
        budget are spent.
        """
        return self._spoken(
            lambda: self._web.request(method, f"{self._settings.url}{path}", **options)
        )

    def _spoken[T](self, call: Callable[[], T]) -> T:
        """Return the result of a call; raise its failure as an error in French."""
        try:
            return call()
        except CallError as failure:
            error = self.error(failure)
        raise error

    def error(self, failure: CallError) -> GeozonesError:
        """Return a failed call as an error in French."""
        caller, kind = self._caller, failure.kind
        if kind is FailureKind.OUT_OF_TIME:
            sentence = (
                f"{capital(caller.service)} n'a pas répondu à tout dans le temps accordé "
                f"({self._settings.budget_s:g} s) : réessayez{caller.kept}."
            )
        elif kind is FailureKind.QUOTA:
            whose = f"Le quota de {caller.service}".replace("de le ", "du ")
            sentence = f"{whose} {failure.predicate} : {_LATER}{caller.kept}."
        else:
            where = f" ({self._settings.host})" if kind is FailureKind.UNREACHABLE else ""
            service = f"{capital(caller.service)} {failure.predicate}{where}"
            sentence = f"{service} : {_ADVICE[kind]}."
        return caller.error_of(kind, sentence)
