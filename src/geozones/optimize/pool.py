"""Which candidates to search: all, or those that a plan no worse than one known may have."""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import SearchCancelledError
from geozones.optimize.candidates import LIMIT, Candidates, TooManyError, enumerate_candidates
from geozones.optimize.clashes import compatible_pairs
from geozones.optimize.identity import Made, given
from geozones.optimize.model import Model, build_model, columns_of
from geozones.optimize.pricing import Relaxation, first_columns, relax
from geozones.optimize.problem import Problem
from geozones.optimize.solve import minimise
from geozones.optimize.watch import Watch
from geozones.optimize.wide import Sieve, moved_at_least, near_pairs, sifted

#: Up to so many, listing every candidate is the faster way.
FEW = 300_000
_ZERO = 1e-6
#: Candidates among which a good plan is sought.
_LIKELY = 50_000
#: How far from the bound to the best plan known candidates are listed, the first that can be.
_SHARES = (1.0, 0.75, 0.5, 0.25)


@dataclass(frozen=True, eq=False)
class Choice:
    """The candidates to search, and what is known beforehand.

    Parameters
    ----------
    start
        A plan that respects the options, if one was found on the way.
    ceiling
        Every plan of at most this objective is made of these candidates.
    """

    candidates: Candidates
    start: list[Made] | None = None
    ceiling: float = inf


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

    def likeliest(self, objective: float, made: list[Made], watch: Watch) -> Choice:
        """Return the candidates of plans up to this objective, or as near to it as can be listed.

        ``made`` is a plan of that objective: a stop is not raised, those known are returned.
        """
        try:
            watch.tell(bound=min(self.root.bound, objective), incumbent=objective)
            return self._listed(objective, made, watch)
        except SearchCancelledError:
            return Choice(self.known, made, self.root.bound)

    def _listed(self, objective: float, made: list[Made], watch: Watch) -> Choice:
        for share in _SHARES:
            ceiling = self.root.bound + share * (objective - self.root.bound)
            try:
                found = self.up_to(ceiling, watch)
            except TooManyError:
                continue
            return Choice(found.joined(self.known) if share < 1 else found, made, ceiling)
        return Choice(self.known, made, self.root.bound)

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


def candidates_of(problem: Problem, watch: Watch) -> Choice:
    """Return the candidates that the best plan may have: all, or where they are many, fewer.

    The second way needs a plan that respects the options, found among near lycées and returned
    with them; without one, all are listed if they can be. Once there is one, a stop is not raised:
    the near candidates are returned. Where those that a better plan may have are too many still,
    the likeliest are: the plan found is then proven up to the ceiling only.

    Raises
    ------
    TooManyError
        If neither way will do.
    """
    compatible = compatible_pairs(problem)
    try:
        return Choice(enumerate_candidates(problem, compatible, watch, FEW))
    except TooManyError:
        pool = _pool_by_price(problem, compatible, watch)
    if pool is not None:
        objective, made = _good_plan(problem, pool.known, watch)
        if made is not None:
            return pool.likeliest(objective, made, watch)
    every = enumerate_candidates(problem, compatible, watch, LIMIT)
    if problem.options.max_moves is None:
        return Choice(every)
    pool = _pool_of(problem, compatible, every, watch)
    likely = np.sort(np.argsort(pool.root.reduced, kind="stable")[:_LIKELY])
    objective, made = _good_plan(problem, every.take(likely), watch)
    return Choice(every) if made is None else pool.likeliest(objective, made, watch)


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
    return _pool_of(problem, compatible, candidates, watch)


def _pool_of(
    problem: Problem, compatible: NDArray[np.bool_], every: Candidates, watch: Watch
) -> Pool:
    """Solve the relaxation over every candidate, listed."""
    free = replace(problem, options=replace(problem.options, max_moves=None))
    model = _relaxed(problem, free, every)
    root = relax(model, first_columns(model, every), watch.quiet())
    return Pool(problem, compatible, every, root, _sieve(problem, root), whole=True)


def _pool_by_price(problem: Problem, compatible: NDArray[np.bool_], watch: Watch) -> Pool | None:
    """Return the candidates by their price, or ``None`` where that does not narrow them down."""
    try:
        return _near_pool(problem, compatible, watch)
    except TooManyError:
        return None


def _near_pool(problem: Problem, compatible: NDArray[np.bool_], watch: Watch) -> Pool:
    """Solve the relaxation over every candidate, unlisted: near ones, then any wanted.

    Under a limit of moves each zone is let go on as the old zone that suits it best, whatever the
    others do: plans cost no more than that says.
    """
    free = replace(problem, options=replace(problem.options, max_moves=None))
    near = enumerate_candidates(free, near_pairs(free, compatible), watch)
    model = _relaxed(problem, free, near)
    root = relax(model, first_columns(model, near), watch.quiet())
    while True:
        sieve = _sieve(problem, root)
        more = near.joined(sifted(problem, compatible, sieve, watch))
        if len(more) == len(near):
            return Pool(problem, compatible, near, root, sieve, whole=False)
        first = np.append(root.columns, np.arange(len(near), len(more)))
        near, model = more, _relaxed(problem, free, more)
        root = relax(model, first, watch.quiet())


def _relaxed(problem: Problem, free: Problem, candidates: Candidates) -> Model:
    """Write the program whose relaxation bounds the plans of a problem."""
    model = build_model(free, candidates)
    allowed = problem.max_moves
    return (
        model
        if allowed is None
        else model.limited(moved_at_least(free, candidates.members), allowed)
    )


def _sieve(problem: Problem, root: Relaxation) -> Sieve:
    """Return what the zones that would lower a relaxation are found by."""
    prices, others = root.prices[: problem.size], root.prices[problem.size :]
    allowed = problem.max_moves
    if allowed is None:
        return Sieve(prices, float(others.sum()), -_ZERO)
    return Sieve(prices, float(others[:-1].sum()), -_ZERO, -float(others[-1]), allowed)


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
