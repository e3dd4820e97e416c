"""First zones of a map without zones: bisection, then the best partition of the whole map.

Bisection. An edge of a spanning tree cuts it into two parts, each in one piece. Of the edges of
several trees that leave both sides a size that can be divided further, the cut with the shortest
drives inside its parts is made; then each side is cut in turn. The trees are drawn from a fixed
seed: the same map gives the same parts. They are the zones where no better are found, or where
zones are too large to be compared.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import breadth_first_order, connected_components, minimum_spanning_tree

from geozones.domain import DecisionStatus, SearchCancelledError, Sector, TravelTimes, Zone
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.times import Floats
from geozones.domain.yearly_cost import CostModel, ZoneCosts
from geozones.optimize.candidates import TooManyCandidatesError
from geozones.optimize.problem import PartitionOptions
from geozones.optimize.propose import propose

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
) -> list[Ints]:
    """Return so many balanced parts of a map in one piece: the sites of each, ascending.

    There are at most as many ``parts`` as sites. They balance ``weights``, ``float[n]``, by default
    the number of sites. ``bounds`` on the sites of a part are respected where a cut of the trees
    does.
    """
    count = len(site_map.adjacent)
    weights = np.ones(count) if weights is None else weights
    found: list[Ints] = []
    waiting = [(np.arange(count), min(parts, count))]
    while waiting:
        sites, wanted = waiting.pop()
        if wanted == 1:
            found.append(sites)
            continue
        own = site_map.part(sites)
        inside, share = _best_cut(own, wanted, weights[sites], bounds or Bounds(1, count))
        waiting += [(sites[inside], share), (sites[~inside], wanted - share)]
    return sorted(found, key=lambda part: int(part[0]))


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
        shares = _parts_of_cuts(held, counts, parts)
        # by how many sites each cut leaves a side that cannot be divided within bounds
        others = counts.max() - counts
        faults = np.zeros(len(counts))
        for sites, wanted in ((counts, shares), (others, parts - shares)):
            faults += np.maximum(wanted * bounds.least - sites, 0)
            faults += np.maximum(sites - wanted * bounds.most, 0)
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


def _parts_of_cuts(held: Floats, counts: Floats, parts: int) -> Ints:
    """Return the number of parts on the far side of each cut, by weight; each has a site."""
    others = counts.max() - counts
    wanted = np.rint(parts * held / held.max())
    least, most = np.maximum(1, parts - others), np.minimum(parts - 1, counts)
    return np.asarray(np.clip(wanted, least, most), np.int64)


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


#: Cost, in the unit of the model (hours a year), of a pair over the limit, of a site too few or too
#: many in a zone, of a pair without a known way. Each is above all that comes after it:
#: a zone costs some hundreds of hours.
_FAR, _OUT, _UNKNOWN = 1e4, 1e5, 3e5


@dataclass(frozen=True, eq=False)
class DraftModel:
    """Cost of the zones of a draft."""

    usual: CostModel  # Cost of zones that break nothing; finite for every zone.
    lycees: tuple[str, ...]  # Ids in the order of the tables.
    #: ``bool[n, n]``, symmetric: pairs over the limit of minutes; pairs without a known way.
    far: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    sizes: tuple[int, int]  # Fewest and most sites of a zone.

    @property
    def key(self) -> str:
        """Name of the usual cost."""
        return self.usual.key

    def on(self, lycees: tuple[str, ...]) -> "DraftCosts":
        """Return the costs of zones of some sites (ids), numbered in their order."""
        own = self.restricted(lycees)
        return DraftCosts(self.usual.on(lycees), _FAR * own.far + _UNKNOWN * own.unknown, own.sizes)

    def restricted(self, lycees: Sequence[str]) -> "DraftModel":
        """Return the model over some sites (ids) only."""
        number = {lycee: at for at, lycee in enumerate(self.lycees)}
        rows = [number[lycee] for lycee in lycees]
        at = np.ix_(rows, rows)
        usual = self.usual.restricted(lycees)
        return replace(
            self, usual=usual, lycees=tuple(lycees), far=self.far[at], unknown=self.unknown[at]
        )


@dataclass(frozen=True, eq=False)
class DraftCosts:
    """Costs of the zones of a draft over numbered sites."""

    usual: ZoneCosts
    penalties: NDArray[np.float64]  # ``float[n, n]``: cost of each pair beside the usual cost.
    sizes: tuple[int, int]

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones (``uint16[zone, k]``), ``float[zone]``."""
        size = members.shape[1]
        least, most = self.sizes
        cost = self.usual.of(members) + _OUT * max(least - size, size - most, 0)
        for first, second in combinations(range(size), 2):
            cost += self.penalties[members[:, first], members[:, second]]
        return np.asarray(cost, np.float64)


#: Largest zones whose candidates are compared, but in a map of a few sites.
_COMPARED, _FEW = 6, 14
#: Steps of the search, at most: steps of the solver, not seconds, so that the zones are
#: the same on any machine. Fewer where no zones keep the bounds: the proof is then far.
_STEPS, _FEWER_STEPS = 600, 100


