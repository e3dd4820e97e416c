"""The picture of the plan that a page begins with: small, honest about drafts, in its place."""

from xml.etree import ElementTree as ET

import pytest

from geozones.render.first_picture import FirstPicture, first_picture
from geozones.render.signs import hatching
from geozones.workspace.figures.study import Study
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene

from .sheets import paths_of
from .test_signs import hatched

_SVG = "{http://www.w3.org/2000/svg}"
#: The picture is served with the first HTML.
_MOST_BYTES = 80_000


@pytest.fixture(scope="module")
def picture(study: Study) -> FirstPicture:
    return first_picture(build_scene(study, SceneOptions()), study.atlas.ground)


def test_it_is_an_image_of_80_kb_at_most(picture: FirstPicture) -> None:
    drawn = ET.fromstring(picture.svg)  # noqa: S314 - what this test has just made
    assert drawn.tag == f"{_SVG}svg"
    assert len(picture.svg.encode()) <= _MOST_BYTES


def test_drafts_are_hatched_and_published_zones_are_not(
    picture: FirstPicture, study: Study
) -> None:
    zones = build_scene(study, SceneOptions()).zones
    paths = paths_of(ET.fromstring(picture.svg))  # noqa: S314 - what this test has just made
    assert {zone.colour for zone in zones} <= {path["fill"] for path in paths}
    drafts = [zone for zone in zones if zone.draft]
    assert 0 < len(drafts) < len(zones)
    assert hatched(paths, least=1) == {hatching(zone.colour, zone.ink) for zone in drafts}


def test_it_is_placed_by_the_pixels_of_a_web_map(picture: FirstPicture, study: Study) -> None:
    west, south, east, north = picture.zones
    degrees = study.territory.shape(study.plan.lycees).bounds
    # at zoom 0, the world is 256 pixels wide: 180° west is 0
    assert west == pytest.approx((degrees[0] + 180) / 360 * 256, abs=0.01)
    assert east == pytest.approx((degrees[2] + 180) / 360 * 256, abs=0.01)
    # 47° north, read in a table of Web Mercator, is 89.8 pixels from the top
    assert north < 89.8 < south
