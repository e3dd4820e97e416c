"""An administrator puts a scenario in force from a date: the Carte shows it from then on."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from geozones.common.clock import today
from geozones.domain import ScenarioStatus
from geozones.store import open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios

from .accessible import is_refused
from .browser import PHONE
from .conftest import NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
#: The heading of the published sectors, in the summary of the region.
PUBLISHED = "Publiés par la Région"
NEXT_YEAR = today().year + 1


@pytest.fixture
def url(study: Study, second_app: tuple[Path, str], empty_app: str) -> Iterator[str]:
    """An app with a scenario that gives Sarthe an RNS, and Racan to one of its zones."""
    with closing(open_store(f"sqlite:///{second_app[0]}/scenarios.db")) as store:
        service = Scenarios(study.analysis, lambda: store, LOCAL)
        work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
        sarthe = {"sector": "sarthe", "changes": {"rns": "Marie Curie"}}
        work = service.record(work, "edit_sector", sarthe)
        named = service.describe(work, name="Racan en Sarthe")
        service.decide(named, ScenarioStatus.KEPT, "vu au comité")
        yield empty_app
        # no service deletes a publication; what other tests of this server see has none
        with store.context.database.writing() as connection:
            connection.exec_driver_sql("DELETE FROM geozones_publications")


def fill(page: Page, label: str, value: str) -> None:
    box = page.get_by_label(label, exact=True)
    box.fill(value)
    box.press("Tab")
    still(page)


def choose_date(visit: Visit, label: str, key: str) -> None:
    """Go through the calendar of the Carte by the keyboard until a date is shown."""
    box = visit.chip(re.compile(r"\d|Aujourd’hui"))  # a date is the only chip with figures
    slider = box.get_by_role("slider", name="Calendrier de déploiement")
    for _ in range(8):
        if label in (slider.get_attribute("aria-valuetext") or ""):
            break
        slider.press(key)
        still(visit.page)
    expect(slider).to_have_attribute("aria-valuetext", re.compile(label))
    visit.page.keyboard.press("Escape")
    expect(box).to_have_count(0)


def published(visit: Visit) -> Locator:
    """The sectors listed as published."""
    heading = visit.panel.get_by_role("heading", name=PUBLISHED)
    return heading.locator("xpath=following-sibling::ul[1]/li")


@pytest.mark.slow
def test_an_administrator_publishes_a_scenario_and_the_carte_shows_it_from_its_date(
    new_visit: NewVisit, url: str
) -> None:
    visit = new_visit(url=url).open("scenarios")
    page = visit.page
    expect(page.get_by_text("Rien n’a été publié")).to_be_visible()
    page.get_by_role("button", name="Publier…").click()
    # the form is under the sheet, out of sight
    told = page.get_by_role("region", name="Ce qui change le")
    expect(told).to_be_focused()
    expect(told).to_be_in_viewport()
    page.get_by_role("group", name="Date d’effet").get_by_role("spinbutton").first.click()
    page.keyboard.type(f"0109{NEXT_YEAR}")
    page.keyboard.press("Escape")
    announced = page.locator(".gz-card").filter(has_text="Ce qui est décidé")
    expect(announced).to_contain_text("lycée change de zone")
    said = announced.inner_text()
    assert said.index("Ce qui se dégrade") < said.index("Ce qui est décidé")
    publish = page.get_by_role("button", name=f"Publier à partir du 1er septembre {NEXT_YEAR}")
    publish.click()
    expect(page.get_by_role("alert").filter(has_text="qui a approuvé")).to_be_visible()
    expect(page.get_by_label("Approuvé par (obligatoire)")).to_be_focused()
    is_refused(page.get_by_label("Approuvé par (obligatoire)"), "qui a approuvé")
    fill(page, "Approuvé par (obligatoire)", "Grace Hopper")
    fill(page, "Référence de la décision", "délibération n° 12")
    publish.click()
    listed = page.get_by_role("table").filter(has_text="Grace Hopper")
    expect(listed.get_by_role("row").nth(1)).to_contain_text("à venir")
    expect(listed.get_by_role("row").nth(1)).to_contain_text("Racan en Sarthe")
    expect(listed.get_by_role("row").nth(2)).to_contain_text("plan de départ")

    visit.follow("Carte", "carte")
    expect(visit.panel).to_contain_text(
        "Plan de départ : secteurs présentés au webinaire du 11 juin 2025"
    )
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    choose_date(visit, f"1er septembre {NEXT_YEAR}", "ArrowRight")
    expect(visit.panel).to_contain_text(f"Plan à venir le 1er septembre {NEXT_YEAR}")
    expect(visit.panel).to_contain_text("Grace Hopper, référence délibération n° 12")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(published(visit)).to_have_count(4)
    published(visit).filter(has_text="Sarthe").get_by_role("button").click()
    expect(visit.panel.locator(".gz-facts")).to_contain_text("Marie Curie")
    visit.panel.get_by_role("button", name="Toute la région").click()
    choose_date(visit, "Aujourd’hui", "ArrowLeft")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    expect(published(visit)).to_have_count(3)

    visit.follow("Scénarios", "scenarios_page")
    page.get_by_role("button", name="Sur ce plan").click()
    page.get_by_text("Retirer cette publication").click()
    title = f"publication du 1er septembre {NEXT_YEAR}"
    withdraw = page.get_by_role("button", name=f"Retirer la {title}")
    withdraw.click()
    is_refused(page.get_by_label("Motif du retrait (obligatoire)"), "Indiquez pourquoi")
    fill(page, "Motif du retrait (obligatoire)", "erreur de date")
    withdraw.click()
    expect(listed.get_by_role("row").nth(1)).to_contain_text("retirée")
    expect(listed.get_by_role("row").nth(1)).to_contain_text("erreur de date")

    page.set_viewport_size(PHONE)
    fits_a_phone(listed.get_by_role("row").nth(1).locator("th, td"))
    assert visit.errors == []


def fits_a_phone(cells: Locator) -> None:
    """None of the cells of a publication is cut at the edge of a phone."""
    expect(cells.last).to_have_attribute("data-head", "Note")
    for cell in cells.all():
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE["width"]
