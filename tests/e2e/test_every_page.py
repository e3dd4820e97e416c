"""What holds on every page: accessible, in French, no traceback, nothing refused by the browser."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from helpers.shown_words import faults
from helpers.slow_params import slow_but

from .accessible import serious
from .conftest import MAP, Visit, still

PAGES = (
    "", "atelier", "propositions", "temps", "equipes", "scenarios", "donnees", "partager",
    "webinaire",
)  # fmt: skip
HEADINGS = {
    "equipes": "Équipes",
    "scenarios": "Scénarios",
    "donnees": "Données",
    "partager": "Partager",
    "webinaire": "Webinaire",
}
#: Words of Streamlit's own widgets that a French reader should not meet.
ENGLISH = ("Browse files", "Drag and drop", "Choose an option", "Deploy", "Traceback", "Running")
#: Old addresses, and what is said where they lead.
THERE = {
    "atelier": "Choisissez un lycée",
    "propositions": "Que peut-on gagner",
    "temps": "Trajet le plus long",
    "webinaire": "Pendant le webinaire",
}


#: What the chips over the map are called at first; the button opens the drawer of tables.
CHIPS = ("Couleurs", "Comparer", "Légende", "Réglages", "Tableaux")


@pytest.mark.parametrize("path", slow_but(PAGES, *(path for path in PAGES if path not in THERE)))
def test_a_page_is_in_french_accessible_and_refused_nothing(visit: Visit, path: str) -> None:
    said = errors_said(visit.page)
    visit.open(path)
    if path in THERE:
        expect(visit.page.get_by_text(THERE[path]).first).to_be_visible()
        assert path not in urlsplit(visit.page.url).path
    _check_french(visit.page)
    _check_axe(visit, path)
    for name in (*CHIPS, "Scénario", "Outils de la région"):
        button = visit.page.get_by_role("button", name=name, exact=True)
        if button.count():
            button.click()
    _check_french(visit.page)
    if path == "webinaire":
        visit.page.get_by_role("button", name="Démarrer le webinaire").click()
        visit.page.frame_locator("dialog iframe").locator("#deck").wait_for()
    assert said == []
    assert visit.errors == []
    assert visit.outside == []


def errors_said(page: Page) -> list[str]:
    """List the errors that a browser tells in its console, such as what a policy refuses."""
    said: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        # on a page of its own address Streamlit looks for its server there first
        looking = re.search(r"/\w+/_stcore/", message.location["url"])
        if message.type == "error" and not looking:
            said.append(f"{message.text} {message.location['url']}")

    page.on("console", listen)
    return said


def _check_axe(visit: Visit, path: str) -> None:
    if path in HEADINGS:
        expect(visit.page.get_by_role("heading", name=HEADINGS[path], level=1)).to_be_visible()
        still(visit.page)
        assert serious(visit.page) == {}
        return
    if path == "propositions":
        box = visit.page.get_by_label("Secteurs", exact=True)
        box.click()
        box.press_sequentially("Sarthe")
        visit.page.get_by_role("option").first.wait_for()
        box.press("Enter")
        still(visit.page)
        visit.page.keyboard.press("Escape")
        visit.page.get_by_role("button", name="Chercher les meilleurs déplacements").click()
        expect(visit.page.locator(".gz-conclusion")).to_be_visible()
    else:
        visit.pick("0720012X")
        expect(visit.page.locator(".gz-lycee-card, .gz-heat")).to_be_visible()
    frame = visit.page.locator(MAP).element_handle().content_frame()
    assert serious(visit.page) == {}
    assert serious(frame) == {}


def _check_french(page: Page) -> None:
    # commands to type and names of icons are no sentences
    text = page.evaluate("""() => {
        const icon = (node) => getComputedStyle(node).fontFamily.includes("Material");
        const hidden = [...document.querySelectorAll("code, kbd, span")].filter(
            (node) => node.tagName !== "SPAN" || icon(node));
        hidden.forEach((node) => node.style.setProperty("display", "none"));
        const text = document.body.innerText;
        hidden.forEach((node) => node.style.removeProperty("display"));
        return text;
    }""")
    assert not [word for word in ENGLISH if word in text]
    assert faults(text) == ()
    assert re.findall(r"« .{9}|.{9} »", text) == []  # a quote may not end its line
    assert page.evaluate("document.documentElement.lang") == "fr"


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["regarder", "modifier"])
def test_what_each_chip_and_the_drawer_hold_is_in_french_and_accessible(
    visit: Visit, mode: str
) -> None:
    visit.open(f"?mode={mode}")
    chips = visit.page.locator(".st-key-gz-chips").get_by_role("button")
    opens_nothing = ("Tableaux", "Plein écran")
    names = [name for name in chips.all_inner_texts() if not name.endswith(opens_nothing)]
    assert len(names) == (5 if mode == "regarder" else 4)
    for rank in range(len(names)):
        chips.nth(rank).click()
        box = visit.page.get_by_test_id("stPopoverBody")
        expect(box).to_be_visible()
        still(visit.page)
        assert box.bounding_box()["width"] < 0.3 * visit.page.viewport_size["width"], names[rank]
        _check_french(visit.page)
        assert serious(visit.page) == {}, names[rank]
        visit.page.keyboard.press("Escape")
        expect(visit.page.get_by_test_id("stPopoverBody")).to_have_count(0)
    drawer = visit.tables()
    _check_french(visit.page)
    assert serious(visit.page) == {}
    left = drawer.bounding_box()["x"]
    closing = visit.page.get_by_role("button", name="Fermer les tableaux")
    for chip in chips.filter(has_not_text="Fermer les tableaux").all():
        # none of them lies under the drawer
        box = chip.bounding_box()
        assert box["x"] + box["width"] <= left, chip.inner_text()
    closing.click()
    expect(drawer).to_have_count(0)
    assert visit.errors == []


def test_a_search_that_finds_nothing_says_so_in_french(visit: Visit) -> None:
    visit.open("atelier")
    search = visit.page.get_by_role("combobox", name=re.compile("Chercher un lycée"))
    search.press_sequentially("zzzz")
    expect(visit.page.get_by_text("Rien ne s'appelle « zzzz » sur cette carte.")).to_be_visible()
    colours = visit.chip("Couleurs").get_by_role("combobox", name="Couleurs")
    colours.focus()
    colours.press_sequentially("zzzz")
    expect(visit.page.get_by_text("Aucun résultat")).to_be_visible()


@pytest.mark.slow
def test_the_map_outlives_a_change_of_page(visit: Visit) -> None:
    visit.open()
    visit.aim("MAY-2")
    expect(visit.page.locator(".gz-card h3").first).to_have_text("Sablé – La Flèche – Montval")
    visit.page.evaluate("window.first = document.querySelector('.st-key-gz-map iframe')")
    for name, page in (
        ("Équipes", "equipes"),
        ("Scénarios", "scenarios_page"),
        ("Partager", "partager"),
        ("Données", "donnees"),
    ):
        visit.follow(name, page)
        expect(visit.page.locator(MAP)).to_be_hidden()
        expect(visit.page.get_by_role("heading", level=1)).to_contain_text(name)
    visit.follow("Carte", "carte")
    expect(visit.page.locator(MAP)).to_be_visible()
    kept = "window.first === document.querySelector('.st-key-gz-map iframe')"
    assert visit.page.evaluate(kept)
    expect(visit.page.locator(".gz-card h3").first).to_have_text("Sablé – La Flèche – Montval")
    assert visit.errors == []


PARTED = {"partager": "Partager", "donnees": "Données", "equipes": "Équipes"}


@pytest.mark.parametrize(
    ("path", "part", "kept"),
    slow_but(
        [
            ("partager", "Webinaire", "partie=webinaire"),
            ("donnees", "Minutes", "partie=minutes"),
            ("equipes", "Absences", "partie=absence"),
        ],
        ("donnees", "Minutes", "partie=minutes"),
    ),
)
def test_a_part_is_kept_on_reload_and_back_goes_to_the_one_before(
    visit: Visit, path: str, part: str, kept: str
) -> None:
    page = visit.page
    visit.open(path)
    first = page.get_by_role("radiogroup", name="Partie").get_by_role("radio", checked=True)
    name = first.inner_text()
    page.get_by_role("radio", name=part, exact=True).click()
    expect(page.get_by_role("radio", name=part, exact=True)).to_be_checked()
    expect(page).to_have_url(re.compile(kept))
    page.reload()
    visit.ready(path)
    expect(page.get_by_role("radio", name=part, exact=True)).to_be_checked()
    visit.follow("Scénarios", "scenarios_page")
    page.go_back()
    visit.ready(path)
    expect(page.get_by_role("radio", name=part, exact=True)).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name=name, exact=True)).to_be_checked()
    assert kept not in page.url
    page.go_forward()
    expect(page.get_by_role("radio", name=part, exact=True)).to_be_checked()
    # the menu leads back to the part that was left
    visit.follow("Scénarios", "scenarios_page").follow(PARTED[path], path)
    expect(page.get_by_role("radio", name=part, exact=True)).to_be_checked()
    expect(page).to_have_url(re.compile(kept))
    assert visit.errors == []
