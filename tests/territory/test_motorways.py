"""Schematic motorways: a table written by hand, held against towns whose places are known."""

import csv
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely

from geozones.render.scene import SCHEMATIC_ZOOMS
from geozones.workspace.figures.study import Study

TABLE = Path(__file__).parents[2] / "scripts" / "tables" / "motorways.csv"
#: west, south, east, north of the region, and what a map of it shows around
WEST, SOUTH, EAST, NORTH = -2.6, 46.2, 0.95, 48.6
AROUND = 0.7
KM = np.array([111.195 * np.cos(np.radians(47.3)), 111.195])
#: towns that each one passes on its way, by their place in longitude and latitude
PASSES = {
    "A11": [(0.654, 48.186), (0.199, 48.008), (-0.552, 47.471), (-1.176, 47.366), (-1.554, 47.218)],
    "A28": [(0.091, 48.431), (0.199, 48.008), (0.418, 47.695), (0.690, 47.394)],
    "A81": [(0.199, 48.008), (-0.771, 48.070), (-1.020, 48.080)],
    "A83": [(-1.554, 47.218), (-1.309, 46.976), (-1.056, 46.557), (-0.806, 46.467)],
    "A84": [(-1.199, 48.352), (-1.678, 48.117)],
    "A85": [(-0.356, 47.573), (-0.077, 47.260), (0.690, 47.394)],
    "A87": [(-0.552, 47.471), (-0.879, 47.060), (-1.014, 46.871), (-1.426, 46.670)],
    "A10": [(0.690, 47.394), (0.340, 46.580), (-0.459, 46.324), (-0.633, 45.746)],
    "A837": [(-0.633, 45.746), (-0.963, 45.937)],
}
TOWN_KM, LEAP_KM = 12.0, 80.0

Axes = dict[str, np.ndarray]


@pytest.fixture(scope="module")
def axes() -> Axes:
    """The places of each motorway, float[n, (x, y)], km."""
    with TABLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["source"] for row in rows} == {"de mémoire, schématique"}
    groups = groupby(rows, key=lambda row: row["road"])
    return {
        road: np.array([(float(row["lon"]), float(row["lat"])) for row in group]) * KM
        for road, group in groups
    }


def test_each_motorway_goes_on_without_a_leap_nor_a_way_back_near_the_region(axes: Axes) -> None:
    assert set(axes) == set(PASSES)
    box = shapely.box(WEST - AROUND, SOUTH - AROUND, EAST + AROUND, NORTH + AROUND)
    for road, places in axes.items():
        assert shapely.covers(box, shapely.points(places / KM)).all(), road
        steps = np.diff(places, axis=0)
        assert np.hypot(*steps.T).max() < LEAP_KM, road
        assert all(a @ b > 0 for a, b in pairwise(steps)), road


@pytest.mark.parametrize("road", PASSES)
def test_each_motorway_passes_its_towns_in_their_order(axes: Axes, road: str) -> None:
    line = shapely.LineString(axes[road])
    towns = [shapely.Point(np.array(town) * KM) for town in PASSES[road]]
    assert [line.distance(town) for town in towns] == pytest.approx([0] * len(towns), abs=TOWN_KM)
    along = [line.project(town) for town in towns]
    assert along == sorted(along)


def test_the_map_draws_the_table_at_the_region_s_scale_only(study: Study, axes: Axes) -> None:
    ground = study.atlas.ground
    assert ground.schematic
    (drawn,) = ground.roads
    assert (drawn.kind, drawn.zooms) == ("motorway", SCHEMATIC_ZOOMS)
    lines = shapely.transform(drawn.geometry, lambda xy: xy * KM)
    assert len(shapely.get_parts(lines)) == len(axes)
    places = shapely.points(np.concatenate(list(axes.values())))
    assert shapely.distance(places, lines).max() < 0.02
    names = [name for name in ground.names if name.kind == "motorway"]
    assert {name.text for name in names} == set(axes)
    assert all(name.zooms == SCHEMATIC_ZOOMS for name in names)
    others = [name.rank for name in ground.names if name.kind != "motorway"]
    assert min(name.rank for name in names) > max(others)
