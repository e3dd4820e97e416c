"""What a lycée would change by joining each zone: the three figures that destinations rank by.

They are those of `Evaluator` for the two zones touched, worked out from sums already known: ranking
every zone for every lycée asks for thousands of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from geozones.domain import ObjectiveWeights, Plan, TravelTimes
from geozones.domain.objective import zone_cost


@dataclass(frozen=True, slots=True)
class Sums:
    """A zone in four figures: its lycées, the minutes over its pairs (sum, worst), its cost."""

    size: int
    total: float
    worst: float | None
    cost: float

    @property
    def pairs(self) -> int:
        """How many pairs of colleagues it has."""
        return self.size * (self.size - 1) // 2


@dataclass(frozen=True, slots=True)
class Joining:
    """Two zones taken together, after minus before.

    Mean minutes over their pairs of colleagues and the worse of their longest drives, in minutes
    (``None`` where they have no pair before or after); the objective. NaN between two infinities.
    """

    delta_mean_minutes: float | None
    delta_max_minutes: float | None
    delta_objective: float


class Joinings:
    """Figures of moves over one matrix and one set of weights; sums of zones are remembered."""

    def __init__(self, times: TravelTimes, weights: ObjectiveWeights) -> None:
        self._minutes = times.both_ways
        self._weights = weights
        self._sums = lru_cache(maxsize=4096)(self._compute)

    def of(self, plan: Plan, lycee: str, zones: Iterable[str]) -> dict[str, Joining]:
        """Return what a lycée changes by joining each of some zones other than its own."""
        origin = plan.members(plan.zone_of(lycee).id)
        left = self._sums(tuple(member for member in origin if member != lycee))
        before = self._sums(origin)
        found = {}
        for zone in zones:
            members = plan.members(zone)
            target = self._sums(members)
            found[zone] = _joining(before, target, left, self._joined(lycee, members, target))
        return found

    def _compute(self, members: tuple[str, ...]) -> Sums:
        drives = [self._minutes[a][b] for a, b in combinations(members, 2)]
        return self._of(len(members), sum(drives), max(drives, default=None))

    def _joined(self, lycee: str, members: tuple[str, ...], zone: Sums) -> Sums:
        """Return the sums of a zone with one more lycée."""
        if not members:
            return self._of(1, 0.0, None)
        row = self._minutes[lycee]
        drives = [row[member] for member in members]
        worst = max(drives)
        if zone.worst is not None and zone.worst > worst:
            worst = zone.worst
        return self._of(zone.size + 1, zone.total + sum(drives), worst)

    def _of(self, size: int, total: float, worst: float | None) -> Sums:
        return Sums(size, total, worst, zone_cost(total, size, self._weights))


def _joining(origin: Sums, target: Sums, left: Sums, joined: Sums) -> Joining:
    pairs_before, pairs_after = origin.pairs + target.pairs, left.pairs + joined.pairs
    objective = (left.cost + joined.cost) - (origin.cost + target.cost)
    if not pairs_before or not pairs_after:
        return Joining(None, None, objective)
    return Joining(
        (left.total + joined.total) / pairs_after - (origin.total + target.total) / pairs_before,
        _worse(left, joined) - _worse(origin, target),
        objective,
    )


def _worse(first: Sums, second: Sums) -> float:
    return max(sums.worst for sums in (first, second) if sums.worst is not None)
