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
#: Columns of the program solved for a first plan, nodes it searches; columns that a relaxation with
#: cuts starts from, and rounds of cuts.
_FEW = 400
_NODES = 200
_START = 2000
_ROUNDS = 40
#: How far above the bound the best plan is first sought, as a share of it, and what that grows by.
_ROOM = 0.03
_WIDER = 8.0
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
        if objective < self.objective - SAME or self.chosen is None:
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
    if not relaxation.is_met and _cannot_be_met(search, model, first, watch):
        return
    if search.chosen is None:
        watch.tell(BETTER)
        _look(search, model, np.arange(len(model)), relaxation, watch)
    watch.tell(PROOF)
    room = _ROOM * max(relaxation.bound, 1.0)
    while not search.proven:
        if not _search_within(search, model, relaxation, min(room, search.objective), watch):
            return
        room = search.objective if search.objective < inf else room * _WIDER


def _cannot_be_met(search: Search, model: Model, first: NDArray[np.int64], watch: Watch) -> bool:
    """Tell whether even fractions of columns cannot fill every row, costs set aside."""
    relaxation = relax(model.priced(np.zeros(len(model))), first, watch.quiet())
    if relaxation.is_met:
        return False
    search.proven, search.unmet = True, relaxation.unmet
    return True


def _look(
    search: Search, model: Model, pool: NDArray[np.int64], relaxation: Relaxation, watch: Watch
) -> None:
    """Look for a good plan among the columns of least reduced cost."""
    few = np.sort(np.argsort(relaxation.reduced, kind="stable")[:_FEW])
    answer = solve_integer(model.take(few), watch, nodes=_NODES)
    _keep(search, model, pool, few, answer.chosen)
    watch.tell(incumbent=search.objective)


def _keep(
    search: Search,
    model: Model,
    pool: NDArray[np.int64],
    columns: NDArray[np.int64],
    chosen: NDArray[np.int64] | None,
) -> None:
    """Keep the plan made of some of the model's columns, which are the search's by ``pool``."""
    if chosen is not None:
        used = columns[chosen]
        search.found(np.sort(pool[used]), float(model.cost[used].sum()))


def _search_within(
    search: Search, whole: Model, root: Relaxation, room: float, watch: Watch
) -> bool:
    """Find the best plan that costs at most ``root.bound + room``, or that there is none.

    It tells whether it came to its end.

    Such a plan has no column of reduced cost above ``room``. What is bounded here holds for every
    plan up to ``root.bound + room`` and no further: that is the ceiling of the bounds told.
    """
    ceiling = root.bound + room
    watch.ceiling = ceiling
    pool = np.flatnonzero(root.reduced <= min(room, search.objective - root.bound) + _SLACK)
    everything = len(pool) == len(whole)
    complete = _best_of(search, whole, pool, root, watch)
    watch.ceiling = inf
    search.proven = complete and (everything or search.objective <= ceiling + _SLACK)
    proven = search.objective if search.proven else ceiling if complete else None
    watch.tell(bound=proven, incumbent=search.objective)
    return complete


def _best_of(
    search: Search, whole: Model, pool: NDArray[np.int64], root: Relaxation, watch: Watch
) -> bool:
    """Find the best plan made of columns of a pool; tell whether it was searched to the end.

    Round after round: cuts, the bound they give, and the columns that a better plan may still have.
    """
    model, reduced, ceiling = whole.take(pool), root.reduced[pool], watch.ceiling
    relaxation = relax(model, _nearest(reduced), watch)
    for _ in range(_ROUNDS):
        search.proves(min(relaxation.bound, ceiling))
        if not relaxation.is_met:
            break
        if relaxation.is_whole:
            _keep(search, model, pool, relaxation.columns, np.arange(len(relaxation.columns)))
            return True
        keep = _still_useful(search, relaxation)
        triples = violated_triples(model, relaxation)
        if not triples or not len(keep):
            break
        pool, model = pool[keep], model.take(keep).with_cuts(triples)
        relaxation = relax(model, _nearest(relaxation.reduced[keep]), watch)
    keep = _still_useful(search, relaxation)
    if not len(keep):
        return True
    answer = solve_integer(model.take(keep), watch)
    _keep(search, model, pool, keep, answer.chosen)
    search.proves(min(answer.bound, search.objective, ceiling))
    return answer.complete


def _nearest(reduced: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the columns of least reduced cost, to start a relaxation from."""
    return np.sort(np.argsort(reduced, kind="stable")[:_START])


def _still_useful(search: Search, relaxation: Relaxation) -> NDArray[np.int64]:
    """Return the columns that a better plan may have."""
    return np.flatnonzero(relaxation.reduced <= search.objective - relaxation.bound + _SLACK)
