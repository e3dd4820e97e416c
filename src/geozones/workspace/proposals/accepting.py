"""Acceptance of packages on a plan that may have changed: accepted, set aside, left."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import combinations

from geozones.common.french import listing
from geozones.domain import Plan
from geozones.domain.events import State
from geozones.domain.events.zone_events import RedrawZones
from geozones.domain.terms import terms
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage, moves_of

#: Most packages looked for that another one needs.
_MOST_NEEDED = 2


def is_accepted(package: ProposedPackage, plan: Plan) -> bool:
    """Tell whether every lycée of a package is already in its target zone."""
    return all(plan.zone_by_lycee.get(lycee) == target for lycee, _, target in package.moves)


def obstacle(proposal: PlanProposal, packages: Sequence[ProposedPackage], plan: Plan) -> str:
    """Return why packages can no longer be accepted on a plan, in French; empty if they can.

    The packages are accepted all together. If only other packages of the same proposal have changed
    the plan, their zones are never an obstacle; a total of the sector may be one, which another
    package lowers (`needed_first`).
    """
    moves = moves_of(packages)
    elsewhere = [
        proposal.study.name(lycee)
        for lycee, ends in moves.items()
        if plan.zone_by_lycee.get(lycee) not in ends
    ]
    if elsewhere:
        verb = "a bougé" if len(elsewhere) == 1 else "ont bougé"
        return f"{listing(elsewhere)} {verb} depuis."
    known = {zone.id for zone in plan.zones}
    for _, target in moves.values():
        if target not in known and target not in proposal.created:
            return f"La zone {proposal.after.zone(target).name} n'existe plus."
    there = {lycee: target for lycee, (_, target) in moves.items()}
    return _fault(proposal, moves, plan) or proposal.totals.broken(plan, there)


def needed_first(
    proposal: PlanProposal, package: ProposedPackage, plan: Plan
) -> tuple[ProposedPackage, ...]:
    """Return the fewest packages without which a package cannot be accepted on a plan.

    Empty if the package can be accepted, or if no other package helps.
    """
    if not obstacle(proposal, [package], plan):
        return ()
    others = [one for one in proposal.packages if one != package and not is_accepted(one, plan)]
    for count in range(1, min(len(others), _MOST_NEEDED) + 1):
        for first in combinations(others, count):
            if not obstacle(proposal, first, plan) and not obstacle(
                proposal, (*first, package), plan
            ):
                return first
    return ()


def _fault(proposal: PlanProposal, moves: dict[str, tuple[str, str]], plan: Plan) -> str:
    """Return what would be wrong with the zones that moves touch; empty if nothing."""
    touched = dict.fromkeys(zone for ends in moves.values() for zone in ends)
    there = {lycee: ends[1] for lycee, ends in moves.items()}
    for zone in touched:
        held = plan.members(zone) if plan.has_zone(zone) else ()
        staying = {lycee for lycee in held if there.get(lycee, zone) == zone}
        members = sorted(staying.union(lycee for lycee, to in there.items() if to == zone))
        unknown = set(members).difference(proposal.after.zone_by_lycee)
        if unknown:
            return (
                f"La zone {proposal.after.zone(zone).name} a reçu {terms().site.a} depuis : "
                "relancez la recherche."
            )
        fault = proposal.holding.fault(zone, tuple(members))
        if fault:
            return f"Le plan a changé depuis. {fault}"
    return ""


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
    """Packages of a proposal by their state: accepted, set aside, left.

    Parameters
    ----------
    first
        Packages proposed first: those whose gain exceeds the margin of error, if there are some.
    accepted
        Packages that the plan contains.
    left
        Packages that are neither accepted nor set aside.
    aside
        Packages set aside, each with the packages that it needs and that were set aside before it;
        none if the user set it aside itself.
    whole
        Whether all packages are proposed first, equivalent or not.
    """

    proposal: PlanProposal
    first: tuple[ProposedPackage, ...]
    accepted: tuple[ProposedPackage, ...]
    left: tuple[ProposedPackage, ...]
    aside: dict[ProposedPackage, tuple[ProposedPackage, ...]]
    whole: bool = False

    @property
    def before(self) -> Plan:
        """The plan searched from, with the packages accepted."""
        return self.proposal.plan_with(self.accepted)

    @property
    def after(self) -> Plan:
        """The same plan with the packages proposed first that are left."""
        return self.proposal.plan_with((*self.accepted, *self.shown))

    @property
    def shown(self) -> tuple[ProposedPackage, ...]:
        """The packages proposed first that are left: those that the map shows."""
        return tuple(package for package in self.left if package in self.first)


def sort_packages(
    proposal: PlanProposal, set_aside: Collection[object], plan: Plan, *, whole: bool = False
) -> SortedPackages:
    """Sort packages by state, from the current plan and the moves of the packages set aside.

    The better ones are proposed first, if there are some, or all with ``whole``. A package that
    cannot be accepted without one set aside goes with it.
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
    first = proposal.packages if whole else proposal.better or proposal.packages
    return SortedPackages(proposal, first, accepted, tuple(waiting), aside, whole)
