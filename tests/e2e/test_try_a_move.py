"""While proposals are open nothing moves: neither on the map, which says why, nor in the table."""

import re

from playwright.sync_api import expect

from .conftest import Visit, still
from .test_lasso import lasso, let_go

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)


def test_while_proposals_are_open_nothing_moves_and_a_drag_says_why(visit: Visit) -> None:
    visit.open("?mode=proposer")
    still(visit.page)
    line = visit.map.locator(".gz-fixed")
    visit.drag(RACAN, *SAINT_CALAIS, pans=True)
    expect(line).to_contain_text("revenez à la carte")
    expect(line).to_have_attribute("role", "status")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    # the next gesture takes it away
    visit.page.mouse.wheel(0, 50)
    expect(line).to_be_hidden()
    lasso(visit, (48.4, 0.55), (47.55, 0.95))
    expect(visit.map.locator(".gz-lasso")).to_be_hidden()
    let_go(visit)
    expect(visit.map.locator(".gz-picked")).to_have_count(0)
    # the table moves nothing, nor does what a page could send of itself
    visit.tables().locator("summary", has_text="Tableau des lycées").click()
    row = visit.page.locator("tr", has=visit.page.get_by_text(RACAN, exact=True))
    expect(row).to_have_count(1)
    expect(row.get_by_role("button", name=re.compile("changer la zone"))).to_have_count(0)
    visit.map.locator("#map_div").evaluate(
        "(_, where) => window.geozones.go(where)", f"put:{RACAN}:SAR-4"
    )
    still(visit.page)
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    assert visit.errors == []
