"""The best plans over draws, against every partition: in the mean, and of the least regret."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import hypothesis
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.domain.zone_costs import MeanModel
from geozones.optimize import PartitionOptions, ProofStatus, Result, frontier, propose

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import Block, Instance, every_plan, instances, movable, whole_number

EXACT = 1e-6


@dataclass(frozen=True)
class AnyDraws:
    """Zones cost whatever it may be in each draw, by the set of their lycées alone."""

    seeds: tuple[int, ...]

    key = "any"

    @property
    def draws(self) -> int:
        return len(self.seeds)

    def on(self, lycees: Block) -> "AnyEach":
        return AnyEach(self, lycees)

    def restricted(self, _lycees: list[str]) -> "AnyDraws":
        return self

    def with_draws(self, draws: slice) -> "AnyDraws":
        return replace(self, seeds=self.seeds[draws])

    def of_zone(self, block: Block) -> NDArray[np.float64]:
        return np.array([float(whole_number(seed, *sorted(block))) for seed in self.seeds])


@dataclass(frozen=True)
class AnyEach:
    model: AnyDraws
    lycees: Block

    def each(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        rows = [tuple(self.lycees[at] for at in row) for row in members.tolist()]
        return np.array([self.model.of_zone(row) for row in rows]).reshape(-1, self.model.draws)


def totals(drawn: AnyDraws, instance: Instance) -> NDArray[np.float64]:
    """Return what each plan costs in each draw, ``float[plan, draw]``, but for zones kept."""
    plans = every_plan(instance.with_options(cost=MeanModel(drawn)))
    each = [sum((drawn.of_zone(zone) for zone in plan), np.zeros(drawn.draws)) for plan in plans]
    return np.array(each).reshape(len(plans), drawn.draws)


def asked(instance: Instance, drawn: AnyDraws, robust: str) -> Result:
    over = instance.with_options(cost=MeanModel(drawn), robust=robust)
    return propose(over.plan, over.times, over.options)


def cost_of(result: Result, drawn: AnyDraws, instance: Instance) -> NDArray[np.float64]:
    """Return what the zones of a plan that may change cost in each draw."""
    free = set(movable(instance)[0])
    plan = result.plan
    zones = [plan.members(zone.id) for zone in plan.zones if free & set(plan.members(zone.id))]
    return sum((drawn.of_zone(zone) for zone in zones), np.zeros(drawn.draws))


draws = st.lists(st.integers(0, 9999), min_size=2, max_size=5, unique=True).map(
    lambda seeds: AnyDraws(tuple(seeds))
)


_SETS = ("locked_lycees", "locked_zones", "together", "apart")


@st.composite
def loose(draw: st.DrawFn) -> Instance:
    """Draw a region with few conditions, so that many plans respect them, or with any."""
    instance = draw(instances(most=7))
    assume(len(instance.plan.lycees) > 4)
    if draw(st.integers(0, 3)) == 0:
        return instance
    low = draw(st.integers(1, 2))
    return instance.with_options(
        **{
            field: getattr(PartitionOptions(), field)
            for field in ("adjacent", "threshold", "max_releve", "max_minutes")
        },
        **{field: frozenset() for field in (*_SETS, "sectors")},
        resources=(),
        zone_count=None,
        change_sector=draw(st.sampled_from([True, True, False])),
        size_min=low,
        size_max=low + 2,
        max_moves=draw(st.none() | st.integers(3, 6)),
    )


@pytest.mark.slow
@hypothesis.settings(max_examples=30)
@given(loose(), draws)
def test_the_best_in_the_mean_is_that_of_every_plan_in_every_draw(
    instance: Instance, drawn: AnyDraws
) -> None:
    every, result = totals(drawn, instance), asked(instance, drawn, "mean")
    if not len(every):
        assert result.status is ProofStatus.INFEASIBLE
        return
    assert result.status is ProofStatus.OPTIMAL
    found = cost_of(result, drawn, instance).mean()
    assert found == pytest.approx(every.mean(axis=1).min(), abs=EXACT)


@pytest.mark.slow
@hypothesis.settings(max_examples=30)
@given(loose(), draws)
def test_the_least_regret_is_that_of_every_plan_in_every_draw(
    instance: Instance, drawn: AnyDraws
) -> None:
    every, result = totals(drawn, instance), asked(instance, drawn, "regret")
    if not len(every):
        assert result.status is ProofStatus.INFEASIBLE
        assert result.why
        return
    assert result.status is ProofStatus.OPTIMAL
    best = every.min(axis=0)
    least = (every - best).max(axis=1).min()
    assert result.objective_after == pytest.approx(least, abs=EXACT)
    assert (cost_of(result, drawn, instance) - best).max() == pytest.approx(least, abs=EXACT)
    assert (result.bound, result.gap) == (pytest.approx(least, abs=EXACT), 0)


@hypothesis.settings(max_examples=15)
@given(loose(), draws)
def test_a_curve_of_the_least_regret_is_its_one_plan(instance: Instance, drawn: AnyDraws) -> None:
    over = instance.with_options(cost=MeanModel(drawn), robust="regret")
    curve = frontier(over.plan, over.times, over.options)
    if curve.best.status is ProofStatus.OPTIMAL:
        (point,) = curve.points
        assert (point.result, point.max_moves) == (curve.best, len(curve.best.moves))
    else:
        assert curve.why
    assert curve.complete


def test_an_unknown_way_to_hold_is_refused() -> None:
    with pytest.raises(InputError, match="mean ou par regret"):
        PartitionOptions(robust="worst")
