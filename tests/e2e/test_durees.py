"""Parts of the page « Données »: lists, minutes and how sure they are, territories."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from geozones.workspace.study import Study

from .accessible import serious
from .browser import PHONE
from .conftest import NewVisit, Visit

#: The parts of the page, and what each ends with.
PARTS = {
    "Liste": "Qualité des données",
    "Minutes": "Vos trajets mesurés",
    "Territoires": "Nouveau territoire",
}


@pytest.fixture
def durees(visit: Visit) -> Visit:
    return visit.open("donnees")


def test_each_part_holds_on_a_phone(new_visit: NewVisit) -> None:
    visit = new_visit(PHONE).open("donnees")
    for part, sign in PARTS.items():
        visit.turn(part)
        expect(visit.page.get_by_text(sign)).to_be_visible()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.errors == []


@pytest.mark.slow
def test_reliability_against_the_shipped_times_then_against_one_s_own(
    durees: Visit, study: Study, tmp_path: Path
) -> None:
    durees.turn("Minutes")
    page = durees.page
    told = page.get_by_text("la fourchette de l'outil contient")
    expect(told).to_contain_text("Sur 135")
    worst = page.get_by_role("table").filter(has_text="Les plus grands écarts")
    expect(worst).to_have_count(0)
    page.get_by_text("Les plus grands écarts").click()
    expect(worst).to_have_count(1)
    expect(page.get_by_text("seules comptent ici les 135 autres")).to_be_visible()
    upload = page.locator('input[type="file"]')

    # one bad line: told by its number, and nothing is compared
    path = tmp_path / "mesures.csv"
    path.write_text("de;a;minutes\nHenri Bergson;Angers;8\nLaval;Angers;1h15\n", encoding="utf-8")
    upload.set_input_files(path)
    alert = page.get_by_role("alert").filter(has_text="mesures.csv")
    expect(alert).to_contain_text("n'a pas été comparé")
    expect(page.get_by_text("Ligne 3, minutes : « 1h15 »")).to_be_visible()
    expect(told).to_have_count(1)

    # mended: figures of these two drives alone, and the detail to download
    same = f"{study.times.between('0491966W', '0492061Z'):.1f}".replace(".", ",")
    written = f"De;À;Durée\nHenri Bergson;0492061Z;{same}\nLaval;Angers;150\n"
    path.write_text(written, encoding="cp1252")
    upload.set_input_files(path)
    expect(told).to_have_count(2)
    expect(told.last).to_contain_text("pour 1 sur 2")
    assert serious(page) == {}
    expect(page.get_by_role("heading", name="mesures.csv")).to_be_visible()
    first = worst.last.get_by_role("row").nth(1)
    expect(first).to_contain_text("Laval → Angers")
    expect(first).to_contain_text("150\u00a0min")
    expect(first).to_contain_text("−")
    expect(alert).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("button", name="Télécharger le détail (CSV)").last.click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("de;nom_de;a;nom_a;genre;minutes_reference;minutes_outil;bas;haut;")
    assert len(lines) == 3

    page.get_by_role("button", name="Oublier ce fichier").click()
    expect(told).to_have_count(1)
    assert durees.outside == []
    assert durees.errors == []
