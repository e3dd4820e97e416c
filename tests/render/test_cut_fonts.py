"""Fonts cut down: what is kept is drawn, the rest is gone."""

import io
import re
from pathlib import Path

import pytest
import streamlit
from fontTools.ttLib import TTFont

from geozones.render.typeface import cut_icons, cut_letters, icon_names
from geozones.ui.server import page_head

ICON = re.compile(r":material/([a-z0-9_]+):")
MEDIA = Path(streamlit.__file__).parent / "static" / "static" / "media"


def font(name: str) -> bytes:
    (found,) = MEDIA.glob(f"{name}.*.woff2")
    return found.read_bytes()


@pytest.mark.slow
def test_icons_that_are_kept_are_drawn_by_their_names_and_no_other_is_left() -> None:
    whole = font("MaterialSymbols-Rounded")
    cut = cut_icons(whole, {"map", "more_horiz", "123"})
    assert icon_names(cut) == {"map", "more_horiz", "123"}
    assert len(cut) < len(whole) / 50
    outlines = TTFont(io.BytesIO(cut))["glyf"]
    assert any(outlines[glyph].numberOfContours > 0 for glyph in outlines.keys())  # noqa: SIM118


def test_an_icon_that_the_font_does_not_have_is_refused() -> None:
    with pytest.raises(KeyError):
        cut_icons(font("MaterialSymbols-Rounded"), {"no_such_icon"})


@pytest.mark.slow
def test_the_letters_of_french_stay_in_every_weight() -> None:
    whole = font("SourceSansVF-Upright.ttf")
    cut = TTFont(io.BytesIO(cut_letters(whole)))
    assert set(map(ord, "éÈçœŒ’«»– −→≤…Ÿ€\u202f\xa0")) - {0x202F} <= set(cut.getBestCmap())
    assert [axis.axisTag for axis in cut["fvar"].axes] == ["wght"]
    assert len(cut_letters(whole)) < len(whole) / 3


def test_each_icon_that_the_package_names_is_kept_for_pages() -> None:
    sources = Path(page_head.__file__).parents[2].rglob("*.py")
    named = {icon for file in sources for icon in ICON.findall(file.read_text("utf-8"))}
    assert {"map", "send"} <= named
    assert named - set(page_head._icons_of(font("MaterialSymbols-Rounded"))) == set()
