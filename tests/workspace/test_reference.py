"""The plan in force: what the changes of a plan, and its rules, are counted from."""

from dataclasses import replace

from geozones.domain import DecisionStatus
from geozones.domain.plan import plan_of
from geozones.domain.scenario import Baseline
from geozones.workspace.figures.study import Study, study_of


def test_rules_count_a_change_of_sector_from_the_plan_in_force(toy: Study) -> None:
    plan = toy.plan.move("F", "S1")
    said = {breach.rule for breach in toy.analysis.check(plan)}
    assert "sector_change" in said
    decided = toy.analysis.with_baseline(Baseline(plan))
    assert "sector_change" not in {breach.rule for breach in decided.check(plan)}


def test_a_state_that_was_retained_is_not_after_another_move(toy: Study) -> None:
    sectors = [replace(s, status=DecisionStatus.PROPOSED) for s in toy.plan.sectors]
    plan = plan_of(sectors, toy.plan.zones, toy.plan.zone_by_lycee)
    kept = study_of(toy.analysis, replace(toy.state, plan=plan), retained=True)
    assert kept.decisions.sector("sud") is DecisionStatus.RETAINED
    tried = kept.with_plan(plan.move("G", "N1"))
    assert tried.decisions.sector("sud") is DecisionStatus.PROPOSED
    assert kept.plan_json()["sectors"][1]["status"] == "retenu"
    assert [zone["status"] for zone in kept.plan_json()["sectors"][1]["zones"]] == ["retenu"]
