"""What every engine promises, over the same few places of a small country.

The country is the network of small_network.py, as .osm.pbf tiles for Valhalla, as a CSV graph for
roadgraph, behind a real HTTP server for openrouteservice and as a matrix file for shipped. Places:
A, B and C on its roads, N on an island that no road joins to the others.
"""

import datetime as dt
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geozones.domain import EngineCancelledError, Provenance, TravelTimes
from geozones.travel.engine import Engine, EstimatedDrives, Positions
from geozones.travel.engine_chain import NAMES
from geozones.travel.matrix_file import Shipped, write_matrix
from geozones.travel.openrouteservice import OpenRouteService, OrsSettings
from geozones.travel.roadgraph import RoadGraphEngine
from geozones.travel.valhalla import Valhalla, build_tiles
from helpers.ors_drives import lon_lat
from helpers.ors_server import OrsServer
from helpers.small_network import at, streets, write_pbf

TODAY = dt.date(2026, 2, 3)
AT = {
    "A": at(4.0, 0.0),
    "B": at(13.0, 0.0),
    "C": at(1.0, 2.0),
    "N": at(90.2, 20.0),
}
#: known minutes from A to B: 9 km at 80 km/h
A_TO_B = 9 / 80 * 60
#: known to no matrix and over 100 km from every lycée
FAR = at(-400.0, -300.0)


def road_graph(folder: Path) -> Path:
    """The country as nodes.csv and edges.csv, without its motorway."""
    ids: dict[tuple[float, float], int] = {}
    edges = []
    for line, tags in streets():
        if tags["highway"].startswith("motorway"):
            continue
        for a, b in pairwise(line):
            u, v = (ids.setdefault((float(x), float(y)), len(ids)) for x, y in (a, b))
            edges.append((u, v, math.dist(a, b), "", tags["highway"], float(tags["maxspeed"])))
    nodes = [(i, *at(*place), "road") for place, i in ids.items()]
    folder.mkdir()
    pd.DataFrame(nodes, columns=["id", "lat", "lon", "kind"]).to_csv(
        folder / "nodes.csv", index=False
    )
    columns = ["u", "v", "km", "ref", "class", "kmh"]
    pd.DataFrame(edges, columns=columns).to_csv(folder / "edges.csv", index=False)
    return folder


def known_times() -> TravelTimes:
    """A matrix between A, B and C, made by « toy »."""
    minutes = np.array([[0, A_TO_B, 9.0], [A_TO_B, 0, 15.0], [9.0, 15.0, 0]])
    maker = Provenance("toy", "2026-01-01", source="tracé à la main", licence="domaine public")
    return TravelTimes(tuple("ABC"), tuple("ABC"), minutes, minutes * 80 / 60, maker)


#: Every engine; the one whose tiles are built for these tests is slow.
ENGINES = [
    pytest.param(name, marks=pytest.mark.slow if name == "valhalla" else ()) for name in NAMES
]


@pytest.fixture(scope="module", params=ENGINES)
def engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp(request.param)
    lycees = {key: AT[key] for key in "ABC"}
    if request.param == "shipped":
        write_matrix(folder / "travel_times.parquet", [known_times()], lycees)
        yield Shipped(folder / "travel_times.parquet", lycees, {})
    elif request.param == "estimate":
        yield EstimatedDrives(lycees, known_times(), today=lambda: TODAY)
    elif request.param == "roadgraph":
        yield RoadGraphEngine(road_graph(folder / "roads"), today=lambda: TODAY)
    elif request.param == "valhalla":
        build_tiles(
            write_pbf(folder / "pays.osm.pbf", streets()),
            folder / "tiles",
        )
        yield Valhalla(folder / "tiles", today=lambda: TODAY)
    else:
        with OrsServer() as server:
            server.sea = {lon_lat(AT["N"])}
            yield OpenRouteService(OrsSettings(server.url))


@pytest.fixture
def cut_off(engine: Engine) -> tuple[float, float]:
    """A place that the engine knows no way to: for an estimate, only one out of the territory."""
    return FAR if engine.name == "estimate" else AT["N"]


def some(*keys: str) -> Positions:
    return {key: AT[key] for key in keys}


