"""Packages of a proposal: effect of each, and their acceptance in any order or all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import htpy
import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain.proposal_rules import ONE_PIECE
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.robustness import robustness_note
from geozones.ui.widgets import html
from geozones.ui.widgets.headline import headline_lines
from geozones.workspace.plan_comparison import GAINS
from geozones.workspace.proposals.accepting import is_accepted, needed_first, obstacle
from geozones.workspace.proposals.first_proposal import EQUIVALENTS
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage
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

    proposal: PlanProposal
    packages: tuple[ProposedPackage, ...]

    def number(self, package: ProposedPackage) -> int:
        """Return the number of a package, from 1."""
        return self.packages.index(package) + 1


def packages_list(
    work: Work,
    proposal: PlanProposal,
    better: Sequence[ProposedPackage],
    objective: str,
) -> None:
    """List the packages, the greatest gain first; each can be accepted while it is still valid.

    Those that are not among the ``better`` ones are apart: the margin of error swallows their gain.
    """
    others = [package for package in proposal.packages if package not in better]
    if len(proposal.packages) > 1:
        alone = not any(needed_first(proposal, one, proposal.before) for one in proposal.packages)
        html.show(html.note(_INDEPENDENT if alone else _IN_ORDER))
    listed = _Listed(proposal, (*better, *others))
    with st.container(key="gz-proposed", gap=None):
        for package in better:
            _package(work, listed, package, objective)
    _accept_all(work, proposal, better)
    if not others:
        return
    html.show(html.subtitle(EQUIVALENTS))
    with st.container(key="gz-equivalent", gap=None):
        for package in others:
            _package(work, listed, package, objective)
    if not better:
        _accept_all(work, proposal, others)


def _package(work: Work, listed: _Listed, package: ProposedPackage, objective: str) -> None:
    with st.container(gap="xxsmall"):
        html.show(_line(listed, package, objective))
        _accept_button(work, listed, package)


def _accept_all(work: Work, proposal: PlanProposal, packages: Sequence[ProposedPackage]) -> None:
    waiting = [package for package in packages if not is_accepted(package, work.plan)]
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
    going = [
        [htpy.br if at else None, _names(proposal, lycees), f" → {proposal.target_name(zone)}"]
        for at, (zone, lycees) in enumerate(package.by_target.items())
    ]
    ends = proposal.ends_of(package.moves)
    return htpy.p(".gz-step")[
        htpy.b[f"{listed.number(package)}."],
        " ",
        going,
        [htpy.small[f"{sentence[0].upper()}{sentence[1:]}."] for sentence in ends],
        [
            htpy.small[f"Manquement nouveau ou aggravé : {breach.message}"]
            for breach in package.breaches
            if breach.rule != ONE_PIECE  # told by the line above
        ],
        headline_lines(package.changes, always=GAINS),
        htpy.small["Coûte plus : il est là pour vos conditions."] if package.gain < 0 else None,
        robustness_note(package.robustness, objective),
    ]


def _names(proposal: PlanProposal, lycees: Sequence[str]) -> list[htpy.Node]:
    """Return the names of lycées as a list in words; each links to its lycée on the map."""
    parts: list[htpy.Node] = []
    for at, lycee in enumerate(lycees):
        if at:
            parts.append(" et " if at == len(lycees) - 1 else ", ")
        parts.append(html.go(f"lycee:{lycee}", proposal.study.name(lycee)))
    return parts


def _accept_button(work: Work, listed: _Listed, package: ProposedPackage) -> None:
    proposal = listed.proposal
    if is_accepted(package, work.plan):
        html.show(htpy.p(".gz-done")["✓ accepté"])
        return
    why_not = obstacle(proposal, [package], work.plan)
    if why_not:
        first = [str(listed.number(one)) for one in needed_first(proposal, package, work.plan)]
        if first:
            groups = f"{'le groupe' if len(first) == 1 else 'les groupes'} {listing(first)}"
            why_not = f"Ne peut être accepté qu'après {groups}. {why_not}"
        html.show(html.note(why_not))
        return
    st.button(
        "Accepter",
        key=f"propositions.accepter.{listed.number(package) - 1}",
        on_click=_accept,
        args=(proposal, [package]),
    )


def _accept(proposal: PlanProposal, packages: Sequence[ProposedPackage]) -> None:
    """Accept packages into the scenario as one step of its history."""
    if not current_scenario.accept(proposal, packages):
        return
    names = [proposal.study.name(lycee) for package in packages for lycee in package.lycees]
    verb = "est déplacé" if len(names) == 1 else "sont déplacés"
    scenario = current_scenario.current().name
    state.notify("ok", f"{listing(names)} {verb} dans « {scenario} ».")
