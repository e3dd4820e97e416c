"""Names of zones: made from their lycées, and shown only while they are true."""

import random
from dataclasses import replace

import pytest

from geozones.domain import Lycee, Plan
from geozones.domain.events.change import EventChange
from geozones.domain.events.lycee_events import CloseLycee
from geozones.domain.events.zone_events import RedrawZones, RenameZone
from geozones.domain.zone_names import ZoneNames, zone_name
from geozones.workspace.figures.study import Study, study_of
from helpers.fixture_types import Draw

CARQUEFOU, COUERON, BEAUPREAU = "0442834S", "0440310Y", "0492430A"
#: Three lycées of Nantes.
NANTES = ("0440036A", "0440288Z", "0441993C")


def lycees(study: Study, *keys: str) -> list[Lycee]:
    return [study.atlas.lycees[key] for key in keys]


def own_names(plan: Plan) -> list[str]:
    return [zone.own_name for zone in plan.zones]


def after(study: Study, change: EventChange) -> Study:
    return study_of(study.analysis, change.apply(study.state))


def test_a_zone_is_named_by_its_towns_and_a_number_where_their_names_are_taken(
    study: Study,
) -> None:
    towns = lycees(study, CARQUEFOU, COUERON, *NANTES)
    assert zone_name(towns) == "Nantes – Carquefou – Couëron"
    assert zone_name(towns, {"Nantes – Carquefou – Couëron"}) == "Nantes – Carquefou"
    own = lycees(study, *NANTES)
    assert zone_name(own) == "Nantes"
    assert zone_name(own, {"Nantes", "Nantes 2", "Rezé"}) == "Nantes 3"
    # sites without a town
    alone = [replace(lycee, commune="") for lycee in own[:2]]
    assert zone_name(alone) == " – ".join(sorted(lycee.name for lycee in alone))


@pytest.mark.parametrize(
    ("name", "sector", "zone", "truth"),
    [
        ("Angers centre – Sainte-Gemmes", "Maine-et-Loire", "MEL-1", True),
        ("Angers centre – Sainte-Gemmes", "Maine-et-Loire", "MEL-2", False),
        ("Fontenay / St-Gilles", "Vendée", "VEN-4", False),
        ("Bouguenais et Rezé", "Sud Loire", "SLC-1", True),
        ("Le Mans Sud", "Sarthe", "SAR-2", True),
        # a lycée that is elsewhere, though its town is here
        ("Le Mans Sud", "Sarthe", "SAR-3", False),
        ("Nantes – Guist'hau", "Nantes", "NAN-5", True),
        ("Nantes – Guist'hau", "Nantes", "NAN-6", False),
        # no town: a region, a part of a town, names that lycées of other towns have too
        ("Sud Loire", "Sud Loire", "SLC-1", None),
        ("Pays de Retz", "Vendée", "VEN-5", None),
        ("Zone 4", "Vendée", "VEN-5", None),
        # the sector rather than its town
        ("Mayenne sud", "Mayenne", "MAY-1", None),
        ("Mayenne", "Mayenne", "MAY-1", False),
    ],
)
def test_a_name_is_true_while_what_it_names_is_in_the_zone(
    study: Study, name: str, sector: str, zone: str, truth: object
) -> None:
    names = ZoneNames(study.territory.lycees, study.plan)
    assert names.judge(name, sector, study.plan.members(zone)) is truth


@pytest.fixture(params=["study", "shipped_study"])
def opened(request: pytest.FixtureRequest) -> Study:
    found: Study = request.getfixturevalue(request.param)
    return found


def test_the_starting_plan_shows_its_own_names(opened: Study) -> None:
    for start in (opened.plan, *(each.plan for each in opened.atlas.data.earlier_starting_plans)):
        shown = opened.territory.named(start)
        assert [zone.name for zone in shown.zones] == own_names(start)


