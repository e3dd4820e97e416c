"""HiGHS programs: a linear program that keeps its basis, and an integer program."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from geozones.common import highs
from geozones.domain import SearchCancelledError
from geozones.optimize.model import Model
from geozones.optimize.search_monitor import SearchMonitor

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

    Each equality row, (1) and (2) of ``model``, has an artificial column that fills it at a high
    cost, so that the program is feasible with any columns.

    Parameters
    ----------
    artificial_cost
        Cost of an artificial column, above that of any plan.
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
        """Solve again from the last basis.

        Raises
        ------
        SearchCancelledError
            When the monitor stops it.
        """
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
    """Result of an integer program.

    Parameters
    ----------
    chosen
        ``int[k]``: columns chosen; ``None`` if no solution is known.
    bound
        Lower bound on the cost.
    complete
        Whether it was solved to the end: ``chosen`` is optimal, or there is no solution.
    """

    chosen: NDArray[np.int64] | None
    bound: float
    complete: bool


def solve_integer(
    model: Model, monitor: SearchMonitor, nodes: int | None = None
) -> IntegerSolution:
    """Choose whole columns of the model at the least cost.

    It uses no start solution: with one, HiGHS 1.16 was seen to call a suboptimal plan optimal.

    Parameters
    ----------
    nodes
        Most nodes of the branch and bound, for a good plan rather than the best.

    Returns
    -------
    IntegerAnswer
        When stopped, the best solution known, not complete.
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
    return _solution(solver, model, stops)


@dataclass(frozen=True, eq=False)
class MinimaxSolution:
    """Result of a program that minimises the greatest of several excesses.

    Parameters
    ----------
    chosen, bound, complete
        As in `IntegerSolution`; ``None`` for the linear relaxation.
    weights
        ``float[excess]``: duals of the excesses in the linear relaxation, which add up to 1;
        ``None`` if unknown.
    """

    chosen: NDArray[np.int64] | None
    bound: float
    complete: bool
    weights: NDArray[np.float64] | None = None


def solve_minimax(
    model: Model,
    costs: NDArray[np.float64],
    right: NDArray[np.float64],
    monitor: SearchMonitor,
    *,
    whole: bool,
) -> MinimaxSolution:
    """Choose columns that minimise the greatest excess; the costs of the model do not count.

    Parameters
    ----------
    costs, right
        ``float[column, excess]`` and ``float[excess]``: an excess is the cost of the columns chosen
        beyond the right-hand side; the greatest counts as 0 at least.
    whole
        Whether columns are chosen whole; else the linear relaxation is solved, for its weights.
    """
    solver, count = _solver(), len(right)
    _add_rows(solver, model.lower, model.upper)
    _add_rows(solver, np.full(count, -inf), right)
    columns = hstack([model.matrix, csr_array(costs)], format="csr")
    _add_columns(solver, np.zeros(len(model)), columns, 1.0)
    rows = np.arange(count, dtype=np.int32) + len(model.lower)
    solver.addCol(1.0, 0.0, inf, count, rows, np.full(count, -1.0))
    if monitor.seconds_left < inf:
        solver.setOptionValue("time_limit", monitor.seconds_left + 1e-3)
    stops: list[SearchCancelledError] = []
    if whole:
        kinds = np.full(len(model), highspy.HighsVarType.kInteger)
        solver.changeColsIntegrality(len(model), np.arange(len(model), dtype=np.int32), kinds)
        solver.cbMipInterrupt.subscribe(_listener(monitor, stops, whole=True))
        solver.run()
        answer = _solution(solver, model, stops)
        return MinimaxSolution(answer.chosen, answer.bound, answer.complete)
    solver.run()
    monitor.report()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return MinimaxSolution(None, 0.0, complete=False)
    weights = -np.array(solver.getSolution().row_dual)[len(model.lower) :]
    known = weights if weights.max(initial=0.0) > 0 else None
    return MinimaxSolution(
        None, solver.getInfo().objective_function_value, complete=True, weights=known
    )


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


def _solution(
    solver: highspy.Highs, model: Model, stops: list[SearchCancelledError]
) -> IntegerSolution:
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
