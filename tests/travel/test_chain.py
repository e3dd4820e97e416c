"""Engines one after the other: what one cannot give, the next does, and each keeps its name."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain import EngineCancelledError, Provenance, TravelTimes
from geozones.travel.engine_chain import Chain, EngineContext, TravelSettings
from geozones.travel.matrix_file import Shipped, open_matrix, write_matrix

LYCEES = {"A": (47.0, -1.0), "B": (47.2, -1.0), "C": (47.0, -0.6)}
NEW = (47.1, -0.9)


def table() -> TravelTimes:
    """Minutes between A, B and C; nobody goes from A to C."""
    minutes = np.array([[0, 21, np.nan], [22, 0, 40], [35, 41, 0]], float)
    maker = Provenance("toy", "2026-01-01", source="à la main")
    return TravelTimes(tuple("ABC"), tuple("ABC"), minutes, minutes * 1.1, maker)


@pytest.fixture
def context(tmp_path: Path) -> EngineContext:
    write_matrix(tmp_path / "travel_times.parquet", [table()], LYCEES)
    return EngineContext(tmp_path / "travel_times.parquet", LYCEES, {}, table())


def chain(context: EngineContext, tmp_path: Path, *names: str, **settings: object) -> Chain:
    return Chain(names, dataclasses.replace(TravelSettings(tmp_path), **settings), context)


def test_the_next_engine_fills_what_the_first_left_and_both_are_named(
    context: EngineContext, tmp_path: Path
) -> None:
    answer = chain(context, tmp_path, "shipped", "estimate").matrix(LYCEES, LYCEES)
    times = answer.times
    assert times.between("A", "B") == 21
    assert (times.made_by("A", "B").engine, times.is_estimated("A", "B")) == ("toy", False)
    assert 20 < times.between("A", "C") < 60
    assert (times.made_by("A", "C").engine, times.is_estimated("A", "C")) == ("estimate", True)
    assert [(maker.engine, count) for maker, count in times.pairs_by_maker] == [
        ("toy", 5),
        ("estimate", 1),
    ]
    assert times.estimated_pairs == 1
    assert answer.faults == ()


def test_makers_survive_the_file_and_a_choice_of_rows(
    context: EngineContext, tmp_path: Path
) -> None:
    times = chain(context, tmp_path, "shipped", "estimate").matrix(LYCEES, LYCEES).times
    write_matrix(tmp_path / "mixed.parquet", [times], LYCEES)
    read = open_matrix(tmp_path / "mixed.parquet", LYCEES).square(tuple("ABC"))
    for same in (read, times.restricted("CA", "BCA")):
        for a in same.origins:
            for b in same.destinations:
                assert same.made_by(a, b) == times.made_by(a, b)
    np.testing.assert_allclose(read.minutes, times.minutes, atol=0.006)
    np.testing.assert_allclose(read.bounds, times.bounds, atol=0.101)
    # to a tenth, outwards
    assert (read.bounds[0] <= times.bounds[0] + 1e-5).all()
    assert (read.bounds[1] >= times.bounds[1] - 1e-5).all()
    assert (read.bounds[0] <= read.minutes).all()
    assert (read.minutes <= read.bounds[1]).all()
    np.testing.assert_allclose(read.legs, times.legs, atol=0.006)
    write_matrix(tmp_path / "again.parquet", [read], LYCEES)
    assert (tmp_path / "again.parquet").read_bytes() == (tmp_path / "mixed.parquet").read_bytes()


def test_a_place_that_the_file_has_not_gets_times_at_once(
    context: EngineContext, tmp_path: Path
) -> None:
    answer = chain(context, tmp_path, "shipped", "estimate").matrix({"new": NEW}, LYCEES)
    assert answer.times.makers[0].is_estimate
    assert (answer.times.minutes > 0).all()
    assert "aucun des trajets demandés" in answer.faults[0].message


def test_a_lycee_asked_for_at_another_place_is_not_given_the_old_times(
    context: EngineContext, tmp_path: Path
) -> None:
    moved = {**LYCEES, "A": NEW}
    times = chain(context, tmp_path, "shipped", "estimate").matrix(moved, moved).times
    assert times.is_estimated("A", "B")
    assert not times.is_estimated("B", "C")
    alone = Shipped(context.shipped, LYCEES, {}).matrix(moved, moved)
    for table in alone.figures.values():
        assert np.isnan(table[0, 1:]).all()
        assert np.isnan(table[1:, 0]).all()
        assert table[0, 0] == 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("openrouteservice", "GEOZONES_ORS_KEY"),
        ("roadgraph", "GEOZONES_ROADS_DIR"),
        ("valhalla", "geozones roads build"),
    ],
)
def test_an_engine_that_is_not_set_up_is_passed_over_and_told(
    context: EngineContext, tmp_path: Path, name: str, message: str
) -> None:
    answer = chain(context, tmp_path, name, "shipped").matrix(LYCEES, LYCEES)
    assert answer.times.between("A", "B") == 21
    (fault,) = answer.faults
    assert fault.engine == name
    assert message in fault.message


@pytest.mark.parametrize("content", [b"", b"PAR1", b"nodes"])
def test_an_altered_matrix_falls_back_to_the_next_engine(
    context: EngineContext, tmp_path: Path, content: bytes
) -> None:
    context.shipped.write_bytes(content)
    answer = chain(context, tmp_path, "shipped", "estimate").matrix(LYCEES, LYCEES)
    assert answer.times.is_estimated("A", "B")
    assert "altéré" in answer.faults[0].message


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("edges.csv", "u,v,km,ref,class,kmh\n1,2,1,,road,\n"),
        ("edges.csv", ""),
        ("nodes.csv", "id;lat\n"),
        ("nodes.csv", None),
    ],
)
def test_an_altered_road_graph_falls_back_to_the_next_engine(
    context: EngineContext, tmp_path: Path, name: str, content: str | None
) -> None:
    roads = tmp_path / "roads"
    roads.mkdir()
    (roads / "nodes.csv").write_text("id,lat,lon,kind\n1,47.0,-1.0,road\n2,47.1,-1.0,road\n")
    (roads / "edges.csv").write_text("u,v,km,ref,class,kmh\n1,2,11,,secondary,70\n")
    if content is None:
        (roads / name).unlink()
    else:
        (roads / name).write_text(content)
    answer = chain(context, tmp_path, "roadgraph", "shipped", roads=roads).matrix(LYCEES, LYCEES)
    assert answer.times.between("A", "B") == 21
    assert "graphe de routes" in answer.faults[0].message


def test_no_engine_and_an_unknown_one_are_refused(context: EngineContext, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Aucun moteur"):
        chain(context, tmp_path)
    with pytest.raises(InputError, match="« osrm » : choisissez parmi shipped, openrouteservice"):
        chain(context, tmp_path, "shipped", "osrm")


def test_stopping_stops_the_whole_chain(context: EngineContext, tmp_path: Path) -> None:
    def stop(_done: int, _total: int) -> None:
        raise EngineCancelledError

    with pytest.raises(EngineCancelledError):
        chain(context, tmp_path, "shipped", "estimate").matrix(LYCEES, LYCEES, stop)
