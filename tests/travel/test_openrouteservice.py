"""Openrouteservice: its matrix in blocks, its quota and key, failures, and what is refused."""

import json
import logging
import math
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import (
    EngineAnswerError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
)
from geozones.travel.openrouteservice import (
    OpenRouteService,
    OrsSettings,
    block_plan,
)
from helpers.ors_drives import (
    HTML,
    KEY,
    PLACES,
    engine_of,
    lon_lat,
    true_minutes,
)
from helpers.ors_server import OrsServer, Reply, error
from helpers.still_clock import NOW, Time

# --- The plan of the calls


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 400))
def test_the_plan_holds_each_pair_once_in_blocks_that_fit(n: int, m: int, most: int) -> None:
    blocks = block_plan(n, m, most)
    times_seen = np.zeros((n, m), dtype=int)
    for rows, columns in blocks:
        assert 0 < len(rows) * len(columns) <= most
        times_seen[np.ix_(rows, columns)] += 1
    assert (times_seen == 1).all()


def test_a_country_is_asked_in_full_blocks_rather_than_row_by_row() -> None:
    blocks = block_plan(2600, 2600, 3500)
    assert len(blocks) <= 1.01 * 2600**2 / 3500


# --- The matrix


def test_minutes_and_km_each_way_with_a_zero_diagonal(server: OrsServer, time: Time) -> None:
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert times.km == pytest.approx(true_minutes() * 60 * 20 / 1000)
    assert times.minutes[0, 1] != times.minutes[1, 0]
    assert (np.diag(times.minutes) == 0).all()
    assert times.estimated_pairs == 0
    (request,) = server.received
    assert request.body["locations"] == [[-1.5, 47.2], [-0.5, 47.5], [-0.8, 48.1], [0.2, 48.0]]
    assert request.body["sources"] == request.body["destinations"] == [0, 1, 2, 3]


@pytest.mark.parametrize("max_pairs", [1, 2, 3, 5, 16])
def test_blocks_of_any_size_give_the_same_matrix(
    server: OrsServer, time: Time, max_pairs: int
) -> None:
    server.max_pairs = max_pairs
    seen: list[tuple[int, int]] = []
    engine = engine_of(server, time, max_pairs=max_pairs, budget_s=6e5)
    times = engine.matrix(PLACES, PLACES, lambda done, total: seen.append((done, total)))
    assert times.minutes == pytest.approx(true_minutes())
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert (seen[0], seen[-1]) == ((0, 16), (16, 16))


# --- Points near no road


@pytest.mark.parametrize("answer", ["null", "named", "bounds"])
@pytest.mark.parametrize("max_pairs", [3500, 4])
@pytest.mark.parametrize("sea", [{"laval"}, {"nantes", "le-mans"}], ids=len)
def test_a_bad_point_spoils_no_pair_but_its_own(
    server: OrsServer, time: Time, answer: str, max_pairs: int, sea: set[str]
) -> None:
    server.sea, server.sea_answer = {lon_lat(PLACES[place]) for place in sea}, answer
    engine = engine_of(server, time, max_pairs=max_pairs, budget_s=6e5)
    times = engine.matrix(PLACES, PLACES)
    expected = true_minutes()
    for place in sea:
        expected[list(PLACES).index(place), :] = expected[:, list(PLACES).index(place)] = np.nan
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(times.minutes, expected)
    assert np.isnan(times.km).tolist() == np.isnan(times.minutes).tolist()
    if answer in {"named", "bounds"}:
        assert times.provenance.parameters["unroutable"] == sorted(sea)


@pytest.mark.parametrize("bad", ["nantes", "angers", "laval", "le-mans"])
def test_points_out_of_bounds_are_numbered_side_by_side(
    server: OrsServer, time: Time, bad: str
) -> None:
    server.sea, server.sea_answer = {lon_lat(PLACES[bad])}, "bounds"
    origins, destinations = dict(list(PLACES.items())[:2]), dict(list(PLACES.items())[2:])
    times = engine_of(server, time).matrix(origins, destinations)
    expected = true_minutes()
    expected[list(PLACES).index(bad), :] = expected[:, list(PLACES).index(bad)] = np.nan
    np.testing.assert_allclose(times.minutes, expected[:2, 2:])
    assert times.provenance.parameters["unroutable"] == [bad]


# --- Quota


def test_no_more_than_the_quota_in_any_minute(server: OrsServer, time: Time) -> None:
    sent: list[float] = []
    engine = engine_of(server, time, max_pairs=2, per_minute=3)
    times = engine.matrix(PLACES, PLACES, lambda *_: sent.append(time.seconds))
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 8
    assert time.seconds == pytest.approx(120)  # the last two in the third minute


def test_a_quota_that_cannot_be_met_in_time_says_so_without_waiting(
    server: OrsServer, time: Time
) -> None:
    engine = engine_of(server, time, max_pairs=2, per_minute=3, budget_s=50)
    with pytest.raises(EngineQuotaError, match="temps accordé"):
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
    with pytest.raises(EngineUnavailableError, match=r"injoignable .* vérifiez"):
        engine_of(gone, time, retries=2).matrix(PLACES, PLACES)
    assert time.seconds > 0


def test_a_server_that_never_answers_is_left(server: OrsServer, time: Time) -> None:
    server.script.extend([Reply(hold=True)] * 2)
    with pytest.raises(EngineUnavailableError, match=r"pas répondu en 0\.2 s"):
        engine_of(server, time, timeout_s=0.2, retries=1).matrix(PLACES, PLACES)
    assert len(server.received) == 2


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
def test_an_answer_of_another_form_is_refused_at_once(
    server: OrsServer, time: Time, reply: Reply
) -> None:
    server.script.append(reply)
    with pytest.raises(EngineAnswerError, match=r"[Vv]érifiez .*\.$") as caught:
        engine_of(server, time).matrix(PLACES, PLACES)
    assert "\n" not in str(caught.value)
    assert len(server.received) == 1


# --- Settings


def test_settings_name_all_their_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        OrsSettings(
            "ftp://x",
            max_pairs=0,
            per_minute=0,
            retries=-1,
            budget_s=math.inf,
        )
    for name in ("url", "max_pairs", "per_minute", "retries", "budget_s"):
        assert name in str(caught.value)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(),
        Reply(401, KEY.encode()),
        Reply(403, KEY.encode()),
        Reply(403, json.dumps({"error": f"Quota exceeded for {KEY}"}).encode()),
        Reply(400, error(6003, f"bad {KEY}")),
        Reply(500, KEY.encode()),
        Reply(429, KEY.encode(), {"Retry-After": "9999"}),
        Reply(200, KEY.encode()),
        Reply(cut=True),
    ],
)
def test_the_key_appears_nowhere(
    server: OrsServer, time: Time, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script.append(reply)
    url = server.url.replace("http://", "http://user:passw0rd@")
    engine = engine_of(server, time, url=url, key=KEY, retries=0)
    shown = repr(engine._settings) + repr(engine)
    try:
        shown += repr(engine.matrix(PLACES, PLACES).provenance)
    except EngineError as error:
        seen: BaseException | None = error
        while seen is not None:
            shown += f"{seen!s} {seen!r} {vars(seen)}"
            seen = seen.__cause__
    assert "urllib3" in caplog.text
    for secret in (KEY, "passw0rd"):
        assert secret not in shown + caplog.text


def test_a_call_too_large_for_the_server_says_what_to_change(server: OrsServer, time: Time) -> None:
    server.max_pairs = 10
    with pytest.raises(EngineAnswerError, match="réduisez max_pairs"):
        engine_of(server, time).matrix(PLACES, PLACES)
