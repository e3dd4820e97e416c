"""Scenarios, as planners keep, branch, lock, share and compare them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geozones.workspace.scenarios.service import Scenarios

from .conftest import NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
#: Where the plan on screen is chosen, and said to be saved.
PLAN = ".st-key-gz-over-left"
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
    reader.explore()
    expect(reader.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    reader.page.get_by_role("radio", name="Avant").click()
    expect(reader.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    reader.pick(RACAN)
    expect(reader.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    # nothing leads anywhere else, and the picture is the whole of what loads
    expect(reader.page.locator("a[href]:not([href^='#'])")).to_have_count(0)
    assert reader.outside == reader.errors == []
    # withdrawn, it says so to whoever has the page open, and to whoever opens it
    atelier.follow("Scénarios", "scenarios_page")
    atelier.page.get_by_role("button", name="Lien pour décider").click()
    atelier.page.get_by_role("button", name="Retirer ce lien").click()
    expect(atelier.page.get_by_text("lien retiré le")).to_be_visible()
    reader.page.get_by_role("radio", name="Après").click()
    expect(reader.page.get_by_role("alert")).to_contain_text("retiré")
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
    shown = first.chip("Comparer").get_by_role("combobox", name="Plan à l’écran")
    expect(shown).to_have_value(re.compile(r"\(copie\)$"))
    expect(first.page.locator(PLAN)).to_contain_text("· enregistré")
    expect(first.lycee(RACAN)).to_have_attribute("data-zone", "SAR-1")


@pytest.mark.slow
def test_a_scenario_is_named_decided_exported_and_imported(
    tmp_path: Path, new_visit: NewVisit, empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open()
    page = visit.page
    move(visit, RACAN, "SAR-4")
    visit.follow("Scénarios", "scenarios_page")
    listed = page.locator(".gz-opens")
    name = page.get_by_label("Nom du scénario")
    expect(name).to_have_attribute("title", "Nom du scénario (obligatoire)")
    name.fill("Racan, au plus près")
    name.press("Enter")
    expect(listed).to_contain_text("Racan, au plus près")
    expect(page.locator(".gz-sources")).to_be_visible()
    page.get_by_role("button", name="Décider…").click()
    page.get_by_role("radio", name="à arbitrer").click()
    note = page.get_by_label(re.compile("Note de décision"))
    note.fill("vu en réunion")
    note.press("Control+Enter")
    page.get_by_role("button", name="Enregistrer la décision").click()
    page.keyboard.press("Escape")
    expect(page.locator(".gz-remark").first).to_contain_text("vu en réunion")
    expect(listed).to_contain_text("à arbitrer")
    page.get_by_role("button", name="Autres actions").click()
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Exporter").click()
    path = tmp_path / "scenario.json"
    downloaded.value.save_as(path)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="ouvrir un fichier").click()
    given = page.locator('input[type="file"]')
    given.set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
    expect(page.get_by_text("Un fichier de ce type ne se lit pas ici")).to_be_visible()
    given.set_input_files(path)
    page.get_by_role("button", name="Ouvrir ce fichier").click()
    expect(page.get_by_role("status").filter(has_text="est importé")).to_be_visible()
    assert visit.outside == visit.errors == []


@pytest.mark.slow
def test_a_row_of_the_list_opens_its_scenario_by_a_click_anywhere_or_by_keyboard(
    first_scenarios: Scenarios, empty_app: str, new_visit: NewVisit
) -> None:
    names = {f"{'Racan ' * 12}{rank}": "SAR-4" for rank in range(12)}
    names |= {"Racan dans SAR-4": "SAR-4", "Racan dans SAR-1": "SAR-1"}
    for name, zone in names.items():
        work = first_scenarios.record(first_scenarios.new(), "move", {"moves": {RACAN: zone}})
        first_scenarios.describe(work, name=name)
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
    expect(page.get_by_text("3 au plus : retirez d’abord un choix.")).to_be_visible()
    assert visit.errors == []
