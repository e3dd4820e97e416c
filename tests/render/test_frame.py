"""Where things are on a sheet, and on the first picture of a page."""

from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from geozones.common.errors import InputError
from geozones.render.figure.canvas import Box, Frame, drawable, fit, width, wrap
from geozones.render.figure.page import scale_of
from geozones.render.first_picture import FirstPicture, first_picture
from geozones.render.sheet import SIZES, Sheet
from geozones.render.signs import hatching
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene

from .sheets import paths_of
from .test_signs import hatched

GEOD = Geod(ellps="WGS84")
BOX = Box(40, 100, 1440, 960)


def metres(frame: Frame, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return what lies between two places of the sheet on the ground, by pyproj."""
    west, south, east, north = frame.bounds
    ends = []
    for x, y in (start, end):
        across, up = (x - BOX.left) / BOX.width, (y - BOX.bottom) / BOX.height
        ends += [west + across * (east - west), south + up * (north - south)]
    return float(GEOD.inv(*ends)[2])


@pytest.mark.parametrize("sector", [None, "nantes", "vendee", "mayenne"])
def test_the_scale_bar_has_the_length_it_says(study: Study, sector: str | None) -> None:
    members = study.plan.lycees_of(sector) if sector else study.plan.lycees
    frame = Frame.fit(study.territory.shape(members).bounds, BOX)
    scale = scale_of(frame)
    km, units = float(scale["name"].removesuffix("\u00a0km").replace(",", ".")), scale["length"]
    assert km in (0.5, 1, 2, 5, 10, 20, 50)
    x, y = BOX.centre
    assert metres(frame, (x - units / 2, y), (x + units / 2, y)) == pytest.approx(
        km * 1000, rel=5e-3
    )
    assert metres(frame, (x, y - units / 2), (x, y + units / 2)) == pytest.approx(
        km * 1000, rel=5e-3
    )


def test_the_region_is_nowhere_stretched_by_more_than_three_in_a_hundred(
    study: Study,
) -> None:
    frame = Frame.fit(study.territory.bounds, BOX)
    for y in np.linspace(BOX.bottom + 30, BOX.top - 30, 5):
        across = metres(frame, (700, y), (760, y))
        up = metres(frame, (700, y - 30), (700, y + 30))
        assert across / up == pytest.approx(1, abs=0.03)


def test_what_is_to_be_seen_is_inside_the_box_and_touches_it(study: Study) -> None:
    west, south, east, north = study.territory.bounds
    frame = Frame.fit(study.territory.bounds, BOX)
    x0, y0 = frame.point(south, west)
    x1, y1 = frame.point(north, east)
    assert BOX.inset(-1e-6).holds(Box(x0, y0, x1, y1))
    assert y1 - y0 == pytest.approx(BOX.height)
    aside = Frame.fit(study.territory.bounds, BOX, 0.5, (0.0, 1.0))
    assert aside.point(north, west) == pytest.approx((BOX.left, BOX.top))
    assert aside.metres_per_unit == pytest.approx(2 * frame.metres_per_unit)


@given(text=st.text(max_size=130), room=st.floats(20, 300), most=st.integers(1, 4))
def test_wrapped_text_is_never_wider_than_its_room_nor_longer_than_its_lines(
    text: str, room: float, most: int
) -> None:
    lines = wrap(text, 13.0, room, most=most)
    assert 1 <= len(lines) <= most
    assert all(width(line, 13.0) <= room + 1e-6 for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join(lines).replace(" ", "") == drawable(text).replace(" ", "")
    assert width(fit(text, 13.0, room), 13.0) <= room + 1e-6


def test_letters_that_the_font_has_not_are_left_out_and_unbreakable_spaces_kept() -> None:
    assert drawable("  Zone\n🎉 fête 👩‍💻\u0007 ") == "Zone fête"
    assert drawable("🎉") == "(sans nom)"
    assert drawable("27\u00a0min") == "27\u00a0min"
    assert wrap("le plus long 27\u00a0min", 10, width("le plus long 27", 10) + 1) == (
        "le plus long",
        "27\u00a0min",
    )
    assert wrap("Maine-et-Loire", 10, width("Maine-et-L", 10)) == ("Maine-et-", "Loire")


def test_sheets_have_the_sizes_they_are_named_by() -> None:
    assert {name: size[:2] for name, size in SIZES.items()} == {
        "hd": (1920, 1080),
        "4k": (3840, 2160),
        "a4": (2339, 1654),
        "a3": (3307, 2339),
    }
    with pytest.raises(InputError, match="« a9 » n'existe pas : choisissez hd, 4k, a4 ou a3"):
        Sheet.named("a9")
    with pytest.raises(InputError, match="entre 480 et 12000 pixels"):
        Sheet(width_px=100)


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
