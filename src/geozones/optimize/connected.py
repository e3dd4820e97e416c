"""Sets of lycées in one piece on the map, grown neighbour by neighbour.

A set in one piece of k + 1 lycées holds one of k lycées (take away a leaf of a spanning tree), so
those of each size are those of one less with a neighbour more, each kept once. Around a lycée there
are about as many of them wherever it is: they grow as the lycées, not as their pairs.
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
    made when asked for.

    Parameters
    ----------
    adjacent, compatible
        ``bool[n, n]``, symmetric: which lycées touch on the map; which may share a zone.
    most
        Sets of one size wanted: where there are more, some may be missing, but more than ``most``
        are given.
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
            if made > size * most:  # a set is made once from each lycée taken away, at most
                break
        level = distinct_rows(np.concatenate(longer))
        yield level


def neighbour_table(linked: NDArray[np.bool_]) -> NDArray[np.uint16]:
    """Return the neighbours of each lycée, ``uint16[n, most]``; then n where there are no more."""
    count = len(linked)
    row, other = np.nonzero(linked)
    degree = np.bincount(row, minlength=count)
    table = np.full((count, degree.max(initial=0)), count, np.uint16)
    starts = np.cumsum(degree) - degree
    table[row, np.arange(len(row)) - starts[row]] = other
    return table


def distinct_rows(rows: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return rows in ascending order, each once."""
    padded = np.zeros((len(rows), -(-rows.shape[1] // 4) * 4), ">u2")
    padded[:, : rows.shape[1]] = rows
    words = padded.view(">u8").astype(np.uint64)  # four columns a word, the first the heaviest
    order = np.lexsort(words.T[::-1])
    ascending = words[order]
    new = np.ones(len(order), bool)
    new[1:] = (ascending[1:] != ascending[:-1]).any(axis=1)
    return rows[order[new]]


def _grown(
    sets: NDArray[np.uint16], table: NDArray[np.uint16], compatible: NDArray[np.bool_]
) -> NDArray[np.uint16]:
    """Return the sets of one lycée more (a neighbour compatible with all), ascending, distinct."""
    count, size = len(table), sets.shape[1]
    joins = table[sets].reshape(len(sets), -1)
    row, at = np.nonzero(joins < count)
    lycee = joins[row, at]
    for member in range(size):  # compatible is false on the diagonal: nobody joins twice
        fits = compatible[sets[row, member], lycee]
        row, lycee = row[fits], lycee[fits]
    return distinct_rows(np.sort(np.column_stack([sets[row], lycee]), axis=1))
