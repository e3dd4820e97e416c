"""The solver, HiGHS, as two functions: a linear program kept warm, an integer program."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.domain import SearchCancelledError
from geozones.optimize.model import Model
from geozones.optimize.watch import Watch

_TOLERANCE = 1e-9
_INTEGER_TOLERANCE = 1e-6


class _Silent(highspy.Highs):
    """HiGHS without its banner, which is written as callbacks are made possible."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is the library's
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver() -> highspy.Highs:
    """Return a silent solver that gives the same answer each time."""
    solver = _Silent()  # type: ignore[no-untyped-call]
    for option, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("primal_feasibility_tolerance", _TOLERANCE),
        ("dual_feasibility_tolerance", _TOLERANCE),
        ("mip_feasibility_tolerance", _TOLERANCE),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", _TOLERANCE),
    ):
        solver.setOptionValue(option, value)
    return solver


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


class LinearMaster:
    """The linear relaxation over the columns added so far, with an expensive way out of each row.

    The way out (an artificial column) serves rows (1) and (2), which ask for an equality.
    """

    def __init__(self, model: Model, way_out: float) -> None:
        self._model = model
        self._solver = _solver()
        _add_rows(self._solver, model.lower, model.upper)
        equal = np.flatnonzero(model.lower == model.upper)
        self._ways = len(equal)
        ones = csr_array(
            (np.ones(len(equal)), (np.arange(len(equal)), equal)),
            shape=(len(equal), len(model.lower)),
        )
        _add_columns(self._solver, np.full(len(equal), way_out), ones, inf)
        self.columns = np.empty(0, np.int64)

    def add(self, columns: NDArray[np.int64]) -> None:
        """Let the relaxation use some columns of the model, not yet added."""
        _add_columns(self._solver, self._model.cost[columns], self._model.matrix[columns], inf)
        self.columns = np.append(self.columns, columns)

    def solve(self, watch: Watch) -> None:
        """Solve again from the last basis."""
        if watch.left < inf:
            self._solver.setOptionValue("time_limit", self._solver.getRunTime() + watch.left + 1e-3)
        self._solver.run()
        watch.tell()

    @property
    def prices(self) -> NDArray[np.float64]:
        """Dual value of each row, of the sign that its bounds allow."""
        duals = np.array(self._solver.getSolution().row_dual)
        return np.where(np.isinf(self._model.lower), np.minimum(duals, 0.0), duals)

    @property
    def values(self) -> NDArray[np.float64]:
        """Value of each column added, in the order of ``columns``."""
        return np.array(self._solver.getSolution().col_value)[self._ways :]

    @property
    def ways_out(self) -> NDArray[np.float64]:
        """How much of each equality row is left to its way out."""
        return np.array(self._solver.getSolution().col_value)[: self._ways]


@dataclass(frozen=True, eq=False)
class IntegerAnswer:
    """What an integer program gave: columns chosen (``None``: none found), bound, proof."""

    chosen: NDArray[np.int64] | None
    bound: float
    complete: bool


def solve_integer(model: Model, watch: Watch, nodes: int | None = None) -> IntegerAnswer:
    """Choose whole columns at the least cost, over those of the model.

    It is given no plan to start from: with one, HiGHS 1.16 was seen to call optimal what is not.

    Parameters
    ----------
    nodes
        Nodes to search at most, for a good plan rather than the best.

    Returns
    -------
    IntegerAnswer
        When stopped, what was found by then, not complete.
    """
    solver = _solver()
    _add_rows(solver, model.lower, model.upper)
    _add_columns(solver, model.cost, model.matrix, 1.0)
    kinds = np.full(len(model), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(model), np.arange(len(model), dtype=np.int32), kinds)
    if nodes is not None:
        solver.setOptionValue("mip_max_nodes", nodes)
    if watch.left < inf:
        solver.setOptionValue("time_limit", watch.left + 1e-3)
    stops: list[SearchCancelledError] = []
    solver.cbMipInterrupt.subscribe(_listener(watch, stops, whole=nodes is None))
    solver.run()
    return _answer(solver, model, stops)


def _listener(
    watch: Watch, stops: list[SearchCancelledError], *, whole: bool
) -> Callable[[highspy.HighsCallbackEvent], None]:
    """Tell the watch of each step; an exception must not cross the solver: it is kept in ``stops``.

    The bound of a search over part of the columns (not ``whole``) proves nothing: it is not told.
    """

    def listen(event: highspy.HighsCallbackEvent) -> None:
        if stops:
            event.interrupt()
            return
        found, bound = event.data_out.mip_primal_bound, event.data_out.mip_dual_bound
        try:
            watch.tell(
                bound=min(bound, watch.incumbent) if whole and abs(bound) < inf else None,
                incumbent=found if found < inf else None,
            )
        except SearchCancelledError as stop:
            stops.append(stop)
            event.interrupt()

    return listen


def _answer(
    solver: highspy.Highs, model: Model, stops: list[SearchCancelledError]
) -> IntegerAnswer:
    info, status = solver.getInfo(), solver.getModelStatus()
    known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    complete = not stops and status in {
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kInfeasible,
    }
    chosen = None
    if known:
        values = np.array(solver.getSolution().col_value)
        chosen = np.flatnonzero(values > 0.5)
        # A solution is only as good as its rows: whole columns must fill them all.
        filled = np.asarray(model.matrix[chosen].sum(axis=0)).ravel()
        slack = _INTEGER_TOLERANCE
        if ((filled < model.lower - slack) | (filled > model.upper + slack)).any():
            chosen, complete = None, False
    return IntegerAnswer(chosen, info.mip_dual_bound, complete)
