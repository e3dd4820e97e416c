"""Where a lycée is, corrected by hand."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geozones.domain.places import LocationOverrides
from geozones.workspace.figures.study import Study

from .conftest import NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir
NEAR = (47.702, 0.431)  # still in Montval-sur-Loir


@pytest.fixture
def chosen(visit: Visit) -> Visit:
    visit.open("atelier")
    visit.pick(RACAN)
    # what is drawn while one clicks may move away from under the mouse
    visit.page.get_by_text("Zone voisine").wait_for()
    still(visit.page)
    visit.tool("Corriger sa position")
    return visit


def type_place(page: Page, text: str) -> None:
    box = page.get_by_role("textbox", name="Adresse, commune, ou latitude et longitude")
    box.fill(text)
    box.press("Tab")
    page.get_by_role("button", name="Placer là").click()


@pytest.mark.slow
def test_a_place_typed_is_kept_drawn_as_such_opened_elsewhere_and_undone(
    chosen: Visit, new_visit: NewVisit, study: Study, tmp_path: Path
) -> None:
    page = chosen.page
    expect(chosen.lycee(RACAN)).to_have_attribute("data-precision", "adresse")
    type_place(page, "47,78 0,47")
    expect(page.get_by_role("alert")).to_contain_text("hors de la commune")
    type_place(page, "47°42'07\" N 0°25'52\" E")
    expect(page.get_by_role("status").filter(has_text="Ses trajets sont estimés")).to_be_visible()
    expect(chosen.lycee(RACAN)).to_have_attribute("data-precision", "manuel")
    x, y = chosen.point(47.70194, 0.43111)
    box = chosen.lycee(RACAN).bounding_box()
    assert abs(box["x"] + box["width"] / 2 - x) < 25
    assert abs(box["y"] + box["height"] / 2 - y) < 25
    expect(chosen.chip("Légende")).to_contain_text("position corrigée à la main")
    page.keyboard.press("Escape")
    a_scenario_with_a_place_of_its_own_opens_elsewhere(chosen, new_visit(), study, tmp_path)
    expect(page).to_have_url(re.compile(r"scenario=[\w-]{20,}"))
    page.reload()
    chosen.ready().turn("Carte")
    expect(chosen.lycee(RACAN)).to_have_attribute("data-precision", "manuel")
    page.get_by_role("button", name="Annuler").click()
    expect(chosen.lycee(RACAN)).to_have_attribute("data-precision", "adresse")
    expect(chosen.figure("Trajet moyen")).to_contain_text("inchangé")
    expect(chosen.chip("Légende")).to_contain_text("à son adresse")
    expect(chosen.page.get_by_test_id("stPopoverBody")).not_to_contain_text("corrigée")
    page.keyboard.press("Escape")
    a_click_places_it_too(chosen)
    assert chosen.errors == []
    assert chosen.outside == []


def a_click_places_it_too(chosen: Visit) -> None:
    chosen.pick(RACAN)
    still(chosen.page)
    chosen.tool("Corriger sa position")
    chosen.page.get_by_role("switch", name="Le placer d’un clic sur la carte").press("Space")
    expect(chosen.map.locator(".gz-siting")).to_be_attached()
    still(chosen.page)
    chosen.page.mouse.click(*chosen.point(*NEAR))
    expect(chosen.lycee(RACAN)).to_have_attribute("data-precision", "manuel")
    expect(chosen.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")


def a_scenario_with_a_place_of_its_own_opens_elsewhere(
    chosen: Visit, other: Visit, study: Study, folder: Path
) -> None:
    chosen.scenario_menu()
    with chosen.page.expect_download() as download:
        chosen.page.get_by_role("button", name="Télécharger le plan").click()
    chosen.page.keyboard.press("Escape")
    path = folder / "plan.json"
    download.value.save_as(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert [place["id"] for place in document["places"]] == [RACAN]
    read_plan(other.open("atelier"), path)
    expect(other.lycee(RACAN)).to_have_attribute("data-precision", "manuel")
    each_precision_is_drawn_and_named_in_its_own_way(other, study, path)


def read_plan(visit: Visit, path: Path) -> None:
    visit.open_file(path)
    visit.ready()


def each_precision_is_drawn_and_named_in_its_own_way(
    visit: Visit, study: Study, path: Path
) -> None:
    kinds = ("adresse", "rue", "commune", "provisoire", "manuel")
    lycees = ("0440537V", "0442095N", "0440062D", "0441552Y", "0441656L")
    places = tuple(
        replace(study.territory.lycees[lycee], precision=kind)
        for lycee, kind in zip(lycees, kinds, strict=True)
    )
    document = study.atlas.plan_json(study.plan, LocationOverrides(places))
    path.write_text(json.dumps(document), encoding="utf-8")
    visit.page.keyboard.press("Escape")
    read_plan(visit, path)
    expect(visit.lycee(lycees[1])).to_have_attribute("data-precision", "rue")
    visit.page.keyboard.press("Escape")
    legend = visit.chip("Légende")
    for said in ("à son adresse", "dans sa rue", "centre de sa commune", "provisoire", "corrigée"):
        expect(legend).to_contain_text(said)
    looks = {
        visit.lycee(lycee)
        .locator("i")
        .evaluate(
            "(i) => { const s = getComputedStyle(i);"
            " return [s.backgroundImage, s.borderTopStyle, s.transform, s.width].join(); }"
        )
        for lycee in lycees
    }
    assert len(looks) == len(kinds)
