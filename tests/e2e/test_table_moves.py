"""A lycée moved from the table of lycées: by the keyboard alone, the map never reached."""

import re

from playwright.sync_api import expect

from .conftest import Visit, still
from .test_keyboard import RACAN, focused, in_map, press, wait_for_focus

FILTER = "Lycées à montrer : nom, ville ou code"


def into_table(visit: Visit) -> int:
    """Go from the top of the page to the filter of the table; return how many keys that took."""
    press(visit, "Tab", "Tab", "Tab")
    assert focused(visit) == "Aller au tableau"
    press(visit, "Enter")
    wait_for_focus(visit, FILTER)
    still(visit.page)
    return 4


def find(visit: Visit, text: str, name: str) -> int:
    """Type what is looked for; return how many keys it took to be on the zone of what is found."""
    press(visit, *text, "Enter")
    wait_for_focus(visit, f"changer la zone de {name}")
    return len(text) + 1


def test_a_lycee_is_moved_and_moved_back_in_at_most_twelve_keys(atelier: Visit) -> None:
    keys = into_table(atelier) + find(atelier, "rac", "Racan")
    press(atelier, "Enter")
    wait_for_focus(atelier, "Zone de Racan")
    still(atelier.page)
    zones = atelier.page.get_by_role("combobox", name=re.compile("Zone de Racan"))
    first, best = (option.inner_text() for option in zones.get_by_role("option").all()[:2])
    assert "(zone actuelle)" in first
    assert "heures de route" in best
    press(atelier, "ArrowDown", "Tab")
    assert focused(atelier).startswith("Déplacer Racan")
    press(atelier, "Enter")
    expect(atelier.page.get_by_role("status").filter(has_text="Racan")).to_contain_text("rejoint")
    expect(atelier.lycee(RACAN)).not_to_have_attribute("data-zone", "MAY-2")
    assert keys + 4 <= 12
    # one goes on from the same row, which says the new zone
    wait_for_focus(atelier, "changer la zone de Racan")
    assert focused(atelier).startswith(best.partition(" · ")[0])
    assert not in_map(atelier)
    atelier.page.get_by_role("button", name="Annuler").press("Enter")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    # while proposals are open the table moves nothing, nor does what a page could send of itself
    atelier.page.get_by_role("button", name="Toute la région").click()
    atelier.turn("Proposer")
    atelier.tables()
    row = atelier.page.locator("tr", has=atelier.page.get_by_text(RACAN, exact=True))
    expect(row).to_have_count(1)
    expect(row.get_by_role("button", name=re.compile("changer la zone"))).to_have_count(0)
    atelier.map.locator("#map_div").evaluate(
        "(_, where) => window.geozones.go(where)", f"put:{RACAN}:SAR-4"
    )
    still(atelier.page)
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    assert atelier.errors == []
