"""PNG and SVG of a sheet: pixels, texts, the same bytes."""

import hashlib
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from matplotlib.backends.backend_svg import RendererSVG
from PIL import Image

from geozones.export.pictures import png, svg_part
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
    """The sector Mayenne in both formats."""
    scene = build_scene(study, SceneOptions(sector="mayenne"))
    figure = draw(scene, study.atlas.ground, SHEET)
    return {"png": png(figure, SHEET), "svg": svg_part(figure, SHEET)}


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


def test_an_svg_has_its_texts_in_the_faces_of_the_sheet(files: dict[str, bytes]) -> None:
    root = ET.fromstring(files["svg"])  # noqa: S314 - what this test has just made
    texts = {"".join(node.itertext()).strip() for node in root.iter(f"{SVG}text")}
    assert {"Raoul Vadepied", "Secteur Mayenne – été à Évron", "Publié"} <= texts
    used = {node.get("style") or "" for node in root.iter(f"{SVG}text")}
    assert all("font-family: 'Source Sans Pro', 'DejaVu Sans'" in style for style in used)
    faces = {"".join(n.itertext()).strip(): n.get("style") or "" for n in root.iter(f"{SVG}text")}
    assert re.search(r"\b(bold|700)\b", faces["Secteur Mayenne – été à Évron"])
    assert not re.search(r"\b(bold|700)\b", faces["Raoul Vadepied"])
    assert "italic" in faces["Sarthe"]  # a river
    identifiers = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(identifiers) == len(set(identifiers))


CHILD = """
import sys
from pathlib import Path
from geozones.export.pictures import png, svg_part
from geozones.render.figure import draw
from geozones.render.sheet import Sheet
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import open_study
study = open_study(Path(sys.argv[1]))
scene = build_scene(study, SceneOptions(sector="nantes"))
sheet = Sheet(title="Nantes", date="2026-01-15", undecided=True)
figure = draw(scene, study.atlas.ground, sheet)
for write in (png, svg_part):
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
    for write in (png, svg_part):
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
    before, made = svg_part(figure, SHEET), RendererSVG._make_id
    monkeypatch.setattr(
        RendererSVG,
        "_make_id",
        lambda self, kind, content: made(
            self, kind, (content, "1e-16") if kind == "p" else content
        ),
    )
    assert svg_part(figure, SHEET) == before
    assert len(set(re.findall(rb'<clipPath id="([^"]+)"', before))) > 10


@pytest.mark.slow
def test_writing_twice_gives_the_same_bytes(study: Study) -> None:
    scene = build_scene(study, SceneOptions(sector="sarthe"))
    figure = draw(scene, study.atlas.ground, SHEET)
    for write in (png, svg_part):
        first, second = (hashlib.sha256(write(figure, SHEET)).digest() for _ in range(2))
        assert first == second
