"""Moves: what each would change, by hand on the toy region; hints on the map; company."""

import json
import math
import random
from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import Plan, Zone
from geozones.domain.decisions import Locks
from geozones.domain.plan import plan_of
from geozones.metrics import Evaluator, Outcome
from geozones.metrics.metric_changes import FigureEffect, short_value
from geozones.metrics.metric_registry import watch_list
from geozones.rules import difference, may_move
from geozones.workspace.figures.plan_comparison import plan_change, verdict_on
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.moves.destinations import (
    EQUIVALENT,
    POSTS,
    REFUSED,
    compensation,
    destinations,
    lycee_hints,
    packed_hints,
    plan_key,
)
from geozones.workspace.moves.preview import JointMove, JointMoveKind, joint_moves, preview
from helpers.fixture_types import Draw
from helpers.studies import locked

NBSP = "\u00a0"
_WAYS = (FigureEffect.WORSE, FigureEffect.BETTER)


def test_the_effect_of_a_move_by_hand_and_its_sentence(toy: Study) -> None:
    effect = preview(toy, "F", "S1")
    assert (effect.origin, effect.target) == ("N2", "S1")
    assert effect.after == toy.plan.move("F", "S1")
    before, after = effect.zones["S1"]
    assert (before["max_minutes"], after["max_minutes"]) == (20, 35)
    before, after = effect.zones["N2"]
    assert (before["mean_minutes"], after["mean_minutes"]) == (40 / 3, 10)
    # N2 was 40 and is 2 x 10 + 60; S1 was 40 and is 2 x (40 + 35 + 25 + 15) / 3
    assert effect.region[0]["objective"] == 122
    assert effect.region[1]["objective"] == pytest.approx(42 + 80 + 230 / 3)
    said = preview(toy, "F", "S1").sentence
    assert said.startswith(
        "Fermat (Fresnay) rejoint La Côte et passe au secteur Sud, sans RNS nommé. Descartes "
        "(Doué) et Eiffel (Ernée) : absences couvertes "
    )
    assert (
        "Un poste de moins dans le secteur Nord ; un poste de plus dans le secteur Sud. Ce qui se "
        "dégrade : heures de route par an "
    ) in said
    assert f"relève la plus lente des zones touchées 10 → 15{NBSP}min (+5), " in said
    assert "points de vigilance 0 → 2 (+2)." in said
    assert "Au total : favorable tant qu'une heure sans technicien vaut plus de " in said


def test_what_gets_worse_is_said_first_even_where_the_whole_is_better(
    toy: Study, toy_of: Draw
) -> None:
    """Every move of some plans of the toy region."""
    better = 0
    for zones in (("ABI", "DEF", "CGH"), ("ABCI", "DEF", "GH"), ("ABCDE", "FI", "GH")):
        start = toy.with_plan(toy_of(**dict(zip(("N1", "N2", "S1"), zones, strict=True))))
        for lycee, zone in product(start.plan.lycees, ("N1", "N2", "S1")):
            effect = preview(start, lycee, zone)
            said = [
                effect.sentence.find(str(each))
                for each in (FigureEffect.WORSE, FigureEffect.BETTER)
            ]
            if min(said) >= 0:
                assert said[0] < said[1]
                assert effect.is_worse
                better += effect.change.is_better
    assert better


def test_a_move_to_its_own_zone_changes_nothing(toy: Study) -> None:
    effect = preview(toy, "F", "N2")
    assert effect.after is toy.plan
    assert effect.sentence == "Fermat (Fresnay) est déjà dans la zone Le Bocage : rien ne change."


