"""The webinar, as a presenter prepares it, shows it by the keyboard, and shares it."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Locator, expect

from .conftest import NewVisit, Visit, still
from .gestures import hurried
from .test_every_page import serious

STEPS = 19


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
    shown.at(1, re.compile("7.secteurs"))
    return shown


def test_keys_walk_the_story_both_ways_say_each_step_and_stop_at_its_ends(show: Show) -> None:
    expect(show.inside.get_by_text("plein écran")).to_be_visible()
    show.press("ArrowRight")
    show.at(2, "Qui encadre, qui intervient")
    expect(show.inside.get_by_text("plein écran")).to_be_hidden()
    said = show.inside.get_by_role("status")
    expect(said).to_contain_text(
        f"Étape 2 sur {STEPS}. Organisation · Région Pays de la Loire, 11 juin 2025. Qui"
    )
    show.press("PageDown")
    show.at(3, "Rentrée scolaire 25/26")
    show.press("ArrowLeft", "PageUp", "ArrowLeft")
    show.at(1)
    show.press("End", "ArrowRight")
    show.at(STEPS)
    expect(show.inside.locator("#counter")).to_have_text(f"{STEPS} / {STEPS}")
    show.press("h")
    expect(show.inside.get_by_text("plein écran")).to_be_visible()


def test_the_organisation_is_drawn_then_a_map_a_step_whose_drafts_stay_hatched(
    show: Show,
) -> None:
    show.press("ArrowRight")
    show.at(2)
    chart = show.inside.locator("#maps .chart:visible")
    expect(chart).to_contain_text("Pôle Numérique")
    expect(show.inside.locator("#frame-0")).to_be_hidden()
    assert chart.evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    expect(show.inside.locator("#keys")).to_be_hidden()  # it fades
    assert serious(Axe().run(show.frame).response) == {}
    show.press("ArrowLeft")
    expect(show.inside.locator("#frame-0")).to_be_visible()
    expect(show.inside.locator("#maps .chart:visible")).to_have_count(0)
    fill = 'path[data-zone="VEN-1"]'
    expect(show.inside.locator(fill).first).to_have_attribute("fill", re.compile("gz-hatch"))
    show.press("ArrowRight", "ArrowRight", "ArrowRight")
    show.at(4)
    faded = show.inside.locator(fill).first
    expect(faded).to_have_attribute("fill-opacity", "0.28")
    expect(show.inside.locator('path[data-zone="MAY-1"]').first).to_have_attribute(
        "fill-opacity", "1"
    )
    show.press("End")
    expect(show.inside.locator(".title:visible")).to_contain_text("points de vigilance")
    show.press("ArrowLeft")
    expect(show.inside.locator(".gz-label-lycee").first).to_be_attached()
    named = show.inside.locator("strong:visible", has_text="Chevrollier (Angers)")
    expect(named).to_have_count(1)


def test_the_show_goes_on_with_the_network_cut(show: Show, visit: Visit) -> None:
    asked: list[str] = []
    visit.page.context.set_offline(True)
    visit.page.on("request", lambda request: asked.append(request.url))
    for step in range(2, STEPS + 1):
        show.press("ArrowRight")
        show.at(step)
        expect(show.zones().first).to_be_attached()
    show.press("l")
    expect(show.inside.get_by_role("heading", name="Légende")).to_be_visible()
    show.press("Escape", "Escape")
    expect(show.dialog).to_have_count(0)
    with hurried():  # what the page asks of its server by itself meanwhile is not answered
        visit.page.get_by_role("button", name="Démarrer le webinaire").click()
    Show(visit).at(1)
    visit.page.context.set_offline(False)
    # Streamlit itself tries to find its server again; the show asks for nothing
    assert [url for url in asked if "_stcore" not in url] == []
    assert visit.errors == []


def test_the_legend_the_full_screen_and_escape(show: Show, visit: Visit) -> None:
    """Each key and its way back, axe over the legend; the focus is where it was at the end."""
    legend = show.inside.locator("#legend")
    expect(legend).to_be_hidden()
    show.press("l")
    expect(legend).to_contain_text("brouillon")
    expect(legend).to_contain_text("modèle routier, ")
    expect(show.inside.get_by_role("heading", name="Légende")).to_be_visible()
    expect(show.inside.locator("#keys")).to_be_hidden()  # it fades
    assert serious(Axe().run(show.frame).response) == {}
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
    # a step chosen afterwards is worked on: it opens no show over the editor
    visit.page.get_by_text("4. Calendrier", exact=False).click()
    expect(visit.page.get_by_role("heading", name="Étape 4")).to_be_visible()
    still(visit.page)
    expect(show.dialog).to_have_count(0)


def test_a_step_is_retitled_moved_removed_and_all_is_kept(
    visit: Visit, new_visit: NewVisit
) -> None:
    visit.open("webinaire")
    page = visit.page
    page.get_by_label("Titre", exact=True).fill("Bienvenue <b>à tous</b> 👋")
    page.get_by_label("Texte sous le titre").fill("Le nouveau découpage")
    page.get_by_role("button", name="Enregistrer l'étape").click()
    expect(page.get_by_role("status").filter(has_text="enregistré")).to_be_visible()
    still(visit.page)
    page.get_by_role("button", name="Descendre").click()
    expect(page.get_by_role("radio", name=re.compile("^2. Bienvenue"))).to_be_checked()
    still(visit.page)
    page.get_by_text("3. Calendrier · Rentrée scolaire 25/26").click()
    expect(page.get_by_role("heading", name="Étape 3")).to_be_visible()
    still(visit.page)
    page.get_by_role("button", name="Retirer").click()
    expect(page.get_by_text("18 étapes")).to_be_visible()
    still(visit.page)
    page.get_by_text("Ajouter une étape après celle-ci").click()
    page.get_by_role("button", name="Ajouter l'étape").click()
    expect(page.get_by_text("19 étapes")).to_be_visible()
    page.reload()
    visit.ready("partager").turn("Webinaire")
    expect(page.get_by_role("radio", name=re.compile("^2. Bienvenue"))).to_be_attached()
    # the link starts the show at once, for someone else too
    page.get_by_text("Lien qui lance ce webinaire").click()
    link = page.locator(".gz-link a").inner_text()
    other = new_visit()
    other.open(link.removeprefix(f"{visit.url}/"))
    show = Show(other)
    show.at(1, "Qui encadre, qui intervient")
    show.press("ArrowRight")
    show.at(2, "Bienvenue <b>à tous</b> 👋")
    expect(show.inside.get_by_text("Le nouveau découpage", exact=True)).to_be_visible()
    # undone, like any change
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_text("18 étapes")).to_be_visible()
    still(visit.page)
    page.get_by_role("button", name="Revenir au récit proposé").click()
    expect(page.get_by_role("radio", name=re.compile("^1. Toute la région"))).to_be_attached()
    assert visit.errors == []
    assert other.errors == []


def test_a_scenario_at_work_does_not_start_the_show_when_one_turns_to_it(
    visit: Visit,
) -> None:
    visit.open("partager").turn("Webinaire")
    visit.page.get_by_label("Titre", exact=True).fill("Début")
    visit.page.get_by_role("button", name="Enregistrer l'étape").click()
    expect(visit.page.get_by_role("status").filter(has_text="enregistré")).to_be_visible()
    still(visit.page)
    visit.turn("Images, diaporama, données")
    expect(visit.page).to_have_url(re.compile("scenario="))
    visit.page.get_by_role("button", name="Ouvrir le mode webinaire").click()
    preview = visit.page.locator(".gz-preview iframe")
    expect(preview).to_be_visible()
    still(visit.page)
    expect(Show(visit).dialog).to_have_count(0)


def test_a_link_that_leads_nowhere_says_so_and_starts_nothing(visit: Visit) -> None:
    visit.open("webinaire?scenario=nowhere")
    expect(visit.page.get_by_role("alert")).to_contain_text("Aucun scénario n'a le code")
    expect(visit.page.get_by_role("button", name="Démarrer le webinaire")).to_be_visible()
    expect(Show(visit).dialog).to_have_count(0)
    visit.page.goto(f"{visit.url}/webinaire?version=nowhere")
    expect(visit.page.get_by_role("alert")).to_contain_text("ne mène à aucun scénario")
    expect(visit.page.get_by_role("main").get_by_role("button")).to_have_count(0)


def test_a_step_whose_zone_has_gone_is_told_and_passed(visit: Visit) -> None:
    visit.open("webinaire")
    page = visit.page
    page.get_by_label("Titre", exact=True).fill("Début")
    page.get_by_role("button", name="Enregistrer l'étape").click()
    expect(page.get_by_role("status").filter(has_text="enregistré")).to_be_visible()
    visit.follow("Carte", "carte").turn("Modifier")
    visit.aim("MEL-1")
    visit.tool("Renommer, fusionner, scinder")
    act = page.get_by_label("Que faire")
    act.focus()
    act.press_sequentially("Fusionner")
    page.get_by_role("option", name="Fusionner").click()
    page.get_by_role("button", name="Fusionner", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="est fusionnée")).to_be_visible()
    visit.follow("Partager", "partager")
    expect(page.get_by_text(re.compile("Étape 18, passée"))).to_be_visible()
    page.get_by_role("button", name="Démarrer le webinaire").click()
    show = Show(visit)
    show.at(1, "Début")
    show.press("End")
    show.at(18)
    assert visit.errors == []


def test_the_show_is_taken_away_as_a_file_that_asks_nothing(
    visit: Visit, new_visit: NewVisit, tmp_path: Path
) -> None:
    visit.open("webinaire")
    with visit.page.expect_download() as downloaded:
        visit.page.get_by_role("button", name="Télécharger").click()
    path = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(path)
    stick = new_visit(url="file:///nowhere")
    asked: list[str] = []
    stick.page.on("request", lambda request: asked.append(request.url))
    stick.page.goto(path.as_uri())
    deck = stick.page.locator("#deck")
    for step in range(1, STEPS + 1):
        expect(deck).to_have_attribute("data-step", str(step))
        stick.page.keyboard.press("ArrowRight")
    stick.page.keyboard.press("l")
    expect(stick.page.get_by_role("heading", name="Légende")).to_be_visible()
    assert asked == [path.as_uri()]
    assert stick.errors == []
