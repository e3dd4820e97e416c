"""Calls to openrouteservice: quota, key, failures, retries and what is refused."""

import json
import math
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from geozones.common.pacing import RateLimiter, retry_after_s
from geozones.domain import (
    EngineAnswerError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
)
from geozones.travel.openrouteservice import OpenRouteService
from geozones.travel.ors_client import OrsSettings
from helpers.ors_drives import ANGERS, HTML, KEY, NANTES, PLACES, engine_of, true_minutes
from helpers.ors_server import OrsServer, Reply, error
from helpers.still_clock import NOW, Time

# --- Quota


def test_no_more_than_the_quota_in_any_minute(server: OrsServer, time: Time) -> None:
    sent: list[float] = []
    engine = engine_of(server, time, max_pairs=2, per_minute=3)
    times = engine.matrix(PLACES, PLACES, lambda *_: sent.append(time.seconds))
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 8
    assert time.seconds == pytest.approx(120)  # the last two in the third minute


def test_the_quota_is_shared_by_the_calls_of_one_engine(server: OrsServer, time: Time) -> None:
    engine = engine_of(server, time, per_minute=1)
    engine.route(NANTES, ANGERS)
    engine.route(NANTES, ANGERS)
    assert time.seconds == pytest.approx(60)


def test_a_slot_past_the_budget_is_not_taken() -> None:
    limiter = RateLimiter(1)
    assert limiter.reserve(0, 100) == 0
    assert limiter.reserve(10, 59) is None
    assert limiter.reserve(20, 100) == 60


def test_a_quota_that_cannot_be_met_in_time_says_so_without_waiting(
    server: OrsServer, time: Time
) -> None:
    engine = engine_of(server, time, max_pairs=2, per_minute=3, budget_s=50)
    with pytest.raises(EngineQuotaError, match=r"3 appels par minute.*réessayez plus tard"):
        engine.matrix(PLACES, PLACES)
    assert (time.seconds, len(server.received)) == (0, 3)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("17", 17), (format_datetime(NOW + timedelta(seconds=17), usegmt=True), 17)],
)
def test_retry_after_is_waited_for(server: OrsServer, time: Time, value: str, seconds: int) -> None:
    body = json.dumps({"error": "Rate limit exceeded"}).encode()
    server.script.append(Reply(429, body, {"Retry-After": value}))
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert time.seconds == pytest.approx(seconds)
    assert max(time.waits) <= 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0),
        ("Wed, 11 Jun 2025 08:00:00 GMT", 0),
        ("Wed, 11 Jun 2025 09:01:00 -0000", 60),
        ("bientôt", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, NOW) == seconds


QUOTA = json.dumps({"error": "Quota exceeded"}).encode()


@pytest.mark.parametrize(
    ("replies", "kind", "words", "calls"),
    [
        (
            [Reply(429, b"{}", {"Retry-After": "3600"})],
            EngineQuotaError,
            r"attendre 3600 s.*réessayez plus tard",
            1,
        ),
        ([Reply(429, HTML)] * 5, EngineQuotaError, "quota", 5),
        # for the day: no fault of the key
        ([Reply(403, QUOTA)], EngineQuotaError, "quota", 1),
        ([Reply(503, HTML)] * 5, EngineUnavailableError, "en panne", 5),
    ],
)
def test_a_failure_is_told_as_what_it_is_once_it_was_tried_again_where_that_may_help(
    server: OrsServer,
    time: Time,
    replies: list[Reply],
    kind: type[Exception],
    words: str,
    calls: int,
) -> None:
    server.script.extend(replies)
    with pytest.raises(kind, match=words):
        engine_of(server, time).matrix(PLACES, PLACES)
    assert len(server.received) == calls
    assert (time.seconds > 0) is (calls > 1)


# --- Key


def test_the_key_is_sent_in_its_header_alone(server: OrsServer, time: Time) -> None:
    server.key = KEY
    engine_of(server, time, key=f" {KEY}\n").matrix(PLACES, PLACES)
    (request,) = server.received
    assert request.headers["Authorization"] == KEY
    assert KEY not in request.path + json.dumps(request.body)


def test_a_wrong_key_is_refused_once(server: OrsServer, time: Time) -> None:
    server.key = "another"
    with pytest.raises(EngineKeyError, match="refuse la clé"):
        engine_of(server, time, key=KEY).matrix(PLACES, PLACES)
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_wants_a_key_says_so(server: OrsServer, time: Time, status: int) -> None:
    server.script.append(Reply(status, b"no"))
    with pytest.raises(EngineKeyError, match="demande une clé"):
        engine_of(server, time).matrix(PLACES, PLACES)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_the_public_api_wants_a_key(time: Time, key: str | None) -> None:
    with pytest.raises(EngineKeyError, match="Il manque la clé"):
        OpenRouteService(OrsSettings(key=key), time.clock()).matrix(PLACES, PLACES)


