"""Breaches of a plan."""

from collections.abc import Iterable, Sequence

from geozones.domain import Plan
from geozones.rules.record import Rule, RuleContext, Violation
from geozones.rules.registry import REGISTRY


def check(plan: Plan, context: RuleContext) -> tuple[Violation, ...]:
    """Return every breach of a plan, rule by rule, then zone by zone."""
    return check_zones(plan, (zone.id for zone in plan.zones), context)


def check_zones(
    plan: Plan, zones: Iterable[str], context: RuleContext, rules: Sequence[Rule] = REGISTRY
) -> tuple[Violation, ...]:
    """Return the breaches of some zones of a plan: enough after a move, which touches two."""
    order = tuple(zones)
    return tuple(
        violation
        for rule in rules
        for zone in order
        for violation in rule.check(plan, zone, context)
    )
