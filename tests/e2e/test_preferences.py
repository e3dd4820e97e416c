"""What readers ask of their browser: forced colours, and more space in and between the lines."""

import pytest
from playwright.sync_api import Browser, Page, expect

from .browser import WIDE
from .conftest import Visit, still

#: The spaces of WCAG 1.4.12.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""
#: Texts that stick out of what holds them: a box that hides the rest, or a button.
CUT = """() => {
  const hides = (box) => ["hidden", "clip"].includes(getComputedStyle(box).overflowX);
  const held = (text) => {
    for (let box = text.parentElement; box; box = box.parentElement) {
      if (["MAIN", "BODY"].includes(box.tagName)) return null;
      if (box.clientWidth > 1 && (hides(box) || box.tagName === "BUTTON")) return box;
    }
    return null;
  };
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const cut = [];
  for (let text = walk.nextNode(); text; text = walk.nextNode()) {
    const { parentElement } = text;
    if (!text.data.trim() || !parentElement.checkVisibility({ visibilityProperty: true })) continue;
    if (parentElement.closest("script, style, .gz-hidden, [aria-hidden=true]")) continue;
    const box = held(text);
    const range = document.createRange();
    range.selectNodeContents(text);
    const [of, to] = [range.getBoundingClientRect(), box?.getBoundingClientRect()];
    if (box && of.width && (of.right > to.right + 1 || of.left < to.left - 1
        || of.bottom > to.bottom + 4 || of.top < to.top - 4)) cut.push(text.data.trim());
  }
  return cut;
}"""
#: Whether two of the first figures lie over one another.
OVERLAP = """() => {
  const boxes = [...document.querySelectorAll(".gz-three .gz-figure-value")].map((value) => {
    const range = document.createRange();
    range.selectNodeContents(value);
    return range.getBoundingClientRect();
  });
  return boxes.some((one, rank) => boxes.slice(rank + 1).some((other) =>
    one.right > other.left && other.right > one.left
      && one.bottom > other.top && other.bottom > one.top));
}"""


@pytest.mark.parametrize("path", ["", "?mode=modifier", "equipes", "partager", "donnees"])
def test_spaced_text_is_cut_nowhere(visit: Visit, path: str) -> None:
    page = visit.open(path).page
    page.add_style_tag(content=SPACED)
    still(page)
    assert page.evaluate(CUT) == []
    assert not page.evaluate(OVERLAP)


@pytest.fixture
def forced(chromium: Browser, app_url: str) -> Page:
    """A page in a contrast theme, where the system chooses every colour."""
    page = chromium.new_page(viewport=WIDE, locale="fr-FR", forced_colors="active")  # type: ignore[arg-type]
    page.goto(f"{app_url}/?mode=modifier")
    expect(page.get_by_role("radio", name="Modifier")).to_be_visible()
    still(page)
    return page


def test_in_forced_colours_what_is_chosen_and_the_legend_are_seen(forced: Page) -> None:
    look = "(e) => getComputedStyle(e).backgroundColor"
    chosen = forced.get_by_role("radio", name="Modifier", exact=True)
    other = forced.get_by_role("radio", name="Regarder", exact=True)
    assert chosen.evaluate(look) != other.evaluate(look)
    under = "(e) => getComputedStyle(e).borderBottomColor"
    pages = forced.get_by_role("navigation", name="Pages").get_by_role("link")
    current, *others = (link.evaluate(under) for link in pages.all())
    assert current not in others
    forced.locator(".st-key-gz-chips").get_by_role("button", name="Légende").click()
    swatches = forced.get_by_role("dialog").locator(".gz-swatch")
    expect(swatches.first).to_be_visible()
    white = "rgb(255, 255, 255)"
    drawn = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).backgroundImage]"
    for swatch in swatches.all():
        colour, image = swatch.evaluate(drawn)
        assert colour != white or image != "none"
    search = forced.get_by_role("combobox", name="Chercher")
    search.press_sequentially("laval")
    rows = forced.locator("#gz-search").get_by_role("option")
    assert rows.nth(0).evaluate(look) != rows.nth(1).evaluate(look)
    forced.close()
