"""« Pourquoi pas ailleurs ? » on the map: asked of a lycée, a price by zone, a plan opened."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit

CHAUVINIERE = "0440030U"


@pytest.mark.slow
def test_the_best_centre_is_retained_then_a_lycee_is_asked_about_and_a_plan_opened_and_closed(
    visit: Visit,
) -> None:
    page = visit.open("?mode=proposer").page
    page.get_by_role("button", name="Meilleurs centres support").click()
    lines = page.locator(".st-key-gz-centres .gz-step")
    expect(lines).to_have_count(7)
    anjou = lines.filter(has_text="Maine-et-Loire")
    expect(anjou).to_contain_text(re.compile(r"Au lieu de .* : \d+,\d h et \d+ km par an de moins"))
    expect(page.get_by_text("est une décision de la Région")).to_be_visible()
    retain = page.get_by_role("button", name="Retenir David d'Angers")
    retain.click()
    expect(page.get_by_text("Centre support retenu dans le scénario")).to_be_visible()
    expect(retain).to_have_count(0)
    visit.turn("Modifier")
    visit.pick(CHAUVINIERE)
    # the button says that it changes mode, and there is a way back
    page.get_by_role("button", name="Pourquoi pas ailleurs ? (ouvre Proposer)").click()
    expect(page.get_by_role("radio", name="Proposer")).to_be_checked()
    prices = page.locator(".st-key-gz-prices .gz-step")
    expect(prices).to_have_count(6)
    first, second = prices.nth(0), prices.nth(1)
    expect(first).to_contain_text("Reste dans Nantes – La Chauvinière")
    expect(first).to_contain_text("aucun surcoût")
    expect(page.get_by_text("vos conditions ont changé")).to_have_count(0)  # they are as asked
    expect(second).to_contain_text(re.compile(r"Nantes – Couëron : \+\d+,\d h par an"))
    expect(second).to_contain_text("Ce qui se dégrade : ")
    page.get_by_role("button", name="Voir ce plan").nth(1).click()
    heading = page.get_by_role("heading", name=re.compile("La Chauvinière .* Couëron"))
    expect(heading).to_be_visible()
    expect(page.get_by_text("avec ce choix, aucun plan ne fait mieux")).to_be_visible()
    moved = page.locator(".gz-step .gz-go", has_text="La Chauvinière")
    expect(moved).to_have_count(1)
    page.get_by_role("button", name="Fermer ce plan").click()
    expect(prices).to_have_count(6)
    page.get_by_role("button", name="Revenir à Modifier").click()
    expect(page.get_by_role("radio", name="Modifier")).to_be_checked()
    expect(page.locator(".gz-lycee-card h3")).to_contain_text("La Chauvinière")
    assert visit.errors == []
