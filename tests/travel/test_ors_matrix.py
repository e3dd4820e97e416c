"""openrouteservice's matrices: cut into blocks, filled, whatever points are near no road."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.travel.openrouteservice import LICENCE
from geozones.travel.ors_blocks import block_plan, parse_matrix
from helpers.ors_drives import (
    ANGERS,
    KEY,
    LAVAL,
    LE_MANS,
    NANTES,
    PLACES,
    engine_of,
    lon_lat,
    true_minutes,
)
from helpers.ors_server import OrsServer, Reply
from helpers.still_clock import Time

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


def test_no_empty_plan_takes_a_call_and_a_block_of_no_pair_is_refused() -> None:
    assert block_plan(0, 5, 10) == block_plan(5, 0, 10) == ()
    with pytest.raises(ValueError, match="max_pairs"):
        block_plan(2, 2, 0)


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


def test_origins_and_destinations_may_differ(server: OrsServer, time: Time) -> None:
    origins = {"nantes": NANTES, "angers": ANGERS}
    destinations = {"angers": ANGERS, "laval": LAVAL, "le-mans": LE_MANS}
    times = engine_of(server, time).matrix(origins, destinations)
    assert times.minutes == pytest.approx(true_minutes()[:2, 1:])
    assert times.between("angers", "angers") == 0
    assert len(server.received[0].body["locations"]) == 4


@pytest.mark.parametrize("max_pairs", [1, 2, 3, 5, 16])
def test_blocks_of_any_size_give_the_same_matrix(
    server: OrsServer, time: Time, max_pairs: int
) -> None:
    server.max_pairs = max_pairs
    seen: list[tuple[int, int]] = []
    engine = engine_of(server, time, max_pairs=max_pairs, budget_s=1e6)
    times = engine.matrix(PLACES, PLACES, lambda done, total: seen.append((done, total)))
    assert times.minutes == pytest.approx(true_minutes())
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert (seen[0], seen[-1]) == ((0, 16), (16, 16))


def test_two_places_at_the_same_point_have_no_time_between_them(
    server: OrsServer, time: Time
) -> None:
    times = engine_of(server, time).matrix(PLACES | {"twin": NANTES}, PLACES)
    assert times.between("twin", "nantes") == 0
    assert times.between("twin", "laval") == times.between("nantes", "laval")


def test_nothing_to_ask_takes_no_call(server: OrsServer, time: Time) -> None:
    engine = engine_of(server, time)
    assert engine.matrix({}, PLACES).minutes.shape == (0, 4)
    assert engine.matrix({"a": NANTES}, {"a": NANTES}).minutes.tolist() == [[0]]
    assert server.received == []


@pytest.mark.parametrize(
    "reply",
    [Reply(chunked=True), Reply(headers={"Content-Encoding": "gzip"}), Reply()],
    ids=["chunked", "gzip", "plain"],
)
def test_answers_are_read_however_they_travel(server: OrsServer, time: Time, reply: Reply) -> None:
    server.script.append(reply)
    times = engine_of(server, time).matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 1


def test_provenance_says_who_when_and_under_which_licence(server: OrsServer, time: Time) -> None:
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
    server: OrsServer, time: Time, answer: str, max_pairs: int, sea: set[str]
) -> None:
    server.sea, server.sea_answer = {lon_lat(PLACES[place]) for place in sea}, answer
    engine = engine_of(server, time, max_pairs=max_pairs, budget_s=1e6)
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


def test_a_pair_without_a_duration_has_no_distance_either() -> None:
    answer = {"durations": [[None, 60.0]], "distances": [[5.0, None]]}
    filled = parse_matrix(answer, (1, 2))
    np.testing.assert_array_equal(filled.seconds, [[np.nan, 60]])
    assert np.isnan(filled.metres).all()


def test_a_bad_point_known_from_one_block_is_not_asked_for_in_the_next(
    server: OrsServer, time: Time
) -> None:
    server.sea, server.sea_answer = {lon_lat(LAVAL)}, "named"
    engine_of(server, time, max_pairs=8).matrix(PLACES, PLACES)
    refused = [r for r in server.received if [-0.8, 48.1] in r.body["locations"]]
    assert (len(server.received), len(refused)) == (3, 1)


def test_a_server_that_empties_its_answer_for_one_point_is_asked_again(
    server: OrsServer, time: Time
) -> None:
    server.sea, server.spoils = {lon_lat(LE_MANS)}, True
    times = engine_of(server, time).matrix(PLACES, {"nantes": NANTES})
    assert times.minutes[:3, 0] == pytest.approx(true_minutes()[:3, 0])
    assert math.isnan(times.between("le-mans", "nantes"))


def test_a_row_without_any_way_is_believed_after_one_more_look(
    server: OrsServer, time: Time
) -> None:
    server.sea = {lon_lat(NANTES)}
    times = engine_of(server, time).matrix({"nantes": NANTES}, PLACES)
    assert np.isnan(times.minutes[0, 1:]).all()
    assert len(server.received) == 3


@pytest.mark.parametrize("point", [(math.nan, 0.0), (91.0, 0.0), (0.0, math.inf)])
def test_a_point_that_is_not_on_earth_is_not_sent(
    server: OrsServer, time: Time, point: tuple[float, float]
) -> None:
    times = engine_of(server, time).matrix(PLACES | {"nowhere": point}, PLACES)
    assert np.isnan(times.minutes[4]).all()
    assert times.minutes[:4] == pytest.approx(true_minutes())