@pytest.mark.parametrize("lycee", ["0720012X", "0440062D", "0490003M"])
def test_destinations_are_ranked_by_what_touches_then_posts_then_both_sides(
    study: Study, lycee: str
) -> None:
    now = watch_list(vigilance(study)).count
    ranked = destinations(study, lycee)
    own = set(study.plan.members(study.plan.zone_of(lycee).id))
    beside = {other for key in own for other in study.territory.neighbours[key]} - own
    for entry in ranked:
        moved = study.with_plan(study.plan.move(lycee, entry.zone))
        assert entry.more_points == watch_list(vigilance(moved)).count - now
        assert entry.touches is not beside.isdisjoint(study.plan.members(entry.zone))
    ranks = [
        (
            not e.allowed,
            e.alone,
            not e.touches,
            {0: 0}.get(e.more_posts, 1 if e.more_posts < 0 else 2),
            e.figures.road if e.more_posts else e.delta_objective,
        )
        for e in ranked
    ]
    assert ranks == sorted(ranks)
    assert {e.touches for e in ranked} == {True, False}


def test_no_move_with_a_post_more_is_favorable_or_first(study: Study) -> None:
    """A post more buys presence whatever the map: it would win every ranking by the total."""
    draw = random.Random(2026)  # noqa: S311 - moves, not secrets
    more = gains = 0
    for lycee in draw.sample(sorted(study.plan.lycees), 40):
        ranked = destinations(study, lycee)
        kept = [entry for entry in ranked if entry.allowed and not entry.more_posts]
        for entry in ranked:
            if entry.more_posts > 0:
                more += 1
                gains += entry.delta_objective < 0
                assert entry.judgement is None
                assert entry is not ranked[0] or not any(each.touches for each in kept)
    assert more > 200
    assert gains > 20


def test_a_move_that_leaves_a_lycee_alone_is_last_and_never_equivalent(
    toy: Study, toy_of: Draw
) -> None:
    """From a zone of two, whatever the hours: nobody would replace anybody."""
    start = with_error(toy.with_plan(toy_of(N1="BG", N2="ACDE", S1="FHI")), 5.0)
    assert {entry.short for entry in destinations(start, "B")} == {"aucune relève"}
    assert {entry.text for entry in destinations(start, "B")} == {"aucune relève"}
    near = [e.zone for e in destinations(start, "B") if abs(e.delta_objective) < 40]
    assert near
    assert all(lycee_hints(start, "B")[zone].grade != EQUIVALENT for zone in near)
    emptied = toy_of(N1="", N2="ABCDEF", S1="GHI")
    zones = (*toy.plan.zones, Zone("N3", "Nouvelle", "nord"))
    open_zone = start.with_plan(plan_of(toy.plan.sectors, zones, emptied.zone_by_lycee))
    ranked = destinations(open_zone, "F")
    assert [entry.alone for entry in ranked] == sorted(entry.alone for entry in ranked)
    assert ranked[-1].alone
    assert not ranked[0].alone
    hints = lycee_hints(open_zone, "F")
    alone = "Fermat (Fresnay) n'a plus aucun collègue. "
    assert hints[ranked[-1].zone].remark.startswith(alone)
    assert hints[ranked[-1].zone].grade != EQUIVALENT


def test_a_difference_with_a_zone_without_a_pair_is_not_told(toy: Study, toy_of: Draw) -> None:
    plan = toy_of(N1="A", N2="B", S1="CDEFGHI")
    to_n2 = {entry.zone: entry for entry in destinations(toy.with_plan(plan), "A")}["N2"]
    assert to_n2.delta_mean_minutes is None
    assert to_n2.delta_max_minutes is None
    said = preview(toy.with_plan(plan), "A", "N2").sentence
    assert f"relève la plus lente des zones touchées 12{NBSP}min (sans objet avant)" in said


def test_a_road_that_is_cut_is_never_a_gain_nor_a_zero(cut_toy: Study) -> None:
    lost = {entry.zone: entry for entry in destinations(cut_toy, "C")}
    assert lost["N2"].delta_objective == -math.inf  # leaves the zone where A cannot be reached
    # B leaves A and C without a way to each other, before and after: nothing to compare
    still = destinations(cut_toy, "B")
    assert all(math.isnan(entry.delta_objective) for entry in still)
    assert [entry.zone for entry in still] == ["N2", "S1"]
    said = preview(cut_toy, "B", "N2").sentence
    assert "heures de route par an sans accès" in said  # before and after
    assert said.endswith("Au total : non comparable.")
    back = cut_toy.plan.move("C", "N2")
    assert {e.zone: e for e in destinations(cut_toy.with_plan(back), "C")}[
        "N1"
    ].delta_objective == math.inf
    # no T.I.S. is known to come to the south from A
    south = cut_toy.with_plan(cut_toy.plan.move("C", "S1"))
    assert "→ sans accès (+∞)" in preview(south, "C", "N1").sentence


