"""Where a plan is only looked at, dragging a lycée says how to try the move."""

import re

from playwright.sync_api import expect

from .conftest import Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)


def test_a_drag_where_nothing_moves_says_how_to_try_it_and_goes_there(visit: Visit) -> None:
    visit.open()
    still(visit.page)
    line = visit.map.locator(".gz-try")
    # a click says nothing of it
    visit.lycee(RACAN).click()
    expect(visit.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    expect(line).to_be_hidden()
    still(visit.page)
    visit.drag(RACAN, *SAINT_CALAIS, pans=True)
    expect(line).to_contain_text("Pour essayer ce déplacement :")
    expect(line).to_have_attribute("role", "status")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    # the next gesture takes it away
    visit.page.mouse.wheel(0, 50)
    expect(line).to_be_hidden()
    visit.drag(RACAN, *SAINT_CALAIS, pans=True)
    line.get_by_role("button", name="Essayer un déplacement").click()
    expect(line).to_be_hidden()
    expect(visit.page.get_by_role("radio", name="Modifier")).to_be_checked()
    expect(visit.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    targets = visit.panel.get_by_role("table", name=re.compile("^De la plus favorable"))
    expect(targets.get_by_role("button", name=re.compile("^Mamers"))).to_be_visible()
    assert visit.errors == []
