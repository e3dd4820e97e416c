"""Rule on the longest drive inside a zone."""

from itertools import combinations

from geozones.common.french import minutes
from geozones.domain import Plan, Settings
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, Severity, Violation


def _check(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    table = context.times.both_ways
    pairs = ((table[a][b], a, b) for a, b in combinations(plan.members(zone), 2))
    worst = max(pairs, key=lambda pair: pair[0], default=None)
    limit = context.settings.max_minutes
    if worst is None or worst[0] <= limit:
        return ()
    duration, first, second = worst
    message = (
        f"Dans la zone {plan.zone(zone).name}, {context.name(first)} et {context.name(second)} "
        f"sont à {minutes(duration)} l'un de l'autre (seuil : {minutes(limit)})."
    )
    return (RULE.breach(zone, (first, second), message, duration),)


def _chosen(settings: Settings) -> bool:
    return settings.max_minutes != Settings().max_minutes


RULE = Rule("zone_minutes", Severity.WARNING, RuleOrigin.TOOL, _check, set_by=_chosen)
