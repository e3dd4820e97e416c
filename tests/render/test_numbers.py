"""Numbers of zones on slides: none lies over a lycée."""

import pytest
import shapely

from geozones.render.figure.canvas import Box
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.subject import RADIUS, PictureSubject
from geozones.render.sheet import LEAST_IN_ROOM
from geozones.workspace.figures.study import Study

from .sheets import SECTORS, scene

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
