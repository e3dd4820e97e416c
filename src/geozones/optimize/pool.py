"""Zones that the best plan may use, out of all those that the options allow.

All the allowed zones are listed once. Where they are many, the linear relaxation over all of them
is solved first: the program has the columns that it needs, the others are priced by array
operations against its duals (`highs_programs`). A plan of cost at most ``objective`` has no zone of
reduced cost above ``objective - bound``: the zones of least reduced cost hold all the good plans,
and only these get columns with a zone continued and a sector (`model`).

Where the zones are too many to list, only zones of near lycées are: the best plan of them is found,
and nothing is proven of the others.
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np

from geozones.optimize.candidates import (
    Candidates,
    TooManyCandidatesError,
    compatible_pairs,
    enumerate_candidates,
    minimum_moves,
    most_candidates,
    near_pairs,
)
from geozones.optimize.highs_programs import Relaxation, first_columns, relax
from geozones.optimize.model import build_model
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import MatchedZone, SearchMonitor

#: Reduced costs per lycée closer than this count as equal.
_ZERO = 1e-6
#: Where all zones are too many: nearest lycées of each that are tried, one after the other, and
#: most zones of them. More zones take longer, and their plans are hardly better.
NEAREST, NEAR_ZONES = (40, 25, 18, 15, 13, 11, 10, 9, 8, 7, 6, 5), 300_000


@dataclass(frozen=True, eq=False)
class SearchSpace:
    """Candidates to search, with the start solution and the bound."""

    candidates: Candidates
    #: The zones of a plan that respects the options, if one is known.
    start: list[MatchedZone] | None = None
    #: Every plan of at most this objective is made of these candidates; ``-inf``: of none is it
    #: known.
    ceiling: float = inf
    bound: float = -inf  # No plan costs less.


@dataclass(frozen=True, eq=False)
class ZoneList:
    """Zones listed for a problem; ``whole`` if they are all that its options allow."""

    zones: Candidates
    whole: bool = True

    @property
    def space(self) -> SearchSpace:
        """All the zones listed."""
        return SearchSpace(self.zones, ceiling=inf if self.whole else -inf)


def listed_zones(problem: PartitionProblem, monitor: SearchMonitor) -> ZoneList:
    """Return every allowed zone, or those of near lycées if all are too many.

    Raises ``TooManyCandidatesError`` if even these are too many.
    """
    compatible = compatible_pairs(problem)
    try:
        return ZoneList(enumerate_candidates(problem, compatible, monitor))
    except TooManyCandidatesError as error:
        most = min(NEAR_ZONES, most_candidates(problem))
        for nearest in NEAREST:
            pairs = near_pairs(problem, compatible, nearest)
            try:
                near = enumerate_candidates(problem, pairs, monitor, most)
                return ZoneList(near, whole=False)
            except TooManyCandidatesError:
                continue
        raise error from None


@dataclass(frozen=True, eq=False)
class CandidatePool:
    """Zones listed, and the linear relaxation over all of them."""

    problem: PartitionProblem
    listing: ZoneList
    root: Relaxation

    def up_to(self, objective: float) -> Candidates:
        """Return every zone that a plan of at most this objective may use (and others)."""
        if objective == inf:
            return self.listing.zones
        gap = objective - self.root.bound + _ZERO * (self.problem.size + 1)
        return self.listing.zones.take(np.flatnonzero(self.root.reduced <= gap))

    def space(self, most: int) -> SearchSpace:
        """Return the ``most`` zones of least reduced cost, fewer than are listed.

        They are all those of the plans up to some objective.
        """
        order = np.argsort(self.root.reduced, kind="stable")
        zones = self.listing.zones.take(np.sort(order[:most]))
        if not self.listing.whole:
            return SearchSpace(zones, ceiling=-inf)
        cutoff = max(float(self.root.reduced[order[most]]), 0.0)
        return SearchSpace(zones, None, self.root.bound + cutoff, self.root.bound)


def relaxed_pool(
    problem: PartitionProblem, listing: ZoneList, monitor: SearchMonitor
) -> CandidatePool:
    """Solve the relaxation over every zone listed.

    Under a limit of moves, the moves of each zone count as if it continued the best-suited old
    zone, whatever the other zones do; sectors cost what the cheapest does: the bound is valid.
    """
    free = replace(problem, options=replace(problem.options, max_moves=None, sector_costs=()))
    model = build_model(free, listing.zones)
    if problem.max_moves is not None:
        moves = minimum_moves(problem, listing.zones.members)
        model = model.with_move_limit(moves, problem.max_moves)
    root = relax(model, first_columns(model, listing.zones), monitor.inner())
    return CandidatePool(problem, listing, root)
