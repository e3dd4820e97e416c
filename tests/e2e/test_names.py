"""Names on the screen map, by geometry: inside their area, and where they were after panning."""

from typing import Any

import pytest
import shapely
from playwright.sync_api import Page
from shapely.geometry.base import BaseGeometry

from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study

from .browser import PHONE, WIDE
from .conftest import NewVisit

READ = """() => [...document.querySelectorAll(".gz-label")]
  .filter((e) => e.style.visibility === "visible" && e.dataset.of)
  .map((e) => {
    const box = e.firstChild.getBoundingClientRect();
    const a = map.containerPointToLatLng([box.left + 1, box.bottom - 1]);
    const b = map.containerPointToLatLng([box.right - 1, box.top + 1]);
    return [e.dataset.of, a.lng, a.lat, b.lng, b.lat];
  })"""
DRAW = """async () => {
  geozones.draw(null, data.scenes.view);
  await new Promise((done) => requestIdleCallback(done, { timeout: 2000 }));
}"""


@pytest.mark.parametrize("sector", [None, "nantes", "mayenne"])
def test_names_of_areas_are_inside_them_and_do_not_jump(
    study: Study, new_visit: NewVisit, sector: str | None
) -> None:
    scene = build_scene(study, SceneOptions(sector=sector))
    data = in_script(scenes_json({"view": scene}, study.atlas.ground))
    content = (
        f"<style>{map_style()} body {{ margin: 0 }} #map {{ height: 100vh }}</style>"
        f"<div id='map'></div><script>{map_script()}</script><script>const data = {data};"
        "geozones.learn(data.shapes, data.entries);"
        "const map = L.map('map', { ...data.options, zoomControl: false });"
        "geozones.setup(map, data.ground);</script>"
    )
    areas = {area.id: area.geometry for area in (*scene.zones, *scene.sectors)}
    page = new_visit().page
    for viewport in (WIDE, PHONE):
        page.goto("about:blank")  # else its scripts would declare their names twice
        page.set_viewport_size(viewport)
        page.set_content(content)
        sectors = {area.id for area in scene.sectors}
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
