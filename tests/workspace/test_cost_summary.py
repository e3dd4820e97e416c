"""What yearly costs say of a plan, in sentences."""

from dataclasses import replace

import pytest

from geozones.domain.teams import Teams
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.solve import robustness_of
from geozones.workspace.teams import (
    CLOSED_FORM_ACCURACY,
    Staff,
    beside_sentences,
    cost_sentences,
    hours_a_lycee,
    interval_sentences,
    sharing_sentences,
    written_total,
)
from helpers.fixture_types import Draw


def test_the_dearest_and_the_cheapest_zones_are_named(toy: Study) -> None:
    zones = [zone.id for zone in toy.plan.zones]
    each = {zone: hours_a_lycee(toy.cost(zone_id=zone)) for zone in zones}
    names = {zone.id: zone.name for zone in toy.plan.zones}
    said = " ".join(cost_sentences(toy, zones))
    most, least = max(zones, key=each.__getitem__), min(zones, key=each.__getitem__)
    assert f"La zone la plus chère : {names[most]} ({each[most]:.0f}\u00a0h par lycée)" in said
    assert f"la moins chère : {names[least]} ({each[least]:.0f}\u00a0h par lycée)" in said
    assert "selon la taille" not in said  # all are zones of three
    south = f"{each['S1']:.0f}\u00a0h en secteur brouillon"
    assert f"h en secteur publié et {south}." in said


def test_the_weeks_of_posts_have_a_cost_of_their_own(toy: Study) -> None:
    staff = Staff(toy.with_teams(Teams()))
    posts = [post for each in staff.propose(["N1"], staff.options()) for post in each.posts]
    study = toy.with_teams(Teams().with_posts(["N1"], posts))
    *_, weeks = beside_sentences(study, study.cost(zone_id="N1"), ["N1"])
    grids = study.grid_cost(["N1"])
    assert f"définis ici (3\u00a0postes), le coût est de {grids.total_hours:.0f}\u00a0h" in weeks


def test_a_change_that_ends_sharing_is_told_with_its_exceptions(toy: Study, toy_of: Draw) -> None:
    """G is 35 minutes or more from A and B, which are 11 minutes from one another."""
    strict = toy.with_team_settings(replace(toy.settings.teams, shared_minutes=25))
    zones = [zone.id for zone in toy.plan.zones]
    assert sharing_sentences(strict, zones) == ()
    changed = strict.with_plan(toy_of(N1="ABG", N2="CDEF", S1="HI"))
    exception, new = sharing_sentences(changed, zones)
    name = toy.name("G")
    assert exception.startswith("À plus de 25\u00a0min de tout autre lycée de sa zone")
    assert f"{name}. " in exception
    assert new == f"Exception nouvelle : {name}."
    # a zone of one lycée has nobody to share with
    alone = strict.with_plan(toy_of(N1="ABCG", N2="DEF", S1="HI"))
    assert sharing_sentences(alone, ["S1"]) == ()


def test_a_zone_that_nobody_can_reach_is_in_no_mean(cut_toy: Study, toy_of: Draw) -> None:
    cut = cut_toy.with_plan(toy_of(N1="ABC", N2="DEF", S1="GHI"))
    assert cost_sentences(cut, ["N1"]) == ()
    assert cost_sentences(cut, []) == ()


def test_a_total_is_written_as_the_sum_of_its_parts(study: Study) -> None:
    costs = [study.cost(zone_id=zone.id) for zone in study.plan.zones]
    parts = [(cost.road_hours, cost.unattended_hours, cost.unstaffed_hours) for cost in costs]
    assert [written_total(cost) for cost in costs] == [sum(map(round, each)) for each in parts]
    assert any(written_total(cost) != round(cost.total_hours) for cost in costs)


def test_an_interval_holds_the_cost_of_everything_and_says_how_often(
    toy: Study, study: Study
) -> None:
    sure, cost = toy.cost_interval(zone_id="N1"), toy.cost(zone_id="N1")
    low, high = sure.total_hours
    assert low < cost.total_hours < high
    said, formula = interval_sentences(sure)
    assert said.startswith(f"Huit fois sur dix, le coût est entre {low:.0f} et {high:.0f}\u00a0h")
    assert "(500 calculs, à nombre de postes égal)" in said
    assert formula == CLOSED_FORM_ACCURACY
    scopes = [{}, *({"sector_id": entry.id} for entry in study.plan.sectors)]
    for scope in [*scopes, *({"zone_id": zone.id} for zone in study.plan.zones)]:
        low, high = study.cost_interval(**scope).total_hours
        assert low < study.cost(**scope).total_hours < high, scope


def test_a_zone_that_changes_sector_whole_costs_the_same(study: Study) -> None:
    """T.I.S. would come from another centre: they are apart."""
    plan = study.plan
    zones = tuple(
        replace(zone, sector="maine-et-loire") if zone.id == "MAY-2" else zone
        for zone in plan.zones
    )
    moved = replace(plan, zones=zones)
    told = robustness_of(study, moved)
    before, after = (study.with_plan(one).cost(zone_id="MAY-2").road_hours for one in (plan, moved))
    assert before == after
    assert told.gain == pytest.approx(0, abs=1e-6)
