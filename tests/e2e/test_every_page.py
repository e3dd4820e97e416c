"""What holds on every page: accessible, in French, no traceback, nothing refused by the browser."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from helpers.slow_params import slow_but

from .accessible import check_french, serious
from .conftest import MAP, Visit, still

PAGES = (
    "", "atelier", "propositions", "temps", "equipes", "scenarios", "donnees", "partager",
    "webinaire",
)  # fmt: skip
#: Old addresses, and what is said where they lead.
THERE = {
    "atelier": "Pour déplacer un lycée",
    "propositions": "Revenir à la carte",
    "temps": "Relève la plus lente",
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
    check_french(visit.page)
    assert serious(visit.page) == {}
    drawn = visit.page.locator(MAP)
    if drawn.count() and drawn.is_visible():
        assert serious(drawn.element_handle().content_frame()) == {}
    for name in (*CHIPS, "Scénario", "Outils de la région"):
        button = visit.page.get_by_role("button", name=name, exact=True)
        if button.count():
            button.click()
    check_french(visit.page)
    if path == "webinaire":
        visit.page.get_by_role("button", name="Démarrer le webinaire").click()
        visit.page.frame_locator("dialog iframe").locator("#deck").wait_for()
    assert said == visit.errors == visit.outside == []


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


@pytest.mark.slow
def test_the_map_outlives_a_change_of_page(visit: Visit) -> None:
    visit.open()
    visit.aim("MAY-2")
    card = visit.page.locator(".gz-card h3").first
    expect(card).to_have_text("Sablé – La Flèche – Montval")
    visit.page.evaluate("window.first = document.querySelector('.st-key-gz-map iframe')")
    visit.follow("Équipes", "equipes")
    expect(visit.page.locator(MAP)).to_be_hidden()
    visit.follow("Carte", "carte")
    expect(visit.page.locator(MAP)).to_be_visible()
    kept = "window.first === document.querySelector('.st-key-gz-map iframe')"
    assert visit.page.evaluate(kept)
    expect(card).to_have_text("Sablé – La Flèche – Montval")
    assert visit.errors == []


def test_a_part_is_kept_on_reload_and_back_goes_to_the_one_before(visit: Visit) -> None:
    page = visit.open("donnees").page
    parts = page.get_by_role("radiogroup", name="Partie")
    first = parts.get_by_role("radio", checked=True).inner_text()
    minutes = page.get_by_role("radio", name="Minutes", exact=True)
    minutes.click()
    expect(minutes).to_be_checked()
    expect(page).to_have_url(re.compile("partie=minutes"))
    page.reload()
    visit.ready("donnees")
    expect(minutes).to_be_checked()
    visit.follow("Scénarios", "scenarios_page")
    page.go_back()
    visit.ready("donnees")
    expect(minutes).to_be_checked()
    page.go_back()
    expect(page.get_by_role("radio", name=first, exact=True)).to_be_checked()
    assert "partie=minutes" not in page.url
    page.go_forward()
    expect(minutes).to_be_checked()
    # the menu leads back to the part that was left
    visit.follow("Scénarios", "scenarios_page").follow("Données", "donnees")
    expect(minutes).to_be_checked()
    still(page)
    expect(page).to_have_url(re.compile("partie=minutes"))
    assert visit.errors == []
