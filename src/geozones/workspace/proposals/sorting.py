"""Packages of a proposal by what was made of them: accepted, set aside, left."""

from collections.abc import Collection
from dataclasses import dataclass

from geozones.domain import Plan
from geozones.workspace.proposals.accepting import is_accepted, needed_first
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage


@dataclass(frozen=True)
class SortedPackages:
    """Packages of a proposal by what was made of them.

    Parameters
    ----------
    first
        Those that are proposed first, as the others are equivalent to nothing.
    accepted
        Those that the plan has.
    left
        Those that are neither accepted nor set aside.
    aside
        Those that are set aside, each with the packages without which it cannot be accepted that
        took it along; with none, it was set aside by itself.
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
    """Sort packages by the current plan and by those set aside (their moves).

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
