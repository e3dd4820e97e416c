"""Difference between two checks: breaches introduced, worsened or resolved by a change."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Measured(Protocol):
    """Breach, or point to watch, that two states of a plan may have.

    ``key`` is its identity in both, ``measure`` grows with it, ``is_alert`` is false for
    information.
    """

    @property
    def key(self) -> tuple[object, ...]:
        """Return its identity before and after a change."""

    @property
    def measure(self) -> float:
        """Return its extent."""

    @property
    def is_alert(self) -> bool:
        """Tell whether it is more than information."""


@dataclass(frozen=True, slots=True)
class Difference[B: Measured]:
    """Difference between two checks, or two lists of points to watch.

    Parameters
    ----------
    introduced
        Breaches « nouvelles ou aggravées »: their key is new, or their measure was
        smaller. Listed as after the change.
    resolved
        Breaches « levées »: their key is gone. Listed as before the change.
    noted
        New information: no alert, and no reason against the change.
    worsened
        Those of ``introduced`` whose key was known: as before the change, and as after it.
    """

    introduced: tuple[B, ...]
    resolved: tuple[B, ...]
    noted: tuple[B, ...] = ()
    worsened: tuple[tuple[B, B], ...] = ()

    @property
    def new(self) -> int:
        """How many breaches there were not before."""
        return len(self.introduced) - len(self.worsened)

    @property
    def more(self) -> int:
        """How many breaches more there are; negative if there are fewer."""
        return self.new - len(self.resolved)


def difference[B: Measured](before: Iterable[B], after: Iterable[B]) -> Difference[B]:
    """Compare the breaches of a plan before and after a change, by their key.

    A breach that shrinks without ending is in neither list, whatever its message says; a breach
    that becomes information has ended.
    """
    earlier, later = tuple(before), tuple(after)
    alerts = {breach.key: breach for breach in earlier if breach.is_alert}
    known = {breach.key for breach in earlier}
    alarming = [breach for breach in later if breach.is_alert]
    left = {breach.key for breach in alarming}
    worsened = tuple(
        (alerts[breach.key], breach)
        for breach in alarming
        if breach.key in alerts and breach.measure > alerts[breach.key].measure
    )
    worse = {after.key for _, after in worsened}
    return Difference(
        tuple(breach for breach in alarming if breach.key not in alerts or breach.key in worse),
        tuple(breach for breach in earlier if breach.is_alert and breach.key not in left),
        tuple(breach for breach in later if not breach.is_alert and breach.key not in known),
        worsened,
    )