def hours(study: Study, plan: Plan) -> float:
    """The hours that a plan costs in a year, T.I.S. from where they come in the study's plan."""
    zones = [plan.members(zone.id) for zone in plan.zones]
    return sum(zone_hours(study, zone) for zone in zones if zone)


@cache
def zone_hours(study: Study, zone: tuple[str, ...]) -> float:
    costs = study.ranking.model.on(zone)
    return float(costs.of(np.arange(len(zone), dtype=np.uint16)[None, :]).item())


def worst(figures: Evaluator, shown: Plan, lycee: str, before: Plan, zone: str) -> float:
    """The longest drive inside the two zones that a move touches."""
    touched = (before.zone_of(lycee).id, zone)
    values = [figures.zone(shown, key)["max_minutes"] for key in touched]
    return max(float(str(value)) for value in values if value is not None)


@given(data=st.data())
@settings(max_examples=15)
def test_each_destination_foretells_the_hours_of_the_plan(
    study: Study, data: st.DataObject
) -> None:
    plan = study.plan
    lycee = data.draw(st.sampled_from(plan.lycees))
    fresh = Evaluator(study.times, study.settings)
    now = hours(study, plan)
    ranked = destinations(study, lycee)
    assert {entry.zone for entry in ranked} == {zone.id for zone in plan.zones} - {
        plan.zone_of(lycee).id
    }
    for entry in ranked:
        then = hours(study, plan.move(lycee, entry.zone))
        assert entry.delta_objective == pytest.approx(then - now)
        assert entry.verdict == may_move(plan, lycee, entry.zone, study.analysis.context)
        assert entry.allowed == entry.verdict.allowed
        assert entry.delta_max_minutes == pytest.approx(
            worst(fresh, plan.move(lycee, entry.zone), lycee, plan, entry.zone)
            - worst(fresh, plan, lycee, plan, entry.zone)
        )


def test_the_lycee_to_take_back_is_told_by_hand_and_only_where_one_must_and_can_come(
    toy: Study, toy_of: Draw
) -> None:
    # Fermat goes south and leaves Descartes and Eiffel alone. Only La Côte, four by then, can give.
    back = compensation(toy, "F", "S1")
    assert (back.lycee, back.origin, back.target) == ("G", "S1", "N2")
    assert back.after == toy.plan.move("F", "S1").move("G", "N2")
    assert back.delta_objective == pytest.approx(hours(toy, back.after) - hours(toy, toy.plan))
    assert compensation(toy.with_plan(toy_of(N1="AB", N2="CDEF", S1="GHI")), "C", "S1") is None
    locks = Locks().with_lock("zone", "N2", "arbitrage")
    assert compensation(locked(toy, locks), "F", "S1") is None


@pytest.mark.slow
@given(data=st.data())
@settings(max_examples=15)
def test_no_other_lycee_taken_back_would_be_better(study: Study, data: st.DataObject) -> None:
    plan, least = study.plan, study.settings.zone_min
    small = [key for key in plan.lycees if len(plan.members(plan.zone_of(key).id)) == least]
    lycee = data.draw(st.sampled_from(small))
    origin = plan.zone_of(lycee).id
    zone = data.draw(st.sampled_from([z.id for z in plan.zones if z.id != origin]))
    moved = plan.move(lycee, zone)
    objectives = {
        other: hours(study, moved.move(other, origin))
        for other in plan.lycees
        if other != lycee
        and moved.zone_of(other).id != origin
        and len(moved.members(moved.zone_of(other).id)) > least
        and may_move(moved, other, origin, study.analysis.context).allowed
    }
    back = compensation(study.with_plan(plan), lycee, zone)
    assert objectives[back.lycee] == pytest.approx(min(objectives.values()))
    assert back.delta_objective == pytest.approx(objectives[back.lycee] - hours(study, plan))


