"""What holds of every zone: covers, order, monotone figures, hypotheses out of range."""

import random
from dataclasses import replace
from itertools import pairwise

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.cost.cover_table import cover_table
from geozones.cost.zone_cost import ZoneCase, zone_cost
from geozones.domain.settings import CostSettings, Settings, TeamSettings
from geozones.workspace.study import Study

RATES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.5, 0.9, 1.0)

needs = st.lists(st.integers(0, 16), min_size=1, max_size=6)


def case_of(given_needs: list[int], posts: float | None = None) -> ZoneCase:
    return ZoneCase(tuple("ABCDEF"[: len(given_needs)]), tuple(given_needs), (), "A", posts)


def simulated_share(posts: int, rate: float, days: float, cap: int) -> float:
    """Share of half-days that nobody covers, each post followed by itself over many years."""
    random, years = np.random.default_rng(1), 4000
    leave, start = 1 / days, rate / days / (1 - rate)
    away, made = random.random((years, posts)) < rate, np.zeros((years, posts), int)
    missed = lost = 0
    for day in range(54):
        if day:
            draw = random.random((years, posts))
            away = np.where(away, draw >= leave, draw < start)
        if day % 18 == 0:
            made[:] = 0
        for _ in range(2):
            missed += away.sum()
            called = np.zeros_like(away)
            for absent in range(posts):
                waits = away[:, absent].copy()
                for other in range(1, posts):
                    rank = (absent + other) % posts
                    comes = waits & ~away[:, rank] & ~called[:, rank] & (made[:, rank] < cap)
                    called[:, rank] |= comes
                    made[:, rank] += comes
                    waits &= ~comes
                lost += waits.sum()
    return lost / missed


@pytest.mark.parametrize(("posts", "cap"), [(2, 4), (3, 4), (4, 4), (4, 8)])
def test_the_table_of_covers_is_what_years_give(posts: int, cap: int) -> None:
    share = cover_table(0.05, 5, cap).uncovered[posts, -1]
    assert share == pytest.approx(simulated_share(posts, 0.05, 5, cap), rel=0.06)


@pytest.mark.parametrize("cap", [0, 2, 4, 40])
def test_more_absence_never_loses_less_and_a_new_post_never_more(cap: int) -> None:
    tables = [rate * cover_table(rate, 5, cap).uncovered for rate in RATES]
    for less, more in pairwise(tables):
        assert (less <= more + 1e-9).all()
    for table in tables:
        assert (np.diff(table[1:], axis=0) <= 1e-9).all()
        assert (table >= -1e-12).all()


@given(needs=needs)
@hypothesis.settings(max_examples=20)
def test_figures_of_a_zone_are_ordered_as_hypotheses_are(toy: Study, needs: list[int]) -> None:
    def hours(rate: float = 0.05, posts: float | None = None) -> tuple[float, float]:
        settings = Settings(teams=TeamSettings(absence_rate=rate))
        cost = zone_cost(case_of(needs, posts), toy.times, settings)
        return cost.unserved_hours, cost.road_hours

    lost = [hours(rate)[0] for rate in (0.0, 0.05, 0.2, 1.0)]
    assert lost == sorted(lost)
    enough = max(sum(needs) / 10, 1.0)
    fewer = [hours(posts=posts)[0] for posts in (enough / 2, enough, enough + 0.5, enough + 1)]
    assert all(more >= less - 1e-6 for more, less in pairwise(fewer))
    assert np.isfinite([hours(rate) for rate in (0.0, 1.0)]).all()


@given(needs=needs, order=st.randoms(use_true_random=False))
def test_the_order_of_lycees_changes_nothing(
    toy: Study, needs: list[int], order: random.Random
) -> None:
    pairs = list(zip("ABCDEF", needs, strict=False))
    first = zone_cost(case_of(needs), toy.times, toy.settings)
    order.shuffle(pairs)
    lycees, mixed = zip(*pairs, strict=True)
    again = zone_cost(ZoneCase(lycees, mixed, (), "A"), toy.times, toy.settings)
    assert again.total_hours == pytest.approx(first.total_hours)


@given(needs=needs)
def test_half_days_missed_are_covered_or_lost(toy: Study, needs: list[int]) -> None:
    settings = Settings(teams=TeamSettings(absence_rate=0.1))
    items = zone_cost(case_of(needs), toy.times, settings).items
    missed = 0.1 * 36 * min(sum(needs), max(sum(needs), 10))
    assert 0 <= items["absences"].displaced_half_days <= missed + 1e-6
    assert 0 <= items["non_servi"].unserved_half_days <= missed + 1e-6


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_nobody_or_everybody_away_still_has_a_cost(study: Study, rate: float) -> None:
    away = study.with_team_settings(replace(study.settings.teams, absence_rate=rate)).cost()
    needs = sum(study.teams.need(lycee).half_days for lycee in study.territory.lycees.values())
    assert away.unserved_hours == pytest.approx(rate * needs * 36 * 3.5)
    assert (away.items["tournees"].road_hours == 0) == (rate == 1)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"months": 0}, "mois"),
        ({"visits_per_month": -1}, "visites"),
        ({"visits_per_month": float("nan")}, "visites"),
        ({"lost_hour": 200}, "heure de service"),
        ({"euros_per_km": 30}, "euros"),
        ({"kg_co2_per_km": -0.1}, "CO₂"),
    ],
)
def test_hypotheses_out_of_range_are_refused_in_a_sentence(
    toy: Study, wrong: dict[str, float], told: str
) -> None:
    with pytest.raises(InputError, match=told):
        toy.with_cost_settings(CostSettings(**wrong))


def test_intervals_hold_the_figure_and_are_the_same_each_time(study: Study) -> None:
    cost, interval = study.cost(sector="mayenne"), study.cost_interval(sector="mayenne")
    for name in ("road_hours", "unserved_hours", "total_hours", "km", "euros", "kg_co2"):
        low, high = getattr(interval, name)
        assert low < getattr(cost, name) < high
    study.analysis.costs._drawn.cache_clear()
    assert study.cost_interval(sector="mayenne") == interval
