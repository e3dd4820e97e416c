"""Hypotheses changed one at a time: all the others stay, the plan in force among them."""

import inspect
from dataclasses import fields, is_dataclass, replace

import pytest

from geozones.domain import DecisionStatus
from geozones.domain.plan import plan_of
from geozones.domain.scenario import Baseline
from geozones.domain.settings import (
    CostSettings,
    DriveCorrection,
    ObjectiveWeights,
    Settings,
    TeamSettings,
)
from geozones.workspace.figures.analysis import Analysis, analysis_of
from geozones.workspace.figures.study import Study, study_of

#: What each method is asked for, and what it alone may change. A new one is added here.
CHANGES: dict[str, tuple[tuple[object, ...], set[str]]] = {
    "with_baseline": ((None,), {"baseline"}),
    "with_max_minutes": ((50.0,), {"settings.max_minutes"}),
    "without_tool_rules": ((), {"settings.tool_rules"}),
    "with_team_settings": ((TeamSettings(gap_days=4),), {"settings.teams"}),
    "with_cost_settings": ((CostSettings(months=11),), {"settings.cost"}),
}
METHODS = sorted(
    name
    for name, _ in inspect.getmembers(Analysis, inspect.isfunction)
    if name.startswith(("with_", "without_"))
)


def parts(analysis: Analysis) -> dict[str, object]:
    """Each field of an analysis, those of settings one by one."""
    found: dict[str, object] = {}
    for entry in fields(analysis):
        value = getattr(analysis, entry.name)
        if entry.name == "settings" and is_dataclass(value):
            for inner in fields(value):
                found[f"{entry.name}.{inner.name}"] = getattr(value, inner.name)
        else:
            found[entry.name] = value
    found["times"] = analysis.times.minutes.tolist()
    return found


@pytest.fixture
def unusual(toy: Study) -> Analysis:
    """An analysis in which nothing but the lycées is as it is by default."""
    settings = Settings(
        zone_min=2,
        zone_max=7,
        max_minutes=33.0,
        tool_rules=True,
        weights=ObjectiveWeights(alone=10.0),
        teams=TeamSettings(gap_days=3),
        cost=CostSettings(months=9),
        drive_corrections=(
            DriveCorrection(frozenset("AB"), 1.1, 1.0, 1.2, 9, "2026-01-05", "2026-02-05"),
        ),
    )
    published = Baseline(toy.plan.move("A", "N2"), publication="p1", since="2026-01-01")
    return analysis_of(toy.territory, settings, published)


def test_nothing_is_left_at_its_default(toy: Study, unusual: Analysis) -> None:
    usual = parts(toy.analysis)
    same = {name for name, value in parts(unusual).items() if value == usual[name]}
    assert same == {"territory", "settings.tool_rules"}, "a new field needs another value above"


@pytest.mark.parametrize("method", METHODS)
def test_a_method_changes_what_it_says_and_nothing_else(
    toy: Study, unusual: Analysis, method: str
) -> None:
    assert method in CHANGES, "say above what it changes"
    given, its_own = CHANGES[method]
    if its_own == {"baseline"}:
        given = (Baseline(toy.plan),)
    before, after = parts(unusual), parts(getattr(unusual, method)(*given))
    assert {name for name in before if before[name] != after[name]} == its_own


def test_an_untouched_plan_has_no_change_after_a_publication_whatever_rules_are_checked(
    toy: Study,
) -> None:
    published = toy.plan.move("A", "N2")
    study = replace(toy, analysis=toy.analysis.with_baseline(Baseline(published))).with_plan(
        published
    )
    assert not study.decisions.changed_zones
    assert not study.without_tool_rules().decisions.changed_zones


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
