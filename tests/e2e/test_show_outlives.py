"""A show goes on over what was deleted or withdrawn meanwhile, and says so on its screens."""

import pytest
from playwright.sync_api import expect

from geozones.workspace.scenarios.service import Scenarios

from .conftest import NewVisit, Visit

RACAN = "0720012X"


@pytest.mark.slow
def test_a_show_says_that_its_scenario_was_deleted_and_its_link_withdrawn_and_goes_on(
    scenarios: Scenarios, app_url: str, new_visit: NewVisit
) -> None:
    work = scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "")
    token = scenarios.links.freeze(work)

    def watching(asked: str) -> Visit:
        # a context of one's own, whose clock can be put forward
        visit = new_visit(has_touch=True)
        visit.page.clock.install()
        visit.page.goto(f"{app_url}/webinaire?{asked}")
        shown = visit.page.frame_locator("dialog.gz-webinar iframe").locator("#deck")
        expect(shown).to_have_attribute("data-step", "1")
        return visit

    def goes_on(visit: Visit, said: str) -> None:
        visit.page.clock.fast_forward(31_000)
        shown = visit.page.frame_locator("dialog.gz-webinar iframe").locator("#deck")
        expect(shown.locator(".word")).to_contain_text(said)
        visit.page.keyboard.press("ArrowRight")
        expect(shown).to_have_attribute("data-step", "2")
        assert visit.errors == []

    planner = watching(f"scenario={work.saved.id}")
    with planner.page.expect_popup() as opened:
        planner.page.keyboard.press("p")
    desk = opened.value.frame_locator("iframe").locator("#presenter")
    expect(desk).to_be_visible()
    guest = watching(f"version={token}")
    scenarios.links.withdraw(token)
    scenarios.delete(work.saved.id)
    goes_on(planner, "vient d’être supprimé")
    expect(desk.locator(".word")).to_contain_text("vient d’être supprimé")
    goes_on(guest, "vient d’être fermé")
    guest.page.keyboard.press("Escape")
    expect(guest.page.get_by_role("heading", name="Lien fermé")).to_be_visible()
