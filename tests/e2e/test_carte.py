"""The page « Carte », as someone who only looks uses it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from .browser import new_context
from .conftest import MAP, Visit


@pytest.fixture(scope="module")
def opened(chromium: Browser, app_url: str) -> Iterator[Visit]:
    """The map as it opens, for tests that only look: none may click, type or move it."""
    context = new_context(chromium)
    yield Visit(app_url, context.new_page()).open()
    context.close()


def test_published_is_solid_and_draft_is_hatched(opened: Visit) -> None:
    published = opened.map.locator('path[data-zone="MAY-2"]').first
    draft = opened.map.locator('path[data-zone="SAR-4"]').first
    assert published.get_attribute("fill").startswith("#")
    assert draft.get_attribute("fill").startswith("url(#gz-hatch")
    for status, sectors in (("Brouillons, rien n’est décidé", 4), ("Publiés par la Région", 3)):
        heading = opened.panel.get_by_role("heading", name=status, exact=True)
        expect(heading.locator("xpath=following-sibling::ul[1]/li")).to_have_count(sectors)
    # a name is text with a halo: no sign nor box behind it hides the zones
    behind = "all => [...new Set(all.map((each) => getComputedStyle(each).backgroundColor))]"
    assert opened.map.locator(".gz-label").evaluate_all(behind) == ["rgba(0, 0, 0, 0)"]


def test_what_is_looked_at_lies_between_the_panels(opened: Visit) -> None:
    left = opened.panel.bounding_box()
    chips = opened.page.locator(".st-key-gz-chips").bounding_box()
    foot = opened.page.locator("#gz-foot").bounding_box()
    west, east = opened.point(47.3, -2.5), opened.point(48.3, 0.9)
    north, south = opened.point(48.55, -0.1), opened.point(46.3, -1)
    assert left["x"] + left["width"] < west[0] < east[0] < opened.page.viewport_size["width"]
    assert chips["y"] + chips["height"] < north[1] < south[1] < foot["y"]


def test_no_lycee_hides_another(opened: Visit) -> None:
    centres = opened.map.locator("#map_div").evaluate(
        "() => [...document.querySelectorAll('[data-uai]')].map(e => {"
        " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })"
    )
    closest = min(
        ((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5
        for i, (ax, ay) in enumerate(centres)
        for bx, by in centres[i + 1 :]
    )
    assert closest >= 7


def test_the_mouse_the_list_and_the_map_lead_to_what_the_panel_tells_of(visit: Visit) -> None:
    visit.open()
    panel = visit.panel
    frame = visit.page.locator(MAP).element_handle().content_frame()
    before = frame.evaluate("window.map.getZoom()")
    # hovering tells without a click
    visit.map.locator('path[data-zone="MEL-4"]').first.hover()
    tip = visit.map.locator(".gz-tip")
    expect(tip).to_contain_text("Saumur – Montreuil-Bellay")
    expect(tip).to_contain_text("Kevin Barbier")
    # a sector of the list, and who runs it
    panel.get_by_role("button", name="Mayenne", exact=True).click()
    expect(panel).to_contain_text("Lucien Druault")
    expect(panel).to_contain_text("Réaumur – Buron")
    expect(panel).to_contain_text("18 en 4 zones")
    frame.wait_for_function("before => window.map.getZoom() > before", arg=before)
    # a zone of the map: its lycées, the figures of the region for it, with its hours
    visit.aim("MAY-2")
    expect(panel.locator("h3").first).to_have_text("Sablé – La Flèche – Montval")
    expect(
        panel.get_by_role("table", name="Relève de chaque lycée").locator("tbody tr")
    ).to_have_count(5)
    expect(panel).to_contain_text("74 min")
    figures = panel.locator(".gz-three .gz-figure-label")
    expect(figures).to_have_text(["trajet moyen", "relève la plus lente", "points de vigilance"])
    mean = panel.locator(".gz-three .gz-figure-value").first
    expect(mean).to_contain_text("45,5")
    expect(panel.locator(".gz-facts")).to_contain_text(re.compile(r"Coût annuel\s*\d+.h"))
    # a lycée has one card
    visit.pick("0720012X")
    expect(panel.locator(".gz-lycee-card h3")).to_have_text("Racan")
    expect(panel.locator(".gz-card")).to_have_count(1)
    path = panel.get_by_role("navigation", name="Chemin")
    path.get_by_role("button", name=re.compile("^Sablé")).click()
    expect(panel.locator(".gz-card h3")).to_have_text("Sablé – La Flèche – Montval")


@pytest.mark.slow
def test_lycees_are_switched_off_and_the_background_is_asked_for(
    visit: Visit,
) -> None:
    visit.open()
    layers = visit.chip("Réglages").get_by_test_id("stCheckbox")
    layers.filter(has_text="Lycées").locator("label").click()
    expect(visit.map.locator("[data-uai]")).to_have_count(0)
    assert visit.map.locator("path[data-zone]").count() >= 32
    assert visit.outside == []
    layers.filter(has_text="IGN").locator("label").click()
    expect(visit.page.get_by_text("Le fond de plan IGN ne répond pas")).to_be_visible()
    assert visit.outside
    assert all("data.geopf.fr" in url for url in visit.outside)
    assert visit.map.locator("path[data-zone]").count() >= 32


def assert_names_are_apart(visit: Visit, at_least: int) -> None:
    boxes = [
        label.bounding_box()
        for label in visit.map.locator(".gz-label span").all()
        if label.is_visible()
    ]
    assert len(boxes) >= at_least
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart_x = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            apart_y = a["y"] + a["height"] <= b["y"] or b["y"] + b["height"] <= a["y"]
            assert apart_x or apart_y


@pytest.mark.slow
def test_the_map_opens_with_no_request_off_the_machine_and_no_name_over_another(
    visit: Visit,
) -> None:
    visit.open()
    expect(visit.map.locator("[data-uai]")).to_have_count(119)
    assert visit.map.locator("path[data-zone]").count() >= 32
    expect(visit.map.locator(".gz-label-sector")).to_have_count(7)
    assert_names_are_apart(visit, 7)
    visit.map.locator("#map_div").evaluate(
        "() => { window.map.setView([47.22, -1.55], 9.5, {animate: false}); }"
    )
    assert_names_are_apart(visit, 7)
    assert visit.outside == []
    assert visit.errors == []
