"""The webinar, as a presenter prepares it, shows it by the keyboard, leads it, and shares it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from .accessible import serious
from .conftest import NewVisit, Visit, still
from .gestures import hurried

STEPS = 9
OPENING, SECOND = "Quatre zones sur 32 dépassent 45 minutes", re.compile("^En Maine-et-Loire, ")
ORGANISATION = "Un RNS par secteur encadre les techniciens de proximité"


class Show:
    """The show over the page."""

    def __init__(self, visit: Visit) -> None:
        self.page = visit.page
        self.dialog = self.page.get_by_role("dialog", name="Webinaire")
        self.inside = self.page.frame_locator("dialog iframe")
        self.deck = self.inside.locator("#deck")

    @property
    def frame(self) -> Frame:
        return self.page.locator("dialog iframe").element_handle().content_frame()

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, step: int, title: str | re.Pattern[str] | None = None) -> None:
        expect(self.deck).to_have_attribute("data-step", str(step))
        if title is not None:
            expect(self.inside.locator(".title:visible")).to_have_text(title)

    def zones(self, number: int = 0) -> Locator:
        return self.inside.locator(f"#map-{number} path[data-zone]")


@pytest.fixture
def show(visit: Visit) -> Show:
    visit.open("webinaire")
    visit.page.get_by_role("button", name="Démarrer le webinaire").click()
    shown = Show(visit)
    shown.at(1, OPENING)
    return shown


def test_keys_walk_the_story_show_its_legend_the_full_screen_and_leave(
    show: Show, visit: Visit
) -> None:
    keys_walk_both_ways_say_each_step_and_stop_at_its_ends(show)
    show.press("Home")
    maps_fade_what_is_aside_drafts_stay_hatched_and_the_organisation_is_drawn(show)
    show.press("Home")
    the_legend_the_full_screen_and_escape(show, visit)
    # a step chosen afterwards is worked on: it opens no show over the editor
    visit.page.get_by_text("4. Secteur · Sud Loire", exact=False).click()
    expect(visit.page.get_by_role("heading", name="Étape 4")).to_be_visible()
    still(visit.page)
    expect(show.dialog).to_have_count(0)


def keys_walk_both_ways_say_each_step_and_stop_at_its_ends(show: Show) -> None:
    expect(show.inside.get_by_text("plein écran")).to_be_visible()
    show.press("ArrowRight")
    show.at(2, SECOND)
    expect(show.inside.get_by_text("plein écran")).to_be_hidden()
    said = show.inside.get_by_role("status")
    expect(said).to_contain_text(f"Étape 2 sur {STEPS}. En Maine-et-Loire, ")
    expect(said).to_contain_text("RNS : Kevin Barbier")
    show.press("PageDown")
    show.at(3, re.compile("^En Mayenne"))
    show.press("ArrowLeft", "PageUp", "ArrowLeft")
    show.at(1)
    buttons_walk_too_and_keys_go_on_after_tab(show)
    show.press("End", "ArrowRight")
    show.at(STEPS)
    expect(show.inside.locator("#counter")).to_have_text(f"{STEPS} / {STEPS}")
    show.press("h")
    expect(show.inside.get_by_text("plein écran")).to_be_visible()
    letters_act_only_where_the_show_has_the_focus(show)


def letters_act_only_where_the_show_has_the_focus(show: Show) -> None:
    legend = show.inside.locator("#legend")
    show.frame.evaluate("document.activeElement.blur()")
    show.press("l", "Home")
    show.at(1)
    expect(legend).to_be_hidden()
    show.deck.focus()
    show.press("l")
    expect(legend).to_be_visible()
    show.press("l")


def buttons_walk_too_and_keys_go_on_after_tab(show: Show) -> None:
    show.inside.get_by_role("button", name="Suivant", exact=True).click()
    show.at(2)
    show.inside.get_by_role("button", name="Précédent", exact=True).click()
    show.at(1)
    # Tab goes over the buttons and out of the show, and back
    for step in (2, 3, 4, 5):
        show.press("Tab", "ArrowRight")
        show.at(step)
    legend = show.inside.locator("#legend")
    show.press("Tab", "Tab", "Tab", "l")
    expect(legend).to_be_visible()
    show.press("l", "Tab", "Home")
    expect(legend).to_be_hidden()
    show.at(1)
    # a focused button has a ring that is seen on the dark footer, and is pressed once
    onwards = show.inside.get_by_role("button", name="Suivant", exact=True)
    show.inside.get_by_role("button", name="Précédent", exact=True).focus()
    show.press("Tab")
    expect(onwards).to_be_focused()
    expect(onwards).to_have_css("outline-color", "rgb(255, 210, 63)")
    show.press(" ")
    show.at(2)
    show.press("Home")
    show.at(1)


def maps_fade_what_is_aside_drafts_stay_hatched_and_the_organisation_is_drawn(show: Show) -> None:
    fill = 'path[data-zone="VEN-1"]'
    expect(show.inside.locator(fill).first).to_have_attribute("fill", re.compile("gz-hatch"))
    show.press("ArrowRight", "ArrowRight")
    show.at(3)
    faded = show.inside.locator(fill).first
    expect(faded).to_have_attribute("fill-opacity", "0.45")
    expect(show.inside.locator('path[data-zone="MAY-1"]').first).to_have_attribute(
        "fill-opacity", "1"
    )
    show.press("End")
    show.at(STEPS, ORGANISATION)
    chart = show.inside.locator("#maps .chart:visible")
    expect(chart).to_contain_text("Pôle Numérique")
    expect(show.inside.locator("#frame-0")).to_be_hidden()
    assert chart.evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    expect(show.inside.locator("#keys")).to_be_hidden()  # it fades
    assert serious(show.frame) == {}
    show.press("ArrowLeft")
    expect(show.inside.locator("#frame-0")).to_be_visible()
    expect(show.inside.locator("#maps .chart:visible")).to_have_count(0)


def the_legend_the_full_screen_and_escape(show: Show, visit: Visit) -> None:
    """Each key and its way back, axe over the legend; the focus is where it was at the end."""
    legend = show.inside.locator("#legend")
    expect(legend).to_be_hidden()
    show.press("l")
    expect(legend).to_contain_text("brouillon")
    expect(legend).to_contain_text("modèle routier, ")
    expect(show.inside.get_by_role("heading", name="Légende")).to_be_visible()
    expect(show.inside.locator("#keys")).to_be_hidden()  # it fades
    assert serious(show.frame) == {}
    show.press("L")
    expect(legend).to_be_hidden()
    whole = "Boolean(document.fullscreenElement)"
    show.press("f")
    show.frame.wait_for_function(whole)
    show.press("ArrowRight")
    show.at(2)
    show.press("f")
    show.frame.wait_for_function(f"!{whole}")
    expect(show.dialog).to_be_visible()
    show.press("Escape")
    expect(show.dialog).to_have_count(0)
    expect(visit.page.get_by_role("button", name="Démarrer le webinaire")).to_be_focused()
    expect(visit.page.get_by_role("heading", name="Les étapes")).to_be_visible()


def at(page: Page, step: int, frame: str = "") -> None:
    deck = page.frame_locator(frame).locator("#deck") if frame else page.locator("#deck")
    expect(deck).to_have_attribute("data-step", str(step))


@pytest.mark.slow
def test_the_show_goes_on_with_the_network_cut_here_and_from_a_file_each_led_by_its_presenter(
    visit: Visit, new_visit: NewVisit, tmp_path: Path
) -> None:
    page = visit.open("webinaire").page
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Télécharger").click()
    assert downloaded.value.suggested_filename == "webinaire-plan-de-depart.html"
    path = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(path)
    asked: list[str] = []
    page.context.set_offline(True)
    page.on("request", lambda request: asked.append(request.url))
    # what the page asks of its server by itself meanwhile is not answered
    with hurried():
        page.get_by_role("button", name="Démarrer le webinaire").click()
    show = Show(visit)
    show.at(1)
    a_presenter_and_the_room_see_the_same_step(show)
    for step in range(5, STEPS + 1):
        show.press("ArrowRight")
        show.at(step)
        expect(show.zones().first).to_be_attached()
    show.press("l")
    expect(show.inside.get_by_role("heading", name="Légende")).to_be_visible()
    show.press("Escape", "Escape")
    expect(show.dialog).to_have_count(0)
    with hurried():
        page.get_by_role("button", name="Démarrer le webinaire").click()
    Show(visit).at(1)
    page.context.set_offline(False)
    # Streamlit itself tries to find its server again; the show asks for nothing
    assert [url for url in asked if "_stcore" not in url] == []
    assert visit.errors == []
    a_file_shows_it_all_and_asks_nothing(new_visit(url="file:///nowhere"), path)


def a_presenter_and_the_room_see_the_same_step(show: Show) -> None:
    page, room = show.page, "dialog iframe"
    # a click goes on
    show.inside.locator("#words").click()
    show.at(2)
    expect(show.zones().first).to_be_attached()
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    desk = opened.value
    at(desk, 2, "iframe")
    inside = desk.frame_locator("iframe")
    expect(inside.locator("#following")).to_have_text(re.compile("^En Mayenne"))
    expect(inside.locator("#said p").first).to_contain_text("Voici le secteur Maine-et-Loire")
    inside.get_by_role("button", name="Suivant →").click()
    at(desk, 3, "iframe")
    at(page, 3, room)
    expect(show.zones().first).to_be_attached()
    show.deck.press("ArrowRight")
    at(page, 4, room)
    at(desk, 4, "iframe")
    expect(show.zones().first).to_be_attached()


def a_file_shows_it_all_and_asks_nothing(visit: Visit, path: Path) -> None:
    asked: list[str] = []
    stick = visit.page
    stick.on("request", lambda request: asked.append(request.url))
    stick.goto(path.as_uri())
    at(stick, 1)
    with stick.expect_popup() as opened:
        stick.keyboard.press("p")
    desk = opened.value
    at(desk, 1)
    desk.get_by_role("button", name="Suivant →").click()
    at(stick, 2)
    for step in range(3, STEPS + 1):
        stick.keyboard.press("ArrowRight")
        at(stick, step)
        at(desk, step)
    stick.keyboard.press("l")
    expect(stick.get_by_role("heading", name="Légende")).to_be_visible()
    assert asked == [path.as_uri()]
    assert visit.errors == []


@pytest.mark.slow
def test_a_step_is_retitled_and_moved_and_the_link_starts_the_show(
    visit: Visit, new_visit: NewVisit
) -> None:
    visit.open("webinaire")
    page = visit.page
    page.get_by_label("Titre", exact=True).fill("Bienvenue <b>à tous</b> 👋")
    page.get_by_label("Texte sous le titre").fill("Le nouveau découpage")
    page.get_by_role("button", name="Enregistrer l’étape").click()
    expect(page.get_by_role("status").filter(has_text="enregistré")).to_be_visible()
    still(visit.page)
    page.get_by_role("button", name="Descendre").click()
    expect(page.get_by_role("radio", name=re.compile("^2. Bienvenue"))).to_be_checked()
    page.reload()
    visit.ready("partager").turn("Webinaire")
    expect(page.get_by_role("radio", name=re.compile("^2. Bienvenue"))).to_be_attached()
    # the link starts the show at once, for someone else too
    page.get_by_text("Lien qui lance ce webinaire").click()
    link = page.locator(".gz-link a").inner_text()
    other = new_visit()
    other.open(link.removeprefix(f"{visit.url}/"))
    show = Show(other)
    show.at(1, SECOND)
    show.press("ArrowRight")
    show.at(2, "Bienvenue <b>à tous</b> 👋")
    expect(show.inside.get_by_text("Le nouveau découpage", exact=True)).to_be_visible()
    page.get_by_role("button", name="Revenir au récit proposé").click()
    expect(page.get_by_role("radio", name=re.compile("^1. Calendrier"))).to_be_attached()
    assert visit.errors == other.errors == []
