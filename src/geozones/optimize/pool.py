"""Which candidates to search: all, or those that a plan no worse than one known may have."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import LIMIT, Candidates, TooManyError, enumerate_candidates
from geozones.optimize.clashes import compatible_pairs
from geozones.optimize.identity import Made, given
from geozones.optimize.model import build_model, columns_of
from geozones.optimize.pricing import Relaxation, first_columns, relax
from geozones.optimize.problem import Problem
from geozones.optimize.solve import minimise
from geozones.optimize.watch import Watch
from geozones.optimize.wide import Sieve, near_pairs, sifted

#: Up to so many, listing every candidate is the faster way.
FEW = 300_000
_ZERO = 1e-6


@dataclass(frozen=True, eq=False)
class Pool:
    """Candidates and a bound on the plans made of any, whatever their moves.

    Parameters
    ----------
    known
        Every candidate where ``whole``, or else those that the relaxation was solved with.
    root
        The linear relaxation over every candidate, listed or not.
    sieve
        What the candidates that are not listed are found by.
    """

    problem: Problem
    compatible: NDArray[np.bool_]
    known: Candidates
    root: Relaxation
    sieve: Sieve
    whole: bool

    def up_to(self, objective: float, watch: Watch) -> Candidates:
        """Return the candidates that a plan of at most this objective may have (and others).

        Raises
        ------
        TooManyError
            If there are too many.
        """
        if self.whole and objective == inf:
            return self.known
        room = objective - self.root.bound + _ZERO * (self.problem.size + 1)
        if self.whole:
            return self.known.take(np.flatnonzero(self.root.reduced <= room))
        return sifted(self.problem, self.compatible, replace(self.sieve, room=room), watch)


def candidates_of(problem: Problem, watch: Watch) -> tuple[Candidates, list[Made] | None]:
    """Return the candidates that the best plan may have: all, or where they are many, fewer.

    The second way needs a plan that respects the options, found among near lycées and returned
    with them; without one, all are listed if they can be. Once there is one, a stop is not raised:
    the near candidates are returned.

    Raises
    ------
    TooManyError
        If neither way will do.
    """
    compatible = compatible_pairs(problem)
    try:
        return enumerate_candidates(problem, compatible, watch, FEW), None
    except TooManyError:
        pool = _near_pool(problem, compatible, watch)
    objective, made = _good_plan(problem, pool.known, watch)
    if made is not None:
        try:
            watch.tell(bound=min(pool.root.bound, objective), incumbent=objective)
            return pool.up_to(objective, watch), made
        except SearchCancelledError:
            return pool.known, made
        except TooManyError:
            pass
    return enumerate_candidates(problem, compatible, watch, LIMIT), made


def open_pool(problem: Problem, watch: Watch) -> Pool:
    """Return the candidates of a problem with no limit of moves, to be asked for time and again.

    Raises
    ------
    TooManyError
        If not even those near one another can be listed.
    """
    compatible = compatible_pairs(problem)
    try:
        candidates = enumerate_candidates(problem, compatible, watch, LIMIT)
    except TooManyError:
        return _near_pool(problem, compatible, watch)
    model = build_model(problem, candidates)
    root = relax(model, first_columns(model, candidates), watch.quiet())
    return Pool(problem, compatible, candidates, root, _sieve(problem, root), whole=True)


def _near_pool(problem: Problem, compatible: NDArray[np.bool_], watch: Watch) -> Pool:
    """Solve the relaxation over every candidate, unlisted: near ones, then any wanted."""
    free = replace(problem, options=replace(problem.options, max_moves=None))
    near = enumerate_candidates(free, near_pairs(free, compatible), watch)
    model = build_model(free, near)
    root = relax(model, first_columns(model, near), watch.quiet())
    while True:
        sieve = _sieve(problem, root)
        more = near.joined(sifted(problem, compatible, sieve, watch))
        if len(more) == len(near):
            return Pool(problem, compatible, near, root, sieve, whole=False)
        first = np.append(root.columns, np.arange(len(near), len(more)))
        near, model = more, build_model(free, more)
        root = relax(model, first, watch.quiet())


def _sieve(problem: Problem, root: Relaxation) -> Sieve:
    """Return what the zones that would lower a relaxation are found by."""
    return Sieve(root.prices[: problem.size], float(root.prices[problem.size :].sum()), -_ZERO)


def _good_plan(problem: Problem, near: Candidates, watch: Watch) -> tuple[float, list[Made] | None]:
    """Return a plan that respects the options, and its objective; ``inf`` if none is found."""
    model = build_model(problem, near)
    start = columns_of(model, near, problem, given(problem))
    search = minimise(model, near, watch.quiet(), start)
    if search.chosen is None:
        return inf, None
    return search.objective, [
        (near.zone(int(model.candidate[column])), int(model.zone[column]))
        for column in search.chosen
    ]
