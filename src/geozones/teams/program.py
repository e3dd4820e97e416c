"""Integer programs for HiGHS, written row by row; criteria are minimised in lexicographic order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.common import highs
from geozones.domain import SearchCancelledError
from geozones.domain.terms import worded

_TOLERANCE = 1e-6


class Criterion(NamedTuple):
    """Criterion to minimise."""

    name: str  # In French, for `worded`.
    cost: Mapping[int, float]  # By column (rank).
    #: Returns its lower bound, given the values of the earlier criteria by name; 0 or more.
    least: Callable[[Mapping[str, float]], float] = lambda _: 0.0


class WorkLimit:
    """Limit on the work of a search, in nodes of the solver, and whether it was stopped.

    Work is the same on any machine, so that the same question has the same answer. ``nodes`` are
    those of all branch and bounds together. ``tick`` is called regularly; it may raise
    ``SearchCancelledError`` to stop the search.
    """

    def __init__(
        self, nodes: int, tick: Callable[[], None] | None = None, whole: "WorkLimit | None" = None
    ) -> None:
        self.left = nodes
        self._tick = tick
        self._whole = whole
        self._cancelled = False

    def part(self, share: float) -> "WorkLimit":
        """Return a limit of a share of the nodes left; its work counts in this one too."""
        return WorkLimit(ceil(self.left * share), self._tick, self)

    def spend(self, nodes: int) -> None:
        """Count nodes that a solve took, one at least."""
        self.left -= max(nodes, 1)
        if self._whole is not None:
            self._whole.spend(nodes)

    @property
    def stopped(self) -> bool:
        """Whether no node is left or the search was cancelled; calls ``tick``."""
        if not self._cancelled and self._tick is not None:
            try:
                self._tick()
            except SearchCancelledError:
                self._cancelled = True
        return self._cancelled or self.left <= 0


@dataclass(frozen=True, slots=True)
class CriterionValue:
    """Value of one criterion in a solution, and its proven lower bound."""

    name: str
    value: float
    bound: float

    @property
    def label(self) -> str:
        """Name of the criterion, with the nouns of the network."""
        return worded(self.name)

    @property
    def proven(self) -> bool:
        """Whether the value is the least possible, with the earlier criteria held."""
        return self.value <= self.bound + _TOLERANCE * max(1.0, abs(self.value))

    @property
    def gap(self) -> float:
        """Relative gap, (value - bound) / value; 0 when proven."""
        return 0.0 if self.proven else (self.value - self.bound) / abs(self.value)


@dataclass(frozen=True, eq=False)
class Solution:
    """Values of the columns, ``float[column]``, and of the criteria; whether all are proven.

    ``values`` is ``None`` without a known solution.
    """

    values: NDArray[np.float64] | None
    levels: tuple[CriterionValue, ...]
    proven: bool


class Program:
    """Integer program: columns from 0 to an upper bound, and rows that bound sums of them."""

    def __init__(self) -> None:
        self._upper: list[float] = []
        self._rows: list[tuple[float, float]] = []
        self._at: tuple[list[int], list[int], list[float]] = ([], [], [])

    def column(self, upper: float = 1.0) -> int:
        """Add a column; return its rank."""
        self._upper.append(upper)
        return len(self._upper) - 1

    def row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        """Add a row: the sum of ``coefficient × column`` is between two bounds."""
        rank = len(self._rows)
        self._rows.append((lower, upper))
        rows, columns, values = self._at
        for column, coefficient in terms:
            rows.append(rank)
            columns.append(column)
            values.append(coefficient)

    def minimise(self, criteria: Sequence[Criterion], work: WorkLimit) -> Solution:
        """Minimise the first criterion, then the next among the best solutions for it, and so on.

        If all remaining criteria but the last can reach their lower bounds, one solve is enough.
        When stopped, it returns the best solution so far, not proven. No criterion starts from the
        solution of the previous criterion: with a start, HiGHS 1.16 called 4 optimal where 2 was.
        """
        held: list[tuple[Mapping[int, float], float]] = []
        best: NDArray[np.float64] | None = None
        levels: list[CriterionValue] = []
        proven = True
        while len(levels) < len(criteria):
            rest = criteria[len(levels) :]
            values, targets = {level.name: level.value for level in levels}, []
            for name, cost, least in rest:
                values[name] = least(values)
                targets.append((name, cost, values[name]))
            # the first criterion tells whether there is any solution
            ends = range(len(rest), 0, -1) if levels else sorted({len(rest), 1}, reverse=True)
            tried = (self.attain(targets[:end], work, held) for end in ends)
            found = next((solution for solution in tried if solution is not None), None)
            if found is None:
                break
            best, proven = found.values, proven and found.proven
            held += [(c.cost, level.value) for c, level in zip(rest, found.levels, strict=False)]
            levels += found.levels
        if best is None:
            return Solution(None, (), not work.stopped)
        rest = criteria[len(levels) :]
        levels += [CriterionValue(c.name, _total(c.cost, best), 0.0) for c in rest]
        return Solution(best, tuple(levels), proven and not rest)

    def attain(
        self,
        targets: Sequence[tuple[str, Mapping[int, float], float]],
        work: WorkLimit,
        held: Sequence[tuple[Mapping[int, float], float]] = (),
    ) -> Solution | None:
        """Minimise the last criterion with the others at their targets; ``None`` if impossible.

        ``targets`` are criteria as (name, cost by column, value), the last value being a lower
        bound; ``held`` are further upper bounds, as (cost by column, value).
        """
        *first, (name, cost, least) = targets
        limits = [*held, *((entry[1], entry[2]) for entry in first)]
        values, bound, complete = self._solve(cost, limits, work)
        if values is None:
            return None
        value = _total(cost, values)
        last = CriterionValue(name, value, value if complete else max(bound, least))
        levels = [CriterionValue(name, _total(cost, values), least) for name, cost, least in first]
        return Solution(values, (*levels, last), last.proven)

    def _solve(
        self,
        cost: Mapping[int, float],
        held: Sequence[tuple[Mapping[int, float], float]],
        work: WorkLimit,
    ) -> tuple[NDArray[np.float64] | None, float, bool]:
        if work.stopped:
            return None, 0.0, False
        solver = highs.solver(mip_abs_gap=1e-6, mip_max_nodes=work.left)
        self._load(solver, cost, held)

        def listen(event: highspy.HighsCallbackEvent) -> None:
            if work.stopped:
                event.interrupt()

        solver.cbMipInterrupt.subscribe(listen)
        solver.run()
        info, status = solver.getInfo(), solver.getModelStatus()
        work.spend(info.mip_node_count)
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
        """Load the program into a solver; a row holds each criterion already minimised."""
        width = len(self._upper)
        costs = np.zeros(width)
        for column, price in cost.items():
            costs[column] = price
        rows, columns, values = (list(entries) for entries in self._at)
        bounds = [*self._rows]
        for criterion, value in held:
            columns += criterion
            values += criterion.values()
            rows += [len(bounds)] * len(criterion)
            bounds.append((-inf, value + _TOLERANCE * max(1.0, value)))
        matrix = csr_array((values, (rows, columns)), shape=(len(bounds), width))
        lower, upper = np.array(bounds, dtype=np.float64).reshape(-1, 2).T.copy()
        solver.passModel(
            width,
            len(bounds),
            matrix.nnz,
            int(highspy.MatrixFormat.kRowwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            costs,
            np.zeros(width),
            np.array(self._upper, np.float64),
            lower,
            upper,
            matrix.indptr[:-1].astype(np.int32),
            matrix.indices.astype(np.int32),
            matrix.data.astype(np.float64),
            np.ones(width, np.int32),  # whole numbers
        )


def _total(cost: Mapping[int, float], values: NDArray[np.float64]) -> float:
    return float(sum(price * values[column] for column, price in cost.items()))
