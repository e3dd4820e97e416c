"""Packages of a proposal: effect of each, and their acceptance in any order or all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import htpy
import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain.proposal_rules import ONE_PIECE
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.robustness import robustness_note
from geozones.ui.state.carte_views import MadeMove, MoveView
from geozones.ui.state.proposal_views import ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.headline import headline_lines
from geozones.workspace.plan_comparison import GAINS
from geozones.workspace.proposals.accepting import needed_first, obstacle
from geozones.workspace.proposals.first_proposal import EQUIVALENTS
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage
from geozones.workspace.proposals.sorting import SortedPackages
from geozones.workspace.scenarios.open_scenario import Work

_INDEPENDENT = (
    "Chaque groupe de déplacements tient par lui-même : acceptez ceux que vous voulez, dans "
    "l'ordre que vous voulez. Annuler en reprend un d'un coup."
)
_IN_ORDER = (
    "Acceptez les groupes de déplacements que vous voulez ; un groupe qui en demande un autre "
    "d'abord le dit. Annuler en reprend un d'un coup."
)


@dataclass(frozen=True)
class _Listed:
    """Packages of a proposal, in the order of their numbers on screen."""

    packages: tuple[ProposedPackage, ...]
    found: SortedPackages

    @property
    def proposal(self) -> PlanProposal:
        """The proposal that they make."""
        return self.found.proposal

    def number(self, package: ProposedPackage) -> int:
        """Return the number of a package, from 1."""
        return self.packages.index(package) + 1

    def named(self, packages: Sequence[ProposedPackage]) -> str:
        """Name packages by their numbers: ``le groupe 1``, ``les groupes 1 et 2``."""
        numbers = [str(self.number(one)) for one in packages]
        return f"{'le groupe' if len(numbers) == 1 else 'les groupes'} {listing(numbers)}"


def packages_list(
    work: Work,
    found: SortedPackages,
    objective: str,
) -> None:
    """List the packages, the greatest gain first; each can be accepted while it is still valid.

    Those that are not proposed first are apart: the margin of error swallows their gain. Those set
    aside come last, and can be taken back.
    """
    proposal = found.proposal
    better = found.first if found.whole else proposal.better
    others = [package for package in proposal.packages if package not in better]
    if len(proposal.packages) > 1:
        alone = not any(needed_first(proposal, one, proposal.before) for one in proposal.packages)
        html.show(html.note(_INDEPENDENT if alone else _IN_ORDER))
    listed = _Listed((*better, *others), found)
    with st.container(key="gz-proposed", gap=None):
        for package in better:
            _package(work, listed, package, objective)
    _accept_all(proposal, [one for one in better if one in found.left])
    if any(package not in found.aside for package in others):
        html.show(html.subtitle(EQUIVALENTS))
        with st.container(key="gz-equivalent", gap=None):
            for package in others:
                _package(work, listed, package, objective)
    if not better:
        _accept_all(proposal, [one for one in others if one in found.left])
    if found.aside:
        _aside(listed)


def _package(work: Work, listed: _Listed, package: ProposedPackage, objective: str) -> None:
    if package in listed.found.aside:
        return
    with st.container(gap="xxsmall"):
        html.show(_line(listed, package, objective))
        _buttons(work, listed, package)


def _aside(listed: _Listed) -> None:
    """List the packages set aside; those that another one took along come back with it."""
    aside = listed.found.aside
    html.show(html.subtitle("Groupes écartés"))
    with st.container(key="gz-aside", gap=None):
        for package in sorted(aside, key=listed.number):
            with st.container(gap="xxsmall"):
                along = aside[package]
                note = f"Écarté avec {listed.named(along)}, dont il a besoin." if along else None
                html.show(
                    htpy.p(".gz-step")[
                        htpy.b[f"{listed.number(package)}."],
                        " ",
                        _going(listed.proposal, package),
                        note and htpy.small[note],
                    ]
                )
                if not along:
                    st.button(
                        html.unmarked(f"Reprendre le groupe {listed.number(package)}"),
                        icon=":material/undo:",
                        key=f"propositions.reprendre.{listed.number(package) - 1}",
                        on_click=_set_aside,
                        args=(package, False),
                    )


def _set_aside(package: ProposedPackage, aside: bool) -> None:  # noqa: FBT001 - argument of a button
    """Set a package aside, out of the list and of the map; or take it back."""
    held = state.of(ProposalView).aside
    kept = held | {package.moves} if aside else held - {package.moves}
    state.clear_notice()
    state.update(ProposalView, aside=kept)


def _accept_all(proposal: PlanProposal, waiting: Sequence[ProposedPackage]) -> None:
    if len(waiting) < 2:
        return
    count = sum(len(package.moves) for package in waiting)
    st.button(
        f"Accepter tout ({plural(count, 'déplacement')})",
        type="primary",
        icon=":material/done_all:",
        key="propositions.tout",
        on_click=_accept,
        args=(proposal, waiting),
        width="stretch",
    )


def _line(listed: _Listed, package: ProposedPackage, objective: str) -> htpy.Element:
    """Return the description of a package: its moves and their effect, what gets worse first."""
    proposal = listed.proposal
    ends = proposal.ends_of(package.moves)
    return htpy.p(".gz-step")[
        htpy.b[f"{listed.number(package)}."],
        " ",
        _going(proposal, package),
        [htpy.small[f"{sentence[0].upper()}{sentence[1:]}."] for sentence in ends],
        [
            htpy.small[f"Règle nouvellement ou davantage enfreinte : {breach.message}"]
            for breach in package.breaches
            if breach.rule != ONE_PIECE  # told by the line above
        ],
        headline_lines(package.changes, always=GAINS),
        htpy.small["Augmente le coût, mais vos conditions l'imposent."]
        if package.gain < 0
        else None,
        robustness_note(package.robustness, objective),
    ]


def _going(proposal: PlanProposal, package: ProposedPackage) -> list[htpy.Node]:
    """Return which lycées go where, a line a zone."""
    return [
        [htpy.br if at else None, _names(proposal, lycees), f" → {proposal.target_name(zone)}"]
        for at, (zone, lycees) in enumerate(package.by_target.items())
    ]


def _names(proposal: PlanProposal, lycees: Sequence[str]) -> list[htpy.Node]:
    """Return the names of lycées as a list in words; each links to its lycée on the map."""
    parts: list[htpy.Node] = []
    for at, lycee in enumerate(lycees):
        if at:
            parts.append(" et " if at == len(lycees) - 1 else ", ")
        parts.append(html.go(f"lycee:{lycee}", proposal.study.name(lycee)))
    return parts


def _buttons(work: Work, listed: _Listed, package: ProposedPackage) -> None:
    """Draw the buttons that accept a package and set it aside, or why it cannot be accepted yet."""
    proposal, rank = listed.proposal, listed.number(package) - 1
    if package in listed.found.accepted:
        html.show(htpy.p(".gz-done")["✓ accepté"])
        return
    why_not = obstacle(proposal, [package], work.plan)
    if why_not:
        first = needed_first(proposal, package, work.plan)
        if first:
            why_not = f"Ne peut être accepté qu'après {listed.named(first)}. {why_not}"
        html.show(html.note(why_not))
    with st.container(horizontal=True, gap="small"):
        if not why_not:
            st.button(
                "Accepter",
                key=f"propositions.accepter.{rank}",
                on_click=_accept,
                args=(proposal, [package]),
            )
        st.button(
            "Écarter",
            type="tertiary",
            key=f"propositions.ecarter.{rank}",
            on_click=_set_aside,
            args=(package, True),
        )


def _accept(proposal: PlanProposal, packages: Sequence[ProposedPackage]) -> None:
    """Accept packages into the scenario as one step of its history."""
    if not current_scenario.accept(proposal, packages):
        return
    names = [proposal.study.name(lycee) for package in packages for lycee in package.lycees]
    verb = "est déplacé" if len(names) == 1 else "sont déplacés"
    scenario = current_scenario.current().name
    answer = f"{listing(names)} {verb} dans « {scenario} »."
    made = MadeMove(answer, current_scenario.current().timeline.head)
    state.update(MoveView, done=made, detail=False)
    state.notify("ok", answer)
