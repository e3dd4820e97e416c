"""Difference between two checks: breaches introduced, worsened or resolved by a change."""

from collections.abc import Iterable
from dataclasses import dataclass

from geozones.rules.rule import Violation


@dataclass(frozen=True, slots=True)
class Difference:
    """Difference between two checks.

    Parameters
    ----------
    introduced
        Breaches « nouvelles ou aggravées »: their key is new, or their measure was
        smaller. Listed as after the change.
    resolved
        Breaches « levées »: their key is gone. Listed as before the change.
    noted
        New information: no alert, and no reason against the change.
    """

    introduced: tuple[Violation, ...]
    resolved: tuple[Violation, ...]
    noted: tuple[Violation, ...] = ()


def difference(before: Iterable[Violation], after: Iterable[Violation]) -> Difference:
    """Compare the breaches of a plan before and after a change, by `Violation.key`.

    A breach that shrinks without ending is in neither list, whatever its message says; a breach
    that becomes information has ended.
    """
    earlier, later = tuple(before), tuple(after)
    alerts = {breach.key: breach.measure for breach in earlier if breach.is_alert}
    known = {breach.key for breach in earlier}
    left = {breach.key for breach in later if breach.is_alert}
    return Difference(
        tuple(
            breach
            for breach in later
            if breach.is_alert and (breach.key not in alerts or breach.measure > alerts[breach.key])
        ),
        tuple(breach for breach in earlier if breach.is_alert and breach.key not in left),
        tuple(breach for breach in later if not breach.is_alert and breach.key not in known),
    )
