"""What a director asks of the map, each answered within three gestures, on any screen."""

import re

import pytest
from playwright.sync_api import expect

from .browser import PHONE, WIDE
from .conftest import NewVisit, Visit, still

SCREENS = [{"width": 1920, "height": 1080}, WIDE, {"width": 1280, "height": 720}, PHONE]
RACAN, SAINT_CALAIS = "0720012X", (47.92, 0.745)


@pytest.fixture(params=SCREENS, ids=lambda screen: f"{screen['width']}x{screen['height']}")
def director(request: pytest.FixtureRequest, new_visit: NewVisit) -> Visit:
    return new_visit(request.param).open()


def sheet(visit: Visit, name: str) -> None:
    """On a phone, open a sheet: one gesture more."""
    button = visit.page.get_by_role("button", name=name, exact=True)
    if button.is_visible() and button.get_attribute("aria-expanded") != "true":
        button.click()


def test_who_is_the_rns_of_laval(director: Visit) -> None:
    sheet(director, "Plan")
    search = director.page.get_by_role("combobox", name=re.compile("^Chercher"))
    search.click()
    search.press_sequentially("Laval")
    director.page.get_by_role("option").first.click()
    # on a phone, its sheet opens by itself
    panel = director.page.locator(".st-key-gz-over-right")
    expect(panel.get_by_text("Lucien Druault").first).to_be_visible()


def test_which_zones_are_fragile_and_why(director: Visit) -> None:
    sheet(director, "Fiche")
    director.page.get_by_text("Points de vigilance (14, dont 7 à confirmer)").click()
    panel = director.page.locator(".st-key-gz-over-right")
    alerts = panel.locator(".gz-alerts li")
    expect(alerts).to_have_count(15)
    expect(panel.locator(".gz-alerts .gz-info")).to_have_count(1)
    expect(alerts.filter(has_text="seuil : 45")).not_to_have_count(0)
    alerts.filter(has_text="Raphaël Élizé").first.get_by_role("button").click()
    expect(panel.locator("h3").first).to_have_text("Sablé – La Flèche – Montval")


def test_what_is_decided(director: Visit) -> None:
    sheet(director, "Fiche")
    expect(director.page.locator(".gz-pill[data-status=publie]")).to_have_count(3)
    expect(director.page.locator(".gz-pill[data-status=brouillon]")).to_have_count(4)
    expect(director.page.locator(".gz-pill[data-status=publie]").first).to_be_visible()


def test_what_a_step_of_the_calendar_changes(director: Visit) -> None:
    sheet(director, "Chiffres")
    slider = director.page.get_by_role("slider", name="Calendrier de déploiement")
    slider.focus()
    slider.press("ArrowLeft")
    still(director.page)
    sheet(director, "Fiche")
    panel = director.page.locator(".st-key-gz-over-right")
    panel.get_by_text("Calendrier de déploiement", exact=True).first.click()
    card = panel.locator(".gz-card").filter(has_text="Qui est en poste à cette date")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Mayenne : ")


def test_what_a_scenario_would_change(new_visit: NewVisit) -> None:
    visit = new_visit().open("?mode=modifier")
    visit.drag(RACAN, *SAINT_CALAIS)
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    visit.turn("Regarder")
    panel = visit.page.locator(".st-key-gz-over-right")
    expect(panel.get_by_text("1\u00a0lycée change de zone")).to_be_visible()
    expect(panel.locator(".gz-steps").first).to_contain_text("Sablé – La Flèche – Montval → Mamers")
    expect(visit.figure("Points de vigilance")).to_contain_text("+2")
    panel.get_by_role("button", name=re.compile("^Racan")).first.click()
    expect(panel.locator(".gz-lycee-card h3")).to_have_text("Racan")
