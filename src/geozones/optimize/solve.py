"""Search of a program's optimum: bound, cuts (rows (6) of ``model``), first incumbent, proof.

``model`` is the program; cuts strengthen its relaxation, which generates columns. Any duals y of
the rows (of the sign that their bounds allow) prove a bound, whatever produced them: weak duality.
Let r = c - A y be the reduced costs, r₋ the lowest if negative or else 0, and m the most zones a
plan can have: every plan x has

    c x = y A x + r x ≥ y b + m r₋

and a plan that uses column j costs at least that plus r_j (but for the r₋ counted once for j). So
what is proven does not depend on the solver's tolerances, and columns with r_j above incumbent -
bound are in no better plan (reduced-cost fixing).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
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


#: Three lycées, by number.
type Triple = tuple[int, int, int]

#: Most cuts added in a round, in all (or a third of the lycées) and for one lycée; least violation
#: worth a cut.
_AT_ONCE = 40
_PER_LYCEE = 5
_LEAST = 0.02


def violated_triples(model: Model, relaxation: Relaxation) -> list[Triple]:
    """Return triples of lycées whose cut (6) the relaxation violates, the most violated first.

    That is, the zones with two or more of the three are used by more than 1 in all. There are
    few triples per lycée, so that they are diverse.
    """
    fractional = relaxation.values < 1 - 1e-7
    share = relaxation.values[fractional]
    covers = model.matrix[relaxation.columns[fractional]][:, : model.lycees]
    # the triples whose three pairs share zones by more than 1 in all, int[triple, 3]. Only these
    # can violate their cut. At least two of the pairs share a zone: a triple is a lycée and two
    # lycées that share zones with it
    held = covers.toarray()
    pairs = (held * share[:, None]).T @ held
    np.fill_diagonal(pairs, 0.0)
    found = [np.empty((0, 3), np.int64)]
    for lycee in np.flatnonzero((pairs > 0).sum(axis=1) > 1):
        near = np.flatnonzero(pairs[lycee])
        first, second = near[np.stack(np.triu_indices(len(near), 1))]
        total = pairs[lycee, first] + pairs[lycee, second] + pairs[first, second]
        third = np.full(len(first), lycee)
        found.append(np.stack([first, second, third], axis=1)[total > 1 + _LEAST])
    triples = np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
    rows = np.arange(len(triples)).repeat(3)
    picked = csr_array(
        (np.ones(triples.size), (triples.ravel(), rows)), shape=(covers.shape[1], len(triples))
    )
    held = (covers @ picked).tocsr()
    held.data = (held.data >= 2).astype(float)
    excess = np.asarray(share @ held) - 1
    most = max(_AT_ONCE, model.lycees // 3)
    chosen: list[Triple] = []
    uses = np.zeros(model.lycees, int)
    for at in np.argsort(-excess, kind="stable"):
        if excess[at] < _LEAST or len(chosen) == most:
            break
        triple = triples[at]
        if uses[triple].max() < _PER_LYCEE:
            uses[triple] += 1
            first, second, third = triple.tolist()
            chosen.append((first, second, third))
    return chosen


BOUND, BETTER, PROOF = "Borne", "Bonne solution", "Preuve"
#: Both numbers of columns below grow with the lycées, and the first with each try: they were made
#: for a region, and the likeliest columns of a country of 2,600 lycées may hold no plan.
#: For the first incumbent: columns of the restricted program (or 4 per lycée), nodes of its branch
#: and bound; if no plan is found, factor of columns for the next try, and number of tries.
_FIRST_COLUMNS = 400
_FIRST_NODES = 200
_FIRST_GROWTH = 4
_FIRST_TRIES = 3
#: First columns of a relaxation with cuts (or 17 per lycée), and most rounds of cuts.
_CUT_COLUMNS = 2000
_CUT_ROUNDS = 40
#: First gap for the search of the optimum, as a share of the bound, and its growth factor. Optima
#: of the region are within 1.5 % of the bound: programs of few columns find them and prove them in
#: a second where the columns up to the current plan take minutes.
_GAP = 0.002
_GAP_GROWTH = 4.0
#: Objectives closer than this count as equal.
SAME = 1e-9
_SLACK = 1e-7


@dataclass(eq=False)
class SearchState:
    """State of a search: the incumbent and the bound, valid whenever it stops."""

    #: ``int[zone]``: columns of the incumbent; ``None`` before the first.
    chosen: NDArray[np.int64] | None = None
    objective: float = inf  # Cost of the incumbent; ``inf`` before the first.
    bound: float = -inf  # No plan costs less.
    #: Whether the incumbent is proven optimal, or the absence of any plan is proven.
    proven: bool = False
    #: ``float[equality row]``: how much of rows (1) and (2) the relaxation could not fill, where
    #: that proves that there is no plan; empty otherwise.
    unmet: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def offer(self, chosen: NDArray[np.int64], objective: float) -> None:
        """Make a plan the incumbent if it is better."""
        if objective < self.objective - SAME or self.chosen is None:
            self.chosen, self.objective = chosen, objective

    def raise_bound(self, bound: float) -> None:
        """Raise the bound if the given bound is higher."""
        self.bound = max(self.bound, bound)


def minimise(
    model: Model,
    candidates: Candidates,
    monitor: SearchMonitor,
    start: NDArray[np.int64] | None = None,
) -> SearchState:
    """Choose the columns of least cost; if stopped, return the incumbent and the bound so far.

    ``start`` are the columns of a plan that respects the model, if one is known.
    """
    least = float(model.cost.min(initial=0.0))
    search = SearchState(bound=model.most * least if least < 0 else 0.0)
    if start is not None:
        search.offer(start, float(model.cost[start].sum()))
    try:
        _minimise(search, model, candidates, monitor)
    except SearchCancelledError:
        search.bound = max(search.bound, min(monitor.bound, search.objective))
    if search.proven:
        search.bound = search.objective
    search.bound = min(search.bound, search.objective)
    return search


def _minimise(
    search: SearchState, model: Model, candidates: Candidates, monitor: SearchMonitor
) -> None:
    monitor.report(BOUND, incumbent=search.objective)
    first = first_columns(model, candidates)
    if search.chosen is not None:
        first = np.union1d(first, search.chosen)
    relaxation = relax(model, first, monitor)
    search.raise_bound(relaxation.bound)
    if not relaxation.is_feasible and _cannot_be_met(search, model, first, monitor):
        return
    monitor.report(PROOF)
    gap = _GAP * max(relaxation.bound, 1.0)
    while not search.proven:
        if not _search_within(search, model, relaxation, min(gap, search.objective), monitor):
            return
        gap *= _GAP_GROWTH


def _cannot_be_met(
    search: SearchState, model: Model, first: NDArray[np.int64], monitor: SearchMonitor
) -> bool:
    """Return whether even fractions of columns cannot fill every row, at any cost."""
    relaxation = relax(model.with_cost(np.zeros(len(model))), first, monitor.inner())
    if relaxation.is_feasible:
        return False
    search.proven, search.unmet = True, relaxation.unmet
    return True


def _find_incumbent(
    search: SearchState,
    model: Model,
    pool: NDArray[np.int64],
    relaxation: Relaxation,
    monitor: SearchMonitor,
) -> None:
    """Search a good incumbent among the columns of least reduced cost."""
    count = max(_FIRST_COLUMNS, 4 * model.lycees)
    for _ in range(_FIRST_TRIES):
        few = _least_reduced(relaxation.reduced, count)
        answer = solve_integer(model.take(few), monitor, nodes=_FIRST_NODES)
        _offer(search, model, pool, few, answer.chosen)
        monitor.report(incumbent=search.objective)
        if answer.chosen is not None or count >= len(model):
            return
        count *= _FIRST_GROWTH


def _offer(
    search: SearchState,
    model: Model,
    pool: NDArray[np.int64],
    columns: NDArray[np.int64],
    chosen: NDArray[np.int64] | None,
) -> None:
    """Offer a plan of the model: ``chosen`` among ``columns``, with the ranks in ``pool``.

    ``pool`` is ``int[column]``: for each column of ``model``, its rank in the whole program.
    """
    if chosen is not None:
        used = columns[chosen]
        search.offer(np.sort(pool[used]), float(model.cost[used].sum()))


def _search_within(
    search: SearchState, whole: Model, root: Relaxation, gap: float, monitor: SearchMonitor
) -> bool:
    """Find the best plan that costs at most ``root.bound + gap``, or prove that there is none.

    Such a plan has no column of reduced cost above ``gap``. Bounds found here hold only for plans
    up to ``root.bound + gap``: that is the ceiling of the bounds reported. Returns whether the
    search came to its end.
    """
    pool = np.flatnonzero(root.reduced <= min(gap, search.objective - root.bound) + _SLACK)
    # With every column, plans of any cost are searched.
    ceiling = root.bound + gap if len(pool) < len(whole) else inf
    monitor.ceiling = ceiling
    complete = _best_of(search, whole, pool, root, monitor)
    monitor.ceiling = inf
    search.proven = complete and search.objective <= ceiling + _SLACK
    proven = search.objective if search.proven else ceiling if complete else None
    monitor.report(bound=proven, incumbent=search.objective)
    return complete


def _best_of(
    search: SearchState,
    whole: Model,
    pool: NDArray[np.int64],
    root: Relaxation,
    monitor: SearchMonitor,
) -> bool:
    """Find the best plan made of columns of a pool; return whether it was searched to the end.

    Each round adds cuts, raises the bound and drops the columns that no better plan can have. Where
    no plan within the ceiling is known by then, a good one is sought; a branch and bound over the
    columns left ends it.
    """
    model, reduced, ceiling = whole.take(pool), root.reduced[pool], monitor.ceiling
    first = max(_CUT_COLUMNS, 17 * whole.lycees)
    relaxation = relax(model, _least_reduced(reduced, first), monitor)
    for _ in range(_CUT_ROUNDS):
        search.raise_bound(min(relaxation.bound, ceiling))
        if relaxation.bound > ceiling + _SLACK:
            return True  # no plan costs as little as the ceiling
        if not relaxation.is_feasible:
            break
        if relaxation.is_integral:
            _offer(search, model, pool, relaxation.columns, np.arange(len(relaxation.columns)))
            return True
        kept = _within_gap(search, relaxation, ceiling)
        triples = violated_triples(model, relaxation)
        if not triples or not len(kept):
            break
        pool, model = pool[kept], model.take(kept).with_cuts(triples)
        relaxation = relax(model, _least_reduced(relaxation.reduced[kept], first), monitor)
    if search.objective >= ceiling:
        monitor.report(BETTER)
        _find_incumbent(search, model, pool, relaxation, monitor)
        monitor.report(PROOF)
    kept = _within_gap(search, relaxation, ceiling)
    if not len(kept):
        return True
    answer = solve_integer(model.take(kept), monitor)
    _offer(search, model, pool, kept, answer.chosen)
    search.raise_bound(min(answer.bound, search.objective, ceiling))
    return answer.complete


def _least_reduced(reduced: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Return the ``count`` columns of least reduced cost, ascending."""
    return np.sort(np.argsort(reduced, kind="stable")[:count])


def _within_gap(search: SearchState, relaxation: Relaxation, ceiling: float) -> NDArray[np.int64]:
    """Return the columns that a better plan of at most the ceiling may use, by reduced cost."""
    gap = min(search.objective, ceiling) - relaxation.bound
    return np.flatnonzero(relaxation.reduced <= gap + _SLACK)
