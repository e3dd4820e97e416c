"""What screen readers are told of long works and of lists, on every page."""

import re

from playwright.sync_api import expect

from .conftest import Visit, still
from .test_keyboard import focused, said


def test_a_file_in_making_is_announced_and_the_focus_is_not_lost(visit: Visit) -> None:
    page = visit.open("partager").page
    page.get_by_role("button", name="Préparer le fichier").press("Enter")
    said(visit, "En cours : préparation du fichier.")
    expect(page.get_by_role("button", name="Annuler", exact=True)).to_be_focused()
    said(visit, "Terminé : préparation du fichier.")
    still(page)
    assert page.evaluate("!!document.activeElement.closest('main')")
    assert page.evaluate("document.activeElement.tagName") != "MAIN"
    assert visit.errors == []


def test_a_search_for_proposals_is_announced_and_its_stop_button_has_the_focus(
    visit: Visit,
) -> None:
    page = visit.open("?mode=proposer").page
    page.get_by_role("button", name="Chercher les meilleurs déplacements").press("Enter")
    said(visit, "En cours : recherche de propositions.")
    stop = page.get_by_role("button", name="Arrêter et garder le meilleur trouvé")
    expect(stop).to_be_focused()
    stop.press("Enter")
    said(visit, "Terminé : recherche de propositions.")
    still(page)
    # one goes on in the panel, beside what was found
    assert page.evaluate("!!document.activeElement.closest('.st-key-gz-over-left')")


def test_lists_announce_their_choices_in_french_without_interrupting(visit: Visit) -> None:
    page = visit.open("equipes").page
    sectors = page.get_by_role("combobox", name="Secteur")
    sectors.press("ArrowDown")
    log = page.get_by_role("log")
    expect(log.filter(has_text=re.compile(r"\d+ choix"))).to_have_count(1)
    expect(page.locator('[role="log"][aria-live="assertive"]')).to_have_count(0)
    sectors.press_sequentially("sar")
    expect(log.filter(has_text="2 choix.")).to_have_count(1)
    expect(page.get_by_text(re.compile("available|selected"))).to_have_count(0)
    assert focused(visit).startswith("Secteur")


def test_what_streamlit_names_in_english_is_in_french(visit: Visit) -> None:
    visit.open()
    box = visit.chip("Réglages")
    expect(box.get_by_role("button", name="Aide : Durées de trajet")).to_be_visible()
    expect(visit.page.get_by_role("button", name=re.compile("^Help"))).to_have_count(0)
