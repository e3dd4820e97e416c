"""Rule that a zone is in one piece on the map."""

from geozones.common.french import listing, of
from geozones.domain import Plan
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, Severity, Violation
from geozones.territory.shapes import parts_cut_off


def _check(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    parts = parts_cut_off(context.neighbours, plan.members(zone))
    if not parts:
        return ()
    main, *others = parts
    cut = tuple(lycee for part in others for lycee in part)
    names = listing([context.name(lycee) for lycee in cut])
    message = (
        f"La zone {plan.zone(zone).name} est en {len(parts)} morceaux sur la carte : "
        f"{names} {'est coupé' if len(cut) == 1 else 'sont coupés'} "
        f"{of(listing([context.name(lycee) for lycee in main]))}."
    )
    return (RULE.breach(zone, cut, message, len(parts)),)


RULE = Rule("zone_in_one_piece", Severity.WARNING, RuleOrigin.TOOL, _check)
