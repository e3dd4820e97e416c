"""Proposals under what a scenario locks."""

from geozones.domain.locks import Locks
from geozones.optimize import Options
from geozones.workspace import Workspace, frontier, propose

MAYENNE = Options(sectors=frozenset({"mayenne"}))


def test_what_is_locked_stays_where_it_is(workspace: Workspace) -> None:
    free = propose(workspace, workspace.plan, MAYENNE)
    assert free.moves
    moved = free.moves[0].lycee
    for locks in (
        Locks().with_lock("lycee", moved, "arbitrage"),
        Locks().with_lock("zone", workspace.plan.zone_of(moved).id, "arbitrage"),
        Locks().with_lock("sector", "mayenne", "arbitrage"),
    ):
        held = propose(workspace, workspace.plan, MAYENNE, locks)
        assert held.plan.zone_of(moved) == workspace.plan.zone_of(moved)
        assert held.objective_after >= free.objective_after


def test_a_locked_sector_has_nothing_better(workspace: Workspace) -> None:
    locks = Locks().with_lock("sector", "mayenne", "arbitrage")
    curve = frontier(workspace, workspace.plan, MAYENNE, locks)
    assert curve.best.moves == ()
    assert curve.best.plan == workspace.plan


def test_the_peak_factor_weighs_in_the_proposals_too(workspace: Workspace) -> None:
    peak = workspace.with_peak_factor(1.5)
    before = propose(workspace, workspace.plan, MAYENNE).objective_before
    assert propose(peak, peak.plan, MAYENNE).objective_before > before
