"""What people say of a shared version: a comment answered, an opinion by a personal link."""

import io
import re

import openpyxl
import pytest
from playwright.sync_api import Locator, Page, expect

from geozones.store import Store
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.feedback import StoredOpinions

from .accessible import is_refused
from .conftest import MAP, NewVisit, Visit, still

RACAN = "0720012X"
MARK_UP = "Trop loin <b>pour nous</b> : 55 minutes."


@pytest.fixture
def work(scenarios: Scenarios) -> Work:
    """A scenario that moves a lycée."""
    return scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près")


def typed(page: Page, field: Locator, text: str) -> None:
    """Type in a field and leave it, as who goes on to the next."""
    field.fill(text)
    field.press("Tab")
    still(page)


@pytest.mark.slow
def test_a_comment_left_by_a_link_is_answered_and_is_in_the_note(
    visit: Visit, new_visit: NewVisit, scenarios: Scenarios, work: Work
) -> None:
    address = f"?version={scenarios.links.freeze(work, comments=True)}"
    reader = new_visit()
    reader.page.goto(f"{reader.url}/{address}")
    reader.ready("shared")
    expect(reader.page.locator(".gz-pair img")).to_have_count(2)
    still(reader.page)
    place = reader.page.get_by_label("Ce dont vous parlez")
    place.scroll_into_view_if_needed()  # a list that is open closes when the page scrolls
    still(reader.page)
    place.click()  # no map is needed
    expect(reader.page.get_by_role("option").first).to_have_text("Tout le plan")
    place.press("Escape")
    reader.explore()
    reader.pick(RACAN)
    expect(reader.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    still(reader.page)
    name = reader.page.get_by_label("Votre nom ou votre fonction")
    expect(name).to_have_attribute("autocomplete", "name")  # the browser offers it
    typed(reader.page, name, "Proviseure")
    typed(reader.page, reader.page.get_by_label("Votre commentaire"), MARK_UP)
    reader.page.get_by_role("button", name="Envoyer le commentaire").click()
    voice = reader.page.locator(".gz-voice")
    expect(voice).to_contain_text(MARK_UP)
    expect(voice).to_contain_text("Lycée Racan")
    expect(voice).to_contain_text("à traiter")

    visit.open(f"?scenario={work.saved.id}")
    panel = visit.panel
    expect(visit.lycee(RACAN).locator("[data-said=waits]")).to_have_text("1")
    panel.get_by_role("button", name="Commentaires (1)").click()
    panel.get_by_role("button", name=re.compile("^Répondre, traiter")).click()
    still(visit.page)
    panel.get_by_role("radio", name="pris en compte").click()
    still(visit.page)
    typed(
        visit.page, panel.get_by_label(re.compile("^Motif .obligatoire, sauf")), "la zone est revue"
    )
    panel.get_by_role("button", name="Enregistrer la suite").click()
    expect(panel.locator(".gz-voice .gz-pill")).to_have_text("pris en compte")
    expect(visit.lycee(RACAN).locator("[data-said=done]")).to_have_text("1")

    reader.page.reload()
    reader.ready("shared")
    expect(voice).to_contain_text("Pris en compte : la zone est revue")
    with reader.page.expect_download() as given:
        reader.page.get_by_role("button", name="Classeur Excel (.xlsx)").click()
    book = openpyxl.load_workbook(io.BytesIO(given.value.path().read_bytes()))
    note = book["Avis et commentaires"]
    assert any("la zone est revue" in str(row[0].value) for row in note.iter_rows())
    panel.locator("summary").filter(has_text="Modérer").click()
    panel.get_by_role("button", name="Effacer le nom…").click()
    visit.page.get_by_role("button", name="Effacer le nom, pour toujours").click()
    expect(panel).to_contain_text("Le nom est effacé ; le texte reste.")
    assert reader.outside == reader.errors == visit.errors == []


@pytest.mark.slow
def test_a_lycee_gives_its_opinion_by_its_own_link_and_may_change_it(
    visit: Visit, new_visit: NewVisit, scenarios: Scenarios, work: Work, store: Store
) -> None:
    token = scenarios.links.freeze(work, comments=True)
    visit.page.goto(f"{visit.url}/partager?partie=voix&scenario={work.saved.id}")
    visit.ready("scenarios_page")
    visit.page.get_by_role("button", name="Ceux qui changent de zone").click()
    still(visit.page)
    visit.page.get_by_role("button", name="Demander l’avis").click()
    asked = visit.page.locator(".gz-hint", has_text="1\u00a0lycée interrogé, sans réponse")
    expect(asked).to_be_visible()
    ((_, (opinion,)),) = StoredOpinions(store).personal_links(work.saved.id)
    assert StoredOpinions(store).on_version(token)[0].token == ""

    lycee = new_visit()
    lycee.page.goto(f"{lycee.url}/?avis={opinion.token}")
    lycee.ready("shared")
    sheet = lycee.page.get_by_role("region", name=re.compile("^Fiche"))
    expect(sheet).to_contain_text("Ce qui se dégrade")
    expect(sheet.get_by_role("row", name="Zone de continuité")).to_contain_text("Mamers")
    expect(lycee.page.locator(".gz-pair img")).to_have_count(2)
    expect(lycee.page.locator(MAP)).to_have_count(0)
    box = lycee.page.locator(".st-key-gz-opinion")
    box.get_by_role("button", name="Envoyer l’avis").click()
    expect(lycee.page.get_by_role("alert")).to_have_count(1)
    expect(box.get_by_role("alert")).to_contain_text("Choisissez un avis")
    stance, reason = box.get_by_label("Votre avis"), box.get_by_label(re.compile("^Pourquoi"))
    is_refused(stance, "Choisissez un avis")
    stance.click()
    lycee.page.get_by_role("option", name="Réservé", exact=True).click()
    still(lycee.page)
    box.get_by_role("button", name="Envoyer l’avis").click()
    is_refused(reason, "Le motif est vide")
    expect(stance).to_have_attribute("aria-invalid", "false")
    typed(lycee.page, reason, "le vendredi")
    typed(lycee.page, box.get_by_label("Votre nom ou votre fonction"), "Proviseur")
    box.get_by_role("button", name="Envoyer l’avis").press("Enter")
    expect(box).to_contain_text("Avis réservé, donné par Proviseur le")
    expect(box.get_by_role("button", name="Changer cet avis")).to_be_focused()

    # a second use says who answered when, and offers to change it
    lycee.page.reload()
    lycee.ready("shared")
    expect(box).to_contain_text("Avis réservé, donné par Proviseur le")
    expect(box.get_by_role("button", name="Envoyer l’avis")).to_have_count(0)
    box.get_by_role("button", name="Changer cet avis").press("Enter")
    expect(box.get_by_label("Votre avis")).to_be_focused()
    expect(box.get_by_label(re.compile("^Pourquoi"))).to_have_value("le vendredi")
    assert lycee.outside == lycee.errors == []
    lycee.page.goto(f"{lycee.url}/?avis={opinion.token[:-1]}x")
    expect(lycee.page.get_by_role("alert")).to_contain_text("ne mène à aucune demande d’avis")
    visit.follow("Carte", "carte")
    expect(visit.lycee(RACAN).locator("[data-said=réservé]")).to_have_text("~")
