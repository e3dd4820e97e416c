"""Each item of the yearly cost, counted by hand on a zone of three lycées.

Minutes there and back: A-B 22, B-C 18, A-C 44 (see the toy region). Two posts:

         mon  tue  wed  thu  fri
    p    AA   AA   AB   A.   A.      résidence A
    q    CC   CC   CC   BB   C.      résidence C, « . » is free
"""

from dataclasses import replace

import pytest

from geozones.cost.zone_cost import ZoneCase
from geozones.domain.settings import CostSettings, TeamSettings
from geozones.domain.teams import FREE, Post, Teams
from geozones.domain.yearly_cost import YearlyCost
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Draw

#: Weeks of 173 days worked.
WEEK = 34.6
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


def grid(study: Study) -> YearlyCost:
    """The cost of the zone from the week of its posts."""
    cost = study.grid_cost(["N1"])
    assert cost is not None
    return cost


def test_the_week_is_driven_from_the_residence_through_the_day_and_back(toy: Study) -> None:
    # p: A → B → A on Wednesday (22 min); q: C → B → C on Thursday (18 min)
    item = grid(staffed(toy)).items["tournees"]
    assert item.road_hours == pytest.approx((22 + 18) * WEEK / 60)
    away = grid(staffed(toy, absence_rate=0.25)).items["tournees"]
    assert away.road_hours == pytest.approx(0.75 * item.road_hours)


def test_each_post_visits_the_lycees_of_others_and_technicians_come_from_the_centre(
    toy: Study,
) -> None:
    # p visits C and q visits A, 44 minutes each, twice a month for ten months
    item = grid(staffed(toy, visits_per_month=2)).items["visites"]
    assert item.road_hours == pytest.approx(2 * 44 * 20 / 60)
    assert item.km == pytest.approx(2 * 44 * 1.2 * 20)
    # A is the centre: B and C, there and back, twice a month for ten months
    item = grid(staffed(toy)).items["tis"]
    assert item.road_hours == pytest.approx((22 + 44) * 20 / 60)


def test_covers_leave_from_where_colleagues_are_and_come_back(toy: Study) -> None:
    # rate so low that the other is never away, and no cap: only who is free comes. p away on Friday
    # afternoon is due nowhere; q away: p is free on Thursday and Friday afternoons, and Thursday's
    # is missed in B: from A, 22 minutes
    rate = 1e-6
    cost = grid(staffed(toy, absence_rate=rate))
    item = cost.items["absences"]
    assert item.road_hours / rate == pytest.approx(22 * WEEK / 60, rel=1e-3)
    assert cost.service.given_free / rate == pytest.approx(WEEK, rel=1e-3)
    # 17 half-days are missed in a week of each absent once, in lycées where nobody else is
    assert cost.service.missed / rate == pytest.approx(17 * WEEK, rel=1e-3)
    assert cost.service.unattended / rate == pytest.approx(16 * WEEK, rel=1e-3)
    # a quarter of the time away: the other one, who is free, is there the rest of it
    often = grid(staffed(toy, absence_rate=0.25)).service
    assert often.given_free == pytest.approx(0.25 * 0.75 * WEEK)


def test_a_need_that_no_post_meets_is_counted_by_itself(toy: Study) -> None:
    short = staffed(toy).with_teams(Teams(needs=NEEDS | {"B": 5}, posts=POSTS))
    cost = grid(short)
    assert cost.items["sans_poste"].half_days == 2 * WEEK
    assert cost.unstaffed_hours == pytest.approx(2 * WEEK * 3.5)


def test_a_lone_post_has_no_relief(toy: Study) -> None:
    alone = staffed(toy, absence_rate=0.1)
    alone = alone.with_teams(Teams(needs={"A": 7, "B": 1, "C": 0}, posts=POSTS[:1]))
    cost = grid(alone)
    assert cost.service.unattended == pytest.approx(0.1 * 8 * WEEK)


def test_a_total_adds_up_and_weighs_the_hours_without_technician(toy: Study) -> None:
    cost = grid(staffed(toy, absence_rate=0.1, monthly_cap=1))
    counted = [item for key, item in cost.items.items() if key != "tis"]
    assert cost.road_hours == pytest.approx(sum(item.road_hours for item in counted))
    assert cost.items["tis"].road_hours == cost.tis_hours
    assert cost.items["tis"].road_hours > 0
    assert cost.unattended_hours == pytest.approx(cost.service.unattended * 3.5)
    assert cost.unattended_hours > 0
    assert cost.total_hours == pytest.approx(cost.road_hours + cost.unattended_hours)
    assert cost.euros == pytest.approx(0.32 * cost.km)
    heavy = staffed(toy, absence_rate=0.1, monthly_cap=1).with_cost_settings(
        CostSettings(absence_weight=3)
    )
    assert grid(heavy).total_hours == pytest.approx(cost.road_hours + 3 * cost.unattended_hours)


