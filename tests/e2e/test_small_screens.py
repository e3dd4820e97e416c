"""Every mode and page at 320 px, as wide as 1280 px at 400 %: nothing to scroll sideways."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from geozones.store import open_store
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study

from .conftest import MAP, NewVisit, Visit, still
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
        if screen != ZOOMED:  # there the panel follows the map, and is no sheet
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
    if screen != ZOOMED:
        visit.page.get_by_role("button", name="Fiche", exact=True).click()
    visit.page.get_by_role("link", name="Données personnelles").click()
    visit.ready("donnees")
    expect(visit.page.get_by_role("heading", name="Données personnelles")).to_be_visible()


#: 1440×900 at 400 %, and a phone.
LARGEST, PHONE = ViewportSize(width=360, height=225), ViewportSize(width=390, height=844)


def test_at_400_per_cent_the_map_has_its_height_and_nothing_lies_over_it(
    new_visit: NewVisit,
) -> None:
    page = new_visit(LARGEST).open().page
    map_box = page.locator(MAP).bounding_box()
    assert map_box["height"] >= 170
    for name in (".st-key-gz-over-left", ".st-key-gz-chips", "#gz-foot"):
        box = page.locator(name).bounding_box()
        assert box["y"] >= map_box["y"] + map_box["height"], name
    page.locator("#gz-search input").scroll_into_view_if_needed()
    expect(page.locator("#gz-search input")).to_be_in_viewport()


#: The lycée that is lowest on the map of those above a height, under no other, and its middle.
LOWEST = """(most) => [...document.querySelectorAll("[data-uai]")]
  .map((e) => [e, e.getBoundingClientRect()])
  .map(([e, { x, y, width, height }]) => [e, x + width / 2, y + height / 2])
  .filter(([e, x, y]) => y < most && e.contains(document.elementFromPoint(x, y)))
  .sort(([, , one], [, , other]) => other - one)
  .map(([e, x, y]) => [e.dataset.uai, x, y])[0]"""


def test_what_is_tapped_is_never_under_the_sheet_that_it_opens(new_visit: NewVisit) -> None:
    visit = new_visit(PHONE).open()
    page, before = visit.page, visit.panel.bounding_box()
    at = page.locator(MAP).bounding_box()
    frame = page.locator(MAP).element_handle().content_frame()
    uai, x, y = frame.evaluate(LOWEST, before["y"] - at["y"] - 10)
    page.mouse.click(at["x"] + x, at["y"] + y)
    expect(visit.panel.locator(".gz-lycee-card")).to_be_visible()
    still(page)
    sheet, chosen = visit.panel.bounding_box(), visit.lycee(uai).bounding_box()
    assert at["y"] + y > sheet["y"]  # it was tapped where the sheet opened
    chips = page.locator(".st-key-gz-chips").bounding_box()
    assert chosen["y"] + chosen["height"] <= sheet["y"]
    assert chosen["y"] + chosen["height"] >= chips["y"] + chips["height"]


def test_on_a_phone_search_and_figures_are_in_sight_and_the_drawer_covers_the_map(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(PHONE).open()
    page = visit.page
    bar = page.locator("#gz-sheets").bounding_box()
    expect(page.locator("#gz-search input")).to_be_in_viewport(ratio=1)
    for figure in page.locator(".gz-three .gz-figure").all():
        box = figure.bounding_box()
        assert box["y"] + box["height"] <= bar["y"]
    drawer = visit.tables().bounding_box()
    close = page.get_by_role("button", name="Fermer les tableaux")
    expect(close).to_be_in_viewport(ratio=1)
    assert drawer["width"] == PHONE["width"]
    assert drawer["y"] <= close.bounding_box()["y"] + close.bounding_box()["height"] + 10
    assert drawer["y"] + drawer["height"] == bar["y"]
    close.click()
    expect(page.locator(".st-key-gz-over-right")).to_have_count(0)


TABLET = ViewportSize(width=1024, height=768)


def test_every_chip_of_a_phone_is_in_sight_and_every_link_of_the_footer(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(PHONE).open()
    for chip in visit.page.locator(".st-key-gz-chips button:visible").all():
        expect(chip).to_be_in_viewport(ratio=1)
    assert not visit.page.locator("#gz-more").is_visible()
    visit.page.get_by_role("button", name="Fiche", exact=True).click()
    check_links(visit.page)
    check_links(new_visit(PHONE).open("scenarios").page)


def check_links(page: Page) -> None:
    links = page.locator("#gz-foot a")
    expect(links).to_have_count(3)
    for link in links.all():
        expect(link).to_be_in_viewport(ratio=1)
        at_its_end = """(e) => [...e.getClientRects()].every(({ right, y, height }) =>
            e.contains(document.elementFromPoint(right - 2, y + height / 2)))"""
        assert link.evaluate(at_its_end), link.text_content()


def test_beside_the_drawer_chips_stay_on_one_line_and_a_button_shows_the_others(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(TABLET).open()
    page = visit.page
    more = page.locator("#gz-more")
    expect(more).to_be_hidden()
    drawer = visit.tables().bounding_box()
    others = [
        box
        for box in (
            chip.bounding_box() for chip in page.locator(".st-key-gz-chips button:visible").all()
        )
        if box["x"] < drawer["x"]
    ]
    assert len(others) > 2
    assert len({box["y"] for box in others}) == 1
    expect(more).to_be_visible()
    landmark = page.get_by_role("navigation", name="Suite des boutons de la carte")
    expect(landmark.get_by_role("button", name="Autres boutons de la carte")).to_have_count(1)
    full = page.get_by_role("button", name="Plein écran", exact=True)
    expect(full).not_to_be_in_viewport()
    more.click()
    more.click()
    expect(more).to_have_text("‹")
    expect(full).to_be_in_viewport(ratio=1)
    more.click()
    expect(page.get_by_role("button", name="Couleurs")).to_be_in_viewport(ratio=1)


def test_the_button_that_leaves_full_screen_is_in_sight(new_visit: NewVisit) -> None:
    page = new_visit(TABLET).open("?ecran=plein").page
    expect(page.get_by_role("button", name="Quitter le plein écran")).to_be_in_viewport(ratio=1)


def test_what_unfolds_has_a_sign_and_not_the_border_of_a_field(visit: Visit) -> None:
    page = visit.open("scenarios").page
    folded = page.locator("main details").first
    looks = "e => ['Left', 'Top'].map((at) => getComputedStyle(e)[`border${at}Width`])"
    assert folded.evaluate(looks) == ["0px", "0px"]
    turned = "e => getComputedStyle(e.querySelector('summary > span'), '::before').transform"
    before = folded.evaluate(turned)
    folded.locator("summary").click()
    still(page)
    assert before != "none"
    assert folded.evaluate(turned) != before


def test_the_open_scenario_is_named_at_the_top_and_its_sheet_is_in_sight_on_a_phone(
    new_visit: NewVisit, study: Study, app_home: Path, app_url: str
) -> None:
    with closing(open_store(f"sqlite:///{app_home / 'scenarios.db'}")) as store:
        desk = Scenarios(study.analysis, lambda: store, LOCAL)
        kept = [
            desk.describe(
                desk.editor.record(desk.new(), "move", {"moves": {"0720012X": zone}}),
                name=f"Racan, essai de {zone}",
            )
            for zone in ("SAR-1", "SAR-2", "SAR-3", "SAR-4", "MAY-1", "MAY-3")
        ]
        page = new_visit(PHONE, app_url).open(f"scenarios?scenario={kept[0].scenario.id}").page
    expect(page.locator("h1")).to_contain_text("« Racan, essai de SAR-1 » · enregistré")
    sheet = page.locator(".gz-card h3", has_text="Racan, essai de SAR-1")
    expect(sheet).to_be_in_viewport(ratio=1)
    # its row, the oldest of the list, is in sight too
    expect(page.locator(".gz-opens [aria-current]")).to_be_in_viewport(ratio=0.9)
    page.locator(".gz-opens button", has_text="Racan, essai de MAY-3").click()
    expect(page.locator(".gz-card h3")).to_have_text("Racan, essai de MAY-3")
    expect(page.locator(".gz-card h3")).to_be_in_viewport(ratio=1)
