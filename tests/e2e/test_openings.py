"""Lycées closed and opened in the mode « modifier », then the best plan for their sector."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit, still

SAVARIERES = "0440537V"
NEW = "X53-lycee-neuf-craon"
CRAON = (47.845, -0.955)


@pytest.mark.slow
def test_a_lycee_is_closed_undone_another_opened_and_the_best_plan_asked(visit: Visit) -> None:
    page = visit.open("atelier").page
    hours = visit.figure("Heures de route")
    before = hours.text_content() or ""
    visit.pick(SAVARIERES)
    page.get_by_text("Zone voisine").wait_for()
    visit.tool("Fermer ce lycée")
    expect(page.get_by_text("demi-journées de besoin")).to_be_visible()
    page.get_by_role("button", name="Fermer le lycée").click()
    closed = page.get_by_role("status").filter(has_text="est fermé")
    expect(closed).to_contain_text("Les Savarières")
    expect(visit.lycee(SAVARIERES)).to_have_count(0)
    expect(hours).not_to_have_text(before)
    still(page)
    page.get_by_role("button", name="Annuler").click()
    expect(visit.lycee(SAVARIERES)).to_have_count(1)
    still(page)
    page.get_by_role("button", name="Toute la région").click()
    expect(hours).to_have_text(before)
    still(page)
    visit.tool("Ouvrir un lycée")
    name = page.get_by_role("textbox", name="Nom du lycée")
    name.fill("Lycée neuf")
    name.press("Tab")
    where = page.get_by_role("textbox", name="Adresse, commune, ou latitude et longitude")
    where.fill("46,9 -2,9")
    where.press("Tab")
    expect(page.get_by_role("alert")).to_contain_text("en mer, ou hors de la région")
    page.get_by_role("switch", name="Le placer d’un clic sur la carte").press("Space")
    expect(visit.map.locator(".gz-siting")).to_be_attached()
    still(page)
    page.mouse.click(*visit.point(*CRAON))
    expect(page.get_by_text("Il sera à Craon (53)")).to_be_visible()
    still(page)
    page.get_by_role("button", name="Ouvrir le lycée").click()
    expect(page.get_by_role("status").filter(has_text="Ses trajets sont estimés")).to_be_visible()
    expect(visit.lycee(NEW)).to_have_count(1)
    expect(hours).not_to_have_text(before)
    still(page)
    page.get_by_role("button", name="Et maintenant, le meilleur plan ?").click()
    expect(
        page.get_by_text(re.compile("Proposition|déjà le meilleur possible|aucun plan")).first
    ).to_be_visible()
    expect(page.get_by_test_id("stMultiSelectTagsContainer").first).to_contain_text("Mayenne")
    assert visit.errors == []
    assert visit.outside == []
