"""Interventions counted once by lycée and month, so that any area is a sum of a few numbers.

A row « jour fixe » without a ticket tells a presence: it is no intervention.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.journal import Journal, Nature
from geozones.experiment.calendar import month_of

LEVELS = 4


@dataclass(slots=True)
class WorkTally:
    """Interventions by level (0: unknown); number, sum and sum of squares of known durations."""

    levels: list[int] = field(default_factory=lambda: [0] * LEVELS)
    timed: int = 0
    minutes: float = 0.0
    squares: float = 0.0

    def add(self, other: "WorkTally") -> None:
        """Add what another counts."""
        self.levels = [a + b for a, b in zip(self.levels, other.levels, strict=True)]
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
        if row.minutes >= 0:
            tally.timed += 1
            tally.minutes += row.minutes
            tally.squares += row.minutes * row.minutes
    return dict(tallies)
