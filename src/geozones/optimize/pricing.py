"""The linear relaxation over every column, by pricing: a few thousand at first, the rest on demand.

Any prices y of the rows (of the sign that their bounds allow) prove a bound, whatever produced
them. Let r = c - A y be the reduced costs, r₋ the lowest if negative or else 0, and m the most
zones a plan can have: every plan x has

    c x = y A x + r x ≥ y b + m r₋

and a plan that uses column j costs at least that plus r_j (but for the r₋ counted once for j). So
what is proven does not hang on the solver's tolerances, and columns with r_j above
incumbent - bound are in no better plan.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.optimize.candidates import Candidates
from geozones.optimize.highs import LinearMaster
from geozones.optimize.model import Model
from geozones.optimize.watch import Watch

#: Columns a lycée starts with, and columns added at once.
_FIRST = 40
_BATCH = 2000
_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Relaxation:
    """The linear program solved: its proven bound and what to choose columns by.

    Parameters
    ----------
    bound
        No plan costs less.
    prices
        ``float[row]``: what the bound is proven by.
    reduced
        ``float[column]``: reduced cost of every column of the model.
    columns, values
        The columns that the relaxation uses, and how much of each.
    unmet
        How much of each equality row no column fills; all 0 unless infeasible.
    """

    bound: float
    prices: NDArray[np.float64]
    reduced: NDArray[np.float64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    unmet: NDArray[np.float64]

    @property
    def is_whole(self) -> bool:
        """Whether every column is used whole or not at all."""
        return bool((self.values > 1 - 1e-6).all())

    @property
    def is_met(self) -> bool:
        """Whether every row is filled."""
        return not (self.unmet > 1e-7).any()


def first_columns(model: Model, candidates: Candidates) -> NDArray[np.int64]:
    """Return the columns of least cost by lycée, some for each of them."""
    order = np.argsort(model.cost / candidates.size[model.candidate], kind="stable")
    chosen = np.zeros(len(model), bool)
    for row in candidates.members:
        lycees = row[model.candidate[order]]
        by_lycee = np.argsort(lycees, kind="stable")
        starts = np.searchsorted(lycees[by_lycee], np.arange(candidates.lycees))
        rank = np.arange(len(order)) - np.append(starts, len(order))[lycees[by_lycee]]
        few = by_lycee[(rank < _FIRST) & (rank >= 0)]
        chosen[order[few]] = True
    return np.flatnonzero(chosen)


def relax(model: Model, first: NDArray[np.int64], watch: Watch) -> Relaxation:
    """Solve the linear relaxation over every column of the model.

    Parameters
    ----------
    first
        Columns to start from.

    Raises
    ------
    SearchCancelledError
        When stopped.
    """
    way_out = _way_out(model)
    master = LinearMaster(model, way_out)
    master.add(first)
    known = np.zeros(len(model), bool)
    known[first] = True
    right = np.where(np.isfinite(model.upper), model.upper, 0.0)
    while True:
        master.solve(watch)
        prices = master.prices
        reduced = model.cost - model.matrix @ prices
        bound = float(prices @ right) + model.most * min(float(reduced.min(initial=0.0)), 0.0)
        watch.tell(bound=bound)
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
    return Relaxation(bound, prices, reduced, master.columns[used], values[used], master.ways_out)


def _way_out(model: Model) -> float:
    """Return a cost that no plan reaches, so that a row is left unfilled only when it must be."""
    return 1.0 + 10 * max(model.most, 1) * float(np.abs(model.cost).max(initial=1.0))
