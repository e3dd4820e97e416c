"""Linear relaxation over every column, by column generation.

Any duals y of the rows (of the sign that their bounds allow) prove a bound, whatever produced
them: weak duality. Let r = c - A y be the reduced costs, r₋ the lowest if negative or else 0, and m
the most zones a plan can have: every plan x has

    c x = y A x + r x ≥ y b + m r₋

and a plan that uses column j costs at least that plus r_j (but for the r₋ counted once for j). So
what is proven does not depend on the solver's tolerances, and columns with r_j above
incumbent - bound are in no better plan (reduced-cost fixing).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.optimize.candidates import Candidates
from geozones.optimize.highs_programs import RestrictedMaster
from geozones.optimize.model import Model
from geozones.optimize.search_monitor import SearchMonitor

#: First columns for each lycée, and most columns added at once.
_FIRST = 40
_BATCH = 2000
_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved linear relaxation: its proven bound, prices and reduced costs.

    Parameters
    ----------
    bound
        No plan costs less.
    prices
        ``float[row]``: the dual values that prove the bound.
    reduced
        ``float[column]``: reduced cost of every column of the model.
    columns, values
        ``int[k]`` and ``float[k]``: the columns that the relaxation uses, and their values.
    unmet
        ``float[equality row]``: the part of each that no column fills; all 0 unless infeasible.
    """

    bound: float
    duals: NDArray[np.float64]
    reduced: NDArray[np.float64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    unmet: NDArray[np.float64]

    @property
    def is_integral(self) -> bool:
        """Whether every column has value 0 or 1: the solution is then a plan."""
        return bool((self.values > 1 - 1e-6).all())

    @property
    def is_feasible(self) -> bool:
        """Whether every row is filled by columns alone."""
        return not (self.unmet > 1e-7).any()


def first_columns(model: Model, candidates: Candidates) -> NDArray[np.int64]:
    """Return the first columns: for each lycée, those of least cost for their size.

    ``int[k]``, ascending.
    """
    order = np.argsort(model.cost / candidates.size[model.candidate], kind="stable")
    chosen = np.zeros(len(model), bool)
    for row in candidates.members:
        lycees = row[model.candidate[order]]
        by_lycee = np.argsort(lycees, kind="stable")
        starts = np.searchsorted(lycees[by_lycee], np.arange(candidates.lycees))
        rank = np.arange(len(order)) - np.append(starts, len(order))[lycees[by_lycee]]
        cheapest = by_lycee[(rank < _FIRST) & (rank >= 0)]
        chosen[order[cheapest]] = True
    return np.flatnonzero(chosen)


def relax(model: Model, first: NDArray[np.int64], monitor: SearchMonitor) -> Relaxation:
    """Solve the linear relaxation over every column of the model.

    Parameters
    ----------
    first
        ``int[k]``: columns to start from.

    Raises
    ------
    SearchCancelledError
        When the monitor stops it.
    """
    master = RestrictedMaster(model, _artificial_cost(model))
    master.add(first)
    known = np.zeros(len(model), bool)
    known[first] = True
    right = np.where(np.isfinite(model.upper), model.upper, 0.0)
    while True:
        master.solve(monitor)
        duals = master.duals
        reduced = model.cost - model.matrix @ duals
        bound = float(duals @ right) + model.most * min(float(reduced.min(initial=0.0)), 0.0)
        monitor.report(bound=bound)
        wanted = np.flatnonzero((reduced < -_ZERO) & ~known)
        if not len(wanted):
            break
        if len(wanted) > _BATCH:
            lowest = np.argsort(reduced[wanted], kind="stable")[:_BATCH]
            wanted = np.sort(wanted[lowest])
        known[wanted] = True
        master.add(wanted)
    values = master.values
    used = np.flatnonzero(values > _ZERO)
    return Relaxation(
        bound, duals, reduced, master.columns[used], values[used], master.artificial_values
    )


def _artificial_cost(model: Model) -> float:
    """Return a cost above any plan's, so that a row stays unfilled only if it must."""
    return 1.0 + 10 * max(model.most, 1) * float(np.abs(model.cost).max(initial=1.0))
