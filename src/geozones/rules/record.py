"""The shape of a rule and of its breach."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from geozones.domain import Lycee, Plan, Settings, TravelTimes


class Severity(StrEnum):
    """A warning lets the move happen; a forbidden breach does not."""

    WARNING = "avertissement"
    FORBIDDEN = "interdit"


@dataclass(frozen=True)
class RuleContext:
    """What rules look at beside the plan.

    ``reference`` is the plan whose sectors count as the starting point (the shipped one);
    ``neighbours`` maps each lycée id to the lycées whose cells touch its own.
    """

    lycees: Mapping[str, Lycee]
    times: TravelTimes
    neighbours: Mapping[str, frozenset[str]]
    reference: Plan
    settings: Settings

    def name(self, lycee: str) -> str:
        """Return how a lycée is called in a sentence (see `Lycee.label`)."""
        return self.lycees[lycee].label


@dataclass(frozen=True, slots=True)
class Violation:
    """A breach of a rule in a zone, in one French sentence.

    ``lycees`` (ids) are those that the sentence is about: all of the zone if it is about the zone.
    ``measure`` grows with the breach (minutes, lycées too many, pieces), so that two states of the
    same breach can be compared. ``per_lycee``: the zone may break the rule several times, each time
    for other lycées; otherwise it breaks it once, whichever its lycées.
    """

    rule: str
    severity: Severity
    zone: str
    lycees: tuple[str, ...]
    message: str
    measure: float = 1.0
    per_lycee: bool = False

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What makes it the same breach before and after a move."""
        return (self.rule, self.zone, self.lycees if self.per_lycee else ())


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its key, its severity, and the check of one zone of a plan."""

    key: str
    severity: Severity
    check: Callable[[Plan, str, RuleContext], tuple[Violation, ...]]
