"""Names and numbers of areas on sheets: inside them, at every size of picture."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geozones.render import Scene
from geozones.render.figure.canvas import Box
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.placement import Cells
from geozones.render.figure.subject import RADIUS, PictureSubject
from geozones.render.scene import label_spaces
from geozones.render.sheet import LEAST_IN_ROOM
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene
from helpers.slow_params import slow_but

from .sheets import SECTORS, scene

HD, HALF_A_SLIDE = Box(0, 0, 1400, 850), Box(0, 0, 660, 780)


def test_spots_are_inside_and_cover_nothing_taken() -> None:
    """An L of two arms 10 wide, its corner taken: a box of 8 × 8 fits in each arm only."""
    arms = shapely.union_all([shapely.box(0, 0, 60, 10), shapely.box(0, 0, 10, 60)])
    spots = Cells(arms).without([Box(0, 0, 12, 12)])
    found = [shapely.box(*box) for box in spots.of(7, 7)]
    assert found
    assert all(arms.covers(box) for box in found)
    assert not any(box.intersects(shapely.box(0, 0, 12, 12).buffer(-0.1)) for box in found)
    assert {box.centroid.x > 12 for box in found} == {True, False}
    assert spots.of(15, 15) == []
    assert spots.of(1000, 1) == []


def test_a_speck_has_no_spot() -> None:
    assert Cells(shapely.box(0, 0, 0.5, 0.5)).without([]).of(5, 5) == []


@pytest.mark.parametrize(
    "box", [pytest.param(HD, marks=pytest.mark.slow), HALF_A_SLIDE], ids=["hd", "half a slide"]
)
@pytest.mark.parametrize("view", slow_but(["region", "nantes", "nord-loire"], "nantes"))
def test_every_sector_or_zone_is_named_inside_itself(study: Study, view: str, box: Box) -> None:
    drawn = scene(study, view)
    layout = lay_out_map(PictureSubject(drawn, study.atlas.ground.names), box)
    kind, areas = (
        ("sector", drawn.sectors)
        if view == "region"
        else ("zone", [zone for zone in drawn.zones if not zone.aside])
    )
    placed = {label.request.key: position for label, position in layout.labels}
    enlarged = {label.request.key for inset in layout.insets for label, _ in inset.labels}
    for area in areas:
        key = f"{kind}-{area.id}"
        if key in enlarged and key not in placed:
            continue
        name = placed[key]
        shape = shapely.transform(area.geometry, layout.frame.points)
        if name.start is not None:  # it stands outside, on a leader
            assert shape.covers(shapely.Point(name.start)), area.id
            assert not shape.intersects(shapely.box(*name.box.inset(3))), area.id
            continue
        # the text is 2 units inside its box, and may touch the border
        assert shape.covers(shapely.box(*name.box.inset(3))), area.id


#: Place of a map on a slide: as wide as it, or beside a list, in units.
PLACES = (Box(0, 0, 1066, 440), Box(0, 0, 640, 440))


@pytest.fixture(params=[(sector, place) for sector in SECTORS for place in PLACES], ids=str)
def layout(study: Study, request: pytest.FixtureRequest) -> MapLayout:
    sector, place = request.param
    subject = PictureSubject(scene(study, sector), study.atlas.ground.names, room=True)
    return lay_out_map(subject, place)


def test_no_number_covers_a_lycee_that_has_a_sign(layout: MapLayout) -> None:
    numbers = [(label, at.box) for label, at in layout.labels if label.number]
    assert numbers
    enlarged = [label for inset in layout.insets for label, _ in inset.labels]
    shown = {label.request.key for label, _ in numbers} | {label.request.key for label in enlarged}
    assert shown == {f"zone-{zone.id}" for zone in layout.subject.zones}
    rings = [
        shapely.Point(*place).buffer(RADIUS)
        for point, place in zip(layout.points, layout.places.tolist(), strict=True)
        if not layout.subject.dots or point.role == "support"
    ]
    for label, box in numbers:
        assert label.style.size >= LEAST_IN_ROOM
        disc = shapely.Point(box.left + box.height / 2, box.centre[1]).buffer(box.height / 2 - 3)
        assert not [ring for ring in rings if ring.intersection(disc).area > 1], label.request.key


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
