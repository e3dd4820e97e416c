"""Roads on the map: schematic motorways while far, those of one's own background while near too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study
from helpers.small_network import NORTH, at, streets, write_pbf

from .browser import WIDE
from .conftest import NewVisit, Visit, served

SCHEMATIC = "autoroute (tracé schématique)"
ANGERS = (47.4534, -0.5483)
ROADS = "[class*=gz-road-]"
#: The colour that tiles have at a place.
PAINTED_AT = """(_, place) => {
  const { x, y } = map.latLngToContainerPoint(place);
  for (const tile of document.querySelectorAll('.leaflet-ground-pane canvas')) {
    const box = tile.getBoundingClientRect();
    if (x < box.left || y < box.top || x >= box.right || y >= box.bottom) continue;
    const scale = tile.width / box.width;
    const at = [(x - box.left) * scale, (y - box.top) * scale].map(Math.floor);
    const rgb = [...tile.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3);
    return '#' + rgb.map((part) => part.toString(16).padStart(2, '0')).join('');
  }
  return null;
}"""


@pytest.fixture
def page(study: Study, new_visit: NewVisit) -> Page:
    """The region, as a page that holds the map alone."""
    page = new_visit(WIDE).page
    data = in_script(scenes_json({"view": build_scene(study, SceneOptions())}, study.atlas.ground))
    page.set_content(
        f"<style>{map_style()} body {{ margin: 0 }} #map {{ height: 100vh }}</style>"
        f"<div id='map'></div><script>{map_script()}</script><script>const data = {data};"
        "geozones.learn(data.shapes, data.entries);"
        "const map = L.map('map', { ...data.options, zoomControl: false });"
        "geozones.setup(map, data.ground); geozones.draw(null, data.scenes.view);</script>"
    )
    return page


def test_motorways_are_drawn_and_said_schematic_at_the_region_s_scale_only(page: Page) -> None:
    names = page.locator(".gz-label-motorway span:visible")
    said = page.locator(".leaflet-control-attribution")
    expect(page.locator(".gz-road-motorway")).to_have_count(2)
    expect(names.filter(has_text="A11").first).to_be_visible()
    expect(said).to_contain_text(SCHEMATIC)
    page.evaluate(f"map.setView({list(ANGERS)}, 11, {{ animate: false }})")
    expect(page.locator(ROADS)).to_have_count(0)
    expect(names).to_have_count(0)
    expect(said).not_to_contain_text(SCHEMATIC)
    expect(said).to_contain_text("OpenStreetMap")
    page.evaluate(f"map.setView({list(ANGERS)}, 9, {{ animate: false }})")
    expect(page.locator(".gz-road-motorway")).to_have_count(2)
    expect(said).to_contain_text(SCHEMATIC)


def test_a_road_takes_no_click_from_its_zone_and_lies_under_names_and_borders(page: Page) -> None:
    layers = page.evaluate(
        "['zones', 'roads', 'outlines', 'borders', 'signs', 'lycees', 'labels']"
        ".map((name) => Number(map.getPane(name).style.zIndex))"
    )
    assert layers == sorted(layers)
    assert page.evaluate("map.getPane('roads').style.pointerEvents") == "none"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the roads of a small country, and a street beside the lycée Chevrollier."""
    home = tmp_path_factory.mktemp("home")
    (south, west), (lat, lon) = at(0, 0), ANGERS
    (north, east) = at(1, 1)
    x, y = (lon - west) / (east - west), (lat - south) / (north - south)
    road = ([(x - 2, y), (x + 2, y)], {"highway": "primary", "ref": "D 1"})
    street = ([(x - 2, y + 0.5), (x + 2, y + 0.5)], {"highway": "residential"})
    extract = write_pbf(home / "pays.osm.pbf", [*streets(), road, street])
    subprocess.run(
        [sys.executable, "-m", "geozones.cli", "roads", "build", str(extract)],
        env={**os.environ, "GEOZONES_HOME": str(home)},
        check=True,
        capture_output=True,
    )
    return home


@pytest.mark.slow
def test_the_roads_of_a_background_take_the_place_of_schematic_ones(
    home: Path, new_visit: NewVisit
) -> None:
    with served(home) as url:
        visit: Visit = new_visit(WIDE, url=url).open()
        expect(visit.map.locator(".gz-road-motorway")).to_have_count(2)
        expect(visit.page.get_by_text(SCHEMATIC)).to_have_count(0)
        expect(visit.map.locator(".gz-label-motorway")).to_have_count(0)
        expect(visit.map.locator(".gz-road-primary, .gz-road-secondary")).to_have_count(0)
        move = "(_, place) => map.setView(place, 12, { animate: false })"
        visit.map.locator("#map_div").evaluate(move.replace("12", "10"), list(ANGERS))
        expect(visit.map.locator(".gz-road-primary")).to_have_count(1)
        box = visit.map.locator(".gz-road-primary").bounding_box()
        _, y = visit.point(*ANGERS)
        assert box["y"] == pytest.approx(y, abs=4)
        assert box["width"] > 30
        visit.map.locator("#map_div").evaluate(move.replace("12", "14"), list(ANGERS))
        expect(visit.map.locator(".gz-road-primary")).to_be_hidden()  # the tiles draw it
        visit.wait_on_map("() => document.querySelector('canvas.leaflet-tile-loaded')")
        visit.wait_on_map("() => !document.querySelector('canvas:not(.leaflet-tile-loaded)')")
        road, street = ([ANGERS[0] + km * NORTH, ANGERS[1] - 0.008] for km in (0, 0.5))
        assert visit.map.locator("#map_div").evaluate(PAINTED_AT, road) == "#fff6dc"
        assert visit.map.locator("#map_div").evaluate(PAINTED_AT, street) == "#ffffff"
