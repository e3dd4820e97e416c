"""Constraints of a partition problem: lycées that may not share a zone, bounds as rows, checks.

Pairs serve to enumerate candidates; bounds are rows of the program, and the plans that it returns
are checked against them.
"""

from dataclasses import dataclass
from math import inf
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.domain.proposal_conditions import THRESHOLD
from geozones.domain.yearly_cost import CostsByName
from geozones.optimize.problem import NONE, PartitionProblem
from geozones.optimize.resources import tolerance


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a program: ``float[column, row]``, and the ``float[row]`` that bound them."""

    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    @classmethod
    def at_most(cls, matrix: csr_array, upper: NDArray[np.float64]) -> Self:
        """Return rows without a lower bound."""
        return cls(matrix, np.full(len(upper), -inf), upper)


def right_hand_side(problem: PartitionProblem) -> NDArray[np.float64]:
    """Return the most that movable lycées can use of each resource, ``float[resource]``.

    The use of the locked zones is subtracted; ``inf`` for no bound.
    """
    return np.array(
        [
            resource.most + tolerance(resource.most) - kept if resource.most < inf else inf
            for resource, kept in zip(problem.options.resources, problem.locked_uses, strict=True)
        ]
    )


def current_plan_fits(problem: PartitionProblem) -> bool:
    """Return whether the current plan respects every bound on resources."""
    zones = [problem.plan.members(zone) for zone in (*problem.zones, *problem.locked)]
    zones = [zone for zone in zones if zone]
    for resource in problem.options.resources:
        uses = np.array(CostsByName(resource.use, problem.costs.lycees).of_all(zones))
        if not (resource.fits(uses).all() and resource.allows(float(uses.sum()))):
            return False
    return True


def locked_zones_break(problem: PartitionProblem) -> bool:
    """Return whether the locked zones alone break a bound on resources, or are too many."""
    if problem.zone_count is not None and problem.zone_count < 0:
        return True
    zones = [problem.plan.members(zone) for zone in problem.locked]
    for resource, kept in zip(problem.options.resources, problem.locked_uses, strict=True):
        uses = np.array(CostsByName(resource.use, problem.costs.lycees).of_all(zones))
        if not (resource.fits(uses).all() and resource.allows(kept)):
            return True
    return False


def compatible_pairs(problem: PartitionProblem) -> NDArray[np.bool_]:
    """Return which lycées may share a zone, ``bool[n, n]``, false on the diagonal.

    They are reachable, within the cap and, but in an unchanged zone, the threshold of minutes; not
    held in two zones or two sectors; of one sector, unless lycées may change sector.
    """
    options, sectors = problem.options, problem.sector_of
    allowed = ~np.eye(problem.size, dtype=bool) & ~np.isinf(problem.minutes)
    if options.max_minutes is not None:
        allowed &= problem.minutes <= options.max_minutes
    if options.imposes(THRESHOLD):
        allowed &= ~problem.over_threshold | problem.in_current_zone
    allowed &= ~_differ_where_set(problem.held) & ~_differ_where_set(problem.pinned)
    return allowed if options.change_sector else allowed & (sectors[:, None] == sectors[None, :])


def _differ_where_set(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values differ pairwise, if neither is ``NONE``, ``bool[n, n]``."""
    both_set = (values[:, None] != NONE) & (values[None, :] != NONE)
    return np.asarray(both_set & (values[:, None] != values[None, :]), bool)
