"""The map from near: finer shapes, communes and waters, read when one is near only."""

import re

import pytest
import shapely
from playwright.sync_api import expect
from shapely import Point

from geozones.domain.plan import Plan
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import Territory

from .conftest import Visit

NANTES, FAR = ((47.22, -1.56), 12.5), ((47.3, -0.8), 8)
LAYON = (47.33, -0.62)  # villages south of Angers
VILLAGES = ["Beaulieu-sur-Layon", "Denée", "Mozé-sur-Louet", "Val-du-Layon"]
#: How far the paths of zones are from a place, in pixels.
GAPS = """(_, [zones, place]) => zones.map((zone) => {
  const { x, y } = map.latLngToLayerPoint(place);
  const path = document.querySelector(`path[data-zone="${zone}"]`);
  const steps = 20000;
  const length = path.getTotalLength();
  let least = Infinity;
  for (let i = 0; i <= steps; i += 1) {
    const at = path.getPointAtLength((i / steps) * length);
    least = Math.min(least, Math.hypot(at.x - x, at.y - y));
  }
  return least;
})"""
#: How many pixels of the ground are grey lines of communes, blue water.
PAINTED = """() => {
  const count = { lines: 0, water: 0 };
  for (const tile of document.querySelectorAll('.leaflet-ground-pane canvas')) {
    const { data } = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 60 && data[i] < 90) count.lines += 1;
      if (data[i + 3] > 200 && data[i + 2] > 210) count.water += 1;
    }
  }
  return count;
}"""
RIEFFEL = "0442061B"  # at the edge of the town: its zone follows communes


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


@pytest.mark.slow
def test_from_near_shapes_communes_and_waters_are_finer_named_and_read_once(
    visit: Visit, study: Study
) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    visit.open("atelier")
    corner, zones = a_corner_inside_a_town(study)
    look(visit, (corner, 10.75))
    borders_are_smooth(visit, corner, zones)
    assert visit.map.locator("canvas").count() == 0
    assert [url for url in asked if "/borders-" in url or "/ground-" in url] == []
    shapes_are_finer(visit)
    look(visit, (corner, 13.5))
    visit.wait_on_map("() => document.querySelector('canvas.leaflet-tile-loaded')")
    borders_are_smooth(visit, corner, zones)
    communes_and_waters_are_drawn_and_named_from_zoom_11(visit)
    for read in ("/borders-", "/ground-"):
        assert len([url for url in asked if read in url]) == 1
    assert visit.errors == []


def shapes_are_finer(visit: Visit) -> None:
    zone = visit.lycee(RIEFFEL).get_attribute("data-zone")
    assert zone is not None
    look(visit, (NANTES[0], 10.75))
    before = turns(visit, zone)
    look(visit, NANTES)
    visit.wait_on_map(
        '([zone, before]) => document.querySelector(`path[data-zone="${zone}"]`)'
        ".getAttribute('d').split('L').length > before + 20",
        zone,
        before,
    )
    look(visit, FAR)
    look(visit, NANTES)
    look(visit, (NANTES[0], 10.75))
    assert turns(visit, zone) == before


def a_corner_inside_a_town(study: Study) -> tuple[tuple[float, float], list[str]]:
    """Return where two zones meet away from the borders of communes, and these zones."""
    territory, plan = study.territory, study.plan
    shapes = territory.zone_shapes(plan)
    held = {
        corner: [zone.id for zone in plan.zones if _bends(territory, plan, zone.id, corner)]
        for corner in territory.corners.reach
    }
    (lon, lat), zones = next(each for each in held.items() if len(each[1]) == 2)
    assert all(shapes[zone].boundary.distance(Point(lon, lat)) > 1e-4 for zone in zones)
    return (lat, lon), zones


def borders_are_smooth(visit: Visit, corner: tuple[float, float], zones: list[str]) -> None:
    gaps = visit.map.locator("#map_div").evaluate(GAPS, [zones, list(corner)])
    assert all(gap > 0.7 for gap in gaps), gaps
    assert gaps[0] == pytest.approx(gaps[1], abs=0.5)


def _bends(territory: Territory, plan: Plan, zone: str, corner: tuple[float, float]) -> bool:
    shape = territory.shape(plan.members(zone))
    return corner in set(map(tuple, shapely.get_coordinates(shape).round(5).tolist()))


def names(visit: Visit) -> list[str]:
    spans = visit.map.locator(".gz-label-town").filter(visible=True).locator("span")
    return [" ".join(text.split()) for text in spans.all_inner_texts()]


def communes_and_waters_are_drawn_and_named_from_zoom_11(visit: Visit) -> None:
    look(visit, (LAYON, 9))
    assert not set(VILLAGES) & set(names(visit))
    expect(visit.map.locator("canvas")).to_have_count(0)
    look(visit, (LAYON, 11.5))
    tiles = visit.map.locator(".leaflet-ground-pane canvas")
    expect(tiles.first).to_have_class(re.compile("leaflet-tile-loaded"))
    visit.wait_on_map("() => !document.querySelector('canvas:not(.leaflet-tile-loaded)')")
    painted = visit.map.locator("#map_div").evaluate(PAINTED)
    assert painted["lines"] > 2000
    assert painted["water"] > 2000
    visit.wait_on_map(
        "([wanted]) => { const shown = [...document.querySelectorAll('.gz-label-town')]"
        ".filter((each) => each.style.visibility !== 'hidden').map((each) => each.innerText);"
        " return wanted.every((name) => shown.some((text) => text.replace('\\n', '') === name)); }",
        VILLAGES,
    )
    rivers = visit.map.locator(".leaflet-waters-pane path").first
    expect(rivers).to_be_hidden()  # lines of one width: the ground has their banks
    look(visit, (LAYON, 9))
    expect(tiles).to_have_count(0)
    expect(rivers).to_be_visible()
    assert not set(VILLAGES) & set(names(visit))
