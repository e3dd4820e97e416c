"""What is reached from a place, on the map of a plan: over its zones, under their borders."""

from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.maps.reach import accessibility_layer, over_reach
from geozones.workspace.study import Study

from .browser import WIDE
from .conftest import NewVisit

#: Fields far from any lycée, in Craon.
CRAON, CODE = (47.85, -0.97), "53084"
AT = "([at]) => { const p = map.latLngToContainerPoint(at); return [p.x, p.y]; }"
PIXEL = """([at]) => {
  const canvas = document.querySelector(".leaflet-patches-pane canvas");
  const box = canvas.getBoundingClientRect();
  const p = map.latLngToContainerPoint(at);
  const [x, y] = [p.x - box.left, p.y - box.top].map((v) => (v * canvas.width) / box.width);
  const read = canvas.getContext("2d").getImageData(x, y, 1, 1);
  return "#" + [...read.data].slice(0, 3).map((v) => v.toString(16).padStart(2, "0")).join("");
}"""
DRAW = """([name]) => new Promise((done) => {
  geozones.draw(null, data.scenes[name]);
  requestAnimationFrame(() => requestAnimationFrame(done));
})"""


def test_communes_are_coloured_between_the_borders_of_zones_and_ask_when_clicked(
    study: Study, new_visit: NewVisit
) -> None:
    plan = build_scene(study, SceneOptions())
    layer = accessibility_layer(study, "0490003M")
    page = new_visit(WIDE).page
    scenes = {"plan": plan, "reach": over_reach(plan, layer)}
    data = in_script(scenes_json(scenes, study.atlas.ground))
    page.set_content(
        f"<style>{map_style()} body {{ margin: 0 }} #map {{ height: 100vh }}</style>"
        f"<div id='map'></div><script>{map_script()}</script><script>const data = {data};"
        "geozones.learn(data.shapes, data.entries);"
        "const map = L.map('map', { ...data.options, zoomControl: false });"
        "geozones.setup(map, data.ground); const told = [];"
        "addEventListener('geozones', ({ detail }) => told.push(detail));</script>"
    )
    borders = page.locator(".leaflet-limits-pane path")
    page.evaluate(DRAW, ["plan"])
    assert borders.count() == 0
    page.evaluate(DRAW, ["reach"])
    assert study.atlas.commune_at(*CRAON) == CODE
    assert borders.count() == 2 * len(plan.zones)
    assert page.evaluate(PIXEL, [CRAON]) == layer.colours[CODE]
    x, y = page.evaluate(AT, [CRAON])
    page.mouse.click(x, y)
    assert page.evaluate("told") == [{"event": "patch", "id": CODE}]
    page.evaluate(DRAW, ["plan"])
    assert borders.count() == 0
    page.mouse.click(x, y)
    zone = study.territory.zone_at(study.plan, *CRAON)
    assert page.evaluate("told.at(-1)") == {"event": "zone", "id": zone}
