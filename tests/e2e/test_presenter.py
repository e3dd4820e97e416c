"""The presenter's window leads the shown one and is led by it, in the app and from the file."""

from pathlib import Path

from playwright.sync_api import Page, expect

from .conftest import NewVisit, Visit


def at(page: Page, step: int, frame: str = "") -> None:
    deck = page.frame_locator(frame).locator("#deck") if frame else page.locator("#deck")
    expect(deck).to_have_attribute("data-step", str(step))


def test_the_presenter_and_the_room_see_the_same_step_with_the_network_cut(
    visit: Visit, new_visit: NewVisit, tmp_path: Path
) -> None:
    visit.open("webinaire")
    page = visit.page
    with page.expect_download() as downloaded:
        page.get_by_role("button", name="Télécharger").click()
    path = tmp_path / downloaded.value.suggested_filename
    downloaded.value.save_as(path)
    page.context.set_offline(True)
    page.get_by_role("button", name="Démarrer le webinaire").click()
    room = "dialog iframe"
    at(page, 1, room)
    # a click goes on
    page.frame_locator(room).locator("#words").click()
    at(page, 2, room)
    with page.expect_popup() as opened:
        page.keyboard.press("p")
    desk = opened.value
    at(desk, 2, "iframe")
    inside = desk.frame_locator("iframe")
    expect(inside.locator("#following")).to_have_text("Rentrée scolaire 25/26")
    expect(inside.locator("#said p").first).to_contain_text("Organisation")
    inside.get_by_role("button", name="Suivant →").click()
    at(desk, 3, "iframe")
    at(page, 3, room)
    page.frame_locator(room).locator("#deck").press("ArrowRight")
    at(page, 4, room)
    at(desk, 4, "iframe")
    page.context.set_offline(False)
    assert visit.errors == []

    stick = new_visit(url="file:///nowhere").page
    stick.goto(path.as_uri())
    at(stick, 1)
    with stick.expect_popup() as opened:
        stick.keyboard.press("p")
    desk = opened.value
    at(desk, 1)
    desk.get_by_role("button", name="Suivant →").click()
    at(stick, 2)
    stick.keyboard.press("ArrowRight")
    at(desk, 3)
