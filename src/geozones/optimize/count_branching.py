"""Branch-and-bound search that branches first on the number of zones in each sector.

Where zones cost little for their size, the relaxation mixes large zones that no plan can have
together, and its bound is far off. Once the number of zones in each sector is fixed, the bound is
close. The search branches on these numbers, rows (9) of ``model``, least bound first; it seeks a
plan when all are fixed.
"""

from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import Candidates
from geozones.optimize.highs_programs import first_columns, relax
from geozones.optimize.model import Model
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import SearchMonitor
from geozones.optimize.solve import SAME, SearchState, minimise


def minimise_by_counts(
    problem: PartitionProblem, model: Model, candidates: Candidates, monitor: SearchMonitor
) -> SearchState:
    """Choose the columns of least cost, like ``solve.minimise``.

    Raises
    ------
    SearchCancelledError
        When the monitor stops it.
    """
    return _Branching(problem, model, candidates, monitor).searched()


@dataclass(frozen=True, eq=False)
class _CountNode:
    """Node with some numbers of zones fixed, and the relaxation under them.

    Parameters
    ----------
    counts
        Zones of each block set so far, by its number.
    shown
        ``float[block]``: zones of each block in the relaxation.
    columns
        ``int[k]``: the columns that the relaxation uses.
    """

    counts: dict[int, int]
    shown: NDArray[np.float64]
    columns: NDArray[np.int64]


class _Branching:
    """Search over blocks of lycées that share no zone (sectors, or the whole scope)."""

    def __init__(
        self,
        problem: PartitionProblem,
        model: Model,
        candidates: Candidates,
        monitor: SearchMonitor,
    ) -> None:
        self._candidates, self._monitor = candidates, monitor
        own = np.zeros(problem.size, np.int64)
        if not problem.options.change_sector:
            own = np.unique(problem.sector_of, return_inverse=True)[1]
        low, high = problem.options.size_min, problem.size_max
        self._ranges = [
            range(-(-int(count) // high), int(count) // low + 1) for count in np.bincount(own)
        ]
        block = own[candidates.members[0]][model.candidate]
        columns = np.arange(len(model), dtype=np.int32)
        self._held = csr_array(
            (np.ones(len(model), np.float32), (columns, block)),
            shape=(len(model), len(self._ranges)),
        )
        self._rows = len(model.lower)
        free = np.full(len(self._ranges), inf)
        self._model = replace(
            model,
            matrix=hstack([model.matrix, self._held], format="csr"),
            lower=np.concatenate([model.lower, -free]),
            upper=np.concatenate([model.upper, free]),
        )
        self._first = first_columns(model, candidates)

    def searched(self) -> SearchState:
        """Search until the least bound reaches the incumbent."""
        best = SearchState()
        bound, root = self._relaxed({}, self._first)
        queue: list[tuple[float, int, _CountNode]] = [(bound, 0, root)]
        pushed = 1
        while queue:
            bound, _, node = heappop(queue)
            if bound >= best.objective - SAME:
                break
            if len(node.counts) == len(self._ranges):
                found = minimise(
                    self._with_counts(node.counts), self._candidates, self._monitor.inner()
                )
                self._monitor.report()
                if not found.proven:
                    raise SearchCancelledError
                if found.chosen is not None:
                    best.offer(found.chosen, found.objective)
                continue
            block = self._next(node)
            for count in self._ranges[block]:
                bound, child = self._relaxed(node.counts | {block: count}, node.columns)
                if bound < best.objective - SAME:
                    heappush(queue, (bound, pushed, child))
                    pushed += 1
        best.proven, best.bound = True, best.objective
        return best

    def _relaxed(
        self, counts: dict[int, int], columns: NDArray[np.int64]
    ) -> tuple[float, _CountNode]:
        """Return the bound with some numbers of zones fixed, and the node."""
        self._monitor.report()
        first = np.union1d(self._first, columns)
        relaxation = relax(self._with_counts(counts), first, self._monitor.inner())
        used = relaxation.columns
        shown = np.asarray(relaxation.values @ self._held[used]).ravel()
        return relaxation.bound, _CountNode(counts, shown, used)

    def _with_counts(self, counts: dict[int, int]) -> Model:
        """Return the program with rows (9) for some numbers of zones fixed."""
        lower, upper = self._model.lower.copy(), self._model.upper.copy()
        for block, count in counts.items():
            lower[self._rows + block] = upper[self._rows + block] = count
        return replace(self._model, lower=lower, upper=upper)

    def _next(self, node: _CountNode) -> int:
        """Return the next block to fix: the unfixed block whose number is farthest from whole."""
        left = [block for block in range(len(self._ranges)) if block not in node.counts]
        return max(left, key=lambda block: abs(node.shown[block] - np.rint(node.shown[block])))
