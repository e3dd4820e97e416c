"""First zones of a map without zones: bisection, then the best partition of each block.

A block of a few dozen sites is small enough for the best partition to be proven. Blocks are drawn a
second time over the borders of the first ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geozones.domain import DecisionStatus, SearchCancelledError, Sector, TravelTimes, Zone
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.yearly_cost import CostModel, ZoneCosts
from geozones.optimize.candidates import TooManyCandidatesError
from geozones.optimize.connected import Bounds, SiteMap, bisected
from geozones.optimize.problem import PartitionOptions
from geozones.optimize.propose import propose

#: Cost, in the unit of the model (hours a year), of a pair over the limit, of a site too few or too
#: many in a zone, of a pair without a known way. Each is above all that comes after it in a block:
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


type Ints = NDArray[np.int64]

#: Most sites of a block, by the largest size of a zone; without a block, zones are too large for
#: their candidates to be compared, but in a map of a few sites.
_BLOCKS = {1: 60, 2: 60, 3: 60, 4: 60, 5: 48, 6: 30}
_FEW = 14
#: Steps of the search of a block, at most: steps of the solver, not seconds, so that the zones are
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
    count = problem.size
    parts = problem.zone_count or problem.bounds.parts(count)
    block = _BLOCKS.get(problem.bounds.most, _FEW)
    if count <= max(block, _FEW):
        return _best(problem, _bisected(problem, parts))
    if problem.bounds.most not in _BLOCKS:
        return DraftZones(_bisected(problem, parts), proven=False)
    blocks = bisected(problem.site_map, parts, bounds=problem.bounds, small=block)
    return _second_round(problem, _over_blocks(problem, blocks), block)


def _bisected(problem: DraftProblem, parts: int) -> tuple[Ints, ...]:
    return tuple(zone for zone, _ in bisected(problem.site_map, parts, bounds=problem.bounds))


def _over_blocks(problem: DraftProblem, blocks: list[tuple[Ints, int]]) -> DraftZones:
    free = problem.zone_count is None
    found = []
    for sites, parts in blocks:
        own = problem.part(sites, None if free else parts)
        found.append(_shifted(sites, _best(own, _bisected(own, parts))))
    zones = tuple(zone for each in found for zone in each.zones)
    return DraftZones(zones, proven=False)


def _second_round(problem: DraftProblem, first: DraftZones, block: int) -> DraftZones:
    """Search again in blocks of whole zones that lie across the borders of the first blocks."""
    zones, count = first.zones, len(first.zones)
    owner = np.empty(problem.size, np.int64)
    for number, zone in enumerate(zones):
        owner[zone] = number
    row, column = np.nonzero(problem.site_map.adjacent)
    touching = np.zeros((count, count), bool)
    touching[owner[row], owner[column]] = True
    np.fill_diagonal(touching, val=False)
    middles = np.array([_middle(problem.site_map.minutes, zone) for zone in zones])
    sizes = np.array([len(zone) for zone in zones], float)
    zone_map = SiteMap(touching, problem.site_map.minutes[np.ix_(middles, middles)])
    wanted = -(-len(owner) // block) + 1
    groups = bisected(zone_map, wanted, weights=sizes)
    kept: list[Ints] = []
    for group, _ in groups:
        sites = np.sort(np.concatenate([zones[zone] for zone in group]))
        own = problem.part(sites, None if problem.zone_count is None else len(group))
        start = tuple(np.searchsorted(sites, zones[zone]) for zone in group)
        found = _shifted(sites, _best(own, start))
        kept += found.zones
    return DraftZones(tuple(kept), proven=False)


def _middle(minutes: NDArray[np.float64], zone: Ints) -> int:
    return int(zone[minutes[np.ix_(zone, zone)].sum(axis=1).argmin()])


def _best(problem: DraftProblem, start: tuple[Ints, ...]) -> DraftZones:
    """Return the best zones of a block: of sizes in bounds if that can be, else as near as can be.

    The second search also allows sizes below the bounds, and one site above if that may help.
    """
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
