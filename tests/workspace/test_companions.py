"""Moves of a lycée alone, with another, or in exchange: the best of all, checked by enumeration."""

import pytest

from geozones.domain import Plan
from geozones.domain.decisions import Locks
from geozones.metrics.metric_registry import watch_list
from geozones.rules import difference
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.moves.preview import JointMove, JointMoveKind, joint_moves
from helpers.fixture_types import Draw
from helpers.studies import locked


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
