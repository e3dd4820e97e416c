"""Zones coloured by their slowest relève: classes, legend, and zones without one."""

from geozones.domain import Zone
from geozones.domain.plan import plan_of
from geozones.render.palette import NO_VALUE
from geozones.workspace.figures.study import Study
from geozones.workspace.maps.plan_scene import Colouring, colour_by_releve


def said(colouring: Colouring, zone: str) -> str:
    """Return what the legend says of the colour of a zone."""
    (words,) = [words for colour, words in colouring.legend if colour == colouring.colours[zone]]
    return words


def test_each_zone_has_the_colour_of_the_class_of_its_slowest_releve(study: Study) -> None:
    colouring = colour_by_releve(study)
    assert colouring.title == "Relève la plus lente (min)"
    assert [words for _, words in colouring.legend] == [
        "0 à 15 min",
        "15 à 30 min",
        "30 à 45 min",
        "45 à 60 min",
        "plus de 60 min",
    ]
    for zone in study.plan.zones:
        slowest = float(study.area(zone_id=zone.id)["worst_releve_minutes"])
        low, _, high = said(colouring, zone.id).removesuffix(" min").partition(" à ")
        assert float(low) < slowest <= float(high)
    assert len(set(colouring.colours.values())) > 2


def test_a_zone_without_a_releve_is_grey_and_the_legend_says_so(toy: Study) -> None:
    plan = toy.plan
    zones = (*plan.zones, Zone("X", "Seul", "sud"), Zone("V", "Vide", "sud"))
    alone = toy.with_plan(plan_of(plan.sectors, zones, dict(plan.zone_by_lycee) | {"I": "X"}))
    colouring = colour_by_releve(alone)
    assert said(colouring, "X") == "sans relève"
    assert colouring.colours["X"] == NO_VALUE
    assert "V" not in colouring.colours
    assert NO_VALUE not in dict(colour_by_releve(toy).legend)


def test_a_zone_that_no_road_joins_is_grey(cut_toy: Study) -> None:
    plan = cut_toy.plan
    zones = (*plan.zones, Zone("X", "Coupée", "sud"))
    cut = cut_toy.with_plan(
        plan_of(plan.sectors, zones, dict(plan.zone_by_lycee) | {"A": "X", "C": "X"})
    )
    assert said(colour_by_releve(cut), "X") == "sans relève"


def test_a_move_changes_no_class_so_that_only_two_zones_change_colour(study: Study) -> None:
    before = colour_by_releve(study)
    lycee = study.plan.members("MAY-2")[0]
    after = colour_by_releve(study.with_plan(study.plan.move(lycee, "MAY-1")))
    assert before.legend == after.legend
    changed = {zone for zone in before.colours if before.colours[zone] != after.colours[zone]}
    assert changed <= {"MAY-1", "MAY-2"}
