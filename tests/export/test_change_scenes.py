"""Two scenes of a change: extent, colours, arrows, and the sheet that names both plans."""

from dataclasses import replace

import pytest
import shapely

from geozones.export.change_scenes import near_changes, zones_in_view
from geozones.export.messages import message_of
from geozones.export.pictures import sheet_of
from geozones.render import Scene
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan


@pytest.fixture(scope="module")
def before(toy: Study) -> Scene:
    return build_scene(toy, SceneOptions())


@pytest.fixture(scope="module")
def after(toy: Study) -> Scene:
    """D left « Le Bocage » for « La Côte »."""
    return build_scene(toy.with_plan(toy.plan.move("D", "S1")), SceneOptions())


def subject(scene: Scene) -> set[str]:
    return {zone.id for zone in scene.zones if not zone.aside}


def test_both_are_framed_on_what_changes_at_one_scale(before: Scene, after: Scene) -> None:
    first, second = near_changes(before, after)
    assert first.view == second.view
    assert subject(first) == subject(second) == {"N2", "S1"}
    west, south, east, north = first.view.bounds
    whole = before.view.bounds
    assert (east - west) * (north - south) < (whole[2] - whole[0]) * (whole[3] - whole[1])
    for scene in (first, second):
        shapes = [zone.geometry for zone in scene.zones if zone.id in subject(scene)]
        assert shapely.box(west, south, east, north).covers(shapely.union_all(shapes))


def test_the_rest_is_grey_and_the_land_that_moves_has_the_one_colour(
    toy: Study, before: Scene, after: Scene
) -> None:
    for scene in near_changes(before, after):
        assert len({zone.colour for zone in scene.zones if zone.aside}) == 1
        (land,) = scene.patches
        assert land.geometry.symmetric_difference(toy.territory.cells["D"]).area < 1e-9


def test_an_arrow_leads_from_the_lycee_into_the_zone_that_it_joins(
    before: Scene, after: Scene
) -> None:
    first, second = near_changes(before, after)
    (move,) = first.change.moves
    assert move.id == "D"
    (d,) = (point for point in before.lycees if point.id == "D")
    assert move.arrow[0] == (d.lat, d.lon)
    (joined,) = (zone for zone in before.zones if zone.id == "S1")
    lat, lon = move.arrow[1]
    assert joined.geometry.covers(shapely.Point(lon, lat))
    assert [each.arrow for each in second.change.moves] == [None]  # it is there already


def test_names_alone_frame_the_zone_renamed_and_plans_that_do_not_differ_keep_their_scenes(
    before: Scene,
) -> None:
    zones = tuple(
        replace(zone, name="Les Rives") if zone.id == "S1" else zone for zone in before.zones
    )
    first, second = near_changes(before, replace(before, zones=zones))
    assert subject(first) == subject(second) == {"S1"}
    assert not first.patches
    assert first.change.zones == second.change.zones == ((3, "La Côte → Les Rives"),)
    gone, _ = near_changes(before, replace(before, zones=zones[:-1]))
    assert gone.change.zones == ((3, "La Côte (retirée)"),)
    assert near_changes(before, before) == (before, before)


def test_a_position_alone_has_an_arrow_to_the_new_place(before: Scene) -> None:
    lycees = tuple(
        replace(point, lat=point.lat + 0.01) if point.id == "A" else point
        for point in before.lycees
    )
    first, _ = near_changes(before, replace(before, lycees=lycees))
    (move,) = first.change.moves
    (start, end) = move.arrow
    assert end == pytest.approx((start[0] + 0.01, start[1]))
    zone = next(point.zone for point in before.lycees if point.id == "A")
    assert subject(first) == {zone}


def test_a_file_of_a_sector_shows_its_own_change(study: Study) -> None:
    """A change elsewhere would make its own a dot on the map of the region."""
    plan = study.plan.move("0720012X", "SAR-4").move("0850027T", "VEN-1")
    subject = of_plan(study.with_plan(plan), "essai.json")
    shown = dossier(subject, ExportView("sector", "vendee"))
    assert zones_in_view(shown) == {"VEN-1", "VEN-2"}
    scenes = near_changes(shown.comparison.scene, shown.scene, zones_in_view(shown))
    for scene in scenes:
        assert [move.id for move in scene.change.moves] == ["0850027T"]
        assert [number for number, _ in scene.change.zones] == [28, 29]
    whole = dossier(subject, ExportView())
    assert zones_in_view(whole) == {"MAY-2", "SAR-4", "VEN-1", "VEN-2"}
    untouched = dossier(subject, ExportView("sector", "nantes"))
    assert not zones_in_view(untouched)
    sarthe = dossier(subject, ExportView("sector", "sarthe"))
    assert zones_in_view(sarthe) == {"MAY-2", "SAR-4"}  # whence its lycée comes


def test_the_sheet_of_two_plans_names_both_versions_and_whose_minutes_it_tells(
    toy: Study,
) -> None:
    subject = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    pair = dossier(subject, ExportView("before-after"))
    sheet = sheet_of(pair, "hd")
    assert pair.version.fingerprint in sheet.version
    assert pair.comparison.before.fingerprint in sheet.version
    told = message_of(pair.comparison)
    assert sheet.title == told.title
    assert pair.comparison.change.in_short in sheet.subtitle
    alone = sheet_of(dossier(subject, ExportView("region")), "hd")
    assert alone.version == pair.version.fingerprint
    assert "heures de route" not in alone.subtitle
