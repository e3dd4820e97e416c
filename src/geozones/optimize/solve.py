"""The search: bound, good plan, proof. See ``model`` for the program, ``pricing`` for the bound."""

from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import Candidates
from geozones.optimize.cuts import violated_triples
from geozones.optimize.highs import solve_integer
from geozones.optimize.model import Model
from geozones.optimize.pricing import Relaxation, first_columns, relax
from geozones.optimize.watch import Watch

BOUND, BETTER, PROOF = "Borne", "Bonne solution", "Preuve"
#: Columns of the programs solved for a good plan, nodes they search, and rounds of cuts.
_FEW = 2000
_NODES = 500
_ROUNDS = 40
#: Objectives nearer than this are the same (minutes).
SAME = 1e-9
_SLACK = 1e-7


@dataclass(eq=False)
class Search:
    """Where a search is; it holds whatever was proven and found when it stops.

    Parameters
    ----------
    chosen
        Columns of the best plan found; ``None`` before the first.
    objective
        Its cost, ``inf`` before the first.
    bound
        No plan costs less.
    proven
        Whether the best plan found, or the absence of any, is proven.
    unmet
        Rows (1) and (2) that the relaxation could not fill, when that is why there is no plan.
    """

    chosen: NDArray[np.int64] | None = None
    objective: float = inf
    bound: float = -inf
    proven: bool = False
    unmet: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    def found(self, chosen: NDArray[np.int64], objective: float) -> None:
        """Keep a plan if it is better."""
        if objective < self.objective:
            self.chosen, self.objective = chosen, objective

    def proves(self, bound: float) -> None:
        """Keep a bound if it is better."""
        self.bound = max(self.bound, bound)


def minimise(
    model: Model, candidates: Candidates, watch: Watch, start: NDArray[np.int64] | None = None
) -> Search:
    """Choose the columns of least cost; when stopped, say the best found and what is proven.

    Parameters
    ----------
    start
        Columns of a plan known to respect the model, if any.
    """
    least = float(model.cost.min(initial=0.0))
    search = Search(bound=model.most * least if least < 0 else 0.0)
    if start is not None:
        search.found(start, float(model.cost[start].sum()))
    try:
        _minimise(search, model, candidates, watch)
    except SearchCancelledError:
        search.bound = max(search.bound, min(watch.bound, search.objective))
    if search.proven:
        search.bound = search.objective
    search.bound = min(search.bound, search.objective)
    return search


def _minimise(search: Search, model: Model, candidates: Candidates, watch: Watch) -> None:
    watch.tell(BOUND, incumbent=search.objective)
    first = first_columns(model, candidates)
    if search.chosen is not None:
        first = np.union1d(first, search.chosen)
    relaxation = relax(model, first, watch)
    search.proves(relaxation.bound)
    if not relaxation.is_met:
        if _cannot_be_met(search, model, first, watch):
            return
    elif relaxation.is_whole:
        _settle(search, model, np.arange(len(model)), relaxation, watch)
        return
    watch.tell(BETTER)
    _look(search, model, np.arange(len(model)), relaxation, watch)
    pool, model, relaxation = _tighten(search, model, relaxation, watch)
    if not search.proven:
        _prove(search, model, pool, relaxation, watch)


def _cannot_be_met(
    search: Search, model: Model, first: NDArray[np.int64], watch: Watch
) -> bool:
    """Tell whether even fractions of columns cannot fill every row, costs set aside."""
    free = model.priced(np.zeros(len(model)))
    relaxation = relax(free, first, Watch(time_limit=watch.left if watch.left < inf else None))
    if relaxation.is_met:
        return False
    search.proven, search.unmet = True, relaxation.unmet
    return True


def _settle(
    search: Search,
    model: Model,
    pool: NDArray[np.int64],
    relaxation: Relaxation,
    watch: Watch,
) -> None:
    """Take a whole relaxation for what it is: the best plan, proven."""
    search.found(np.sort(pool[relaxation.columns]), float(model.cost[relaxation.columns].sum()))
    search.proven = True
    watch.tell(PROOF, bound=search.objective, incumbent=search.objective)


def _look(
    search: Search,
    model: Model,
    pool: NDArray[np.int64],
    relaxation: Relaxation,
    watch: Watch,
) -> None:
    """Look for a good plan among the columns of least reduced cost."""
    few = np.sort(np.argsort(relaxation.reduced, kind="stable")[:_FEW])
    answer = solve_integer(model.take(few), None, watch, nodes=_NODES)
    if answer.chosen is not None:
        chosen = few[answer.chosen]
        search.found(pool[chosen], float(model.cost[chosen].sum()))
    watch.tell(incumbent=search.objective)


def _tighten(
    search: Search, model: Model, relaxation: Relaxation, watch: Watch
) -> tuple[NDArray[np.int64], Model, Relaxation]:
    """Add cuts, drop the columns that no better plan has, bound again, until nothing is gained."""
    pool = np.arange(len(model))
    watch.tell(PROOF)
    for _ in range(_ROUNDS):
        keep = _within(search, relaxation)
        triples = violated_triples(model, relaxation)
        if not triples or not len(keep):
            break
        pool, model = pool[keep], model.take(keep).with_cuts(triples)
        near = np.argsort(relaxation.reduced[keep], kind="stable")[:_FEW]
        relaxation = relax(model, np.sort(near), watch)
        if not relaxation.is_met:
            break
        search.proves(relaxation.bound)
        if relaxation.is_whole:
            _settle(search, model, pool, relaxation, watch)
            break
        if search.chosen is None:
            _look(search, model, pool, relaxation, watch)
    return pool, model, relaxation


def _within(search: Search, relaxation: Relaxation) -> NDArray[np.int64]:
    """Return the columns that a better plan may have."""
    room = search.objective - relaxation.bound + _SLACK
    return np.flatnonzero(relaxation.reduced <= room)


def _prove(
    search: Search,
    model: Model,
    pool: NDArray[np.int64],
    relaxation: Relaxation,
    watch: Watch,
) -> None:
    """Solve the integer program on every column that a better plan may have."""
    if relaxation.is_met:
        _look(search, model, pool, relaxation, watch)
    keep = _within(search, relaxation)
    start = None
    if search.chosen is not None:
        start = np.flatnonzero(np.isin(pool[keep], search.chosen))
        start = start if len(start) == len(search.chosen) else None
    answer = solve_integer(model.take(keep), start, watch)
    if answer.chosen is not None:
        chosen = keep[answer.chosen]
        search.found(pool[chosen], float(model.cost[chosen].sum()))
    search.proves(min(answer.bound, search.objective))
    search.proven = answer.complete
