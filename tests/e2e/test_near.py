"""The map from near: its shapes are finer, and read when one is near only."""

import re

from .conftest import Visit

NANTES, FAR = ((47.22, -1.56), 12.5), ((47.3, -0.8), 8)
RIEFFEL = "0442061B"  # at the edge of the town: its zone follows communes
LINES = (
    "() => [...document.querySelectorAll('path[data-zone]')].map((path) => path.getAttribute('d'))"
)


def look(visit: Visit, view: tuple[tuple[float, float], float]) -> None:
    (lat, lon), zoom = view
    visit.map.locator("#map_div").evaluate(
        "(map, [at, zoom]) => { map.dispatchEvent(new Event('wheel'));"
        " window.map.setView(at, zoom, { animate: false }); }",
        [[lat, lon], zoom],
    )


def turns(visit: Visit, zone: str) -> int:
    """Count the points of a zone's path."""
    drawn = visit.map.locator(f'path[data-zone="{zone}"]').get_attribute("d")
    return len(re.findall("[ML]", drawn or ""))


def test_shapes_are_finer_from_near_and_read_then_only(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.open("atelier")
    zone = visit.lycee(RIEFFEL).get_attribute("data-zone")
    assert zone is not None

    def borders() -> list[str]:
        return [url for url in asked if "/borders-" in url]

    look(visit, (NANTES[0], 11.5))
    before = turns(visit, zone)
    assert borders() == []
    look(visit, NANTES)
    visit.wait_on_map(
        '([zone, before]) => document.querySelector(`path[data-zone="${zone}"]`)'
        ".getAttribute('d').split('L').length > before + 20",
        zone,
        before,
    )
    assert len(borders()) == 1
    look(visit, FAR)
    look(visit, NANTES)
    look(visit, (NANTES[0], 11.5))
    assert turns(visit, zone) == before
    assert len(borders()) == 1
    assert visit.errors == []
