"""What must hold of any drive beside a river: it goes by a bridge, and better roads never harm."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geozones.domain import EngineUnavailableError
from geozones.travel.ground import Terrain, make_terrain, plane_km
from geozones.travel.roadgraph import (
    KM_PER_DEGREE,
    TIDAL,
    AccessRules,
    RoadGraph,
    RoadGraphEngine,
    drives_over,
    graph_from_tables,
    surroundings_of,
    travel_times,
)

KM = 1 / KM_PER_DEGREE  # a kilometre in degrees, on the equator
#: a river along the equator; the road crosses it 10 km east, two bridges of streets are nearer
RIVER = [(0.0, -20 * KM), (0.0, 20 * KM)]
ROAD_BRIDGE = ("road", 0.0, 10 * KM)
STREETS = [("west", 0.0, -3 * KM), ("middle", 0.0, 2 * KM)]
TOWN = [(0.0, 0.0, 4.0, "city")]
Places = dict[str, tuple[float, float]]


@pytest.fixture
def graph() -> RoadGraph:
    """A road on either bank, 1 km from the river, and one that joins them 10 km east."""
    nodes = pd.DataFrame(
        [(i, lat * KM, lon * KM) for i, (lat, lon) in enumerate(
            [(1, -10), (1, 0), (1, 10), (-1, -10), (-1, 0), (-1, 10)])],
        columns=["id", "lat", "lon"],
    )  # fmt: skip
    links = [(0, 1, 10), (1, 2, 10), (3, 4, 10), (4, 5, 10), (2, 5, 2)]
    edges = pd.DataFrame(
        [(u, v, km, "", "primary", 60.0) for u, v, km in links],
        columns=["u", "v", "km", "ref", "class", "kmh"],
    )
    return graph_from_tables(nodes, edges)


@pytest.fixture
def places() -> Places:
    """Places drawn at random on both banks, the same ones every time."""
    drawn = np.random.default_rng(14).uniform((-3, -9), (3, 9), (24, 2)) * KM
    return {f"p{i}": (lat, lon) for i, (lat, lon) in enumerate(drawn.tolist())}


def ground(*names: str) -> Terrain:
    streets = [bridge for bridge in STREETS if bridge[0] in names]
    return make_terrain([RIVER], [ROAD_BRIDGE, *streets], TOWN)


def banks(places: Places) -> np.ndarray:
    north = np.array([lat > 0 for lat, _ in places.values()])
    return north[:, None] != north


@pytest.mark.parametrize("names", [(), ("west",), ("west", "middle")])
def test_no_drive_is_shorter_than_the_crow_by_the_best_bridge(
    graph: RoadGraph, places: Places, names: tuple[str, ...]
) -> None:
    under = ground(*names)
    found = travel_times(graph, under, places, places)
    point = np.array(list(places.values()))
    to_bridge = plane_km(
        point[:, 0, None], point[:, 1, None], under.bridges[:, 0], under.bridges[:, 1]
    )
    crow = (to_bridge[:, None] + to_bridge[None]).min(axis=-1)
    assert (found.km >= crow - 1e-6)[banks(places)].all()


def test_a_place_reaches_the_other_bank_by_the_bridge_in_town(graph: RoadGraph) -> None:
    ends = {"north": (0.5 * KM, 0.0), "south": (-0.5 * KM, 0.0)}
    by_road = travel_times(graph, ground(), ends, ends).km[0, 1]
    by_street = travel_times(graph, ground("middle"), ends, ends).km[0, 1]
    assert by_road > 20
    assert by_street == pytest.approx(1.3 * 2 * np.hypot(0.5, 2), abs=1e-3)


def test_better_bridges_roads_and_streets_never_lengthen_a_drive(
    graph: RoadGraph, places: Places
) -> None:
    before = travel_times(graph, ground("west"), places, places).minutes
    after = travel_times(graph, ground("west", "middle"), places, places).minutes
    assert (after <= before + 1e-9).all()
    assert (after < before - 1)[banks(places)].any()
    before = travel_times(graph, ground("west"), places, places).minutes
    for edge in range(len(graph.u)):
        faster = replace(graph, kmh=np.where(np.arange(len(graph.u)) == edge, 90.0, graph.kmh))
        after = travel_times(faster, ground("west"), places, places).minutes
        assert (after <= before + 1e-9).all()
        assert (after < before - 0.1).any()
    rules = AccessRules()
    before = travel_times(graph, ground("west"), places, places, rules).minutes
    faster = replace(rules, city_kmh=rules.city_kmh * 1.2, country_kmh=rules.country_kmh * 1.2)
    after = travel_times(graph, ground("west"), places, places, faster).minutes
    assert (after <= before + 1e-9).all()


def test_a_drive_may_go_through_a_stop_and_loses_the_minutes_of_its_two_ends(
    graph: RoadGraph,
) -> None:
    # 5 km apart and off the roads: too far for a straight leg, but for the place halfway
    places = {"start": (4 * KM, -2.5 * KM), "halfway": (4 * KM, 0.0), "end": (4 * KM, 2.5 * KM)}
    around = surroundings_of(graph, ground(), AccessRules())
    alone = drives_over(around, places, places)
    stopped = drives_over(around, places, places, stops={"halfway": places["halfway"]})
    assert stopped.minutes[0, 2] == pytest.approx(alone.minutes[0, 1] + alone.minutes[1, 2])
    assert stopped.minutes[0, 2] < alone.minutes[0, 2] - 5
    assert stopped.km[0, 2] == pytest.approx(1.3 * 5, abs=1e-3)
    assert stopped.leg_share[0, 2] == pytest.approx(1)


def test_a_road_under_water_at_high_tide_is_an_option(graph: RoadGraph) -> None:
    joined = {"u": 0, "v": 3, "km": 2.0, "kmh": 60.0, "road_class": "primary"}
    ring = replace(
        graph, **{name: np.append(getattr(graph, name), figure) for name, figure in joined.items()}
    )
    east = (ring.km == 2) & (ring.u == 2)
    tidal = replace(ring, road_class=np.where(east, TIDAL, ring.road_class))
    ends = {"north": (KM, 9.9 * KM), "south": (-KM, 9.9 * KM)}
    barred = make_terrain([RIVER], [STREETS[0]], TOWN)
    closed = travel_times(tidal, barred, ends, ends).km[0, 1]
    opened = travel_times(tidal, barred, ends, ends, AccessRules(tidal_roads=True)).km[0, 1]
    assert closed > 20
    assert opened < 3


def test_a_bridge_that_joins_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="“far” joins nothing"):
        make_terrain([RIVER], [("far", 2 * KM, 0.0)])
    with pytest.raises(ValueError, match="“alone” joins nothing"):
        make_terrain([], [("alone", 0.0, 0.0)])


def test_streets_are_slower_the_denser_the_town(graph: RoadGraph) -> None:
    place = {"here": (0.0, 3 * KM), "there": (0.0, 5 * KM)}

    def minutes(*kinds: str) -> float:
        discs = [(0.0, 4 * KM, 3.0, kind) for kind in kinds]
        return float(travel_times(graph, make_terrain([], [], discs), place, place).minutes[0, 1])

    assert minutes() < minutes("town") < minutes("city") < minutes("city", "centre")
    assert minutes("centre", "city", "town") == minutes("centre")


def test_the_tables_beside_a_graph_are_used_and_a_bad_one_is_told(tmp_path: Path) -> None:
    nodes = "id,lat,lon\n0,0.01,0\n1,0.01,0.09\n2,-0.01,0.09\n3,-0.01,0\n"
    (tmp_path / "nodes.csv").write_text(nodes, "utf-8")
    edges = "u,v,km,ref,class,kmh\n" + "".join(
        f"{u},{v},{km},,primary,60\n" for u, v, km in [(0, 1, 10), (1, 2, 2), (2, 3, 10)]
    )
    (tmp_path / "edges.csv").write_text(edges, "utf-8")
    ends = {"north": (0.005, 0.0), "south": (-0.005, 0.0)}

    def km() -> float:
        return float(RoadGraphEngine(tmp_path).matrix(ends, ends).km[0, 1])

    assert km() < 2
    (tmp_path / "rivers.csv").write_text("river,lat,lon\nLoire,0,-1\nLoire,0,1\n", "utf-8")
    assert km() > 20
    bridges = tmp_path / "bridges.csv"
    bridges.write_text("name,lat,lon\nPont-Neuf,0,0.01\n", "utf-8")
    assert km() < 5
    for bad, said in [
        ("name,lat,lon\nPont-Neuf,0.05,0.01\n", "Pont-Neuf"),
        ("name,lat,lon\nPont-Neuf,nord,0.01\n", "nord"),
        ("name,lat,lon\nPont-Neuf,,0.01\n", "bridges.csv"),
        ("nom,lat,lon\nPont-Neuf,0,0.01\n", "name"),
    ]:
        bridges.write_text(bad, "utf-8")
        with pytest.raises(EngineUnavailableError, match=said):
            km()


def test_a_river_of_one_point_and_an_unknown_kind_of_town_are_refused() -> None:
    with pytest.raises(ValueError, match="two points"):
        make_terrain([RIVER[:1]])
    with pytest.raises(ValueError, match="“village”"):
        make_terrain([], [], [(0.0, 0.0, 1.0, "village")])
