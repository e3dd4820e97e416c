"""A click on the map is named at once by the page, then told in full by the server."""

import re

from playwright.sync_api import expect

from .conftest import MAP, Visit

#: Click on the map, and read the title of the panel before anything else can happen.
_CLICKED = """
([frame, path]) => {
  const inside = document.querySelector(frame).contentDocument;
  inside.querySelector(path).dispatchEvent(new MouseEvent("click", { bubbles: true, clientX: 1 }));
  return document.querySelector("#gz-look h3").textContent;
}
"""


def test_what_is_clicked_is_named_before_the_server_answers(visit: Visit) -> None:
    visit.open()
    card = visit.panel.locator(".gz-card").first
    names = {'path[data-zone="MAY-1"]': r"Château-Gontier.*", '[data-uai="0720012X"]': "Racan"}
    for path, name in names.items():
        assert re.fullmatch(name, visit.page.evaluate(_CLICKED, [MAP, path]))
        expect(card.locator("h3")).to_have_text(re.compile(name))
        expect(visit.panel.locator(".gz-coming")).to_have_count(0)


def test_a_click_that_changes_nothing_leaves_the_panel_as_it_is(visit: Visit) -> None:
    visit.open("?secteur=MAY&zone=MAY-1")
    card = visit.panel.locator(".gz-card").first
    expect(card.locator(".gz-facts")).to_be_visible()
    before = card.inner_text()
    visit.page.evaluate(_CLICKED, [MAP, 'path[data-zone="MAY-1"]'])
    visit.ready()
    assert card.inner_text() == before
