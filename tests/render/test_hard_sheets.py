"""Scenes that are hard to draw give a good-looking sheet or say what is missing."""

from dataclasses import replace
from itertools import combinations

import pytest

from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.render import Scene
from geozones.render.figure import Figure
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but

from .conftest import Draw
from .sheets import Drawn, scene, sheet
from .test_figure_names import overlap, plain

LONG = "Lycée polyvalent Marie-Antoinette-Élisabeth de la Très-Sainte-Espérance des Métiers " * 2


def on_sheet(study: Study, shown: Scene, undecided: bool = False, **words: object) -> Drawn:  # noqa: FBT001, FBT002
    drawn = Drawn(Figure((shown,), study.atlas.ground, sheet(**words), undecided=(undecided,)))
    boxes = drawn.boxes()
    for (one, a), (other, b) in combinations(boxes.items(), 2):
        assert overlap(a, b) < 1.5, (one, other)
    for left, bottom, right, top in boxes.values():
        assert left >= 0
        assert bottom >= 0
        assert right <= drawn.size[0]
        assert top <= drawn.size[1]
    return drawn


@pytest.mark.slow
def test_a_lycee_without_a_position_is_said_not_to_be_drawn(study: Study) -> None:
    shown = scene(study, "mayenne")
    lycees = tuple(
        replace(point, lat=float("nan")) if point.id == "0720012X" else point
        for point in shown.lycees
    )
    drawn = on_sheet(study, replace(shown, lycees=lycees))
    assert not drawn.texts("label-lycee-0720012X")
    assert "sans position, non dessiné : Racan" in drawn.words
    assert "18 lycées" in drawn.words  # it is still counted


@pytest.mark.slow
def test_names_of_120_characters_and_emoji_do_not_overflow(study: Study) -> None:
    shown = scene(study, "mayenne")
    name = LONG[:120]
    zones = tuple(replace(zone, name=name) for zone in shown.zones)
    sectors = tuple(replace(sector, name=name) for sector in shown.sectors)
    lycees = tuple(
        replace(point, name=name if rank % 3 else "🎉 Émile 🚀 Zola")
        for rank, point in enumerate(shown.lycees)
    )
    hard = replace(shown, zones=zones, sectors=sectors, lycees=lycees)
    drawn = on_sheet(study, hard, title=name, subtitle=name, scenario=name)
    assert "Émile Zola" in drawn.words
    assert "🎉" not in drawn.words
    whole = replace(scene(study), zones=zones, sectors=sectors)
    on_sheet(study, whole, title="🎉", undecided=True)


def forty(study: Study) -> Plan:
    """Return a plan where one sector has forty zones."""
    base, taken = study.plan, ("nantes", "nord-loire", "vendee")
    members = [lycee for lycee in base.lycees if base.sector_of(lycee).id in taken]
    zones = [zone for zone in base.zones if zone.sector not in taken]
    zones += [Zone(f"Z{k}", f"Zone {k}", "vendee") for k in range(40)]
    assignment = dict(base.zone_by_lycee) | {
        lycee: f"Z{rank % 40}" for rank, lycee in enumerate(members)
    }
    return plan_of(base.sectors, zones, assignment)


@pytest.mark.slow
def test_forty_zones_in_a_sector_are_all_in_the_legend(study: Study) -> None:
    plan = forty(study)
    drawn = on_sheet(study, scene(study, "vendee", plan))
    assert all(f"Zone {k}" in drawn.words for k in range(40))
    on_sheet(study, scene(study, "region", plan))


def test_a_zone_of_one_lycee_has_no_travel_time(study: Study) -> None:
    first, *others = study.plan.members("SLC-3")
    plan = study.plan
    for lycee in others:
        plan = plan.move(lycee, "SLC-4")
    drawn = on_sheet(study, scene(study, "zone:SLC-3", plan))
    assert "1 zone, 1 lycée" in drawn.words
    assert "relève la plus lente —" in drawn.words
    assert drawn.texts(f"label-lycee-{first}")


def test_an_empty_scene_is_still_a_sheet(toy: Study) -> None:
    shown = replace(scene(toy), zones=(), sectors=(), lycees=(), labels=())
    assert on_sheet(toy, shown).words


@pytest.mark.parametrize(
    "layer", slow_but(["lycees", "labels", "departements"], "lycees", "labels")
)
def test_a_layer_switched_off_on_screen_is_not_on_the_sheet(
    study: Study, drawn: Draw, layer: str
) -> None:
    start = {"lycees": "label-lycee-", "labels": "label-zone-"}.get(layer, "")
    shown = on_sheet(study, replace(scene(study, "vendee"), layers={layer: False}))
    if layer == "departements":
        assert "limite de" in drawn("vendee").words
        assert "limite de" not in shown.words
        return
    assert [gid for gid in drawn("vendee").texts() if gid.startswith(start)]
    assert not [gid for gid in shown.texts() if gid.startswith(start)]


def test_a_legend_without_room_for_the_lycees_of_a_zone_lists_none_of_them(study: Study) -> None:
    """They are named on the map: a list that stops would tell less."""
    plan = study.plan
    for lycee in plan.lycees_of("nantes"):
        if plan.zone_of(lycee).id != "NAN-5":
            plan = plan.move(lycee, "NAN-5")
    drawn = on_sheet(study, scene(study, "zone:NAN-5", plan))
    assert drawn.words.count(plain(plan.zone("NAN-5").name)) == 2
    assert drawn.words.count("Carcouët") == 1
