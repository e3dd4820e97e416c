"""The map in the mode « modifier », as a planner uses it."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from geozones.workspace.figures.study import Study

from .browser import PHONE
from .conftest import NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
CHEVROLLIER = "0490003M"  # support centre of Maine-et-Loire
SAINT_CALAIS = (47.92, 0.745)  # in zone SAR-4
AT_SEA = (46.9, -2.9)


def test_dragging_a_lycee_moves_it_and_says_what_it_costs_then_undo(atelier: Visit) -> None:
    zone = atelier.map.locator('path[data-zone="MAY-2"]').first
    fill = zone.get_attribute("fill")
    mark = atelier.map.locator('path[data-sign="publie-changed"][data-of="MAY-2"]').last
    expect(mark).to_have_count(0)
    # nothing is said unchanged before a change was tried
    expect(atelier.panel.locator(".gz-three")).to_be_visible()
    expect(atelier.panel.get_by_text("inchangé", exact=True)).to_have_count(0)
    worst_before = atelier.figure("Relève la plus lente").text_content()
    atelier.drag(RACAN, *SAINT_CALAIS)
    done = atelier.page.locator(".gz-notice[role=status]")
    expect(done).to_contain_text(
        re.compile("rejoint .* collègue 3 → 50.min.*défavorable", re.DOTALL)
    )
    # its relève gets slower: nothing to announce in green
    expect(done).to_have_class(re.compile("gz-warning"))
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(atelier.figure("Relève la plus lente")).to_contain_text("50 min")
    expect(atelier.figure("Points de vigilance")).to_contain_text("+2")
    # the zone no longer looks published; hatching is for drafts: it keeps its fill
    expect(mark).to_have_attribute("stroke-dasharray", re.compile(r"\d"))
    expect(atelier.map.locator('path[data-zone="MAY-2"]').first).to_have_attribute("fill", fill)
    atelier.page.get_by_role("button", name="Annuler").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    expect(atelier.figure("Relève la plus lente")).to_have_text(worst_before)
    atelier.page.get_by_role("button", name="Rétablir").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    atelier.panel.get_by_role("button", name="Toute la région").click()
    expect(atelier.panel.locator(".gz-three .gz-change").first).to_be_visible()
    expect(atelier.chip("Légende").locator(".gz-legend")).to_contain_text("modifié par le scénario")
    # reloading finds the trial again
    expect(atelier.page).to_have_url(re.compile(r"scenario=[\w-]{20,}"))
    atelier.page.reload()
    atelier.ready()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(atelier.tables().get_by_text("1 changement fait")).to_be_visible()
    assert atelier.outside == []
    assert atelier.errors == []


def test_undo_and_redo_answer_to_the_keyboard_on_the_map_and_off_it(atelier: Visit) -> None:
    atelier.drag(RACAN, *SAINT_CALAIS)  # the map has the focus
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    for again in (False, True):
        if again:
            atelier.tables().locator(".gz-figures-of").click()
        atelier.page.keyboard.press("Control+z")
        expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
        expect(atelier.page.get_by_role("button", name="Rétablir")).to_be_enabled()
        still(atelier.page)  # Streamlit listens to a button's keys a moment after it enables it
        atelier.page.keyboard.press("Control+Shift+Z")
        expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")


def test_a_drop_in_the_sea_or_against_a_rule_leaves_everything_as_it_was(atelier: Visit) -> None:
    atelier.drag(RACAN, *AT_SEA)
    expect(atelier.page.get_by_role("alert")).to_contain_text("dans aucune zone")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    atelier.wait_on_map(
        """([uai, lat, lon]) => {
            const box = document.querySelector(`[data-uai="${uai}"]`).getBoundingClientRect();
            const there = window.map.latLngToContainerPoint([lat, lon]);
            return Math.abs(box.x - there.x) < 40 && Math.abs(box.y - there.y) < 40;
        }""",
        RACAN, 47.69, 0.41,
    )  # fmt: skip
    atelier.drag(CHEVROLLIER, *SAINT_CALAIS)
    expect(atelier.page.get_by_role("alert")).to_contain_text("refusé")
    expect(atelier.lycee(CHEVROLLIER)).to_have_attribute("data-zone", "MEL-1")


@pytest.mark.slow
def test_a_move_keeps_the_map_where_the_user_left_it(atelier: Visit) -> None:
    look = (
        "() => { const c = window.map.getCenter(); return [window.map.getZoom(), c.lat, c.lng]; }"
    )
    still(atelier.page)
    box = atelier.map.locator("#map_div")
    shown_at_first = box.evaluate(look)
    # by hand: until someone takes hold of it, the map goes on fitting the frame that it is given
    box.evaluate(
        "() => { window.mark = 1;"
        " window.zoomed = new Promise((done) => window.map.once('moveend', done)); }"
    )
    atelier.lycee(RACAN).hover()
    atelier.page.mouse.wheel(0, -240)
    box.evaluate("() => window.zoomed.then(() => true)")
    before = box.evaluate(look)
    assert before != shown_at_first
    atelier.pick(RACAN)
    expect(atelier.page.locator(".gz-lycee-card")).to_be_visible()
    atelier.aim("SAR-1")
    atelier.page.get_by_role("button", name="Déplacer vers").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-1")
    assert box.evaluate(look) == before
    assert box.evaluate("() => window.mark") == 1  # the map was not mounted again


def test_a_plan_is_downloaded_and_opened_again_and_a_spoilt_one_keeps_the_trial(
    atelier: Visit, tmp_path: Path
) -> None:
    atelier.drag(RACAN, *SAINT_CALAIS)
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    path = tmp_path / "plan.json"
    path.write_text('{"format": "geozones.plan", "version": 1, "sect', encoding="utf-8")
    atelier.open_file(path)
    expect(atelier.page.get_by_role("alert")).to_contain_text("tronqué")
    atelier.page.keyboard.press("Escape")
    atelier.follow("Carte", "carte")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    atelier.scenario_menu()
    with atelier.page.expect_download() as download:
        atelier.page.get_by_role("button", name="Télécharger le plan").click()
    download.value.save_as(path)
    atelier.page.get_by_role("button", name="Repartir du plan de départ").click()
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    atelier.page.keyboard.press("Escape")
    atelier.open_file(path)
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")


def test_html_in_a_zone_name_comes_out_as_text(
    atelier: Visit, tmp_path: Path, study: Study
) -> None:
    hostile = "<img src=x onerror=\"window.hacked=1\">{{ 'x' }}</script>" + "a" * 140
    document = study.plan_json()
    document["sectors"][1]["zones"][1]["name"] = hostile
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    atelier.open_file(path)
    opened = atelier.page.locator(".gz-notice[role=status]")
    expect(opened).to_contain_text("ouvert")
    atelier.ready()
    atelier.pick(RACAN)
    expect(atelier.page.locator(".gz-lycee-card")).to_contain_text("<img src=x")
    atelier.map.locator('path[data-zone="MAY-2"]').first.hover(force=True)
    expect(atelier.map.locator(".gz-tip strong", has_text="<img src=x")).to_be_visible()
    assert atelier.page.evaluate("window.hacked") is None
    assert atelier.map.locator("#map_div").evaluate("() => window.hacked") is None
    assert atelier.page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_two_clicks_on_the_map_are_both_taken_however_close(atelier: Visit) -> None:
    """A lycée then a zone, the second click before, while and after the first is answered."""
    aimed = atelier.page.get_by_role("button", name="Déplacer vers")
    for milliseconds in (0, 30, 90, 200):
        atelier.map.locator("#map_div").evaluate(
            """(_, [lycee, zone, after]) => {
                const click = (what) => document.querySelector(what)
                    .dispatchEvent(new MouseEvent("click", { bubbles: true }));
                click(lycee);
                setTimeout(() => click(zone), after);
            }""",
            [f'[data-uai="{RACAN}"]', 'path[data-zone="SAR-4"]', milliseconds],
        )
        expect(aimed, f"{milliseconds} ms").to_be_visible()
        expect(atelier.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
        atelier.panel.get_by_role("button", name="Toute la région").click()
        expect(aimed).to_have_count(0)
        still(atelier.page)


@pytest.mark.slow
def test_no_panel_covers_the_credit_and_the_buttons_of_the_map(new_visit: NewVisit) -> None:
    wide, phone = new_visit().open("atelier"), new_visit(PHONE).open("atelier")
    drawer = wide.tables()
    still(wide.page)
    credit = wide.map.locator(".leaflet-control-attribution").bounding_box()
    assert credit["x"] + credit["width"] <= drawer.bounding_box()["x"]
    credit = phone.map.locator(".leaflet-control-attribution").bounding_box()
    assert credit["y"] + credit["height"] <= phone.panel.bounding_box()["y"]
    for visit in (wide, phone):  # a click on what is covered is refused
        visit.map.get_by_role("button", name="Agrandir").click()
