"""A lycée moves at any time where the plan may change; elsewhere a drag says why it does not."""

from playwright.sync_api import expect

from .conftest import Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)


def test_a_drag_while_proposals_are_open_says_why_nothing_moves(visit: Visit) -> None:
    visit.open("?mode=proposer")
    still(visit.page)
    line = visit.map.locator(".gz-fixed")
    visit.drag(RACAN, *SAINT_CALAIS, pans=True)
    expect(line).to_contain_text("revenez à la carte pour déplacer un lycée")
    expect(line).to_have_attribute("role", "status")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    # the next gesture takes it away
    visit.page.mouse.wheel(0, 50)
    expect(line).to_be_hidden()
    assert visit.errors == []
