"""Rules on lycées that leave their sector, and on support centres, which must not."""

from dataclasses import replace

from geozones.domain import Plan
from geozones.rules.rule import Rule, RuleContext, RuleOrigin, Severity, Violation


def _left(plan: Plan, zone: str, context: RuleContext) -> list[str]:
    """Return the lycées of a zone that are in another sector in the reference plan."""
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

    def breach(lycee: str) -> Violation:
        left = context.reference.sector_of(lycee)
        message = (
            f"{context.name(lycee)} change de secteur : du secteur {left.name} au secteur "
            f"{target.name}{leader}."
        )
        # a draft is the tool's: the Région did not put the lycée there
        origin = RuleOrigin.TOOL if left.is_draft else RuleOrigin.DOCUMENT
        told = CHANGE.breach(zone, (lycee,), message)
        return replace(told, origin=origin, per_lycee=True)

    return tuple(breach(lycee) for lycee in _left(plan, zone, context))


def _centre(plan: Plan, zone: str, context: RuleContext) -> tuple[Violation, ...]:
    sector = plan.zone(zone).sector
    return tuple(
        replace(
            CENTRE.breach(
                zone,
                (owner.support_centre,),
                f"{context.name(owner.support_centre)} est le centre support du secteur "
                f"{owner.name} : il doit rester dans ce secteur.",
            ),
            per_lycee=True,
        )
        for owner in plan.sectors
        if owner.id != sector
        and owner.support_centre is not None
        and plan.zone_by_lycee.get(owner.support_centre) == zone
    )


CHANGE = Rule("sector_change", Severity.WARNING, RuleOrigin.DOCUMENT, _change)
CENTRE = Rule("support_centre", Severity.FORBIDDEN, RuleOrigin.DOCUMENT, _centre)
