"""Cuts that strengthen the linear relaxation: subset-row inequalities, rows (5) of ``model``."""

import numpy as np
from numpy.typing import NDArray

from geozones.optimize.model import Model
from geozones.optimize.pricing import Relaxation

#: Three lycées, by number.
type Triple = tuple[int, int, int]

#: Cuts added in a round at most, in all and for one lycée; least violation worth a cut.
_AT_ONCE = 40
_PER_LYCEE = 5
_LEAST = 0.02


def violated_triples(model: Model, relaxation: Relaxation) -> list[Triple]:
    """Return triples of lycées whose cut (5) the relaxation violates, the most violated first.

    That is, the zones that hold two of the three or more are used by more than 1 in all. There are
    few triples for a same lycée, so that they are diverse.
    """
    fractional = relaxation.values < 1 - 1e-7
    share = relaxation.values[fractional]
    covers = model.matrix[relaxation.columns[fractional]][:, : model.lycees].toarray()
    triples = _violable_triples(covers, share)
    held = covers[:, triples[:, 0]] + covers[:, triples[:, 1]] + covers[:, triples[:, 2]]
    excess = share @ (held >= 2) - 1
    chosen: list[Triple] = []
    uses = np.zeros(model.lycees, int)
    for at in np.argsort(-excess, kind="stable"):
        if excess[at] < _LEAST or len(chosen) == _AT_ONCE:
            break
        triple = triples[at]
        if uses[triple].max() < _PER_LYCEE:
            uses[triple] += 1
            first, second, third = triple.tolist()
            chosen.append((first, second, third))
    return chosen


def _violable_triples(covers: NDArray[np.float32], share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the triples whose three pairs share zones by more than 1 in all, ``int[triple, 3]``.

    Only these can violate their cut.
    """
    pairs = (covers * share[:, None]).T @ covers
    np.fill_diagonal(pairs, 0.0)
    lycees = np.flatnonzero(pairs.sum(axis=1) > 0)
    near = pairs[np.ix_(lycees, lycees)]
    total = near[:, :, None] + near[:, None, :] + near[None, :, :]
    first, second, third = np.nonzero(total > 1 + _LEAST)
    ascending = (first < second) & (second < third)
    return lycees[np.stack([first, second, third], axis=1)[ascending]]
