"""Acceptance of packages on a plan that may have changed: accepted, set aside, left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from geozones.domain import Plan
from geozones.domain.events import State
from geozones.domain.events.zone_events import RedrawZones
from geozones.workspace.proposals.packages import (
    PlanProposal,
    ProposedPackage,
    is_accepted,
    moves_of,
    needed_first,
)


def event_of(
    proposal: PlanProposal, packages: Sequence[ProposedPackage], state: State
) -> dict[str, object]:
    """Return the data of the one event (``redraw``) that accepts packages in a scenario's state.

    The event creates the zones that the packages need and the state lacks, and removes the zones
    that the proposal empties once they have neither lycée nor post.
    """
    plan, moves = state.plan, moves_of(packages)
    known = {zone.id for zone in plan.zones}
    targets = dict.fromkeys(target for _, target in moves.values())
    created = tuple(proposal.created[zone] for zone in targets if zone not in known)
    going = {
        lycee: target for lycee, (_, target) in moves.items() if plan.zone_by_lycee[lycee] != target
    }
    emptied = tuple(
        zone
        for zone in dict.fromkeys(origin for origin, _ in moves.values())
        if zone in known
        and not proposal.after.members(zone)
        and all(going.get(lycee, zone) != zone for lycee in plan.members(zone))
        and not state.teams.of_zone(zone)
    )
    return RedrawZones.data_of(created, going, emptied)


@dataclass(frozen=True)
class SortedPackages:
    """Packages of a proposal by their state: accepted, set aside, left."""

    proposal: PlanProposal
    #: Packages proposed, in the order of their numbers: all, or those whose gain exceeds the margin
    #: of error, if there are some.
    proposed: tuple[ProposedPackage, ...]
    accepted: tuple[ProposedPackage, ...]  # Packages that the plan contains.
    left: tuple[ProposedPackage, ...]  # Packages that are neither accepted nor set aside.
    #: Packages set aside, each with the packages that it needs and that were set aside before it;
    #: none if the user set it aside itself.
    aside: dict[ProposedPackage, tuple[ProposedPackage, ...]]

    @property
    def before(self) -> Plan:
        """The plan searched from, with the packages accepted."""
        return self.proposal.plan_with(self.accepted)

    @property
    def after(self) -> Plan:
        """The same plan with the packages proposed that are left."""
        return self.proposal.plan_with((*self.accepted, *self.shown))

    @property
    def shown(self) -> tuple[ProposedPackage, ...]:
        """The packages proposed that are left: those that the map shows."""
        return tuple(package for package in self.left if package in self.proposed)


def sort_packages(
    proposal: PlanProposal, set_aside: Collection[object], plan: Plan, *, whole: bool = False
) -> SortedPackages:
    """Sort packages by state, from the current plan and the moves of the packages set aside.

    The better ones are proposed, if there are some, or all with ``whole``. A package that cannot
    be accepted without one set aside goes with it.
    """
    accepted = tuple(one for one in proposal.packages if is_accepted(one, plan))
    others = [one for one in proposal.packages if one not in accepted]
    aside: dict[ProposedPackage, tuple[ProposedPackage, ...]] = {
        one: () for one in others if one.moves in set_aside
    }
    waiting = [one for one in others if one not in aside]
    needs = {one: needed_first(proposal, one, plan) for one in waiting} if aside else {}
    while along := [one for one in waiting if any(need in aside for need in needs.get(one, ()))]:
        aside |= {one: tuple(need for need in needs[one] if need in aside) for one in along}
        waiting = [one for one in waiting if one not in aside]
    proposed = proposal.packages if whole else proposal.better or proposal.packages
    return SortedPackages(proposal, proposed, accepted, tuple(waiting), aside)
