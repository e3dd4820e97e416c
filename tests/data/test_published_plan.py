"""The published plan, pinned by facts."""

import pytest

from geozones.workspace.figures.study import Study


@pytest.fixture(scope="module")
def study(shipped_study: Study) -> Study:
    """The shipped data: the frozen plan would hide a published zone that changed."""
    return shipped_study


@pytest.fixture(scope="module")
def worst_first(study: Study) -> list[str]:
    """The published zones, by longest drive."""
    values = study.evaluator.zones(study.plan)
    published = [
        zone.id for zone in study.plan.zones if not study.plan.sector(zone.sector).is_draft
    ]
    return sorted(published, key=lambda zone: -float(str(values[zone]["max_minutes"])))


def test_sable_la_fleche_montval_is_the_worst_published_zone_over_an_hour(
    study: Study, worst_first: list[str]
) -> None:
    assert worst_first[0] == "MAY-2"
    values = study.evaluator.zone(study.plan, "MAY-2")
    assert float(str(values["max_minutes"])) > 60
    assert isinstance(values["worst_pair"], tuple)
    towns = {study.territory.lycees[lycee].commune for lycee in values["worst_pair"]}
    assert towns == {"Sablé-sur-Sarthe", "Montval-sur-Loir"}


def test_evron_mayenne_sille_is_the_second_worst(study: Study, worst_first: list[str]) -> None:
    assert worst_first[1] == "MAY-4"
    assert float(str(study.evaluator.zone(study.plan, "MAY-4")["max_minutes"])) < 60
    communes = {study.territory.lycees[lycee].commune for lycee in study.plan.members("MAY-4")}
    assert communes == {"Mayenne", "Évron", "Sillé-le-Guillaume"}


def test_the_two_worst_zones_are_told_and_the_zone_of_six_is_a_warning(
    study: Study, worst_first: list[str]
) -> None:
    published = set(worst_first)
    breaches = {(v.rule, v.zone) for v in study.analysis.check(study.plan) if v.zone in published}
    assert {
        ("zone_minutes", "MAY-2"),
        ("zone_minutes", "MAY-4"),
        ("zone_size", "MEL-1"),
    } <= breaches
    assert {zone for rule, zone in breaches if rule == "zone_size"} == {"MEL-1"}
    assert {zone for rule, zone in breaches if rule == "zone_minutes"} == {"MAY-2", "MAY-4"}


def test_the_shipped_plan_breaks_nothing_that_is_forbidden(study: Study) -> None:
    breaches = study.analysis.check(study.plan)
    assert {v.severity.value for v in breaches} <= {"information", "avertissement"}
    assert not any(v.rule in {"sector_change", "support_centre", "zone_empty"} for v in breaches)
