"""Preview of a proposal of posts, before it is adopted."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import htpy
import streamlit as st

from geozones.common.french import minutes
from geozones.domain.teams import Post
from geozones.domain.terms import terms, worded
from geozones.ui.equipes.team_grid import week_by_lycee, week_by_post
from geozones.ui.widgets import html
from geozones.workspace.teams.search import with_proposals
from geozones.workspace.teams.staff import Staff

if TYPE_CHECKING:
    from geozones.workspace.teams.search import PostsProposal


def preview(staff: Staff, proposals: Sequence["PostsProposal"]) -> None:
    """Show each zone now and after, the exceptions with their reasons, and the new week."""
    done = [proposal for proposal in proposals if proposal.levels]
    if not done:
        return
    after = replace(staff, study=staff.study.with_teams(with_proposals(staff.people, done)))
    html.show(_changes(staff, after, done))
    exceptions = [
        sentence for proposal in done for sentence in exception_sentences(after, proposal)
    ]
    if exceptions:
        heading = html.subtitle("Exceptions aux postes partagés", heading=htpy.h3)
        html.show(htpy.fragment[heading, html.bullets(exceptions, "gz-steps")])
    if len(done) == 1:
        with st.expander("La semaine proposée"):
            html.show(week_by_post(after, done[0].zone))
            html.show(week_by_lycee(after, done[0].zone))


def _changes(staff: Staff, after: Staff, done: Sequence["PostsProposal"]) -> htpy.Element:
    rows = []
    for proposal in done:
        name = staff.plan.zone(proposal.zone).name
        now = staff.people.of_zone(proposal.zone)
        then = after.people.of_zone(proposal.zone)
        rows.append(
            (
                name,
                _arrow(str(len(now)), str(len(then)), empty=not now),
                _arrow(str(_lone(now)), str(_lone(then)), empty=not now),
                _arrow(minutes(staff.travel(now)), minutes(after.travel(then)), empty=not now),
                proposal.summary,
            )
        )
    heads = (
        "Zone",
        "Postes",
        worded("… sur un{e_site} seul{e_site} {site}"),
        "Trajets par semaine",
        "En clair",
    )
    caption = "Effet de l'adoption : aujourd'hui → ensuite"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}))


def _arrow(now: str, then: str, *, empty: bool) -> str:
    """Return a figure before and after; a dash if there are no posts yet."""
    return f"{'—' if empty else now} → {then}"


def _lone(posts: Sequence[Post]) -> int:
    return sum(len(post.lycees) == 1 for post in posts)


def exception_sentences(after: Staff, proposal: "PostsProposal") -> list[str]:
    """Return the exceptions of a proposal in sentences; ``after`` holds its posts."""
    sentences = []
    tip = terms().proximity_technician
    for entry in proposal.exceptions:
        lycee = after.study.name(entry.lycee)
        if entry.post is None:
            sentence = f"{lycee} n'est connu{terms().site.e} que {tip.of_a}"
        else:
            sentence = (
                f"{after.label(after.people.post(entry.post))} n'a qu'{terms().site.a}, {lycee}"
            )
        sentences.append(f"{sentence.rstrip('.')} : {entry.why.text}.")
    return sentences
