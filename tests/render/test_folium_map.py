"""The map's data is inert whatever it holds, and asks nothing of the internet."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.french import typeset
from geozones.domain.plan import plan_of
from geozones.render import MapGround, Scene
from geozones.render.folium_map import base_map, scene_layer
from geozones.render.library import SCALE, Library, shape
from geozones.render.scene_json import drawn_scene, ground_json, publish_scene
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene

FILES = Library(("map-1.js",), frozenset())
EVIL = """</script><script>alert(1)</script>{{ 7 * 7 }}{% raw %}{# x #}"'`\\&amp;<!--\u2028${1}"""


def scene_of(toy: Study, name: str, **options: Any) -> Scene:
    """Draw the toy region with this name for its first zone."""
    zones = tuple(
        replace(zone, own_name=name) if zone.id == "N1" else zone for zone in toy.plan.zones
    )
    plan = plan_of(toy.plan.sectors, zones, toy.plan.zone_by_lycee)
    return build_scene(toy.with_plan(plan), SceneOptions(**options))


def drawn(scene: Scene, library: Library | None = None) -> dict[str, Any]:
    parsed = json.loads(drawn_scene(scene, library).text)
    assert isinstance(parsed, dict)
    return parsed


def decoded(polygons: list[list[list[int]]]) -> shapely.MultiPolygon:
    """Return a shape as the browser reads it: the way from each point to the next, added up."""
    parts = []
    for rings in polygons:
        points = [np.cumsum(np.reshape(ring, (-1, 2)), axis=0) / SCALE for ring in rings]
        parts.append(shapely.Polygon(points[0], points[1:]))
    return shapely.MultiPolygon(parts)


def test_markup_in_a_zone_name_stays_text_to_the_last_character(toy: Study) -> None:
    scene = scene_of(toy, EVIL)
    assert drawn(scene)["zones"][0]["name"] == typeset(EVIL)
    assert typeset(EVIL) in {label["text"] for label in drawn(scene)["labels"]}
    text = drawn_scene(scene).text
    for risky in "<>&'\u2028":
        assert risky not in text
    for template in ("{{", "{%", "{#"):
        assert template not in text
    assert text.isascii()


@given(name=st.text(min_size=1, max_size=60))
def test_any_name_at_all_survives(toy: Study, name: str) -> None:
    scene = scene_of(toy, name)
    assert drawn(scene)["zones"][0]["name"] == typeset(name)
    assert not set("<>&'") & set(drawn_scene(scene).text)


@pytest.mark.parametrize("name", ["\0000\0", '"\0000\0"', r"\u00000\u0000", "a\0b", "\0"])
def test_a_name_cannot_pass_for_a_geometry(toy: Study, name: str) -> None:
    scene = drawn(scene_of(toy, name))
    zone = scene["zones"][0]
    assert zone["name"] == typeset(name)
    # the cells of A, B and C: a rectangle of three degrees by one
    assert decoded(scene["shapes"][zone["shape"]]).equals(shapely.box(0, -1, 3, 0))


def test_the_page_folium_writes_holds_no_more_scripts_than_with_a_plain_name(
    toy: Study,
) -> None:
    def page(name: str) -> str:
        bare = base_map(ground_json(MapGround(), FILES), FILES.files)
        layer, _ = scene_layer(scene_of(toy, name))
        layer.add_to(bare)
        return str(bare.get_root().render())

    evil = page(EVIL)
    assert evil.count("<script") == page("Les Sources").count("<script")
    assert evil.count("</script") == page("Les Sources").count("</script")
    assert "49{" not in evil


def test_the_page_loads_leaflet_and_the_drawing_from_the_app_alone(study: Study) -> None:
    page = str(base_map(ground_json(study.atlas.ground, FILES), FILES.files).get_root().render())
    loaded = re.findall(r"""(?:src|href)=["']([^"']+)["']""", page)
    assert loaded == [f"../../app/static/vendor/{name}" for name in FILES.files]
    assert "cdn" not in page.lower()


def test_the_base_map_is_the_same_at_each_run_but_for_folium_s_names(
    study: Study,
) -> None:
    def page() -> str:
        text = str(
            base_map(ground_json(study.atlas.ground, FILES), FILES.files).get_root().render()
        )
        return re.sub(r"[0-9a-f]{32}", "id", text)

    assert page() == page()


def test_a_scene_holds_every_zone_sector_and_lycee_with_its_geometry(
    study: Study,
) -> None:
    scene = drawn(build_scene(study, SceneOptions()))
    assert {zone["id"] for zone in scene["zones"]} == {z.id for z in study.plan.zones}
    assert {sector["id"] for sector in scene["sectors"]} == {
        sector.id for sector in study.plan.sectors
    }
    assert {point["id"] for point in scene["lycees"]} == set(study.territory.lycees)
    for area in (*scene["zones"], *scene["sectors"]):
        assert decoded(scene["shapes"][area["shape"]]).area > 0
    assert {point["id"] for point in scene["lycees"] if point["role"] == "support"} == {
        "0490003M",
        "0530012A",
        "0490018D",
    }


def test_a_move_sends_the_shapes_it_changed_and_no_other(study: Study, tmp_path: Path) -> None:
    shipped = build_scene(study, SceneOptions())
    library = publish_scene(shipped, study.atlas.ground, tmp_path)
    known = drawn(shipped, library)
    assert known["shapes"] == known["entries"] == {}
    published = (tmp_path / library.files[0]).read_text(encoding="utf-8")
    assert all(key in published for key in library.keys)
    lists = ("zones", "sectors", "lycees", "labels")
    assert all(isinstance(item, str) for name in lists for item in known[name])
    moved = build_scene(study.with_plan(study.plan.move("0720012X", "SAR-4")), SceneOptions())
    sent = drawn(moved, library)
    areas, points = came(sent, "zones", "sectors"), [p["id"] for p in came(sent, "lycees")]
    assert {area["id"] for area in areas} == {"MAY-2", "SAR-4", "mayenne", "sarthe"}
    assert set(sent["shapes"]) == {area["shape"] for area in areas}
    members = {*study.plan.members("MAY-2"), *study.plan.members("SAR-4")}
    assert "0720012X" in points
    assert set(points) <= members
    again = drawn(moved, library | Library((), drawn_scene(moved).keys))
    assert again["shapes"] == again["entries"] == {}
    assert again["zones"] == sent["zones"]


def came(sent: dict[str, Any], *lists: str) -> list[dict[str, Any]]:
    """Return the items of some lists of a scene that came along with it."""
    return [sent["entries"][key] for name in lists for key in sent[name] if key in sent["entries"]]


@given(
    x=st.integers(-180 * SCALE, 179 * SCALE),
    y=st.integers(-90 * SCALE, 89 * SCALE),
    size=st.integers(1, SCALE // 2),
)
def test_a_shape_comes_out_as_it_went_in_to_the_metre(x: int, y: int, size: int) -> None:
    left, low, side = x / SCALE, y / SCALE, size / SCALE
    outer = shapely.box(left, low, left + 3 * side, low + 3 * side)
    hole = shapely.box(left + side, low + side, left + 2 * side, low + 2 * side)
    island = shapely.box(left + 4 * side, low, left + 5 * side, low + side)
    area = shapely.union_all([outer.difference(hole), island])
    assert decoded(json.loads(shape(area).text)).hausdorff_distance(area) < 1 / SCALE


def test_drafts_selection_and_deployment_are_told_to_the_drawing(toy: Study) -> None:
    scene = drawn(scene_of(toy, "Les Sources", zone="N2", lycee="F", deployed=frozenset({"nord"})))
    zones = {zone["id"]: zone for zone in scene["zones"]}
    assert [zones[key]["status"] for key in ("N1", "N2", "S1")] == [
        "publie",
        "publie",
        "brouillon",
    ]
    assert scene["selected_zones"] == ["N2"]
    assert [zones[key]["deployed"] for key in ("N1", "N2", "S1")] == [True, True, False]
    assert scene["selected"] == "F"


def test_an_empty_zone_and_an_empty_sector_are_left_out_of_the_drawing(toy: Study) -> None:
    plan = toy.plan
    for lycee in "GHI":
        plan = plan.move(lycee, "N2")
    scene = drawn(build_scene(toy.with_plan(plan), SceneOptions(sector="sud")))
    assert {zone["id"] for zone in scene["zones"]} == {"N1", "N2"}
    assert {sector["id"] for sector in scene["sectors"]} == {"nord"}
    assert scene["view"]["bounds"] == [[-3, 0], [0, 3]]


def test_the_view_of_a_sector_is_its_own_bounds(toy: Study) -> None:
    scene = drawn(build_scene(toy, SceneOptions(sector="sud")))
    assert scene["view"]["bounds"] == [[-3, 0], [-2, 3]]
    north = drawn(build_scene(toy, SceneOptions(sector="nord")))
    assert north["view"]["bounds"] == [[-2, 0], [0, 3]]
    assert north["view"]["key"] != scene["view"]["key"]


def test_the_facts_of_a_zone_and_of_a_lycee_are_those_of_the_metrics(toy: Study) -> None:
    scene = build_scene(toy, SceneOptions())
    zone = dict(next(area.facts for area in scene.zones if area.id == "N1"))
    assert zone["Secteur"] == "Nord (publié), RNS Ada Lovelace"
    assert list(zone) == ["Secteur", "Statut", "Lycées", "Relève la plus lente"]
    assert zone["Relève la plus lente"] == "12\u00a0min"
    lycee = dict(next(point.facts for point in scene.lycees if point.id == "A"))
    assert lycee["Relève"] == "12\u00a0min, depuis Becquerel (Brissac)"
    assert lycee["Centre support"] == "secteur Nord"
    draft = dict(next(area.facts for area in scene.zones if area.id == "S1"))
    assert (draft["Statut"], draft["Secteur"]) == ("brouillon", "Sud (brouillon)")
