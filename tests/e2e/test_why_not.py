"""« Pourquoi pas ailleurs ? » on the map: asked of a lycée, a price by zone, a plan opened."""

import re
from os import environ

from playwright.sync_api import expect

from .conftest import Visit, still

CHAUVINIERE = "0440030U"


def test_a_lycee_is_asked_about_then_a_plan_is_opened_and_closed(visit: Visit) -> None:
    page = visit.open("?mode=modifier").page
    visit.pick(CHAUVINIERE)
    page.get_by_role("button", name="Pourquoi pas ailleurs ?").click()
    prices = page.locator(".st-key-gz-prices .gz-step")
    expect(prices).to_have_count(6)
    first, second = prices.nth(0), prices.nth(1)
    expect(first).to_contain_text("Reste dans Nantes – La Chauvinière")
    expect(first).to_contain_text("ne coûte rien de plus")
    expect(second).to_contain_text(re.compile(r"Nantes – Guist'hau : \+\d+,\d h par an"))
    expect(second).to_contain_text("Moins bien : ")
    still(page)
    if environ.get("SHOTS"):
        page.screenshot(path=environ["SHOTS"] + "/prices.png")
    page.get_by_role("button", name="Voir ce plan").nth(1).click()
    heading = page.get_by_role("heading", name=re.compile("La Chauvinière .* Guist'hau"))
    expect(heading).to_be_visible()
    expect(page.get_by_text("avec ce choix, aucun plan ne fait mieux")).to_be_visible()
    moved = page.locator(".gz-step .gz-go", has_text="Gaspard Monge")
    expect(moved).to_have_count(1)
    still(page)
    if environ.get("SHOTS"):
        page.screenshot(path=environ["SHOTS"] + "/opened.png")
        page.set_viewport_size({"width": 390, "height": 844})
        still(page)
        page.screenshot(path=environ["SHOTS"] + "/phone.png")
        page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="Fermer ce plan").click()
    expect(prices).to_have_count(6)
    assert visit.errors == []
