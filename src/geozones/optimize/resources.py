r"""Bounds on what zones use: on its total over the plan, and on what each zone uses.

A resource is anything counted by zone: hours not served, pupils, the cost in one draw. Let u(S) ≥ 0
be what a zone S uses and U the most that the plan may use. The total is a row of the program,

.. math:: \sum_S u(S) x(S) ≤ U

(`plan_bounds`), whose dual, never positive, raises the reduced cost of a column as it uses more. A
bound on each zone only leaves candidates out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, number
from geozones.domain.zone_costs import CostModel

#: Totals nearer to a bound than this share of it (or this, below 1) respect it.
_SAME = 1e-6
#: Amounts from so much on are written without decimals.
_WHOLE = 100


@dataclass(frozen=True)
class Resource:
    """What zones use, and how much they may.

    Parameters
    ----------
    label
        What is counted, in French, for sentences: « heures perdues ».
    use
        What a zone uses, by its lycées alone; never negative. A zone whose use is infinite is not
        made.
    most
        Most that the zones of the scope use in all, locked ones included; ``inf`` for any.
    least_by_zone, most_by_zone
        Least and most that each zone of the scope uses, locked ones included.
    unit
        Unit of these figures in French sentences; empty for none.
    rule
        Key of the rule that the bound keeps (`domain.proposal_rules`), whose name is the label;
        empty for a bound of its own.
    sector
        The sector (id) whose zones alone use it; ``None`` where zones of any may.
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
        """Return which zones respect the bounds on each, from their use (``float[zone]``)."""
        low = self.least_by_zone - tolerance(self.least_by_zone)
        high = self.most_by_zone + tolerance(self.most_by_zone)
        return (low <= use) & (use <= high) & (use < inf)

    def allows(self, total: float) -> bool:
        """Tell whether the zones of a scope may use so much in all."""
        return total <= self.most + tolerance(self.most)


def tolerance(bound: float) -> float:
    """Return how far above a bound a total still counts as within it."""
    return _SAME * max(1.0, abs(bound)) if abs(bound) < inf else 0.0


def faults_of(resources: Sequence[Resource]) -> list[str]:
    """Return what no plan could respect in the bounds of some resources, in French sentences."""
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
