r"""Bounds on totals of sectors, and costs that depend on the sector.

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
    """Bounds on a quantity of each sector of the scope.

    Parameters
    ----------
    label, unit
        Name of the quantity, in French, for sentences: « élèves ».
    amounts
        Amount of each lycée (id); 0 if missing.
    least, most
        Least and most of a sector, locked zones included; they also apply to an empty sector.
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
        """Return the amount of a sector (id) in a plan."""
        return sum(self.amounts.get(lycee, 0.0) for lycee in plan.lycees_of(sector))

    def allows(self, amount: float) -> bool:
        """Return whether a sector may have this amount."""
        return self.least - SAME <= amount <= self.most + SAME
