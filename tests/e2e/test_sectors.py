"""A sector is prepared on the map as a planner does it, in the mode « modifier »."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .conftest import Visit, still
from .widgets import choose, drawn_again, follow

GERMINIERE, NAME = "0720010V", "Sarthe et Le Mans"  # a lycée of the zone SAR-3
CENTRE = "Centre support (un lycée du secteur) 1"  # its label, and its rank among them
HATCHED = re.compile(r"^url\(#gz-hatch")


@pytest.fixture
def planner(visit: Visit) -> Visit:
    """One visitor in the mode « modifier », whose drawings are followed."""
    follow(visit.page)
    visit.open("atelier")
    still(visit.page)
    return visit


def panel(visit: Visit) -> Locator:
    return visit.panel


def press(visit: Visit, name: str) -> None:
    with drawn_again(visit.page):
        panel(visit).get_by_role("button", name=name, exact=True).click()


def badges(visit: Visit) -> Locator:
    """The status of what is chosen, and the mark beside it."""
    return panel(visit).locator(".gz-card .gz-kicker").first


def fact(visit: Visit, term: str) -> Locator:
    """The value of a line of the card of what is chosen."""
    terms = panel(visit).locator(".gz-facts dt").filter(has_text=re.compile(f"^{term}$"))
    return terms.locator("xpath=following-sibling::dd[1]")


def fill(visit: Visit, label: str, text: str) -> None:
    with drawn_again(visit.page):
        panel(visit).get_by_label(label, exact=True).fill(text)
        visit.page.keyboard.press("Tab")


@pytest.mark.slow
def test_a_planner_prepares_the_sector_of_sarthe(planner: Visit) -> None:
    page, drawn = planner.page, planner.map.locator('path[data-zone="SAR-4"]').first
    expect(drawn).to_have_attribute("fill", HATCHED)
    press(planner, "Sarthe")
    expect(badges(planner)).to_have_text("Secteur brouillon")
    expect(fact(planner, "Auteur")).to_have_text("l'outil")
    # its name, RNS and centre support: one change
    planner.tool("Modifier le secteur")
    fill(planner, "Nom du secteur", NAME)
    fill(planner, "RNS", "Claire Martin")
    choose(page, panel(planner), CENTRE, "Bellevue (Le Mans)")
    expect(panel(planner)).to_contain_text("Pas encore enregistré : nom, RNS et centre support.")
    press(planner, "Proposer ce secteur")
    done = panel(planner).get_by_role("status")
    expect(done).to_contain_text(f"Secteur {NAME} enregistré dans le scénario : proposé")
    expect(done).to_be_in_viewport(ratio=1)  # the button is far below
    expect(badges(planner)).to_have_text("Secteur proposé")
    expect(fact(planner, "Auteur")).to_have_count(0)  # nobody signs what is only proposed
    expect(drawn).not_to_have_attribute("fill", HATCHED)
    # one of its zones gets another name, one of its lycées another zone
    press(planner, "Le Mans – Rouillon")
    planner.tool("Renommer, fusionner, scinder")
    menu = panel(planner)
    expect(menu.get_by_label("Nouveau nom")).to_have_value("Le Mans – Rouillon")
    menu.get_by_label("Nouveau nom").fill("Le Mans Nord")
    menu.get_by_role("button", name="Renommer", exact=True).click()
    expect(panel(planner)).to_contain_text("La zone est renommée.")
    planner.pick(GERMINIERE)
    planner.aim("SAR-1")
    panel(planner).get_by_role("button", name="Déplacer vers").click()
    expect(planner.lycee(GERMINIERE)).to_have_attribute("data-zone", "SAR-1")
    expect(planner.tables()).to_contain_text("3 changements faits")
    # one step back, then a reload
    page.get_by_role("button", name="Annuler").click()
    expect(planner.lycee(GERMINIERE)).to_have_attribute("data-zone", "SAR-3")
    page.reload()
    planner.ready()
    expect(planner.lycee(GERMINIERE)).to_have_attribute("data-zone", "SAR-3")
    expect(drawn).not_to_have_attribute("fill", HATCHED)
    page.get_by_role("button", name="Toute la région").click()  # the lycée chosen is in the address
    line = panel(planner).locator(".gz-list li").filter(has_text=NAME)
    expect(line).to_contain_text("proposé")
    line.get_by_role("button").click()
    expect(fact(planner, "RNS")).to_have_text("Claire Martin")
    expect(fact(planner, "Centre support")).to_contain_text("Bellevue")
    expect(panel(planner)).to_contain_text("Le Mans Nord")
    assert planner.errors == []


@pytest.mark.slow
def test_the_tools_are_of_what_is_chosen(planner: Visit) -> None:
    page = planner.page
    tools = page.locator(".st-key-gz-tools summary")
    page.get_by_role("button", name="Outils de la région").click()
    expect(tools.first).to_contain_text("Ouvrir un lycée")
    planner.aim("SAR-1")
    expect(page.get_by_role("button", name="Outils de la zone")).to_be_visible()
    planner.tool("Renommer, fusionner, scinder")
    zone = planner.panel.locator(".gz-card h3").first.inner_text()
    expect(planner.panel.get_by_label("Nouveau nom")).to_have_value(zone)
    planner.tool("Verrous")
    expect(planner.panel.get_by_role("button", name=f"Verrouiller {zone}")).to_be_visible()
    planner.pick(GERMINIERE)
    expect(page.get_by_role("button", name="Outils du lycée")).to_be_visible()
    expect(tools.first).to_contain_text("Corriger sa position")
    assert planner.errors == []
