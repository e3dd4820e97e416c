"""Pictures of a sheet and their QR code: pixels, texts, the same bytes."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import segno
from PIL import Image
from pptx import Presentation

from geozones.export.deck import pptx
from geozones.export.file_parts import qr_png
from geozones.export.pictures import laid_out, png, png_file
from geozones.render import MapGround
from geozones.render.figure import Figure
from geozones.render.sheet import SIZES, Sheet
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

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
from geozones.workspace.maps import SceneOptions, build_scene
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


LINK = "https://geozones.region.example/?version=aB3dE6gH1jK4mN7pQ0sT5vX8"


def test_a_code_has_a_white_border_and_is_as_wide_as_asked_in_whole_modules() -> None:
    with Image.open(io.BytesIO(qr_png(LINK, 500))) as opened:
        code = opened.convert("L")
    modules = next(m for m in range(21 + 8, 177 + 9, 4) if code.width % m == 0)
    assert code.width == code.height >= 500
    border = 4 * code.width // modules
    assert code.crop((0, 0, code.width, border)).getextrema() == (255, 255)
    assert code.crop((border, border, border + 1, border + 1)).getextrema()[0] < 60
    assert qr_png(LINK, 500) == qr_png(LINK, 500)


SITE, TOKEN = "https://geozones.region.example", "aB3dE6gH1jK4mN7pQ0sT5vX8"


def test_the_code_of_a_sheet_is_that_of_its_view(toy: Study) -> None:
    shown = dossier(of_baseline(toy.analysis).at(SITE, TOKEN), ExportView("sector", "nord"))
    link = f"{SITE}/?version={TOKEN}"
    assert shown.address == link
    rows = segno.make(link, error="m", micro=False).matrix
    with Image.open(io.BytesIO(png_file(shown, "hd"))) as sheet:
        corner = sheet.convert("L").crop((1740, 900, 1900, 1080))
    left, top, right, bottom = corner.point(lambda grey: 255 * (grey < 80)).getbbox()
    side = (right - left) / len(rows)
    assert side == (bottom - top) / len(rows) == int(side)  # whole pixels
    middles = [(rank + 0.5) * side for rank in range(len(rows))]
    read = [[corner.getpixel((left + x, top + y)) < 128 for x in middles] for y in middles]
    assert read == [[bool(module) for module in row] for row in rows]


def test_the_deck_leads_to_its_view_and_a_machine_of_ones_own_to_nothing(toy: Study) -> None:
    for site, codes in ((SITE, 1), ("http://127.0.0.1:8501", 0)):
        shown = dossier(of_baseline(toy.analysis).at(site, TOKEN), ExportView("sector", "nord"))
        deck = Presentation(io.BytesIO(pptx(shown)))
        told = [
            shape._element._nvXxPr.cNvPr.get("descr", "")
            for slide in deck.slides
            for shape in slide.shapes
        ]
        assert sum(f"Code QR qui mène à {site}" in text for text in told) == codes