def test_a_name_made_false_by_a_move_or_a_closing_shows_again_once_it_is_true(study: Study) -> None:
    left = study.with_plan(study.plan.move(BEAUPREAU, "SLC-3"))
    assert left.plan.zone("SLC-4").name == "Cholet – Chemillé-en-Anjou"
    assert left.plan.zone("SLC-4").own_name == "Cholet – Beaupréau – Chemillé"
    assert left.plan.zone("SLC-3").name == "Clisson – Montaigu – Les Herbiers"
    back = left.with_plan(left.plan.move(BEAUPREAU, "SLC-4"))
    assert back.plan.zone("SLC-4").name == "Cholet – Beaupréau – Chemillé"
    assert back.plan == study.plan
    closed = after(study, CloseLycee(BEAUPREAU))
    assert closed.plan.zone("SLC-4").name == "Cholet – Chemillé-en-Anjou"


def test_what_a_person_wrote_shows_unless_it_names_another_place(study: Study) -> None:
    for name in ("Mauges", "Cholet sud", "Beaupréau"):
        assert after(study, RenameZone("SLC-4", name)).plan.zone("SLC-4").name == name
    false = after(study, RenameZone("SLC-4", "Cholet – Laval"))
    assert false.plan.zone("SLC-4").name == "Cholet – Beaupréau-en-Mauges"
    assert false.state.plan.zone("SLC-4").name == "Cholet – Laval"


def test_no_two_zones_show_the_same_name_whatever_moves(study: Study) -> None:
    draw, plan = random.Random(4), study.plan  # noqa: S311 - moves of a test
    zones = [zone.id for zone in plan.zones]
    for _ in range(150):
        plan = study.with_plan(plan.move(draw.choice(plan.lycees), draw.choice(zones))).plan
        shown = [zone.name for zone in plan.zones]
        assert len(set(shown)) == len(shown)
    assert shown != own_names(plan) == own_names(study.plan)


def test_a_removed_zone_leaves_its_name_to_no_other(study: Study) -> None:
    """A move « Saint-Nazaire → Saint-Nazaire » would say nothing."""
    start = study.plan
    moves = {
        **dict.fromkeys(start.members("NOL-2"), "NOL-5"),
        **dict.fromkeys(start.members("NOL-4"), "NOL-2"),
    }
    redraw = RedrawZones.read({"create": [], "moves": moves, "remove": ["NOL-4"]})
    assert start.zone("NOL-4").name == "Saint-Nazaire"
    assert after(study, redraw).plan.zone("NOL-2").name == "Saint-Nazaire 2"


def test_a_name_that_two_zones_have_is_shown_by_the_first(study: Study) -> None:
    twice = after(study, RenameZone("NAN-5", "Nantes"))
    twice = after(twice, RenameZone("NAN-1", "Nantes"))
    assert twice.plan.zone("NAN-1").name == "Nantes"
    assert twice.plan.zone("NAN-5").name == "Nantes 2"
    # « Zone 1 » of each sector of a list
    for zone in ("NAN-1", "NAN-2", "SAR-1"):
        twice = after(twice, RenameZone(zone, "Zone 1"))
    assert [twice.plan.zone(zone).name for zone in ("NAN-1", "SAR-1")] == ["Zone 1", "Zone 1"]
    assert twice.plan.zone("NAN-2").name != "Zone 1"


def test_a_name_of_the_starting_plan_that_was_never_true_is_kept(toy: Study, toy_of: Draw) -> None:
    start = replace(
        toy.plan, zones=tuple(replace(zone, own_name="Guérande") for zone in toy.plan.zones[:1])
        + toy.plan.zones[1:],
    )  # fmt: skip
    moved = toy_of(N1="AB", N2="CDEF", S1="GHI")
    moved = replace(moved, zones=start.zones)
    assert ZoneNames(toy.territory.lycees, start).shown(moved).zone("N1").name == "Guérande"
    assert ZoneNames(toy.territory.lycees, toy.plan).shown(moved).zone("N1").name != "Guérande"
