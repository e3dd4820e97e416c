"""What screen readers are told of long works and of lists, on every page."""

import re

import pytest
from playwright.sync_api import expect

from .accessible import is_refused
from .conftest import Visit, still
from .test_keyboard import focused, said

MONTHS = (
    "^[0-9]+ – (janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre"
    "|décembre)$"
)


@pytest.mark.slow
def test_a_file_in_making_is_announced_and_the_focus_is_not_lost(visit: Visit) -> None:
    page = visit.open("partager").page
    page.get_by_role("button", name="Préparer le fichier").press("Enter")
    said(visit, "En cours : préparation du fichier.")
    expect(page.get_by_role("button", name="Annuler", exact=True)).to_be_focused()
    said(visit, re.compile(r"\.png\W+est prêt : [0-9,]+ (ko|Mo)\.$"))
    still(page)
    assert page.evaluate("!!document.activeElement.closest('main')")
    assert page.evaluate("document.activeElement.tagName") != "MAIN"
    assert visit.errors == []


def test_lists_announce_their_choices_in_french_without_interrupting(visit: Visit) -> None:
    page = visit.open("equipes").page
    sectors = page.get_by_role("combobox", name="Secteur")
    sectors.press("ArrowDown")
    log = page.get_by_role("log")
    expect(log.filter(has_text=re.compile(r"\d+ choix"))).to_have_count(1)
    expect(page.locator('[role="log"][aria-live="assertive"]')).to_have_count(0)
    sectors.press_sequentially("sar")
    expect(log.filter(has_text="2 choix.")).to_have_count(1)
    expect(page.get_by_text(re.compile("available|selected"))).to_have_count(0)
    assert focused(visit).startswith("Secteur")
    visit.open()
    colours = visit.chip("Couleurs").get_by_role("combobox", name="Couleurs")
    colours.focus()
    colours.press_sequentially("zzzz")
    expect(page.get_by_text("Aucun résultat")).to_be_visible()


def test_a_refusal_is_bound_to_the_field_that_it_names_until_it_is_gone(visit: Visit) -> None:
    page = visit.open("?mode=modifier").page
    visit.tool("Créer une zone")
    visit.tool("Créer un secteur")
    zone = visit.panel.get_by_label("Nom de la zone (obligatoire)")
    sector = visit.panel.get_by_label("Nom du nouveau secteur (obligatoire)")
    visit.panel.get_by_role("button", name="Créer le secteur").click()
    is_refused(sector, "Le nom d’un secteur doit avoir de 1 à")
    visit.panel.get_by_role("button", name="Créer la zone").click()
    is_refused(zone, "Le nom d’une zone doit avoir de 1 à")
    expect(page.locator("[aria-invalid=true]")).to_have_count(1)
    sector.fill("Perche")
    sector.press("Tab")
    visit.panel.get_by_role("button", name="Créer le secteur").click()
    expect(page.get_by_role("status").filter(has_text="Le secteur Perche est créé")).to_be_visible()
    expect(page.locator("[aria-invalid=true], [aria-describedby*=refus]")).to_have_count(0)
    assert visit.errors == []


@pytest.mark.slow
def test_what_streamlit_names_in_english_is_named_in_french(visit: Visit) -> None:
    page = visit.open("?mode=modifier").page
    visit.panel.get_by_role("button", name="Sarthe", exact=True).first.click()
    visit.tool("Calendrier du secteur")
    visit.panel.get_by_role("button", name="Ajouter une date").click()
    calendar = visit.panel.get_by_role("group", name="Calendrier du secteur")
    for part in ("jour", "mois", "année"):
        expect(calendar.get_by_role("spinbutton", name=f"{part}, Date 1")).to_be_visible()
    month = calendar.get_by_role("spinbutton", name="mois, Date 1")
    expect(month).to_have_attribute("aria-valuetext", re.compile(MONTHS))
    expect(calendar.get_by_role("button", name="Choisir une date")).to_be_visible()
    visit.open("equipes?partie=besoins")  # its former address
    page.get_by_text("Règle des besoins").click()
    rule = page.locator('[data-testid="stNumberInput"]:visible').first
    name = rule.locator("input").get_attribute("aria-label")
    more = rule.get_by_role("button", name="Plus", exact=True)
    expect(more).to_have_accessible_description(str(name))
    visit.open("equipes?partie=annee")
    page.get_by_text("Hypothèses", exact=True).first.click()
    expect(page.get_by_role("button", name="Aide : Taux d’absence (%)")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Help"))).to_have_count(0)
    visit.open()
    layers = visit.chip("Réglages").get_by_role("group", name="Affichage").get_by_role("checkbox")
    expect(layers.nth(2)).to_be_attached()
