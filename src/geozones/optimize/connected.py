"""Connected sets of lycées on the map, grown neighbour by neighbour.

A connected set of k + 1 lycées contains a connected set of k lycées (remove a leaf of a spanning
tree), so the sets of each size are the smaller sets with an additional neighbour, each kept once.
Every lycée is in about the same number of them: they grow like the lycées, not like their pairs.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geozones.optimize.search_monitor import SearchMonitor

_CHUNK = 1 << 15


def connected_sets(
    adjacent: NDArray[np.bool_],
    compatible: NDArray[np.bool_],
    size_max: int,
    most: int,
    monitor: SearchMonitor,
) -> Iterator[NDArray[np.uint16]]:
    """Yield the sets of 1, 2, … ``size_max`` lycées in one piece, compatible two by two.

    Each is ``uint16[set, size]``, lycées ascending in a set, sets ascending and distinct. It is
    computed on demand.

    Parameters
    ----------
    adjacent, compatible
        ``bool[n, n]``, symmetric: which lycées touch on the map; which may share a zone.
    most
        Wanted sets of each size: if there are more, some may be missing, but more than ``most``
        are returned.
    """
    count = len(adjacent)
    table = neighbour_table(adjacent & compatible)
    level = np.arange(count, dtype=np.uint16)[:, None]
    yield level
    for size in range(2, size_max + 1):
        longer = [np.empty((0, size), np.uint16)]
        made = 0
        for start in range(0, len(level), _CHUNK):
            monitor.report()
            longer.append(_grown(level[start : start + _CHUNK], table, compatible))
            made += len(longer[-1])
            if made > size * most:  # each lycée removed from a set generates it once, at most
                break
        level = distinct_rows(np.concatenate(longer))
        yield level


def neighbour_table(linked: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Return the neighbours of each lycée, ``uint16[n, most]``, padded with n."""
    count = len(linked)
    row, other = np.nonzero(linked)
    degree = np.bincount(row, minlength=count)
    table = np.full((count, degree.max(initial=0)), count, np.uint16)
    starts = np.cumsum(degree) - degree
    table[row, np.arange(len(row)) - starts[row]] = other
    return table


def distinct_rows(rows: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return the distinct rows, in ascending order."""
    padded = np.zeros((len(rows), -(-rows.shape[1] // 4) * 4), ">u2")
    padded[:, : rows.shape[1]] = rows
    words = padded.view(">u8").astype(np.uint64)  # four columns per word, the first highest
    order = np.lexsort(words.T[::-1])
    ascending = words[order]
    new = np.ones(len(order), bool)
    new[1:] = (ascending[1:] != ascending[:-1]).any(axis=1)
    return rows[order[new]]


def _grown(
    sets: NDArray[np.uint16], table: NDArray[np.uint16], compatible: NDArray[np.bool_]
) -> NDArray[np.uint16]:
    """Return the sets with another lycée (a neighbour compatible with all), ascending, distinct."""
    count, size = len(table), sets.shape[1]
    joins = table[sets].reshape(len(sets), -1)
    row, at = np.nonzero(joins < count)
    lycee = joins[row, at]
    for member in range(size):  # compatible is false on the diagonal: no lycée joins twice
        fits = compatible[sets[row, member], lycee]
        row, lycee = row[fits], lycee[fits]
    return distinct_rows(np.sort(np.column_stack([sets[row], lycee]), axis=1))
