"""Result of a search with its proof, and its monitor: progress, time limit, cancellation."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import perf_counter

from geozones.domain import Plan, SearchCancelledError, Zone
from geozones.domain.proposal_conditions import ProofStatus
from geozones.optimize.move_order import ProposedMove


@dataclass(frozen=True)
class Result:
    """Proposal of zones and its proof.

    Parameters
    ----------
    status
        Proof status of ``plan``. If it is ``INFEASIBLE`` or ``UNKNOWN``, ``plan`` is the plan
        given.
    objective_before, objective_after
        Objective of the zones of the scope in the plan given and in ``plan``, in the unit of the
        cost model.
    worst_before, worst_after
        Longest drive inside a zone of the scope, in minutes.
    bound
        No plan that respects the options has a lower objective; ``inf`` without such a plan.
    gap
        (``objective_after`` - ``bound``) / ``objective_after``; 0 when optimal, ``inf`` when
        nothing was found.
    seconds
        Duration of the search.
    candidates
        Number of zones compared.
    plan
        The proposed plan, including old zones left without lycées.
    moves
        The moves to it, one for each lycée, in the order to follow (``move_order.ordered_moves``).
    created, emptied
        Zones of ``plan`` that the given plan lacks; ids of the zones it leaves without
        lycées.
    why
        Why there is no plan, or no better plan, in French; empty otherwise.
    """

    status: ProofStatus
    objective_before: float
    objective_after: float
    worst_before: float
    worst_after: float
    bound: float
    gap: float
    seconds: float
    candidates: int
    plan: Plan
    moves: tuple[ProposedMove, ...] = ()
    created: tuple[Zone, ...] = ()
    emptied: tuple[str, ...] = ()
    why: str = ""


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

    Parameters
    ----------
    progress
        The listener; it may raise ``SearchCancelledError`` to stop the search.
    time_limit
        Seconds from now; ``None`` for no limit.
    offset
        Cost of the zones outside the search, added to reported figures.
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

    def inner(self, time_limit: float = inf) -> "SearchMonitor":
        """Return the monitor of an inner step, whose own bound and incumbent are not reported.

        The step is stopped when this search is, or after ``time_limit`` seconds.
        """
        return SearchMonitor(lambda *_: self.report(), min(self.seconds_left, time_limit))

    def report(
        self, phase: str | None = None, bound: float | None = None, incumbent: float | None = None
    ) -> None:
        """Update the bound and the incumbent (``None``: unchanged) and call the listener.

        Raises
        ------
        SearchCancelledError
            When the listener raises it or the time is up; and at every call after that.
        """
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
