"""PNG, PDF and SVG of a sheet, opened by other programs than the one that wrote them."""

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_svg import RendererSVG
from PIL import Image

from geozones.export.pictures import pdf, png, svg
from geozones.render.figure import draw
from geozones.render.sheet import Sheet
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study

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
def files(study: Study) -> dict[str, bytes]:
    """The sector Mayenne in the three formats."""
    scene = build_scene(study, SceneOptions(sector="mayenne"))
    figure = draw(scene, study.atlas.ground, SHEET)
    return {"png": png(figure, SHEET), "pdf": pdf(figure, SHEET), "svg": svg(figure, SHEET)}


@pytest.mark.slow
def test_a_png_has_the_pixels_and_the_resolution_of_its_sheet(
    study: Study, files: dict[str, bytes]
) -> None:
    image = Image.open(io.BytesIO(files["png"]))
    assert image.size == (1920, 1080)
    assert image.info["dpi"] == pytest.approx((144, 144), abs=0.1)
    assert image.info["Title"] == SHEET.title
    assert image.info["Description"] == "Plan en vigueur, version 3, à l'étude, 2026-01-15"
    assert "Software" not in image.info
    scene = build_scene(study, SceneOptions())
    upright = Sheet.named("a4", portrait=True, title="Région")
    image = Image.open(io.BytesIO(png(draw(scene, study.atlas.ground, upright), upright)))
    assert image.size == (2480, 3508)
    assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_a_pdf_embeds_its_fonts_and_its_text_can_be_selected(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    path = tmp_path / "carte.pdf"
    path.write_bytes(files["pdf"])
    listed = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout
    fonts = [line for line in listed.splitlines()[2:] if line.strip()]
    assert len(fonts) >= 2
    for line in fonts:
        assert re.search(r"TrueType.*\s(yes)\s+(yes|no)\s+yes\s", line), line
    text = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    for words in (SHEET.title, "Château-Gontier – Segré", "Raoul Vadepied", "RNS Lucien Druault"):
        assert words in text
    for words in ("Plan en vigueur · à l'étude · 15 janvier 2026", "modèle routier"):
        assert words in text
    info = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "960 x 540 pts" in info  # 13.33 × 7.5 inches
    assert "CreationDate" not in info


def test_an_svg_carries_the_letters_of_its_text(files: dict[str, bytes]) -> None:
    root = ET.fromstring(files["svg"])  # noqa: S314 - what this test has just made
    texts = {"".join(node.itertext()).strip() for node in root.iter(f"{SVG}text")}
    assert {"Raoul Vadepied", "Secteur Mayenne – été à Évron", "Publié"} <= texts
    used = {node.get("style") or "" for node in root.iter(f"{SVG}text")}
    assert all("font-family: 'Source Sans Pro', 'DejaVu Sans'" in style for style in used)
    faces = {"".join(n.itertext()).strip(): n.get("style") or "" for n in root.iter(f"{SVG}text")}
    assert re.search(r"\b(bold|700)\b", faces["Secteur Mayenne – été à Évron"])
    assert not re.search(r"\b(bold|700)\b", faces["Raoul Vadepied"])
    assert "italic" in faces["Sarthe"]  # a river
    style = files["svg"].decode()
    rule = r"font-family:'([^']+)';font-weight:(\d+);font-style:(\w+);[^}]*base64,([\w+/=]+)"
    carried: dict[tuple[str, str], set[int]] = {}
    for name, weight, slope, data in re.findall(rule, style):
        letters = TTFont(io.BytesIO(base64.b64decode(data))).getBestCmap()
        assert name in {"Source Sans Pro", "DejaVu Sans"}
        carried.setdefault((weight, slope), set()).update(letters)
    assert set(carried) == {("400", "normal"), ("700", "normal"), ("400", "italic")}
    for letters in carried.values():
        assert {ord(c) for c in "".join(texts)} <= letters
    identifiers = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(identifiers) == len(set(identifiers))
    assert "http" not in re.sub(
        r'xmlns(:\w+)?="[^"]*"|rdf:\w+="[^"]*"', "", style.split("<defs>")[1]
    )


CHILD = """
import sys
from pathlib import Path
from geozones.export.pictures import pdf, png, svg
from geozones.render.figure import draw
from geozones.render.sheet import Sheet
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import open_study
study = open_study(Path(sys.argv[1]))
scene = build_scene(study, SceneOptions(sector="nantes"))
sheet = Sheet(title="Nantes", date="2026-01-15", undecided=True)
figure = draw(scene, study.atlas.ground, sheet)
for write in (png, pdf, svg):
    Path(sys.argv[2], write.__name__).write_bytes(write(figure, sheet))
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
    figure = draw(build_scene(study, SceneOptions(sector="nantes")), study.atlas.ground, sheet)
    for write in (png, pdf, svg):
        other, here = (tmp_path / write.__name__).read_bytes(), write(figure, sheet)
        apart = [
            pair
            for pair in zip(other.splitlines(), here.splitlines(), strict=False)
            if len({*pair}) > 1
        ]
        assert other == here, (write.__name__, apart[:3])


@pytest.mark.slow
def test_the_last_digits_of_a_transform_do_not_change_the_names_of_clips(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure = draw(build_scene(study, SceneOptions(sector="sarthe")), study.atlas.ground, SHEET)
    before, made = svg(figure, SHEET), RendererSVG._make_id
    monkeypatch.setattr(
        RendererSVG,
        "_make_id",
        lambda self, kind, content: made(
            self, kind, (content, "1e-16") if kind == "p" else content
        ),
    )
    assert svg(figure, SHEET) == before
    assert len(set(re.findall(rb'<clipPath id="([^"]+)"', before))) > 10


@pytest.mark.slow
def test_writing_twice_gives_the_same_bytes(study: Study) -> None:
    scene = build_scene(study, SceneOptions(sector="sarthe"))
    figure = draw(scene, study.atlas.ground, SHEET)
    for write in (png, pdf, svg):
        first, second = (hashlib.sha256(write(figure, SHEET)).digest() for _ in range(2))
        assert first == second
