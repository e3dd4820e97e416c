"""Scenarios, as planners keep, branch, lock, share and compare them."""

import json
import re
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geozones.store import open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios

from .conftest import NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
#: Where the plan on screen is chosen, and said to be saved.
PLAN = ".st-key-gz-over-left"
SAINT_CALAIS = (47.92, 0.745)  # in zone SAR-4
MAMERS = (48.35, 0.37)  # in zone SAR-4 too


def choose(visit: Visit, lycee: str, zone: str) -> None:
    """Choose a lycée, then aim at a zone."""
    visit.pick(lycee)
    still(visit.page)
    expect(visit.page.locator("#gz-chosen")).to_have_attribute("data-chosen", re.compile(lycee))
    visit.aim(zone)
    expect(visit.page.get_by_role("button", name="Déplacer vers")).to_be_visible()


def move(visit: Visit, lycee: str, zone: str) -> None:
    """Move a lycée by the panel."""
    choose(visit, lycee, zone)
    visit.page.get_by_role("button", name="Déplacer vers").click()
    expect(visit.lycee(lycee)).to_have_attribute("data-zone", zone)


def test_a_move_is_saved_with_its_reason_found_again_and_both_branches_can_be_gone_back_to(
    atelier: Visit,
) -> None:
    choose(atelier, RACAN, "SAR-4")
    why = atelier.page.get_by_label("Pourquoi (facultatif)")
    why.fill("demande du RNS <b>")
    why.press("Tab")
    atelier.page.get_by_role("button", name="Déplacer vers").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(atelier.page.locator(PLAN)).to_contain_text("hypothèse · enregistré")
    expect(atelier.tables().locator(".gz-moves")).to_contain_text("demande du RNS <b>")
    # a browser that comes back finds it again
    page = atelier.page.context.new_page()
    page.goto(f"{atelier.url}/atelier")
    again = Visit(atelier.url, page).ready()
    expect(again.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    page.close()
    # an edit after an undo branches
    atelier.page.get_by_role("button", name="Annuler").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    move(atelier, RACAN, "SAR-1")
    atelier.page.reload()
    atelier.ready().turn("Carte")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-1")
    drawer = atelier.tables()
    drawer.get_by_text("Historique complet (2 étapes)").click()
    drawer.get_by_role("button", name=re.compile("annulé ou remplacé")).click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    assert atelier.errors == []


@pytest.mark.slow
def test_several_lycees_move_together_a_zone_is_created_and_a_lock_refuses_a_drag(
    atelier: Visit,
) -> None:
    several_lycees_picked_on_the_map_move_together_and_one_undo_takes_them_back(atelier)
    a_zone_is_created_and_the_creation_undone(atelier)
    a_lock_refuses_a_drag_with_its_reason(atelier)
    assert atelier.errors == []


def several_lycees_picked_on_the_map_move_together_and_one_undo_takes_them_back(
    atelier: Visit,
) -> None:
    for lycee in (RACAN, "0720029R"):
        atelier.lycee(lycee).dispatch_event("click", {"ctrlKey": True})
        expect(atelier.lycee(lycee)).to_have_class(re.compile("gz-picked"))
    atelier.panel.get_by_role("button", name=re.compile("^Mamers")).first.click()
    worse = re.compile("Au total : (plutôt )?défavorable")
    expect(atelier.page.get_by_text(worse)).to_be_visible()
    atelier.page.get_by_role("button", name="Déplacer 2 lycées vers Mamers").click()
    for lycee in (RACAN, "0720029R"):
        expect(atelier.lycee(lycee)).to_have_attribute("data-zone", "SAR-4")
    atelier.page.get_by_role("button", name="Annuler").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    expect(atelier.lycee("0720029R")).not_to_have_attribute("data-zone", "SAR-4")


def a_zone_is_created_and_the_creation_undone(atelier: Visit) -> None:
    page = atelier.page
    atelier.tables()
    rows = page.get_by_role("table", name="Zones de la région").locator("tbody tr")
    expect(rows).to_have_count(32)
    still(page)
    atelier.tool("Créer une zone")
    name = page.get_by_label("Nom de la zone")
    name.fill("Le Marais <i>")
    page.get_by_role("button", name="Créer la zone").click()
    expect(page.get_by_role("status").filter(has_text="La zone est créée")).to_be_visible()
    expect(rows).to_have_count(33)
    expect(rows.filter(has_text="Le Marais <i>")).to_have_count(1)
    expect(page.locator(".gz-moves")).to_contain_text("Zone Le Marais <i> créée")
    still(page)  # the button is drawn after the table
    page.get_by_role("button", name="Annuler").click()
    expect(rows).to_have_count(32)
    page.get_by_role("button", name="Fermer les tableaux").click()


def a_lock_refuses_a_drag_with_its_reason(atelier: Visit) -> None:
    atelier.pick(RACAN)  # what is chosen is what is locked
    atelier.tool("Verrous")
    reason = atelier.page.get_by_label("Raison")
    reason.fill("arbitrage du 12/03")
    reason.press("Tab")
    atelier.page.get_by_role("button", name="Verrouiller Racan (Montval-sur-Loir)").click()
    expect(atelier.page.get_by_role("status").filter(has_text="verrouillé")).to_be_visible()
    atelier.drag(RACAN, *SAINT_CALAIS)
    expect(atelier.page.get_by_role("alert")).to_contain_text("verrouillé : arbitrage du 12/03")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")


@pytest.mark.slow
def test_a_frozen_link_shows_what_it_showed_and_cannot_write(
    atelier: Visit, new_visit: NewVisit
) -> None:
    move(atelier, RACAN, "SAR-4")
    atelier.follow("Scénarios", "scenarios_page")
    atelier.page.get_by_role("button", name="Lien pour décider").click()
    atelier.page.get_by_role("button", name="Figer cette version").click()
    link = atelier.page.locator(".gz-link a", has_text="?version=")
    address = link.inner_text()
    assert address.startswith(f"{atelier.url}/?version=")
    atelier.follow("Carte", "carte")
    move(atelier, RACAN, "SAR-1")
    reader = new_visit()
    reader.page.goto(address)
    reader.ready("shared")
    expect(reader.page.get_by_role("heading", name="Ce qui est proposé")).to_be_visible()
    expect(reader.page.get_by_role("heading", name="Ce qui vous est demandé")).to_be_visible()
    expect(reader.page).to_have_title(re.compile("– scénario$"))
    reader.explore()
    expect(reader.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    reader.page.get_by_role("radio", name="Avant").click()
    expect(reader.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    reader.pick(RACAN)
    expect(reader.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    # nothing leads anywhere else, and the picture is the whole of what loads
    expect(reader.page.locator("a[href]:not([href^='#'])")).to_have_count(0)
    assert reader.outside == reader.errors == []
    # the token of a frozen version opens nothing for writing
    other = new_visit().open(f"atelier?scenario={address.partition('?version=')[2]}")
    expect(other.page.get_by_role("alert")).to_contain_text("Aucun scénario n'a le code")
    # withdrawn, it says so to whoever has the page open, and to whoever opens it
    atelier.follow("Scénarios", "scenarios_page")
    atelier.page.get_by_role("button", name="Lien pour décider").click()
    atelier.page.get_by_role("button", name="Retirer ce lien").click()
    expect(atelier.page.get_by_text("lien retiré le")).to_be_visible()
    reader.page.get_by_role("radio", name="Après").click()
    expect(reader.page.get_by_role("alert")).to_contain_text("Ce lien a été retiré")
    expect(reader.page.locator(".gz-briefing")).to_have_count(0)


@pytest.mark.slow
def test_another_page_learns_of_a_change_without_a_gesture_and_ones_own_tab_is_nobody_else(
    new_visit: NewVisit,
) -> None:
    first = new_visit().open("atelier")
    move(first, RACAN, "SAR-4")
    expect(first.page).to_have_url(re.compile(r"scenario="))
    address = f"atelier?{first.page.url.split('?')[1]}"
    tab = Visit(first.url, first.page.context.new_page()).open(address)
    expect(tab.page.locator(PLAN)).to_contain_text("· enregistré")
    expect(tab.page.locator(PLAN)).not_to_contain_text("aussi ici")
    other = new_visit().open(address)
    move(first, RACAN, "SAR-1")
    for visit in (tab, other):  # nobody touches them
        expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-1")
    expect(other.page.locator(PLAN)).to_contain_text("aussi ici : 1 autre personne")
    expect(tab.page.locator(PLAN)).not_to_contain_text("autres personnes")
    # and what two people do is one scenario
    other.drag("0720013Y", *MAMERS)
    expect(other.page.locator(PLAN)).to_contain_text("· enregistré")
    for visit in (first, tab, other):
        expect(visit.lycee("0720013Y")).to_have_attribute("data-zone", "SAR-4")
    assert first.errors == tab.errors == other.errors == []


def test_a_scenario_deleted_under_ones_hands_is_kept_in_a_copy(new_visit: NewVisit) -> None:
    first = new_visit().open("atelier")
    move(first, RACAN, "SAR-4")
    expect(first.page).to_have_url(re.compile(r"scenario="))
    second = new_visit().open(f"scenarios?{first.page.url.split('?')[1]}")
    second.page.get_by_role("button", name="Autres actions").click()
    second.page.locator("summary").filter(has_text="Archiver, supprimer").click()
    second.page.get_by_text("Je veux le supprimer pour toujours").click()
    second.page.get_by_role("button", name="Supprimer").click()
    expect(second.page.get_by_text("est supprimé.")).to_be_visible()
    move(first, RACAN, "SAR-1")
    expect(first.page.get_by_text("a été supprimé entre-temps")).to_be_visible()
    expect(first.page.locator(PLAN)).not_to_contain_text("· enregistré")
    first.page.get_by_role("button", name="Garder une copie").click()
    shown = first.chip("Comparer").get_by_role("combobox", name="Plan à l'écran")
    expect(shown).to_have_value(re.compile(r"\(copie\)$"))
    expect(first.page.locator(PLAN)).to_contain_text("· enregistré")
    expect(first.lycee(RACAN)).to_have_attribute("data-zone", "SAR-1")


@pytest.mark.slow
def test_scenarios_are_decided_compared_exported_and_imported(
    tmp_path: Path, new_visit: NewVisit, empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open("scenarios")
    expect(visit.page.get_by_text("Aucun scénario encore")).to_be_visible()
    visit.follow("Carte", "carte").turn("Carte")
    move(visit, RACAN, "SAR-4")
    visit.follow("Scénarios", "scenarios_page")
    listed = visit.page.locator(".gz-opens")
    expect(listed).to_contain_text(re.compile(r"1.lycée · hypothèse · aujourd'hui, \d+.h.\d\d"))
    name = visit.page.get_by_label("Nom du scénario")
    name.fill("Racan, au plus près")
    name.press("Enter")
    expect(listed).to_contain_text("Racan, au plus près")
    expect(visit.page.locator(".gz-sources")).to_be_visible()
    visit.page.get_by_role("button", name="Décider…").click()
    expect(visit.page.get_by_role("button", name="Enregistrer la décision")).to_be_visible()
    visit.page.get_by_role("radio", name="à arbitrer").click()
    note = visit.page.get_by_label(re.compile("Note de décision"))
    note.fill("vu en réunion")
    note.press("Control+Enter")
    visit.page.get_by_role("button", name="Enregistrer la décision").click()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator(".gz-remark").first).to_contain_text("vu en réunion")
    expect(listed).to_contain_text("à arbitrer")
    still(visit.page)
    compared = visit.page.get_by_label(re.compile("Scénarios à comparer"))
    compared.click()
    compared.press_sequentially("Racan")
    visit.page.get_by_role("option", name="Racan").click()
    compared.press("Escape")  # an open list hides the rest of the page from roles
    total = visit.page.locator(".gz-step", has_text="Racan, au plus près")
    expect(total).to_contain_text(re.compile("favorable|amélioration|dégradation|équivalent"))
    visit.page.get_by_text("Lycées qui changent de zone").click()
    changes = visit.page.get_by_role("table").filter(has_text="lycée change de zone")
    row = changes.get_by_role("row").filter(has_text="Racan (Montval-sur-Loir)")
    expect(row).to_contain_text("Mamers")
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name="Autres actions").click()
    with visit.page.expect_download() as downloaded:
        visit.page.get_by_role("button", name="Exporter").click()
    path = tmp_path / "scenario.json"
    downloaded.value.save_as(path)
    assert json.loads(path.read_text())["format"] == "geozones.scenario"
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name="ouvrir un fichier").click()
    given = visit.page.locator('input[type="file"]')
    given.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(visit.page.get_by_text("Un fichier de ce type ne se lit pas ici")).to_be_visible()
    given.set_input_files(path)
    visit.page.get_by_role("button", name="Ouvrir ce fichier").click()
    expect(visit.page.get_by_role("status").filter(has_text="est importé")).to_be_visible()
    assert visit.outside == []
    assert visit.errors == []


@pytest.mark.slow
def test_a_row_of_the_list_opens_its_scenario_by_a_click_anywhere_or_by_keyboard(
    second_app: tuple[Path, str], empty_app: str, new_visit: NewVisit, study: Study
) -> None:
    with closing(open_store(f"sqlite:///{second_app[0]}/scenarios.db")) as store:
        service = Scenarios(study.analysis, lambda: store, LOCAL)
        for name in (*(f"{'Racan ' * 12}{rank}" for rank in range(12)), "Racan dans SAR-4"):
            work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
            service.describe(work, name=name)
        work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-1"}})
        service.describe(work, name="Racan dans SAR-1")
    visit = new_visit(url=empty_app).open("scenarios")
    page = visit.page
    sheet = page.locator("h2.gz-hidden").first
    expect(sheet).to_have_text("Racan dans SAR-1")  # the last changed
    row = page.get_by_role("listitem").filter(has_text="Racan dans SAR-4")
    row.locator("small").click(force=True)  # the button of the row covers it
    expect(sheet).to_have_text("Racan dans SAR-4")
    expect(row.get_by_role("button")).to_have_attribute("aria-current", "true")
    other = page.get_by_role("button", name="Racan dans SAR-1")
    expect(other).not_to_have_attribute("aria-current", "true")
    other.focus()
    other.press("Enter")
    expect(sheet).to_have_text("Racan dans SAR-1")
    expect(other).to_be_focused()
    compared = page.get_by_label(re.compile("Scénarios à comparer"))
    compared.focus()  # which scrolls to it, and a list that is open closes when the page scrolls
    still(page)
    for _ in range(3):
        compared.press("ArrowDown")  # opens the list, open or not
        page.get_by_role("option").first.click()
        still(page)
    compared.press("ArrowDown")
    expect(page.get_by_text("3 au plus : retirez d'abord un choix.")).to_be_visible()
    assert visit.errors == []
