"""Progress told, time kept: how a search is watched and stopped."""

from collections.abc import Callable
from math import inf
from time import perf_counter

from geozones.domain import SearchCancelledError

#: Told of the phase (French), the proven bound, the best objective found and the gap between them.
type Progress = Callable[[str, float, float, float], None]


class TimeUpError(SearchCancelledError):
    """The time limit is spent."""


def gap_of(bound: float, objective: float) -> float:
    """Return how far from the bound an objective is, as a share of it; 0 when proven."""
    if objective <= bound:
        return 0.0
    return (objective - bound) / objective if objective < inf else inf


class Watch:
    """Keeps the bound, the incumbent and the time of one search; ``offset`` is what stays as is."""

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
        #: Bounds told are proven up to here only.
        self.ceiling = inf
        self.incumbent = inf

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return perf_counter() - self._start

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(self._limit - self.seconds, 0.0)

    def quiet(self, most: float = inf) -> "Watch":
        """Return a watch for a step whose figures are not the search's: it only stops with it.

        Or after ``most`` seconds.
        """
        return Watch(lambda *_: self.tell(), min(self.left, most))

    def tell(
        self, phase: str | None = None, bound: float | None = None, incumbent: float | None = None
    ) -> None:
        """Note what is known and tell it.

        Raises
        ------
        SearchCancelledError
            When the listener raises it, or the time is up; from then on, each time.
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
            if self.left <= 0:
                raise TimeUpError
        except SearchCancelledError as stop:
            self._stop = stop
            raise
