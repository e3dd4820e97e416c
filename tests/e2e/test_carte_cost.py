"""What a gesture costs: what the browser keeps as it is, and how much the server tells it."""

import pytest
from playwright.sync_api import WebSocket, expect

from .conftest import Visit, still

#: Messages and bytes that answer a click where one looks. Each message is an element that the
#: browser draws anew, about a millisecond each: more of them is a choice to make knowingly.
MESSAGES, BYTES = 45, 40_000
ZONES = ("MAY-2", "SAR-2", "MAY-1")


def told(visit: Visit) -> list[bytes]:
    """What the server tells from now on; to ask for before the page is opened."""
    heard: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(bytes(frame)))

    visit.page.on("websocket", listen)
    return heard


def look_at(visit: Visit, zone: str) -> None:
    before = visit.page.locator("#gz-chosen").get_attribute("data-chosen")
    visit.aim(zone)
    expect(visit.page.locator("#gz-chosen")).not_to_have_attribute("data-chosen", before or "")
    still(visit.page)


@pytest.mark.slow
def test_a_click_on_the_map_is_answered_in_few_words_and_leaves_lists_and_fields(
    visit: Visit,
) -> None:
    heard = told(visit)
    visit.open()
    for zone in ZONES:
        look_at(visit, zone)
    heard.clear()
    look_at(visit, "MAY-3")
    assert len(heard) <= MESSAGES
    assert sum(map(len, heard)) <= BYTES
    # whoever had typed half a word, or opened a list, still has it
    visit.tables()
    look_at(visit, ZONES[0])
    kept = ":is([class*=gz-over-], .st-key-gz-chips) :is(input, summary, button)"
    visit.page.evaluate(f"window.kept = [...document.querySelectorAll('{kept}:not([data-go])')]")
    for zone in ZONES[1:]:
        look_at(visit, zone)
    gone = visit.page.evaluate(
        "window.kept.filter((e) => !e.isConnected).map((e) => e.outerHTML.slice(0, 200))"
    )
    assert gone == []
    assert visit.page.evaluate("window.kept.length") > 10
