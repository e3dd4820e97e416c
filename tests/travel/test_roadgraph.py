"""Times over a graph small enough to know them by hand."""

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geozones.travel.ground import make_terrain
from geozones.travel.matrix_file import positions_hash
from geozones.travel.roadgraph import (
    KM_PER_DEGREE,
    AccessRules,
    RoadGraph,
    graph_from_tables,
    load_graph,
    travel_times,
)

KM = 1 / KM_PER_DEGREE  # a kilometre in degrees, on the equator
Point = tuple[float, float]
FREE = AccessRules(end_min=0.0, town_end_min=0.0, country_kmh=36.0, town_kmh=26.0)
BARE = make_terrain()

# a straight road of 60 km/h, 10 km long, then a motorway of 120 km/h, 20 km long; with
# a slow lane beside the motorway
NODES = pd.DataFrame(
    [(0, 0, 0, "road"), (1, 0, 10 * KM, "road"), (2, 0, 30 * KM, "road"), (3, 5, 5, "road")],
    columns=["id", "lat", "lon", "kind"],
)
EDGES = pd.DataFrame(
    [
        (0, 1, 10.0, "D1", "secondary", 60.0),
        (1, 2, 20.0, "A1", "motorway", 120.0),
        (2, 1, 19.0, "D2", "secondary", 30.0),
    ],
    columns=["u", "v", "km", "ref", "class", "kmh"],
)
START, END, OFF_ROAD = (0.0, 0.0), (0.0, 30 * KM), (1 * KM, 5 * KM)


@pytest.fixture
def graph() -> RoadGraph:
    return graph_from_tables(NODES, EDGES)


def between(graph: RoadGraph, a: Point, b: Point, **options: Any) -> tuple[float, float]:
    ground = options.pop("ground", BARE)
    result = travel_times(graph, ground, {"a": a}, {"b": b}, **options)
    return result.minutes[0, 0], result.km[0, 0]


def test_the_fastest_road_is_taken_and_both_ends_take_a_quarter_of_a_minute(
    graph: RoadGraph,
) -> None:
    assert between(graph, START, END, rules=FREE) == pytest.approx((20, 30))
    assert between(graph, START, END)[0] == pytest.approx(20.5)


def test_a_place_off_the_road_drives_to_it_first_and_slower_in_a_town(graph: RoadGraph) -> None:
    minutes, km = between(graph, OFF_ROAD, START, rules=FREE)
    assert km == pytest.approx(1.3 + 5)
    assert minutes == pytest.approx(1.3 / 36 * 60 + 5)
    slow = EDGES.assign(kmh=[36.0, 120.0, 30.0])
    minutes, _ = between(graph_from_tables(NODES, slow), OFF_ROAD, START, rules=FREE)
    assert minutes == pytest.approx(1.3 / 26 * 60 + 5 / 36 * 60)


def test_no_one_joins_a_motorway_between_two_junctions() -> None:
    nodes = NODES.assign(lat=[0, 0, 0, 0.5])
    edges = EDGES.iloc[:2]
    minutes, km = between(graph_from_tables(nodes, edges), (KM, 20 * KM), START, rules=FREE)
    assert km == pytest.approx(math.hypot(10, 1) * 1.3 + 10)
    assert minutes > 10 + 13 / 36 * 60


def test_the_same_place_is_at_no_time_and_two_places_at_one_point_are_not(graph: RoadGraph) -> None:
    both = travel_times(graph, BARE, {"a": START, "b": START}, {"a": START, "b": START})
    assert both.minutes.ravel() == pytest.approx([0, 0.5, 0.5, 0])
    assert both.km.ravel() == pytest.approx([0, 0, 0, 0])


def test_trips_take_neither_the_road_nor_the_legs_of_others_where_they_need_not(
    graph: RoadGraph,
) -> None:
    close = (OFF_ROAD[0] + 0.1 * KM, OFF_ROAD[1])
    assert between(graph, OFF_ROAD, close, rules=FREE)[1] == pytest.approx(0.13)
    alone = travel_times(graph, BARE, {"a": START}, {"b": END})
    crowd = travel_times(graph, BARE, {"a": START}, {"c": OFF_ROAD, "b": END})
    assert crowd.minutes[0, 1] == pytest.approx(alone.minutes[0, 0])


def test_a_leg_does_not_cross_the_barrier_when_there_is_another_way() -> None:
    # two parallel roads joined far away; the place is between them, the river just north of it
    nodes = pd.DataFrame(
        [
            (0, KM, 0, "road"),
            (1, KM, 9 * KM, "road"),
            (2, -KM, 0, "road"),
            (3, -KM, 9 * KM, "road"),
        ],
        columns=["id", "lat", "lon", "kind"],
    )
    edges = pd.DataFrame(
        [(0, 1, 9, "", "primary", 60), (1, 3, 2, "", "primary", 60), (2, 3, 9, "", "primary", 60)],
        columns=["u", "v", "km", "ref", "class", "kmh"],
    )
    graph = graph_from_tables(nodes, edges)
    place, river = (0.0, 4 * KM), make_terrain([[(KM / 2, -1), (KM / 2, 1)]])
    start = (KM, 0.0)
    assert between(graph, place, start, rules=FREE)[1] == pytest.approx(1.3 + 4)
    assert between(graph, place, start, rules=FREE, ground=river)[1] == pytest.approx(
        1.3 + 5 + 2 + 9
    )


def test_a_place_too_far_from_any_road_has_no_times() -> None:
    graph = graph_from_tables(NODES, EDGES.iloc[:1])  # END is 20 km from the road
    near = AccessRules(max_snap_km=19.0)
    assert [math.isnan(figure) for figure in between(graph, START, END, rules=near)] == [True, True]


def test_an_edge_to_an_unknown_node_or_without_speed_is_refused() -> None:
    with pytest.raises(ValueError, match="edge 2 names a node"):
        graph_from_tables(NODES, EDGES.assign(v=[1, 2, 77]))
    with pytest.raises(ValueError, match="edge 1 must have a positive length"):
        graph_from_tables(NODES, EDGES.assign(kmh=[60.0, 0.0, 30.0]))


def test_a_graph_is_read_from_its_two_files(tmp_path: Path) -> None:
    NODES.to_csv(tmp_path / "nodes.csv", index=False)
    EDGES.to_csv(tmp_path / "edges.csv", index=False)
    assert between(load_graph(tmp_path), START, END, rules=FREE) == pytest.approx((20, 30))


def test_the_fingerprint_of_positions_forgets_their_order_and_metres_only() -> None:
    one = {"A": (47.1, -1.5), "B": (48.0, 0.2)}
    assert positions_hash(one) == positions_hash(dict(reversed(one.items())))
    assert positions_hash(one) == positions_hash({**one, "A": (47.100001, -1.5)})
    assert positions_hash(one) != positions_hash({**one, "A": (47.1001, -1.5)})
