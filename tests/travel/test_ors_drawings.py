"""Routes and isochrones of openrouteservice."""

import json
import math
from typing import Any

import pytest

from geozones.domain import (
    EngineAnswerError,
    NoRouteError,
)
from geozones.travel.engine import RoutingEngine
from helpers.ors_drives import ANGERS, HTML, NANTES, engine_of, lon_lat, true_minutes
from helpers.ors_server import OrsServer, Reply, error
from helpers.still_clock import Time


def test_a_route_is_a_line_with_minutes_and_km(server: OrsServer, time: Time) -> None:
    engine = engine_of(server, time)
    assert isinstance(engine, RoutingEngine)
    route = engine.route(NANTES, ANGERS)
    assert route.line == (NANTES, (47.2, -1.0), ANGERS)
    assert route.minutes == pytest.approx(true_minutes()[0, 1])
    assert route.km == pytest.approx(true_minutes()[0, 1] * 60 * 20 / 1000)


def test_a_route_to_where_one_is_takes_no_call(server: OrsServer, time: Time) -> None:
    assert engine_of(server, time).route(NANTES, NANTES).minutes == 0
    assert server.received == []


def test_an_empty_summary_is_a_drive_of_no_length(server: OrsServer, time: Time) -> None:
    feature = {"geometry": {"coordinates": [[0, 1], [0, 1]]}, "properties": {"summary": {}}}
    server.script.append(Reply(200, json.dumps({"features": [feature]}).encode()))
    assert engine_of(server, time).route(NANTES, ANGERS).minutes == 0


def test_a_route_from_the_sea_says_which_end(server: OrsServer, time: Time) -> None:
    server.sea = {lon_lat(ANGERS)}
    engine = engine_of(server, time)
    with pytest.raises(NoRouteError, match="point d'arrivée"):
        engine.route(NANTES, ANGERS)
    with pytest.raises(NoRouteError, match="point de départ"):
        engine.route(ANGERS, NANTES)
    with pytest.raises(NoRouteError):
        engine.route((math.nan, 0), NANTES)


def test_no_route_between_two_points(server: OrsServer, time: Time) -> None:
    server.script.append(Reply(404, error(2009, "Route could not be found.")))
    with pytest.raises(NoRouteError, match="aucun trajet"):
        engine_of(server, time).route(NANTES, ANGERS)


def test_isochrones_come_in_the_order_asked(server: OrsServer, time: Time) -> None:
    longest, shortest, again = engine_of(server, time).isochrones(NANTES, (30, 15, 30))
    assert (longest.minutes, shortest.minutes) == (30, 15)
    assert again == longest
    assert longest.rings == ((NANTES, (47.2, -1.0), (47.7, -1.5), NANTES),)
    assert server.received[0].body["range"] == [900, 1800]


def test_no_duration_takes_no_call(server: OrsServer, time: Time) -> None:
    assert engine_of(server, time).isochrones(NANTES, ()) == ()
    assert server.received == []


def test_isochrones_may_be_in_several_pieces(server: OrsServer, time: Time) -> None:
    ring = [[0, 0], [1, 0], [0, 1], [0, 0]]
    feature = {
        "properties": {"value": 900.0},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring, ring], [ring]]},
    }
    server.script.append(Reply(200, json.dumps({"features": [feature]}).encode()))
    (isochrone,) = engine_of(server, time).isochrones(NANTES, (15,))
    assert len(isochrone.rings) == 3


def test_isochrones_from_the_sea(server: OrsServer, time: Time) -> None:
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
def test_a_drawing_of_another_form_is_refused(server: OrsServer, time: Time, body: bytes) -> None:
    engine = engine_of(server, time)
    server.script.extend([Reply(200, body)] * 2)
    with pytest.raises(EngineAnswerError, match="vérifiez"):
        engine.route(NANTES, ANGERS)
    with pytest.raises(EngineAnswerError, match="vérifiez"):
        engine.isochrones(NANTES, (15,))
