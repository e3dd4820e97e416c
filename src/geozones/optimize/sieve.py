"""Sieve of zones by reduced cost, for costs without a bound by pairs.

Every zone is enumerated and priced, and few are held: a search over ten million zones needs memory
only for those near the optimum. Under a limit of moves, most are not even priced, since no plan of
so few moves contains them.
"""

from dataclasses import dataclass, field
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.optimize.candidates import PricedZones
from geozones.optimize.enumeration import ReducedCostFilter, minimum_moves
from geozones.optimize.problem import PartitionProblem


@dataclass(eq=False)
class ReducedCostSieve:
    """Sieve of the zones whose reduced cost is at most ``most``, for costs of any form.

    Every zone is enumerated, and few are held. Zones that are not held still have a known lower
    bound under later duals: a reduced cost changes by at most the change of the duals of its lycées
    (`floor`).
    """

    problem: PartitionProblem
    duals: ReducedCostFilter
    most: float  # Highest reduced cost held; lowered when too many zones are held.
    #: Highest use of each priced resource among all the zones enumerated.
    highest: dict[int, float] = field(default_factory=dict)

    def extends(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which sets can be in a zone of a plan within the limit of moves, ``bool[set]``.

        Another lycée never reduces the moves.
        """
        allowed = self.duals.max_moves
        if allowed is None or allowed >= members.shape[1] - 1:
            return np.ones(len(members), bool)
        return np.asarray(minimum_moves(self.problem, members.T) <= allowed, bool)

    def fits(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which zones can be in a plan within the limit of moves, ``bool[zone]``."""
        allowed = self.duals.max_moves
        if allowed is None:
            return np.ones(len(members), bool)
        return np.asarray(moves_of_plans(self.problem, members) <= allowed, bool)

    def holds(self, members: NDArray[np.uint16], cost: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which zones of one size to hold, by their costs, ``bool[zone]``."""
        reduced = self._without_uses(members, cost)
        held = reduced <= self.most
        for row, price in enumerate(self.duals.use_prices):
            if price:  # uses only raise reduced costs, so few zones are left to examine
                few = np.flatnonzero(held)
                reduced[few] += price * self._use(row, members[few])
                held[few] = reduced[few] <= self.most
        return np.asarray(held, bool)

    def fewer(self, held: list[PricedZones], limit: int) -> list[PricedZones]:
        """Return all zones, or about ``limit / 2`` of lowest reduced cost if over ``limit``."""
        if sum(len(cost) for _, cost, _ in held) <= limit:
            return held
        reduced = [self._reduced(zones) for zones in held]
        every = np.concatenate(reduced)
        self.most = float(np.partition(every, limit // 2)[limit // 2])
        return [
            (members[low], cost[low], uses[:, low])
            for (members, cost, uses), own in zip(held, reduced, strict=True)
            for low in [own <= self.most]
        ]

    def floor(self, later: ReducedCostFilter) -> float:
        """Return a number below the reduced cost, under later duals, of every zone not held."""
        problem, before = self.problem, self.duals
        falls = np.sort(later.duals - before.duals)[::-1][: problem.size_max].cumsum()
        fall = float(falls[problem.options.size_min - 1 :].max(initial=-inf))
        fall += later.zone_dual - before.zone_dual
        moves = min(problem.size_max, before.max_moves or 0)
        fall += max(before.move_price - later.move_price, 0.0) * moves
        for row, use in self.highest.items():
            fall += max(before.use_prices[row] - later.use_prices[row], 0.0) * use
        return self.most - fall

    def _reduced(self, zones: PricedZones) -> NDArray[np.float64]:
        """Return the reduced costs of zones held."""
        members, cost, uses = zones
        reduced = self._without_uses(members, cost)
        for price, used in zip(self.duals.use_prices, uses, strict=False):
            reduced += price * used
        return reduced

    def _use(self, row: int, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the use of a resource by some zones; note the highest."""
        used = self.problem.zone_uses[row].of(members)
        highest = float(used[used < inf].max(initial=0.0))
        self.highest[row] = max(self.highest.get(row, 0.0), highest)
        return used

    def _without_uses(
        self, members: NDArray[np.uint16], cost: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the reduced costs of zones, uses of resources left out."""
        reduced = cost - self.duals.duals[members].sum(axis=1) - self.duals.zone_dual
        if self.duals.move_price:
            reduced += self.duals.move_price * minimum_moves(self.problem, members.T)
        return np.asarray(reduced, np.float64)


def moves_of_plans(problem: PartitionProblem, members: NDArray[np.uint16]) -> NDArray[np.uint8]:
    """Return a lower bound on the moves of any plan that contains each zone, ``uint8[zone]``.

    Counted are the lycées of the zone that come from other zones than the old zone that it
    continues, and the lycées that leave this old zone. Each other old zone that is left with too
    few lycées must gain one or lose all: at least one move more, which may serve two such zones.

    Parameters
    ----------
    members
        ``uint16[zone, k]``.
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
