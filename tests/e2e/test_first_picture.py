"""The page begins with a picture of the plan, where the map then draws it."""

import pytest
from playwright.sync_api import Route, expect

from helpers.slow_params import slow_but

from .browser import PHONE, WIDE
from .conftest import NewVisit

#: Pixels between the picture and the map: the picture leaves out small details.
_NEAR = 3
#: The server draws it once it has started.
_MADE = """
() => fetch("/", { headers: { accept: "text/html" } })
  .then((answer) => answer.text()).then((text) => text.includes("gz-first"))
"""
_PICTURE = """
() => {
  const first = document.getElementById("gz-first");
  const [west, south, east, north] = first.dataset.zones.split(" ").map(Number);
  const [left, bottom, right, top] = first.dataset.box.split(" ").map(Number);
  const box = first.querySelector("img").getBoundingClientRect();
  const scale = box.width / (right - left);
  return [box.left + (west - left) * scale, box.top + (north - top) * scale,
    box.left + (east - left) * scale, box.top + (south - top) * scale];
}
"""
_ZONES = """
() => {
  const frame = document.querySelector(".st-key-gz-map iframe");
  const at = frame.getBoundingClientRect();
  const boxes = [...frame.contentDocument.querySelectorAll("path[data-zone]")]
    .map((path) => path.getBoundingClientRect());
  return [at.left + Math.min(...boxes.map((box) => box.left)),
    at.top + Math.min(...boxes.map((box) => box.top)),
    at.left + Math.max(...boxes.map((box) => box.right)),
    at.top + Math.max(...boxes.map((box) => box.bottom))];
}
"""
_SHIFTS = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.moved += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("viewport", slow_but([WIDE, PHONE], WIDE))
def test_the_map_takes_the_place_of_the_picture(
    new_visit: NewVisit, viewport: dict[str, int]
) -> None:
    visit = new_visit(viewport)
    visit.open("equipes")
    visit.page.wait_for_function(_MADE)
    page, held = visit.page, list[Route]()
    page.add_init_script(_SHIFTS)
    page.route("**/component/**/main.*.js", lambda route: held.append(route))  # noqa: PLW0108
    page.goto(visit.url)
    expect(page.locator("#gz-first img")).to_be_visible()
    expect(page.locator(".st-key-gz-over-left")).to_be_visible()
    picture = page.evaluate(_PICTURE)
    for route in held:
        route.continue_()
    page.unroute("**/component/**/main.*.js")
    visit.ready()
    expect(page.locator("#gz-first")).to_have_count(0)
    assert page.evaluate(_ZONES) == pytest.approx(picture, abs=_NEAR)
    assert page.evaluate("moved") <= 0.1
    # an address that asks for more does not begin with the plan in force
    more = page.request.get(f"{visit.url}/?mode=proposer", headers={"accept": "text/html"})
    assert more.ok
    assert "gz-first" not in more.text()
