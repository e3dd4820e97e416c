"""Number of lycées of a zone."""

from geozones.common.french import plural
from geozones.domain import Plan
from geozones.rules.record import Rule, RuleContext, Severity, Violation


def _size(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    members = plan.members(zone)
    low, high = context.settings.zone_min, context.settings.zone_max
    if not members or low <= len(members) <= high:
        return ()
    excess = max(low - len(members), len(members) - high)
    message = (
        f"La zone {plan.zone(zone).name} compte {plural(len(members), 'lycée')} : "
        f"une zone de continuité en réunit {low} à {high}."
    )
    return (Violation(SIZE.key, SIZE.severity, zone, members, message, excess),)


def _empty(plan: Plan, zone: str, _: RuleContext) -> tuple[Violation, ...]:
    if plan.members(zone):
        return ()
    message = f"La zone {plan.zone(zone).name} n'a plus aucun lycée."
    return (Violation(EMPTY.key, EMPTY.severity, zone, (), message),)


SIZE = Rule("zone_size", Severity.WARNING, _size)
EMPTY = Rule("zone_empty", Severity.WARNING, _empty)
