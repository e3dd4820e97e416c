"""A list imported in steps, as a planner does it: nothing is written before the last."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .accessible import serious
from .conftest import NewVisit, Visit

SOURCE = Path(__file__).parents[1] / "intake" / "fixtures" / "webinaire_2025-06-11.txt"


def paste(visit: Visit, text: str) -> None:
    """Paste a text as a user does: into the box, then leave it."""
    box = visit.page.get_by_label("Ou texte collé")
    box.fill(text)
    box.press("Tab")
    visit.page.get_by_role("button", name="Lire le texte").click()


def go_on(visit: Visit, step: str) -> None:
    visit.page.get_by_role("button", name="Continuer").click()
    expect(visit.page.locator(".gz-progress .gz-now")).to_contain_text(step)


def figure(visit: Visit, label: str) -> str:
    return visit.figure(label).first.inner_text()


@pytest.mark.slow
def test_the_source_document_is_imported_with_one_repair_refused_and_found_as_a_scenario(
    new_visit: NewVisit, empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open("donnees")
    paste(visit, SOURCE.read_text(encoding="utf-8"))
    expect(visit.page.locator(".gz-progress .gz-now")).to_contain_text("Réparations")
    expect(visit.figure("Lignes lues")).to_have_text("52")
    expect(visit.figure("Réparations")).to_have_text("21")
    expect(visit.figure("Laissées")).to_have_text("0")
    star = visit.page.locator(".gz-repair").filter(has_text="0490054T*")
    expect(star).to_contain_text("0490020F")
    expect(star).to_contain_text("second site de Fernand Renaudeau")

    assert serious(visit.page) == {}

    # refuse the repair of line 409: the row is left, its lycée first among the candidates
    visit.page.get_by_role("radio", name="Codes UAI").click()
    expect(visit.page.locator(".st-key-gz-repairs .gz-repair")).to_have_count(3)
    jean_moulin = visit.page.locator(".st-key-donnees-reparation-409-code")
    jean_moulin.locator("label").click()
    expect(visit.page.get_by_text("1 ligne à trancher")).to_be_visible()
    expect(visit.figure("Reconnues")).to_have_text("51")
    answer = visit.page.get_by_role("combobox", name=re.compile("Lycée de la ligne 409"))
    answer.click()
    visit.page.get_by_role("option").filter(has_text="Jean Moulin (Angers)").click()
    expect(visit.page.get_by_text("0 ligne à trancher")).to_be_visible()
    expect(visit.figure("Reconnues")).to_have_text("52")

    go_on(visit, "Lieux")
    expect(visit.page.get_by_text("déjà placés")).to_be_visible()
    go_on(visit, "Changements")
    expect(visit.page.get_by_text("La liste donne 3")).to_contain_text("Vendée")
    expect(visit.page.get_by_text("La liste est conforme au plan")).to_be_visible()
    name = visit.page.get_by_label("Nom du nouveau scénario")
    name.fill("Liste du webinaire")
    name.press("Tab")

    # nothing is written before the last step
    other = new_visit(url=empty_app).open("scenarios")
    expect(other.page.get_by_text("Aucun scénario encore")).to_be_visible()
    visit.page.get_by_role("button", name="Créer le scénario").click()
    told = visit.page.get_by_role("status").filter(has_text="est créé et ouvert")
    expect(told).to_be_visible()
    visit.follow("Scénarios", "scenarios_page")
    expect(visit.page.locator(".gz-opens")).to_contain_text("Liste du webinaire")
    assert visit.outside == []
    assert visit.errors == []


NEWER = """Secteur;Zone;RNE;Nom;Ville
Mayenne;Zone 1;0530016E;Lavoisier;Mayenne
Mayenne;Zone 1;0530079Y;Léonard de Vinci;Mayenne
Mayenne;Zone 1;0530949U;Raoul Vadepied;Évron
Mayenne;Zone 1;0530099V;Les <b>Iris</b>;Ernée
Mayenne;Zone 2;0530010Y;Ambroise Paré;Laval
Mayenne;Zone 2;0530011Z;Douanier Rousseau;Laval
Mayenne;Zone 2;0530012A;Réaumur et Buron;Laval
Mayenne;Zone 2;0720055U;Paul Scarron;Sillé-le-Guillaume
"""


@pytest.mark.slow
def test_a_newer_list_tells_what_is_added_absent_and_moved(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(NEWER, encoding="latin-1")
    visit.open("donnees")
    visit.page.locator('input[type="file"]').set_input_files(path)
    visit.page.get_by_role("button", name="Lire le fichier").click()
    go_on(visit, "Lieux")
    places = visit.page.get_by_role("table").filter(has_text="Ernée")
    expect(places).to_contain_text("au centre de la commune")
    go_on(visit, "Changements")
    for label, count in (("Ajoutés", "1"), ("Absents de la liste", "11"), ("Déplacés", "1")):
        expect(visit.figure(label)).to_have_text(count)
    table = visit.page.get_by_role("table", name="Ce qui change dans le plan")
    moved = table.get_by_role("row").filter(has_text="Paul Scarron")
    expect(moved).to_contain_text("Laval")
    expect(table.get_by_role("row").filter(has_text="Les <b>Iris</b>")).to_contain_text("ajouté")
    visit.page.get_by_text("les retirer du plan").click()
    gone = table.get_by_role("row").filter(has_text="Racan")
    expect(gone).to_contain_text("hors du plan")
    visit.page.get_by_role("button", name="Créer le scénario").click()
    told = visit.page.get_by_role("status").filter(has_text="est créé et ouvert")
    expect(told).to_be_visible()
    visit.follow("Carte", "carte")
    expect(visit.lycee("0530099V")).to_have_count(1)
    expect(visit.lycee("0720012X")).to_have_count(0)
    assert visit.errors == []


def test_a_list_that_cannot_be_read_says_why_and_columns_not_known_are_asked_for(
    visit: Visit,
) -> None:
    visit.open("donnees")
    for text, said in (("", "vide"), ('{"a": 1}', "GeoJSON")):
        paste(visit, text)
        expect(visit.page.get_by_role("alert")).to_contain_text(said)
        expect(visit.page.get_by_label("Ou texte collé")).to_have_value(text)
    paste(visit, "0530010Y;Ambroise Paré;LAVAL\n0530011Z;Douanier Rousseau;LAVAL\n")
    expect(visit.page.locator(".gz-progress .gz-now")).to_contain_text("Colonnes")
    expect(visit.page.get_by_text("vérifiez ce que l'outil a deviné")).to_be_visible()
    expect(visit.page.get_by_role("combobox", name=re.compile("Code UAI"))).to_have_value(
        re.compile("colonne 1")
    )
    go_on(visit, "Réparations")
    expect(visit.figure("Reconnues")).to_have_text("2")


#: Lycées with a code that ends as a size does, by code.
SIZED = {
    "0492224B": "L'Hyrôme;Chemillé-en-Anjou",
    "0440022K": "Joubert – Maillard;Ancenis-Saint-Géréon",
    "0440001M": "Jules Verne;Nantes",
}


def test_a_code_is_never_a_size_and_the_size_of_a_file_is_in_french(visit: Visit) -> None:
    for code in SIZED:
        visit.open(f"?lycee={code}")
        visit.panel.get_by_text("Fiche du lycée", exact=True).click()
        expect(visit.panel.locator(".gz-facts").get_by_text(code, exact=True)).to_be_visible()
    visit.open("donnees")
    sent = "\n".join(["Code;Nom;Ville", *(f";{named}" for named in SIZED.values())]).encode()
    visit.page.locator('input[type="file"]').set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": sent}
    )
    expect(visit.page.get_by_test_id("stFileChip")).to_contain_text(f"{len(sent)},0 o")
    visit.page.get_by_role("button", name="Lire le fichier").click()
    expect(visit.page.locator(".gz-progress .gz-now")).to_contain_text("Réparations")
    for code in SIZED:
        expect(visit.page.locator(".gz-repair").filter(has_text=code)).to_have_count(1)
