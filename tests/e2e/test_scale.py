"""One scale on every page: sizes of type, weights, targets, borders of fields, focus.

What readers ask of their browser too: forced colours, larger type, more space in and between lines.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from helpers.slow_params import slow_but

from .browser import PHONE, WIDE
from .conftest import MAP, NewVisit, Visit, still
from .test_small_screens import SCREENS, check_fits, resize

SIZES, WEIGHTS = {"12px", "14px", "16px", "20px", "28px"}, {"400", "600"}
PAGES = (
    "?mode=proposer", "equipes", "equipes?partie=postes", "scenarios", "donnees",
    "donnees?partie=minutes", "partager", "partager?partie=webinaire",
)  # fmt: skip
#: Those where the keyboard goes round, whose text is spaced, which are seen at 400 %.
FOCUSED = {"?mode=proposer", "equipes", "scenarios", "donnees"}
SPACED_OUT, ZOOMED_IN = {"equipes", "partager", "donnees"}, {*FOCUSED, "partager"} - {PAGES[0]}

#: What is written and what is clicked, as the browser has it; names in lists of choices apart.
MEASURE = """
() => {
  const seen = (e) => {
    const { width, height } = e.getBoundingClientRect();
    const clipped = getComputedStyle(e).clipPath !== "none" || e.closest(".gz-hidden, [hidden]");
    return e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      && width > 2 && height > 2 && !clipped;
  };
  const said = {};
  const note = (e, text) => {
    const { fontSize, fontWeight } = getComputedStyle(e);
    (said[`${fontSize} ${fontWeight}`] ||= []).push(text.trim().slice(0, 30));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    if (!data.trim() || parent.closest("script, style, iframe, option, [translate=no]")) continue;
    if (seen(parent)) note(parent, data);
  }
  const fields = [...document.querySelectorAll("input, select, textarea")].filter(seen);
  fields.forEach((e) => note(e, e.ariaLabel || e.id));
  // a field is as high as its box; links in sentences, thumbs of sliders, crosses of tags are less
  const CLICKED = "button, summary, [role=tab], label:has(input), input, select, a[data-testid]";
  const boxOf = (e) => e.closest("[role=group]")
    || e.closest("[data-testid$=Container], [data-testid$=Element]");
  const small = [...document.querySelectorAll(CLICKED)].filter(seen).flatMap((e) => {
    const inField = e.matches("input, button") && boxOf(e);
    if (e.matches("label input, [aria-label^=Retirer]") || e.closest(".stSlider, p")) return [];
    const { width, height } = (inField || e).getBoundingClientRect();
    const around = getComputedStyle(e, "::after");
    if (around.position === "absolute" && parseFloat(around.height) >= 40) return [];
    const enough = height >= 39.9 && width >= 39.9;
    return enough ? [] : [`${width}×${height} ${e.outerHTML.slice(0, 120)}`];
  });
  const light = (colour) => {
    const parts = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((v) => (v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4));
    return .2126 * r + .7152 * g + .0722 * b + .05;
  };
  const ground = (e) => {
    const { backgroundColor } = getComputedStyle(e);
    const filled = !e.parentElement || !/, 0\\)/.test(backgroundColor);
    return filled ? backgroundColor : ground(e.parentElement);
  };
  const contrast = (one, other) => Math.max(light(one) / light(other), light(other) / light(one));
  const faint = fields.filter((e) => !e.closest(".stSlider, label, td")).flatMap((e) => {
    let box = e;
    while (getComputedStyle(box).borderTopWidth === "0px") box = box.parentElement;
    const { borderTopColor } = getComputedStyle(box);
    const ratio = contrast(borderTopColor, ground(box.parentElement));
    return ratio >= 3 ? [] : [`${ratio.toFixed(2)} ${e.ariaLabel || e.id}`];
  });
  return { said, small, faint };
}
"""

#: The outline of what has the focus, and its contrast with what lies around it.
FOCUS = """
() => {
  let e = document.activeElement;
  const drawn = (e) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(e);
    return outlineStyle === "solid" && parseFloat(outlineWidth) >= 3;
  };
  const name = e.outerHTML.slice(0, 120);
  const small = (e) => e.parentElement && e.getBoundingClientRect().height < 200;
  while (!drawn(e) && small(e)) e = e.parentElement;
  return [name, drawn(e) ? getComputedStyle(e).outlineColor : ""];
}
"""


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


def check(page: Page, where: str) -> None:
    still(page)
    found = page.evaluate(MEASURE)
    strange = {
        style: words
        for style, words in found["said"].items()
        if style.split()[0] not in SIZES or style.split()[1] not in WEIGHTS
    }
    assert (strange, found["small"], found["faint"]) == ({}, [], []), where


@pytest.mark.parametrize("path", slow_but(PAGES, *FOCUSED))
def test_each_page_is_of_the_scale_with_its_text_spaced_and_on_small_screens(
    visit: Visit, path: str
) -> None:
    page = visit.open(path).page
    check(page, "wide")
    if path in FOCUSED:
        check_focus(page)
    if path in SPACED_OUT:
        check_spaced(page)
    page.set_viewport_size(PHONE)
    check(page, "phone")
    if path in ZOOMED_IN:
        for screen in SCREENS:
            resize(page, screen)
            check_fits(page, path)


@pytest.mark.slow
def test_the_map_is_of_the_scale_with_its_text_spaced_enlarged_and_in_full_screen(
    visit: Visit,
) -> None:
    page = visit.open().page
    check_names(visit)
    check(page, "wide")
    check_focus(page)
    check_spaced(page)
    # whoever asks for larger type has it
    larger = page.add_style_tag(content="html { font-size: 150% !important; }")
    size = page.locator(".gz-region h2").evaluate("(e) => getComputedStyle(e).fontSize")
    assert size == "30px"
    larger.evaluate("(style) => style.remove()")
    # « Réglages » opens full screen, and the button leaves it
    page.locator(".st-key-gz-chips").get_by_role("button", name="Réglages").click()
    page.get_by_role("button", name="Plein écran", exact=True).click()
    expect(page).to_have_url(re.compile("ecran=plein"))
    expect(visit.panel).to_have_count(0)
    page.get_by_role("button", name="Quitter le plein écran").click()
    expect(visit.panel).to_be_visible()
    page.set_viewport_size(PHONE)
    check(page, "phone")
    assert visit.errors == []


@pytest.mark.slow
def test_what_is_chosen_and_what_opens_is_of_the_scale_and_seen_in_forced_colours(
    visit: Visit,
) -> None:
    page = visit.open("?mode=modifier").page
    check(page, "wide")
    check_spaced(page)
    page.set_viewport_size(PHONE)
    check(page, "phone")
    page.set_viewport_size(WIDE)
    visit.pick("0720012X")
    check(page, "lycée")
    visit.aim("MAY-2")
    check(page, "zone")
    visit.tables()
    check(page, "tables")
    page.get_by_role("button", name="Fermer les tableaux").click()
    for name in ("Couleurs", "Comparer", "Légende", "Réglages"):
        visit.chip(name)
        check(page, name)
        page.keyboard.press("Escape")
    page.emulate_media(forced_colors="active")
    still(page)
    check_forced_colours(page)


def check_focus(page: Page) -> None:
    """Check that the keyboard goes round in the accent, on white and on the grounds of the app."""
    for _ in range(18):
        page.keyboard.press("Tab")
        name, colour = page.evaluate(FOCUS)
        if not name.startswith(("<iframe", "<body")):
            assert colour == "rgb(20, 80, 122)", name  # 7:1 or more
    page.evaluate("document.activeElement.blur()")


def check_spaced(page: Page) -> None:
    """Check that no text is cut once it has the spaces that a reader may ask for."""
    spaces = page.add_style_tag(content=SPACED)
    still(page)
    assert page.evaluate(CUT) == []
    assert not page.evaluate(OVERLAP)
    spaces.evaluate("(style) => style.remove()")
    still(page)


def check_forced_colours(page: Page) -> None:
    """Check what is told by a colour where the system chooses every one."""
    look = "(e) => getComputedStyle(e).backgroundColor"
    # the scale over the map explains its colours, which stay
    tints = page.frame_locator(MAP).locator(".gz-scale i").evaluate_all(f"all => all.map({look})")
    assert len(set(tints)) > 4, tints
    # names keep their halo: a white box behind each would hide lycées
    halo = page.frame_locator(MAP).locator(".gz-label span").first
    assert halo.evaluate("(e) => getComputedStyle(e).textShadow") != "none"
    under = "(e) => getComputedStyle(e).borderBottomColor"
    pages = page.get_by_role("navigation", name="Pages").get_by_role("link")
    current, *others = (link.evaluate(under) for link in pages.all())
    assert current not in others
    page.locator(".st-key-gz-chips").get_by_role("button", name="Légende").click()
    swatches = page.get_by_role("dialog").locator(".gz-swatch")
    expect(swatches.first).to_be_visible()
    white = "rgb(255, 255, 255)"
    drawn = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).backgroundImage]"
    for swatch in swatches.all():
        colour, image = swatch.evaluate(drawn)
        assert colour != white or image != "none"
    search = page.get_by_role("combobox", name="Chercher")
    search.press_sequentially("laval")
    rows = page.locator("#gz-search").get_by_role("option")
    assert rows.nth(0).evaluate(look) != rows.nth(1).evaluate(look)


#: Sizes of what is written on the map, as (size, text), and the files of letters of its frame.
_ON_MAP = """
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) {
    const { parentElement: parent, data } = walker.currentNode;
    const seen = parent.checkVisibility({ visibilityProperty: true });
    if (!data.trim() || parent.closest("script, style, .leaflet-control-zoom") || !seen) continue;
    const { fontSize, fontFamily } = getComputedStyle(parent);
    words.push([fontSize, fontFamily.split(",")[0], data.trim()]);
  }
  const faces = [...document.fonts].filter(({ status }) => status === "loaded");
  const files = performance.getEntriesByType("resource").map(({ name }) => name);
  const fonts = files.filter((name) => name.includes(".woff2"));
  return { words, faces: faces.map(({ family }) => family), fonts };
}
"""


def check_names(visit: Visit) -> None:
    """Check that names on the map are of three sizes, in the typeface of the page."""
    visit.wait_on_map("() => [...document.fonts].some(({ status }) => status === 'loaded')")
    frame = visit.page.locator(MAP).element_handle().content_frame()
    for zoom in (None, 10, 12):
        if zoom:
            frame.evaluate("(zoom) => window.map.setView([47.47, -0.55], zoom)", zoom)
            still(visit.page)
        found = frame.evaluate(_ON_MAP)
        assert {size for size, _, _ in found["words"]} <= {"12px", "14px", "16px"}, zoom
        assert {family.strip('"') for _, family, _ in found["words"]} == {"Source Sans"}
        if not zoom:  # every sector is named, on a phone too
            names = {text.replace("\n", "") for _, _, text in found["words"]}
            assert {"Nantes", "Sarthe", "Vendée", "Maine-et-Loire"} <= names, names
    page_fonts = visit.page.evaluate(
        "performance.getEntriesByType('resource').map(({ name }) => name)"
    )
    assert found["fonts"]
    assert set(found["fonts"]) <= set(page_fonts)


@pytest.mark.slow
def test_names_on_the_map_of_a_phone_are_of_three_sizes_in_the_typeface_of_the_page(
    new_visit: NewVisit,
) -> None:
    check_names(new_visit(PHONE).open())


ROOM = {"width": 1920, "height": 1080}


def test_in_full_screen_all_that_is_read_is_of_24_px_at_least(new_visit: NewVisit) -> None:
    visit = new_visit(ROOM).open("?ecran=plein&couche=worst_releve_minutes")
    page = visit.page
    visit.wait_on_map("() => [...document.fonts].some(({ status }) => status === 'loaded')")
    still(page)
    sizes = {float(style.split("px")[0]): words for style, words in said_on(page).items()}
    assert min(sizes) >= 24, sizes
    frame = page.locator(MAP).element_handle().content_frame()
    words = frame.evaluate(_ON_MAP)["words"]
    assert len(words) > 20
    small = [(size, text) for size, _, text in words if float(size[:-2]) < 24]
    assert small == []
    box = page.locator(MAP).bounding_box()
    assert (box["width"], box["height"]) == (ROOM["width"], ROOM["height"])
    for gone in ("#gz-nav", ".st-key-gz-chips", ".st-key-gz-over-left", "#gz-foot"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator(".st-key-gz-over-full")).to_contain_text("plus de 60")
    page.keyboard.press("Escape")
    expect(visit.panel).to_be_visible()
    expect(page).not_to_have_url(re.compile("ecran"))
    still(page)
    assert {size for size, _, _ in frame.evaluate(_ON_MAP)["words"]} <= {"12px", "14px", "16px"}


def said_on(page: Page) -> dict[str, list[str]]:
    said: dict[str, list[str]] = page.evaluate(MEASURE)["said"]
    # a skip link that waits above the window is not read
    return {
        style: left
        for style, words in said.items()
        if (left := [word for word in words if not word.startswith(("Aller ", "Passer "))])
    }
