"""A lycée moves at any time where the plan may change; elsewhere a drag says why it does not."""

from playwright.sync_api import expect

from .conftest import Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)


def test_the_first_drag_makes_a_scenario_says_so_and_one_key_takes_it_back(visit: Visit) -> None:
    visit.open()
    still(visit.page)
    # a click moves nothing, nor does a click on a zone
    visit.lycee(RACAN).click()
    expect(visit.page.locator(".gz-lycee-card h3")).to_have_text("Racan")
    visit.aim("SAR-1")
    expect(visit.page.get_by_role("button", name="Déplacer vers")).to_be_visible()
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    assert "scenario=" not in visit.page.url
    visit.drag(RACAN, *SAINT_CALAIS)
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    answer = visit.page.get_by_role("status").filter(has_text="rejoint")
    expect(answer).to_contain_text("Votre premier changement fait un scénario")
    expect(visit.panel.locator(".gz-plan-name")).to_have_text(
        "Racan → Mamers – La Ferté-Bernard – Saint-Calais"
    )
    visit.page.keyboard.press("Control+z")
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    assert visit.errors == []


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
