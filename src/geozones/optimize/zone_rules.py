"""Rules for zones of a new plan; zones of the current plan may break them.

The rules apply to whole sets of lycées, many at once, where pairs of lycées do not suffice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 16
#: Minutes closer than this count as equal.
SAME_MINUTES = 1e-6

type _Rule = Callable[[NDArray[np.uint16]], NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class ZoneRules:
    """Rules in force, for lycées by their numbers."""

    #: ``bool[n, n]``: whether cells touch on the map; ``None`` if zones may be in pieces.
    adjacent: NDArray[np.bool_] | None
    #: ``bool[n, n]``: pairs over the threshold of minutes that are in a current zone.
    too_far: NDArray[np.bool_]
    #: ``float[n, n]``: minutes from the first lycée to the second; ``inf`` if unreachable.
    one_way: NDArray[np.float64]
    #: ``float[n]``: most minutes for the nearest colleague to come to each lycée, ``inf`` for any;
    #: ``None`` if no lycée has a bound.
    max_releve: NDArray[np.float64] | None
    #: Zones of the current plan, ascending, which are always permitted.
    current: tuple[tuple[int, ...], ...]

    def permit(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which zones of one size (``uint16[zone, k]``, ascending) are permitted."""
        permitted = np.ones(len(members), bool)
        for start in range(0, len(members), _CHUNK):
            part = members[start : start + _CHUNK]
            kept = np.arange(len(part))
            for kept_by_rule in self._rules():
                kept = kept[kept_by_rule(part[kept])]
            permitted[start : start + len(part)] = False
            permitted[start + kept] = True
        for zone in self.current:
            if len(zone) == members.shape[1]:
                permitted[_rows_of(members, zone)] = True
        return permitted

    def _rules(self) -> Iterator[_Rule]:
        """Yield functions that return which zones of one size keep a rule; the quickest first."""
        if self.too_far.any():
            yield lambda members: _without_pair(self.too_far, members)
        adjacent, most = self.adjacent, self.max_releve
        if adjacent is not None:
            yield lambda members: in_one_piece(adjacent, members)
        if most is not None:
            yield lambda members: _come_within(self.one_way, most + SAME_MINUTES, members)


def in_one_piece(adjacent: NDArray[np.bool_], members: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which zones (``uint16[zone, k]``) are in one piece on the map, ``bool[zone]``."""
    size = members.shape[1]
    near = np.zeros((size, len(members)), np.uint64)  # the members adjacent to each member, as bits
    for first, second in combinations(range(size), 2):
        touch = adjacent[members[:, first], members[:, second]].astype(np.uint64)
        near[first] |= touch << np.uint64(second)
        near[second] |= touch << np.uint64(first)
    reached = np.ones(len(members), np.uint64)
    for _ in range(size - 1):
        before = reached.copy()
        for member in range(size):
            at = (reached >> np.uint64(member)) & np.uint64(1)
            reached |= near[member] * at
        if (reached == before).all():
            break
    return np.asarray(reached == np.uint64((1 << size) - 1), bool)


def slowest_releve(
    one_way: NDArray[np.float64], members: NDArray[np.uint16]
) -> NDArray[np.float64]:
    """Return the minutes of the slowest relève of zones of one size, ``float[zone]``.

    The relève of a lycée comes from its nearest colleague of the zone; ``inf`` if nobody can come.
    """
    slowest = np.zeros(len(members))
    for lycee in members.T:
        np.maximum(slowest, _nearest(one_way, lycee, members), out=slowest)
    return slowest


def _nearest(
    one_way: NDArray[np.float64], lycee: NDArray[np.uint16], members: NDArray[np.uint16]
) -> NDArray[np.float64]:
    """Return the minutes from the nearest colleague to a lycée of each zone, ``float[zone]``."""
    nearest = np.full(len(members), np.inf)
    for other in members.T:
        minutes = one_way[other, lycee]
        np.minimum(nearest, np.where(other == lycee, np.inf, minutes), out=nearest)
    return nearest


def _come_within(
    one_way: NDArray[np.float64], most: NDArray[np.float64], members: NDArray[np.uint16]
) -> NDArray[np.bool_]:
    """Return in which zones a colleague comes to each lycée within its bound, ``bool[zone]``."""
    within = np.ones(len(members), bool)
    for lycee in members.T:
        within &= _nearest(one_way, lycee, members) <= most[lycee]
    return within


def _without_pair(pairs: NDArray[np.bool_], members: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which zones (``uint16[zone, k]``) contain none of some pairs, ``bool[zone]``."""
    without = np.ones(len(members), bool)
    for first, second in combinations(members.T, 2):
        without &= ~pairs[first, second]
    return without


def _rows_of(members: NDArray[np.uint16], zone: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the rows of exactly these lycées."""
    rows = np.arange(len(members))
    for column, lycee in enumerate(zone):
        rows = rows[members[rows, column] == lycee]
    return rows