def test_counts_of_breaches_add_up_and_another_threshold_is_another_workspace(
    study: Study, toy: Study
) -> None:
    answer = study.metrics_json()
    total = len(study.alerts())
    assert answer["region"]["breaches"] == total
    assert sum(entry["breaches"] for entry in answer["sectors"].values()) == total
    assert sum(entry["breaches"] for entry in answer["zones"].values()) == total
    strict = toy.analysis.with_max_minutes(15)
    assert {breach.zone for breach in strict.check(toy.plan)} == {"N1", "N2", "S1"}
    assert toy.check() == ()
    for wrong in (9.9, 181, math.nan, math.inf):
        with pytest.raises(InputError, match="entre 10 et 180 minutes"):
            toy.analysis.with_max_minutes(wrong)


def test_a_point_of_the_map_is_one_zone_and_a_drop_in_the_sea_is_refused(
    toy: Study, study: Study
) -> None:
    for lycee, (lat, lon) in toy.territory.positions.items():
        assert toy.territory.zone_at(toy.plan, lat, lon) == toy.plan.zone_of(lycee).id
    assert toy.territory.zone_at(toy.plan.move("F", "S1"), -1.2, 2.7) == "S1"
    with pytest.raises(InputError, match="Ce point n'est dans aucune zone"):
        toy.territory.zone_at(toy.plan, 10, 10)
    with pytest.raises(InputError):
        study.territory.zone_at(study.plan, 46.5, -3.5)


def test_each_lycee_of_the_region_stands_in_its_own_zone(study: Study) -> None:
    away = [
        lycee
        for lycee, (lat, lon) in study.territory.positions.items()
        if study.territory.zone_at(study.plan, lat, lon) != study.plan.zone_of(lycee).id
    ]
    assert away == []


def with_error(toy: Study, error: float) -> Study:
    """The same study, with a standard deviation of the logarithm of every drive."""
    times, width = toy.times, math.exp(1.2816 * error)
    unsure = replace(times, low=times.minutes / width, high=times.minutes * width)
    return replace(toy, analysis=replace(toy.analysis, times=unsure))


def test_each_destination_is_judged_as_the_plan_that_it_leads_to(
    study: Study, cut_toy: Study
) -> None:
    for lycee in ("0720012X", "0440062D", "0490003M"):
        for entry in destinations(study, lycee):
            judged = verdict_on(study, study.with_plan(entry.after))
            assert (entry.judgement is None) is (judged is None)
            if entry.judgement is not None and judged is not None:
                sides = (judged.road, judged.unattended)
                assert (entry.judgement.road, entry.judgement.unattended) == pytest.approx(sides)
                assert entry.judgement.outcome is judged.outcome
    lost = [entry.judgement for entry in destinations(cut_toy, "B")]
    assert {judgement and judgement.outcome for judgement in lost} == {Outcome.NOT_COMPARABLE}
    back = cut_toy.with_plan(cut_toy.plan.move("C", "N2"))
    told = {entry.zone: entry.short for entry in destinations(back, "C")}
    assert told["N1"] == "défavorable"


def test_the_sentence_of_a_move_ends_with_its_verdict(toy: Study, toy_of: Draw) -> None:
    plan = toy_of(N1="ABCD", N2="EFI", S1="GH")  # Descartes costs less in N2
    said = preview(toy.with_plan(plan), "D", "N2").sentence
    assert "Au total : équivalent" in said
    assert said.endswith("(taux de 1, non décidé).")
    tried = toy.with_cost_settings(replace(toy.settings.cost, absence_weight=0.5)).with_plan(plan)
    assert "(taux d'essai de 0,5)." in preview(tried, "D", "N2").sentence


