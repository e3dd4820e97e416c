"""Hours of zones in draws: each draw is a year under other minutes, needs and hypotheses."""

from dataclasses import replace

import numpy as np
import pytest

from geozones.cost import HoursModel
from geozones.cost.drawn_hours import DrawnHours, HypothesisDraws
from geozones.workspace.figures.costs import DRAWS as OF_INTERVALS
from geozones.workspace.figures.study import Study

#: Four draws: what each multiplies.
ABSENCE, VISITS = np.array([1.0, 0.5, 2.0, 1.0]), np.array([1.0, 1.0, 0.7, 1.5])
MINUTES = np.array([1.0, 1.2, 0.8, 2.0])
ZONES = [("A", "B", "C"), ("D", "E"), ("G", "H", "I"), ("F",)]


def under(study: Study, draw: int, needs: dict[str, np.ndarray]) -> HoursModel:
    """The model whose usual figures are those of a draw."""
    settings, cost, teams = study.settings, study.settings.cost, study.settings.teams
    drawn = replace(
        settings,
        cost=replace(cost, visits_per_month=cost.visits_per_month * VISITS[draw]),
        teams=replace(teams, absence_rate=teams.absence_rate * ABSENCE[draw]),
    )
    model = study.analysis.costs.model(study.plan, study.teams)
    times = replace(study.times, minutes=study.times.minutes * MINUTES[draw])
    scaled = {key: need * needs[key][draw] for key, need in model.needs.items()}
    # posts stay those of the usual needs
    return HoursModel(scaled, times, model.centres, drawn, staffed=_posts(model))


def _posts(model: HoursModel) -> dict[tuple[str, ...], int]:
    return {zone: max(-(-sum(model.needs[key] for key in zone) // 10), 1) for zone in ZONES}


def test_each_draw_is_a_year_under_its_own_minutes_needs_and_hypotheses(toy: Study) -> None:
    model = toy.analysis.costs.model(toy.plan, toy.teams)
    random = np.random.default_rng(3)
    needs = {key: random.uniform(0.8, 1.3, 4) for key in model.needs}
    ways = [(centre, key) for centre in "ADG" for key in model.needs if centre != key]
    draws = HypothesisDraws(ABSENCE, VISITS, needs, dict.fromkeys(ways, MINUTES))
    pairs = [
        np.array(
            [
                (toy.times.between(a, b) + toy.times.between(b, a)) / 2 * MINUTES
                for rank, a in enumerate(zone)
                for b in zone[rank + 1 :]
            ]
        ).reshape(-1, 4)
        for zone in ZONES
    ]
    found = DrawnHours(model, draws).of(ZONES, pairs)
    order = tuple(sorted(model.needs))
    for draw in range(4):
        costs = under(toy, draw, needs).on(order)
        for zone, drawn in zip(ZONES, found, strict=True):
            (usual,) = costs.of(np.array([[order.index(key) for key in zone]], np.uint16))
            # the needs without a post are those of today, as posts are
            drawn_needs = sum(model.needs[key] * needs[key][draw] for key in zone)
            unmet = (
                max(drawn_needs - 10 * _posts(model)[zone], 0) * toy.settings.teams.year_days / 5
            )
            assert drawn.total[draw] == pytest.approx(usual - unmet * 3.5), (zone, draw)


def test_plans_are_compared_in_the_draws_of_the_intervals(study: Study) -> None:
    """The cost of the region is between the same ends, told by either."""
    low, high = study.cost_interval().total_hours
    drawn = study.ranking.draws
    zones = [study.plan.members(zone.id) for zone in study.plan.zones]
    total = sum(cost.total for cost in drawn.costs_of(zones).values())
    assert len(total) < OF_INTERVALS
    ends = np.quantile(total, (0.1, 0.9), method="inverted_cdf")
    # 200 draws know the ends within 3 points of a share, 500 within 2
    assert ends == pytest.approx([low, high], rel=0.05)
    assert np.quantile(total, 0.02) < low < np.quantile(total, 0.18)
    assert np.quantile(total, 0.82) < high < np.quantile(total, 0.98)
