"""Every figure worked out by hand from the table of tests/conftest.py."""

import math
from dataclasses import replace

import pytest

from geozones.domain import ObjectiveWeights, Settings
from geozones.domain.teams import Basis, Teams, WorkloadRule
from geozones.domain.yearly_cost import zone_cost
from geozones.metrics import REGISTRY, Evaluator, metric
from geozones.metrics.workload_metrics import COST_METRICS
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Draw

WEIGHTS = ObjectiveWeights()


@pytest.mark.parametrize(
    ("size", "pair_minutes", "cost"),
    [
        (0, 0.0, 0.0),
        (1, 0.0, 120 + 200),
        (2, 30.0, 2 * 30 / 1 + 60),
        (3, 42.0, 2 * 42 / 2),
        (5, 200.0, 2 * 200 / 4),
        (6, 300.0, 2 * 300 / 5 + 20),
        (8, 280.0, 2 * 280 / 7 + 60),
    ],
)
def test_the_objective_of_a_zone_by_hand(size: int, pair_minutes: float, cost: float) -> None:
    assert zone_cost(pair_minutes, size, WEIGHTS) == cost


def test_the_weights_are_those_of_the_settings() -> None:
    weights = ObjectiveWeights(1, 2, 3, 4, 2)
    assert zone_cost(0, 1, weights) == 1 + 2
    assert zone_cost(10, 2, weights) == 20 + 3
    assert zone_cost(10, 3, weights) == 10 + 4


def test_a_zone_of_three(toy: Study) -> None:
    values = toy.evaluator.zone(toy.plan, "N1")
    # A-B is (10 + 12) / 2 = 11, B-C is 9, A-C is 22: 42 in all
    assert values["lycees"] == 3
    assert values["max_minutes"] == 22
    assert values["worst_pair"] == ("A", "C")
    assert values["mean_minutes"] == 14
    assert values["pivot"] == "B"
    assert values["pivot_minutes"] == (11 + 9) / 2
    assert values["objective"] == 42


def test_the_releve_is_the_colleague_who_comes_fastest_not_the_one_reached_fastest(
    toy: Study,
) -> None:
    values = toy.evaluator.zone(toy.plan, "N1")
    # to come to A: 12 from B (though A reaches B in 10); to B: 9 from C; to C: 9 from B
    assert values["releves"] == {"A": ("B", 12), "B": ("C", 9), "C": ("B", 9)}
    assert values["worst_releve_minutes"] == 12
    assert values["worst_releve"] == ("A", "B")


def test_minutes_from_the_support_centre_leave_the_centre_itself_out(toy: Study) -> None:
    north, bocage = (toy.evaluator.zone(toy.plan, zone) for zone in ("N1", "N2"))
    assert (north["support_mean_minutes"], north["support_max_minutes"]) == (16, 22)  # 10, 22
    assert (bocage["support_mean_minutes"], bocage["support_max_minutes"]) == (25, 35)
    sector = toy.evaluator.sector(toy.plan, "nord")
    assert sector["support_mean_minutes"] == (10 + 22 + 15 + 25 + 35) / 5
    assert sector["support_max_minutes"] == 35


def test_a_sector_without_a_support_centre_has_no_such_minutes(toy: Study) -> None:
    values = toy.evaluator.sector(toy.plan, "sud")
    assert values["support_mean_minutes"] is None
    assert values["support_max_minutes"] is None


def test_a_sector_and_the_region_name_their_worst_zone(toy: Study) -> None:
    sector = toy.evaluator.sector(toy.plan, "nord")
    assert (sector["lycees"], sector["zones"]) == (6, 2)
    assert (sector["worst_zone"], sector["max_minutes"]) == ("N1", 22)
    assert sector["worst_pair"] == ("A", "C")
    assert sector["mean_minutes"] == (42 + 40) / 6
    assert sector["worst_releve"] == ("A", "B")
    region = toy.area()
    assert (region["lycees"], region["zones"]) == (9, 3)
    assert region["mean_minutes"] == pytest.approx((42 + 40 + 40) / 9)
    assert region["objective"] == 42 + 40 + 40
    assert region["pivot"] is None


def test_a_zone_brings_together_the_posts_near_each_of_its_lycees(toy: Study) -> None:
    """B comes to A in 12 minutes, A to B in 10, B and C to one another in 9; A – C is 22."""

    def gathered(near: float, **needs: int) -> tuple[object, object]:
        study = toy.with_teams(Teams(needs=needs)).with_team_settings(
            replace(toy.settings.teams, near_minutes=near)
        )
        plan = study.plan
        return (
            study.evaluator.zone(plan, "N1")["gathered_posts"],
            study.evaluator.sector(plan, "nord")["gathered_posts"],
        )

    full = {"A": 10, "B": 10, "C": 10, "D": 20, "E": 20, "F": 20}  # three posts, and six
    assert gathered(30, **full) == (3, 3)
    assert gathered(12, **full) == (2, 2)  # A and C have B
    assert gathered(10, **full) == (1, 1)  # nobody comes to A in time
    # a part of a post counts: two posts for 15 half-days, 5 of them in A
    assert gathered(10, A=5, B=5, C=5)[0] == 1
    assert gathered(12, A=5, B=5, C=5)[0] == 2
    assert gathered(12, A=0, B=0, C=0)[0] is None


