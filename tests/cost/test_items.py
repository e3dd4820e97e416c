"""Each item of the yearly cost, counted by hand on a zone of three lycées.

Minutes there and back: A-B 22, B-C 18, A-C 44 (see the toy region). Two posts:

         mon  tue  wed  thu  fri
    p    AA   AA   AB   A.   A.      résidence A
    q    CC   CC   CC   BB   C.      résidence C, « . » is free
"""

from collections.abc import Callable

import pytest

from geozones.domain import Plan
from geozones.domain.settings import CostSettings, TeamSettings
from geozones.domain.teams import FREE, Post, Teams
from geozones.workspace.study import Study

WEEK = 36
#: Half-days of the two posts.
P = ("A", "A", "A", "A", "A", "B", "A", FREE, "A", FREE)
Q = ("C", "C", "C", "C", "C", "C", "B", "B", "C", FREE)
POSTS = (Post("p", "N1", cells=P, residence="A"), Post("q", "N1", cells=Q, residence="C"))
NEEDS = {"A": 7, "B": 3, "C": 7}


def staffed(study: Study, **hypotheses: float) -> Study:
    settings = {"absence_rate": 0.0, "monthly_cap": 100} | hypotheses
    cost = {name: settings.pop(name) for name in ("visits_per_month",) if name in settings}
    teams = Teams(needs=NEEDS, posts=POSTS)
    study = study.with_teams(teams).with_team_settings(TeamSettings(**settings))  # type: ignore[arg-type]
    return study.with_cost_settings(CostSettings(**cost))


def test_the_week_is_driven_from_the_residence_through_the_day_and_back(toy: Study) -> None:
    # p: A → B → A on Wednesday (22 min); q: C → B → C on Thursday (18 min)
    item = staffed(toy).cost(zone="N1").items["tournees"]
    assert item.road_hours == pytest.approx((22 + 18) * WEEK / 60)
    away = staffed(toy, absence_rate=0.25).cost(zone="N1").items["tournees"]
    assert away.road_hours == pytest.approx(0.75 * item.road_hours)


def test_each_post_visits_the_lycees_that_are_not_its_own(toy: Study) -> None:
    # p visits C and q visits A, 44 minutes each, twice a month for ten months
    item = staffed(toy, visits_per_month=2).cost(zone="N1").items["visites"]
    assert item.road_hours == pytest.approx(2 * 44 * 20 / 60)
    assert item.km == pytest.approx(2 * 44 * 1.2 * 20)


def test_technicians_of_the_sector_come_from_the_support_centre(toy: Study) -> None:
    # A is the centre: B and C, there and back, twice a month for ten months
    item = staffed(toy).cost(zone="N1").items["tis"]
    assert item.road_hours == pytest.approx((22 + 44) * 20 / 60)


def test_covers_leave_from_where_colleagues_are_and_come_back(toy: Study) -> None:
    # rate so low that the other is never away, no cap: each half-day missed is covered
    rate = 1e-6
    item = staffed(toy, absence_rate=rate).cost(zone="N1").items["absences"]
    # p away: q comes from C to A (44 min: Monday and Tuesday once for both halves, Wednesday
    # morning, Friday morning), from B to A on Thursday morning (22), from C to B (18)
    of_p = 4 * 44 / 2 + 44 + 18 + 22 + 44
    # q away: p comes from A to C (Monday and Tuesday once, Wednesday morning, Friday morning), from
    # B to C on Wednesday afternoon, from A to B on Thursday, once for both halves
    of_q = 4 * 44 / 2 + 44 + 18 + 22 + 44
    assert item.road_hours / rate == pytest.approx((of_p + of_q) * WEEK / 60, rel=1e-3)
    # of the 17 half-days missed, p is free, so leaves nobody, on one: Thursday afternoon
    assert item.displaced_half_days / rate == pytest.approx(16 * WEEK, rel=1e-3)


def test_what_no_post_meets_and_nobody_covers_is_not_served(toy: Study) -> None:
    short = staffed(toy).with_teams(Teams(needs=NEEDS | {"B": 5}, posts=POSTS))
    item = short.cost(zone="N1").items["non_servi"]
    assert item.unserved_half_days == 2 * WEEK
    alone = staffed(toy, absence_rate=0.1)
    alone = alone.with_teams(Teams(needs={"A": 7, "B": 1, "C": 0}, posts=POSTS[:1]))
    assert alone.cost(zone="N1").items["non_servi"].unserved_half_days == pytest.approx(
        0.1 * 8 * WEEK
    )
    covered = staffed(toy, absence_rate=1e-6).cost(zone="N1").items["non_servi"]
    assert covered.unserved_half_days == pytest.approx(0, abs=1e-6)


def test_a_total_adds_up_and_weighs_what_is_not_served(toy: Study) -> None:
    cost = staffed(toy, absence_rate=0.1, monthly_cap=1).cost(zone="N1")
    assert cost.road_hours == pytest.approx(sum(item.road_hours for item in cost.items.values()))
    assert cost.unserved_hours == pytest.approx(cost.items["non_servi"].unserved_half_days * 3.5)
    assert cost.euros == pytest.approx(0.32 * cost.km)
    heavy = staffed(toy, absence_rate=0.1, monthly_cap=1).with_cost_settings(
        CostSettings(lost_hour=3)
    )
    assert heavy.cost(zone="N1").total_hours == pytest.approx(
        cost.road_hours + 3 * cost.unserved_hours
    )


def test_a_region_costs_what_its_zones_cost_and_says_what_is_not_known(toy: Study) -> None:
    region, zones = toy.cost(), [toy.cost(zone=zone.id) for zone in toy.plan.zones]
    assert region.total_hours == pytest.approx(sum(zone.total_hours for zone in zones))
    assert region.posts == pytest.approx(sum(zone.posts for zone in zones))
    # no support centre is published in the south
    assert dict(region.unknown) == {"tis": 1}
    assert dict(toy.cost(sector="nord").unknown) == {}


def test_an_empty_zone_costs_nothing(toy: Study, toy_of: Callable[..., Plan]) -> None:
    study = toy.with_plan(toy_of(N1="ABC", N2="DEFGHI", S1=""))
    assert study.cost(zone="S1").total_hours == 0
    assert study.cost().lycees == 9


def test_a_zone_that_nobody_can_reach_costs_infinitely_much(cut_toy: Study) -> None:
    assert cut_toy.cost(zone="N1").road_hours == float("inf")
    assert cut_toy.cost(zone="N2").road_hours < float("inf")
    low, high = cut_toy.cost_interval(zone="N1").road_hours
    assert low == high == float("inf")
