"""The client of web services: what is tried again, for how long, and what a failure says."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from geozones.common import web
from geozones.common.errors import InputError
from geozones.common.pacing import Clock, RateLimiter
from geozones.common.settings_file import embed_sites, is_for_others, link_to, public_address
from geozones.common.web import CallError, CallPolicy, FailureKind, WebClient
from helpers.still_clock import Time
from helpers.web_service import Reply, Service


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    running.answer = lambda _: Reply(body=b"yes")
    yield running
    running.stop()


def client(
    time: Time | None = None,
    tick: Callable[[], None] | None = None,
    calls: int = 100,
    **options: Any,
) -> WebClient:
    given: dict[str, Any] = {
        "timeout_s": 5, "budget_s": 100, "retries": 2, "first_wait_s": 1.0,
        "first_quota_wait_s": 10.0, "longest_wait_s": 30.0, "jitter": 0.5,
    }  # fmt: skip
    clock = time.clock() if time else Clock()
    return WebClient(CallPolicy(**given | options), RateLimiter(calls), clock, tick=tick)


@pytest.mark.parametrize(
    ("reply", "kind", "predicate", "calls"),
    [
        (Reply(503, b"off"), FailureKind.DOWN, "est en panne (erreur 503)", 3),
        (Reply(429), FailureKind.QUOTA, "est épuisé", 3),
        (
            Reply(429, headers={"Retry-After": "2"}),
            FailureKind.QUOTA,
            "est épuisé (il demande d'attendre 2 s)",
            3,
        ),
        (Reply(404, b"no"), FailureKind.REFUSED, "refuse la demande (erreur 404)", 1),
        (Reply(body=b"half", length=9), FailureKind.CUT, "a coupé sa réponse en route", 3),
    ],
)
def test_a_failure_is_tried_again_where_that_may_help_then_told(
    service: Service, reply: Reply, kind: FailureKind, predicate: str, calls: int
) -> None:
    service.answer = lambda _: reply
    with pytest.raises(CallError) as caught:
        client(Time()).request("GET", service.url)
    assert (caught.value.kind, caught.value.predicate) == (kind, predicate)
    assert len(service.calls) == calls


def test_waits_double_up_to_the_longest_and_are_drawn_above_the_share_that_is_not(
    service: Service,
) -> None:
    def waited(seed: int) -> float:
        time = Time(seed)
        service.replies.extend([Reply(500)] * 4)
        assert client(time, retries=4, longest_wait_s=3.0).request("GET", service.url) == b"yes"
        return time.seconds

    waits, highest = [waited(seed) for seed in range(5)], 1 + 2 + 3 + 3
    assert len(set(waits)) == 5
    assert all(highest / 2 <= wait < highest for wait in waits)


def test_after_a_refusal_for_quota_the_first_wait_is_longer(service: Service) -> None:
    time = Time()
    service.replies.append(Reply(429))
    client(time).request("GET", service.url)
    assert 5 <= time.seconds <= 10


def test_a_wait_past_the_budget_is_not_begun(service: Service) -> None:
    time = Time()
    service.replies.append(Reply(429, headers={"Retry-After": "100"}))
    with pytest.raises(CallError) as caught:
        client(time).request("GET", service.url)
    assert caught.value.kind is FailureKind.QUOTA
    assert (time.seconds, len(service.calls)) == (0, 1)


def test_a_call_that_the_quota_holds_past_the_budget_is_not_sent(service: Service) -> None:
    slow = client(Time(), calls=1, budget_s=59)
    slow.request("GET", service.url)
    with pytest.raises(CallError) as caught:
        slow.request("GET", service.url)
    assert caught.value.kind is FailureKind.OUT_OF_TIME
    assert len(service.calls) == 1


def test_the_budget_is_that_of_all_the_calls_of_a_client(service: Service) -> None:
    time = Time()
    one = client(time, budget_s=100)
    one.request("GET", service.url)
    time.sleep(95)
    service.replies.append(Reply(429, headers={"Retry-After": "6"}))
    with pytest.raises(CallError):
        one.request("GET", service.url)


def test_a_tick_comes_each_second_and_what_it_raises_stops_the_wait(service: Service) -> None:
    time = Time()

    def tick() -> None:
        if time.seconds >= 3:
            raise KeyboardInterrupt

    service.replies.append(Reply(429, headers={"Retry-After": "60"}))
    with pytest.raises(KeyboardInterrupt):
        client(time, tick).request("GET", service.url)
    assert (time.seconds, len(service.calls)) == (3, 1)


def test_an_error_of_the_caller_s_own_is_not_tried_again() -> None:
    tried = []

    def send(timeout_s: float) -> None:
        tried.append(timeout_s)
        raise LookupError

    with pytest.raises(LookupError):
        client(Time()).call(send)
    assert tried == [5]


def test_a_call_has_no_more_than_what_is_left_of_the_budget() -> None:
    assert client(Time(), budget_s=3).call(lambda timeout_s: timeout_s) == 3


def test_the_answers_of_another_session_are_read_by_the_same_rules(service: Service) -> None:
    service.replies.append(Reply(503))
    mine = client(Time())

    def send(timeout_s: float) -> str:
        return requests.get(service.url, timeout=timeout_s, **mine.options).text

    assert mine.call(send) == "yes"
    assert len(service.calls) == 2


@pytest.mark.parametrize("follows", [True, False])
def test_a_redirect_is_followed_or_refused(service: Service, *, follows: bool) -> None:
    service.replies.append(Reply(302, headers={"Location": f"{service.url}/there"}))
    mine = client(redirect_hosts=frozenset() if follows else None)
    if follows:
        assert mine.request("GET", service.url) == b"yes"
        assert service.calls[1].path == "/there"
    else:
        with pytest.raises(CallError) as caught:
            mine.request("GET", service.url)
        assert (caught.value.status, len(service.calls)) == (302, 1)


@pytest.mark.parametrize(
    ("asked", "target", "allowed"),
    [
        ("https://geo.example/a", "/b", True),
        ("http://geo.example/a", "https://geo.example/a", True),
        ("https://geo.example/a", "http://geo.example/a", False),
        ("https://geo.example/a", "https://autre.example/a", False),
        ("https://geo.example/a", "//autre.example/a", False),
        ("https://geo.example/a", "https://miroir.example/a", True),
        ("https://geo.example/a", "https://geo.example:444/a", False),
        ("https://geo.example/a", "https://geo.example@autre.example/", False),
    ],
)
def test_a_redirect_leads_to_the_host_that_is_set_and_never_out_of_https(
    asked: str, target: str, *, allowed: bool
) -> None:
    answer = requests.Response()
    answer.status_code, answer.url, answer.raw = 302, asked, io.BytesIO()
    answer.headers["Location"] = target
    mine = client(redirect_hosts=frozenset({"miroir.example"}))
    if allowed:
        assert mine._check_redirect(answer) is answer
    else:
        with pytest.raises(CallError) as caught:
            mine._check_redirect(answer)
        assert caught.value.kind is FailureKind.REFUSED


def test_an_answer_without_end_is_left(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "MAX_ANSWER_BYTES", 2)
    with pytest.raises(CallError) as caught:
        client().request("GET", service.url)
    assert caught.value.kind is FailureKind.TOO_LARGE
    assert len(service.calls) == 1


def test_nothing_of_what_was_caught_stays_in_a_failure(service: Service) -> None:
    service.stop()
    with pytest.raises(CallError) as caught:
        client(retries=0).request("GET", service.url, headers={"Authorization": "s3cret"})
    assert caught.value.kind is FailureKind.UNREACHABLE
    assert caught.value.__context__ is None


@pytest.mark.parametrize("text", ["https://geozones.region.example", "http://127.0.0.1:8501/carto"])
def test_an_address_is_taken_with_or_without_its_last_slash(text: str) -> None:
    assert public_address({"GEOZONES_PUBLIC_URL": f" {text}/ "}) == text


@pytest.mark.parametrize("environment", [{}, {"GEOZONES_PUBLIC_URL": " "}])
def test_without_one_there_is_none(environment: dict[str, str]) -> None:
    assert public_address(environment) == ""


@pytest.mark.parametrize(
    "text",
    [
        "geozones.region.example", "ftp://region.example", "https://", "https://a b.example",
        "https://region.example/?version=1", "https://region.example/#carte",
        "https://moi:secret@region.example", "https://region.example:port", "https://[::1",
        'https://region.example/"><script>', "javascript:alert(1)", "https://région.example",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(InputError, match="n'est pas une adresse publique"):
        public_address({"GEOZONES_PUBLIC_URL": text})


def test_an_address_of_this_machine_leads_nobody_else_there() -> None:
    for here in ("http://127.0.0.1:8501", "http://localhost:8501", "http://[::1]:8501", ""):
        assert not is_for_others(here)
    for there in ("https://geozones.region.example", "http://10.0.0.7:8501"):
        assert is_for_others(there)


def test_what_a_link_asks_for_is_written_as_in_an_address() -> None:
    asks = {"couche": "max_minutes", "nom": "é & b"}
    there = link_to("https://region.example/", "partager", asks)
    assert there == "https://region.example/partager?couche=max_minutes&nom=%C3%A9+%26+b"
    assert link_to("https://region.example") == "https://region.example/"


def test_sites_that_may_show_the_map_are_named_by_their_addresses() -> None:
    named = {"GEOZONES_EMBED_SITES": "https://www.region.example/, https://intranet.example:8443,"}
    assert embed_sites(named) == ("https://www.region.example", "https://intranet.example:8443")
    assert embed_sites({}) == ()


@pytest.mark.parametrize("site", ["*", "https://*.example", "https://a.example/page", "a.example"])
def test_what_is_no_site_is_refused(site: str) -> None:
    with pytest.raises(InputError, match="n'est pas l'adresse d'un site"):
        embed_sites({"GEOZONES_EMBED_SITES": site})


def test_no_site_ends_a_part_of_the_policy() -> None:
    with pytest.raises(InputError):
        embed_sites({"GEOZONES_EMBED_SITES": "https://a.example;script-src"})
