"""Rooms for names are inside their area, and the best first."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geozones.render import Scene
from geozones.render.scene import label_spaces
from geozones.workspace.figures.study import Study
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene


def test_the_first_room_of_a_dumbbell_is_in_its_larger_end() -> None:
    larger, smaller = shapely.box(0, 47, 1, 47.5), shapely.box(2, 47.2, 2.3, 47.4)
    dumbbell = shapely.union_all([larger, smaller, shapely.box(0, 47.28, 2.3, 47.32)])
    first = shapely.box(*label_spaces(dumbbell)[0])
    assert larger.covers(first)
    assert first.area > 0.8 * larger.area


def test_no_room_lies_over_a_hole_and_an_area_of_nothing_has_none() -> None:
    hole = shapely.box(0.4, 47.2, 0.6, 47.3)
    ring = shapely.box(0, 47, 1, 47.5).difference(hole)
    assert label_spaces(ring)
    assert not any(shapely.box(*room).intersects(hole) for room in label_spaces(ring))
    assert label_spaces(shapely.MultiPolygon()) == ()
    assert label_spaces(shapely.LineString([(0, 47), (1, 47)])) == ()


@given(
    corners=st.lists(
        st.tuples(st.floats(-1, 1, width=32), st.floats(46.5, 48, width=32)),
        min_size=3,
        max_size=12,
    )
)
def test_rooms_of_any_polygon_are_inside_it(corners: list[tuple[float, float]]) -> None:
    shape = shapely.convex_hull(shapely.MultiPoint(corners))
    if shape.area < 1e-4:
        return
    west, south, east, north = shape.bounds
    slack = max(east - west, north - south) / 64 / 4
    for room in label_spaces(shape):
        assert shape.buffer(slack).covers(shapely.box(*room))


@pytest.fixture(scope="module")
def mayenne(study: Study) -> Scene:
    return build_scene(study, SceneOptions(sector="mayenne", lycee="0720012X"))


def test_a_focused_sector_has_its_zones_numbered_and_the_others_named_as_sectors(
    study: Study, mayenne: Scene
) -> None:
    zones = [(label.of, label.number) for label in mayenne.labels if label.kind == "zone"]
    assert zones == [
        (zone.id, rank) for rank, zone in enumerate(study.plan.zones, 1) if zone.sector == "mayenne"
    ]
    sectors = {label.of for label in mayenne.labels if label.kind == "sector"}
    assert sectors == {sector.id for sector in study.plan.sectors}


def test_the_region_numbers_no_zone_and_names_the_chosen_lycee_first(
    study: Study, mayenne: Scene
) -> None:
    labels = build_scene(study, SceneOptions()).labels
    assert {label.number for label in labels} == {0}
    first = min(mayenne.labels, key=lambda label: label.rank)
    assert (first.kind, first.of, first.zooms[0]) == ("lycee", "0720012X", 0.0)