def test_minutes_and_km_are_origins_by_destinations_in_the_order_asked(engine: Engine) -> None:
    times = engine.matrix(some("B", "A"), some("C", "A", "B"))
    assert times.origins == ("B", "A")
    assert times.destinations == ("C", "A", "B")
    assert times.minutes.shape == times.km.shape == (2, 3)
    other = engine.matrix(some("A", "B"), some("A", "B", "C"))
    for a in "AB":
        for b in "ABC":
            assert times.between(a, b) == pytest.approx(other.between(a, b), abs=0.02)


def test_a_place_is_at_no_minute_and_no_km_from_itself(engine: Engine) -> None:
    times = engine.matrix(some("A", "B", "C"), some("A", "B", "C"))
    assert np.diag(times.minutes).tolist() == np.diag(times.km).tolist() == [0, 0, 0]
    assert (times.minutes[~times.same] > 0).all()


def test_minutes_are_inside_their_interval_and_legs_are_a_share(engine: Engine) -> None:
    times = engine.matrix(some("A", "B", "C"), some("A", "B", "C"))
    low, high = times.bounds
    apart = ~times.same
    assert (low[apart] < times.minutes[apart]).all()
    assert (times.minutes[apart] < high[apart]).all()
    assert (low[times.same] == 0).all()
    assert (high[times.same] == 0).all()
    assert ((times.legs >= 0) & (times.legs <= 1)).all()
    assert times.estimated[apart].all() == (engine.name == "estimate")


def test_figures_are_minutes_and_km(engine: Engine) -> None:
    times = engine.matrix(some("A"), some("B"))
    kmh = times.km_between("A", "B") / times.between("A", "B") * 60
    assert 20 < kmh < 110
    if engine.name != "openrouteservice":  # whose server counts an hour a degree
        assert times.km_between("A", "B") == pytest.approx(9, rel=0.35)
        assert times.between("A", "B") == pytest.approx(A_TO_B, rel=0.35)


def test_a_place_without_a_way_has_no_figure_and_spoils_no_other(
    engine: Engine, cut_off: tuple[float, float]
) -> None:
    places = {**some("A", "B"), "X": cut_off, "Q": (math.nan, 0.0), "P": (120.0, 500.0)}
    times = engine.matrix(places, places)
    for bad in "XQP":
        for good in "AB":
            assert math.isnan(times.between(bad, good))
            assert math.isnan(times.between(good, bad))
            assert math.isnan(times.km_between(good, bad))
        assert times.between(bad, bad) == 0
    assert times.between("A", "B") > 0


def test_two_places_at_one_point_are_next_to_each_other(engine: Engine) -> None:
    places = {"A": AT["A"], "B": AT["B"], "twin": AT["A"]}
    times = engine.matrix(places, places)
    if engine.name == "shipped":  # which knows the places it was made for, and no other
        assert math.isnan(times.between("A", "twin"))
        return
    assert 0 <= times.between("A", "twin") < 2
    assert 0 <= times.km_between("twin", "A") < 1


def test_every_figure_says_who_made_it_when_and_from_what(engine: Engine) -> None:
    times = engine.matrix(some("A"), some("B"))
    maker = times.made_by("A", "B")
    # a file's figures keep the name of the engine that made the file
    assert maker.engine == ("toy" if engine.name == "shipped" else engine.name)
    assert dt.date.fromisoformat(maker.date).year >= 2026
    assert maker.source
    assert times.is_estimated("A", "B") == (engine.name == "estimate")


def test_progress_goes_to_the_end_and_can_stop_the_work(engine: Engine) -> None:
    seen: list[tuple[int, int]] = []
    engine.matrix(some("A", "B"), some("A", "B"), lambda *at: seen.append(at))
    done, total = seen[-1]
    assert done == total > 0
    assert [at for at, _ in seen] == sorted(at for at, _ in seen)

    def stop(_done: int, _total: int) -> None:
        msg = "stop"
        raise EngineCancelledError(msg)

    with pytest.raises(EngineCancelledError, match="stop"):
        engine.matrix(some("A", "B"), some("B", "C"), stop)


def test_nothing_asked_is_nothing_answered(engine: Engine) -> None:
    assert engine.matrix({}, some("A")).minutes.shape == (0, 1)
    assert engine.matrix(some("A"), {}).minutes.shape == (1, 0)
