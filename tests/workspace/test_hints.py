"""What each move would change, told on the map; counted by hand on the toy region."""

import json
from dataclasses import replace

import numpy as np

from geozones.metrics.metric_changes import short_value
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.moves.destinations import (
    POSTS,
    REFUSED,
    destinations,
    lycee_hints,
    packed_hints,
    plan_key,
)


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
