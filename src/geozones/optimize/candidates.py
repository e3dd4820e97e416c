"""Enumeration of candidate zones: cliques of pairwise compatible lycées, with their costs.

Zones that must be in one piece on the map grow by neighbours: a connected set of k + 1 lycées
contains a connected set of k lycées (remove a leaf of a spanning tree), so the sets of each size
are the smaller sets with another neighbour, each kept once. They grow in number like the lycées,
not like their pairs. Otherwise they are enumerated level by level: the cliques of k + 1 lycées are
the cliques of k lycées with another lycée of a higher number, compatible with all. The lycées that
may still join a clique are a bit set, so that a level is counted before it is built.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain.proposal_conditions import THRESHOLD
from geozones.domain.terms import terms
from geozones.optimize.problem import NONE, PartitionProblem, in_one_piece
from geozones.optimize.result import SearchMonitor

#: Most bytes of the candidates held, with the columns of their relaxation: of each, and of each of
#: its uses. They allow 8 million without a resource.
MAX_BYTES, _BYTES, _BYTES_A_USE = 1_000_000_000, 120, 16
#: Most sets enumerated to find them: about 1.3 µs each.
MAX_SETS = 50_000_000
#: Most bytes of the smaller sets that grow into them.
_LEVEL_BYTES = 400_000_000
_CHUNK = 1 << 15


class TooManyCandidatesError(InputError):
    """The options allow more candidates than can be searched."""

    def __init__(self, problem: PartitionProblem, total: int, limit: int, size: int) -> None:
        super().__init__(
            f"Ces options donnent {number(total)} zones candidates rien que jusqu'à {size} "
            f"{terms().site.plural}, plus que les {number(limit)} que l'outil sait comparer : "
            f"{_ways_to_fewer(problem)}."
        )


@dataclass(frozen=True, eq=False)
class Candidates:
    """Zones that could be created, as arrays; in order of enumeration or joining."""

    #: ``uint16[size_max, candidate]``: numbers of the lycées, ascending, then ``lycees`` where it
    #: has fewer lycées.
    members: NDArray[np.uint16]
    size: NDArray[np.uint8]  # ``uint8[candidate]``: number of lycées.
    #: ``float[candidate]``: cost under the problem's cost model, never infinite.
    cost: NDArray[np.float64]
    #: ``float[resource, candidate]``: use of each resource, never infinite.
    uses: NDArray[np.float64]
    lycees: int  # Number of lycées that may move.

    def __len__(self) -> int:
        return len(self.cost)

    def zone(self, candidate: int) -> tuple[int, ...]:
        """Return the numbers of the lycées of a candidate, ascending."""
        return tuple(self.members[: self.size[candidate], candidate].tolist())

    def find(self, members: tuple[int, ...]) -> int | None:
        """Return the candidate of exactly these lycées (numbers); ``None`` if there is none."""
        if len(members) > len(self.members):
            return None
        wanted = (*sorted(members), *[self.lycees] * (len(self.members) - len(members)))
        at = np.arange(len(self))
        for row, lycee in zip(self.members, wanted, strict=True):
            at = at[row[at] == lycee]
        return int(at[0]) if len(at) else None

    def take(self, chosen: NDArray[np.int64]) -> "Candidates":
        """Return some of the candidates (``int[k]``), in the order given."""
        return Candidates(
            self.members[:, chosen],
            self.size[chosen],
            self.cost[chosen],
            self.uses[:, chosen],
            self.lycees,
        )

    def covered(self) -> NDArray[np.bool_]:
        """Return whether each lycée is in some candidate, ``bool[lycée]``."""
        covered = np.zeros(self.lycees + 1, bool)
        for row in self.members:
            covered[row] = True
        return covered[:-1]


@dataclass(eq=False)
class _CliqueLevel:
    """Cliques of one size."""

    members: NDArray[np.uint16]  # ``uint16[clique, k]``: numbers of the lycées.
    #: ``uint64[clique, word]``: bit set of the lycées of higher number that may join.
    common: NDArray[np.uint64]

    @property
    def bytes_longer(self) -> int:
        """Bytes of a clique with another lycée."""
        longer: int = 2 * (self.members.shape[1] + 1) + 8 * self.common.shape[1]
        return longer


def enumerate_candidates(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    monitor: SearchMonitor,
    most: int | None = None,
) -> Candidates:
    """Return every zone of pairwise compatible lycées that the options allow.

    ``compatible`` is ``bool[lycée, lycée]``, symmetric, false on the diagonal. Under a limit of
    moves, zones that no plan of so few moves has are left out. Raise ``TooManyCandidatesError``
    beyond `most_candidates`, or `MAX_SETS` sets on the way; with ``most``, beyond it, or four times
    as many sets.
    """
    adjacent = problem.zone_rules.adjacent
    held = _Collected(problem, most or most_candidates(problem))
    if adjacent is None:
        levels = _cliques(problem, compatible, MAX_SETS if most is None else 4 * most, monitor)
    else:
        levels = _in_one_piece(problem, compatible, adjacent, held.most, monitor)
    for members in levels:
        held.add(members)
    return stacked(held.levels, problem)


class _Collected:
    """Candidate zones collected so far, with their costs."""

    def __init__(self, problem: PartitionProblem, most: int) -> None:
        self._problem, self.most = problem, most
        self.levels: list[PricedZones] = []
        self._count = 0

    def add(self, members: NDArray[np.uint16]) -> None:
        """Hold the allowed zones among some of one size (``uint16[zone, k]``)."""
        problem, size = self._problem, members.shape[1]
        if size < problem.options.size_min:
            return
        # which cliques (rows) have all or none of each group that must stay together
        whole = np.ones(len(members), bool)
        for group in problem.groups:
            inside = np.zeros(problem.size, np.uint8)
            inside[list(group)] = 1
            held = inside[members].sum(axis=1)
            whole &= (held == 0) | (held == len(group))
        members = members[whole]
        if problem.max_moves is not None:
            members = members[moves_of_plans(problem, members) <= problem.max_moves]
        self.levels.append(priced(problem, members))
        self._count += len(self.levels[-1][1])
        if self._count > self.most:
            raise TooManyCandidatesError(problem, self._count, self.most, size)


def most_candidates(problem: PartitionProblem) -> int:
    """Return how many candidates of a problem, with their columns, fit in `MAX_BYTES`."""
    uses = len(problem.options.resources) + len(problem.zone_sector_costs)
    return MAX_BYTES // (_BYTES + _BYTES_A_USE * uses)


def _cliques(
    problem: PartitionProblem, compatible: NDArray[np.bool_], most: int, monitor: SearchMonitor
) -> Iterator[NDArray[np.uint16]]:
    """Yield the sets of pairwise compatible lycées, smallest first, in parts of one size.

    Raises ``TooManyCandidatesError`` once more than ``most`` are certain.
    """
    # the rows of a table (bool[row, column]) as bit sets, uint64[row, word]
    table = np.triu(compatible, 1)
    words = max(-(-table.shape[1] // 64), 1)
    padded = np.zeros((len(table), words * 64), bool)
    padded[:, : table.shape[1]] = table
    bits = np.packbits(padded, axis=1, bitorder="little").view(np.uint64)
    level = _CliqueLevel(np.arange(problem.size, dtype=np.uint16)[:, None], bits)
    yield level.members
    total, counts = 0, [float(problem.size)]
    for size in range(2, problem.size_max + 1):
        ahead = int(np.bitwise_count(level.common).sum())
        total += ahead
        if not ahead:
            return
        last = size == problem.size_max
        counts.append(float(ahead))
        certain = total + _least_larger(counts, problem.size_max) * (problem.max_moves is None)
        if certain > most or (not last and ahead * level.bytes_longer > _LEVEL_BYTES):
            raise TooManyCandidatesError(problem, round(max(total, certain)), most, size)
        parts = _extensions(level, bits, monitor)
        if last:  # the largest sets are nearly all of them: they are never all held
            yield from (part.members for part in parts)
            return
        members, common = [], []
        for part in parts:
            fits = np.ones(len(part.members), bool)
            if problem.max_moves is not None:  # another lycée never reduces the moves
                fits = minimum_moves(problem, part.members.T) <= problem.max_moves
            members.append(part.members[fits])
            common.append(part.common[fits])
        level = _CliqueLevel(np.concatenate(members), np.concatenate(common))
        yield level.members


def _least_larger(counts: list[float], size_max: int) -> float:
    r"""Return the fewest larger cliques of a graph, from its counts of cliques of 1, 2, … lycées.

    By the inequality of Moon and Moser (*Israel Journal of Mathematics* 3, 1965), of n vertices and
    :math:`k_s` cliques of s: :math:`(s^2 - 1) k_{s+1} / k_s ≥ s^2 k_s / k_{s-1} - n`.
    """
    least, known = 0.0, list(counts)
    while len(known) < size_max and known[-1] > 0:
        size = len(known)
        growth = (size**2 * known[-1] / known[-2] - known[0]) / (size**2 - 1)
        if growth <= 0:
            break
        known.append(known[-1] * growth)
        least += known[-1]
    return least


def _in_one_piece(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    adjacent: NDArray[np.bool_],
    most: int,
    monitor: SearchMonitor,
) -> Iterator[NDArray[np.uint16]]:
    """Yield the sets in one piece on the map, and the current zones in any number of pieces."""
    apart = []
    for zone in problem.current_zones:
        members = np.array([zone], np.uint16)
        clique = compatible[np.ix_(zone, zone)].sum() == len(zone) * (len(zone) - 1)
        if clique and not in_one_piece(adjacent, members)[0]:
            apart.append(zone)
    total = 0
    for members in connected_sets(adjacent, compatible, problem.size_max, most, monitor):
        size = members.shape[1]
        total += len(members)
        if total > most:
            raise TooManyCandidatesError(problem, total, most, size)
        same = [zone for zone in apart if len(zone) == size]
        every = np.concatenate([members, np.array(same, np.uint16)]) if same else members
        yield distinct_rows(every) if same else every


def _extensions(
    level: _CliqueLevel, bits: NDArray[np.uint64], monitor: SearchMonitor
) -> Iterator[_CliqueLevel]:
    """Yield the cliques with another lycée, in parts and in order."""
    for start in range(0, len(level.members), _CHUNK):
        monitor.report()
        part = slice(start, start + _CHUNK)
        common = np.ascontiguousarray(level.common[part])
        joins = np.unpackbits(common.view(np.uint8), axis=1, bitorder="little").view(bool)
        row, lycee = np.nonzero(joins)
        members = np.column_stack([level.members[part][row], lycee.astype(np.uint16)])
        yield _CliqueLevel(members, common[row] & bits[lycee])


#: Zones of one size: members (``uint16[zone, k]``), costs (``float[zone]``), uses of resources
#: (``float[resource, zone]``).
type PricedZones = tuple[NDArray[np.uint16], NDArray[np.float64], NDArray[np.float64]]


def priced(problem: PartitionProblem, members: NDArray[np.uint16]) -> PricedZones:
    """Return zones of one size (``uint16[zone, k]``) with their costs and uses.

    Zones forbidden by the rules or the bounds on each zone, and zones of infinite cost, are left
    out.
    """
    members = members[problem.permit(members)]
    by_sector = np.empty((len(problem.zone_sector_costs), len(members)))
    for row, costs in enumerate(problem.zone_sector_costs):
        by_sector[row] = costs.of(members)
    cost = by_sector.min(axis=0) if len(by_sector) else problem.zone_costs.of(members)
    possible = cost < inf
    uses = np.empty((len(problem.zone_uses) + len(by_sector), len(members)))
    for row, (resource, use) in enumerate(
        zip(problem.options.resources, problem.zone_uses, strict=True)
    ):
        uses[row] = use.of(members)
        possible &= resource.fits(uses[row])
    if len(by_sector):
        uses[len(problem.zone_uses) :] = by_sector
    if possible.all():
        return members, cost, uses
    return members[possible], cost[possible], uses[:, possible]


def stacked(levels: list[PricedZones], problem: PartitionProblem) -> Candidates:
    """Put zones of several sizes together, smallest first."""
    total = sum(len(cost) for _, cost, _ in levels)
    members = np.full((problem.size_max, total), problem.size, np.uint16)
    size = np.empty(total, np.uint8)
    cost = np.empty(total)
    rows_of_uses = len(problem.options.resources) + len(problem.zone_sector_costs)
    uses = np.empty((rows_of_uses, total))
    end = 0
    for rows, costs, used in levels:
        begin, end = end, end + len(costs)
        members[: rows.shape[1], begin:end] = rows.T
        size[begin:end] = rows.shape[1]
        cost[begin:end] = costs
        uses[:, begin:end] = used
    return Candidates(members, size, cost, uses, problem.size)


def _ways_to_fewer(problem: PartitionProblem) -> str:
    """Return in French the options that would leave fewer candidates."""
    options = problem.options
    cap = options.max_minutes
    ways = [
        "posez un plafond de minutes par zone"
        if cap is None or cap == inf
        else f"abaissez le plafond de minutes ({number(cap)})"
    ]
    if options.size_max > 2:
        ways.append(
            f"réduisez la taille maximale ({number(options.size_max)} {terms().site.plural})"
        )
    if options.change_sector:
        ways.append("interdisez les changements de secteur")
    if len(problem.sectors) > 1:
        ways.append("choisissez moins de secteurs")
    return " ou ".join([", ".join(ways[:-1]), ways[-1]] if len(ways) > 1 else ways)


def near_pairs(
    problem: PartitionProblem, compatible: NDArray[np.bool_], nearest: int
) -> NDArray[np.bool_]:
    """Return the compatible pairs, near or in one zone of the current plan, ``bool[n, n]``.

    Near is among the ``nearest`` of one of both. Zones of the current plan above the largest size
    allowed are ignored: a sector not yet divided is one large zone.
    """
    minutes = np.where(compatible, problem.minutes, inf)
    rank = np.argsort(np.argsort(minutes, axis=1, kind="stable"), axis=1, kind="stable")
    near = rank < nearest
    sizes = np.bincount(problem.zone_of, minlength=len(problem.zones))
    allowed = sizes[problem.zone_of] <= problem.options.size_max
    same = allowed[:, None] & (problem.zone_of[:, None] == problem.zone_of[None, :])
    return np.asarray(compatible & (near | near.T | same), bool)


def minimum_moves(problem: PartitionProblem, members: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return how many lycées of each zone move, if it continues the old zone closest to it.

    ``members`` are the lycées of each zone by number, ``problem.size`` for none, ``uint16[k,
    zone]``; the result is ``uint8[zone]``.
    """
    old = np.append(problem.zone_of, NONE)[members]
    size = (old != NONE).sum(axis=0, dtype=np.uint8)
    most = np.zeros_like(size)
    for zone in old:
        np.maximum(most, ((old == zone) & (zone != NONE)).sum(axis=0, dtype=np.uint8), out=most)
    return np.asarray(size - most, np.uint8)


