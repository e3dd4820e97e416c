"""Names of areas on sheets stay inside them, at every size of picture."""

import pytest
import shapely

from geozones.render.figure.canvas import Box
from geozones.render.figure.map_layout import lay_out_map
from geozones.render.figure.placement import Cells
from geozones.render.figure.subject import PictureSubject
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but

from .sheets import scene

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
