"""Points to watch: the figure opens the list, a line leads to its zone."""

import re

from playwright.sync_api import Page, expect

from .browser import PHONE
from .conftest import NewVisit, Visit

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


def test_the_figure_opens_the_list_and_a_line_leads_to_its_zone_on_a_phone_too(
    new_visit: NewVisit,
) -> None:
    reader = new_visit(PHONE).open()
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
    # from a sector, the list is the sector's
    panel.get_by_role("button", name="Toute la région").click()
    panel.get_by_role("button", name="Mayenne", exact=True).click()
    opened(reader)
    expect(page.locator(".st-key-gz-vigilance h3")).to_contain_text(", secteur Mayenne")
