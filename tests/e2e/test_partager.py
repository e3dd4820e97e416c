"""The page « Partager »: choose, look, take away, open it with another program."""

import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Download, expect
from pptx import Presentation
from pptx.util import Inches

from geozones.store import open_store
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study

from .browser import PHONE
from .conftest import NewVisit, Visit, served, still

#: The files of a webinar are half a minute of work, on a machine that may have ten others to do.
LONG = 300_000


def choose(visit: Visit, label: str, option: str) -> None:
    visit.page.get_by_role("combobox", name=label, exact=True).click()
    visit.page.get_by_role("option", name=option).click()


def shown(visit: Visit, title: str) -> None:
    """Wait for the preview of a view."""
    expect(visit.page.get_by_text(f"Aperçu : {title}")).to_be_visible(timeout=LONG)


def taken(visit: Visit, kind: str = "preparer") -> Download:
    """Prepare a file, and download it."""
    page = visit.page
    page.locator(f".st-key-partager-{kind} button").click()
    button = page.locator(f".st-key-partager-{kind}-telecharger button")
    button.wait_for(timeout=LONG)
    with page.expect_download() as waiting:
        button.click()
    return waiting.value


def test_a_sector_is_chosen_seen_and_taken_away_as_a_pdf(visit: Visit, tmp_path: Path) -> None:
    visit.open("partager")
    shown(visit, "Secteurs et zones de continuité, Plan de départ")
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


def test_a_table_is_previewed_as_a_table(visit: Visit) -> None:
    visit.open("partager")
    choose(visit, "Format", "Tableau CSV")
    table = visit.page.get_by_role("table", name="Aperçu")
    expect(table.locator("tbody tr")).to_have_count(12)
    download = taken(visit)
    content = Path(download.path()).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfuai;")
    assert content.count(b"\r\n") == 120


def test_a_plan_without_changes_has_no_before_and_says_where_to_make_one(
    new_visit: NewVisit, empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open("partager")
    choose(visit, "Vue", "Avant et après")
    expect(visit.page.get_by_text("Ce plan n'a pas d'avant")).to_be_visible()
    choose(visit, "Vue", "Deux plans comparés")
    expect(visit.page.get_by_text("Il faut deux plans enregistrés")).to_be_visible()
    expect(visit.page.locator(".st-key-partager-preparer")).to_have_count(0)
    visit.follow("Ouvrir la carte", "carte")
    visit.turn("Modifier")
    expect(visit.page.get_by_text("Choisissez un lycée")).to_be_visible()


@pytest.mark.slow
def test_everything_for_a_webinar_comes_in_one_zip_with_progress(visit: Visit) -> None:
    visit.open("partager")
    visit.page.locator(".st-key-partager-zip button").click()
    expect(visit.page.get_by_role("progressbar")).to_be_visible()
    expect(visit.page.get_by_text("sur 17 : le diaporama")).to_be_visible()
    button = visit.page.locator(".st-key-partager-zip-telecharger button")
    button.wait_for(timeout=LONG)
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


@pytest.fixture
def phone(new_visit: NewVisit) -> Visit:
    return new_visit(PHONE)


def test_a_phone_shows_it_without_scrolling_sideways(phone: Visit) -> None:
    phone.open("partager")
    shown(phone, "Secteurs et zones")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert phone.page.evaluate(wide) <= 0


def a_template(**size: int) -> dict[str, object]:
    deck = Presentation()
    deck.slide_width = size.get("width", deck.slide_width)
    stream = io.BytesIO()
    deck.save(stream)
    return {"name": "region.pptx", "mimeType": "application/zip", "buffer": stream.getvalue()}


def test_a_template_of_the_region_is_taken_or_refused_at_once(visit: Visit) -> None:
    page = visit.open("partager").page
    choose(visit, "Format", "Diaporama PowerPoint")
    given = page.locator("input[type=file]")
    given.set_input_files([a_template()])  # 4:3, as python-pptx makes one
    expect(page.get_by_role("alert")).to_contain_text("pas au format 16:9")
    still(page)
    given.set_input_files([a_template(width=Inches(13.333))])
    expect(page.get_by_text("pour cette session")).to_contain_text("region.pptx")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="Revenir au modèle de l'outil").click()
    expect(page.get_by_text("Modèle de la Région, facultatif")).to_be_visible()


def test_a_scenario_is_frozen_on_demand_for_the_code_of_its_files(
    new_visit: NewVisit, study: Study, tmp_path: Path
) -> None:
    public = "https://geozones.region.example"
    with served(tmp_path, GEOZONES_PUBLIC_URL=public) as url:
        store = open_store(f"sqlite:///{tmp_path / 'scenarios.db'}")
        service = Scenarios(study.analysis, lambda: store, LOCAL)
        work = service.editor.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
        visit = new_visit(url=url).open(f"partager?scenario={work.saved.id}")
        page = visit.page
        expect(page.get_by_text("cette version du scénario n'est pas figée")).to_be_visible()
        page.get_by_role("button", name="Figer cette version pour un code QR").click()
        expect(page.get_by_text("Cette version est figée")).to_be_visible()
        expect(page.get_by_text("Pas de code QR")).to_have_count(0)
        choose(visit, "Format", "Document PDF")
        path = tmp_path / "plan.pdf"
        taken(visit).save_as(path)
        (link,) = service.sharing.links(work.saved.id)
        store.close()
    read = ["pdftotext", "-raw", str(path), "-"]
    said = subprocess.run(read, capture_output=True, text=True, check=True).stdout
    assert f"{public}/?version={link.token}" in said.replace("\n", "")
    assert work.saved.id not in said
