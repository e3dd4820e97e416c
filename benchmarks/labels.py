"""Quality of the names on maps, by geometry: on screen (Chromium) and on sheets.

Run ``python benchmarks/labels.py [--plans N] [--sheets N]``. Looks at the region, each sector and
each zone of the shipped plan and of N seeded random plans; prints how many names are outside their
area, over one another or over a sign, and how many lycées of what is looked at are named; exits 1
when a target is missed. See README.md.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

import shapely
from playwright.sync_api import Page, sync_playwright

from geozones.domain import Plan
from geozones.render import Scene
from geozones.render.figure.canvas import Box
from geozones.render.figure.map_layout import MapLayout, lay_out_map
from geozones.render.figure.subject import PictureSubject, box_of
from geozones.render.scene import View
from geozones.render.standalone_map import in_script, map_script, map_style, scenes_json
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.maps import SceneOptions, build_scene

SCREENS = {"1440×900": (1080, 640), "390×844": (358, 480)}
SHEETS = {
    "hd": Box(0, 0, 1400, 850),
    "a4": Box(0, 0, 1010, 850),
    "half a slide": Box(0, 0, 660, 780),
}
NAMED = 0.9
MOVES = 12
#: What a name may stick out of its area, in pixels or units: less than a border's width.
SLACK = 1.0
#: Gives what is written on the map and where, in pixels and in degrees.
READ = """async (key) => {
  geozones.draw(null, data.scenes[key]);
  await new Promise((done) => requestIdleCallback(done));
  const home = map.getContainer().getBoundingClientRect();
  const [x, y] = [home.left, home.top];
  const read = (box) => [box.left - x, box.top - y, box.right - x, box.bottom - y];
  const place = (box) => {
    const a = map.containerPointToLatLng([box[0], box[3]]);
    const b = map.containerPointToLatLng([box[2], box[1]]);
    return [a.lng, a.lat, b.lng, b.lat];
  };
  const labels = [...document.querySelectorAll(".gz-label")];
  const names = labels.filter((e) => e.style.visibility === "visible");
  const [width, height] = [home.width, home.height];
  return {
    size: [width, height], zoom: map.getZoom(),
    names: names.map((e) => {
      const box = read(e.firstChild.getBoundingClientRect());
      const kind = [...e.classList].find((c) => c.startsWith("gz-label-")).slice(9);
      return { kind, text: e.textContent, of: e.dataset.of || "", box, degrees: place(box) };
    }),
    signs: [...document.querySelectorAll(".gz-lycee i")]
      .map((e) => read(e.getBoundingClientRect())),
    lycees: [...document.querySelectorAll(".gz-lycee")].map((e) => {
      const box = read(e.getBoundingClientRect());
      return [e.dataset.uai, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
    }),
  };
}"""


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=50, help="random plans on screen")
    parser.add_argument("--sheets", type=int, default=5, help="random plans on sheets")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    study = open_study(Path("data"))
    plans = [study.plan, *(random_plan(study, seed) for seed in range(arguments.plans))]
    found: dict[str, Counter[str]] = {}
    with sync_playwright() as playwright:
        browsers = map(shutil.which, ("chromium", "chromium-browser", "chromium-headless-shell"))
        path = next(filter(None, browsers), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for name, size in SCREENS.items():
            found[name] = Counter()
            page = browser.new_page(viewport={"width": size[0], "height": size[1]})
            for plan in plans:
                found[name].update(on_screen(page, study.with_plan(plan)))
        browser.close()
    for name, box in SHEETS.items():
        found[name] = Counter()
        for plan in plans[: arguments.sheets + 1]:
            found[name].update(on_sheets(study.with_plan(plan), box))
    return report(found, as_json=arguments.json)


def random_plan(study: Study, seed: int) -> Plan:
    """Return the shipped plan after some moves of a lycée into a zone beside its own."""
    draw, plan = Random(seed), study.plan  # noqa: S311 - no secret
    for _ in range(MOVES):
        lycee = draw.choice(sorted(plan.lycees))
        beside = {plan.zone_of(o).id for o in neighbours(study, lycee)} - {plan.zone_of(lycee).id}
        if beside and len(plan.members(plan.zone_of(lycee).id)) > 1:
            plan = plan.move(lycee, draw.choice(sorted(beside)))
    return plan


def neighbours(study: Study, lycee: str) -> set[str]:
    """Return the lycées whose cell touches that of a lycée."""
    return set(study.territory.neighbours[lycee])


def views(study: Study) -> Iterator[tuple[str, Scene]]:
    """Yield the region, each sector and each zone as views."""
    yield "region", build_scene(study, SceneOptions())
    for sector in study.plan.sectors:
        if not study.plan.lycees_of(sector.id):
            continue
        scene = build_scene(study, SceneOptions(sector=sector.id))
        yield f"sector {sector.id}", scene
        for zone in scene.zones:
            if zone.sector == sector.id:
                yield f"zone {zone.id}", close(scene, zone.id)


def close(scene: Scene, code: str) -> Scene:
    """Return a scene that looks at a zone."""
    zones = tuple(replace(zone, aside=zone.id != code) for zone in scene.zones)
    bounds = next(zone.geometry.bounds for zone in zones if zone.id == code)
    return replace(scene, zones=zones, view=View(bounds, f"zone {code}"))


def on_screen(page: Page, study: Study) -> Counter[str]:
    """Count right and wrong names on the views of a plan in a browser."""
    scenes = dict(views(study))
    data = scenes_json(scenes, study.atlas.ground)
    page.goto("about:blank")  # what the page before had declared is gone
    page.set_content(
        f"<style>{map_style()} #map {{ height: 100vh; }}</style><div id='map'></div>"
        f"<script>{map_script()}</script><script>const data = {in_script(data)};"
        "geozones.learn(data.shapes, data.entries);"
        "const map = L.map('map', { ...data.options, zoomControl: false });"
        "geozones.setup(map, data.ground);</script>"
    )
    counts: Counter[str] = Counter()
    for key, scene in scenes.items():
        counts.update(judge_screen(page.evaluate(READ, key), scene, key.split()[0]))
    return counts


def judge_screen(seen: dict[str, Any], scene: Scene, kind: str) -> Counter[str]:
    """Count the names of a screen that are outside, over one another, over signs, missing."""
    counts: Counter[str] = Counter()
    size = seen["size"]
    areas = {sector.id: sector for sector in scene.sectors} | {z.id: z for z in scene.zones}
    names = [n for n in seen["names"] if shown(n["box"], size)]
    counts["names"] += len(names)
    for name in names:
        if name["kind"] in {"sector", "zone"}:
            counts["areas"] += 1
            counts["outside"] += not inside(name, [a for a in areas.values() if is_of(name, a)])
            counts["over signs"] += covers(name["box"], seen["signs"])
    boxes = [n["box"] for n in names]
    counts["over names"] += sum(overlap(a, b) for a, b in combinations(boxes, 2))
    if kind == "region":
        counts["sectors"] += len(scene.sectors)
        counts["sectors named"] += sum(n["kind"] == "sector" for n in names)
    if kind == "zone":
        code = scene.view.key.removeprefix("zone ")
        inside_view = {u for u, x, y in seen["lycees"] if 0 < x < size[0] and 0 < y < size[1]}
        own = {p.id for p in scene.lycees if p.zone == code} & inside_view
        counts["lycees"] += len(own)
        counts["lycees named"] += len(own & {n["of"] for n in names if n["kind"] == "lycee"})
    return counts


def is_of(name: dict[str, Any], area: Any) -> bool:  # noqa: ANN401 - a zone or a sector
    """Tell whether a name is that of an area."""
    return area.id == name["of"] if name["of"] else name["text"].endswith(area.name)


def shown(box: Sequence[float], size: Sequence[float]) -> bool:
    """Tell whether any part of a box is in the window."""
    return box[0] < size[0] and box[1] < size[1] and box[2] > 0 and box[3] > 0


def inside(name: dict[str, Any], areas: Sequence[Any]) -> bool:
    """Tell whether a name is inside an area of that name."""
    west, south, east, north = name["degrees"]
    across = (east - west) / (name["box"][2] - name["box"][0]) * SLACK
    up = (north - south) / (name["box"][3] - name["box"][1]) * SLACK
    box = shapely.box(west + across, south + up, east - across, north - up)
    return any(area.geometry.covers(box) for area in areas)


def overlap(a: Sequence[float], b: Sequence[float]) -> bool:
    """Tell whether two boxes (left, top, right, bottom) share more than a border."""
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])) > SLACK


def covers(box: Sequence[float], signs: Sequence[Sequence[float]]) -> bool:
    """Tell whether a name lies over the sign of a lycée."""
    return any(overlap(box, sign) for sign in signs)


def on_sheets(study: Study, box: Box) -> Counter[str]:
    """Count right and wrong names on the views of a plan on sheets."""
    counts: Counter[str] = Counter()
    for key, scene in views(study):
        layout = lay_out_map(PictureSubject(scene, study.atlas.ground.names), box)
        counts.update(judge_sheet(layout, scene, key.split()[0]))
    return counts


def judge_sheet(layout: MapLayout, scene: Scene, kind: str) -> Counter[str]:
    """Count the same as `judge_screen` in the layout of a map on paper."""
    counts: Counter[str] = Counter(names=len(layout.labels))
    areas = {f"sector-{s.id}": s for s in scene.sectors} | {f"zone-{z.id}": z for z in scene.zones}
    boxes: list[Box] = []
    signs = [
        box_of(point, at).inset(3)
        for point, at in zip(layout.points, layout.places.tolist(), strict=True)
    ]
    for label, position in layout.labels:
        boxes.append(position.box)
        if (area := areas.get(label.request.key)) is None:
            continue
        counts["areas"] += 1
        shape = shapely.transform(area.geometry, layout.frame.points)
        # a box has a margin of 2 units around its text
        counts["outside"] += not shape.covers(shapely.box(*position.box.inset(2 + SLACK)))
        counts["over signs"] += covers(position.box.inset(2), signs)
    counts["over names"] = sum(overlap(a, b) for a, b in combinations(boxes, 2))
    keys = [label.request.key for label, _ in layout.labels]
    if kind == "region":
        counts["sectors"] += len(scene.sectors)
        counts["sectors named"] += sum(key.startswith("sector-") for key in keys)
    if kind == "zone":
        counts["lycees"] += len(layout.subject.lycees)
        inset = sum(len(each.labels) for each in layout.insets)
        counts["lycees named"] += inset + sum(key.startswith("lycee-") for key in keys)
    return counts


def report(found: dict[str, Counter[str]], *, as_json: bool) -> int:
    """Print the counts; returns 1 where a target is missed."""
    missed = []
    for name, counts in found.items():
        share = counts["lycees named"] / max(counts["lycees"], 1)
        if as_json:
            print(json.dumps({"where": name, **counts}))
        else:
            print(
                f"{name}: {counts['names']} names; of {counts['areas']} of areas "
                f"{counts['outside']} outside, {counts['over signs']} over a sign; "
                f"{counts['over names']} overlaps; "
                f"sectors of the region named {counts['sectors named']}/{counts['sectors']}; "
                f"lycées of the zone looked at named {share:.1%}"
            )
        if counts["outside"] or counts["over names"] or share < NAMED:
            missed.append(name)
    print(f"missed: {', '.join(missed)}" if missed else "all targets are met")
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
