"""A proposal: its figures and proof, its packages, how robust each is, their acceptance."""

from collections.abc import Sequence
from dataclasses import dataclass

import htpy
import streamlit as st

from geozones.common.french import listing, number, of, plural
from geozones.domain import DecisionStatus, Plan, Sector
from geozones.domain.proposal_conditions import ONE_PIECE
from geozones.domain.terms import terms, worded
from geozones.metrics.judgement import ChangeVerdict, Robustness
from geozones.metrics.metric import Metric, MetricPlace
from geozones.metrics.metric_changes import compare
from geozones.metrics.metric_registry import metric, shown_in
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MadeMove, MoveView, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import change_lines, change_table
from geozones.workspace.plan_comparison import plan_change
from geozones.workspace.proposals.accepting import SortedPackages
from geozones.workspace.proposals.packages import (
    PlanProposal,
    ProposedPackage,
    needed_first,
    obstacle,
    package_now,
)
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.search import (
    EQUIVALENTS,
    PlanRequest,
    Point,
    sufficient_moves,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import DRAWN, UNITS, robustness_of
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import post_sentences

_KINDS = {
    ChangeVerdict.SOLID: "gz-better",
    ChangeVerdict.FRAGILE: "gz-fragile",
    ChangeVerdict.EQUIVALENT: "gz-same",
    ChangeVerdict.WORSE: "gz-worse",
    ChangeVerdict.NOT_COMPARABLE: "gz-same",
}


def robustness_line(found: Robustness, objective: str) -> htpy.Element:
    """Return how a whole proposal compares with today's plan over the draws."""
    return html.sentence(
        f"Par rapport au plan d'aujourd'hui, en tirant au sort {worded(DRAWN[objective])} : ",
        htpy.strong(class_=_KINDS[found.verdict])[found.text(UNITS[objective])],
        ".",
    )


def robustness_note(found: Robustness, objective: str) -> htpy.Element:
    """Return the same comparison for a package, in small letters."""
    word, _, rest = found.text(UNITS[objective]).partition(" : ")
    head = htpy.b[f"{word[0].upper()}{word[1:]}"]
    return htpy.small(class_=_KINDS[found.verdict])[head, f" : {rest}" if rest else None, "."]


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
    """Packages of a proposal, in the order of their numbers on screen, and the plan now."""

    packages: tuple[ProposedPackage, ...]
    found: SortedPackages
    now: Study

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


def packages_list(found: SortedPackages, objective: str) -> None:
    """List the packages in their order; each can be accepted while it is still valid.

    Packages whose gain is within the margin of error are listed apart. Packages set aside come
    last, and can be restored.
    """
    proposal = found.proposal
    better = proposal.better
    others = [package for package in proposal.packages if package not in better]
    if len(proposal.packages) > 1:
        alone = not any(needed_first(proposal, one, proposal.before) for one in proposal.packages)
        html.show(html.note(_INDEPENDENT if alone else _IN_ORDER))
    listed = _Listed((*better, *others), found, current_scenario.study())
    with st.container(key="gz-proposed", gap=None):
        for package in better:
            _package(listed, package, objective)
    _accept_all(proposal, [one for one in better if one in found.left])
    if any(package not in found.aside for package in others):
        html.show(html.subtitle(EQUIVALENTS))
        with st.container(key="gz-equivalent", gap=None):
            for package in others:
                _package(listed, package, objective)
    if not better:
        _accept_all(proposal, [one for one in others if one in found.left])
    if found.aside:
        _aside(listed)


def _package(listed: _Listed, package: ProposedPackage, objective: str) -> None:
    if package in listed.found.aside:
        return
    with st.container(gap="xxsmall"):
        html.show(_line(listed, package, objective))
        _buttons(listed, package)


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
    """Return the description of a package: its moves and, until accepted, their effect now."""
    proposal = listed.proposal
    is_left = package not in listed.found.accepted
    now = package_now(proposal, package, listed.now) if is_left else None
    return htpy.p(".gz-step")[
        htpy.b[f"{listed.number(package)}."],
        " ",
        _going(proposal, package),
        _effect(listed, now, objective) if now is not None else None,
    ]


def _effect(listed: _Listed, package: ProposedPackage, objective: str) -> list[htpy.Node]:
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
        change_lines(package.change),
        htpy.small["Augmente le coût, mais vos conditions l'imposent."]
        if package.gain < 0 and package.is_asked
        else None,
        robustness_note(package.robustness, objective)
        if package.change.judgement is not None
        else htpy.small(".gz-same")[package.change.conclusion],
    ]


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