@pytest.mark.parametrize("key", ["5b3cé", "5b\n3c", "5b\x003c"])
def test_a_key_that_no_header_can_hold_is_not_quoted(
    server: OrsServer, time: Time, key: str
) -> None:
    with pytest.raises(EngineKeyError, match="caractères interdits") as caught:
        engine_of(server, time, key=key).matrix(PLACES, PLACES)
    assert key not in str(caught.value)


# --- Bad days


def test_a_closed_port_is_told_after_the_retries(time: Time) -> None:
    with OrsServer() as gone:
        pass
    with pytest.raises(EngineUnavailableError, match="injoignable : vérifiez"):
        engine_of(gone, time, retries=2).matrix(PLACES, PLACES)
    assert time.seconds > 0


def test_the_budget_is_never_slept_past(server: OrsServer, time: Time) -> None:
    server.script.extend([Reply(503, HTML)] * 100)
    with pytest.raises(EngineUnavailableError):
        engine_of(server, time, retries=99, budget_s=20).matrix(PLACES, PLACES)
    assert time.seconds < 20
    assert len(server.received) < 100


def test_a_server_that_never_answers_is_left(server: OrsServer, time: Time) -> None:
    server.script.extend([Reply(hold=True)] * 2)
    with pytest.raises(EngineUnavailableError, match=r"pas répondu en 0\.2 s"):
        engine_of(server, time, timeout_s=0.2, retries=1).matrix(PLACES, PLACES)
    assert len(server.received) == 2


def test_a_server_that_answers_byte_by_byte_is_left_too(server: OrsServer) -> None:
    server.script.append(Reply(drip_s=0.05))
    settings = OrsSettings(base_url=server.url, timeout_s=0.3, retries=0)
    with pytest.raises(EngineUnavailableError, match=r"pas répondu en 0\.3 s"):
        OpenRouteService(settings).matrix(PLACES, PLACES)


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_cut_in_the_middle_is_asked_for_again(
    server: OrsServer, time: Time, *, chunked: bool
) -> None:
    server.script.append(Reply(cut=True, chunked=chunked))
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    server.script.extend([Reply(cut=True, chunked=chunked)] * 9)
    with pytest.raises(EngineAnswerError, match="coupé sa réponse"):
        engine_of(server, time).matrix(PLACES, PLACES)


def table(value: Any, rows: int = 4, columns: int = 4) -> bytes:
    figures = [[value] * columns for _ in range(rows)]
    return json.dumps({"durations": figures, "distances": figures}).encode()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, HTML, content_type="text/html"),
        Reply(200, b""),
        Reply(200, b'{"durations": [[0'),
        Reply(200, b"[]"),
        Reply(200, b"null"),
        Reply(200, b"{}"),
        Reply(200, json.dumps({"durations": [[0.0] * 4] * 4}).encode()),
        Reply(200, table(0, rows=3)),
        Reply(200, table(0, columns=5)),
        Reply(200, b'{"durations": [1, 2, 3, 4], "distances": [1, 2, 3, 4]}'),
        Reply(200, table("12")),
        Reply(200, table(-1)),
        Reply(200, table(True)),  # noqa: FBT003
        Reply(200, table(math.nan)),
        Reply(200, table(math.inf)),
        Reply(200, table({})),
        Reply(302, b"", {"Location": "http://127.0.0.1:9/"}),
        Reply(404, HTML),
        Reply(400, error(6003, "Parameter 'profile' has incorrect value")),
        Reply(413, HTML),
    ],
)
def test_an_answer_of_another_form_is_refused_at_once_and_not_kept(
    server: OrsServer, time: Time, tmp_path: Path, reply: Reply
) -> None:
    server.script.append(reply)
    with pytest.raises(EngineAnswerError, match=r"[Vv]érifiez .*\.$") as caught:
        engine_of(server, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
    assert "\n" not in str(caught.value)
    assert (len(server.received), list(tmp_path.iterdir())) == (1, [])


def test_a_call_too_large_for_the_server_says_what_to_change(server: OrsServer, time: Time) -> None:
    server.max_pairs = 10
    with pytest.raises(EngineAnswerError, match="réduisez max_pairs"):
        engine_of(server, time).matrix(PLACES, PLACES)
