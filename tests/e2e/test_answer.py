"""The answer to a move: three lines with their buttons, for one lycée or several."""

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from helpers.slow_params import slow_but

from .browser import PHONE, WIDE
from .conftest import NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
NEAR_BONNETABLE = (48.05, 0.65)  # far inside zone SAR-4
#: Three lycées of Angers, in zone MEL-1.
ANGERS = ("0490003M", "0490002L", "0490001K")

type Box = dict[str, Any]


def answer(visit: Visit) -> Locator:
    return visit.page.locator(".st-key-gz-answer")


def pick_several(visit: Visit, *lycees: str) -> None:
    """Pick lycées one by one, with Ctrl."""
    for lycee in lycees:
        visit.lycee(lycee).dispatch_event("click", {"ctrlKey": True, "bubbles": True})
        expect(visit.map.locator(f'.gz-picked[data-uai="{lycee}"]')).to_have_count(1)


@pytest.mark.parametrize("viewport", slow_but([WIDE, PHONE], PHONE), ids=["wide", "phone"])
def test_the_answer_covers_nothing_that_it_tells_of(
    new_visit: NewVisit, viewport: dict[str, int]
) -> None:
    visit = new_visit(viewport).open("atelier")
    still(visit.page)
    visit.drag(RACAN, *NEAR_BONNETABLE)
    expect(answer(visit)).to_be_visible()
    still(visit.page)
    told = [visit.lycee(RACAN), *(zone(visit, key) for key in ("MAY-2", "SAR-4"))]
    boxes = [each.bounding_box() for each in told]
    assert all(boxes)
    cover = visit.panel.bounding_box()
    # a phone shows where the lycée goes and scrolls to the rest
    first = answer(visit) if viewport == WIDE else answer(visit).locator("strong")
    assert inside(first.bounding_box(), cover)
    assert not [box for box in boxes if overlap(box, cover)]
    # it leaves with the move when one goes back in the history
    visit.tables().get_by_text("Historique complet").click()
    visit.page.get_by_role("button", name=re.compile("^Début")).click()
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    expect(answer(visit)).to_have_count(0)
    expect(visit.page.get_by_role("button", name="Annuler")).to_be_disabled()


def zone(visit: Visit, key: str) -> Locator:
    return visit.map.locator(f'path[data-zone="{key}"]').first


def overlap(one: Box, other: Box) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def inside(one: Box, other: Box) -> bool:
    return (
        one["x"] >= other["x"]
        and one["y"] >= other["y"]
        and one["x"] + one["width"] <= other["x"] + other["width"]
        and one["y"] + one["height"] <= other["y"] + other["height"]
    )


def test_a_zone_clicked_is_the_target_of_several_lycees(atelier: Visit) -> None:
    pick_several(atelier, *ANGERS)
    still(atelier.page)
    panel = atelier.panel
    ranked = panel.get_by_role("table").filter(has_text="De la plus favorable à la moins favorable")
    expect(ranked.get_by_role("columnheader")).to_have_text(
        ["Zone voisine", "Collègue", "Route par an", "Sans technicien"]
    )
    # the panel scrolls, not the list in it: what a box in a box hides is not looked for
    box = ranked.locator("xpath=ancestor::*[contains(@class, 'gz-scroll')]")
    assert box.evaluate("node => node.scrollHeight <= node.clientHeight + 1")
    row = ranked.get_by_role("row").filter(has_text="Angers nord")
    hours = row.get_by_role("cell").last.inner_text()
    atelier.aim("MEL-3")
    move = panel.get_by_role("button", name=re.compile(r"Déplacer 3.lycées vers Angers nord"))
    expect(move).to_be_visible()
    move.click()
    for lycee in ANGERS:
        expect(atelier.lycee(lycee)).to_have_attribute("data-zone", "MEL-3")
    expect(answer(atelier)).to_contain_text(re.compile("3.lycées rejoignent Angers nord"))
    answer(atelier).get_by_role("button", name="Détail").click()
    figures = panel.get_by_role("table", name="Ce qui change, avant et après")
    expect(figures).to_contain_text(hours.removesuffix("h").strip())
    answer(atelier).get_by_role("button", name="Annuler").click()
    for lycee in ANGERS:
        expect(atelier.lycee(lycee)).to_have_attribute("data-zone", "MEL-1")
    # the keyboard aims too
    pick_several(atelier, *ANGERS[:2])
    key = atelier.map.locator('.gz-key[data-key="zone MEL-3"]')
    key.focus()
    key.press("Enter")
    aimed = panel.get_by_role("button", name=re.compile("Déplacer 2.lycées vers"))
    expect(aimed).to_be_visible()
    assert atelier.errors == []
