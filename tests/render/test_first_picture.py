"""The picture of the plan that a page begins with: small, honest about drafts, in its place."""

from xml.etree import ElementTree as ET

import pytest

from geozones.domain import DecisionStatus
from geozones.render.first_picture import FirstPicture, first_picture
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study

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
    drawn = ET.fromstring(picture.svg)  # noqa: S314 - what this test has just made
    fills = [path.get("fill", "") for path in drawn.iter(f"{_SVG}path")]
    hatched = [fill for fill in fills if fill.startswith("url(#")]
    assert len(hatched) == sum(zone.draft for zone in zones) > 0
    plain = {zone.colour for zone in zones if zone.status is DecisionStatus.PUBLISHED}
    assert plain <= set(fills)
    patterns = {pattern.get("id") for pattern in drawn.iter(f"{_SVG}pattern")}
    assert {fill[5:-1] for fill in hatched} <= patterns


def test_it_is_placed_by_the_pixels_of_a_web_map(picture: FirstPicture, study: Study) -> None:
    west, south, east, north = picture.zones
    degrees = study.territory.shape(study.plan.lycees).bounds
    # at zoom 0, the world is 256 pixels wide: 180° west is 0
    assert west == pytest.approx((degrees[0] + 180) / 360 * 256, abs=0.01)
    assert east == pytest.approx((degrees[2] + 180) / 360 * 256, abs=0.01)
    # 47° north, read in a table of Web Mercator, is 89.8 pixels from the top
    assert north < 89.8 < south
