"""Groups of moves of a proposal: their effect on the plan of now, their acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass

import htpy
import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain.proposal_conditions import ONE_PIECE
from geozones.domain.terms import terms
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MadeMove, MoveView, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import change_lines
from geozones.workspace.proposals.packages import (
    PlanProposal,
    ProposedPackage,
    SortedPackages,
    needed_first,
    obstacle,
    package_now,
)
from geozones.workspace.study import Study

_INDEPENDENT = "Chaque groupe s'accepte seul, dans l'ordre que vous voulez."
_IN_ORDER = "Chaque groupe s'accepte seul ; celui qui en demande un autre d'abord le dit."


@dataclass(frozen=True)
class _Listed:
    """Packages of a proposal, by their numbers on screen, and the plan now."""

    found: SortedPackages
    now: Study

    @property
    def proposal(self) -> PlanProposal:
        """The proposal that they make."""
        return self.found.proposal

    def number(self, package: ProposedPackage) -> int:
        """Return the number of a package, from 1."""
        others = (one for one in self.proposal.packages if one not in self.found.proposed)
        return [*self.found.proposed, *others].index(package) + 1

    def named(self, packages: Sequence[ProposedPackage]) -> str:
        """Name packages by their numbers: ``le groupe 1``, ``les groupes 1 et 2``."""
        numbers = [str(self.number(one)) for one in packages]
        return f"{'le groupe' if len(numbers) == 1 else 'les groupes'} {listing(numbers)}"


def packages_list(found: SortedPackages) -> None:
    """List the packages proposed in their order; each can be accepted while it is still valid.

    Packages set aside come last, and can be restored.
    """
    listed = _Listed(found, current_scenario.study())
    waiting = [package for package in found.proposed if package in found.left]
    if len(found.proposed) > 1:
        alone = not any(
            needed_first(found.proposal, one, found.proposal.before) for one in found.proposed
        )
        html.show(html.note(_INDEPENDENT if alone else _IN_ORDER))
        _accept_all(found.proposal, waiting)
    with st.container(key="gz-proposed", gap=None):
        for package in found.proposed:
            if package not in found.aside:
                what, act = st.columns([2.2, 1], gap="small")
                hindrance = _hindrance(listed, package)
                with what:
                    note = html.note(hindrance) if hindrance else None
                    html.show(html.stack(_line(listed, package), note))
                with act:
                    _buttons(listed, package, may_accept=not hindrance)
    if found.aside:
        _aside(listed)


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


def _line(listed: _Listed, package: ProposedPackage) -> htpy.Element:
    """Return the description of a package: its moves and, until accepted, their effect now."""
    proposal = listed.proposal
    is_left = package not in listed.found.accepted
    now = package_now(proposal, package, listed.now) if is_left else None
    return htpy.div(".gz-step")[
        htpy.b[f"{listed.number(package)}."],
        " ",
        _going(proposal, package),
        _effect(listed, now) if now is not None else None,
    ]


def _effect(listed: _Listed, package: ProposedPackage) -> list[htpy.Node]:
    """Return the effect of a package on the plan as it is now, what gets worse first."""
    proposal = listed.proposal
    ends = proposal.ends_of(listed.now, package.moves)
    return [
        _published(proposal.published_of(package.moves)),
        [htpy.small[f"{sentence[0].upper()}{sentence[1:]}."] for sentence in ends],
        [
            htpy.small[f"Règle nouvellement ou davantage enfreinte : {breach.message}"]
            for breach in package.breaches
            if breach.rule != ONE_PIECE  # the line above says it
        ],
        htpy.small["Augmente le coût, mais vos conditions l'imposent."]
        if package.gain < 0 and package.is_asked
        else None,
        # the figures of a group alone are those of the proposal
        _change(package) if len(listed.found.proposed) > 1 else None,
    ]


def _change(package: ProposedPackage) -> htpy.Element:
    """Return the change that a package makes by itself: its verdict, folded over the figures."""
    change = package.change
    return htpy.details[htpy.summary[change.conclusion], change_lines(change)]


def _published(names: Sequence[str]) -> htpy.Element | None:
    """Return the warning that a package changes published sectors; ``None`` if it changes none."""
    if not names:
        return None
    sectors = "un secteur publié" if len(names) == 1 else "des secteurs publiés"
    return htpy.small(".gz-fragile")[
        htpy.b["Attention"], f" : change {sectors} : {listing(names)}."
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


def _hindrance(listed: _Listed, package: ProposedPackage) -> str:
    """Return why a package cannot be accepted yet, in French; empty if it can, or is accepted."""
    proposal, plan = listed.proposal, listed.now.plan
    why = "" if package in listed.found.accepted else obstacle(proposal, [package], plan)
    first = needed_first(proposal, package, plan) if why else ()
    return f"Ne peut être accepté qu'après {listed.named(first)}. {why}" if first else why


def _buttons(listed: _Listed, package: ProposedPackage, *, may_accept: bool) -> None:
    """Draw the buttons that accept a package and set it aside."""
    rank = listed.number(package) - 1
    if package in listed.found.accepted:
        html.show(htpy.p(".gz-done")["✓ accepté"])
        return
    if may_accept:
        st.button(
            "Accepter",
            key=f"propositions.accepter.{rank}",
            on_click=_accept,
            args=(listed.proposal, [package]),
            width="stretch",
        )
    st.button(
        "Écarter",
        type="tertiary",
        key=f"propositions.ecarter.{rank}",
        on_click=_set_aside,
        args=(package, True),
        width="stretch",
    )


def _accept(proposal: PlanProposal, packages: Sequence[ProposedPackage]) -> None:
    """Accept packages into the scenario as one step of its history."""
    if not current_scenario.accept(proposal, packages):
        return
    names = [proposal.study.name(lycee) for package in packages for lycee in package.lycees]
    e = terms().site.e
    verb = f"est déplacé{e}" if len(names) == 1 else f"sont déplacé{e}s"
    scenario = current_scenario.current().name
    answer = f"{listing(names)} {verb} dans « {scenario} »."
    made = MadeMove(answer, current_scenario.current().timeline.head)
    state.update(MoveView, done=made, detail=False)
    state.notify("ok", answer)
