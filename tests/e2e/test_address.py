"""The address of the map: a link shows the same to someone else, and Back goes back."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import NewVisit, Visit, still

RACAN = "0720012X"


@pytest.mark.slow
def test_back_goes_back_and_a_link_shows_the_same_to_someone_else(new_visit: NewVisit) -> None:
    visit = new_visit().open()
    card = visit.panel.locator("h3").first
    visit.aim("MAY-1")
    expect(visit.page).to_have_url(re.compile(r"\?zone=MAY-1$"))
    visit.turn("Proposer")
    expect(visit.page).to_have_url(re.compile(r"mode=proposer&zone=MAY-1$"))
    visit.page.go_back()
    expect(visit.page).to_have_url(re.compile(r"\?zone=MAY-1$"))
    still(visit.page)
    visit.pick(RACAN)
    expect(visit.page).to_have_url(re.compile(rf"\?lycee={RACAN}$"))
    still(visit.page)
    visit.page.go_back()
    expect(visit.page).to_have_url(re.compile(r"\?zone=MAY-1$"))
    expect(card).to_have_text("Château-Gontier – Segré")
    visit.page.go_back()
    expect(visit.page).to_have_url(re.compile(r"/$"))
    region = visit.panel.get_by_role("heading", name="119 lycées, 7 secteurs, 32 zones")
    expect(region).to_be_visible()
    visit.page.go_forward()
    expect(card).to_have_text("Château-Gontier – Segré")

    other = new_visit().open("?zone=MAY-1&couche=worst_releve_minutes")
    page = other.page
    expect(other.panel.locator("h3").first).to_have_text("Château-Gontier – Segré")
    chips = page.locator(".st-key-gz-chips")
    expect(chips.get_by_role("button", name="Couleurs : relève la plus lente")).to_be_visible()
    legend = other.chip("Légende")
    expect(legend.locator("h2", has_text="Relève la plus lente")).to_be_visible()
    expect(page).to_have_title("Carte – geozones")
    assert visit.errors == other.errors == []


def test_an_address_that_names_no_page_is_told_and_the_map_is_shown(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}/nulle-part")
    visit.ready()
    told = visit.panel.locator(".gz-notice")
    expect(told).to_contain_text("nulle-part")
    expect(visit.page.get_by_role("dialog")).to_have_count(0)  # it is told once
    visit.open()
    expect(told).to_have_count(0)
    assert visit.errors == []
