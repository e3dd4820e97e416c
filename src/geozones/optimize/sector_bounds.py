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

from geozones.common.french import NBSP, number
from geozones.domain import Plan

SAME = 1e-6


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
        return self.least - SAME <= amount <= self.most + SAME
