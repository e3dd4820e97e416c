"""Tally of requests by lycée and month, so that any area is a sum of a few numbers.

Presences (`Intervention.is_request`) are counted apart: they are no requests.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.field_journal import Journal
from geozones.experiment.working_days import month_of

LEVELS = 4


@dataclass(slots=True)
class WorkTally:
    """Requests by level (0: unknown), their completeness, and their known durations.

    ``tickets`` counts the requests with a ticket; ``timed``, ``minutes`` and ``squares`` are the
    number, sum and sum of squares of the durations; ``presences`` counts the rows that are no
    request.
    """

    levels: list[int] = field(default_factory=lambda: [0] * LEVELS)
    tickets: int = 0
    timed: int = 0
    minutes: float = 0.0
    squares: float = 0.0
    presences: int = 0

    @property
    def asked(self) -> int:
        """Number of requests."""
        return sum(self.levels)

    @property
    def graded(self) -> int:
        """Number of requests with a level."""
        return sum(self.levels[1:])

    def add(self, other: "WorkTally") -> None:
        """Add the counts of another tally."""
        self.levels = [a + b for a, b in zip(self.levels, other.levels, strict=True)]
        self.tickets += other.tickets
        self.timed += other.timed
        self.minutes += other.minutes
        self.squares += other.squares
        self.presences += other.presences


def work_tallies(journal: Journal) -> Mapping[tuple[str, str], WorkTally]:
    """Return the tally of each lycée (id; empty for an unknown one) and month."""
    tallies: dict[tuple[str, str], WorkTally] = defaultdict(WorkTally)
    month, day = "", None
    for row in journal.interventions:
        if row.day is not day:
            day, month = row.day, month_of(row.day)
        tally = tallies[row.lycee, month]
        if not row.is_request:
            tally.presences += 1
            continue
        tally.levels[row.level] += 1
        tally.tickets += bool(row.ticket)
        if row.minutes >= 0:
            tally.timed += 1
            tally.minutes += row.minutes
            tally.squares += row.minutes * row.minutes
    return dict(tallies)
