"""What is looked at in an installation, and what was found."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """How something is: ``message`` is a French sentence, that says what to do where need be."""

    state: State
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """Something that an installation stands on.

    Parameters
    ----------
    key
        Its name in JSON.
    label
        Its name in French.
    run
        Returns how it is; a ``GeozonesError`` that it raises is a fault.
    """

    key: str
    label: str
    run: Callable[[], Finding]


def fine(message: str) -> Finding:
    """Return that something is as it should be."""
    return Finding(State.OK, message)


def doubtful(message: str) -> Finding:
    """Return that something works, and should be looked at."""
    return Finding(State.WARNING, message)


def wrong(message: str) -> Finding:
    """Return that something does not work."""
    return Finding(State.FAULT, message)
