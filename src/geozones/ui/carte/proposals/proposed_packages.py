"""Packages of a proposal: effect of each, and their acceptance in any order or all at once."""

from collections.abc import Sequence
from math import isfinite

import htpy
import streamlit as st

from geozones.common.french import listing, plural
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.robustness import robustness_note
from geozones.ui.widgets import html
from geozones.ui.widgets.headline import headline_lines
from geozones.workspace.proposals.accepting import is_accepted, obstacle
from geozones.workspace.proposals.packages import PlanProposal, ProposedPackage, proposal_of
from geozones.workspace.proposals.search import PlanRequest, Point
from geozones.workspace.rankings import HOURS
from geozones.workspace.scenarios.open_scenario import Work

_INDEPENDENT = (
    "Chaque groupe de déplacements tient par lui-même : acceptez ceux que vous voulez, dans "
    "l'ordre que vous voulez. Annuler en reprend un d'un coup."
)


def packages_list(work: Work, asked: PlanRequest, point: Point) -> None:
    """List the packages, the greatest gain first; each can be accepted while it is still valid."""
    proposal = proposal_of(asked.study, point.result.plan, asked.options, asked.objective)
    packages = proposal.packages
    if len(packages) > 1:
        html.show(html.note(_INDEPENDENT))
    with st.container(key="gz-proposed", gap=None):
        for rank, package in enumerate(packages):
            with st.container(gap="xxsmall"):
                html.show(_line(proposal, package, rank, asked.objective))
                _accept_button(work, proposal, rank)
    waiting = [package for package in packages if not is_accepted(package, work.plan)]
    if len(waiting) > 1:
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


def _line(
    proposal: PlanProposal, package: ProposedPackage, rank: int, objective: str
) -> htpy.Element:
    """Return the description of a package: its moves and their effect."""
    going = [
        [htpy.br if at else None, _names(proposal, lycees), f" → {proposal.target_name(zone)}"]
        for at, (zone, lycees) in enumerate(package.by_target.items())
    ]
    ends = proposal.ends_of(package.moves)
    return htpy.p(".gz-step")[
        htpy.b[f"{rank + 1}."],
        " ",
        going,
        [htpy.small[f"{sentence[0].upper()}{sentence[1:]}."] for sentence in ends],
        [
            htpy.small[f"Manquement nouveau ou aggravé : {sentence}"]
            for sentence in package.breaches
        ],
        headline_lines(package.changes),
        _total(package, objective),
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


def _total(package: ProposedPackage, objective: str) -> htpy.Element | None:
    """Return the total effect of a package; ``None`` for a gain of less than an hour."""
    if package.gain < 0:
        return htpy.small["Au total, coûte plus : il est là pour vos conditions."]
    if objective != HOURS or not isfinite(package.gain) or round(package.gain) < 1:
        return None
    return htpy.small[f"Au total, {plural(round(package.gain), 'heure')} par an de moins."]


def _accept_button(work: Work, proposal: PlanProposal, rank: int) -> None:
    package = proposal.packages[rank]
    if is_accepted(package, work.plan):
        html.show(htpy.p(".gz-done")["✓ accepté"])
        return
    why_not = obstacle(proposal, [package], work.plan)
    if why_not:
        html.show(html.note(why_not))
        return
    st.button(
        "Accepter",
        key=f"propositions.accepter.{rank}",
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
