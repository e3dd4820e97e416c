"""Tally of interventions by lycée and month, so that any area is a sum of a few numbers.

A row « jour fixe » without a ticket records a presence: it is no intervention.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.field_journal import Journal, Nature
from geozones.experiment.working_days import month_of

LEVELS = 4


@dataclass(slots=True)
class WorkTally:
    """Interventions by level (0: unknown), completeness of requests, and known durations.

    ``asked`` counts the requests: neither visits nor covers without a ticket; ``tickets``,
    ``graded`` and ``measured`` count the requests with a ticket, a level, a duration. ``timed``,
    ``minutes`` and ``squares`` are the number, sum and sum of squares of the durations.
    """

    levels: list[int] = field(default_factory=lambda: [0] * LEVELS)
    asked: int = 0
    tickets: int = 0
    graded: int = 0
    measured: int = 0
    timed: int = 0
    minutes: float = 0.0
    squares: float = 0.0

    def add(self, other: "WorkTally") -> None:
        """Add the counts of another tally."""
        self.levels = [a + b for a, b in zip(self.levels, other.levels, strict=True)]
        self.asked += other.asked
        self.tickets += other.tickets
        self.graded += other.graded
        self.measured += other.measured
        self.timed += other.timed
        self.minutes += other.minutes
        self.squares += other.squares


def work_tallies(journal: Journal) -> Mapping[tuple[str, str], WorkTally]:
    """Return the tally of each lycée (id) and month."""
    tallies: dict[tuple[str, str], WorkTally] = defaultdict(WorkTally)
    month, day = "", None
    for row in journal.interventions:
        if row.day is not day:
            day, month = row.day, month_of(row.day)
        if row.nature is Nature.FIXED and not row.ticket:
            continue
        tally = tallies[row.lycee, month]
        tally.levels[row.level] += 1
        if row.ticket or row.nature is Nature.UNKNOWN:
            tally.asked += 1
            tally.tickets += bool(row.ticket)
            tally.graded += row.level > 0
            tally.measured += row.minutes >= 0
        if row.minutes >= 0:
            tally.timed += 1
            tally.minutes += row.minutes
            tally.squares += row.minutes * row.minutes
    return dict(tallies)
