"""Pictures of a sheet: pixels, texts, the same bytes."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from geozones.export.pictures import laid_out, png
from geozones.render import MapGround
from geozones.render.figure import Figure
from geozones.render.sheet import SIZES, Sheet
from geozones.workspace.figures.study import Study
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene

SVG = "{http://www.w3.org/2000/svg}"
SHEET = Sheet(
    title="Secteur Mayenne – été à Évron",
    subtitle="Publié",
    date="2026-01-15",
    scenario="Plan en vigueur",
    version="3",
    status="à l'étude",
    engine="modèle routier",
)


@pytest.fixture(scope="module")
def drawn(study: Study) -> Figure:
    """The sector Mayenne."""
    return Figure((build_scene(study, SceneOptions(sector="mayenne")),), study.atlas.ground, SHEET)


def test_a_png_has_the_pixels_and_the_resolution_of_its_sheet(drawn: Figure) -> None:
    image = Image.open(io.BytesIO(png(drawn)))
    assert image.size == (1920, 1080)
    assert image.info["dpi"] == pytest.approx((144, 144), abs=0.1)
    assert image.info["Title"] == SHEET.title
    assert image.info["Description"] == "Plan en vigueur, version 3, à l'étude, 2026-01-15"
    assert "Software" not in image.info


@pytest.mark.parametrize(
    "sheet",
    [
        *(Sheet.named(size) for size in SIZES),
        *(Sheet(width, 827, 160) for width in (1951, 1952, 1953, 2133)),
    ],
    ids=str,
)
def test_a_picture_is_never_a_pixel_more_or_less(toy: Study, sheet: Sheet) -> None:
    shown = replace(build_scene(toy, SceneOptions()), zones=(), sectors=(), lycees=(), labels=())
    image = Image.open(io.BytesIO(png(Figure((shown,), MapGround(), sheet))))
    image.load()
    assert image.size == (sheet.width_px, sheet.height_px)
    assert image.info["dpi"] == pytest.approx((sheet.dpi, sheet.dpi), abs=0.1)


def test_an_svg_has_its_texts_in_the_faces_of_the_sheet(drawn: Figure) -> None:
    (shown,) = laid_out(drawn)["maps"]
    root = ET.fromstring(shown["svg"])  # noqa: S314 - what this test has just made
    nodes = {"".join(node.itertext()): node for node in root.iter(f"{SVG}text")}
    assert root.attrib["font-family"] == "'Source Sans Pro', 'Arimo'"
    assert nodes["Laval"].get("font-weight") == "700"
    assert nodes["Raoul Vadepied"].get("font-weight") is None
    assert nodes["Sarthe"].get("font-style") == "italic"  # a river
    identifiers = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(identifiers) == len(set(identifiers))


CHILD = """
import sys
from pathlib import Path
from geozones.export.pictures import png
from geozones.render.figure import Figure
from geozones.render.sheet import Sheet
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.figures.study import open_study
study = open_study(Path(sys.argv[1]))
scene = build_scene(study, SceneOptions(sector="nantes"))
sheet = Sheet(title="Nantes", date="2026-01-15", undecided=True)
figure = Figure((scene,), study.atlas.ground, sheet)
Path(sys.argv[2], "png").write_bytes(png(figure))
"""


@pytest.mark.slow
def test_the_same_scene_gives_the_same_bytes_in_two_processes(study: Study, tmp_path: Path) -> None:
    """Another process, which hashes differently, in another time zone."""
    subprocess.run(
        [sys.executable, "-c", CHILD, study.atlas.data.path, tmp_path],
        env={**os.environ, "PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo"},
        check=True,
    )
    sheet = Sheet(title="Nantes", date="2026-01-15", undecided=True)
    scene = build_scene(study, SceneOptions(sector="nantes"))
    figure = Figure((scene,), study.atlas.ground, sheet)
    assert (tmp_path / "png").read_bytes() == png(figure) == png(figure)


def test_pictures_that_were_made_leave_the_memory(drawn: Figure) -> None:
    """Typst keeps what it made for its next documents: 12 pictures would be 100 MB."""
    page = Path("/proc/self/statm")
    png(drawn)
    before = int(page.read_text().split()[1])
    for rank in range(12):
        png(replace(drawn, sheet=replace(SHEET, title=f"Image {rank}")))
    assert (int(page.read_text().split()[1]) - before) * os.sysconf("SC_PAGE_SIZE") < 60e6
