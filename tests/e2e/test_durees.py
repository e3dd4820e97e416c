"""How sure the minutes are, who made them: parts of the page « Données »."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from geozones.workspace.study import Study
from helpers.ors_server import OrsServer, Reply

from .accessible import serious
from .browser import PHONE
from .conftest import NewVisit, Visit, served

#: The parts of the page, and what each begins or ends with.
PARTS = {
    "Liste des lycées": "Qualité des données",
    "Fiabilité des durées": "Vos trajets mesurés",
    "Moteurs et sources": "Moteurs et ordre d'essai",
}


@pytest.fixture
def durees(visit: Visit) -> Visit:
    return visit.open("donnees")


@pytest.mark.slow
def test_each_part_is_accessible(durees: Visit) -> None:
    for part, sign in PARTS.items():
        durees.turn(part)
        expect(durees.page.get_by_text(sign)).to_be_visible()
        assert serious(durees.page) == {}, part
    durees.turn("Accessibilité et vie privée")
    expect(durees.page.get_by_text("voiture, heures creuses")).to_be_visible()
    assert durees.errors == []


def test_each_part_holds_on_a_phone(new_visit: NewVisit) -> None:
    visit = new_visit(PHONE).open("donnees")
    for part, sign in PARTS.items():
        visit.turn(part)
        expect(visit.page.get_by_text(sign)).to_be_visible()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.errors == []


@pytest.mark.slow
def test_a_rebuild_can_be_stopped_a_dead_engine_is_told_and_the_matrix_rebuilt_then_given_up(
    new_visit: NewVisit, ors: OrsServer, tmp_path: Path
) -> None:
    key = ors.key
    ors.script.append(Reply(hold=True))
    with served(tmp_path, GEOZONES_ORS_URL=ors.url, GEOZONES_ENGINES="openrouteservice") as url:
        visit = new_visit(url=url).open("donnees").turn("Moteurs et sources")
        visit.page.get_by_role("button", name="Recalculer la matrice").click()
        expect(visit.page.get_by_text("Calcul en cours")).to_be_visible()
        visit.page.get_by_role("button", name="Arrêter").click()
        expect(
            visit.page.get_by_text("Arrêt demandé").or_(visit.page.get_by_role("alert"))
        ).to_be_visible()
        ors.release.set()
        expect(visit.page.get_by_role("alert")).to_contain_text("Calcul arrêté")
        expect(visit.page.get_by_role("button", name="Recalculer la matrice")).to_be_visible()
        ors.key = "another"
        visit.page.get_by_role("button", name="Recalculer la matrice").click()
        told = visit.page.get_by_role("alert").filter(has_text="demande une clé")
        expect(told).to_contain_text("La matrice en service n'a pas changé")
        assert not (tmp_path / "travel_times.parquet").exists()
        ors.key = key
        visit.page.get_by_text("Calculer aussi les trajets vers les communes").click()
        visit.page.get_by_role("button", name="Recalculer la matrice").click()
        done = visit.page.get_by_role("status").filter(has_text="Matrice recalculée : ")
        expect(done).to_contain_text("openrouteservice")
        table = visit.page.get_by_role("table").filter(has_text="recalculées ici")
        expect(table).to_contain_text("openrouteservice.org, données OpenStreetMap")
        assert (tmp_path / "travel_times.parquet").is_file()
        visit.page.get_by_role("button", name="Revenir à la matrice livrée").click()
        shipped = visit.page.get_by_role("table", name="Durées utilisées, livrée")
        expect(shipped).to_be_visible()
        assert visit.outside == []
        assert visit.errors == []


@pytest.mark.slow
def test_reliability_against_the_shipped_times_then_against_one_s_own(
    durees: Visit, study: Study, tmp_path: Path
) -> None:
    durees.turn("Fiabilité des durées")
    shipped = durees.page.get_by_role("table").filter(has_text="Écarts par genre de trajet")
    expect(shipped).to_have_count(1)
    expect(shipped.get_by_role("row").filter(has_text="Courts")).to_be_visible()
    expect(durees.page.get_by_text("seules comptent ici les 135 autres")).to_be_visible()
    upload = durees.page.locator('input[type="file"]')

    # one bad line: told by its number, and nothing is compared
    path = tmp_path / "mesures.csv"
    path.write_text("de;a;minutes\nHenri Bergson;Angers;8\nLaval;Angers;1h15\n", encoding="utf-8")
    upload.set_input_files(path)
    alert = durees.page.get_by_role("alert").filter(has_text="mesures.csv")
    expect(alert).to_contain_text("n'a pas été comparé")
    expect(durees.page.get_by_text("Ligne 3, minutes : « 1h15 »")).to_be_visible()
    expect(shipped).to_have_count(1)

    # mended: figures of these two drives alone, and the detail to download
    same = f"{study.times.between('0491966W', '0492061Z'):.1f}".replace(".", ",")
    written = f"De;À;Durée\nHenri Bergson;0492061Z;{same}\nLaval;Angers;150\n"
    path.write_text(written, encoding="cp1252")
    upload.set_input_files(path)
    expect(shipped).to_have_count(2)
    expect(shipped.last.get_by_role("row").filter(has_text="Tous")).to_contain_text("1 sur 2")
    assert serious(durees.page) == {}
    expect(durees.page.get_by_role("heading", name="mesures.csv")).to_be_visible()
    worst = durees.page.get_by_role("table").filter(has_text="Les plus grands écarts").last
    first = worst.get_by_role("row").nth(1)
    expect(first).to_contain_text("Laval → Angers")
    expect(first).to_contain_text("150\u00a0min")
    expect(first).to_contain_text("−")
    expect(alert).to_have_count(0)
    with durees.page.expect_download() as download:
        durees.page.get_by_role("button", name="Télécharger le détail (CSV)").last.click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("de;nom_de;a;nom_a;genre;minutes_reference;minutes_outil;bas;haut;")
    assert len(lines) == 3

    durees.page.get_by_role("button", name="Oublier ce fichier").click()
    expect(shipped).to_have_count(1)
    assert durees.outside == []
    assert durees.errors == []