def test_destinations_are_every_other_zone_best_first(toy: Study) -> None:
    ranked = destinations(toy, "F")
    assert {entry.zone for entry in ranked} == {"N1", "S1"}
    by_zone = {entry.zone: entry for entry in ranked}
    for zone, entry in by_zone.items():
        moved = hours(toy, toy.plan.move("F", zone))
        assert entry.delta_objective == pytest.approx(moved - hours(toy, toy.plan))
    assert by_zone["S1"].delta_mean_minutes == pytest.approx(125 / 7 - 80 / 6)
    assert by_zone["S1"].delta_max_minutes == 35 - 20
    assert [(entry.zone, entry.more_points) for entry in ranked] == [("S1", 2), ("N1", 1)]
    assert ranked[0].delta_objective < ranked[1].delta_objective


def test_a_zone_beyond_the_minutes_held_is_not_offered_unless_it_is_aimed_at(toy: Study) -> None:
    times = toy.times
    far = np.zeros(times.minutes.shape, bool)
    row, columns = times.origin_index["C"], [times.origin_index[k] for k in toy.plan.members("S1")]
    far[row, columns] = True
    analysis = replace(toy.analysis, times=replace(times, within=90.0, beyond=far))
    study = replace(toy, analysis=analysis)
    assert set(lycee_hints(study, "C")) == {"N2"}
    assert {entry.zone for entry in destinations(study, "C")} == {"N2"}
    assert {entry.zone for entry in destinations(study, "C", aimed_at="S1")} == {"N2", "S1"}


def test_there_is_a_hint_for_every_zone_but_ones_own_and_a_refused_move_says_why(
    toy: Study,
) -> None:
    assert {lycee: set(lycee_hints(toy, lycee)) for lycee in toy.plan.lycees} == {
        lycee: {"N1", "N2", "S1"} - {toy.plan.zone_of(lycee).id} for lycee in toy.plan.lycees
    }
    hint = lycee_hints(toy, "A")["S1"]
    assert (hint.grade, hint.facts) == (REFUSED, ())
    assert "centre support" in hint.remark


def test_a_lock_is_told_with_its_reason_and_forgotten_with_it(toy: Study) -> None:
    free = lycee_hints(toy, "C")
    locks = toy.locks.with_lock("zone", "N2", "arbitrage du 12/03")
    locked = replace(toy, state=replace(toy.state, locks=locks))
    assert lycee_hints(locked, "C")["N2"].grade == REFUSED
    assert "arbitrage du 12/03" in lycee_hints(locked, "C")["N2"].remark
    assert plan_key(locked) != plan_key(toy)
    assert lycee_hints(toy, "C") == free


def test_hints_of_a_moved_plan_are_those_of_its_own_figures(study: Study) -> None:
    for lycee in study.plan.lycees:  # what is remembered of a plan must not be told of another
        lycee_hints(study, lycee)
    moved = study.with_plan(study.plan.move("0720012X", "SAR-4"))
    plan, told = moved.plan, 0
    for lycee in plan.members("SAR-4")[:2] + plan.members("MAY-2")[:2]:
        for zone, hint in lycee_hints(moved, lycee).items():
            verdict = moved.may_move_all({lycee: zone})
            assert (hint.grade == REFUSED) is not verdict.allowed
            if hint.grade == REFUSED:
                continue
            change = plan_change(moved, moved.with_plan(plan.move(lycee, zone)))
            *figures, _ = change.figures
            assert list(hint.facts[:-1]) == [(c.metric.short, short_value(c)) for c in figures]
            assert (hint.grade == POSTS) is (change.judgement is None)
            assert change.posts in hint.remark or "seul" in hint.remark
            told += 1
    assert told > 20


def test_the_map_asks_by_the_key_of_the_plan_on_screen(toy: Study) -> None:
    packed = json.loads(packed_hints(plan_key(toy), "C") or "")
    assert packed == {
        zone: {
            "grade": hint.grade,
            "facts": [list(fact) for fact in hint.facts],
            "remark": hint.remark,
        }
        for zone, hint in lycee_hints(toy, "C").items()
    }
    assert packed_hints(plan_key(toy), "no lycée") is None
    assert packed_hints("0" * 32, "C") is None


