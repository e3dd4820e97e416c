"""Changes of figures by moving a lycée to each other zone, to rank its destinations.

Minutes equal the minutes of `Evaluator` for the two zones concerned, but are computed from known
sums over pairs: ranking every zone for every lycée takes thousands of figures.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from geozones.domain import Plan, TravelTimes
from geozones.domain.zone_costs import CostsByName


@dataclass(frozen=True, slots=True)
class MoveDelta:
    """Changes of the figures of the two zones that a move touches together, after minus before.

    Parameters
    ----------
    delta_mean_minutes
        Change of the mean minutes over their pairs of colleagues; ``None`` where they have no pair
        before or after.
    delta_max_minutes
        Change of the longer of their longest drives, in minutes; ``None`` likewise.
    delta_objective
        Change of their total cost, in the unit of the costs.
    more_posts
        Change of their posts.

    Each is NaN where both sides are infinite (a lycée cannot be reached).
    """

    delta_mean_minutes: float | None
    delta_max_minutes: float | None
    delta_objective: float
    more_posts: int


class MoveDeltas:
    """Figures of moves over one matrix, the costs of its zones and their posts; all are cached."""

    def __init__(self, times: TravelTimes, costs: CostsByName, posts: CostsByName) -> None:
        self.costs, self.posts = costs, posts
        self._minutes = times.both_ways
        self._sums = lru_cache(maxsize=4096)(self._compute)

    def prepare(self, plan: Plan, moves: Iterable[tuple[str, str]]) -> None:
        """Compute together the costs that many moves (lycée, zone) need."""
        zones: set[tuple[str, ...]] = set()
        for lycee, zone in moves:
            origin, target = plan.members(plan.zone_of(lycee).id), plan.members(zone)
            rest = tuple(member for member in origin if member != lycee)
            zones |= {origin, rest, target, (*target, lycee)}
        self.costs.of_all(sorted(zones))

    def of(self, plan: Plan, lycee: str, zones: Iterable[str]) -> dict[str, MoveDelta]:
        """Return the changes by moving a lycée to each of some zones other than its own."""
        origin = plan.members(plan.zone_of(lycee).id)
        rest = tuple(member for member in origin if member != lycee)
        targets = {zone: plan.members(zone) for zone in zones}
        joined = [(*members, lycee) for members in targets.values()]
        asked = [origin, rest, *targets.values(), *joined]
        costs, posts = self.costs.of_all(asked), self.posts.of_all(asked)
        left, whole = self._sums(rest), self._sums(origin)
        deltas = {}
        for rank, (zone, members) in enumerate(targets.items()):
            target = self._sums(members)
            old, new = (0, 2 + rank), (1, 2 + len(targets) + rank)
            cost, more = (sum(v[i] for i in new) - sum(v[i] for i in old) for v in (costs, posts))
            both = (left, self._with(lycee, members, target))
            deltas[zone] = _delta((whole, target), both, cost, round(more))
        return deltas

    def of_group(
        self, before: Plan, moved: Mapping[str, Plan], touched: Mapping[str, Iterable[str]]
    ) -> dict[str, MoveDelta]:
        """Return the changes by moves of several lycées at once, as `of`.

        ``moved`` is the plan after each choice and ``touched`` the zones (ids) that differ in it,
        by the same keys.
        """
        zones = {key: tuple(ids) for key, ids in touched.items()}
        sides = {
            key: [[plan.members(zone) for zone in zones[key]] for plan in (before, moved[key])]
            for key in zones
        }
        asked = list({members for both in sides.values() for side in both for members in side})
        costs, posts = (
            dict(zip(asked, figure.of_all(asked), strict=True))
            for figure in (self.costs, self.posts)
        )

        def change(figure: Mapping[tuple[str, ...], float], key: str) -> float:
            then, now = sides[key]
            return sum(map(figure.__getitem__, now)) - sum(map(figure.__getitem__, then))

        def sums(side: Iterable[tuple[str, ...]]) -> list[_ZoneSums]:
            return [self._sums(members) for members in side]

        return {
            key: _delta(sums(then), sums(now), change(costs, key), round(change(posts, key)))
            for key, (then, now) in sides.items()
        }

    def _compute(self, members: tuple[str, ...]) -> "_ZoneSums":
        drives = [self._minutes[a][b] for a, b in combinations(members, 2)]
        return _ZoneSums(len(members), sum(drives), max(drives, default=None))

    def _with(self, lycee: str, members: tuple[str, ...], zone: "_ZoneSums") -> "_ZoneSums":
        """Return the sums of a zone with an additional lycée."""
        if not members:
            return _ZoneSums(1, 0.0, None)
        row = self._minutes[lycee]
        drives = [row[member] for member in members]
        longest = max(drives)
        if zone.longest is not None and zone.longest > longest:
            longest = zone.longest
        return _ZoneSums(zone.size + 1, zone.total + sum(drives), longest)


@dataclass(frozen=True, slots=True)
class _ZoneSums:
    """Sums of a zone: number of lycées, sum and longest of its pairs' minutes."""

    size: int
    total: float
    longest: float | None

    @property
    def pairs(self) -> int:
        """Number of pairs of colleagues."""
        return self.size * (self.size - 1) // 2


type _Zones = Sequence[_ZoneSums]


def _delta(before: _Zones, after: _Zones, cost: float, posts: int) -> MoveDelta:
    """Return the change of the zones by the move, given that of their costs and posts."""
    pairs_before, pairs_after = (sum(zone.pairs for zone in zones) for zones in (before, after))
    if not pairs_before or not pairs_after:
        return MoveDelta(None, None, cost, posts)
    total_before, total_after = (sum(zone.total for zone in zones) for zones in (before, after))
    return MoveDelta(
        total_after / pairs_after - total_before / pairs_before,
        _longer(after) - _longer(before),
        cost,
        posts,
    )


def _longer(zones: _Zones) -> float:
    return max(sums.longest for sums in zones if sums.longest is not None)
