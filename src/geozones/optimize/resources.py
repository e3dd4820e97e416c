"""Resources of zones: bounds on their total over the plan, and on the use of each zone.

A resource is any quantity of zones: hours not served, pupils, the cost in one draw. A bound on the
total is a row (3) of ``model``, whose dual, never positive, raises the reduced cost of a column as
it uses more. A bound on each zone only leaves candidates out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, number
from geozones.domain.zone_costs import CostModel

#: A total exceeds a bound only by more than this share of the bound (or this number, below 1).
_SAME = 1e-6
#: Amounts from this number on are written without decimals.
_WHOLE = 100


@dataclass(frozen=True)
class Resource:
    """Resource of zones, and its bounds.

    Parameters
    ----------
    label
        Name of the resource, in French, for sentences: « heures perdues ».
    use
        Use of a zone, by its lycées alone; never negative. A zone of infinite use is not
        allowed.
    most
        Most that the zones of the scope use in all, locked ones included; ``inf`` for any.
    least_by_zone, most_by_zone
        Least and most that each zone of the scope uses, locked ones included.
    unit
        Unit of these figures in French sentences; empty for none.
    rule
        Key of the rule behind the bound (`domain.proposal_rules`), whose name is the label;
        empty for another bound.
    sector
        The sector (id) whose zones alone use it; ``None`` if zones of any sector may.
    """

    label: str
    use: CostModel
    most: float = inf
    least_by_zone: float = 0.0
    most_by_zone: float = inf
    unit: str = ""
    rule: str = ""
    sector: str | None = None

    def text(self, amount: float) -> str:
        """Return an amount in French, with its unit."""
        text = number(amount, 0 if amount >= _WHOLE or float(amount).is_integer() else 1)
        return f"{text}{NBSP}{self.unit}" if self.unit else text

    def fits(self, use: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which zones respect the bounds on each zone, from their use (``float[zone]``)."""
        low = self.least_by_zone - tolerance(self.least_by_zone)
        high = self.most_by_zone + tolerance(self.most_by_zone)
        return (low <= use) & (use <= high) & (use < inf)

    def allows(self, total: float) -> bool:
        """Return whether the zones of a scope may have this total use."""
        return total <= self.most + tolerance(self.most)


def tolerance(bound: float) -> float:
    """Return how far above a bound a total still respects it."""
    return _SAME * max(1.0, abs(bound)) if abs(bound) < inf else 0.0


def faults_of(resources: Sequence[Resource]) -> list[str]:
    """Return the bounds of resources that no plan could respect, in French sentences."""
    faults = []
    for resource in resources:
        low, high = resource.least_by_zone, resource.most_by_zone
        if not (resource.most >= 0 and low >= 0 and high >= 0):
            faults.append(f"{resource.label.capitalize()} : une borne est un nombre positif.")
        elif low > high:
            faults.append(
                f"{resource.label.capitalize()} : le minimum d'une zone ({resource.text(low)}) "
                f"dépasse le maximum ({resource.text(high)})."
            )
        elif low > resource.most:
            faults.append(
                f"{resource.label.capitalize()} : le minimum d'une seule zone "
                f"({resource.text(low)}) dépasse le total permis ({resource.text(resource.most)})."
            )
    return faults
