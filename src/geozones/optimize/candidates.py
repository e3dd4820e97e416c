"""Enumeration of candidate zones: cliques of pairwise compatible lycées, with their costs.

Zones that must be in one piece on the map grow by neighbours (``connected``). Otherwise they are
enumerated level by level: the cliques of k + 1 lycées are the cliques of k lycées with another
lycée of a higher number, compatible with all. The lycées that may still join a clique are a bit
set, so that a level is counted before it is built, by array operations.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain.terms import terms
from geozones.optimize.connected import connected_sets, distinct_rows
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import SearchMonitor
from geozones.optimize.zone_rules import in_one_piece

#: Most candidates held at once: about 60 bytes each, and twice as much while bounds are computed.
MAX_CANDIDATES = 2_500_000
#: Most sets enumerated if only some are held: about 1.3 µs each.
MAX_SIFTED = 50_000_000
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

    def content_keys(self) -> list[bytes]:
        """Return a key by candidate, the same for the same lycées in any list of candidates."""
        rows = np.ascontiguousarray(self.members.T)
        return rows.view(f"V{rows.shape[1] * rows.itemsize}").ravel().tolist()

    def joined(self, others: "Candidates") -> "Candidates":
        """Return these candidates, followed by the candidates of another list that are new."""
        known = set(self.content_keys())
        new = [at for at, key in enumerate(others.content_keys()) if key not in known]
        return self.followed_by(others.take(np.array(new, np.int64)))

    def followed_by(self, others: "Candidates") -> "Candidates":
        """Return these candidates, followed by others, none of them known."""
        return Candidates(
            np.concatenate([self.members, others.members], axis=1),
            np.concatenate([self.size, others.size]),
            np.concatenate([self.cost, others.cost]),
            np.concatenate([self.uses, others.uses], axis=1),
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


class Sieve(Protocol):
    """Choice of the zones worth holding, where all of them are too many."""

    def extends(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which sets (``uint16[set, k]``) may grow into a zone held, ``bool[set]``."""

    def fits(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which zones of one size to price, ``bool[zone]``."""

    def holds(self, members: NDArray[np.uint16], cost: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which zones of one size to hold, by their costs, ``bool[zone]``."""

    def fewer(self, held: list["PricedZones"], limit: int) -> list["PricedZones"]:
        """Return those that are still worth holding, if they are more than the limit.

        The others are never held afterwards.
        """


def enumerate_candidates(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    monitor: SearchMonitor,
    limit: int = MAX_CANDIDATES,
    sieve: Sieve | None = None,
) -> Candidates:
    """Return every zone of pairwise compatible lycées that the options allow.

    Parameters
    ----------
    compatible
        ``bool[lycee, lycee]``: symmetric, false on the diagonal.
    limit
        Highest number of zones, intermediate smaller sets included.
    sieve
        Chooses the zones to hold, at most ``limit``; then `MAX_SIFTED` bounds the sets enumerated.
    """
    adjacent = problem.zone_rules.adjacent
    if adjacent is not None and sieve is None:
        # Cliques are not listed and then sifted: sets grown by neighbours are as many as the
        # lycées, which lists a country of 2,600 in seconds.
        return _in_one_piece(problem, compatible, adjacent, monitor, limit)
    bits = _packed(np.triu(compatible, 1))
    level = _CliqueLevel(np.arange(problem.size, dtype=np.uint16)[:, None], bits)
    kept: list[PricedZones] = []
    total, most = 0, limit if sieve is None else MAX_SIFTED
    for size in range(1, problem.size_max + 1):
        if size >= problem.options.size_min:
            kept.append(priced(problem, level.members[whole_groups(problem, level.members)], sieve))
        ahead = int(np.bitwise_count(level.common).sum())
        total += ahead
        if size == problem.size_max or not ahead:
            break
        last = size + 1 == problem.size_max
        if total > most or (not last and ahead * level.bytes_longer > _LEVEL_BYTES):
            raise TooManyCandidatesError(problem, total, most, size + 1)
        if last and sieve is not None:
            # The largest sets are nearly all of them: they are sifted in parts, never all held.
            for part in _extensions(level, bits, monitor):
                kept.append(
                    priced(problem, part.members[whole_groups(problem, part.members)], sieve)
                )
                kept = sieve.fewer(kept, limit)
            break
        level = _extended(level, ahead, bits, monitor)
        if sieve is not None:
            worth = sieve.extends(level.members)
            level = _CliqueLevel(level.members[worth], level.common[worth])
    return stacked(kept, problem)


def _in_one_piece(
    problem: PartitionProblem,
    compatible: NDArray[np.bool_],
    adjacent: NDArray[np.bool_],
    monitor: SearchMonitor,
    limit: int,
) -> Candidates:
    """Return the zones in one piece on the map, and the current zones in any number of pieces."""
    apart = _in_pieces(problem, compatible, adjacent)
    kept: list[PricedZones] = []
    total = 0
    for members in connected_sets(adjacent, compatible, problem.size_max, limit, monitor):
        size = members.shape[1]
        total += len(members)
        if total > limit:
            raise TooManyCandidatesError(problem, total, limit, size)
        if size >= problem.options.size_min:
            same = [zone for zone in apart if len(zone) == size]
            zones = (
                distinct_rows(np.concatenate([members, np.array(same, np.uint16)]))
                if same
                else members
            )
            kept.append(priced(problem, zones[whole_groups(problem, zones)]))
    return stacked(kept, problem)


def _in_pieces(
    problem: PartitionProblem, compatible: NDArray[np.bool_], adjacent: NDArray[np.bool_]
) -> list[tuple[int, ...]]:
    """Return the current zones that may stay unchanged and are in several pieces on the map."""
    found = []
    for zone in problem.current_zones:
        members = np.array([zone], np.uint16)
        clique = compatible[np.ix_(zone, zone)].sum() == len(zone) * (len(zone) - 1)
        if clique and not in_one_piece(adjacent, members)[0]:
            found.append(zone)
    return found


def _packed(table: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Return the rows of a table (``bool[row, column]``) as bit sets, ``uint64[row, word]``."""
    words = max(-(-table.shape[1] // 64), 1)
    padded = np.zeros((len(table), words * 64), bool)
    padded[:, : table.shape[1]] = table
    return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)


def _extended(
    level: _CliqueLevel, ahead: int, bits: NDArray[np.uint64], monitor: SearchMonitor
) -> _CliqueLevel:
    """Return the cliques with another lycée; ``ahead`` is their number."""
    size = level.members.shape[1]
    longer = _CliqueLevel(
        np.empty((ahead, size + 1), np.uint16), np.empty((ahead, bits.shape[1]), np.uint64)
    )
    end = 0
    for part in _extensions(level, bits, monitor):
        begin, end = end, end + len(part.members)
        longer.members[begin:end] = part.members
        longer.common[begin:end] = part.common
    return longer


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


def whole_groups(problem: PartitionProblem, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which cliques (rows) have all or none of each group that must stay together."""
    whole = np.ones(len(members), bool)
    for group in problem.groups:
        inside = np.zeros(problem.size, np.uint8)
        inside[list(group)] = 1
        held = inside[members].sum(axis=1)
        whole &= (held == 0) | (held == len(group))
    return whole


#: Zones of one size: members (``uint16[zone, k]``), costs (``float[zone]``), uses of resources
#: (``float[resource, zone]``).
type PricedZones = tuple[NDArray[np.uint16], NDArray[np.float64], NDArray[np.float64]]


def priced(
    problem: PartitionProblem, members: NDArray[np.uint16], sieve: Sieve | None = None
) -> PricedZones:
    """Return zones of one size (``uint16[zone, k]``) with their costs and uses.

    Zones forbidden by the rules or the bounds on each zone, and zones of infinite cost, are left
    out, and those that a sieve does not hold.
    """
    members = members[problem.permit(members)]
    if sieve is not None:
        members = members[sieve.fits(members)]
    by_sector = np.empty((len(problem.zone_sector_costs), len(members)))
    for row, costs in enumerate(problem.zone_sector_costs):
        by_sector[row] = costs.of(members)
    cost = by_sector.min(axis=0) if len(by_sector) else problem.zone_costs.of(members)
    possible = cost < inf
    if sieve is not None:
        possible &= sieve.holds(members, cost)
        members, cost, by_sector = members[possible], cost[possible], by_sector[:, possible]
        possible = np.ones(len(members), bool)
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


def candidates_of(problem: PartitionProblem, zones: list[tuple[int, ...]]) -> Candidates:
    """Return the candidates of some zones that the options allow, by the numbers of lycées."""
    sizes = sorted({len(zone) for zone in zones})
    groups = [[sorted(zone) for zone in zones if len(zone) == size] for size in sizes]
    levels = [priced(problem, np.array(group, np.uint16)) for group in groups]
    return stacked(levels, problem)


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
