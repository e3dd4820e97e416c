"""What yearly costs say of a plan, in sentences."""

from collections.abc import Callable

import pytest

from geozones.domain import Plan
from geozones.workspace.study import Study
from geozones.workspace.teams.cost_summary import (
    cost_sentences,
    hours_a_lycee,
    interval_sentences,
    unknown_sentences,
)


def test_the_dearest_and_the_cheapest_zones_are_named(toy: Study) -> None:
    zones = [zone.id for zone in toy.plan.zones]
    each = {zone: hours_a_lycee(toy.cost(zone=zone)) for zone in zones}
    names = {zone.id: zone.name for zone in toy.plan.zones}
    said = " ".join(cost_sentences(toy, zones))
    most, least = max(zones, key=each.__getitem__), min(zones, key=each.__getitem__)
    assert f"La zone la plus chère : {names[most]} ({each[most]:.0f}\u00a0h par lycée)" in said
    assert f"la moins chère : {names[least]} ({each[least]:.0f}\u00a0h par lycée)" in said
    assert "selon la taille" not in said  # all are zones of three
    south = f"{each['S1']:.0f}\u00a0h en secteur brouillon"
    assert f"h en secteur publié et {south}." in said


def test_zones_are_compared_without_the_visits_that_only_some_are_known_to_have(
    toy: Study,
) -> None:
    """Only the sector of the north has a support centre."""
    cost = toy.cost(zone="N1")
    visits = cost.items["tis"].road_hours
    assert visits > 0
    assert hours_a_lycee(cost) == pytest.approx((cost.total_hours - visits) / 3)
    said = unknown_sentences(toy.cost())
    assert "non renseignés dans 1\u00a0zone" in said[0]
    assert "estimés d'après les besoins" in said[1]


def test_sizes_are_compared_where_several_have_enough_zones(study: Study) -> None:
    said = cost_sentences(study, [zone.id for zone in study.plan.zones])[-1]
    assert said.startswith("Par lycée, selon la taille de sa zone : ")
    assert "zones de 3" in said


def test_a_zone_that_nobody_can_reach_is_in_no_mean(
    cut_toy: Study, toy_of: Callable[..., Plan]
) -> None:
    cut = cut_toy.with_plan(toy_of(N1="ABC", N2="DEF", S1="GHI"))
    assert cost_sentences(cut, ["N1"]) == ()
    assert cost_sentences(cut, []) == ()


def test_an_interval_holds_the_cost_and_says_how_often(toy: Study) -> None:
    sure, cost = toy.cost_interval(zone="N1"), toy.cost(zone="N1")
    low, high = sure.total_hours
    assert low < cost.total_hours < high
    said, formula = interval_sentences(sure, defined=cost.defined)
    assert said.startswith(f"Huit fois sur dix, le coût est entre {low:.0f} et {high:.0f}\u00a0h")
    assert "500 tirages" in said
    assert "8\xa0% environ" in formula
    assert interval_sentences(sure, defined=True) == (said,)
