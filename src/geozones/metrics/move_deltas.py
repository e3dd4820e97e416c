"""What moving a lycée to each other zone would change: the figures that rank its destinations.

They equal those of `Evaluator` for the two zones concerned, but are computed from sums over pairs
that are already known: ranking every zone for every lycée asks for thousands of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from geozones.domain import ObjectiveWeights, Plan, TravelTimes
from geozones.domain.objective import zone_cost


@dataclass(frozen=True, slots=True)
class MoveDelta:
    """The figures of the two zones that a move touches, taken together, after minus before.

    Parameters
    ----------
    delta_mean_minutes
        Change of the mean minutes over their pairs of colleagues; ``None`` where they have no pair
        before or after.
    delta_max_minutes
        Change of the longer of their longest drives, in minutes; ``None`` likewise.
    delta_objective
        Change of the plan's objective.

    Each is NaN where both sides are infinite (a lycée cannot be reached).
    """

    delta_mean_minutes: float | None
    delta_max_minutes: float | None
    delta_objective: float


class MoveDeltas:
    """Figures of moves over one matrix and one set of weights; sums of zones are remembered."""

    def __init__(self, times: TravelTimes, weights: ObjectiveWeights) -> None:
        self._minutes = times.both_ways
        self._weights = weights
        self._sums = lru_cache(maxsize=4096)(self._compute)

    def of(self, plan: Plan, lycee: str, zones: Iterable[str]) -> dict[str, MoveDelta]:
        """Return what moving a lycée to each of some zones other than its own would change."""
        origin = plan.members(plan.zone_of(lycee).id)
        left = self._sums(tuple(member for member in origin if member != lycee))
        before = self._sums(origin)
        deltas = {}
        for zone in zones:
            members = plan.members(zone)
            target = self._sums(members)
            deltas[zone] = _delta(before, target, left, self._with(lycee, members, target))
        return deltas

    def _compute(self, members: tuple[str, ...]) -> "_ZoneSums":
        drives = [self._minutes[a][b] for a, b in combinations(members, 2)]
        return self._summed(len(members), sum(drives), max(drives, default=None))

    def _with(self, lycee: str, members: tuple[str, ...], zone: "_ZoneSums") -> "_ZoneSums":
        """Return the sums of a zone with one more lycée."""
        if not members:
            return self._summed(1, 0.0, None)
        row = self._minutes[lycee]
        drives = [row[member] for member in members]
        longest = max(drives)
        if zone.longest is not None and zone.longest > longest:
            longest = zone.longest
        return self._summed(zone.size + 1, zone.total + sum(drives), longest)

    def _summed(self, size: int, total: float, longest: float | None) -> "_ZoneSums":
        return _ZoneSums(size, total, longest, zone_cost(total, size, self._weights))


@dataclass(frozen=True, slots=True)
class _ZoneSums:
    """A zone: how many lycées, the sum and the longest of its pairs' minutes, its objective."""

    size: int
    total: float
    longest: float | None
    cost: float

    @property
    def pairs(self) -> int:
        """How many pairs of colleagues it has."""
        return self.size * (self.size - 1) // 2


def _delta(origin: _ZoneSums, target: _ZoneSums, left: _ZoneSums, joined: _ZoneSums) -> MoveDelta:
    """Compare both zones after the move (``left``, ``joined``) to what they were."""
    pairs_before, pairs_after = origin.pairs + target.pairs, left.pairs + joined.pairs
    objective = (left.cost + joined.cost) - (origin.cost + target.cost)
    if not pairs_before or not pairs_after:
        return MoveDelta(None, None, objective)
    return MoveDelta(
        (left.total + joined.total) / pairs_after - (origin.total + target.total) / pairs_before,
        _longer(left, joined) - _longer(origin, target),
        objective,
    )


def _longer(first: _ZoneSums, second: _ZoneSums) -> float:
    return max(sums.longest for sums in (first, second) if sums.longest is not None)
