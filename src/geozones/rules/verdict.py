"""Verdict on moving a lycée to a zone."""

from collections.abc import Mapping
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

    @property
    def refusal(self) -> str:
        """Return the sentence of the lock or of the rule that refuses a move; empty if allowed."""
        if self.allowed:
            return ""
        forbidden = (b.message for b in self.introduced if b.severity is Severity.FORBIDDEN)
        return next(forbidden, self.reasons[0])


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
    return may_move_all(plan, {lycee: zone}, context, locks)


def may_move_all(
    plan: Plan, moves: Mapping[str, str], context: RuleContext, locks: Locks | None = None
) -> Verdict:
    """Judge moves made at once (the zone that each lycée joins), as `may_move`."""
    going = {lycee: plan.zone(zone).id for lycee, zone in moves.items()}
    for lycee, zone in going.items():
        if plan.zone_of(lycee).id == zone:
            there = f"{context.name(lycee)} est déjà dans la zone {plan.zone(zone).name}."
            return Verdict(allowed=False, reasons=(there,))
    touched = touched_zones(plan, going)
    before = check_around(plan, touched, context)
    after = check_around(plan.move_all(going), touched, context)
    change = difference(before, after)
    introduced = change.introduced
    allowed = all(breach.severity is not Severity.FORBIDDEN for breach in introduced)
    reasons = tuple(breach.message for breach in introduced)
    locked = _locked(plan, going, context, locks)
    if locked:
        return Verdict(allowed=False, reasons=(*locked, *reasons), introduced=introduced)
    remarks = tuple(breach.message for breach in change.noted)
    return Verdict(allowed, reasons, introduced, change.resolved, remarks)


def touched_zones(plan: Plan, moves: Mapping[str, str]) -> tuple[str, ...]:
    """Return the zones (ids) that moves touch: those left first."""
    return tuple(dict.fromkeys([*map(plan.zone_by_lycee.__getitem__, moves), *moves.values()]))


def _locked(
    plan: Plan, moves: Mapping[str, str], context: RuleContext, locks: Locks | None
) -> tuple[str, ...]:
    """Return why locks refuse some moves, each reason once."""
    if locks is None:
        return ()
    refusals = (locks.refusal(plan, lycee, zone, context.name) for lycee, zone in moves.items())
    return tuple(dict.fromkeys(refusal for refusal in refusals if refusal is not None))


def is_allowed(
    plan: Plan, lycee: str, zone: str, context: RuleContext, locks: Locks | None = None
) -> bool:
    """Return whether `may_move` allows a move, without its reasons; raise the same errors."""
    return are_allowed(plan, {lycee: zone}, context, locks)


def are_allowed(
    plan: Plan, moves: Mapping[str, str], context: RuleContext, locks: Locks | None = None
) -> bool:
    """Return whether `may_move_all` allows moves made at once, without its reasons."""
    if any(plan.zone_of(lycee).id == plan.zone(zone).id for lycee, zone in moves.items()):
        return False
    if _locked(plan, moves, context, locks):
        return False
    touched = touched_zones(plan, moves)
    after = check_zones(plan.move_all(moves), touched, context, _FORBIDDING)
    if not after:
        return True
    return not difference(check_zones(plan, touched, context, _FORBIDDING), after).introduced
