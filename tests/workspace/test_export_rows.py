"""Rows of the files to give away."""

from geozones.domain.plan import plan_of
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.rows import moves


def test_a_lycee_that_comes_or_goes_changes_of_no_sector(toy: Study) -> None:
    plan = toy.plan
    gone, moved = plan.lycees[0], plan.lycees[-1]
    far = next(zone for zone in plan.zones if zone.sector != plan.sector_of(moved).id)
    zones = dict(plan.zone_by_lycee) | {moved: far.id}
    del zones[gone]
    other = plan_of(plan.sectors, plan.zones, zones)
    there = {row.lycee: row for row in moves(toy, toy.with_plan(other))}
    back = {row.lycee: row for row in moves(toy.with_plan(other), toy)}
    one, two = toy.name(gone), toy.name(moved)
    assert not there[one].changes_sector
    assert not back[one].changes_sector
    assert there[two].changes_sector
    assert (there[one].after, back[one].before) == ("", "")
