"""Corners of zones inside a commune: rounded, with no gap, and each lycée on its side."""

import numpy as np
import pytest
import shapely
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from geozones.domain.plan import Plan
from geozones.territory.borders import corners_of, rounded
from geozones.workspace.figures.study import Study

#: A commune shared out between three lycées whose lands meet in its middle, and a neighbour.
TOWN, OTHER = box(0, 0, 0.1, 0.1), box(0.1, 0, 0.2, 0.1)
MIDDLE = (0.05, 0.05)
CELLS = {
    "west": shapely.Polygon([(0, 0), (0.05, 0), MIDDLE, (0.05, 0.1), (0, 0.1)]),
    "south": shapely.Polygon([(0.05, 0), (0.1, 0), (0.1, 0.05), MIDDLE]),
    "north": shapely.Polygon([(0.1, 0.05), (0.1, 0.1), (0.05, 0.1), MIDDLE]),
    "away": shapely.Polygon([(0.1, 0), (0.2, 0), (0.2, 0.1), (0.1, 0.1), (0.1, 0.05)]),
}
LYCEES = {"west": (0.05, 0.02), "south": (0.02, 0.08), "north": (0.08, 0.08), "away": (0.05, 0.15)}


def test_only_points_where_land_bends_inside_a_shared_commune_are_corners() -> None:
    found = corners_of(CELLS, LYCEES, [TOWN, OTHER])
    assert set(found.reach) == {MIDDLE}
    assert corners_of(CELLS, LYCEES, [OTHER]).reach == {}


def test_a_corner_of_two_zones_is_cut_by_the_same_curve_and_none_is_where_three_meet() -> None:
    corners = corners_of(CELLS, LYCEES, [TOWN, OTHER])
    three = {key: CELLS[key] for key in ("west", "south", "north")}
    assert rounded(three, corners) == three
    two = {"a": shapely.coverage_union_all([CELLS["west"], CELLS["south"]]), "b": CELLS["north"]}
    shapes = rounded(two, corners)
    assert shapely.coverage_is_valid(list(shapes.values()))
    assert shapely.coverage_union_all(list(shapes.values())).equals(TOWN)
    assert shapes["b"].boundary.distance(Point(MIDDLE)) > 1e-4
    line = shapely.line_merge(shapely.intersection(*shapes.values()))
    turns = np.diff(np.unwrap(np.arctan2(*np.diff(shapely.get_coordinates(line), axis=0).T)))
    assert np.abs(turns).max() < np.radians(25)  # the corner turned by 90°


def test_a_curve_keeps_off_a_lycee_that_is_near_its_corner() -> None:
    near = LYCEES | {"north": (0.0505, 0.0507)}
    two = {"a": shapely.coverage_union_all([CELLS["west"], CELLS["south"]]), "b": CELLS["north"]}
    shapes = rounded(two, corners_of(CELLS, near, [TOWN, OTHER]))
    assert shapes["b"] is not two["b"]
    assert shapes["b"].contains(Point(0.0507, 0.0505))


@pytest.mark.parametrize("span", [(0.0512, 0.052), (0.0502, 0.0506)])
def test_no_corner_is_cut_where_the_curve_would_take_land_of_a_third_zone(
    span: tuple[float, float],
) -> None:
    held = shapely.box(span[0], span[0], span[1], span[1])
    areas = {
        "a": shapely.coverage_union_all([CELLS["west"], CELLS["south"]]),
        "b": CELLS["north"].difference(held),
        "c": held,
    }
    assert rounded(areas, corners_of(CELLS, LYCEES, [TOWN, OTHER])) == areas


def plans_of(study: Study) -> list[Plan]:
    """The shipped plan, and the plans where each lycée of Nantes or Angers is with a neighbour."""
    plan, territory = study.plan, study.territory
    towns = [key for key, each in territory.lycees.items() if each.commune in {"Nantes", "Angers"}]
    near = {
        key: {plan.zone_by_lycee[other] for other in territory.neighbours[key]} for key in towns
    }
    moves = [(key, zone) for key in towns for zone in near[key] - {plan.zone_by_lycee[key]}]
    return [plan, *(plan.move(key, zone) for key, zone in sorted(moves))]


def _straight(study: Study, plan: Plan, zone: str) -> BaseGeometry:
    return study.territory.shape(plan.members(zone))


@pytest.mark.slow
def test_zones_of_the_shipped_region_cover_it_with_each_lycee_on_its_side(study: Study) -> None:
    territory, changed = study.territory, 0
    whole = shapely.coverage_union_all(list(territory.cells.values()))
    for plan in plans_of(study):
        shapes = territory.zone_shapes(plan)
        assert shapely.coverage_is_valid(list(shapes.values()))
        assert shapely.coverage_union_all(list(shapes.values())).equals(whole)
        for key, (lat, lon) in territory.positions.items():
            zone, place = plan.zone_by_lycee[key], Point(lon, lat)
            assert shapes[zone].distance(place) <= _straight(study, plan, zone).distance(place), key
        unlike = [
            zone for zone, shape in shapes.items() if shape is not _straight(study, plan, zone)
        ]
        changed += len(unlike)
    assert changed > 12 * len(plans_of(study))


@pytest.mark.parametrize("town", ["Nantes", "Angers"])
def test_a_move_changes_no_zone_of_another_town(study: Study, town: str) -> None:
    plan, territory = study.plan, study.territory
    key = next(key for key, lycee in territory.lycees.items() if lycee.commune == town)
    near = {plan.zone_by_lycee[other] for other in territory.neighbours[key]}
    moved = plan.move(key, min(near - {plan.zone_by_lycee[key]}))
    before, after = territory.zone_shapes(plan), territory.zone_shapes(moved)
    changed = {zone for zone in after if not after[zone].equals(before[zone])}
    assert 2 <= len(changed) <= 6
