"""Connected parts of a map: sets grown by neighbours, and balanced parts by spanning trees.

A connected set of k + 1 lycées contains a connected set of k lycées (remove a leaf of a spanning
tree), so the sets of each size are the smaller sets with an additional neighbour, each kept once.
Every lycée is in about the same number of them: they grow like the lycées, not like their pairs.

Bisection. An edge of a spanning tree cuts it into two parts, each in one piece. Of the edges of
several trees that leave both sides a size that can be divided further, the cut with the shortest
drives inside its parts is made; then each side is cut in turn. The trees are drawn from a fixed
seed: the same map gives the same parts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from geozones.domain.times import Floats
from geozones.optimize.result import SearchMonitor

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
        Limit on the sets of a size: past it the enumeration stops, with more than ``most``
        returned.
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


type Ints = NDArray[np.int64]

#: Spanning trees tried for each cut: at least, at most, and sites of all of them together; how far
#: their edges are drawn from the minutes.
_TREES, _MOST_TREES, _TREE_SITES = 24, 120, 20_000
_SPREAD = 3.0
_SEED = 1
#: Cuts of a tree that are compared by their drives: the best balanced.
_CUTS = 6
#: Weight of one share of imbalance, in shares of the drives of the map.
_IMBALANCE = 2.0
#: The same, for a cut that is not in halves.
_UNEVEN = 1.0
#: Least minutes of an edge: sites at one place still have a distance.
_LEAST = 0.1


@dataclass(frozen=True, eq=False)
class SiteMap:
    """Map of numbered sites."""

    adjacent: NDArray[np.bool_]  # ``bool[n, n]``, symmetric: which sites touch.
    minutes: Floats  # ``float[n, n]``, symmetric and finite.

    def pieces(self, sites: Ints) -> list[Ints]:
        """Return the pieces of some sites (ascending) on the map, by their first site."""
        graph = csr_matrix(self.adjacent[np.ix_(sites, sites)])
        count, piece = connected_components(graph, directed=False)
        return [sites[piece == number] for number in range(count)]

    def part(self, sites: Ints) -> "SiteMap":
        """Return the map of some sites only, numbered in their order."""
        at = np.ix_(sites, sites)
        return SiteMap(self.adjacent[at], self.minutes[at])

    def bridged(self) -> "SiteMap":
        """Return the map in one piece: each piece touches the nearest by road."""
        adjacent = self.adjacent.copy()
        everyone = np.arange(len(adjacent))
        while True:
            pieces = SiteMap(adjacent, self.minutes).pieces(everyone)
            if len(pieces) == 1:
                return SiteMap(adjacent, self.minutes)
            smallest = min(pieces, key=len)
            others = np.setdiff1d(everyone, smallest)
            table = self.minutes[np.ix_(smallest, others)]
            row, column = np.unravel_index(int(table.argmin()), table.shape)
            a, b = smallest[row], others[column]
            adjacent[a, b] = adjacent[b, a] = True


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds on the number of sites of a part."""

    least: int
    most: int

    def parts(self, sites: int) -> int:
        """Return a number of parts for some sites: near the middle, in bounds if possible."""
        middle = max(1, round(2 * sites / (self.least + self.most)))
        fewest, greatest = max(1, -(-sites // self.most)), max(1, sites // self.least)
        return min(max(middle, fewest), max(greatest, 1)) if fewest <= greatest else greatest


def bisected(
    site_map: SiteMap,
    parts: int,
    *,
    weights: Floats | None = None,
    bounds: Bounds | None = None,
    small: int = 0,
) -> list[tuple[Ints, int]]:
    """Return balanced parts of a map in one piece: sites (ascending), and how many parts they are.

    Parameters
    ----------
    parts
        Number of parts, at most the number of sites.
    weights
        ``float[n]``, what is balanced; by default, the number of sites.
    bounds
        Bounds on the sites of a part, respected where a cut of the trees does.
    small
        Sites that are at most this many stay together, as several parts.
    """
    count = len(site_map.adjacent)
    weights = np.ones(count) if weights is None else weights
    found: list[tuple[Ints, int]] = []
    waiting = [(np.arange(count), min(parts, count))]
    while waiting:
        sites, wanted = waiting.pop()
        if wanted == 1 or len(sites) <= small:
            found.append((sites, wanted))
            continue
        own = site_map.part(sites)
        inside, share = _best_cut(own, wanted, weights[sites], bounds or Bounds(1, count))
        waiting += [(sites[inside], share), (sites[~inside], wanted - share)]
    return sorted(found, key=lambda part: int(part[0][0]))


def _best_cut(
    site_map: SiteMap, parts: int, weights: Floats, bounds: Bounds
) -> tuple[NDArray[np.bool_], int]:
    """Return one side of the best cut (``bool[n]``) and the number of its parts."""
    random = np.random.default_rng(_SEED)
    whole = _drives(site_map.minutes) + _LEAST
    least: tuple[float, float] = (inf, inf)
    best = (np.zeros(0, bool), 0)
    for rank in range(min(max(_TREES, _TREE_SITES // len(weights)), _MOST_TREES)):
        tree = _Tree.drawn(site_map, random, rank)
        held, counts = tree.sums(weights), tree.sums(np.ones(len(weights)))
        shares = _shares(held, counts, parts)
        faults = _faults(counts, shares, parts, bounds)
        off = np.abs(held / held[tree.root] - shares / parts)
        uneven = _UNEVEN * np.abs(shares / parts - 0.5)
        faults[tree.root] = inf
        for site in np.lexsort((off + uneven, faults))[:_CUTS].tolist():
            if faults[site] > least[0] or faults[site] == inf:
                break
            inside = tree.below(site)
            drives = sum(_drives(site_map.minutes[np.ix_(s, s)]) for s in (inside, ~inside))
            worse = _IMBALANCE * float(off[site]) + float(uneven[site])
            cost = (float(faults[site]), drives / whole + worse)
            if cost < least:
                least, best = cost, (inside, int(shares[site]))
    return best


def _shares(held: Floats, counts: Floats, parts: int) -> Ints:
    """Return the number of parts on the far side of each cut, by weight; each has a site."""
    others = counts.max() - counts
    wanted = np.rint(parts * held / held.max())
    least, most = np.maximum(1, parts - others), np.minimum(parts - 1, counts)
    return np.asarray(np.clip(wanted, least, most), np.int64)


def _faults(counts: Floats, shares: Ints, parts: int, bounds: Bounds) -> Floats:
    """Return by how many sites each cut leaves a side that cannot be divided within bounds."""
    others = counts.max() - counts
    faults = np.zeros(len(counts))
    for sites, wanted in ((counts, shares), (others, parts - shares)):
        faults += np.maximum(wanted * bounds.least - sites, 0)
        faults += np.maximum(sites - wanted * bounds.most, 0)
    return faults


def _drives(minutes: Floats) -> float:
    """Return the sum over sites of the mean drive to all the sites of a part."""
    return float(minutes.sum()) / len(minutes)


@dataclass(frozen=True, eq=False)
class _Tree:
    """Spanning tree of a map."""

    order: list[int]  # Sites from the root outwards.
    parents: list[int]  # The site before each, towards the root; of the root, nothing that counts.

    @property
    def root(self) -> int:
        return self.order[0]

    @classmethod
    def drawn(cls, site_map: SiteMap, random: np.random.Generator, rank: int) -> "_Tree":
        """Return a spanning tree: the shortest for rank 0, else one of edges drawn short."""
        row, column = np.nonzero(np.triu(site_map.adjacent, 1))
        lengths = np.maximum(site_map.minutes[row, column], _LEAST)
        if rank:
            lengths = lengths * random.uniform(1, _SPREAD, len(lengths))
        count = len(site_map.adjacent)
        graph = csr_matrix((lengths, (row, column)), shape=(count, count))
        tree = minimum_spanning_tree(graph)
        order, parents = breadth_first_order(tree, 0, directed=False)
        return cls(order.tolist(), parents.tolist())

    def sums(self, values: Floats) -> Floats:
        """Return the sum of values over each site and all beyond it."""
        total = values.tolist()
        for site in self.order[:0:-1]:
            total[self.parents[site]] += total[site]
        return np.array(total)

    def below(self, site: int) -> NDArray[np.bool_]:
        """Return a site and all beyond it, ``bool[n]``."""
        inside = [False] * len(self.order)
        inside[site] = True
        for other in self.order[1:]:
            inside[other] = inside[other] or inside[self.parents[other]]
        return np.array(inside)
