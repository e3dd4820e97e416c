"""HiGHS programs, linear and integer, and the relaxation by column generation.

Any duals y of the rows (of the sign that their bounds allow) prove a bound, whatever produced
them: weak duality. Let r = c - A y be the reduced costs, r₋ the lowest if negative or else 0, and m
the most zones a plan can have: every plan x has

    c x = y A x + r x ≥ y b + m r₋

and a plan that uses column j costs at least that plus r_j (but for the r₋ counted once for j). So
what is proven does not depend on the solver's tolerances, and columns with r_j above incumbent -
bound are in no better plan (reduced-cost fixing).
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.common import highs
from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import Candidates
from geozones.optimize.model import Model
from geozones.optimize.result import SearchMonitor

_TOLERANCE = 1e-9
_INTEGER_TOLERANCE = 1e-6


def _solver() -> highspy.Highs:
    """Return a solver with tolerances of a billionth."""
    return highs.solver(
        primal_feasibility_tolerance=_TOLERANCE,
        dual_feasibility_tolerance=_TOLERANCE,
        mip_feasibility_tolerance=_TOLERANCE,
        mip_abs_gap=_TOLERANCE,
    )


def _add_rows(
    solver: highspy.Highs, lower: NDArray[np.float64], upper: NDArray[np.float64]
) -> None:
    none = np.empty(0, np.int32)
    solver.addRows(len(lower), lower, upper, 0, np.zeros(len(lower), np.int32), none, np.empty(0))


def _add_columns(
    solver: highspy.Highs, cost: NDArray[np.float64], matrix: csr_array, upper: float
) -> None:
    solver.addCols(
        len(cost),
        cost,
        np.zeros(len(cost)),
        np.full(len(cost), upper),
        matrix.nnz,
        matrix.indptr[:-1].astype(np.int32),
        matrix.indices.astype(np.int32),
        matrix.data.astype(np.float64),
    )


class RestrictedMaster:
    """Restricted master problem: the linear relaxation over the columns added so far.

    Each equality row, (1) and (2) of ``model``, has an artificial column that fills it at
    ``artificial_cost``, above the cost of any plan, so that the program is feasible with any
    columns.
    """

    def __init__(self, model: Model, artificial_cost: float) -> None:
        self._model = model
        self._solver = _solver()
        _add_rows(self._solver, model.lower, model.upper)
        equal = np.flatnonzero(model.lower == model.upper)
        self._artificial_count = len(equal)
        ones = csr_array(
            (np.ones(len(equal)), (np.arange(len(equal)), equal)),
            shape=(len(equal), len(model.lower)),
        )
        _add_columns(self._solver, np.full(len(equal), artificial_cost), ones, inf)
        self.columns = np.empty(0, np.int64)

    def add(self, columns: NDArray[np.int64]) -> None:
        """Add columns of the model (``int[k]``), none of them added before."""
        _add_columns(self._solver, self._model.cost[columns], self._model.matrix[columns], inf)
        self.columns = np.append(self.columns, columns)

    def solve(self, monitor: SearchMonitor) -> None:
        """Solve again from the last basis."""
        if monitor.seconds_left < inf:
            self._solver.setOptionValue(
                "time_limit", self._solver.getRunTime() + monitor.seconds_left + 1e-3
            )
        self._solver.run()
        monitor.report()

    @property
    def duals(self) -> NDArray[np.float64]:
        """Dual values, ``float[row]``, with the sign that the bounds of each row allow."""
        duals = np.array(self._solver.getSolution().row_dual)
        return np.where(np.isinf(self._model.lower), np.minimum(duals, 0.0), duals)

    @property
    def values(self) -> NDArray[np.float64]:
        """Values of the columns added, ``float[k]``, in the order of ``columns``."""
        return np.array(self._solver.getSolution().col_value)[self._artificial_count :]

    @property
    def artificial_values(self) -> NDArray[np.float64]:
        """Values of the artificial columns, ``float[equality row]``: the unfilled parts."""
        return np.array(self._solver.getSolution().col_value)[: self._artificial_count]


@dataclass(frozen=True, eq=False)
class IntegerSolution:
    """Result of an integer program."""

    #: ``int[k]``: columns chosen; ``None`` if no solution is known.
    chosen: NDArray[np.int64] | None
    bound: float  # Lower bound on the cost.
    #: Whether it was solved to the end: ``chosen`` is optimal, or there is no solution.
    complete: bool


def solve_integer(
    model: Model, monitor: SearchMonitor, nodes: int | None = None
) -> IntegerSolution:
    """Choose whole columns of the model at the least cost.

    It uses no start solution: with one, HiGHS 1.16 was seen to call a suboptimal plan optimal.
    ``nodes`` limits the branch and bound, for a good plan rather than the best. When stopped, the
    result is the best solution known, not complete.
    """
    solver = _solver()
    _add_rows(solver, model.lower, model.upper)
    _add_columns(solver, model.cost, model.matrix, 1.0)
    kinds = np.full(len(model), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(model), np.arange(len(model), dtype=np.int32), kinds)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    if monitor.seconds_left < inf:
        solver.setOptionValue("time_limit", monitor.seconds_left + 1e-3)
    stops: list[SearchCancelledError] = []
    solver.cbMipInterrupt.subscribe(_listener(monitor, stops, whole=nodes is None))
    solver.run()
    info, status = solver.getInfo(), solver.getModelStatus()
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    complete = not stops and status in {
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
    }
    chosen = None
    if has_solution:
        values = np.array(solver.getSolution().col_value)[: len(model)]
        chosen = np.flatnonzero(values > 0.5)
        # A solution is only as good as its rows: whole columns must fill all rows.
        filled = np.asarray(model.matrix[chosen].sum(axis=0)).ravel()
        slack = _INTEGER_TOLERANCE
        if ((filled < model.lower - slack) | (filled > model.upper + slack)).any():
            chosen, complete = None, False
    return IntegerSolution(chosen, info.mip_dual_bound, complete)


def _listener(
    monitor: SearchMonitor, stops: list[SearchCancelledError], *, whole: bool
) -> Callable[[highspy.HighsCallbackEvent], None]:
    """Return the callback of the solver: it reports each step to the monitor.

    An exception must not cross the solver: it is stored in ``stops``. The bound of a search of
    limited nodes (not ``whole``), over few columns, proves nothing: it is not reported.
    """

    def listen(event: highspy.HighsCallbackEvent) -> None:
        if stops:
            event.interrupt()
            return
        incumbent, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        try:
            monitor.report(
                bound=min(bound, monitor.incumbent) if whole and abs(bound) < inf else None,
                incumbent=incumbent if incumbent < inf else None,
            )
        except SearchCancelledError as stop:
            stops.append(stop)
            event.interrupt()

    return listen


#: First columns for each lycée, and most columns added at once.
_FIRST = 40
_BATCH = 2000
_ZERO = 1e-9


@dataclass(frozen=True, eq=False)
class Relaxation:
    """Solved linear relaxation: its proven bound, prices and reduced costs."""

    bound: float  # No plan costs less.
    duals: NDArray[np.float64]  # ``float[row]``: the dual values that prove the bound.
    reduced: NDArray[np.float64]  # ``float[column]``: reduced cost of every column of the model.
    #: ``int[k]`` and ``float[k]``: the columns that the relaxation uses, and their values.
    columns: NDArray[np.int64]
    values: NDArray[np.float64]
    #: ``float[equality row]``: the part of each that no column fills; all 0 unless infeasible.
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
    """Solve the linear relaxation over every column of the model, starting from ``first``."""
    # a cost above any plan's, so that a row stays unfilled only if it must
    master = RestrictedMaster(
        model, 1.0 + 10 * max(model.most, 1) * float(np.abs(model.cost).max(initial=1.0))
    )
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
