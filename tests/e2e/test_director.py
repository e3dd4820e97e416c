"""What a director asks of the map, each answered within three gestures, on any screen."""

import re

import pytest
from playwright.sync_api import expect

from helpers.slow_params import slow_but

from .browser import PHONE, WIDE
from .conftest import NewVisit, Visit

SCREENS = [{"width": 1920, "height": 1080}, WIDE, {"width": 1280, "height": 720}, PHONE]
RACAN, SAINT_CALAIS = "0720012X", (47.92, 0.745)


def sheet(visit: Visit, *, unfolded: bool = True) -> None:
    """On a phone, unfold the sheet or fold it: one gesture more."""
    button = visit.page.get_by_role("button", name="Fiche", exact=True)
    if button.is_visible() and button.get_attribute("aria-expanded") != str(unfolded).lower():
        button.click()


@pytest.mark.parametrize(
    "screen", slow_but(SCREENS, WIDE), ids=lambda each: f"{each['width']}x{each['height']}"
)
def test_each_question_is_answered_one_after_the_other(
    new_visit: NewVisit, screen: dict[str, int]
) -> None:
    director = new_visit(screen).open()
    who_is_the_rns_of_laval(director)  # on a phone, the sheet unfolds by itself
    director.panel.get_by_role("button", name="Toute la région").click()
    what_is_decided(director)
    which_zones_are_fragile_and_why(director)
    director.panel.get_by_role("button", name="Toute la région").click()
    sheet(director, unfolded=False)
    what_a_step_of_the_calendar_changes(director)


def what_is_decided(director: Visit) -> None:
    sheet(director)
    for status, sectors in (("Publiés par la Région", 3), ("Brouillons, rien n'est décidé", 4)):
        heading = director.panel.get_by_role("heading", name=status, exact=True)
        listed = heading.locator("xpath=following-sibling::ul[1]/li")
        expect(listed).to_have_count(sectors)
        listed.last.scroll_into_view_if_needed()
        expect(listed.last).to_be_in_viewport()


def which_zones_are_fragile_and_why(director: Visit) -> None:
    panel = director.panel
    points = panel.get_by_role("button", name=re.compile("points de vigilance"))
    expect(points).to_contain_text(re.compile(r"14\s.*dont 7 à confirmer"))
    points.click()
    alerts = panel.locator(".gz-alerts li")
    expect(alerts).to_have_count(15)
    expect(panel.locator(".gz-alerts .gz-info")).to_have_count(1)
    expect(alerts.filter(has_text="Sablé-sur-Sarthe")).not_to_have_count(0)
    alerts.filter(has_text="Sablé-sur-Sarthe").first.get_by_role("button").click()
    expect(panel.locator("h3").first).to_have_text("Sablé – La Flèche – Montval")


def who_is_the_rns_of_laval(director: Visit) -> None:
    search = director.page.get_by_role("combobox", name=re.compile("^Chercher"))
    search.click()
    search.press_sequentially("Laval")
    director.page.get_by_role("option").first.click()
    rns = director.panel.get_by_text("Lucien Druault").first
    expect(rns).to_be_visible()
    rns.scroll_into_view_if_needed()
    expect(rns).to_be_in_viewport()


def what_a_step_of_the_calendar_changes(director: Visit) -> None:
    drawer = director.tables()
    drawer.get_by_text("Calendrier de déploiement", exact=True).first.click()
    card = drawer.locator(".gz-card").filter(has_text="Qui est en poste à cette date")
    expect(card).to_be_visible()
    expect(card).to_contain_text("Mayenne : ")


def test_what_a_scenario_would_change(new_visit: NewVisit) -> None:
    visit = new_visit().open("?mode=modifier")
    visit.drag(RACAN, *SAINT_CALAIS)
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    visit.panel.get_by_role("button", name="Toute la région").click()
    panel = visit.panel
    expect(panel.locator(".gz-plan-name")).to_be_in_viewport()
    expect(panel.get_by_text("1\u00a0lycée change de zone")).to_be_visible()
    expect(panel.locator(".gz-steps").first).to_contain_text("Sablé – La Flèche – Montval → Mamers")
    expect(visit.figure("Points de vigilance")).to_contain_text("+2")
    panel.get_by_role("button", name=re.compile("^Racan")).first.click()
    expect(panel.locator(".gz-lycee-card h3")).to_have_text("Racan")
