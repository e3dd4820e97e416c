"""The plan in force: what the changes of a plan, and its rules, are counted from."""

from dataclasses import replace

from geozones.domain import DecisionStatus
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.domain.scenario import Baseline
from geozones.domain.settings import TeamSettings
from geozones.workspace.figures.study import Study, study_of


def test_a_study_is_compared_with_the_shipped_plan_until_told_otherwise(toy: Study) -> None:
    moved = toy.with_plan(toy.plan.move("A", "N2"))
    assert moved.reference == toy.territory.plan
    assert moved.decisions.changed_zones == {"N1", "N2"}
    after = study_of(toy.analysis.with_baseline(Baseline(moved.plan)), moved.state)
    assert after.reference == moved.plan
    assert not after.decisions.changed_zones
    back = study_of(after.analysis, toy.state)
    assert back.decisions.changed_zones == {"N1", "N2"}


def test_the_reference_outlives_every_other_hypothesis(toy: Study) -> None:
    plan = toy.plan.move("A", "N2")
    analysis = toy.analysis.with_baseline(Baseline(plan))
    others = (
        analysis.home,
        analysis.with_max_minutes(30),
        analysis.with_team_settings(TeamSettings()),
        analysis.relocated(LocationOverrides()),
    )
    assert all(other.reference == plan for other in others)


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
