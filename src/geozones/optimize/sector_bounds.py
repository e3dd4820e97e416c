"""Bounds on totals of sectors, rows (4) and (5) of ``model``."""

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
