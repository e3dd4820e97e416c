"""The search box of the map: what it finds, and that Enter goes where its first line says."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .browser import new_context
from .conftest import Visit

ZONE = "Zone 3 · Laval · secteur Mayenne · MAY-3"
RACAN = "Lycée Racan · Château-du-Loir (Montval-sur-Loir) · 0720012X"


@pytest.fixture(scope="module")
def opened(chromium: Browser, app_url: str) -> Iterator[Visit]:
    context = new_context(chromium)
    visit = Visit(app_url, context.new_page()).open()
    expect(visit.page.get_by_role("combobox", name="Chercher")).to_be_visible()
    yield visit
    context.close()


def suggested(visit: Visit, text: str) -> list[str]:
    """The suggestions for a text, in order."""
    found: list[str] = visit.page.evaluate(
        "text => geozonesSearch.matches(text).map(({ label }) => label)", text
    )
    return found


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("racan", RACAN),
        ("lycee racan", RACAN),
        ("0720012x", RACAN),
        ("Montval RACAN", RACAN),
        ("0440063E", "Lycée Jean Perrin – Goussier · Rezé · 0440062D, 0440063E"),
        ("druault", "RNS Lucien Druault · secteur Mayenne"),
        ("laval", ZONE),
        ("may-3", ZONE),
        ("zone 3 mayenne", ZONE),
        ("secteur nantes", "Secteur Nantes · brouillon"),
        ("cholet", "Cholet · commune · Maine-et-Loire"),
        ("SAUMUR", "Saumur · commune · Maine-et-Loire"),
        ("evron", "Évron · commune · Mayenne"),
        ("chateau du loir", "Château-du-Loir · ville · commune Montval-sur-Loir"),
    ],
)
def test_the_first_suggestion_is_what_was_meant(opened: Visit, text: str, first: str) -> None:
    assert suggested(opened, text)[0] == first


def test_lycees_of_a_town_come_before_it_unless_it_has_this_very_name(opened: Visit) -> None:
    assert [line.split()[0] for line in suggested(opened, "château-g")[:3]] == ["Lycée"] * 3
    found = suggested(opened, "chateau gont")
    assert [line.split()[0] for line in found[:4]] == ["Lycée", "Lycée", "Lycée", "Zone"]
    assert found[4] == "Château-Gontier · ville · commune Château-Gontier-sur-Mayenne"
    assert suggested(opened, "chateau gontier")[0] == found[4]
    assert "Saint-Nazaire · commune · Loire-Atlantique" in suggested(opened, "st nazaire")[:2]
    assert len(suggested(opened, "l")) == 8


@pytest.mark.parametrize("text", ["", "   ", "·", "zzzz", "x" * 300, "<zzz>", "(.*"])
def test_a_text_that_means_nothing_finds_nothing(opened: Visit, text: str) -> None:
    assert suggested(opened, text) == []


def test_enter_takes_the_first_line_and_the_map_goes_there(visit: Visit) -> None:
    visit.open()
    search, page = visit.page.get_by_role("combobox", name="Chercher"), visit.page
    for text, shown in (("cholet", "Cholet"), ("saumur", "Saumur"), ("chateau gontier", "Châ")):
        search.click()
        search.press_sequentially(text)
        search.press("Enter")
        expect(visit.panel.locator("h3").first).to_contain_text(shown)
        expect(page.get_by_role("option")).to_have_count(0)


def test_the_arrows_choose_another_line_and_escape_closes_the_list(visit: Visit) -> None:
    visit.open()
    search, page = visit.page.get_by_role("combobox", name="Chercher"), visit.page
    search.click()
    search.press_sequentially("laval")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text(ZONE)
    search.press("ArrowDown")
    expect(chosen).to_have_text("Laval · commune · Mayenne")
    expect(search).to_have_attribute("aria-activedescendant", "gz-search-1")
    search.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(search).to_have_attribute("aria-expanded", "false")


def test_a_name_of_nothing_is_said_in_french(visit: Visit) -> None:
    visit.open()
    search = visit.page.get_by_role("combobox", name="Chercher")
    search.click()
    search.press_sequentially("zzzz")
    said = visit.page.get_by_role("status").filter(has_text="Rien ne s'appelle « zzzz »")
    expect(said).to_be_visible()
    search.press("Enter")
    expect(visit.page.get_by_text(re.compile("Add:|options available"))).to_have_count(0)
