"""Cuts that strengthen the linear relaxation: subset-row inequalities, rows (8) of ``model``."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.optimize.model import Model
from geozones.optimize.pricing import Relaxation

#: Three lycées, by number.
type Triple = tuple[int, int, int]

#: Most cuts added in a round, in all (or a third of the lycées) and for one lycée; least violation
#: worth a cut.
_AT_ONCE = 40
_PER_LYCEE = 5
_LEAST = 0.02


def violated_triples(model: Model, relaxation: Relaxation) -> list[Triple]:
    """Return triples of lycées whose cut (8) the relaxation violates, the most violated first.

    That is, the zones with two or more of the three are used by more than 1 in all. There are
    few triples per lycée, so that they are diverse.
    """
    fractional = relaxation.values < 1 - 1e-7
    share = relaxation.values[fractional]
    covers = model.matrix[relaxation.columns[fractional]][:, : model.lycees]
    triples = _violable_triples(covers, share)
    excess = _held_twice(covers, share, triples) - 1
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


def _held_twice(
    covers: csr_array, share: NDArray[np.float64], triples: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the total use of the zones that contain two or more of each triple.

    Parameters
    ----------
    covers
        ``float[zone, lycée]``: 1 where the zone has the lycée.
    share
        ``float[zone]``: how much each zone is used.
    """
    rows = np.arange(len(triples)).repeat(3)
    picked = csr_array(
        (np.ones(triples.size), (triples.ravel(), rows)), shape=(covers.shape[1], len(triples))
    )
    held = (covers @ picked).tocsr()
    held.data = (held.data >= 2).astype(float)
    return np.asarray(share @ held)


def _violable_triples(covers: csr_array, share: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the triples whose three pairs share zones by more than 1 in all, ``int[triple, 3]``.

    Only these can violate their cut. At least two of the pairs share a zone: a triple is a lycée
    and two lycées that share zones with it.
    """
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
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
