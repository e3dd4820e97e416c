"""Breaches of a plan."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from geozones.domain import Plan
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, RuleScope, Severity, Violation
from geozones.rules.rule_registry import REGISTRY


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


def check_around(
    plan: Plan, zones: Iterable[str], context: RuleContext, rules: Sequence[Rule] = REGISTRY
) -> tuple[Violation, ...]:
    """Return the breaches of some zones and of their sectors: enough after a move."""
    order = tuple(zones)
    sectors = tuple(dict.fromkeys(plan.zone(zone).sector for zone in order))
    return tuple(
        breach
        for rule in rules
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
