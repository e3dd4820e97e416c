"""Lycées that leave their sector, and support centres that must not."""

from geozones.domain import Plan
from geozones.rules.record import Rule, RuleContext, Severity, Violation


def _left(plan: Plan, zone: str, context: RuleContext) -> list[str]:
    """Lycées of a zone that the reference plan has in another sector."""
    sector = plan.zone(zone).sector
    return [
        lycee
        for lycee in plan.members(zone)
        if lycee in context.reference.zone_by_lycee
        and context.reference.sector_of(lycee).id != sector
    ]


def _change(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    target = plan.sector(plan.zone(zone).sector)
    leader = f", RNS {target.rns}" if target.rns else " (RNS non publié)"
    return tuple(
        Violation(
            CHANGE.key,
            CHANGE.severity,
            zone,
            (lycee,),
            f"{context.name(lycee)} change de secteur : du secteur "
            f"{context.reference.sector_of(lycee).name} au secteur {target.name}{leader}.",
            per_lycee=True,
        )
        for lycee in _left(plan, zone, context)
    )


def _centre(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    sector = plan.zone(zone).sector
    return tuple(
        Violation(
            CENTRE.key,
            CENTRE.severity,
            zone,
            (owner.support_centre,),
            f"{context.name(owner.support_centre)} est le centre support du secteur "
            f"{owner.name} : il doit rester dans ce secteur.",
            per_lycee=True,
        )
        for owner in plan.sectors
        if owner.id != sector
        and owner.support_centre is not None
        and plan.zone_by_lycee.get(owner.support_centre) == zone
    )


CHANGE = Rule("sector_change", Severity.WARNING, _change)
CENTRE = Rule("support_centre", Severity.FORBIDDEN, _centre)
