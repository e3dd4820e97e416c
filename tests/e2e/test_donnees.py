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
