"""What stands around the content of every page, and where the keyboard goes from there."""

import pytest
from playwright.sync_api import expect

from helpers.slow_params import slow_but

from .conftest import Visit, still
from .test_keyboard import RACAN, focused, move_racan, press, wait_for_focus

PAGES = {
    "": "Carte des secteurs et des zones de continuité",
    "equipes": "Équipes",
    "scenarios": "Scénarios",
    "partager": "Partager",
    "donnees": "Données",
}
#: The contrast of two colours, as WCAG 2.2 defines it.
CONTRAST = """([one, other]) => {
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const linear = parts.map((part) =>
      part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * linear[0] + .7152 * linear[1] + .0722 * linear[2];
  };
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + .05) / (low + .05);
}"""


@pytest.mark.parametrize("path", slow_but(PAGES, "", "donnees"))
def test_landmarks_are_told_apart_and_the_first_stop_of_tab_leads_to_the_title(
    visit: Visit, path: str
) -> None:
    page = visit.open(path).page
    menu = page.get_by_role("banner").get_by_role("navigation", name="Pages")
    current = menu.get_by_role("link").and_(page.locator('[aria-current="page"]'))
    expect(current).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_contain_text(PAGES[path])
    assert current.inner_text() == PAGES[path].split()[0]
    footer = page.get_by_role("contentinfo")
    expect(footer.get_by_role("link")).to_have_count(3)
    expect(footer).to_be_in_viewport()
    expect(page.get_by_role("main").get_by_role("contentinfo")).to_have_count(0)
    press(visit, "Tab")
    assert focused(visit) == "Aller au contenu"
    expect(page.get_by_role("button", name="Aller au contenu")).to_be_in_viewport()
    press(visit, "Enter")
    assert focused(visit).startswith(PAGES[path])
    # the next stop is in the content, not in the menu
    press(visit, "Tab")
    assert page.evaluate("!!document.activeElement.closest('main')")
    assert visit.errors == []


def test_the_focus_is_seen_on_each_link_of_the_menu_and_of_the_footer(visit: Visit) -> None:
    page = visit.open("donnees").page
    links = [*page.locator("#gz-nav a").all(), *page.locator("#gz-foot a").all()]
    assert len(links) == 8
    for link in links:
        link.focus()
        press(visit, "Shift+Tab", "Tab")  # by the keyboard, not by a script
        expect(link).to_be_focused()
        look = link.evaluate(
            "e => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineColor]; }"
        )
        assert look[0] == "solid"
        assert page.evaluate(CONTRAST, [look[1], "rgb(255, 255, 255)"]) >= 3


@pytest.mark.slow
def test_the_focus_goes_into_a_menu_and_comes_back(visit: Visit) -> None:
    page = visit.open().page
    for name, first in (("Couleurs", "Couleurs"), ("Comparer", "Plan à l’écran"), ("Légende", "")):
        button = page.locator(".st-key-gz-chips").get_by_role("button", name=name)
        button.press("Enter")
        menu = page.get_by_role("dialog", name=name)
        expect(menu).to_be_visible()
        still(page)
        assert menu.evaluate("e => e.contains(document.activeElement)"), name
        if first:
            assert focused(visit) == first
        # the menu stands between its button and the next one
        press(visit, "Shift+Tab")
        expect(button).to_be_focused()
        press(visit, "Tab")
        assert menu.evaluate("e => e.contains(document.activeElement)"), name
        press(visit, "Escape")
        expect(menu).to_have_count(0)
        expect(button).to_be_focused()
        button.press("Enter")
        still(page)
        inside = True
        while inside:
            press(visit, "Tab")
            inside = menu.evaluate("e => e.contains(document.activeElement)")
        assert focused(visit) != button.inner_text()
        assert page.evaluate("!!document.activeElement.closest('.st-key-gz-chips')"), name
        press(visit, "Escape")
        expect(menu).to_have_count(0)
    # another page is named when it opens, and its link keeps the focus
    page.get_by_role("link", name="Équipes", exact=True).press("Enter")
    visit.ready("equipes")
    expect(page.get_by_role("status").filter(has_text="Équipes")).to_have_count(1)
    assert focused(visit) == "Équipes"
    expect(page.locator('#gz-nav [aria-current="page"]')).to_have_text("Équipes")


@pytest.mark.slow
def test_a_lycee_is_found_moved_and_the_move_undone_in_at_most_twelve_keys(visit: Visit) -> None:
    visit.open()  # the first page, whose address says nothing
    keys = ["Tab", "Enter", "Tab"]
    press(visit, *keys)
    assert focused(visit).startswith("Chercher")
    find = [*"rac", "Enter", "Enter"]
    press(visit, *find)
    wait_for_focus(visit, "Lycée Racan")
    still(visit.page)
    moving = move_racan(visit)
    press(visit, "Control+z")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    assert len([*keys, *find]) + moving + len(["Control+z"]) <= 12
