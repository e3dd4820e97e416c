"""Bounds on what zones use, against every partition; and those that nothing can respect."""

from dataclasses import dataclass
from math import inf
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geozones.optimize import PartitionOptions, ProofStatus, Result, propose
from geozones.optimize.resources import Resource
from geozones.workspace.figures.study import Study
from tests.optimize.brute_force import AnyCost, Instance, best_objective, instances, uses_allow


def bounded(instance: Instance, data: st.DataObject) -> Instance:
    """Bound two resources by what some plan without the bounds uses, or a little less or more."""
    free = instance.with_options(resources=())
    result = propose(free.plan, free.times, free.options)
    scope = instance.options.sectors or {"S0", "S1"}
    zones = [zone.id for zone in result.plan.zones if zone.sector in scope]
    blocks = [tuple(sorted(result.plan.members(zone))) for zone in zones]
    resources = []
    for seed in (1, 2):
        use = AnyCost(data.draw(st.integers(0, 99)) * 3 + seed)
        uses = [use.of_zone(block) for block in blocks if block]
        total = sum(uses) if inf not in uses else 400.0
        most = max(total - data.draw(st.integers(-20, 60)), 0)
        resources.append(Resource("points", use, most, data.draw(st.sampled_from([0, 0, 20]))))
    return instance.with_options(resources=tuple(resources))


def is_the_best(instance: Instance, result: Result) -> None:
    best = best_objective(instance)
    assert result.status is (ProofStatus.INFEASIBLE if best is None else ProofStatus.OPTIMAL)
    if best is None:
        assert result.why
        return
    assert result.objective_after == pytest.approx(best, abs=1e-6)
    assert result.gap == 0
    scope = instance.options.sectors or {"S0", "S1"}
    free = [z.id for z in result.plan.zones if z.id not in instance.options.locked_zones]
    free = [zone for zone in free if result.plan.zone(zone).sector in scope]
    blocks = [tuple(sorted(result.plan.members(zone))) for zone in free]
    assert uses_allow(instance, [block for block in blocks if block])


@hypothesis.settings(max_examples=60)
@given(instances(), st.data())
def test_the_best_plan_within_totals_is_that_of_all_partitions(
    instance: Instance, data: st.DataObject
) -> None:
    asked = bounded(instance, data)
    is_the_best(asked, propose(asked.plan, asked.times, asked.options))


@dataclass(frozen=True)
class Pupils:
    """As many pupils in each lycée."""

    each: float
    key: str = "pupils"

    def on(self, _lycees: object) -> "Pupils":
        return self

    def restricted(self, _lycees: object) -> "Pupils":
        return self

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        return np.full(len(members), self.each * members.shape[1])


def pupils(**bounds: float) -> Resource:
    return Resource("élèves", Pupils(1000.0), **bounds)


def status(study: Study, resource: Resource, **options: Any) -> ProofStatus:
    asked = PartitionOptions(sectors={"mayenne"}, resources=(resource,), **options)
    result = propose(study.plan, study.times, asked)
    assert result.plan == study.plan
    assert "Aucun découpage ne respecte toutes ces options" in result.why
    return result.status


def test_totals_that_nothing_can_respect_and_locked_zones_under_a_bound_leave_no_plan(
    study: Study,
) -> None:
    assert status(study, pupils(most=5000.0)) is ProofStatus.INFEASIBLE
    zone = next(zone for zone in study.plan.zones if zone.sector == "mayenne")
    few = pupils(least_by_zone=1000.0 * len(study.plan.members(zone.id)) + 1)
    assert status(study, few, locked_zones={zone.id}, size_min=1) is ProofStatus.INFEASIBLE
