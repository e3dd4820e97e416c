"""Every state of the pages: French, and no fault of ours for axe-core or the standard of HTML."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame, Page

from geozones.workspace.scenarios.service import Scenarios

from .accessible import check_french, violations
from .browser import PHONE, WIDE
from .conftest import MAP, Visit, still
from .states import SHOWN, WALKS
from .widgets import whole

#: Rules of a whole page: the map is a frame in one, which has its main part and its title.
OF_A_PAGE = {"landmark-one-main", "page-has-heading-one"}
#: What Streamlit writes and has no setting for: rule, part of the element, why it is left.
STREAMLIT: tuple[tuple[str, str, str], ...] = (
    (
        "presentation-role-conflict",
        'data-testid="stFileUploaderDropzone"',
        "where a file is dropped has no role, and a name; the button in it says what it does",
    ),
)
#: Elements and attributes of presentation that criterion 10.1 of RGAA forbids.
PRESENTATION = """() => {
  const tags = "basefont, big, blink, center, font, marquee, s, strike, tt";
  const styled = ["align", "bgcolor", "border", "cellpadding", "cellspacing", "valign"];
  const seen = [...styled.map((name) => `[${name}]:not(svg *)`), tags].join(", ");
  return [...document.body.querySelectorAll(seen)].map((e) => e.outerHTML.slice(0, 200));
}"""


@pytest.mark.slow
@pytest.mark.parametrize("walk", WALKS)
def test_axe_finds_no_fault_of_ours_in_any_state(
    visit: Visit, scenarios: Scenarios, walk: str
) -> None:
    found, read = {}, dict[int, str]()
    for state in WALKS[walk](visit, scenarios):
        whole(visit.page.locator("body"))
        check_french(visit.page)
        for screen in (PHONE, WIDE):  # what is shown follows the size of the screen
            visit.page.set_viewport_size(screen)
            still(visit.page)
            if faults := list(on_screen(visit, read, screen["width"])):
                found[f"{state}, {screen['width']}"] = faults
    assert found == {}
    assert visit.errors == []


def on_screen(visit: Visit, read: dict[int, str], width: int) -> Iterator[tuple[str, str]]:
    """Yield each fault of a page and of its map, unless the map was ``read`` at that width."""
    yield from ours(visit.page)
    drawn = visit.page.locator(f"{MAP}, {SHOWN}").last  # the webinar is over the page
    if drawn.count() and drawn.is_visible():
        frame = drawn.element_handle().content_frame()
        if (now := frame.content()) != read.get(width):  # drawn the same: the same faults
            yield from (fault for fault in ours(frame) if fault[0] not in OF_A_PAGE)
            read[width] = now
    yield from (("présentation", html) for html in visit.page.evaluate(PRESENTATION))


def ours(seen: Page | Frame) -> Iterator[tuple[str, str]]:
    """Yield the rule and the element of each fault, whatever its gravity, but Streamlit's own."""
    for fault in violations(seen):
        for node in fault["nodes"]:
            if not any(fault["id"] == rule and part in node["html"] for rule, part, _ in STREAMLIT):
                yield fault["id"], node["html"][:200]
