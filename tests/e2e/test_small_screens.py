"""Every mode and page at 320 px, as wide as 1280 px at 400 %: nothing to scroll sideways."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from geozones.workspace.scenarios.service import Scenarios

from .accessible import serious
from .conftest import MAP, NewVisit, Visit, still

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


@pytest.mark.slow
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
        assert serious(frame) == {}
    if mode == "modifier":
        for screen, zone in zip(SCREENS, ("SAR-4", "SAR-1"), strict=True):
            resize(page, screen)
            a_lycee_is_moved_from_its_card(visit, zone)


def a_lycee_is_moved_from_its_card(visit: Visit, zone: str) -> None:
    visit.pick("0720012X")
    expect(visit.page.locator("#gz-chosen")).to_have_attribute(
        "data-chosen", re.compile("0720012X")
    )
    visit.aim(zone)
    button = visit.page.get_by_role("button", name="Déplacer vers")
    button.click()
    expect(visit.lycee("0720012X")).to_have_attribute("data-zone", zone)


def check(page: Page, where: str) -> None:
    still(page)
    check_fits(page, where)
    assert serious(page) == {}, where


def resize(page: Page, screen: ViewportSize) -> None:
    page.set_viewport_size(screen)
    still(page)


def check_fits(page: Page, where: str) -> None:
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, where
    assert page.evaluate(OUTSIDE) == [], where


#: 1440×900 at 400 %, a phone, and a phone lying.
LARGEST, PHONE = ViewportSize(width=360, height=225), ViewportSize(width=390, height=844)
LYING = ViewportSize(width=844, height=390)


@pytest.mark.slow
def test_in_a_low_window_nothing_lies_over_the_map_and_footer_links_are_under_its_sheet(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(LARGEST).open()
    page = visit.page
    for screen in (LARGEST, LYING):
        resize(page, screen)
        the_map_has_its_height_and_nothing_lies_over_it(page, screen)
    a_menu_over_a_map_that_flows_is_whole(visit)
    for screen in SCREENS:
        resize(page, screen)
        if screen != ZOOMED:
            page.get_by_role("button", name="Fiche", exact=True).click()
        page.get_by_role("link", name="Données personnelles").click()
        visit.ready("donnees")
        expect(page.get_by_role("heading", name="Données personnelles")).to_be_in_viewport()
        visit.follow("Carte", "carte")


def the_map_has_its_height_and_nothing_lies_over_it(page: Page, screen: ViewportSize) -> None:
    map_box = page.locator(MAP).bounding_box()
    assert map_box["height"] >= max(170, screen["height"] - 145)  # all but menu and search
    for name in (".st-key-gz-over-left", ".st-key-gz-chips", "#gz-foot"):
        box = page.locator(name).bounding_box()
        assert box["y"] >= map_box["y"] + map_box["height"], name
    page.locator("#gz-search input").scroll_into_view_if_needed()
    expect(page.locator("#gz-search input")).to_be_in_viewport()


def a_menu_over_a_map_that_flows_is_whole(visit: Visit) -> None:
    for name in ("Couleurs", "Comparer"):
        menu = visit.chip(name)
        box = menu.bounding_box()
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= LYING["height"], name
        assert menu.evaluate("e => e.scrollHeight <= e.clientHeight + 1"), name
        visit.page.keyboard.press("Escape")


#: 1440×900 at 200 %.
TWICE = ViewportSize(width=720, height=450)


def test_at_200_percent_the_panel_is_in_sight_and_the_wheel_scrolls_the_page(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(TWICE).open()
    page = visit.page
    expect(page.locator("#gz-search input")).to_be_in_viewport(ratio=1)
    zoom = "window.map.getZoom()"
    frame = page.locator(MAP).element_handle().content_frame()
    before = frame.evaluate(zoom)
    box = page.locator(MAP).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, min(box["y"] + 150, TWICE["height"] - 20))
    page.mouse.wheel(0, 120)
    page.wait_for_function("scrollY === 120")
    assert frame.evaluate(zoom) == before
    # with Ctrl it enlarges the map, as its buttons do, and the page stays where it is
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    frame.wait_for_function(f"(before) => {zoom} > before", arg=before)
    page.keyboard.up("Control")
    assert page.evaluate("scrollY") == 120


def test_a_move_that_is_ready_is_in_sight_then_its_answer_and_the_detail_covers_nothing(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(TWICE).open("?mode=modifier")
    page, chosen = visit.page, visit.page.locator("#gz-chosen")
    visit.pick("0720012X")
    expect(chosen).to_have_attribute("data-chosen", re.compile("0720012X"))
    visit.aim("SAR-4")
    move = page.get_by_role("button", name="Déplacer vers Mamers")
    expect(move).to_be_in_viewport(ratio=1)
    still(page)
    assert move.evaluate(UNCOVERED)
    box = move.bounding_box()  # where it is: a click would scroll to it first
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    answer = page.locator(".st-key-gz-answer")
    expect(answer).to_be_in_viewport(ratio=1)
    still(page)
    assert answer.evaluate(UNCOVERED)
    detail_covers_nothing(visit)


def detail_covers_nothing(visit: Visit) -> None:
    visit.page.locator(".st-key-gz-answer").get_by_role("button", name="Détail").click()
    expect(visit.panel.get_by_role("table").first).to_be_visible()
    for name in ("Toute la région", "Déplacer avec un autre lycée", "Outils du lycée"):
        part = visit.panel.get_by_text(name).first
        part.scroll_into_view_if_needed()
        assert part.evaluate(UNCOVERED), name


#: Whether an element has nothing over its corners and its middle.
UNCOVERED = """(e) => {
    const { left, right, top, bottom } = e.getBoundingClientRect();
    const middle = [(left + right) / 2, (top + bottom) / 2];
    return [[left + 8, top + 4], [right - 8, bottom - 4], middle].every(([x, y]) =>
        e.contains(document.elementFromPoint(x, y)));
}"""


#: The lycée that is lowest on the map of those above a height, under no other, and its middle.
LOWEST = """(most) => [...document.querySelectorAll("[data-uai]")]
  .map((e) => [e, e.getBoundingClientRect()])
  .map(([e, { x, y, width, height }]) => [e, x + width / 2, y + height / 2])
  .filter(([e, x, y]) => y < most && e.contains(document.elementFromPoint(x, y)))
  .sort(([, , one], [, , other]) => other - one)
  .map(([e, x, y]) => [e.dataset.uai, x, y])[0]"""


def test_a_phone_has_all_in_sight_its_drawer_over_the_map_and_what_is_tapped_over_the_sheet(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(PHONE).open()
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    left, right = visit.point(47.3, -2.5), visit.point(48.3, 0.9)
    assert 0 <= left[0] < right[0] <= PHONE["width"]  # the whole region
    for chip in visit.page.locator(".st-key-gz-chips button:visible").all():
        expect(chip).to_be_in_viewport(ratio=1)
    assert not visit.page.locator("#gz-more").is_visible()
    search_and_figures_are_in_sight_and_the_drawer_covers_the_map(visit)
    # every link of the footer, at the end of the sheet that is unfolded and of a page
    sheet = visit.page.get_by_role("button", name="Fiche", exact=True)
    sheet.click()
    expect(sheet).to_have_attribute("aria-expanded", "true")
    still(visit.page)
    the_footer_takes_no_room_until_the_end_is_reached(visit.page)
    check_links(visit.page)
    visit.panel.evaluate("(panel) => panel.scrollTo(0, 0)")
    sheet.click()
    expect(sheet).to_have_attribute("aria-expanded", "false")
    still(visit.page)
    what_is_tapped_is_never_under_the_sheet_that_it_opens(visit)
    page = visit.follow("Partager", "partager").page
    the_footer_takes_no_room_until_the_end_is_reached(page)
    check_links(page)
    expect(page.get_by_role("contentinfo")).to_have_count(1)


def the_footer_takes_no_room_until_the_end_is_reached(page: Page) -> None:
    for link in page.locator("#gz-foot a").all():
        expect(link).not_to_be_in_viewport()


def search_and_figures_are_in_sight_and_the_drawer_covers_the_map(visit: Visit) -> None:
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
    # the table of zones has no column out of sight
    zones = page.get_by_role("region", name=re.compile("^Zones de la région"))
    assert zones.evaluate("(e) => e.scrollWidth <= e.clientWidth && e.innerText.includes('min')")
    close.click()
    expect(page.locator(".st-key-gz-over-right")).to_have_count(0)
    still(page)


def what_is_tapped_is_never_under_the_sheet_that_it_opens(visit: Visit) -> None:
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


TABLET = ViewportSize(width=1024, height=768)


def check_links(page: Page) -> None:
    links = page.locator("#gz-foot a")
    expect(links).to_have_count(3)
    links.last.scroll_into_view_if_needed()
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
    last = page.locator(".st-key-gz-chips").get_by_role("button", name="Réglages")
    expect(last).not_to_be_in_viewport(ratio=1)
    more.click()
    expect(more).to_have_text("‹")
    expect(last).to_be_in_viewport(ratio=1)
    more.click()
    expect(page.get_by_role("button", name="Couleurs")).to_be_in_viewport(ratio=1)
    more.click()
    more.click()
    last.click()
    full = page.get_by_role("button", name="Plein écran", exact=True)
    assert full.bounding_box()["width"] > 2 * full.bounding_box()["height"]  # its words on a line
    full.click()
    expect(page.get_by_role("button", name="Quitter le plein écran")).to_be_in_viewport(ratio=1)


#: Labels and values that their boxes cut.
CUT = """() => [...document.querySelectorAll(
    ".st-key-gz-demand :is(input, .stMarkdownEllipsis)")]
  .filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.value ?? e.textContent)"""


def test_on_a_tablet_no_condition_of_a_proposal_is_cut(new_visit: NewVisit) -> None:
    page = new_visit(TABLET).open("?mode=proposer").page
    expect(page.get_by_label("Déplacements")).to_have_value("sans limite")
    still(page)
    assert page.evaluate(CUT) == []


def test_the_open_scenario_is_named_its_sheet_is_in_sight_on_a_phone_and_what_unfolds_has_a_sign(
    new_visit: NewVisit, scenarios: Scenarios, app_url: str
) -> None:
    kept = [
        scenarios.describe(
            scenarios.record(scenarios.new(), "move", {"moves": {"0720012X": zone}}),
            name=f"Racan, essai de {zone}",
        )
        for zone in ("SAR-1", "SAR-2", "SAR-3", "SAR-4", "MAY-1", "MAY-3")
    ]
    page = new_visit(PHONE, app_url).open(f"scenarios?scenario={kept[0].scenario.id}").page
    expect(page.locator("h1")).to_contain_text("« Racan, essai de SAR-1 » · enregistré")
    sheet = page.get_by_label("Nom du scénario")
    expect(sheet).to_have_value("Racan, essai de SAR-1")
    expect(sheet).to_be_in_viewport(ratio=1)
    # its row, the oldest of the list, is in sight too
    expect(page.locator(".gz-opens [aria-current]")).to_be_in_viewport(ratio=0.9)
    page.locator(".gz-opens button", has_text="Racan, essai de MAY-3").click()
    still(page)
    expect(sheet).to_have_value("Racan, essai de MAY-3")
    expect(sheet).to_be_in_viewport(ratio=1)
    page.get_by_role("button", name="Décider…").click()  # it stands where the page has scrolled
    expect(page.get_by_role("button", name="Enregistrer la décision")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")
    what_unfolds_has_a_sign_and_not_the_border_of_a_field(page)


def what_unfolds_has_a_sign_and_not_the_border_of_a_field(page: Page) -> None:
    folded = page.locator("main details").first
    looks = "e => ['Left', 'Top'].map((at) => getComputedStyle(e)[`border${at}Width`])"
    assert folded.evaluate(looks) == ["0px", "0px"]
    turned = "e => getComputedStyle(e.querySelector('summary > span'), '::before').transform"
    before = folded.evaluate(turned)
    folded.locator("summary").click()
    still(page)
    assert before != "none"
    assert folded.evaluate(turned) != before
