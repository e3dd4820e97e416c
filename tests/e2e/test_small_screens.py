"""Every mode and page at 320 px, as wide as 1280 px at 400 %: nothing to scroll sideways."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from .conftest import MAP, NewVisit, still
from .test_every_page import serious

#: 1280×1024 at 400 %, as WCAG 1.4.10 asks; a small phone.
ZOOMED: ViewportSize = {"width": 320, "height": 256}
SMALL: ViewportSize = {"width": 320, "height": 640}
SCREENS = (ZOOMED, SMALL)

#: What sticks out of the window at the right and is in no box that scrolls by itself.
OUTSIDE = """() => {
    const scrolls = (node) => {
        for (let box = node.parentElement; box && box !== document.body; box = box.parentElement) {
            const { overflowX } = getComputedStyle(box);
            const held = box.getBoundingClientRect().right <= innerWidth + 1;
            if (held && ["auto", "scroll", "hidden", "clip"].includes(overflowX)) return true;
        }
        return false;
    };
    return [...document.querySelectorAll("body *")]
        .filter((node) => node.getBoundingClientRect().width && node.checkVisibility())
        .filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node))
        .map((node) => `${node.tagName}.${node.className}`.slice(0, 120));
}"""


@pytest.mark.parametrize("mode", ["regarder", "modifier", "proposer"])
def test_in_every_mode_all_fits_and_axe_finds_no_serious_fault(
    new_visit: NewVisit, mode: str
) -> None:
    visit = new_visit(ZOOMED).open("" if mode == "regarder" else f"?mode={mode}")
    page = visit.page
    for screen in SCREENS:
        resize(page, screen)
        check(page, "map")
        page.get_by_role("button", name="Fiche", exact=True).click()
        check(page, "panel")
        for name in ("Couleurs", "Comparer", "Légende", "Réglages"):
            visit.chip(name)
            check(page, name)
            page.keyboard.press("Escape")
        visit.tables()
        check(page, "drawer")
        page.get_by_role("button", name="Fermer les tableaux").click()
        frame = page.locator(MAP).element_handle().content_frame()
        assert serious(Axe().run(frame).response) == {}


def check(page: Page, where: str) -> None:
    still(page)
    check_fits(page, where)
    assert serious(Axe().run(page).response) == {}, where


def resize(page: Page, screen: ViewportSize) -> None:
    page.set_viewport_size(screen)
    still(page)


def check_fits(page: Page, where: str) -> None:
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, where
    assert page.evaluate(OUTSIDE) == [], where


@pytest.mark.parametrize("screen", SCREENS, ids=["400 %", "320 px"])
def test_a_lycee_is_moved_from_its_card(new_visit: NewVisit, screen: dict[str, int]) -> None:
    visit = new_visit(screen).open("?mode=modifier")
    visit.pick("0720012X")
    expect(visit.page.locator("#gz-chosen")).to_have_attribute(
        "data-chosen", re.compile("0720012X")
    )
    visit.aim("SAR-4")
    button = visit.page.get_by_role("button", name="Déplacer vers")
    button.click()
    expect(visit.lycee("0720012X")).to_have_attribute("data-zone", "SAR-4")


@pytest.mark.parametrize("path", ["equipes", "scenarios", "partager", "donnees"])
def test_on_every_page_all_fits(new_visit: NewVisit, path: str) -> None:
    page = new_visit(ZOOMED).open(path).page
    for screen in SCREENS:
        resize(page, screen)
        check_fits(page, path)


@pytest.mark.parametrize("screen", SCREENS, ids=["400 %", "320 px"])
def test_the_links_of_the_footer_are_under_the_unfolded_sheet_of_the_map(
    new_visit: NewVisit, screen: ViewportSize
) -> None:
    visit = new_visit(screen).open()
    visit.page.get_by_role("button", name="Fiche", exact=True).click()
    visit.page.get_by_role("link", name="Données personnelles").click()
    visit.ready("donnees")
    expect(visit.page.get_by_role("heading", name="Données personnelles")).to_be_visible()
