"""The typeface of files, which an installation may be without, and its fonts cut."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import streamlit
from fontTools.ttLib import TTFont

from geozones.render.figure.canvas import Box, Canvas, TextStyle, width
from geozones.render.typeface import (
    Face,
    Typeface,
    app_typeface,
    cut_icons,
    cut_letters,
    icon_names,
    office_typeface,
    set_in,
    typeface,
    typeface_in,
)
from geozones.ui.server import page_head

from .sheets import SVG, Line, measured


def test_files_are_in_the_typeface_of_the_app() -> None:
    assert typeface().name == "Source Sans Pro"
    assert typeface().warning == ""


def test_a_missing_file_leaves_the_last_typeface_and_a_sentence(tmp_path: Path) -> None:
    for path in (paths[0] for paths in typeface().files.values()):
        (tmp_path / path.name).symlink_to(path)
    assert typeface_in(tmp_path).name == "Source Sans Pro"
    (tmp_path / "SourceSansPro-It.ttf").unlink()
    for folder in (tmp_path, tmp_path / "away", None):
        found = typeface_in(folder)
        assert found.names == ("Arimo",)
        assert all(path.is_file() for paths in found.files.values() for path in paths)
        assert found.warning.startswith("La police Source Sans Pro manque à cette installation")


def test_the_pictures_of_a_deck_are_as_wide_as_arial_in_both_weights() -> None:
    """Arial's widths, in parts of 2048: R 1479; é, g, o and n 1139, in bold g, o and n 1251."""
    app = width("Région", 2048), width("Région", 2048, "bold")
    with set_in(office_typeface()):
        assert typeface().name == "Arimo"
        assert width("Région", 2048) == pytest.approx(1479 + 1139 * 4 + 455, abs=60)
        bold = 1479 + 1139 + 1251 + 569 + 1251 * 2
        assert width("Région", 2048, "bold") == pytest.approx(bold, abs=60)
    assert (width("Région", 2048), width("Région", 2048, "bold")) == app


TOLD = (
    "Maine-et-Loire",
    "MAINE-ET-LOIRE",
    "AVANT : Vallée d'Yon, Tuffalun, P.A.V.É.",
    "1\u202f796 h, 27\u00a0min",
    "L'Huisserie – Évron – Œuvre",
    "Θήρα, Київ",
    "Chevrollier ★",
    "Երևան – თბილისი",
)


@pytest.mark.parametrize("face", ["regular", "bold", "italic"])
@pytest.mark.parametrize("chosen", [app_typeface, office_typeface])
def test_texts_are_as_wide_as_they_are_typeset(face: Face, chosen: Callable[[], Typeface]) -> None:
    with set_in(chosen()):
        lines = [Line("", text, (0, 0), 100, "start", face, "#000000") for text in TOLD]
        for line, (wide, _, _) in zip(lines, measured(lines), strict=True):
            assert width(line.text, 100, face) == pytest.approx(wide, rel=0.006), line.text


def test_a_letter_that_the_typeface_lacks_leaves_the_others_in_it() -> None:
    """In SVG a line that its family cannot write is wholly in the next one that can."""
    canvas = Canvas(Box(0, 0, 1920, 1080))
    canvas.text((300, 300), "Chevrollier ★ Θ", TextStyle(20, align="right"))
    svg = ET.fromstring(canvas.svg())  # noqa: S314 - what this test has just made
    families = {part.text: part.attrib["font-family"] for part in svg.iter(f"{SVG}tspan")}
    assert families["Chevrollier "] == "'Source Sans Pro'"
    assert families["★"] == "'DejaVu Sans Mono'"
    ends = [float(part.attrib["x"]) for part in svg.iter(f"{SVG}tspan")]
    assert ends == sorted(ends)
    assert 3000 - 20 * width("Chevrollier ★ Θ", 10) == pytest.approx(ends[0], abs=1)


def test_the_bold_is_cut_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    for _ in range(2):
        office_typeface.cache_clear()
        bold = office_typeface().files["bold"][0]
        assert bold.is_relative_to(tmp_path)
    assert len(list((tmp_path / "fonts").glob("*.ttf"))) == 1
    office_typeface.cache_clear()


def test_a_home_that_cannot_be_written_leaves_the_typeface_of_the_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "home").write_text("a file")
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    office_typeface.cache_clear()
    assert office_typeface().name == "Source Sans Pro"
    office_typeface.cache_clear()


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


def test_a_font_is_cut_to_the_same_bytes_on_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, made = app_typeface().files["regular"][0].read_bytes(), set()
    for moment in ("1", "1000000000"):  # fonttools reads the clock there
        monkeypatch.setenv("SOURCE_DATE_EPOCH", moment)
        made.add(cut_letters(whole, map(ord, "été")))
    assert len(made) == 1


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
