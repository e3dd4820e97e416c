"""The screen map on a page that holds nothing else: names, roads, what is reached from a place."""

from typing import Any

import pytest
import shapely
from playwright.sync_api import Page, expect
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Scene
from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene, layer_of, over_reach
from geozones.workspace.reachability.accessibility import access

from .browser import PHONE, WIDE
from .conftest import NewVisit

#: Names of areas in sight, with the corners of each on the ground.
READ = """() => [...document.querySelectorAll(".gz-label")]
  .filter((e) => e.style.visibility === "visible" && e.dataset.of)
  .map((e) => {
    const box = e.firstChild.getBoundingClientRect();
    const a = map.containerPointToLatLng([box.left + 1, box.bottom - 1]);
    const b = map.containerPointToLatLng([box.right - 1, box.top + 1]);
    return [e.dataset.of, a.lng, a.lat, b.lng, b.lat];
  })"""
#: Draws the scene, and waits for its names.
DRAW = """async () => {
  geozones.draw(null, data.scenes.view);
  await new Promise((done) => requestIdleCallback(done, { timeout: 2000 }));
}"""
SCHEMATIC = "autoroute (tracé schématique)"
ANGERS = (47.4534, -0.5483)
ROADS = "[class*=gz-road-]"
#: Fields far from any lycée, in Craon.
CRAON, CODE = (47.85, -0.97), "53084"
AT_PIXEL = "([at]) => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }"
PIXEL = """([at]) => {
  const canvas = document.querySelector(".leaflet-patches-pane canvas");
  const box = canvas.getBoundingClientRect();
  const p = map.latLngToContainerPoint(at);
  const [x, y] = [p.x - box.left, p.y - box.top].map((v) => (v * canvas.width) / box.width);
  const read = canvas.getContext("2d").getImageData(x, y, 1, 1);
  return "#" + [...read.data].slice(0, 3).map((v) => v.toString(16).padStart(2, "0")).join("");
}"""
#: Draws a scene by its name, and waits for the next frame.
DRAW_NAMED = """([name]) => new Promise((done) => {
  geozones.draw(null, data.scenes[name]);
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def holding(study: Study, **scenes: Scene) -> str:
    """Return a page that holds a map alone, ready to draw scenes, and that keeps what it tells."""
    data = in_script(scenes_json(scenes, study.atlas.ground))
    return (
        f"<style>{map_style()} body {{ margin: 0 }} #map {{ height: 100vh }}</style>"
        f"<div id='map'></div><script>{map_script()}</script><script>const data = {data};"
        "geozones.learn(data.shapes, data.entries);"
        "const map = L.map('map', { ...data.options, zoomControl: false });"
        "geozones.setup(map, data.ground); const told = [];"
        "addEventListener('geozones', ({ detail }) => told.push(detail));</script>"
    )


@pytest.mark.slow
def test_names_of_areas_are_inside_them_and_do_not_jump(study: Study, new_visit: NewVisit) -> None:
    page = new_visit().page
    for sector in (None, "nantes", "mayenne"):
        scene = build_scene(study, SceneOptions(sector=sector))
        areas = {area.id: area.geometry for area in (*scene.zones, *scene.sectors)}
        sectors = {area.id for area in scene.sectors}
        content = holding(study, view=scene)
        for viewport in (WIDE, PHONE):
            page.goto("about:blank")  # else its scripts would declare their names twice
            page.set_viewport_size(viewport)
            page.set_content(content)
            check_names(page, areas, sectors if viewport == PHONE else set())


def check_names(page: Page, areas: dict[str, BaseGeometry], crossing: set[str]) -> None:
    """Check that names are inside; on a phone a sector narrower than its name has it across."""
    page.evaluate(DRAW)
    named: list[Any] = page.evaluate(READ)
    assert len(named) >= 4
    for of, *corners in named:
        if of in crossing:
            assert areas[of].intersects(shapely.box(*corners).centroid.buffer(0.05)), of
        elif of in areas:
            assert areas[of].buffer(1e-4).covers(shapely.box(*corners)), of
    page.evaluate("() => map.panBy([60, 40], { animate: false })")
    after = {of: corners for of, *corners in page.evaluate(READ)}
    for of, *corners in named:
        if of in after and of in areas and corners[0] > page.evaluate("map.getBounds().getWest()"):
            assert after[of] == pytest.approx(corners, abs=2e-3), of


@pytest.mark.slow
def test_motorways_are_drawn_and_said_schematic_at_the_region_s_scale_only_and_take_no_click(
    study: Study, new_visit: NewVisit
) -> None:
    page = new_visit().page
    page.set_content(holding(study, view=build_scene(study, SceneOptions())))
    page.evaluate(DRAW)
    names = page.locator(".gz-label-motorway span:visible")
    said = page.locator(".leaflet-control-attribution")
    expect(page.locator(".gz-road-motorway")).to_have_count(2)
    expect(names.filter(has_text="A11").first).to_be_visible()
    expect(said).to_contain_text(SCHEMATIC)
    page.evaluate(f"map.setView({list(ANGERS)}, 11, {{ animate: false }})")
    expect(page.locator(ROADS)).to_have_count(0)
    expect(names).to_have_count(0)
    # without the ground of close zooms, the map is that of the region
    expect(page.locator("canvas")).to_have_count(0)
    expect(page.locator(".leaflet-waters-pane path").first).to_be_visible()
    expect(said).not_to_contain_text(SCHEMATIC)
    expect(said).to_contain_text("OpenStreetMap")
    page.evaluate(f"map.setView({list(ANGERS)}, 9, {{ animate: false }})")
    expect(page.locator(".gz-road-motorway")).to_have_count(2)
    expect(said).to_contain_text(SCHEMATIC)
    # a road takes no click from its zone, and lies under names and borders
    layers = page.evaluate(
        "['zones', 'roads', 'outlines', 'borders', 'signs', 'lycees', 'labels']"
        ".map((name) => Number(map.getPane(name).style.zIndex))"
    )
    assert layers == sorted(layers)
    assert page.evaluate("map.getPane('roads').style.pointerEvents") == "none"


def test_communes_are_coloured_between_the_borders_of_zones_and_ask_when_clicked(
    study: Study, new_visit: NewVisit
) -> None:
    plan = build_scene(study, SceneOptions())
    layer = layer_of(study, access(study.analysis, "0490003M"))
    page = new_visit().page
    page.set_content(holding(study, plan=plan, reach=over_reach(plan, layer)))
    borders = page.locator(".leaflet-limits-pane path")
    page.evaluate(DRAW_NAMED, ["plan"])
    assert borders.count() == 0
    page.evaluate(DRAW_NAMED, ["reach"])
    assert study.atlas.commune_at(*CRAON) == CODE
    assert borders.count() == 2 * len(plan.zones)
    assert page.evaluate(PIXEL, [CRAON]) == layer.colours[CODE]
    x, y = page.evaluate(AT_PIXEL, [CRAON])
    page.mouse.click(x, y)
    assert page.evaluate("told") == [{"event": "patch", "id": CODE}]
    page.evaluate(DRAW_NAMED, ["plan"])
    assert borders.count() == 0
    page.mouse.click(x, y)
    zone = study.territory.zone_at(study.plan, *CRAON)
    assert page.evaluate("told.at(-1)") == {"event": "zone", "id": zone}
