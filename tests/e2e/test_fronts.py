"""Trade-offs in the mode « proposer »: sought, drawn, and a point opened on the map."""

import re
from os import environ

import pytest
from playwright.sync_api import expect

from .conftest import Visit, still

SECTORS = "Secteurs à revoir (aucun : toute la région)"


def choose(visit: Visit, label: str, option: str | re.Pattern[str]) -> None:
    """Open a list and click one of its lines."""
    still(visit.page)
    box = visit.page.get_by_role("combobox", name=label)
    box.scroll_into_view_if_needed()  # a list that opens while its panel scrolls closes again
    box.click()
    visit.page.get_by_role("option", name=option).first.click()
    still(visit.page)


@pytest.mark.slow
def test_a_front_is_sought_and_a_point_opens_its_plan(visit: Visit) -> None:
    page = visit.open("?mode=proposer").page
    choose(visit, SECTORS, "Sarthe")
    page.keyboard.press("Escape")
    page.get_by_text("Compromis entre deux mesures").click()
    choose(visit, "Mesure du gain", "Heures sans technicien")
    page.get_by_role("button", name="Chercher les compromis").click()
    expect(page.get_by_text(re.compile("le gain devient faible|apporte un gain"))).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").locator("svg, canvas").first).to_be_visible()
    still(page)
    if environ.get("SHOTS"):
        page.screenshot(path=environ["SHOTS"] + "/front.png")
    choose(visit, "Plan montré", re.compile(r"^3\sdéplacements"))
    opened = re.compile(r"Compromis : 3\sdéplacements")
    expect(page.get_by_role("heading", name=opened)).to_be_visible()
    expect(page.get_by_text("n'améliore une mesure sans dégrader l'autre")).to_be_visible()
    expect(page.locator(".gz-step").first).to_be_visible()
    still(page)
    chart = page.get_by_test_id("stVegaLiteChart").first
    chart.locator(".mark-symbol path").nth(4).click()
    last = re.compile(r"Compromis : 5\sdéplacements")
    expect(page.get_by_role("heading", name=last)).to_be_visible()
    still(page)
    if environ.get("SHOTS"):
        page.screenshot(path=environ["SHOTS"] + "/front-opened.png")
        page.set_viewport_size({"width": 390, "height": 844})
        still(page)
        page.screenshot(path=environ["SHOTS"] + "/front-phone.png")
        page.set_viewport_size({"width": 1440, "height": 900})
    assert visit.errors == []
