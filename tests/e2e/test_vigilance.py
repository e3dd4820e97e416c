"""Points to watch: the figure opens the list, filters share it out, a line leads to its zone."""

import re

import pytest
from playwright.sync_api import Page, expect

from .browser import PHONE
from .conftest import NewVisit, Visit, still

FIGURE = "Points de vigilance"


def opened(reader: Visit) -> Page:
    """Open the list by the figure of the panel."""
    page = reader.page
    reader.panel.get_by_role("button", name=re.compile(f"^{FIGURE}", re.IGNORECASE)).click()
    expect(page.locator(".st-key-gz-vigilance h3")).to_be_in_viewport()
    return page


def close_tables(reader: Visit) -> None:
    """Close the drawer, which may cover the panel on a phone."""
    reader.page.get_by_role("button", name="Fermer les tableaux").click()
    expect(reader.page.locator(".st-key-gz-over-right")).to_have_count(0)


def choose(page: Page, what: str, choice: str) -> None:
    box = page.locator(".st-key-gz-vigilance")
    box.get_by_role("combobox", name=re.compile(what)).click()
    page.get_by_role("option", name=choice, exact=True).click()
    still(page)


@pytest.mark.slow
def test_the_figure_opens_the_list_its_filters_share_it_out_and_a_line_leads_to_its_zone(
    visit: Visit,
) -> None:
    reader = visit.open()
    the_figure_opens_the_list_and_a_line_leads_to_its_zone(reader)
    the_list_is_filtered_by_decision_sector_and_origin(reader)
    # leaving the rules of the tool out changes the figure and the list
    expect(reader.figure(FIGURE)).to_have_text(re.compile("^14"))
    reader.chip("Réglages").get_by_text("Sans celles de l'outil").click()
    expect(reader.figure(FIGURE)).to_have_text(re.compile("^0"))
    reader.page.keyboard.press("Escape")
    page = opened(reader)
    expect(page.locator(".st-key-gz-vigilance .gz-alerts li")).to_have_count(1)
    expect(page.locator(".st-key-gz-vigilance .gz-info")).to_contain_text("6 lycées")


def test_on_a_phone_the_figure_opens_the_list_and_a_line_leads_to_its_zone(
    new_visit: NewVisit,
) -> None:
    the_figure_opens_the_list_and_a_line_leads_to_its_zone(new_visit(PHONE).open())


def the_figure_opens_the_list_and_a_line_leads_to_its_zone(reader: Visit) -> None:
    count = int(reader.figure(FIGURE).text_content() or 0)
    close_tables(reader)
    page = opened(reader)
    points = page.locator(".st-key-gz-vigilance .gz-alerts li")
    expect(page.locator(".st-key-gz-vigilance h3")).to_have_text(
        re.compile(f"^{count}\\spoints? de vigilance, dont \\d+ à confirmer$")
    )
    expect(page.locator(".st-key-gz-vigilance li:not(.gz-info)")).to_have_count(count)
    points.filter(has_text="Châteaubriant").first.get_by_role("button").click()
    panel = reader.panel
    expect(panel.locator("h3").first).to_have_text("Ancenis – Châteaubriant – Nort-sur-Erdre")
    expect(page.locator(".st-key-gz-vigilance")).to_have_count(0)
    # its own points are on its card, and the list is one click away
    expect(panel.locator(".gz-card .gz-alerts li")).to_have_count(2)
    reader.tables().get_by_role("button", name=re.compile(f"^{FIGURE}.*voir la liste")).click()
    # on a phone, the list lies over the drawer
    page.get_by_role("button", name="Fermer la liste").click()
    expect(page.locator(".st-key-gz-vigilance")).to_have_count(0)


def the_list_is_filtered_by_decision_sector_and_origin(reader: Visit) -> None:
    reader.panel.get_by_role("button", name="Toute la région").click()
    page = opened(reader)
    points = page.locator(".st-key-gz-vigilance .gz-alerts li")
    title = page.locator(".st-key-gz-vigilance h3")
    choose(page, "Statut", "Publié ou retenu")
    expect(points.filter(has_text="· brouillon")).to_have_count(0)
    decided = points.count()
    assert 0 < decided < 15
    choose(page, "Secteur", "Mayenne")
    expect(points).not_to_have_count(decided)
    expect(title).to_contain_text("sur 14")
    assert 0 < points.count() < decided
    choose(page, "Origine", "Du document")
    expect(title).to_contain_text("Aucun point de vigilance")
    page.get_by_role("button", name="Fermer la liste").click()
    expect(page.locator(".st-key-gz-vigilance")).to_have_count(0)