def moves_of_plans(problem: PartitionProblem, members: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return a lower bound on the moves of any plan that contains each zone, ``uint8[zone]``.

    ``members`` is ``uint16[zone, k]``. Counted are the lycées of the zone that come from other
    zones than the old zone that it continues, and the lycées that leave this old zone. Each other
    old zone that is left with too few lycées must gain one or lose all: at least one move more,
    which may serve two such zones.
    """
    size, least = members.shape[1], problem.options.size_min
    old = problem.zone_of[members.T]
    sizes = np.bincount(problem.zone_of, minlength=len(problem.zones))
    common = np.array([(old == row).sum(axis=0) for row in old])
    left = sizes[old] - common
    short = (left > 0) & (left < least)
    # An old zone is counted once for each lycée in common.
    shorts = np.rint((short / common).sum(axis=0)).astype(int)
    fewest = size + (shorts + 1) // 2
    for same, away, own in zip(common, left, short, strict=True):
        others = np.maximum(shorts - own - away, 0)
        np.minimum(fewest, size - same + away + (others + 1) // 2, out=fewest)
    return np.asarray(np.minimum(fewest, 255), np.uint8)


def connected_sets(
    adjacent: NDArray[np.bool_],
    compatible: NDArray[np.bool_],
    size_max: int,
    most: int,
    monitor: SearchMonitor,
) -> Iterator[NDArray[np.uint16]]:
    """Yield the sets of 1, 2, … ``size_max`` lycées in one piece, compatible two by two.

    Each is ``uint16[set, size]``, computed on demand: lycées ascending in a set, sets ascending and
    distinct. ``adjacent`` tells which lycées touch on the map, ``compatible`` which may share a
    zone: ``bool[n, n]``, symmetric. A size with more than ``most`` sets is yielded incomplete.
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


def compatible_pairs(problem: PartitionProblem) -> NDArray[np.bool_]:
    """Return which lycées may share a zone, ``bool[n, n]``, false on the diagonal.

    A pair is compatible if it is reachable and within the cap, within the threshold (except in an
    unchanged zone), not fixed to two zones or two sectors, and of one sector unless lycées may
    change sector.
    """
    options, sectors = problem.options, problem.sector_of
    allowed = ~np.eye(problem.size, dtype=bool) & ~np.isinf(problem.minutes)
    if options.max_minutes is not None:
        allowed &= problem.minutes <= options.max_minutes
    if options.imposes(THRESHOLD):
        allowed &= ~problem.over_threshold | problem.in_current_zone
    allowed &= ~_differ_where_set(problem.held) & ~_differ_where_set(problem.pinned)
    return allowed if options.change_sector else allowed & (sectors[:, None] == sectors[None, :])


def _differ_where_set(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values differ pairwise, if neither is ``NONE``, ``bool[n, n]``."""
    both_set = (values[:, None] != NONE) & (values[None, :] != NONE)
    return np.asarray(both_set & (values[:, None] != values[None, :]), bool)
