"""Cells over toy communes: who gets what, and what is never left."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import box

from geozones.territory.land import cell_units

FAR = 99.0


def communes_of(*boxes: shapely.Polygon) -> gpd.GeoDataFrame:
    codes = [f"C{i}" for i in range(len(boxes))]
    return gpd.GeoDataFrame({"code": codes}, geometry=list(boxes), crs="EPSG:4326")


def row_of_squares(count: int) -> list[shapely.Polygon]:
    """Squares of a tenth of a degree side by side, near the equator so that they are squares."""
    return [box(i / 10, 0, (i + 1) / 10, 0.1) for i in range(count)]


def cells_of(
    lycees: dict[str, tuple[float, float]],
    communes: gpd.GeoDataFrame,
    minutes: list[list[float]],
) -> dict[str, Any]:
    units, owner = cell_units(lycees, communes, np.array(minutes, float), list(lycees))
    cells = [shapely.coverage_union_all(units.shape[owner == i]) for i in range(len(lycees))]
    assert shapely.coverage_is_valid(cells)
    land = shapely.area(communes.geometry.values).sum()
    assert shapely.area(cells).sum() == pytest.approx(land)
    return dict(zip(lycees, cells, strict=True))


def test_a_commune_goes_to_the_lycee_nearest_by_road() -> None:
    communes = communes_of(*row_of_squares(4))
    lycees = {"A": (0.05, 0.05), "B": (0.05, 0.35)}
    cells = cells_of(lycees, communes, [[0, FAR], [5, 20], [8, 9], [FAR, 0]])
    assert cells["A"].equals(box(0, 0, 0.3, 0.1))
    assert cells["B"].equals(box(0.3, 0, 0.4, 0.1))


def test_the_commune_of_a_lycee_is_its_own_whatever_the_minutes() -> None:
    communes = communes_of(*row_of_squares(2))
    cells = cells_of({"A": (0.05, 0.05), "B": (0.05, 0.15)}, communes, [[9, 1], [1, 9]])
    assert cells["A"].contains(shapely.Point(0.05, 0.05))
    assert cells["B"].contains(shapely.Point(0.15, 0.05))


def test_a_commune_with_two_lycees_is_split_halfway_between_them() -> None:
    communes = communes_of(*row_of_squares(2))
    cells = cells_of({"A": (0.05, 0.02), "B": (0.05, 0.06)}, communes, [[0, 0], [7, 3]])
    assert cells["A"].bounds == pytest.approx((0, 0, 0.04, 0.1))
    assert cells["B"].bounds == pytest.approx((0.04, 0, 0.2, 0.1))


def test_two_lycees_at_one_point_share_their_commune_along_its_longer_axis() -> None:
    communes = communes_of(box(0, 0, 0.3, 0.1))
    cells = cells_of({"A": (0.05, 0.1), "B": (0.05, 0.1)}, communes, [[0, 0]])
    assert cells["A"].bounds == pytest.approx((0, 0, 0.1, 0.1), abs=1e-6)
    assert cells["B"].bounds == pytest.approx((0.1, 0, 0.3, 0.1), abs=1e-6)


def test_an_exclave_is_handed_to_the_neighbour_around_it() -> None:
    # by road, the last square but one is nearest to A, which is cut off from it by B's squares
    communes = communes_of(*row_of_squares(5))
    lycees = {"A": (0.05, 0.05), "B": (0.05, 0.25)}
    cells = cells_of(lycees, communes, [[0, 9], [2, 9], [9, 0], [1, 30], [1, 30]])
    assert cells["A"].equals(box(0, 0, 0.2, 0.1))
    assert cells["B"].equals(box(0.2, 0, 0.5, 0.1))


def test_an_island_is_kept_by_the_lycee_nearest_by_road() -> None:
    communes = communes_of(*row_of_squares(2), box(0.5, 0, 0.6, 0.1))
    lycees = {"A": (0.05, 0.05), "B": (0.05, 0.15)}
    cells = cells_of(lycees, communes, [[0, 9], [9, 0], [40, 60]])
    assert shapely.get_num_geometries(cells["A"]) == 2
    assert cells["A"].contains(shapely.Point(0.55, 0.05))


def test_a_commune_that_sticks_out_goes_with_its_neighbours_when_the_drive_is_as_short() -> None:
    spike = box(0.2, 0.1, 0.3, 0.2)  # A's by a minute, among B's squares
    left = [box(0, 0, 0.2, 0.1), box(0, 0.1, 0.2, 0.2)]
    around = [box(0.2, 0, 0.3, 0.1), box(0.3, 0, 0.4, 0.2), box(0.2, 0.2, 0.4, 0.3)]
    communes = communes_of(*left, spike, *around)
    lycees = {"A": (0.05, 0.1), "B": (0.1, 0.35)}
    others = [[0, 50], [1, 50]], [[50, 2], [50, 0], [50, 2]]
    near = cells_of(lycees, communes, [*others[0], [10, 11], *others[1]])
    far = cells_of(lycees, communes, [*others[0], [10, 20], *others[1]])
    assert near["B"].contains(spike.centroid)
    assert far["A"].contains(spike.centroid)


def test_minutes_of_the_wrong_shape_and_a_commune_that_reaches_no_lycee_are_refused() -> None:
    communes = communes_of(*row_of_squares(2))
    with pytest.raises(ValueError, match=r"\(2, 1\), got \(1, 1\)"):
        cell_units({"A": (0.05, 0.05)}, communes, np.zeros((1, 1)), ["A"])
    communes = communes_of(*row_of_squares(2))
    with pytest.raises(ValueError, match="no lycée can be reached from commune number 1"):
        cell_units({"A": (0.05, 0.05)}, communes, np.array([[0.0], [np.nan]]), ["A"])
