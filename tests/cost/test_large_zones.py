"""Zones of many lycées: sums by rank give what the product over triples of lycées gives."""

import random

import numpy as np
import pytest

from geozones.cost import closed_form
from geozones.cost.zone_cost import ZoneCase, zone_cost
from geozones.domain import TravelTimes
from geozones.domain.settings import Settings
from geozones.domain.yearly_cost import YearlyCost
from tests.teams.conftest import times_of


def drives(size: int, seed: int) -> TravelTimes:
    """Drives of whole minutes, many of them equal, some too long to share a post."""
    choose = random.Random(seed)  # noqa: S311 - a test
    minutes = [
        [float(choose.choice([5, 5, 12, 12, 30, 70])) for _ in range(size)] for _ in range(size)
    ]
    half = np.triu(np.array(minutes), 1)
    return times_of((half + half.T).tolist(), "ABCDEFGH")


@pytest.mark.parametrize("size", [3, 5, 8])
@pytest.mark.parametrize("seed", range(5))
def test_a_zone_costs_the_same_by_rank_as_by_triples(
    size: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, choose = tuple("ABCDEFGH"[:size]), random.Random(100 + seed)  # noqa: S311
    needs = tuple(choose.randint(2, 14) for _ in names)
    case, times = ZoneCase(names, needs, (), "A", 1), drives(size, seed)

    def figures() -> list[float]:
        cost: YearlyCost = zone_cost(case, times, Settings())
        return [cost.total_hours, cost.items["absences"].road_hours, cost.unattended_hours, cost.km]

    by_triples = figures()
    monkeypatch.setattr(closed_form, "_MANY", 1)
    assert figures() == pytest.approx(by_triples)
    assert by_triples[3] > 0
