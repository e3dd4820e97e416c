"""Messages of Valhalla: requests and parsers of answers, without sending anything.

Formats: https://valhalla.github.io/valhalla/api/ (locate, matrix, route and isochrone).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geozones.domain.errors import EngineAnswerError
from geozones.domain.times import FloatArray
from geozones.travel.engine import Point

type Request = Mapping[str, object]
type Ring = tuple[Point, ...]

# no one joins a motorway between two junctions, nor leaves a tunnel by its roof
_OPEN_ROADS = {"max_road_class": "trunk", "exclude_ramp": True, "exclude_tunnel": True}
_LEADS_SOMEWHERE = 50
"""Nodes that a car must reach from a connected road, and come from: Valhalla's own default."""
_TIED_M = 10
"""Metres around a point that is on a road already, for Valhalla's search."""


@dataclass(frozen=True, slots=True)
class RoadPoint:
    """Point of a road, and whether the road leads to more than a few others, and back."""

    lat: float
    lon: float
    leads_somewhere: bool


def locate_request(points: Sequence[Point], limit_m: float) -> Request:
    """Build the request for the roads near points, within a limit in metres."""
    locations = [
        {"lat": lat, "lon": lon, "search_cutoff": limit_m, "search_filter": _OPEN_ROADS}
        for lat, lon in points
    ]
    return {"locations": locations, "costing": "auto", "verbose": True}


def parse_locate(answer: object, count: int) -> list[list[RoadPoint]]:
    """Return the roads around each point.

    Valhalla gives the nearest road and, if that road is disconnected, the nearest connected road.

    Raises
    ------
    EngineAnswerError
        If the answer is of another shape.
    """
    try:
        roads = [_road_points(place) for place in _list(answer)]
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if len(roads) != count:
        raise _unreadable()
    return roads


def matrix_request(sources: Sequence[RoadPoint], targets: Sequence[RoadPoint]) -> Request:
    """Build the request for the times between points of roads."""
    return {
        "sources": [_location(road) for road in sources],
        "targets": [_location(road) for road in targets],
        "costing": "auto",
        "units": "kilometers",
        "verbose": False,
    }


def parse_matrix(answer: Any, shape: tuple[int, int]) -> tuple[FloatArray, FloatArray]:  # noqa: ANN401
    """Return seconds and km, ``float[source, target]``, NaN if unreachable.

    Raises
    ------
    EngineAnswerError
        If the answer is of another shape, or a figure is negative.
    """
    try:
        table = answer["sources_to_targets"]
        # a null is read as NaN
        seconds = np.array(table["durations"], dtype=float).reshape(shape)
        km = np.array(table["distances"], dtype=float).reshape(shape)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if (seconds < 0).any() or (km < 0).any():
        raise _unreadable()
    km[np.isnan(seconds)] = np.nan
    return seconds, km


def route_request(start: RoadPoint, end: RoadPoint) -> Request:
    """Build the request for the fastest drive and its line.

    It disables the pruning of small roads far from both ends, which the matrix does not use: on a
    graph of this region 5 % of the pruned routes were longer than in the matrix.
    """
    return {
        "locations": [_location(start), _location(end)],
        "costing": "auto",
        "costing_options": {"auto": {"disable_hierarchy_pruning": True}},
        "format": "osrm",
        "shape_format": "geojson",
        "directions_type": "none",
    }


def parse_route(answer: Any) -> tuple[Ring, float, float]:  # noqa: ANN401
    """Return the line as (latitude, longitude), the seconds and the metres.

    Raises
    ------
    EngineAnswerError
        If the answer is of another shape.
    """
    try:
        route = answer["routes"][0]
        line = _points(route["geometry"]["coordinates"])
        return line, float(route["duration"]), float(route["distance"])
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error


def isochrone_request(centre: RoadPoint, minutes: Sequence[float]) -> Request:
    """Build the request for the areas reached within durations, as polygons."""
    return {
        "locations": [_location(centre)],
        "costing": "auto",
        "contours": [{"time": each} for each in minutes],
        "polygons": True,
    }


def parse_isochrones(answer: Any, minutes: Sequence[float]) -> dict[float, tuple[Ring, ...]]:  # noqa: ANN401
    """Return the rings of each duration, as (latitude, longitude).

    Raises
    ------
    EngineAnswerError
        If the answer is of another shape, or a duration is missing.
    """
    rings: dict[float, tuple[Ring, ...]] = {}
    try:
        for feature in answer["features"]:
            time = float(feature["properties"]["contour"])
            asked = min(minutes, key=lambda each: abs(each - time))
            geometry = feature["geometry"]
            polygons = geometry["coordinates"]
            if geometry["type"] == "Polygon":
                polygons = [polygons]
            new = tuple(_points(ring) for polygon in polygons for ring in polygon)
            rings[asked] = rings.get(asked, ()) + new
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if set(rings) != set(minutes):
        raise _unreadable()
    return rings


def _unreadable() -> EngineAnswerError:
    return EngineAnswerError("La réponse de Valhalla n'a pas la forme attendue.")


def _list(answer: object) -> list[Any]:
    if not isinstance(answer, list):
        raise TypeError
    return answer


def _road_points(place: Mapping[str, Any]) -> list[RoadPoint]:
    """Merge the edges that meet at a point: each direction of a street is an edge."""
    reach: dict[Point, tuple[float, float]] = {}
    for edge in place["edges"] or ():
        at = (float(edge["correlated_lat"]), float(edge["correlated_lon"]))
        there, back = reach.get(at, (0, 0))
        reach[at] = (max(there, edge["outbound_reach"]), max(back, edge["inbound_reach"]))
    return [RoadPoint(*at, min(both) >= _LEADS_SOMEWHERE) for at, both in reach.items()]


def _location(road: RoadPoint) -> Mapping[str, object]:
    return {
        "lat": road.lat,
        "lon": road.lon,
        "search_cutoff": _TIED_M,
        "search_filter": _OPEN_ROADS,
    }


def _points(coordinates: Sequence[Sequence[float]]) -> Ring:
    return tuple((float(lat), float(lon)) for lon, lat in coordinates)
