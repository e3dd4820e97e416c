"""The page « Partager »: choose, look, take away, open it with another program."""

import base64
import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Download, Page, expect
from pptx import Presentation
from pptx.util import Inches

from .browser import PHONE, WIDE
from .conftest import NewVisit, Visit, still

#: The picture of the clipboard, in base 64.
_READ = """async () => {
  const [item] = await navigator.clipboard.read();
  const picture = await item.getType("image/png");
  const address = await new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsDataURL(picture);
  });
  return address.split(",")[1];
}"""


def choose(visit: Visit, label: str, option: str) -> None:
    visit.page.get_by_role("combobox", name=label, exact=True).click()
    visit.page.get_by_role("option", name=option).click()


def shown(visit: Visit, title: str) -> None:
    """Wait for the preview of a view."""
    expect(visit.page.get_by_text(f"Aperçu : {title}")).to_be_visible()


def taken(visit: Visit, kind: str = "preparer") -> Download:
    """Prepare a file, and download it."""
    page = visit.page
    page.locator(f".st-key-partager-{kind} button").click()
    button = page.locator(f".st-key-partager-{kind}-telecharger button")
    button.wait_for()
    with page.expect_download() as waiting:
        button.click()
    return waiting.value


@pytest.mark.slow
def test_a_view_is_seen_on_any_screen_and_taken_away_as_a_pdf(
    new_visit: NewVisit, tmp_path: Path
) -> None:
    visit = new_visit(PHONE).open("partager")
    shown(visit, "Secteurs et zones de continuité, Plan de départ")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visit.page.evaluate(wide) <= 0
    visit.page.set_viewport_size(WIDE)
    its_picture_is_copied(visit.page)
    # a template of the region is taken or refused at once
    choose(visit, "Format", "Diaporama PowerPoint")
    given = visit.page.locator("input[type=file]")
    given.set_input_files([a_template(width=Inches(6))])  # upright
    expect(visit.page.get_by_role("alert")).to_contain_text("trop étroit")
    still(visit.page)
    given.set_input_files([a_template()])  # 4:3, as python-pptx makes one
    expect(visit.page.get_by_text("pour cette session")).to_contain_text("region.pptx")
    expect(visit.page.get_by_role("alert")).to_have_count(0)
    visit.page.get_by_role("button", name="Revenir au modèle de l’outil").click()
    expect(visit.page.get_by_text("Modèle de la Région, facultatif")).to_be_visible()
    # a sector, as a PDF
    choose(visit, "Vue", "Un secteur")
    choose(visit, "Secteur", "Sarthe")
    shown(visit, "Secteur Sarthe")
    choose(visit, "Format", "Document PDF")
    download = taken(visit)
    assert download.suggested_filename.startswith("geozones_secteur-sarthe_plan-de-depart_v")
    assert download.suggested_filename.endswith(".pdf")
    path = tmp_path / "sarthe.pdf"
    download.save_as(path)
    read = ["pdftotext", "-layout", str(path), "-"]
    said = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    assert "Secteur Sarthe" in said
    assert "brouillon" in said
    assert visit.outside == []
    assert visit.errors == []


def its_picture_is_copied(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copier l’image").click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    with Image.open(io.BytesIO(base64.b64decode(page.evaluate(_READ)))) as copied:
        assert copied.format == "PNG"
        assert copied.width >= 1600  # sharp on a slide
        assert len(copied.convert("RGB").getcolors(1 << 24) or []) > 500  # a map, not a blank
    page.context.clear_permissions()


def a_template(**size: int) -> dict[str, object]:
    deck = Presentation()
    deck.slide_width = size.get("width", deck.slide_width)
    stream = io.BytesIO()
    deck.save(stream)
    return {"name": "region.pptx", "mimeType": "application/zip", "buffer": stream.getvalue()}


@pytest.mark.slow
def test_everything_for_a_webinar_comes_in_one_zip_with_progress(visit: Visit) -> None:
    visit.open("partager")
    visit.page.locator(".st-key-partager-zip button").click()
    expect(visit.page.get_by_role("progressbar")).to_be_visible()
    expect(visit.page.get_by_text(re.compile(r"sur \d+ : le diaporama"))).to_be_visible()
    button = visit.page.locator(".st-key-partager-zip-telecharger button")
    button.wait_for()
    with visit.page.expect_download() as waiting:
        button.click()
    with zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes())) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
    assert len([name for name in names if name.startswith("images/secteur-")]) == 7
    assert {"1-diaporama.pptx", "2-webinaire.html", "3-carte-interactive.html"} <= set(names)
    visit.page.get_by_role("button", name="Ouvrir le mode webinaire").click()
    expect(visit.page.get_by_role("radio", name="Webinaire")).to_be_checked()
    expect(visit.page.get_by_role("button", name="Démarrer le webinaire")).to_be_visible()
