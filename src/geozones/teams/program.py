"""Integer programs for HiGHS, written row by row and minimised one criterion after another."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from time import perf_counter

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.domain import SearchCancelledError

_TOLERANCE = 1e-6
#: A criterion in words, and its cost by column.
type Criterion = tuple[str, Mapping[int, float]]


class Clock:
    """The time of a search, and whether someone stopped it."""

    def __init__(self, limit: float = inf, tick: Callable[[], None] | None = None) -> None:
        self._end = perf_counter() + limit
        self._tick = tick
        self.cancelled: SearchCancelledError | None = None

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(self._end - perf_counter(), 0.0)

    @property
    def stopped(self) -> bool:
        """Whether the time is up or someone stopped the search; asks the listener."""
        if self.cancelled is None and self._tick is not None:
            try:
                self._tick()
            except SearchCancelledError as stop:
                self.cancelled = stop
        return self.cancelled is not None or self.left <= 0


@dataclass(frozen=True, slots=True)
class Level:
    """What a search knows of one criterion: its value, and the least it could be."""

    name: str
    value: float
    bound: float

    @property
    def proven(self) -> bool:
        """Whether the value is the least possible, those of the criteria before held."""
        return self.value <= self.bound + _TOLERANCE * max(1.0, abs(self.value))

    @property
    def gap(self) -> float:
        """How far from the bound, as a share of the value; 0 when proven."""
        return 0.0 if self.proven else (self.value - self.bound) / abs(self.value)


@dataclass(frozen=True, eq=False)
class Solution:
    """Values of the columns (``None``: none found), the criteria, and whether all is proven."""

    values: NDArray[np.float64] | None
    levels: tuple[Level, ...]
    proven: bool


class Program:
    """Columns of whole numbers from 0 to an upper bound, and rows that bound sums of them."""

    def __init__(self) -> None:
        self._upper: list[float] = []
        self._rows: list[tuple[float, float]] = []
        self._at: tuple[list[int], list[int], list[float]] = ([], [], [])

    def column(self, upper: float = 1.0) -> int:
        """Add a column; return its rank."""
        self._upper.append(upper)
        return len(self._upper) - 1

    def row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        """Ask that the sum of ``coefficient × column`` be between two bounds."""
        rank = len(self._rows)
        self._rows.append((lower, upper))
        rows, columns, values = self._at
        for column, coefficient in terms:
            rows.append(rank)
            columns.append(column)
            values.append(coefficient)

    def minimise(self, criteria: Sequence[Criterion], clock: Clock) -> Solution:
        """Minimise the first criterion, then the next among what is best for it, and so on.

        Stopped, it returns the best found so far, not proven. No criterion starts from what the
        one before found: given a start, HiGHS 1.16 called 4 optimal where 2 was.
        """
        held: list[tuple[Mapping[int, float], float]] = []
        best: NDArray[np.float64] | None = None
        levels: list[Level] = []
        proven = True
        for name, cost in criteria:
            values, bound, complete = self._solve(cost, held, clock)
            proven = proven and complete
            if values is None:
                break
            best = values
            value = _total(cost, values)
            levels.append(Level(name, value, value if complete else max(bound, 0.0)))
            held.append((cost, value))
        if best is not None:
            rest = criteria[len(levels) :]
            levels += [Level(name, _total(cost, best), 0.0) for name, cost in rest]
        return Solution(best, tuple(levels), proven)

    def _solve(
        self,
        cost: Mapping[int, float],
        held: Sequence[tuple[Mapping[int, float], float]],
        clock: Clock,
    ) -> tuple[NDArray[np.float64] | None, float, bool]:
        if clock.stopped:
            return None, 0.0, False
        solver = _solver(clock)
        self._load(solver, cost, held)

        def listen(event: highspy.HighsCallbackEvent) -> None:
            if clock.stopped:
                event.interrupt()

        solver.cbMipInterrupt.subscribe(listen)
        solver.run()
        info, status = solver.getInfo(), solver.getModelStatus()
        complete = status in {
            highspy.HighsModelStatus.kOptimal,
            highspy.HighsModelStatus.kInfeasible,
        }
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, 0.0, complete
        return np.rint(np.array(solver.getSolution().col_value)), info.mip_dual_bound, complete

    def _load(
        self,
        solver: highspy.Highs,
        cost: Mapping[int, float],
        held: Sequence[tuple[Mapping[int, float], float]],
    ) -> None:
        width = len(self._upper)
        prices = np.zeros(width)
        for column, price in cost.items():
            prices[column] = price
        rows, columns, values = (list(entries) for entries in self._at)
        bounds = [*self._rows]
        for criterion, value in held:
            columns += criterion
            values += criterion.values()
            rows += [len(bounds)] * len(criterion)
            bounds.append((-inf, value + _TOLERANCE * max(1.0, value)))
        lower, upper = np.array(bounds, dtype=np.float64).reshape(-1, 2).T.copy()
        none = np.empty(0, np.int32)
        starts = np.zeros(len(lower), np.int32)
        solver.addRows(len(lower), lower, upper, 0, starts, none, prices[:0])
        matrix = csr_array((values, (columns, rows)), shape=(width, len(bounds)))
        solver.addCols(
            width,
            prices,
            np.zeros(width),
            np.array(self._upper),
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
        )
        kinds = np.full(width, highspy.HighsVarType.kInteger)
        solver.changeColsIntegrality(width, np.arange(width, dtype=np.int32), kinds)


class _Silent(highspy.Highs):
    """HiGHS without its banner, which is written as callbacks are made possible."""

    def enableCallbacks(self) -> None:  # noqa: N802 - the name is the library's
        self.silent()
        super().enableCallbacks()  # type: ignore[no-untyped-call]


def _solver(clock: Clock) -> highspy.Highs:
    """Return a silent solver that gives the same answer each time."""
    solver = _Silent()  # type: ignore[no-untyped-call]
    for option, value in (
        ("threads", 1),
        ("random_seed", 0),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1e-6),
    ):
        solver.setOptionValue(option, value)
    if clock.left < inf:
        solver.setOptionValue("time_limit", clock.left + 1e-3)
    return solver


def _total(cost: Mapping[int, float], values: NDArray[np.float64]) -> float:
    return float(sum(price * values[column] for column, price in cost.items()))
