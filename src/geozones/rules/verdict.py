"""Verdict on moving a lycée to a zone."""

from dataclasses import dataclass

from geozones.domain import Plan
from geozones.domain.locks import Locks
from geozones.rules.check import check_around, check_zones
from geozones.rules.difference import difference
from geozones.rules.rule import RuleContext, Severity, Violation
from geozones.rules.rule_registry import REGISTRY

_FORBIDDING = tuple(rule for rule in REGISTRY if rule.severity is Severity.FORBIDDEN)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Verdict on a move, with its reasons in words.

    ``reasons`` are sentences; ``introduced`` and ``resolved`` come from `difference`, and
    ``remarks`` are the sentences of its ``noted``.
    """

    allowed: bool
    reasons: tuple[str, ...]
    introduced: tuple[Violation, ...] = ()
    resolved: tuple[Violation, ...] = ()
    remarks: tuple[str, ...] = ()


def may_move(
    plan: Plan, lycee: str, zone: str, context: RuleContext, locks: Locks | None = None
) -> Verdict:
    """Judge a move before it happens; the verdict matches what ``check`` finds after it.

    A move that ``locks`` forbid is refused with their reason.

    Raises
    ------
    UnknownLyceeError, UnknownZoneError
        If the plan has no such lycée or zone.
    """
    origin = plan.zone_of(lycee)
    target = plan.zone(zone)
    if origin.id == target.id:
        return Verdict(
            allowed=False,
            reasons=(f"{context.name(lycee)} est déjà dans la zone {target.name}.",),
        )
    touched = (origin.id, target.id)
    before = check_around(plan, touched, context)
    after = check_around(plan.move(lycee, zone), touched, context)
    change = difference(before, after)
    introduced = change.introduced
    allowed = all(breach.severity is not Severity.FORBIDDEN for breach in introduced)
    reasons = tuple(breach.message for breach in introduced)
    locked = None if locks is None else locks.refusal(plan, lycee, zone, context.name)
    if locked is not None:
        return Verdict(allowed=False, reasons=(locked, *reasons), introduced=introduced)
    remarks = tuple(breach.message for breach in change.noted)
    return Verdict(allowed, reasons, introduced, change.resolved, remarks)


def is_allowed(
    plan: Plan, lycee: str, zone: str, context: RuleContext, locks: Locks | None = None
) -> bool:
    """Return whether `may_move` allows a move, without its reasons; raise the same errors."""
    origin = plan.zone_of(lycee).id
    if origin == plan.zone(zone).id:
        return False
    if locks is not None and locks.refusal(plan, lycee, zone) is not None:
        return False
    touched = (origin, zone)
    after = check_zones(plan.move(lycee, zone), touched, context, _FORBIDDING)
    if not after:
        return True
    return not difference(check_zones(plan, touched, context, _FORBIDDING), after).introduced