def _buttons(listed: _Listed, package: ProposedPackage) -> None:
    """Draw the buttons that accept a package and set it aside, or why it cannot be accepted yet."""
    proposal, rank, plan = listed.proposal, listed.number(package) - 1, listed.now.plan
    if package in listed.found.accepted:
        html.show(htpy.p(".gz-done")["✓ accepté"])
        return
    why_not = obstacle(proposal, [package], plan)
    if why_not:
        first = needed_first(proposal, package, plan)
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
    e = terms().site.e
    verb = f"est déplacé{e}" if len(names) == 1 else f"sont déplacé{e}s"
    scenario = current_scenario.current().name
    answer = f"{listing(names)} {verb} dans « {scenario} »."
    made = MadeMove(answer, current_scenario.current().timeline.head)
    state.update(MoveView, done=made, detail=False)
    state.notify("ok", answer)


def conclusion(asked: PlanRequest, plan: Plan) -> htpy.Element:
    """Return how often a plan shown gains, over the draws; or that its posts forbid a verdict."""
    change = plan_change(asked.study, asked.study.with_plan(plan))
    if change.judgement is None:
        return html.sentence(htpy.strong[change.posts], f" {change.conclusion}")
    return robustness_line(robustness_of(asked.study, plan, asked.objective), asked.objective)


def figures_table(asked: PlanRequest, plan: Plan, proof: str) -> htpy.Element:
    """Return the figures of a plan shown, and the sentence on the ``proof`` of its point."""
    searched = asked.study
    after = searched.with_plan(plan)
    return html.stack(
        change_table(plan_change(searched, after)),
        *map(html.sentence, post_sentences(searched, after)),
        html.sentence(htpy.strong[proof]),
    )


def _moved(asked: PlanRequest, plan: Plan) -> int:
    return len(plan.moves_from(asked.study.plan))


def breaches(asked: PlanRequest, plan: Plan) -> htpy.Element | None:
    """Return the rules that a plan newly breaks, or breaks worse than the plan searched from."""
    anew = made_anew(asked.study, plan)
    if not anew:
        return None
    count_text = plural(
        len(anew),
        "manquement aux règles, nouveau ou aggravé",
        "manquements aux règles, nouveaux ou aggravés",
    )
    return html.stack(
        html.sentence(htpy.strong[f"{count_text} :"]),
        html.bullets([breach.message for breach in anew], "gz-alerts"),
    )


def proof(point: Point, *, last: bool) -> str:
    """Return the sentence on the proof of a point; ``last``: the end of a complete curve."""
    if point.result.status.value != "optimal":
        gap = number(100 * point.result.gap, 1)
        return f"Pas encore prouvé : un autre plan gagnerait {gap} % de plus au maximum."
    if last:
        return (
            "Prouvé : sous ces conditions, aucun plan ne fait mieux, même en plus de déplacements."
        )
    allowed = plural(point.moves, "déplacement")
    return f"Prouvé : sous ces conditions, aucun plan à {allowed} au plus ne fait mieux."


def enough(asked: PlanRequest, first: Point, best: Point) -> htpy.Element | None:
    """Return the sentence on the number of moves that suffice; ``None`` if the best plan needs all.

    ``first`` is the point shown first, ``best`` the last point.
    """
    count = sufficient_moves(asked.study, asked.options, first.result, asked.objective)
    text = sufficient_sentence(count, len(best.result.moves))
    return html.sentence(htpy.strong[text]) if text else None


def zones_table(
    study: Study, before: Plan, after: Plan, sectors: list[Sector]
) -> htpy.Element | None:
    """Return the zones that change, all of them in a draft: lycées, mean, worst drive."""
    rows, drafted = [], all(sector.is_draft for sector in sectors)
    for sector in sectors:
        for zone in after.zones_of(sector.id):
            old = before.members(zone.id) if before.has_zone(zone.id) else ()
            new = after.members(zone.id)
            if not old and not new:
                continue
            if old == new and not drafted:
                continue
            rows.append(_zone_row(study, zone.name, old, new))
    if not rows:
        return None
    heads = ("Zone", *(record.narrow for record in _records()))
    caption = "Avant → après, par zone"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))


def _zone_row(
    study: Study, name: str, old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[str, ...]:
    before, after = (study.evaluator.members(members) for members in (old, new))
    return (name, *(change.arrow() for change in compare(_records(), before, after)))


def _records() -> tuple[Metric, ...]:
    return (metric("lycees"), *shown_in(MetricPlace.SUMMARY))


def title(asked: PlanRequest, plan: Plan, sectors: list[Sector]) -> htpy.Element:
    """Return the heading of a plan, with the draft badge if the whole scope is draft."""
    is_draft = sectors and all(sector.is_draft for sector in sectors)
    badge = [" ", html.pill(DecisionStatus.DRAFT)] if is_draft else None
    count = _moved(asked, plan)
    text = f"Proposition {of(plural(count, 'déplacement'))}" if count else "Aucun déplacement"
    return html.subtitle(text, badge)
