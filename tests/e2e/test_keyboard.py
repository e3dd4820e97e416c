"""The map by the keyboard and with a screen reader."""

import re

import pytest
from playwright.sync_api import expect

from geozones.common.french import typeset
from geozones.workspace.figures.study import Study

from .conftest import MAP, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
CHEVROLLIER = "0490003M"  # support centre of Maine-et-Loire, which cannot leave it

#: What has the focus, wherever it is: its name, and whether it is in the map.
FOCUSED = """() => {
    let found = document.activeElement;
    const inside = found.tagName === "IFRAME";
    if (inside) found = found.contentDocument.activeElement;
    return [found.getAttribute("aria-label") || found.textContent, inside, found.tagName];
}"""


def focused(visit: Visit) -> str:
    name: str = visit.page.evaluate(FOCUSED)[0]
    return name.replace("\xa0", " ")


def in_map(visit: Visit) -> bool:
    inside: bool = visit.page.evaluate(FOCUSED)[1]
    return inside


def press(visit: Visit, *keys: str) -> None:
    for key in keys:
        visit.page.keyboard.press(key)


def into_map(visit: Visit) -> int:
    """Go from the top of the page to the map; return how many keys that took."""
    press(visit, "Tab", "Tab")
    assert focused(visit) == "Aller à la carte"
    press(visit, "Enter")
    assert in_map(visit)
    return 3


def wait_for_focus(visit: Visit, name: str) -> None:
    visit.page.wait_for_function(f"name => ({FOCUSED})()[0].includes(name)", arg=name)


@pytest.mark.slow
def test_arrows_go_through_zones_and_lycees_in_reading_order(atelier: Visit, study: Study) -> None:
    atelier.map.locator("#map_div").evaluate(
        "() => window.map.setView([46.6, -1.2], 11, { animate: false })"
    )
    into_map(atelier)  # the first zone is around Angers
    keys = [key.get_attribute("aria-label") or "" for key in atelier.map.locator(".gz-key").all()]
    assert len([name for name in keys if re.search(", zone [0-9]+, secteur ", name)]) == 119
    assert len([name for name in keys if re.match("Zone .*, secteur .*, [0-9]+.lycée", name)]) == 32
    plan = study.plan
    zone = next(zone for zone in plan.zones if zone.sector == plan.sectors[0].id)
    count = len(plan.members(zone.id))
    sector = plan.sectors[0].name
    assert focused(atelier) == f"Zone {zone.name}, secteur {sector}, {count} lycées, publié"
    read = []
    for _ in range(count):
        press(atelier, "ArrowDown")
        read.append(focused(atelier))
        # what has the focus is brought into sight
        ring = atelier.map.locator(".gz-key:focus").bounding_box()
        frame = atelier.page.locator(MAP).bounding_box()
        assert frame["x"] < ring["x"] < frame["x"] + frame["width"]
        assert frame["y"] < ring["y"] < frame["y"] + frame["height"]
    names = study.territory.lycees
    own = sorted((names[key] for key in plan.members(zone.id)), key=lambda lycee: lycee.name)
    for said, lycee in zip(read, own, strict=True):
        assert said.startswith(
            typeset(f"Lycée {lycee.name}, {lycee.commune}, zone 1, secteur {sector}")
        )
    press(atelier, "ArrowDown")
    second = [zone for zone in plan.zones if zone.sector == plan.sectors[0].id][1]
    assert focused(atelier).startswith(f"Zone {second.name},")
    press(atelier, "ArrowUp")
    assert focused(atelier) == read[-1]
    assert atelier.errors == []


