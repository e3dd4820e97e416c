"""Breaches of a plan, those that a change introduces or resolves, and the verdict on a move."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from geozones.domain import Plan
from geozones.domain.decisions import Locks
from geozones.rules.rule_registry import (
    REGISTRY,
    Rule,
    RuleContext,
    RuleOrigin,
    RuleScope,
    Severity,
    Violation,
)


def check(plan: Plan, context: RuleContext) -> tuple[Violation, ...]:
    """Return every breach of a plan, rule by rule, then zone by zone or sector by sector."""
    return check_around(plan, (zone.id for zone in plan.zones), context)


def check_zones(
    plan: Plan, zones: Iterable[str], context: RuleContext, rules: Sequence[Rule] = REGISTRY
) -> tuple[Violation, ...]:
    """Return the breaches of some zones of a plan, without breaches of their whole sector."""
    order = tuple(zones)
    return tuple(
        breach
        for rule in rules
        if rule.scope is RuleScope.ZONE
        for breach in _broken(rule, plan, order, context)
    )


def check_sectors(
    plan: Plan, sectors: Iterable[str], context: RuleContext
) -> tuple[Violation, ...]:
    """Return the breaches of some sectors (ids) as wholes, without breaches of their zones."""
    order = tuple(sectors)
    return tuple(
        breach
        for rule in REGISTRY
        if rule.scope is RuleScope.SECTOR
        for breach in _broken(rule, plan, order, context)
    )


def check_around(plan: Plan, zones: Iterable[str], context: RuleContext) -> tuple[Violation, ...]:
    """Return the breaches of some zones and of their sectors: enough after a move."""
    order = tuple(zones)
    sectors = tuple(dict.fromkeys(plan.zone(zone_id).sector for zone_id in order))
    return tuple(
        breach
        for rule in REGISTRY
        for breach in _broken(
            rule, plan, order if rule.scope is RuleScope.ZONE else sectors, context
        )
    )


def _broken(
    rule: Rule, plan: Plan, places: Iterable[str], context: RuleContext
) -> Iterator[Violation]:
    """Yield the breaches of a rule, skipping the tool's rules if the settings leave them out.

    A forbidding rule is never left out: no plan that breaks it could be published.
    """
    settings = context.settings
    yours = rule.set_by is not None and rule.set_by(settings)
    for place in places:
        for breach in rule.check(rule, plan, place, context):
            owned = replace(breach, origin=RuleOrigin.YOURS) if yours else breach
            if (
                settings.tool_rules
                or owned.origin is not RuleOrigin.TOOL
                or owned.severity is Severity.FORBIDDEN
            ):
                yield owned


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
    """Difference between two checks, or two lists of points to watch."""

    #: Breaches « nouvelles ou aggravées »: their key is new, or their measure was smaller. Listed
    #: as after the change.
    introduced: tuple[B, ...]
    resolved: tuple[B, ...]  # Breaches « levées »: their key is gone. Listed as before the change.
    noted: tuple[B, ...] = ()  # New information: no alert, and no reason against the change.
    #: Those of ``introduced`` whose key was known: as before the change, and as after it.
    worsened: tuple[tuple[B, B], ...] = ()

    @property
    def new(self) -> tuple[B, ...]:
        """Those of ``introduced`` that are new: after = before + ``new`` - ``resolved``."""
        worse = {after.key for _, after in self.worsened}
        return tuple(breach for breach in self.introduced if breach.key not in worse)

    @property
    def more(self) -> int:
        """Change in the number of breaches; negative if there are fewer."""
        return len(self.new) - len(self.resolved)


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
    plan: Plan, lycee_id: str, zone_id: str, context: RuleContext, locks: Locks | None = None
) -> Verdict:
    """Judge a move before it happens; the verdict matches what ``check`` finds after it.

    A move that ``locks`` forbid is refused with their reason.
    """
    return may_move_all(plan, {lycee_id: zone_id}, context, locks)


def may_move_all(
    plan: Plan, moves: Mapping[str, str], context: RuleContext, locks: Locks | None = None
) -> Verdict:
    """Judge moves made at once (the zone that each lycée joins), as `may_move`."""
    going = {lycee: plan.zone(zone_id).id for lycee, zone_id in moves.items()}
    for lycee_id, zone_id in going.items():
        if plan.zone_of(lycee_id).id == zone_id:
            there = f"{context.name(lycee_id)} est déjà dans la zone {plan.zone(zone_id).name}."
            return Verdict(allowed=False, reasons=(there,))
    touched = touched_zones(plan, going)
    before = check_around(plan, touched, context)
    after = check_around(context.named(plan.move_all(going)), touched, context)
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
    plan: Plan, lycee_id: str, zone_id: str, context: RuleContext, locks: Locks | None = None
) -> bool:
    """Return whether `may_move` allows a move, without its reasons; raise the same errors."""
    return are_allowed(plan, {lycee_id: zone_id}, context, locks)


def are_allowed(
    plan: Plan, moves: Mapping[str, str], context: RuleContext, locks: Locks | None = None
) -> bool:
    """Return whether `may_move_all` allows moves made at once, without its reasons."""
    if any(
        plan.zone_of(lycee_id).id == plan.zone(zone_id).id for lycee_id, zone_id in moves.items()
    ):
        return False
    if _locked(plan, moves, context, locks):
        return False
    touched = touched_zones(plan, moves)
    after = check_zones(plan.move_all(moves), touched, context, _FORBIDDING)
    if not after:
        return True
    return not difference(check_zones(plan, touched, context, _FORBIDDING), after).introduced
