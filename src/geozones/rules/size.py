"""Rules on the number of lycées of a zone, and on their average over a sector.

The source document asks for « moyenne de 3 à 5 lycées par zone de continuité »: the rule applies to
the average of a sector, not to a single zone.
"""

from dataclasses import replace

from geozones.common.french import number, plural
from geozones.domain import Plan
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, RuleScope, Severity, Violation


def _size(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    members = plan.members(zone)
    low, high = context.settings.zone_min, context.settings.zone_max
    if not members or low <= len(members) <= high:
        return ()
    few = len(members) < low
    said = f"La zone {plan.zone(zone).name} compte {plural(len(members), 'lycée')}"
    message = (
        f"{said} : c'est peu pour se remplacer (moyenne demandée : {low} à {high})."
        if few
        else f"{said}, plus que la moyenne demandée ({low} à {high})."
    )
    excess = low - len(members) if few else len(members) - high
    breach = SIZE.breach(zone, members, message, excess)
    return (breach if few else replace(breach, severity=Severity.INFO),)


def _average(plan: Plan, sector: str, context: RuleContext) -> tuple[Violation, ...]:
    sizes = [len(plan.members(zone.id)) for zone in plan.zones_of(sector)]
    zones = sum(size > 0 for size in sizes)
    low, high = context.settings.zone_min, context.settings.zone_max
    mean = sum(sizes) / zones if zones else None
    if mean is None or low <= mean <= high:
        return ()
    message = (
        f"Le secteur {plan.sector(sector).name} compte {plural(sum(sizes), 'lycée')} en "
        f"{plural(zones, 'zone')}, {number(mean, 0 if mean.is_integer() else 1)} en moyenne : "
        f"le document demande une moyenne de {low} à {high}."
    )
    return (AVERAGE.breach(sector, plan.lycees_of(sector), message, max(low - mean, mean - high)),)


def _empty(plan: Plan, zone: str, _: RuleContext) -> tuple[Violation, ...]:
    if plan.members(zone):
        return ()
    message = f"La zone {plan.zone(zone).name} n'a plus aucun lycée."
    return (EMPTY.breach(zone, (), message),)


SIZE = Rule("zone_size", Severity.WARNING, RuleOrigin.DOCUMENT, _size)
AVERAGE = Rule(
    "sector_average", Severity.WARNING, RuleOrigin.DOCUMENT, _average, scope=RuleScope.SECTOR
)
EMPTY = Rule("zone_empty", Severity.WARNING, RuleOrigin.TOOL, _empty)
