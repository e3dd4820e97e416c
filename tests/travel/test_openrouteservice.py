"""The engine openrouteservice, against a server on 127.0.0.1 that speaks its formats."""

import hashlib
import importlib.util
import json
import logging
import math
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import (
    EngineAnswerError,
    EngineCancelledError,
    EngineError,
    EngineKeyError,
    EngineQuotaError,
    EngineUnavailableError,
    InputError,
    NoRouteError,
)
from geozones.domain.pacing import Clock, RateLimiter, retry_after_s
from geozones.travel.engine import RoutingEngine
from geozones.travel.openrouteservice import LICENCE, OpenRouteService
from geozones.travel.ors_blocks import Block, block_plan, parse_matrix, plan_seconds
from geozones.travel.ors_client import OrsClient
from geozones.travel.ors_settings import OrsSettings


def _load_server() -> Any:
    path = Path(__file__).with_name("ors_server.py")
    spec = importlib.util.spec_from_file_location("ors_server", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ors_server"] = module
    spec.loader.exec_module(module)
    return module


ors = _load_server()
Reply = ors.Reply

KEY = "5b3ce3597851110001cf6248-SECRET"
NOW = datetime(2025, 6, 11, 9, tzinfo=UTC)
PLACES = {
    "nantes": (47.2, -1.5),
    "angers": (47.5, -0.5),
    "laval": (48.1, -0.8),
    "le-mans": (48.0, 0.2),
}
NANTES, ANGERS, LAVAL, LE_MANS = PLACES.values()
HTML = b"<html><body>Portail captif</body></html>"
IDS = list(PLACES)


class Time:
    """A clock that only moves when one sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.naps: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.sleep, lambda: NOW, random.Random(7))  # noqa: S311


@pytest.fixture
def server() -> Iterator[Any]:
    with ors.OrsServer() as running:
        yield running


@pytest.fixture
def time() -> Time:
    return Time()


def engine_of(server: Any, time: Time, **options: Any) -> OpenRouteService:
    return OpenRouteService(OrsSettings(**({"base_url": server.url} | options)), time.clock())


def lon_lat(point: tuple[float, float]) -> tuple[float, float]:
    return point[1], point[0]


def true_minutes(places: dict[str, tuple[float, float]] | None = None) -> np.ndarray:
    spots = [lon_lat(point) for point in (places or PLACES).values()]
    return np.array([[ors.seconds_between(a, b) / 60 for b in spots] for a in spots])


# --- The plan of the calls


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 400))
def test_the_plan_holds_each_pair_once_in_blocks_that_fit(n: int, m: int, most: int) -> None:
    blocks = block_plan(n, m, most)
    times_seen = np.zeros((n, m), dtype=int)
    for block in blocks:
        assert 0 < block.pairs <= most
        times_seen[np.ix_(block.rows, block.columns)] += 1
    assert (times_seen == 1).all()
    assert len(blocks) >= -(-n * m // most)


@pytest.mark.parametrize(
    ("n", "m", "most", "calls"),
    [
        (59, 59, 3500, 1),
        (120, 120, 3500, 5),
        (120, 1228, 3500, 44),
        (1, 1228, 3500, 1),
        (1228, 1, 3500, 1),
        (2600, 2600, 3500, 1971),
        (3, 3, 1, 9),
    ],
)
def test_the_plan_takes_few_calls(n: int, m: int, most: int, calls: int) -> None:
    assert len(block_plan(n, m, most)) <= calls


def test_an_empty_plan_takes_no_call_and_no_time() -> None:
    assert block_plan(0, 5, 10) == block_plan(5, 0, 10) == ()
    assert plan_seconds((), 40) == 0


def test_the_quota_holds_back_every_fortieth_call_by_a_minute() -> None:
    block = Block(range(1), range(1))
    assert [plan_seconds([block] * n, 40) for n in (1, 40, 41, 80, 81)] == [0, 0, 60, 60, 120]


def test_a_block_of_no_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="max_pairs"):
        block_plan(2, 2, 0)


# --- The matrix


def test_minutes_and_km_each_way_with_a_zero_diagonal(server: Any, time: Time) -> None:
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert times.km == pytest.approx(true_minutes() * 60 * 20 / 1000)
    assert times.minutes[0, 1] != times.minutes[1, 0]
    assert (np.diag(times.minutes) == 0).all()
    assert times.estimated_pairs == 0
    (request,) = server.received
    assert request.body["locations"] == [[-1.5, 47.2], [-0.5, 47.5], [-0.8, 48.1], [0.2, 48.0]]
    assert request.body["sources"] == request.body["destinations"] == [0, 1, 2, 3]


def test_origins_and_destinations_may_differ(server: Any, time: Time) -> None:
    origins = {"nantes": NANTES, "angers": ANGERS}
    destinations = {"angers": ANGERS, "laval": LAVAL, "le-mans": LE_MANS}
    times = engine_of(server, time).matrix(origins, destinations)
    assert times.minutes == pytest.approx(true_minutes()[:2, 1:])
    assert times.between("angers", "angers") == 0
    assert len(server.received[0].body["locations"]) == 4


@pytest.mark.parametrize("max_pairs", [1, 2, 3, 5, 16])
def test_blocks_of_any_size_give_the_same_matrix(server: Any, time: Time, max_pairs: int) -> None:
    server.max_pairs = max_pairs
    seen: list[tuple[int, int]] = []
    engine = engine_of(server, time, max_pairs=max_pairs, budget_s=1e6)
    times = engine.matrix(PLACES, PLACES, lambda done, total: seen.append((done, total)))
    assert times.minutes == pytest.approx(true_minutes())
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert (seen[0], seen[-1]) == ((0, 16), (16, 16))


def test_two_places_at_the_same_point_have_no_time_between_them(server: Any, time: Time) -> None:
    times = engine_of(server, time).matrix(PLACES | {"twin": NANTES}, PLACES)
    assert times.between("twin", "nantes") == 0
    assert times.between("twin", "laval") == times.between("nantes", "laval")


def test_nothing_to_ask_takes_no_call(server: Any, time: Time) -> None:
    engine = engine_of(server, time)
    assert engine.matrix({}, PLACES).minutes.shape == (0, 4)
    assert engine.matrix({"a": NANTES}, {"a": NANTES}).minutes.tolist() == [[0]]
    assert server.received == []


@pytest.mark.parametrize(
    "reply",
    [Reply(chunked=True), Reply(headers={"Content-Encoding": "gzip"}), Reply()],
    ids=["chunked", "gzip", "plain"],
)
def test_answers_are_read_however_they_travel(server: Any, time: Time, reply: Any) -> None:
    server.script.append(reply)
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 1


def test_provenance_says_who_when_and_under_which_licence(server: Any, time: Time) -> None:
    url = server.url.replace("http://", "http://user:passw0rd@")
    engine = engine_of(server, time, base_url=url, key=KEY, max_pairs=8)
    provenance = engine.matrix(PLACES, PLACES).provenance
    assert engine.name == provenance.engine == "openrouteservice"
    assert (provenance.date, provenance.profile) == ("2025-06-11", "driving-car")
    assert provenance.licence == LICENCE
    assert provenance.parameters["blocks"] == 2
    assert provenance.parameters["server"] == server.url.removeprefix("http://").removesuffix(
        "/ors"
    )
    assert "passw0rd" not in repr(provenance) + repr(engine._settings)


# --- Points near no road


@pytest.mark.parametrize("answer", ["null", "named", "bounds", "mute"])
@pytest.mark.parametrize("max_pairs", [3500, 4])
@pytest.mark.parametrize("sea", [{"laval"}, {"nantes", "le-mans"}], ids=len)
def test_a_bad_point_spoils_no_pair_but_its_own(
    server: Any, time: Time, answer: str, max_pairs: int, sea: set[str]
) -> None:
    server.sea, server.sea_answer = {lon_lat(PLACES[place]) for place in sea}, answer
    engine = engine_of(server, time, max_pairs=max_pairs, budget_s=1e6)
    times = engine.matrix(PLACES, PLACES)
    expected = true_minutes()
    for place in sea:
        expected[IDS.index(place), :] = expected[:, IDS.index(place)] = np.nan
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(times.minutes, expected)
    assert np.isnan(times.km).tolist() == np.isnan(times.minutes).tolist()
    if answer in {"named", "bounds"}:
        assert times.provenance.parameters["unroutable"] == sorted(sea)


@pytest.mark.parametrize("bad", ["nantes", "angers", "laval", "le-mans"])
def test_points_out_of_bounds_are_numbered_side_by_side(server: Any, time: Time, bad: str) -> None:
    server.sea, server.sea_answer = {lon_lat(PLACES[bad])}, "bounds"
    origins, destinations = dict(list(PLACES.items())[:2]), dict(list(PLACES.items())[2:])
    times = engine_of(server, time).matrix(origins, destinations)
    expected = true_minutes()
    expected[IDS.index(bad), :] = expected[:, IDS.index(bad)] = np.nan
    np.testing.assert_allclose(times.minutes, expected[:2, 2:])
    assert times.provenance.parameters["unroutable"] == [bad]


def test_a_pair_without_a_duration_has_no_distance_either() -> None:
    answer = {"durations": [[None, 60.0]], "distances": [[5.0, None]]}
    filled = parse_matrix(answer, (1, 2))
    np.testing.assert_array_equal(filled.seconds, [[np.nan, 60]])
    assert np.isnan(filled.metres).all()


def test_a_bad_point_known_from_one_block_is_not_asked_for_in_the_next(
    server: Any, time: Time
) -> None:
    server.sea, server.sea_answer = {lon_lat(LAVAL)}, "named"
    engine_of(server, time, max_pairs=8).matrix(PLACES, PLACES)
    refused = [r for r in server.received if [-0.8, 48.1] in r.body["locations"]]
    assert (len(server.received), len(refused)) == (3, 1)


def test_a_server_that_empties_its_answer_for_one_point_is_asked_again(
    server: Any, time: Time
) -> None:
    server.sea, server.spoils = {lon_lat(LE_MANS)}, True
    times = engine_of(server, time).matrix(PLACES, {"nantes": NANTES})
    assert times.minutes[:3, 0] == pytest.approx(true_minutes()[:3, 0])
    assert math.isnan(times.between("le-mans", "nantes"))


def test_a_row_without_any_way_is_believed_after_one_more_look(server: Any, time: Time) -> None:
    server.sea = {lon_lat(NANTES)}
    times = engine_of(server, time).matrix({"nantes": NANTES}, PLACES)
    assert np.isnan(times.minutes[0, 1:]).all()
    assert len(server.received) == 3


@pytest.mark.parametrize("point", [(math.nan, 0.0), (91.0, 0.0), (0.0, math.inf)])
def test_a_point_that_is_not_on_earth_is_not_sent(
    server: Any, time: Time, point: tuple[float, float]
) -> None:
    times = engine_of(server, time).matrix(PLACES | {"nowhere": point}, PLACES)
    assert np.isnan(times.minutes[4]).all()
    assert times.minutes[:4] == pytest.approx(true_minutes())


# --- Quota


def test_no_more_than_the_quota_in_any_minute(server: Any, time: Time) -> None:
    sent: list[float] = []
    engine = engine_of(server, time, max_pairs=2, per_minute=3)
    times = engine.matrix(PLACES, PLACES, lambda *_: sent.append(time.seconds))
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 8
    assert time.seconds == pytest.approx(plan_seconds(block_plan(4, 4, 2), 3)) == 120


def test_the_quota_is_shared_by_the_calls_of_one_engine(server: Any, time: Time) -> None:
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
    server: Any, time: Time
) -> None:
    engine = engine_of(server, time, max_pairs=2, per_minute=3, budget_s=50)
    with pytest.raises(EngineQuotaError, match=r"3 appels par minute.*réessayez plus tard"):
        engine.matrix(PLACES, PLACES)
    assert (time.seconds, len(server.received)) == (0, 3)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("17", 17), (format_datetime(NOW + timedelta(seconds=17), usegmt=True), 17)],
)
def test_retry_after_is_waited_for(server: Any, time: Time, value: str, seconds: int) -> None:
    body = json.dumps({"error": "Rate limit exceeded"}).encode()
    server.script.append(Reply(429, body, {"Retry-After": value}))
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert time.seconds == pytest.approx(seconds)
    assert max(time.naps) <= 1


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


def test_a_retry_after_past_the_budget_is_not_waited_for(server: Any, time: Time) -> None:
    server.script.append(Reply(429, b"{}", {"Retry-After": "3600"}))
    with pytest.raises(EngineQuotaError, match=r"attendre 3600 s.*réessayez plus tard"):
        engine_of(server, time).matrix(PLACES, PLACES)
    assert (time.naps, len(server.received)) == ([], 1)


def test_a_quota_that_stays_spent_is_told_after_the_retries(server: Any, time: Time) -> None:
    server.script.extend([Reply(429, HTML)] * 10)
    with pytest.raises(EngineQuotaError, match="quota"):
        engine_of(server, time, retries=2).matrix(PLACES, PLACES)
    assert len(server.received) == 3
    assert 0 < time.seconds <= 15 + 30


def test_403_for_the_day_s_quota_is_no_fault_of_the_key(server: Any, time: Time) -> None:
    server.script.append(Reply(403, json.dumps({"error": "Quota exceeded"}).encode()))
    with pytest.raises(EngineQuotaError):
        engine_of(server, time).matrix(PLACES, PLACES)
    assert (time.naps, len(server.received)) == ([], 1)


# --- Key


def test_the_key_is_sent_in_its_header_alone(server: Any, time: Time) -> None:
    server.key = KEY
    engine_of(server, time, key=f" {KEY}\n").matrix(PLACES, PLACES)
    (request,) = server.received
    assert request.headers["Authorization"] == KEY
    assert KEY not in request.path + json.dumps(request.body)


def test_a_wrong_key_is_refused_once(server: Any, time: Time) -> None:
    server.key = "another"
    with pytest.raises(EngineKeyError, match="refuse la clé"):
        engine_of(server, time, key=KEY).matrix(PLACES, PLACES)
    assert len(server.received) == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_server_that_wants_a_key_says_so(server: Any, time: Time, status: int) -> None:
    server.script.append(Reply(status, b"no"))
    with pytest.raises(EngineKeyError, match="demande une clé"):
        engine_of(server, time).matrix(PLACES, PLACES)


@pytest.mark.parametrize("key", [None, "", "  "])
def test_the_public_api_wants_a_key(time: Time, key: str | None) -> None:
    with pytest.raises(EngineKeyError, match="Il manque la clé"):
        OpenRouteService(OrsSettings(key=key), time.clock()).matrix(PLACES, PLACES)


@pytest.mark.parametrize("key", ["5b3cé", "5b\n3c", "5b\x003c"])
def test_a_key_that_no_header_can_hold_is_not_quoted(server: Any, time: Time, key: str) -> None:
    with pytest.raises(EngineKeyError, match="caractères interdits") as caught:
        engine_of(server, time, key=key).matrix(PLACES, PLACES)
    assert key not in str(caught.value)


# --- Bad days


def test_two_failures_then_an_answer(server: Any, time: Time) -> None:
    server.script.extend([Reply(500, HTML), Reply(503, HTML)])
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 3
    assert 0 < time.seconds <= 1 + 2


def test_waits_grow_and_are_drawn_at_random(server: Any) -> None:
    def waited(seed: int) -> float:
        server.script.extend([Reply(502, HTML)] * 6)
        time = Time()
        clock = Clock(lambda: time.seconds, time.sleep, lambda: NOW, random.Random(seed))  # noqa: S311
        OpenRouteService(OrsSettings(base_url=server.url, retries=6), clock).route(NANTES, ANGERS)
        return time.seconds

    waits = [waited(seed) for seed in range(5)]
    assert len(set(waits)) == 5
    assert all(2 < wait < 1 + 2 + 4 + 8 + 16 + 32 for wait in waits)


def test_a_server_that_stays_down_is_told_after_the_retries(server: Any, time: Time) -> None:
    server.script.extend([Reply(503, HTML)] * 9)
    with pytest.raises(EngineUnavailableError, match="en panne"):
        engine_of(server, time).matrix(PLACES, PLACES)
    assert len(server.received) == 5


def test_a_closed_port_is_told_after_the_retries(time: Time) -> None:
    with ors.OrsServer() as gone:
        pass
    with pytest.raises(EngineUnavailableError, match="injoignable : vérifiez"):
        engine_of(gone, time, retries=2).matrix(PLACES, PLACES)
    assert time.seconds > 0


def test_the_budget_is_never_slept_past(server: Any, time: Time) -> None:
    server.script.extend([Reply(503, HTML)] * 100)
    with pytest.raises(EngineUnavailableError):
        engine_of(server, time, retries=99, budget_s=20).matrix(PLACES, PLACES)
    assert time.seconds < 20
    assert len(server.received) < 100


def test_a_server_that_never_answers_is_left(server: Any, time: Time) -> None:
    server.script.extend([Reply(hold=True)] * 2)
    with pytest.raises(EngineUnavailableError, match=r"pas répondu en 0\.2 s"):
        engine_of(server, time, timeout_s=0.2, retries=1).matrix(PLACES, PLACES)
    assert len(server.received) == 2


def test_a_server_that_answers_byte_by_byte_is_left_too(server: Any) -> None:
    server.script.append(Reply(drip_s=0.05))
    settings = OrsSettings(base_url=server.url, timeout_s=0.3, retries=0)
    with pytest.raises(EngineUnavailableError, match=r"pas répondu en 0\.3 s"):
        OpenRouteService(settings).matrix(PLACES, PLACES)


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_cut_in_the_middle_is_asked_for_again(
    server: Any, time: Time, *, chunked: bool
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
        Reply(400, ors.error(6003, "Parameter 'profile' has incorrect value")),
        Reply(413, HTML),
    ],
)
def test_an_answer_of_another_form_is_refused_at_once_and_not_kept(
    server: Any, time: Time, tmp_path: Path, reply: Any
) -> None:
    server.script.append(reply)
    with pytest.raises(EngineAnswerError, match=r"vérifiez .*\.$") as caught:
        engine_of(server, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
    assert "\n" not in str(caught.value)
    assert (len(server.received), list(tmp_path.iterdir())) == (1, [])


def test_a_call_too_large_for_the_server_says_what_to_change(server: Any, time: Time) -> None:
    server.max_pairs = 10
    with pytest.raises(EngineAnswerError, match="réduisez max_pairs"):
        engine_of(server, time).matrix(PLACES, PLACES)


# --- Blocks on disk


def test_a_cancelled_build_goes_on_where_it_was(server: Any, time: Time, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done >= 8:
            raise EngineCancelledError("Calcul arrêté.")  # noqa: EM101, TRY003

    engine = engine_of(server, time, max_pairs=4, cache_dir=tmp_path / "kept")
    with pytest.raises(EngineCancelledError):
        engine.matrix(PLACES, PLACES, stop)
    assert len(server.received) == len(list((tmp_path / "kept").iterdir())) == 2
    times = engine.matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 4
    assert times.provenance.parameters["blocks_from_disk"] == 2


def test_a_wait_can_be_cancelled(server: Any, time: Time) -> None:
    def stop(_done: int, _total: int) -> None:
        if time.seconds >= 5:
            raise EngineCancelledError("Calcul arrêté.")  # noqa: EM101, TRY003

    server.script.append(Reply(429, b"{}", {"Retry-After": "60"}))
    with pytest.raises(EngineCancelledError):
        engine_of(server, time).matrix(PLACES, PLACES, stop)
    assert time.seconds == 5


def test_a_failed_build_goes_on_where_it_was(server: Any, time: Time, tmp_path: Path) -> None:
    server.script.extend([Reply(), Reply(), Reply(403, b'{"error": "Quota exceeded"}')])
    engine = engine_of(server, time, max_pairs=4, cache_dir=tmp_path)
    with pytest.raises(EngineQuotaError, match="ce qui est déjà reçu est gardé"):
        engine.matrix(PLACES, PLACES)
    assert engine.matrix(PLACES, PLACES).minutes == pytest.approx(true_minutes())
    assert len(server.received) == 3 + 2


def test_kept_blocks_need_no_server_and_hold_bad_points(time: Time, tmp_path: Path) -> None:
    with ors.OrsServer() as server:
        server.sea, server.sea_answer = {lon_lat(LAVAL)}, "named"
        engine = engine_of(server, time, cache_dir=tmp_path)
        before = engine.matrix(PLACES, PLACES)
    after = engine.matrix(PLACES, PLACES)
    np.testing.assert_array_equal(before.minutes, after.minutes)
    np.testing.assert_array_equal(before.km, after.km)
    assert after.provenance.parameters["unroutable"] == ["laval"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": 1}',
        b'{"format": 1, "received": "2025-06-11", "durations": [[1]], "distances": [[1]]}',
    ],
)
def test_a_damaged_block_is_asked_for_again_and_mended(
    server: Any, time: Time, tmp_path: Path, damage: bytes
) -> None:
    engine = engine_of(server, time, cache_dir=tmp_path)
    engine.matrix(PLACES, PLACES)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert engine.matrix(PLACES, PLACES).minutes == pytest.approx(true_minutes())
    assert len(server.received) == 2
    assert kept.read_bytes() == whole


def test_a_block_too_old_is_asked_for_again(server: Any, time: Time, tmp_path: Path) -> None:
    engine_of(server, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
    for days, calls in ((30, 1), (31, 2)):
        clock = Clock(now=lambda days=days: NOW + timedelta(days=days))  # type: ignore[misc]
        settings = OrsSettings(base_url=server.url, cache_dir=tmp_path)
        times = OpenRouteService(settings, clock).matrix(PLACES, PLACES)
        assert len(server.received) == calls
        assert times.provenance.date == ("2025-06-11" if days == 30 else "2025-07-12")


def test_other_places_or_another_server_are_other_blocks(
    server: Any, time: Time, tmp_path: Path
) -> None:
    engine_of(server, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
    engine_of(server, time, cache_dir=tmp_path).matrix(PLACES | {"laval": (48.2, -0.8)}, PLACES)
    with ors.OrsServer() as other:
        engine_of(other, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
        assert len(other.received) == 1
    assert (len(server.received), len(list(tmp_path.iterdir()))) == (2, 3)


def test_the_name_of_a_block_does_not_depend_on_the_key(
    server: Any, time: Time, tmp_path: Path
) -> None:
    engine_of(server, time, cache_dir=tmp_path, key=KEY).matrix(PLACES, PLACES)
    engine_of(server, time, cache_dir=tmp_path, key="other").matrix(PLACES, PLACES)
    (kept,) = tmp_path.iterdir()
    assert len(kept.stem) == len(hashlib.sha256().hexdigest())
    assert len(server.received) == 1


def test_a_folder_that_cannot_be_written_loses_the_blocks_not_the_build(
    server: Any, time: Time, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    times = engine_of(server, time, cache_dir=tmp_path / "file").matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert "could not be kept" in caplog.text


# --- Routes and isochrones


def test_a_route_is_a_line_with_minutes_and_km(server: Any, time: Time) -> None:
    engine = engine_of(server, time)
    assert isinstance(engine, RoutingEngine)
    route = engine.route(NANTES, ANGERS)
    assert route.line == (NANTES, (47.2, -1.0), ANGERS)
    assert route.minutes == pytest.approx(true_minutes()[0, 1])
    assert route.km == pytest.approx(true_minutes()[0, 1] * 60 * 20 / 1000)


def test_a_route_to_where_one_is_takes_no_call(server: Any, time: Time) -> None:
    assert engine_of(server, time).route(NANTES, NANTES).minutes == 0
    assert server.received == []


def test_an_empty_summary_is_a_drive_of_no_length(server: Any, time: Time) -> None:
    feature = {"geometry": {"coordinates": [[0, 1], [0, 1]]}, "properties": {"summary": {}}}
    server.script.append(Reply(200, json.dumps({"features": [feature]}).encode()))
    assert engine_of(server, time).route(NANTES, ANGERS).minutes == 0


def test_a_route_from_the_sea_says_which_end(server: Any, time: Time) -> None:
    server.sea = {lon_lat(ANGERS)}
    engine = engine_of(server, time)
    with pytest.raises(NoRouteError, match="point d'arrivée"):
        engine.route(NANTES, ANGERS)
    with pytest.raises(NoRouteError, match="point de départ"):
        engine.route(ANGERS, NANTES)
    with pytest.raises(NoRouteError):
        engine.route((math.nan, 0), NANTES)


def test_no_route_between_two_points(server: Any, time: Time) -> None:
    server.script.append(Reply(404, ors.error(2009, "Route could not be found.")))
    with pytest.raises(NoRouteError, match="aucun trajet"):
        engine_of(server, time).route(NANTES, ANGERS)


def test_isochrones_come_in_the_order_asked(server: Any, time: Time) -> None:
    longest, shortest, again = engine_of(server, time).isochrones(NANTES, (30, 15, 30))
    assert (longest.minutes, shortest.minutes) == (30, 15)
    assert again == longest
    assert longest.rings == ((NANTES, (47.2, -1.0), (47.7, -1.5), NANTES),)
    assert server.received[0].body["range"] == [900, 1800]


def test_no_duration_takes_no_call(server: Any, time: Time) -> None:
    assert engine_of(server, time).isochrones(NANTES, ()) == ()
    assert server.received == []


def test_isochrones_may_be_in_several_pieces(server: Any, time: Time) -> None:
    ring = [[0, 0], [1, 0], [0, 1], [0, 0]]
    feature = {
        "properties": {"value": 900.0},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring, ring], [ring]]},
    }
    server.script.append(Reply(200, json.dumps({"features": [feature]}).encode()))
    (isochrone,) = engine_of(server, time).isochrones(NANTES, (15,))
    assert len(isochrone.rings) == 3


def test_isochrones_from_the_sea(server: Any, time: Time) -> None:
    server.sea = {lon_lat(NANTES)}
    with pytest.raises(NoRouteError):
        engine_of(server, time).isochrones(NANTES, (15,))
    assert len(server.received) == 1


def drawing(coordinates: Any, properties: dict[str, Any]) -> bytes:
    shape = {"type": "Polygon", "coordinates": coordinates}
    return json.dumps({"features": [{"geometry": shape, "properties": properties}]}).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"3",
        b"{}",
        b'{"features": []}',
        b'{"features": [{}]}',
        drawing([[[0]]], {"value": 900, "summary": {}}),
        drawing([[[0, 1e9]]], {"value": 900, "summary": {}}),
        drawing([[0, 1e9]], {"value": 900, "summary": {}}),
        drawing([[0, 1]], {"value": "x", "summary": {"duration": "x", "distance": 1}}),
        drawing([[0, 1]], {"value": math.nan, "summary": {"duration": 1}}),
        drawing([[0, 1]], {"value": 1, "summary": {"duration": -1, "distance": 1}}),
        HTML,
    ],
)
def test_a_drawing_of_another_form_is_refused(server: Any, time: Time, body: bytes) -> None:
    engine = engine_of(server, time)
    server.script.extend([Reply(200, body)] * 2)
    with pytest.raises(EngineAnswerError, match="vérifiez"):
        engine.route(NANTES, ANGERS)
    with pytest.raises(EngineAnswerError, match="vérifiez"):
        engine.isochrones(NANTES, (15,))


# --- Settings and secrets


def test_settings_name_all_their_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        OrsSettings(
            base_url="ftp://x",
            profile="../car",
            max_pairs=0,
            per_minute=0,
            retries=-1,
            budget_s=math.inf,
        )
    for name in ("base_url", "profile", "max_pairs", "per_minute", "retries", "budget_s"):
        assert name in str(caught.value)


@pytest.mark.parametrize("url", ["serveur", "http://", "http://a:b", "http://[", " "])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="base_url"):
        OrsSettings(base_url=url)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(),
        Reply(401, KEY.encode()),
        Reply(403, KEY.encode()),
        Reply(403, json.dumps({"error": f"Quota exceeded for {KEY}"}).encode()),
        Reply(400, ors.error(6003, f"bad {KEY}")),
        Reply(500, KEY.encode()),
        Reply(429, KEY.encode(), {"Retry-After": "9999"}),
        Reply(200, KEY.encode()),
        Reply(cut=True),
    ],
)
def test_the_key_appears_nowhere(
    server: Any, time: Time, tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script.append(reply)
    url = server.url.replace("http://", "http://user:passw0rd@")
    engine = engine_of(server, time, base_url=url, key=KEY, retries=0, cache_dir=tmp_path)
    shown = repr(engine._settings) + repr(engine)
    try:
        shown += repr(engine.matrix(PLACES, PLACES).provenance)
    except EngineError as error:
        seen: BaseException | None = error
        while seen is not None:
            shown += f"{seen!s} {seen!r} {vars(seen)}"
            seen = seen.__cause__
    kept = "".join(path.name + path.read_text() for path in tmp_path.iterdir())
    assert "urllib3" in caplog.text
    for secret in (KEY, "passw0rd"):
        assert secret not in shown + kept + caplog.text


def test_the_client_never_gets_to_retry_by_itself(server: Any, time: Time) -> None:
    server.script.append(Reply(503, b"{}"))
    settings = OrsSettings(base_url=server.url, retries=0)
    client = OrsClient(settings, RateLimiter(40), time.clock(), lambda: None)
    with pytest.raises(EngineUnavailableError):
        client.post("/v2/matrix/driving-car/json", {})
    assert len(server.received) == 1
