r"""Bounds on what sectors have, and costs that depend on the sector: columns say their sector.

Where lycées may change sector, a column is a candidate S and the sector g that it would be of,
x(S, g), beside the old zone that it continues (whose sector it then has). It costs c(S, g), and

.. math:: l ≤ \sum_{S} a(S) x(S, g) ≤ u \quad g ∈ G

with a(S) the sum of what its lycées have. What sectors have in all does not change, so that the
lower bound is an upper one on the other sectors together: each row is of the sort that a
``resources`` total is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.common.french import NBSP, number
from geozones.domain import Plan

if TYPE_CHECKING:
    from geozones.optimize.problem import PartitionProblem

_SAME = 1e-6


@dataclass(frozen=True)
class SectorBound:
    """How much of something each sector of the scope has.

    Parameters
    ----------
    label, unit
        What is counted, in French, for sentences: « élèves ».
    amounts
        What each lycée (id) has; 0 where it is left out.
    least, most
        Least and most of a sector, locked zones included; a sector left without lycées is one too.
    """

    label: str
    amounts: Mapping[str, float] = field(hash=False)
    least: float = 0.0
    most: float = inf

    def text(self, amount: float) -> str:
        """Return an amount in French."""
        return f"{number(amount)}{NBSP}{self.label}"

    def range_text(self) -> str:
        """Return the bounds in French."""
        if self.most == inf:
            return f"{self.text(self.least)} au moins"
        if self.least <= 0:
            return f"{self.text(self.most)} au plus"
        return f"de {number(self.least)} à {self.text(self.most)}"

    def of(self, plan: Plan, sector: str) -> float:
        """Return what a sector (id) has in a plan."""
        return sum(self.amounts.get(lycee, 0.0) for lycee in plan.lycees_of(sector))

    def allows(self, amount: float) -> bool:
        """Tell whether a sector may have so much."""
        return self.least - _SAME <= amount <= self.most + _SAME


def bound_faults(problem: "PartitionProblem") -> list[str]:
    """Return which bounds on sectors no plan can respect, in French, with the figures."""
    plan, sentences = problem.plan, []
    for bound in problem.options.sector_bounds:
        had = {sector: bound.of(plan, sector) for sector in problem.sectors}
        total, count = sum(had.values()), len(had)
        if problem.options.change_sector and count > 1:
            if not count * bound.least - _SAME <= total <= count * bound.most + _SAME:
                sentences.append(
                    f"Les {count} secteurs ont {bound.text(total)} en tout : chacun ne peut pas en "
                    f"avoir {bound.range_text()}."
                )
            continue
        sentences += [
            f"Le secteur {plan.sector(sector).name} a {bound.text(amount)} (demandé : "
            f"{bound.range_text()}), et aucun lycée ne peut changer de secteur."
            for sector, amount in had.items()
            if not bound.allows(amount)
        ]
    return sentences


def sectors_fit(problem: "PartitionProblem", plan: Plan) -> bool:
    """Tell whether a plan respects every bound on the sectors of the scope."""
    return all(
        bound.allows(bound.of(plan, sector))
        for bound in problem.options.sector_bounds
        for sector in problem.sectors
    )


def sector_rows(
    problem: "PartitionProblem", covers: csr_array, sector: NDArray[np.int16]
) -> tuple[list[csr_array], list[NDArray[np.float64]]]:
    """Return the rows of the bounds, ``float64[column, row]``, and their upper bounds.

    Parameters
    ----------
    covers
        Rows (1), ``float32[column, lycée]``.
    sector
        ``int16[column]``, the sector of each column.
    """
    blocks, upper = [], []
    count = len(problem.sectors)
    own = csr_array(
        (np.ones(len(sector)), (np.arange(len(sector)), sector)), shape=(len(sector), count)
    )
    others = csr_array(1 - own.toarray())
    for bound in problem.options.sector_bounds:
        amounts = np.array([bound.amounts.get(lycee, 0.0) for lycee in problem.lycees])
        kept = np.array([_kept(problem, bound, name) for name in problem.sectors])
        used = (covers @ amounts)[:, None]
        if bound.most < inf:
            blocks.append(csr_array(own.multiply(used)))
            upper.append(np.full(count, bound.most + _SAME) - kept)
        if bound.least > 0:
            blocks.append(csr_array(others.multiply(used)))
            upper.append(amounts.sum() - np.maximum(bound.least - _SAME - kept, 0.0))
    return blocks, upper


def _kept(problem: "PartitionProblem", bound: SectorBound, sector: str) -> float:
    """Return what the locked zones of a sector (id) have."""
    zones = [zone for zone in problem.kept if problem.plan.zone(zone).sector == sector]
    lycees = (lycee for zone in zones for lycee in problem.plan.members(zone))
    return sum(bound.amounts.get(lycee, 0.0) for lycee in lycees)
