"""Which breaches a change brings or worsens, and which it ends."""

from collections.abc import Iterable
from dataclasses import dataclass

from geozones.rules.record import Violation


@dataclass(frozen=True, slots=True)
class Difference:
    """What two checks differ by.

    Parameters
    ----------
    introduced
        Breaches « nouvelles ou aggravées »: their key was not there before, or their measure was
        smaller. As they are after the change.
    resolved
        Breaches « levées »: their key is no longer there. As they were before the change.
    """

    introduced: tuple[Violation, ...]
    resolved: tuple[Violation, ...]


def difference(before: Iterable[Violation], after: Iterable[Violation]) -> Difference:
    """Compare the breaches of a plan with those of what became of it, by `Violation.key`.

    A breach that shrinks without ending is in neither list, whatever its message says.
    """
    before, after = tuple(before), tuple(after)
    measures = {breach.key: breach.measure for breach in before}
    left = {breach.key for breach in after}
    return Difference(
        tuple(
            breach
            for breach in after
            if breach.key not in measures or breach.measure > measures[breach.key]
        ),
        tuple(breach for breach in before if breach.key not in left),
    )