def test_zones_of_two_and_of_one(toy: Study, toy_of: Draw) -> None:
    plan = toy_of(N1="AB", N2="C", S1="DEFGHI")
    pair = toy.evaluator.zone(plan, "N1")
    assert (pair["mean_minutes"], pair["max_minutes"]) == (11, 11)
    assert pair["objective"] == 2 * 11 + 60
    alone = toy.evaluator.zone(plan, "N2")
    assert alone["objective"] == 320
    for key in ("max_minutes", "mean_minutes", "worst_pair", "pivot", "worst_releve_minutes"):
        assert alone[key] is None
    assert alone["releves"] == {}
    assert alone["support_mean_minutes"] == 22  # A to C, from the other zone
    # D-E-F and G-H-I: 40 each inside, and between them 15+25+35 + 25+15+25 + 35+25+15 = 215
    assert toy.evaluator.zone(plan, "S1")["objective"] == 2 * (40 + 40 + 215) / 5 + 20


def test_an_empty_zone_costs_nothing_and_counts_for_nothing(toy: Study, toy_of: Draw) -> None:
    plan = toy_of(N1="ABCDEF", S1="GHI")
    empty = toy.evaluator.zone(plan, "N2")
    assert (empty["lycees"], empty["objective"], empty["max_minutes"]) == (0, 0, None)
    region = toy.evaluator.region(plan)
    assert region["zones"] == 2
    assert toy.evaluator.sector(toy_of(N1="ABCDEF", N2="GHI"), "sud")["mean_minutes"] is None


def test_a_pair_without_a_way_costs_infinity_never_nothing(cut_toy: Study) -> None:
    values = cut_toy.evaluator.zone(cut_toy.plan, "N1")
    assert values["objective"] == math.inf
    assert values["max_minutes"] == math.inf
    assert values["worst_pair"] == ("A", "C")
    assert values["mean_minutes"] == math.inf
    assert values["pivot"] == "B"
    assert values["pivot_minutes"] == 10
    assert values["worst_releve_minutes"] == 12  # B still comes to A
    assert cut_toy.evaluator.region(cut_toy.plan)["objective"] == math.inf
    assert cut_toy.evaluator.region(cut_toy.plan)["worst_zone"] == "N1"


def test_the_figures_of_lycees_that_are_not_yet_a_zone(toy: Study) -> None:
    known, zone = toy.evaluator.members("CBA", "A"), toy.evaluator.zone(toy.plan, "N1")
    # a yearly cost takes needs, which are of lycées that are in a plan
    costs = {metric.key for metric in COST_METRICS}
    assert {key for key in known if known[key] != zone[key]} == costs | {"gathered_posts"}


def test_needs_and_pupils_add_up_and_their_balance_is_the_greatest_over_the_mean(
    toy: Study,
) -> None:
    # A 10 half-days, B 2, and C the 8 of its type: 20; the six others 8 each
    teams = Teams(needs={"A": 10, "B": 2}, sizes={Basis.PUPILS: {"A": 900, "D": 300}})
    study = toy.with_teams(replace(teams, rule=WorkloadRule(Basis.TYPE)))
    north = study.area(zone_id="N1")
    assert (north["workload"], north["workload_balance"]) == (20, 10 / (20 / 3))
    assert (north["pupils"], north["lycees_without_pupils"]) == (900, 2)
    sector = study.area(sector_id="nord")
    assert (sector["workload"], sector["workload_balance"]) == (20 + 24, 24 / 22)
    assert (sector["pupils"], sector["lycees_without_pupils"]) == (1200, 4)
    assert study.area(zone_id="S1")["pupils"] is None  # of none, which is not 0
    assert study.area()["workload_balance"] == 24 / ((20 + 24 + 24) / 3)
    none = toy.with_teams(Teams(needs=dict.fromkeys("ABC", 0))).area(zone_id="N1")
    assert (none["workload"], none["workload_balance"]) == (0, None)


def test_each_metric_has_a_key_of_its_own_a_label_and_a_unit(toy: Study) -> None:
    assert all(metric(key).key == key for key in REGISTRY)
    for record in REGISTRY.values():
        assert record.label
        assert record.unit in {"", "min", "%", "demi-journées", "h"}
        assert record.format.suffix in {"", record.unit}
        assert record.of_zone or record.of_area
    assert list(toy.area()) == list(REGISTRY)


def test_another_evaluator_with_other_weights_gives_other_figures(toy: Study) -> None:
    cheap = Evaluator(toy.times, Settings(weights=ObjectiveWeights(size_two=0)))
    assert cheap.members("AB")["objective"] == 22
