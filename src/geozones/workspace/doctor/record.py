"""Records of the health check: a check, its finding, the state that a finding reports."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class FindingState(StrEnum):
    """State that a finding reports."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check: its state and a French sentence, which says what to do if needed."""

    state: FindingState
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """Check of one part that an installation depends on."""

    key: str  # Its key in JSON.
    label: str  # Its French label.
    #: Returns the finding; a ``GeozonesError`` that it raises counts as a fault.
    run: Callable[[], Finding]


def fine(message: str) -> Finding:
    """Return the finding that a part works."""
    return Finding(FindingState.OK, message)


def doubtful(message: str) -> Finding:
    """Return the finding that a part works but needs attention."""
    return Finding(FindingState.WARNING, message)


def wrong(message: str) -> Finding:
    """Return the finding that a part does not work."""
    return Finding(FindingState.FAULT, message)
