"""What a move would change, worked out by hand on the toy region."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.domain import InputError, Plan
from geozones.domain.locks import Locks
from geozones.metrics import Evaluator
from geozones.workspace import Workspace

NBSP = "\u00a0"
MINUS = "\u2212"


def test_the_effect_of_a_move_by_hand(toy: Workspace) -> None:
    effect = toy.preview(toy.plan, "F", "S1")
    assert (effect.origin, effect.target) == ("N2", "S1")
    assert effect.after == toy.plan.move("F", "S1")
    before, after = effect.zones["S1"]
    assert (before["max_minutes"], after["max_minutes"]) == (20, 35)
    before, after = effect.zones["N2"]
    assert (before["mean_minutes"], after["mean_minutes"]) == (40 / 3, 10)
    # N2 was 40 and is 2 x 10 + 60; S1 was 40 and is 2 x (40 + 35 + 25 + 15) / 3
    assert effect.region[0]["objective"] == 122
    assert effect.region[1]["objective"] == pytest.approx(42 + 80 + 230 / 3)


def test_the_sentence_of_a_move(toy: Workspace) -> None:
    # 80 minutes over 6 pairs before; 10 over 1 and 115 over 6 after
    assert toy.preview(toy.plan, "F", "S1").sentence == (
        "Fermat (Fresnay) passe de Le Bocage à La Côte : le trajet moyen entre collègues des deux "
        f"zones passe de 13{NBSP}min à 18{NBSP}min (+4,5) ; le trajet le plus long passe de "
        f"20{NBSP}min à 35{NBSP}min (+15,0) ; 2{NBSP}alertes nouvelles ou aggravées."
    )


def test_the_sentence_of_a_move_that_improves(toy: Workspace, toy_of: Callable[..., Plan]) -> None:
    said = toy.preview(toy_of(N1="ABCI", N2="DEF", S1="GH"), "I", "S1").sentence
    assert f"le trajet le plus long passe de 50{NBSP}min à 22{NBSP}min ({MINUS}28,0)" in said
    assert said.endswith(f"4{NBSP}alertes levées.")


def test_the_sentence_of_a_forbidden_move_says_so(toy: Workspace) -> None:
    effect = toy.preview(toy.plan, "A", "S1")
    assert not effect.verdict.allowed
    assert effect.sentence.endswith("ce déplacement est interdit.")


def test_the_sentence_of_a_move_that_leaves_the_rules_alone(
    toy: Workspace, toy_of: Callable[..., Plan]
) -> None:
    said = toy.preview(toy_of(N1="ABCD", N2="EFI", S1="GH"), "D", "N2").sentence
    assert f"le trajet le plus long reste à 35{NBSP}min" in said
    assert said.endswith("les règles ne changent pas d'avis.")


def test_a_move_to_its_own_zone_changes_nothing(toy: Workspace) -> None:
    effect = toy.preview(toy.plan, "F", "N2")
    assert effect.after is toy.plan
    assert effect.sentence == "Fermat (Fresnay) est déjà dans la zone Le Bocage : rien ne change."


def test_destinations_are_every_other_zone_best_first(toy: Workspace) -> None:
    found = toy.destinations(toy.plan, "F")
    assert {entry.zone for entry in found} == {"N1", "S1"}
    by_zone = {entry.zone: entry for entry in found}
    # N1 with F: 42 + 35 + 25 + 15 = 117 over 6 pairs, so 2 x 117 / 3 = 78
    assert by_zone["N1"].delta_objective == pytest.approx((78 + 80) - (42 + 40))
    assert by_zone["S1"].delta_objective == pytest.approx((230 / 3 + 80) - (40 + 40))
    assert by_zone["S1"].delta_mean_minutes == pytest.approx(125 / 7 - 80 / 6)
    assert by_zone["S1"].delta_max_minutes == 35 - 20
    assert found[0].delta_objective <= found[1].delta_objective


def test_a_forbidden_destination_comes_last_with_its_reason(toy: Workspace) -> None:
    *_, last = toy.destinations(toy.plan, "A")
    assert last.zone == "S1"
    assert not last.allowed
    assert not last.verdict.allowed
    assert "centre support" in last.verdict.reasons[0]


def test_a_difference_with_a_zone_without_a_pair_is_not_told(
    toy: Workspace, toy_of: Callable[..., Plan]
) -> None:
    plan = toy_of(N1="A", N2="B", S1="CDEFGHI")
    to_n2 = {entry.zone: entry for entry in toy.destinations(plan, "A")}["N2"]
    assert to_n2.delta_mean_minutes is None
    assert to_n2.delta_max_minutes is None
    assert "devient 11" in toy.preview(plan, "A", "N2").sentence


def test_a_road_that_is_cut_is_never_a_gain_nor_a_zero(cut_toy: Workspace) -> None:
    lost = {entry.zone: entry for entry in cut_toy.destinations(cut_toy.plan, "C")}
    assert lost["N2"].delta_objective == -math.inf  # leaves the zone where A cannot be reached
    # B leaves A and C without a way to each other, before and after: nothing to compare
    still = cut_toy.destinations(cut_toy.plan, "B")
    assert all(math.isnan(entry.delta_objective) for entry in still)
    assert [entry.zone for entry in still] == ["N2", "S1"]
    said = cut_toy.preview(cut_toy.plan, "B", "N2").sentence
    assert "reste à sans accès" in said
    back = cut_toy.plan.move("C", "N2")
    assert {e.zone: e for e in cut_toy.destinations(back, "C")}["N1"].delta_objective == math.inf
    assert "(+∞)" in cut_toy.preview(back, "C", "N1").sentence


def worst(figures: Evaluator, shown: Plan, lycee: str, before: Plan, zone: str) -> float:
    """The longest drive inside the two zones that a move touches."""
    touched = (before.zone_of(lycee).id, zone)
    values = [figures.zone(shown, key)["max_minutes"] for key in touched]
    return max(float(str(value)) for value in values if value is not None)


@given(data=st.data())
@settings(max_examples=15)
def test_each_destination_foretells_the_objective_of_the_plan(
    workspace: Workspace, data: st.DataObject
) -> None:
    plan = workspace.plan
    lycee = data.draw(st.sampled_from(plan.lycees))
    fresh = Evaluator(workspace.times, workspace.settings)
    now = float(str(fresh.region(plan)["objective"]))
    found = workspace.destinations(plan, lycee)
    assert {entry.zone for entry in found} == {zone.id for zone in plan.zones} - {
        plan.zone_of(lycee).id
    }
    for entry in found:
        then = float(str(fresh.region(plan.move(lycee, entry.zone))["objective"]))
        assert entry.delta_objective == pytest.approx(then - now)
        assert entry.verdict == workspace.may_move(plan, lycee, entry.zone)
        assert entry.allowed == entry.verdict.allowed
        assert entry.delta_max_minutes == pytest.approx(
            worst(fresh, plan.move(lycee, entry.zone), lycee, plan, entry.zone)
            - worst(fresh, plan, lycee, plan, entry.zone)
        )


def test_the_lycee_to_take_back_by_hand(toy: Workspace) -> None:
    # Fermat goes south and leaves Descartes and Eiffel alone. Only La Côte, four by then, can give:
    # D, E, G = 10 + 15 + 25 and F, H, I = 25 + 15 + 10 make 50 + 50, against 40 + 40 before.
    back = toy.compensation(toy.plan, "F", "S1")
    assert back is not None
    assert (back.lycee, back.origin, back.target) == ("G", "S1", "N2")
    assert back.delta_objective == pytest.approx(20)
    assert back.after == toy.plan.move("F", "S1").move("G", "N2")


def test_nothing_is_taken_back_where_enough_lycees_are_left_or_none_can_come(
    toy: Workspace, toy_of: Callable[..., Plan]
) -> None:
    assert toy.compensation(toy_of(N1="AB", N2="CDEF", S1="GHI"), "C", "S1") is None
    locks = Locks().with_lock("zone", "N2", "arbitrage")
    assert toy.compensation(toy.plan, "F", "S1", locks) is None


@given(data=st.data())
@settings(max_examples=15)
def test_no_other_lycee_taken_back_would_be_better(
    workspace: Workspace, data: st.DataObject
) -> None:
    plan, least = workspace.plan, workspace.settings.zone_min
    small = [key for key in plan.lycees if len(plan.members(plan.zone_of(key).id)) == least]
    lycee = data.draw(st.sampled_from(small))
    origin = plan.zone_of(lycee).id
    zone = data.draw(st.sampled_from([z.id for z in plan.zones if z.id != origin]))
    moved = plan.move(lycee, zone)
    fresh = Evaluator(workspace.times, workspace.settings)
    objectives = {
        other: float(str(fresh.region(moved.move(other, origin))["objective"]))
        for other in plan.lycees
        if other != lycee
        and moved.zone_of(other).id != origin
        and len(moved.members(moved.zone_of(other).id)) > least
        and workspace.may_move(moved, other, origin).allowed
    }
    back = workspace.compensation(plan, lycee, zone)
    assert back is not None
    assert objectives[back.lycee] == pytest.approx(min(objectives.values()))
    now = float(str(fresh.region(plan)["objective"]))
    assert back.delta_objective == pytest.approx(objectives[back.lycee] - now)


def test_counts_of_breaches_add_up(workspace: Workspace) -> None:
    answer = workspace.metrics_json(workspace.plan)
    total = len(workspace.check(workspace.plan))
    assert answer["region"]["breaches"] == total
    assert sum(entry["breaches"] for entry in answer["sectors"].values()) == total
    assert sum(entry["breaches"] for entry in answer["zones"].values()) == total


def test_another_threshold_is_another_workspace(toy: Workspace) -> None:
    strict = toy.with_max_minutes(15)
    assert {breach.zone for breach in strict.check(toy.plan)} == {"N1", "N2", "S1"}
    assert toy.check(toy.plan) == ()
    for wrong in (9.9, 181, math.nan, math.inf):
        with pytest.raises(InputError, match="entre 10 et 180 minutes"):
            toy.with_max_minutes(wrong)


def test_a_point_of_the_map_is_one_zone(toy: Workspace) -> None:
    for lycee, (lat, lon) in toy.positions.items():
        assert toy.zone_at(toy.plan, lat, lon) == toy.plan.zone_of(lycee).id
    assert toy.zone_at(toy.plan.move("F", "S1"), -1.2, 2.7) == "S1"


def test_a_drop_in_the_sea_is_refused(toy: Workspace, workspace: Workspace) -> None:
    with pytest.raises(InputError, match="Ce point n'est dans aucune zone"):
        toy.zone_at(toy.plan, 10, 10)
    with pytest.raises(InputError):
        workspace.zone_at(workspace.plan, 46.5, -3.5)


def test_each_lycee_of_the_region_stands_in_its_own_zone(workspace: Workspace) -> None:
    away = [
        lycee
        for lycee, (lat, lon) in workspace.positions.items()
        if workspace.zone_at(workspace.plan, lat, lon) != workspace.plan.zone_of(lycee).id
    ]
    assert away == []