def enumerated(study: Study, lycee: str) -> dict[tuple[tuple[str, str], ...], float]:
    """What every move of a lycée, alone or with one other, changes of the yearly hours."""
    plan, model = study.plan, study.ranking.move_deltas.figures
    zones = [zone.id for zone in plan.zones]
    origin = plan.zone_by_lycee[lycee]

    def total(where: Plan) -> float:
        return float(model.of_all([where.members(zone) for zone in zones])[:, 0].sum())

    plans = {}
    for zone in zones:
        if zone == origin:
            continue
        plans[((lycee, zone),)] = plan.move(lycee, zone)
        for other, home in plan.zone_by_lycee.items():
            if other != lycee and home in (origin, zone):
                there = zone if home == origin else origin
                moves = ((lycee, zone), (other, there))
                plans[moves] = plan.move(lycee, zone).move(other, there)
    return {moves: total(after) - total(plan) for moves, after in plans.items()}


def told(move: JointMove) -> tuple[tuple[str, str], ...]:
    return tuple(move.moves.items())


@pytest.mark.parametrize("lycee", ["A", "D", "F"])
def test_the_best_moves_are_those_of_an_enumeration(toy: Study, toy_of: Draw, lycee: str) -> None:
    start = toy.with_plan(toy_of(N1="BCD", N2="AEI", S1="FGH"))
    found = {told(move): move for move in joint_moves(start, lycee, most=100)}
    every = enumerated(start, lycee)
    # A is the centre support of its sector: nothing takes it to S1
    now = start.cost().posts
    better = {
        key
        for key, delta in every.items()
        if delta < -1e-9
        and ("A", "S1") not in key
        and start.with_plan(start.plan.move_all(dict(key))).cost().posts == now
    }
    assert better == set(found)
    for moves, move in found.items():
        assert move.delta_objective == pytest.approx(every[moves])
        then = start.with_plan(move.after).check()
        assert move.introduced == difference(start.check(), then).introduced


def test_the_greatest_gain_comes_first_at_as_many_posts(toy: Study, toy_of: Draw) -> None:
    start = toy.with_plan(toy_of(N1="BCD", N2="AEI", S1="FGH"))
    found = joint_moves(start, "A", most=100)
    assert len(found) >= 2
    for move in found:
        after = start.with_plan(move.after)
        assert after.cost().posts == start.cost().posts
        assert (
            move.points.more
            == watch_list(vigilance(after)).count - watch_list(vigilance(start)).count
        )
    ranks = [(move.alone, move.delta_objective) for move in found]
    assert ranks == sorted(ranks)
    assert joint_moves(start, "A", most=2) == found[:2]


def test_what_is_locked_stays(toy: Study, toy_of: Draw) -> None:
    start = toy.with_plan(toy_of(N1="BCD", N2="AEI", S1="FGH"))
    best = joint_moves(start, "A")[0]
    both = [move for move in joint_moves(start, "A", most=100) if move.companion is not None]
    other = both[0].companion
    assert other is not None
    assert not best.alone
    held = locked(start, Locks().with_lock("lycee", other, "arbitrage"))
    assert all(move.companion != other for move in joint_moves(held, "A", most=100))
    whole = locked(start, Locks().with_lock("zone", "N2", "arbitrage"))
    assert joint_moves(whole, "A") == ()


def test_a_lycee_that_only_loses_alone_is_offered_with_its_neighbour(study: Study) -> None:
    racan = next(key for key in study.plan.lycees if study.name(key).startswith("Racan"))
    (found,) = joint_moves(study, racan)
    assert found.way is JointMoveKind.ALONG
    assert "Montval-sur-Loir" in study.name(found.companion or "")
    told = [breach.message for breach in found.noted if "change de secteur" in breach.message]
    assert len(told) == 2
    assert found.delta_objective < 0
    assert study.with_plan(found.after).cost().posts == study.cost().posts
