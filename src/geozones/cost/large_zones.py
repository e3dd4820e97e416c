"""Closed form of the yearly cost in zones of many lycées: sums by rank, in place of loops.

A territory begins with such zones, before its zones are drawn; no plan keeps them. `closed_form`,
which computes covers triple by triple, would take minutes there.
"""

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

#: Most lycées of a zone that `closed_form` works out triple by triple.
MANY = 16


def covers_of_many(minutes: Floats, needs: Floats, chance: Floats) -> Floats:
    """Return the origins of covers, as `closed_form` does for small zones.

    A colleague comes if no nearer one can; of two equally far, each comes first half of the time.

    Parameters
    ----------
    minutes
        ``float[pair, zone]``, pairs in the order of ``itertools.combinations``.
    needs, chance
        ``float[lycee, zone]``: half-days needed, and chance that a resident can come.

    Returns
    -------
    ``float[pair, zone]``, half-days of need of each lycée by the pair of who comes.
    """
    first, second = np.triu_indices(len(needs), 1)
    legs = np.zeros_like(minutes)
    for zone in range(needs.shape[1]):
        table = _square(minutes[:, zone], first, second, len(needs))
        weights = np.array([_weights(row, chance[:, zone], own) for own, row in enumerate(table)])
        shares = needs[:, zone] / np.maximum(weights.sum(axis=1), 1e-9)
        given = weights * shares[:, np.newaxis]
        legs[:, zone] = given[first, second] + given[second, first]
    return legs


def _weights(row: Floats, chance: Floats, own: int) -> Floats:
    """Return the chance of each colleague to be the one who comes to the lycée ``own``."""
    others = np.delete(np.arange(len(row)), own)
    order = others[np.argsort(row[others], kind="stable")]
    far, able = row[order], chance[order]
    start = np.searchsorted(far, far, "left")
    end = np.searchsorted(far, far, "right")
    none_nearer = np.concatenate([[1.0], np.cumprod(1 - able)])[start]
    halves = np.concatenate([[0.0], np.cumsum(np.log1p(-able / 2))])
    equals = np.exp(halves[end] - halves[start] - np.log1p(-able / 2))
    weights = np.zeros(len(row))
    weights[order] = able * none_nearer * equals
    return weights


def lacking_of_many(short: Floats, near: NDArray[np.bool_]) -> Floats:
    """Return the half-days that lack within reach of each lycée, including itself.

    Parameters
    ----------
    short
        ``float[lycee, zone]``, half-days that each lycée lacks.
    near
        ``bool[pair, zone]``, whether each pair is within reach.
    """
    first, second = np.triu_indices(len(short), 1)
    lacking = short.copy()
    for zone in range(short.shape[1]):
        reach = _square(near[:, zone].astype(np.float64), first, second, len(short))
        lacking[:, zone] += reach @ short[:, zone]
    return lacking


def _square(pairs: Floats, first: NDArray[np.intp], second: NDArray[np.intp], size: int) -> Floats:
    """Return a symmetric table of the values of pairs, 0 on its diagonal."""
    table = np.zeros((size, size))
    table[first, second] = table[second, first] = pairs
    return table
