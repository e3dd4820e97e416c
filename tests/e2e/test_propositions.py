"""The map in the mode « proposer », as a planner uses it."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .conftest import MAP, Visit, still

#: A zone that the proposal of Nantes ends.
ENDED = 'path[data-zone="NAN-5"]'


@pytest.fixture
def page(visit: Visit) -> Visit:
    return visit.open("propositions")


def pick(visit: Visit, label: str, text: str) -> None:
    """Type in a list and take its first line."""
    box = visit.page.get_by_label(label, exact=True)
    box.click()
    box.press_sequentially(text)
    visit.page.get_by_role("option").first.wait_for()
    box.press("Enter")
    expect(visit.page.get_by_test_id("stMultiSelectTagsContainer").first).to_contain_text(text)
    still(visit.page)
    visit.page.keyboard.press("Escape")
    expect(visit.page.get_by_role("option")).to_have_count(0)


def search(visit: Visit, sector: str | None = None) -> None:
    if sector is not None:
        pick(visit, "Secteurs", sector)
    visit.page.get_by_role("button", name="Chercher les meilleurs déplacements").click()


def packages(visit: Visit) -> Locator:
    return visit.page.locator(".gz-step")


def moves(visit: Visit) -> Locator:
    """The names of the lycées that move."""
    return packages(visit).locator(".gz-go")


def test_a_sector_is_searched_its_groups_set_aside_accepted_and_undone(page: Visit) -> None:
    expect(page.page.get_by_text("parmi toutes les zones permises")).to_be_visible()
    before = zoom(page)
    pick(page, "Secteurs", "Nantes")
    search(page, "Sarthe")
    what_was_found_is_said(page)
    the_map_goes_there_and_then_stays_where_it_is(page, before)
    a_group_set_aside_leaves_the_list_and_the_map_until_it_is_taken_back(page)
    all_are_accepted_at_once_and_undone(page)
    assert page.outside == []
    assert page.errors == []


def what_was_found_is_said(page: Visit) -> None:
    heading = page.page.locator(".gz-conclusion h2")
    expect(heading).to_have_text(re.compile("Proposition de 8.déplacements"))
    expect(packages(page)).to_have_count(2)
    expect(moves(page)).to_have_count(8)
    expect(page.page.locator(".gz-conclusion")).to_contain_text("favorable (taux de 1, non décidé)")


def the_map_goes_there_and_then_stays_where_it_is(page: Visit, before: float) -> None:
    still(page.page)
    assert zoom(page) > before
    frame = page.page.locator(MAP).bounding_box()
    for lycee in page.map.locator(".gz-picked").all():
        box = lycee.bounding_box()
        assert frame["x"] < box["x"] < frame["x"] + frame["width"]
        assert frame["y"] < box["y"] < frame["y"] + frame["height"]
    page.map.get_by_role("button", name="Réduire").click()
    still(page.page)
    looked = zoom(page)
    page.page.get_by_role("radio", name="Avant").click()
    expect(page.map.locator(ENDED).first).to_be_attached()
    assert zoom(page) == looked
    page.page.get_by_role("radio", name="Après").click()


def zoom(visit: Visit) -> float:
    level: float = visit.map.locator("#map_div").evaluate("() => window.map.getZoom()")
    return level


def a_group_set_aside_leaves_the_list_and_the_map_until_it_is_taken_back(page: Visit) -> None:
    listed = page.page.locator(".st-key-gz-proposed .gz-step")
    expect(listed).to_have_count(2)
    ended = page.map.locator(ENDED)
    expect(page.map.locator(".gz-picked")).not_to_have_count(0)
    heading = page.page.locator(".gz-conclusion h2")
    expect(heading).to_have_text(re.compile("Proposition de 8.déplacements"))
    page.page.get_by_role("button", name="Écarter").first.click()
    expect(heading).to_have_text(re.compile("Proposition de 2.déplacements"))
    expect(listed).to_have_count(1)
    expect(ended.first).to_be_attached()
    page.page.get_by_role("button", name="Reprendre le groupe 1").click()
    expect(listed).to_have_count(2)
    expect(ended).to_have_count(0)


def all_are_accepted_at_once_and_undone(page: Visit) -> None:
    accepted = page.page.get_by_text("✓ accepté")
    page.page.get_by_role("button", name="Accepter tout (8\u00a0déplacements)").click()
    expect(accepted).to_have_count(2)
    answer = page.page.locator(".st-key-gz-answer")
    expect(answer).to_contain_text("sont déplacés")
    answer.get_by_role("button", name="Annuler").click()
    expect(accepted).to_have_count(0)
    expect(answer).to_have_count(0)
