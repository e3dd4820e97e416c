import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import (
    DecisionStatus,
    Plan,
    Sector,
    UnknownLyceeError,
    UnknownSectorError,
    UnknownZoneError,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.workspace.figures.study import Study

moves = st.lists(st.tuples(st.sampled_from("ABCDEFGHI"), st.sampled_from(["N1", "N2", "S1"])))


def play(plan: Plan, steps: list[tuple[str, str]]) -> Plan:
    for lycee, zone in steps:
        plan = plan.move(lycee, zone)
    return plan


@given(steps=moves)
def test_any_sequence_of_moves_keeps_each_lycee_in_exactly_one_zone(
    toy: Study, steps: list[tuple[str, str]]
) -> None:
    plan = play(toy.plan, steps)
    listed = [lycee for zone in plan.zones for lycee in plan.members(zone.id)]
    assert sorted(listed) == list("ABCDEFGHI")
    assert all(lycee in plan.members(plan.zone_of(lycee).id) for lycee in listed)
    assert sorted(x for s in plan.sectors for x in plan.lycees_of(s.id)) == sorted(listed)


@given(steps=moves, lycee=st.sampled_from("ABCDEFGHI"), zone=st.sampled_from(["N1", "N2", "S1"]))
def test_a_move_and_the_move_back_is_the_identity(
    toy: Study, steps: list[tuple[str, str]], lycee: str, zone: str
) -> None:
    before = play(toy.plan, steps)
    after = before.move(lycee, zone).move(lycee, before.zone_of(lycee).id)
    assert after == before
    assert hash(after) == hash(before)
    assert all(after.members(z.id) == before.members(z.id) for z in before.zones)


@given(steps=moves)
def test_a_plan_reached_by_moves_equals_the_same_plan_built_afresh(
    toy: Study, steps: list[tuple[str, str]]
) -> None:
    moved = play(toy.plan, steps)
    built = plan_of(moved.sectors, moved.zones, moved.zone_by_lycee)
    assert moved == built
    assert hash(moved) == hash(built)
    assert {z.id: moved.members(z.id) for z in moved.zones} == {
        z.id: built.members(z.id) for z in built.zones
    }


def test_plans_are_equal_whatever_the_order_their_lycees_were_listed_in(toy: Study) -> None:
    backwards = dict(reversed(toy.plan.zone_by_lycee.items()))
    listed = Plan(toy.plan.sectors, toy.plan.zones, backwards)
    assert listed == toy.plan
    assert hash(listed) == hash(toy.plan)


@given(steps=moves)
def test_moves_from_tells_a_plan_apart_from_another(
    toy: Study, steps: list[tuple[str, str]]
) -> None:
    moved = play(toy.plan, steps)
    moves = moved.moves_from(toy.plan)
    assert toy.plan.move_all({lycee: zone for lycee, _, zone in moves}) == moved
    assert all(toy.plan.zone_of(lycee).id == origin != zone for lycee, origin, zone in moves)


def test_a_lycee_opened_or_closed_is_told_and_is_no_move(toy: Study) -> None:
    assignment = {**toy.plan.zone_by_lycee, "C": "N2", "J": "N1"}
    del assignment["I"]
    later = plan_of(toy.plan.sectors, toy.plan.zones, assignment)
    assert later.opened_since(toy.plan) == ("J",)
    assert toy.plan.opened_since(later) == ("I",)
    assert later.moves_from(toy.plan) == (("C", "N1", "N2"),)


def test_a_move_leaves_the_plan_before_as_it_was_and_one_to_its_own_zone_returns_it(
    toy: Study,
) -> None:
    after = toy.plan.move("C", "N2")
    assert toy.plan.members("N1") == ("A", "B", "C")
    assert after.members("N1") == ("A", "B")
    assert after.members("N2") == ("C", "D", "E", "F")
    assert after != toy.plan
    assert toy.plan.move("C", "N1") is toy.plan


def test_a_plan_is_altered_neither_in_place_nor_by_the_mapping_it_was_built_from(
    toy: Study,
) -> None:
    with pytest.raises(TypeError):
        toy.plan.zone_by_lycee["A"] = "S1"  # type: ignore[index]
    assignment = {"A": "Z"}
    sector = Sector("s", "S", DecisionStatus.DRAFT)
    plan = plan_of([sector], [Zone("Z", "Zone", "s"), Zone("Y", "Autre", "s")], assignment)
    assignment["A"] = "Y"
    assert plan.zone_of("A").id == "Z"


def test_an_unknown_name_and_a_zone_or_lycee_of_nothing_are_refused_in_one_line(toy: Study) -> None:
    with pytest.raises(UnknownLyceeError, match=r"Aucun lycée n'a le code « Z »"):
        toy.plan.move("Z", "N1")
    with pytest.raises(UnknownZoneError, match=r"Aucune zone du plan n'a le code « X9 »"):
        toy.plan.move("A", "X9")
    with pytest.raises(UnknownZoneError):
        toy.plan.members("X9")
    with pytest.raises(UnknownSectorError, match=r"Aucun secteur du plan n'a le code « est »"):
        toy.plan.zones_of("est")
    with pytest.raises(UnknownSectorError):
        plan_of([], [Zone("Z", "Zone", "nulle-part")], {})
    with pytest.raises(UnknownZoneError):
        plan_of([Sector("s", "S", DecisionStatus.DRAFT)], [Zone("Z", "Zone", "s")], {"A": "Y"})
    said = str(UnknownLyceeError("x\n" * 500))
    assert "\n" not in said
    assert len(said) < 200
