"""What people say of a shared version: a comment answered, an opinion by a personal link."""

import re

import openpyxl
from playwright.sync_api import expect

from .conftest import NewVisit, Visit, still

RACAN = "0720012X"
MARK_UP = "Trop loin <b>pour nous</b> : 55 minutes."


def frozen_link(visit: Visit) -> str:
    """Move a lycée, then freeze the scenario under a link that takes comments."""
    visit.pick(RACAN)
    visit.aim("SAR-4")
    visit.page.get_by_role("button", name="Déplacer vers").click()
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    still(visit.page)
    visit.follow("Scénarios", "scenarios_page")
    visit.page.locator("summary").filter(has_text="Partager").click()
    visit.page.get_by_text("Qui l'ouvre peut laisser des commentaires").click()
    still(visit.page)
    visit.page.get_by_role("button", name="Figer cette version").click()
    return visit.page.locator(".gz-link a", has_text="?version=").inner_text()


def test_a_comment_left_by_a_link_is_answered_and_is_in_the_note(
    atelier: Visit, new_visit: NewVisit
) -> None:
    address = frozen_link(atelier)
    reader = new_visit()
    reader.page.goto(address)
    reader.ready("shared")
    reader.pick(RACAN)
    expect(reader.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    name = reader.page.get_by_label("Votre nom ou votre fonction")
    name.fill("Proviseure de Racan")
    name.press("Tab")
    still(reader.page)
    text = reader.page.get_by_label("Votre commentaire")
    text.fill(MARK_UP)
    text.press("Control+Enter")
    still(reader.page)
    reader.page.get_by_role("button", name="Envoyer le commentaire").click()
    voice = reader.page.locator(".gz-voice")
    expect(voice).to_contain_text(MARK_UP)
    expect(voice).to_contain_text("Lycée Racan")
    expect(voice).to_contain_text("à traiter")

    atelier.follow("Carte", "carte").turn("Regarder")
    panel = atelier.page.locator(".st-key-gz-over-right")
    panel.get_by_role("button", name="Commentaires (1)").click()
    panel.get_by_role("button", name=re.compile("^Répondre, traiter")).click()
    still(atelier.page)
    panel.get_by_role("radio", name="pris en compte").click()
    still(atelier.page)
    why = panel.get_by_label("Motif", exact=True)
    why.fill("la zone est revue")
    why.press("Tab")
    still(atelier.page)
    panel.get_by_role("button", name="Enregistrer la suite").click()
    expect(panel.locator(".gz-voice .gz-pill")).to_have_text("pris en compte")

    reader.page.reload()
    reader.ready("shared")
    expect(reader.page.locator(".gz-voice")).to_contain_text("Pris en compte : la zone est revue")
    with reader.page.expect_download() as given:
        reader.page.get_by_role("button", name="Classeur (.xlsx)").click()
    note = openpyxl.load_workbook(given.value.path())["Avis et commentaires"]
    assert any("la zone est revue" in str(row[0].value) for row in note.iter_rows())
    assert reader.outside == reader.errors == []
