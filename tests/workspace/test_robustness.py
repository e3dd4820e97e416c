"""Searches over draws, on plans of real figures: what is best there is told by the judge too."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.proposal_conditions import ProofStatus
from geozones.workspace.proposals.packages import proposal_of
from geozones.workspace.proposals.solve import REGRET_DRAWS, options_of, propose, robustness_of
from geozones.workspace.study import Study

NORTH = "ABCDEF"


@pytest.fixture
def mixed(toy: Study, toy_of: Callable[..., Plan]) -> Study:
    return toy.with_plan(toy_of(N1="ABD", N2="CEF", S1="GHI"))


def asked(robust: str) -> dict[str, object]:
    return {
        "sectors": frozenset({"nord"}),
        "size_min": 2,
        "size_max": 4,
        "robust": robust,
        "without": frozenset({"all"}),
    }


def partitions(lycees: tuple[str, ...]) -> list[list[tuple[str, ...]]]:
    """Return every way to make zones of two to four lycées."""
    if not lycees:
        return [[]]
    first, rest = lycees[0], lycees[1:]
    return [
        [(first, *others), *zones]
        for size in (1, 2, 3)
        for others in combinations(rest, size)
        for zones in partitions(tuple(key for key in rest if key not in others))
    ]


def every_total(study: Study) -> np.ndarray:
    """Return what each partition of the north costs in each draw, ``float[partition, draw]``."""
    drawn = study.ranking.draws
    return np.array(
        [
            sum(cost.total for cost in drawn.costs_of(zones).values())
            for zones in partitions(tuple(NORTH))
        ]
    )


def test_the_best_in_the_mean_is_the_one_that_the_judge_finds(mixed: Study) -> None:
    found = propose(mixed, options_of(**asked("mean")))
    assert found.status is ProofStatus.OPTIMAL
    assert found.objective_after == pytest.approx(every_total(mixed).mean(axis=1).min(), rel=1e-5)
    gain = robustness_of(mixed, found.plan).gain
    assert gain == pytest.approx(found.objective_before - found.objective_after, rel=1e-3)
    cut = proposal_of(mixed, found.plan, options_of(**asked("mean"))).packages
    assert sum(package.gain for package in cut) == pytest.approx(gain, rel=1e-3)


def test_the_least_regret_is_that_of_the_draws_of_the_judge(mixed: Study) -> None:
    found = propose(mixed, options_of(**asked("regret")))
    every = every_total(mixed)[:, :REGRET_DRAWS]
    regrets = (every - every.min(axis=0)).max(axis=1)
    assert found.status is ProofStatus.OPTIMAL
    assert found.objective_after == pytest.approx(regrets.min(), rel=1e-3, abs=1e-3)
    assert found.objective_before >= found.objective_after == found.bound


def test_a_drive_that_a_draw_makes_longer_than_a_day_is_told_before_any_search(
    mixed: Study,
) -> None:
    times = mixed.times
    minutes = times.minutes
    low, high = minutes / 1.1, minutes * 1.1
    row, column = times.origin_index["A"], times.origin_index["B"]
    high[row, column] = high[column, row] = 100_000.0
    analysis = replace(mixed.analysis, times=replace(times, low=low, high=high))
    unsure = replace(mixed, analysis=analysis)
    for robust in ("mean", "regret"):
        with pytest.raises(InputError) as refused:
            propose(unsure, options_of(**asked(robust)))
        said = str(refused.value)
        assert "tirages sur 200" in said.replace("\u00a0", " ")
        assert all(name in said for name in (mixed.name("A"), mixed.name("B"), "100\u202f000"))
    assert propose(unsure, options_of(**asked(""))).status is ProofStatus.OPTIMAL


def test_a_zone_that_changes_sector_whole_costs_the_same(study: Study) -> None:
    """T.I.S. would come from another centre: they are apart."""
    plan = study.plan
    zones = tuple(
        replace(zone, sector="maine-et-loire") if zone.id == "MAY-2" else zone
        for zone in plan.zones
    )
    moved = replace(plan, zones=zones)
    told = robustness_of(study, moved)
    before, after = (study.with_plan(one).cost(zone="MAY-2").road_hours for one in (plan, moved))
    assert before == after
    assert told.gain == pytest.approx(0, abs=1e-6)
