"""HTTP client and settings of every web service: rate, retries, one time budget.

A library that sends its own calls with ``requests`` (``openrouteservice`` has a session and retries
of its own) gets ``WebClient.options``: their hook reads each answer before the library does, so
that time, size and status are checked here and nowhere else.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception

from geozones.common.errors import GeozonesError, InputError, shortened
from geozones.common.french import capital, of
from geozones.common.pacing import Clock, RateLimiter, retry_after_s
from geozones.common.settings_file import host_of

MAX_ANSWER_BYTES = 50_000_000
#: longest time between two calls of ``tick``, in seconds
_TICK_S = 1.0


class FailureKind(Enum):
    """Kind of a failed call; ``OUT_OF_TIME``: the quota has no room within the budget."""

    OUT_OF_TIME = auto()
    SLOW = auto()
    CUT = auto()
    TOO_LARGE = auto()
    UNREACHABLE = auto()
    QUOTA = auto()
    DOWN = auto()
    REFUSED = auto()


@dataclass(eq=False)
class CallError(Exception):
    """A call failed; the calling room raises an error of its own."""

    kind: FailureKind  # Kind of the failure.
    #: The failure in French, after the service's name, « est en panne (erreur 503) », or around it,
    #: « le quota de … est épuisé ».
    predicate: str = ""
    again: bool = False  # Whether the same call may succeed later.
    #: How long the service asks to wait, in seconds; ``None`` if it does not say.
    wait_s: float | None = None
    #: The HTTP status and the answer; 0 and empty without an answer, or if the quota is spent.
    status: int = 0
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPolicy:
    """Timeouts, retries and waits for a service."""

    timeout_s: float  # Longest wait for one whole answer, in seconds.
    budget_s: float  # Longest time for all the calls of one client, waits included, in seconds.
    retries: int  # Times a failed call is sent again.
    #: Longest first wait after a failure and after a refusal for quota, in seconds; they double at
    #: each try, up to the longest. A wait that the service asks for takes precedence.
    first_wait_s: float
    first_quota_wait_s: float
    longest_wait_s: float
    jitter: float  # Random share of a wait, from 0 to 1.
    #: Hosts, with their port, to which an answer may send the call, besides the host asked;
    #: ``None`` if it may send it nowhere. No answer may lead from HTTPS to HTTP.
    redirect_hosts: frozenset[str] | None = None


class WebClient:
    """Client for the calls of one job to one service, under one time budget.

    All calls under one quota share the ``limiter``. ``tick`` is called before each call and each
    second of waiting: an exception that it raises stops the work. ``headers`` are sent with the
    calls of ``request``.
    """

    def __init__(
        self,
        policy: CallPolicy,
        limiter: RateLimiter,
        clock: Clock,
        *,
        tick: Callable[[], None] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._policy, self._limiter, self._clock, self._tick = policy, limiter, clock, tick
        self._deadline = clock.monotonic() + policy.budget_s
        self._session = requests.Session()
        self._session.headers.update(headers or {})
        # Not stamina: it sleeps by itself, so a wait of up to an hour could not be cancelled
        # (docs/decisions.md, 6).
        self._retrying = Retrying(
            retry=retry_if_exception(lambda error: isinstance(error, CallError) and error.again),
            wait=self._wait_s,
            stop=self._is_over,
            sleep=self._sleep,
            reraise=True,
        )

    @property
    def options(self) -> dict[str, Any]:
        """Options of ``requests`` that each call needs, except its timeout."""
        return {"stream": True, "hooks": {"response": self._receive}}

    def call[T](self, send: Callable[[float], T]) -> T:
        """Return the result of ``send``, called again while a retry may help.

        ``send`` makes one call with ``options``, within the timeout that it is given, in seconds.
        """
        answer: T = self._retrying(self._attempt, send)
        return answer

    def request(self, method: str, url: str, **options: Any) -> bytes:  # noqa: ANN401 - of requests
        """Send a call, with retries, and return the body of its answer; raise ``CallError``.

        ``options`` are passed to ``requests``; a body is sent with its length, never in chunks.
        """

        def send(timeout_s: float) -> bytes:
            given = {**options, **self.options, "timeout": timeout_s}
            return self._session.request(method, url, **given).content

        return self.call(send)

    def _attempt[T](self, send: Callable[[float], T]) -> T:
        # wait until the quota allows a call, unless that is too late
        if self._tick is not None:
            self._tick()
        now = self._clock.monotonic()
        slot = self._limiter.reserve(now, self._deadline)
        if slot is None or slot >= self._deadline:
            raise CallError(FailureKind.OUT_OF_TIME)
        self._sleep(slot - now)
        left = self._deadline - self._clock.monotonic()
        timeout_s = min(self._policy.timeout_s, max(left, 0.001))
        try:
            return send(timeout_s)
        except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError):
            why = f"n'a pas répondu en {timeout_s:g} s"
            failure = CallError(FailureKind.SLOW, why, again=True)
        except (requests.exceptions.ChunkedEncodingError, urllib3.exceptions.HTTPError):
            failure = CallError(FailureKind.CUT, "a coupé sa réponse en route", again=True)
        except (requests.RequestException, UnicodeError) as error:
            again = isinstance(error, requests.ConnectionError)
            failure = CallError(FailureKind.UNREACHABLE, "est injoignable", again=again)
        # outside the handler: the caught exception holds the address and the key
        raise failure

    def _wait_s(self, state: RetryCallState) -> float:
        """Return the wait after a failed try, in seconds."""
        failure = state.outcome.exception() if state.outcome else None
        if not isinstance(failure, CallError):
            return 0.0
        if failure.wait_s is not None:
            return failure.wait_s
        policy, quota = self._policy, failure.kind is FailureKind.QUOTA
        first = policy.first_quota_wait_s if quota else policy.first_wait_s
        highest = min(policy.longest_wait_s, first * 2 ** (state.attempt_number - 1))
        return self._clock.chance.uniform(highest * (1 - policy.jitter), highest)

    def _is_over(self, state: RetryCallState) -> bool:
        """Return whether a failed try is the last: no retry left, or a wait beyond the budget."""
        resumes = self._clock.monotonic() + state.upcoming_sleep
        return state.attempt_number > self._policy.retries or resumes >= self._deadline

    def _sleep(self, seconds: float) -> None:
        end = self._clock.monotonic() + seconds
        while (left := end - self._clock.monotonic()) > 0:
            if self._tick is None:
                self._clock.sleep(left)
            else:
                self._clock.sleep(min(_TICK_S, left))
                self._tick()

    def _receive(self, response: requests.Response, **_: object) -> requests.Response:
        """Read a whole answer within timeout and size; raise unless its status is 200."""
        if self._policy.redirect_hosts is not None and response.is_redirect:
            return self._check_redirect(response)
        end = min(self._clock.monotonic() + self._policy.timeout_s, self._deadline)
        parts, size = [], 0
        try:
            while part := response.raw.read1(1 << 16, decode_content=True):
                parts.append(part)
                size += len(part)
                if size > MAX_ANSWER_BYTES:
                    why = f"a répondu par plus de {MAX_ANSWER_BYTES // 1_000_000} Mo"
                    raise CallError(FailureKind.TOO_LARGE, why)
                if self._clock.monotonic() > end:
                    raise requests.Timeout
        finally:
            response.close()
        body = b"".join(parts)
        if response.status_code != HTTPStatus.OK:
            raise self._refusal(response, body)
        whole = requests.Response()
        whole.status_code, whole.request = response.status_code, response.request
        whole.raw, whole.encoding = io.BytesIO(body), "utf-8"
        return whole

    def _check_redirect(self, response: requests.Response, **_: object) -> requests.Response:
        """Return an answer; raise `CallError` if it leads where no call may go."""
        if self._policy.redirect_hosts is None or not response.is_redirect:
            return response
        target = urljoin(response.url, response.headers["Location"])
        schemes = urlsplit(response.url).scheme, urlsplit(target).scheme
        host, hosts = host_of(target), {host_of(response.url), *self._policy.redirect_hosts}
        if host not in hosts or schemes == ("https", "http"):
            response.close()
            why = f"renvoie vers {shortened(host or target)}, qui n'est pas une adresse autorisée"
            raise CallError(FailureKind.REFUSED, why, status=response.status_code)
        return response

    def _refusal(self, response: requests.Response, body: bytes) -> CallError:
        """Return the error for a status other than 200."""
        status = response.status_code
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            wait_s = retry_after_s(response.headers.get("Retry-After"), self._clock.now())
            asked = "" if wait_s is None else f" (il demande d'attendre {wait_s:.0f} s)"
            return CallError(FailureKind.QUOTA, f"est épuisé{asked}", again=True, wait_s=wait_s)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            kind, why = FailureKind.DOWN, "est en panne"
        else:
            kind, why = FailureKind.REFUSED, "refuse la demande"
        return CallError(
            kind,
            f"{why} (erreur {status})",
            again=kind is FailureKind.DOWN,
            status=status,
            body=body,
        )


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

    def error(self, failure: CallError, settings: WebSettings) -> GeozonesError:
        """Return a failed call as an error in French."""
        kind = failure.kind
        if kind is FailureKind.OUT_OF_TIME:
            sentence = (
                f"{capital(self.service)} n'a pas répondu à tout dans le temps accordé "
                f"({settings.budget_s:g} s) : réessayez{self.kept}."
            )
        elif kind is FailureKind.QUOTA:
            whose = f"Le quota {of(self.service)}".replace("de le ", "du ")
            sentence = f"{whose} {failure.predicate} : {_LATER}{self.kept}."
        else:
            where = f" ({settings.host})" if kind is FailureKind.UNREACHABLE else ""
            service = f"{capital(self.service)} {failure.predicate}{where}"
            sentence = f"{service} : {_ADVICE[kind]}."
        return self.error_of(kind, sentence)


class ServiceClient:
    """Calls of one piece of work to a service, under one time budget.

    ``caller`` signs the calls; all calls to the service share the ``limiter``.
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
            error = self._caller.error(failure, self._settings)
        raise error