@dataclass(frozen=True, eq=False)
class DraftProblem:
    """Sites to divide into zones."""

    ids: tuple[str, ...]  # Sites, ascending.
    site_map: SiteMap  # Which of them touch, and minutes, mean of both ways.
    times: TravelTimes  # Minutes between them; none is missing.
    #: ``bool[n, n]``: pairs over the limit of minutes; pairs without a known way.
    far: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    bounds: Bounds  # Sizes of zones.
    cost: CostModel  # Usual cost of a zone.
    zone_count: int | None = None  # Number of zones; ``None`` for any.

    @property
    def size(self) -> int:
        """Number of sites."""
        return len(self.ids)

    def part(self, sites: Ints, zone_count: int | None = None) -> "DraftProblem":
        """Return the problem of some sites, numbered in their order."""
        ids, at = tuple(self.ids[site] for site in sites), np.ix_(sites, sites)
        return replace(
            self,
            ids=ids,
            site_map=self.site_map.part(sites),
            times=self.times.restricted(ids, ids),
            far=self.far[at],
            unknown=self.unknown[at],
            cost=self.cost.restricted(ids),
            zone_count=zone_count,
        )


@dataclass(frozen=True, eq=False)
class DraftZones:
    """Zones found: sites of each (ascending), and whether none are better."""

    zones: tuple[Ints, ...]
    proven: bool  # Whether they are proven the best of all.


def draft_zones(problem: DraftProblem) -> DraftZones:
    """Return zones in one piece: sizes in bounds first, then no long drive, then short drives."""
    everyone = np.arange(problem.size)
    pieces = problem.site_map.pieces(everyone)
    shares = _shares(problem, [len(piece) for piece in pieces])
    found = [
        _shifted(piece, _of_piece(problem.part(piece, share)))
        for piece, share in zip(pieces, shares, strict=True)
    ]
    zones = sorted((zone for each in found for zone in each.zones), key=lambda zone: int(zone[0]))
    proven = all(each.proven for each in found) and (problem.zone_count is None or len(pieces) == 1)
    return DraftZones(tuple(zones), proven)


def shared_out(parts: int, weights: Sequence[float]) -> list[int]:
    """Share parts between groups by their weights, one at least each (largest remainder)."""
    left = parts - len(weights)
    if left <= 0:
        return [1] * len(weights)
    exact = np.array(weights, float) / sum(weights) * parts - 1
    exact = np.maximum(exact, 0)
    exact *= left / exact.sum() if exact.sum() else 1
    counts = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(counts - exact, kind="stable")
    counts[order[: left - counts.sum()]] += 1
    return [int(count) + 1 for count in counts]


def _shares(problem: DraftProblem, sizes: list[int]) -> list[int | None]:
    if problem.zone_count is None:
        return [None] * len(sizes)
    return [
        min(share, size)
        for share, size in zip(shared_out(problem.zone_count, sizes), sizes, strict=True)
    ]


def _shifted(sites: Ints, found: DraftZones) -> DraftZones:
    return DraftZones(tuple(sites[zone] for zone in found.zones), found.proven)


def _of_piece(problem: DraftProblem) -> DraftZones:
    """Return the zones of sites in one piece."""
    parts = problem.zone_count or problem.bounds.parts(problem.size)
    start = tuple(bisected(problem.site_map, parts, bounds=problem.bounds))
    if problem.bounds.most > _COMPARED and problem.size > _FEW:
        return DraftZones(start, proven=False)
    # the best zones of a piece: of sizes in bounds if that can be, else as near as can be. The
    # second search also allows sizes below the bounds, and one site above if that may help
    least, most = problem.bounds.least, problem.bounds.most
    found = _searched(problem, start, least, most)
    if found is None:
        larger = max(most, min(2 * least - 1, most + 1))
        found = _searched(problem, start, 1, larger)
    return DraftZones(start, proven=False) if found is None else found


class _Steps:
    """Limit on the steps of a search: stops it at the same step on any machine."""

    def __init__(self, most: int) -> None:
        self._left = most

    def __call__(self, *_: object) -> None:
        self._left -= 1
        if self._left < 0:
            raise SearchCancelledError


def _searched(
    problem: DraftProblem, start: tuple[Ints, ...], least: int, most: int
) -> DraftZones | None:
    """Return the best zones of some sizes; ``None`` if there are none, or too many to compare."""
    ids, bounds = problem.ids, problem.bounds
    pairs = np.argwhere(np.triu(problem.site_map.adjacent, 1)).tolist()
    plan = plan_of(
        [Sector("S", "S", DecisionStatus.DRAFT)],
        [Zone(f"Z{rank:05}", "Z", "S") for rank in range(len(start))],
        {ids[site]: f"Z{rank:05}" for rank, zone in enumerate(start) for site in zone.tolist()},
    )
    options = PartitionOptions(
        adjacent=frozenset((ids[a], ids[b]) for a, b in pairs),
        size_min=least,
        size_max=max(least, min(most, problem.size)),
        zone_count=problem.zone_count,
        cost=DraftModel(
            problem.cost, ids, problem.far, problem.unknown, (bounds.least, bounds.most)
        ),
    )
    steps = _Steps(_STEPS if least == bounds.least else _FEWER_STEPS)
    try:
        found = propose(plan, problem.times, options, progress=steps)
    except TooManyCandidatesError:
        return None
    if found.status not in {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}:
        return None
    number = {key: site for site, key in enumerate(ids)}
    zones = (found.plan.members(zone.id) for zone in found.plan.zones)
    whole = [np.array([number[key] for key in zone], np.int64) for zone in zones if zone]
    whole.sort(key=lambda zone: int(zone[0]))
    return DraftZones(tuple(whole), found.status is ProofStatus.OPTIMAL)