def test_under_a_cap_whoever_stays_leaves_nobody_short_and_the_other_lycee_empty(
    toy: Study,
) -> None:
    """Two posts are in A: one of them goes to C when nobody is there, as the cap allows."""
    posts = tuple(
        Post(name, "N1", cells=tuple(week), residence=week[0])
        for name, week in (("p", "A" * 10), ("q", "A" * 10), ("r", "CCCCCCCCBB"))
    )
    teams = Teams(needs={"A": 20, "B": 2, "C": 8}, posts=posts)
    few, many = (
        grid(staffed(toy, absence_rate=0.1, monthly_cap=cap).with_teams(teams)).service
        for cap in (1, 100)
    )
    assert few.missed == many.missed == pytest.approx(0.1 * 30 * WEEK)
    for year in (few, many):
        assert year.reduced + year.unattended == pytest.approx(year.missed)
    assert few.displaced < many.displaced


def test_a_lycee_of_two_technicians_needs_somebody_when_both_are_away(toy: Study) -> None:
    rate, needs = 0.1, Teams(needs={"A": 20, "B": 2, "C": 8})
    year = staffed(toy, absence_rate=rate).with_teams(needs).cost(zone_id="N1").service
    assert year.missed == pytest.approx(rate * 30 * WEEK)
    empty = year.given_free + year.displaced + year.given_by_tis + year.unattended
    # both of A away, or the only one of B and C
    assert empty == pytest.approx(rate * (10 * rate + 10) * WEEK)


def test_a_plan_costs_the_same_whatever_the_week_of_as_many_posts(toy: Study) -> None:
    """So that a plan with posts and one without compare; the week has a figure of its own."""
    needs = toy.with_teams(Teams(needs=NEEDS))
    case = ZoneCase(("A", "B", "C"), (7, 3, 7), (POSTS[0], replace(POSTS[1], share=50)))
    assert case.full_posts == 2  # a post and a half
    with_posts = toy.with_teams(Teams(needs=NEEDS, posts=POSTS))
    assert with_posts.cost(zone_id="N1").total_hours == needs.cost(zone_id="N1").total_hours
    assert (with_posts.cost(zone_id="N1").posts, needs.cost(zone_id="N1").posts) == (2, 2)
    assert needs.grid_cost(["N1"]) is None
    # a lycée of a post has left the zone: its posts count no more
    gone = with_posts.with_plan(toy.plan.move("B", "N2"))
    assert gone.grid_cost(["N1"]) is None
    assert not gone.cost(zone_id="N1").defined


def test_a_region_costs_what_its_zones_cost_and_says_what_is_not_known(toy: Study) -> None:
    region, zones = toy.cost(), [toy.cost(zone_id=zone.id) for zone in toy.plan.zones]
    assert region.total_hours == pytest.approx(sum(zone.total_hours for zone in zones))
    assert region.posts == sum(zone.posts for zone in zones)
    assert region.full_time_equivalents < region.posts
    # no support centre is published in the south
    assert dict(region.unknown) == {"tis": 1}
    assert dict(toy.cost(sector_id="nord").unknown) == {}
    # its T.I.S. are not at zero, nor do they count in the region
    assert toy.cost(sector_id="sud").tis_hours is None
    assert toy.cost(sector_id="sud").km_of("tis") is None
    assert region.tis_hours == toy.cost(sector_id="nord").tis_hours
    assert region.tis_hours is not None


def test_an_empty_zone_costs_nothing_and_one_that_nobody_can_reach_infinitely_much(
    toy: Study, toy_of: Draw, cut_toy: Study
) -> None:
    study = toy.with_plan(toy_of(N1="ABC", N2="DEFGHI", S1=""))
    assert study.cost(zone_id="S1").total_hours == 0
    assert study.cost().lycees == 9
    assert cut_toy.cost(zone_id="N1").road_hours == float("inf")
    assert cut_toy.cost(zone_id="N2").road_hours < float("inf")
    low, high = cut_toy.cost_interval(zone_id="N1").road_hours
    assert low == high == float("inf")
