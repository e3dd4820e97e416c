"""Result of a search: its proof, its monitor, and the old zone that each new zone continues.

The monitor has progress, a time limit and cancellation. New zones are matched with old ones with
the fewest moves.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from geozones.domain import Plan, SearchCancelledError, Zone
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.move_order import ProposedMove
from geozones.optimize.problem import NONE, PartitionProblem


@dataclass(frozen=True)
class Result:
    """Proposal of zones and its proof."""

    #: Proof status of ``plan``. If it is ``INFEASIBLE`` or ``UNKNOWN``, ``plan`` is the plan given.
    status: ProofStatus
    #: Objective of the zones of the scope in the plan given and in ``plan``, in the unit of the
    #: cost model.
    objective_before: float
    objective_after: float
    worst_before: float  # Longest drive inside a zone of the scope, in minutes.
    worst_after: float
    #: No plan that respects the options has a lower objective; ``inf`` without such a plan.
    bound: float
    #: (``objective_after`` - ``bound``) / ``objective_after``; 0 when optimal, ``inf`` when nothing
    #: was found.
    gap: float
    seconds: float  # Duration of the search.
    candidates: int  # Number of zones compared.
    plan: Plan  # The proposed plan, including old zones left without lycées.
    #: The moves to it, one for each lycée, in the order to follow (``move_order.ordered_moves``).
    moves: tuple[ProposedMove, ...] = ()
    #: Zones of ``plan`` that the given plan lacks; ids of the zones it leaves without lycées.
    created: tuple[Zone, ...] = ()
    emptied: tuple[str, ...] = ()
    why: str = ""  # Why there is no plan, or no better plan, in French; empty otherwise.


#: Called with the phase (French), the proven bound and the incumbent's objective (in the
#: unit of the cost model), and the gap between them (see ``gap_of``).
type Progress = Callable[[str, float, float, float], None]


class TimeUpError(SearchCancelledError):
    """The time limit is spent."""


def gap_of(bound: float, objective: float) -> float:
    """Return the relative gap, (objective - bound) / objective; 0 when the bound is reached.

    It is ``inf`` for an infinite objective, that is without an incumbent.
    """
    if objective <= bound:
        return 0.0
    return (objective - bound) / objective if objective < inf else inf


class SearchMonitor:
    """Bound, incumbent and time of one search, reported to a listener.

    ``progress`` is the listener; it may raise ``SearchCancelledError`` to stop the search.
    ``time_limit`` is in seconds from now, ``None`` for no limit. ``offset``, the cost of the zones
    outside the search, is added to the figures reported.
    """

    def __init__(
        self, progress: Progress | None = None, time_limit: float | None = None, offset: float = 0.0
    ) -> None:
        self._progress = progress
        self._limit = inf if time_limit is None else time_limit
        self._start = perf_counter()
        self.offset = offset
        self._stop: SearchCancelledError | None = None
        self.phase = ""
        self.bound = 0.0
        #: Reported bounds are valid only for plans of at most this objective.
        self.ceiling = inf
        self.incumbent = inf

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return perf_counter() - self._start

    @property
    def seconds_left(self) -> float:
        """Seconds before the time limit, never negative; ``inf`` without a limit."""
        return max(self._limit - self.seconds, 0.0)

    @property
    def is_stopped(self) -> bool:
        """Whether the time is up, or the listener has cancelled."""
        return self._stop is not None

    def inner(self, time_limit: float = inf) -> "SearchMonitor":
        """Return the monitor of an inner step, whose own bound and incumbent are not reported.

        The step is stopped when this search is, or after ``time_limit`` seconds.
        """
        return SearchMonitor(lambda *_: self.report(), min(self.seconds_left, time_limit))

    def report(
        self, phase: str | None = None, bound: float | None = None, incumbent: float | None = None
    ) -> None:
        """Update the bound and the incumbent (``None``: unchanged) and call the listener."""
        self.phase = self.phase if phase is None else phase
        self.bound = self.bound if bound is None else max(self.bound, min(bound, self.ceiling))
        self.incumbent = self.incumbent if incumbent is None else min(self.incumbent, incumbent)
        if self._stop is not None:
            raise self._stop
        low, high = min(self.bound, self.incumbent) + self.offset, self.incumbent + self.offset
        try:
            if self._progress is not None:
                self._progress(self.phase, low, high, gap_of(low, high))
            if self.seconds_left <= 0:
                raise TimeUpError
        except SearchCancelledError as stop:
            self._stop = stop
            raise


class MatchedZone(NamedTuple):
    """Zone of a new partition."""

    members: tuple[int, ...]  # Its lycées (numbers), ascending.
    zone: int  # Number of the old zone that it continues, or ``NONE``.
    sector: int = NONE  # Number of its required sector; ``NONE`` if its lycées determine it.


#: Weight of a held lycée in the matching, above any number of lycées in common.
_LOCKED_WEIGHT = 1000


@dataclass(frozen=True)
class RebuiltPlan:
    """Plan, the zones created for it, and the ids of the old zones it leaves without lycées."""

    plan: Plan
    created: tuple[Zone, ...]
    emptied: tuple[str, ...]


def current_zones(problem: PartitionProblem) -> list[MatchedZone]:
    """Return the zones of the current plan that have lycées, each continuing itself."""
    return [
        MatchedZone(members, zone) for zone, members in enumerate(problem.old_members) if members
    ]


def match_zones(
    problem: PartitionProblem, zones: list[tuple[int, ...]], sectors: Sequence[int] | None = None
) -> list[MatchedZone]:
    """Match each zone with the old zone it continues, so that the fewest lycées move.

    This is a maximum assignment of zones to old zones, weighted by their common lycées; an old zone
    of a sector where the new zone may not be has weight 0, and a held lycée always wins.
    ``sectors`` are the sectors of the zones (numbers), if known.
    """
    pairs = sorted(zip(zones, sectors or [NONE] * len(zones), strict=True))
    zones = [members for members, _ in pairs]
    common = np.zeros((len(zones), len(problem.zones)))
    for row, (members, wanted) in enumerate(pairs):
        sector = _forced_sector(problem, members) if wanted == NONE else wanted
        for lycee in members:
            old = problem.zone_of[lycee]
            if sector in {NONE, problem.zone_sector[old]}:
                common[row, old] += 1
            if problem.held[lycee] != NONE:
                common[row, problem.held[lycee]] += _LOCKED_WEIGHT
    rows, columns = linear_sum_assignment(common, maximize=True)
    continued = {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if common[row, column] > 0
    }
    return [
        MatchedZone(members, continued.get(row, NONE), sector)
        for row, (members, sector) in enumerate(pairs)
    ]


def rebuild_plan(problem: PartitionProblem, matched: list[MatchedZone]) -> RebuiltPlan:
    """Return the plan in which the lycées that may move are in the matched zones.

    A zone that continues no old zone takes over an old zone of its sector left without lycées, if
    there is one; otherwise it is created, under the first free id ``<sector>-n``.
    """
    assignment = dict(problem.plan.zone_by_lycee)
    used = {entry.zone for entry in matched}
    free = [zone for zone in range(len(problem.zones)) if zone not in used]
    created: list[Zone] = []
    for members, old, sector in sorted(matched):
        target = (
            problem.zones[old]
            if old != NONE
            else _take_over_or_create(problem, (members, sector), free, created)
        )
        assignment |= {problem.lycees[lycee]: target for lycee in members}
    plan = plan_of(problem.plan.sectors, (*problem.plan.zones, *created), assignment)
    emptied = tuple(
        zone for zone in problem.zones if problem.plan.members(zone) and not plan.members(zone)
    )
    return RebuiltPlan(plan, tuple(created), emptied)


def _take_over_or_create(
    problem: PartitionProblem,
    wanted: tuple[tuple[int, ...], int],
    free: list[int],
    created: list[Zone],
) -> str:
    """Return a zone (id) for lycées that continue no zone; update ``free`` and ``created``.

    ``wanted`` are the lycées and the sector of the zone, or ``NONE``.
    """
    members, sector = wanted
    if sector == NONE:
        sector = _forced_sector(problem, members)
    if sector == NONE:
        counts = Counter(problem.sector_of[list(members)].tolist())
        sector = min(counts, key=lambda number: (-counts[number], number))
    for zone in free:
        if problem.zone_sector[zone] == sector:
            free.remove(zone)
            return problem.zones[zone]
    owner = problem.plan.sector(problem.sectors[sector])
    taken = {zone.id for zone in (*problem.plan.zones, *created)}
    rank = 1
    while f"{owner.id}-{rank}" in taken:
        rank += 1
    new_zone = Zone(f"{owner.id}-{rank}", f"{owner.name} – nouvelle zone {rank}", owner.id)
    created.append(new_zone)
    return new_zone.id


def _forced_sector(problem: PartitionProblem, members: tuple[int, ...]) -> int:
    """Return the number of the required sector of a zone, or ``NONE``."""
    return max((int(problem.pinned[lycee]) for lycee in members), default=NONE)