def test_the_map_is_one_stop_of_tab(atelier: Visit) -> None:
    into_map(atelier)
    halo = atelier.map.locator("path[data-focused]")
    expect(halo.last).to_be_visible()
    assert halo.last.get_attribute("data-focused") == "MEL-1"
    press(atelier, "ArrowDown")
    expect(halo).to_have_count(0)
    ring = atelier.map.locator(".gz-key:focus")
    uai = ring.get_attribute("data-key").removeprefix("lycee ")
    box, sign = ring.bounding_box(), atelier.lycee(uai).bounding_box()
    assert abs(box["x"] + box["width"] / 2 - sign["x"] - sign["width"] / 2) < 2
    assert abs(box["y"] + box["height"] / 2 - sign["y"] - sign["height"] / 2) < 2
    assert box["width"] > sign["width"]
    press(atelier, "ArrowRight", "ArrowDown")
    here = focused(atelier)
    press(atelier, "Tab")
    assert not in_map(atelier)
    press(atelier, "Shift+Tab")
    assert focused(atelier) == here
    press(atelier, "Shift+Tab")
    assert focused(atelier) == "Passer la carte"
    # the button that skips the map is seen when it has the focus
    skip = atelier.page.get_by_role("button", name="Passer la carte")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    press(atelier, "Enter", "Tab")
    assert not in_map(atelier)
    expect(skip).not_to_be_in_viewport()
    passed = atelier.page.evaluate(
        "map => document.querySelector(map).compareDocumentPosition(document.activeElement)", MAP
    )
    assert passed & 4  # it comes after the map
    before = "(map, panel) => map.compareDocumentPosition(document.querySelector(panel))"
    shown = atelier.page.locator(".st-key-gz-map")
    assert shown.evaluate(before, ".st-key-gz-over-left") & 2  # the panel is read before it


def move_racan(atelier: Visit) -> int:
    """Move the lycée that has the focus, Racan, to its best zone; return the count of keys."""
    press(atelier, "m")
    wait_for_focus(atelier, "Mamers – La Ferté-Bernard")
    press(atelier, "Enter")
    wait_for_focus(atelier, "Déplacer vers")
    still(atelier.page)
    press(atelier, "Enter")
    expect(atelier.lycee(RACAN)).not_to_have_attribute("data-zone", "MAY-2")
    wait_for_focus(atelier, "Lycée Racan")
    assert in_map(atelier)
    return len(["m", "Enter", "Enter"])


def said(visit: Visit, text: str | re.Pattern[str]) -> None:
    """Wait until a text is in one place, and one only, that a screen reader reads by itself."""
    spoken = visit.page.locator("[role=status], [role=alert], [aria-live]").filter(has_text=text)
    expect(spoken).to_have_count(1)
    inside = visit.map.locator("[role=status], [role=alert], [aria-live]").filter(has_text=text)
    expect(inside).to_have_count(0)


@pytest.mark.slow
def test_a_screen_reader_is_told_once_of_choice_move_undo_and_refusal(atelier: Visit) -> None:
    into_map(atelier)
    press(atelier, "PageDown", "ArrowRight", "ArrowRight", "ArrowUp", "ArrowUp", "Enter")
    said(atelier, "Choisi : Racan (Montval-sur-Loir)")
    expect(atelier.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    still(atelier.page)
    assert focused(atelier).startswith("Lycée Racan")
    atelier.drag(RACAN, 47.92, 0.745)
    said(atelier, re.compile(r"Racan \(Montval-sur-Loir\) rejoint"))
    undo = atelier.page.get_by_role("button", name="Annuler")
    expect(undo).to_be_enabled()
    undo.press("Enter")
    said(atelier, re.compile(r"Annulé : Racan \(Montval-sur-Loir\) →"))
    # nothing is left to undo: the button is not what has the focus any more
    expect(undo).to_be_disabled()
    wait_for_focus(atelier, "Lycée Racan")
    atelier.drag(CHEVROLLIER, 47.92, 0.745)
    said(atelier, "Déplacement refusé")
    # aimed at, not dropped: the same is said, and the button that moves cannot be pressed
    still(atelier.page)
    atelier.aim("SAR-4")
    said(atelier, re.compile("Zone visée : Mamers.*Déplacement refusé"))
