"""« Proposer les postes »: search, progress, stop, preview of the result, adoption."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import htpy
import streamlit as st

from geozones.common.french import minutes, number, plural
from geozones.domain.teams import SHARES, Post
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_grid import WEEK, week_by_lycee, week_by_post
from geozones.ui.state.page_views import TeamProposalView, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.workspace.teams.staff import (
    PostsJob,
    PostsRequest,
    Staff,
    posts_event,
    posts_job,
    with_proposals,
)

if TYPE_CHECKING:
    from geozones.workspace.teams.staff import PostsProposal


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
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}), stacks=True)


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


_STATUSES = {
    "optimal": "prouvé",
    "feasible": "meilleur trouvé",
    "infeasible": "impossible",
    "unknown": "rien trouvé",
}


def proposal_part(staff: Staff) -> None:
    """Show the button, then the progress of the search, then its results."""
    job = state.of(TeamProposalView).job
    html.show(
        html.note(
            "L'outil cherche le ",
            htpy.strong["moins de postes"],
            " qui couvre les besoins, puis des postes ",
            htpy.strong["partagés"],
            worded(
                " : chaque {site} connu{e_site} de deux {proximity_technicians} au moins, chaque "
                "{proximity_technician} dans deux {sites} au moins, sauf exceptions de taille ou "
                "d'éloignement, données avec leur raison. Puis une présence régulière, quelqu'un à "
                "autant de demi-journées que possible, un collègue qui puisse venir, des journées "
                "entières, des charges égales, peu de route. Ce que vous "
            ),
            htpy.strong["verrouillez"],
            " dans une grille ne bouge pas. Rien ne change avant « Adopter ».",
        )
    )
    button, share, keep = st.columns([1.1, 0.9, 1.6], vertical_alignment="bottom")
    button.button(
        f"Proposer les postes {_where()}",
        type="primary",
        icon=":material/group_add:",
        key="equipes.proposer",
        disabled=job is not None and job.is_running,
        on_click=_start,
        args=(staff,),
        width="stretch",
    )
    state.bound(TeamProposalView, "share").draw(
        share.selectbox, "Quotité des postes ajoutés (%)", SHARES
    )
    if any(map(staff.people.of_zone, state.of(TeamView).zones(staff.plan))):
        state.bound(TeamProposalView, "keep").draw(
            keep.toggle,
            "Garder les postes existants",
            help="Sinon, seuls restent les postes qui ont une demi-journée verrouillée.",
        )
    if job is not None:
        job_card(
            job,
            "Recherche des postes",
            lambda proposals: _found(staff, proposals, stopped=job.is_cancelled),
            StopButton("Arrêter et garder ce qui est trouvé", "equipes.arreter", job.cancel),
            lambda: _progress(job),
        )


def _where() -> str:
    view = state.of(TeamView)
    if view.zone is not None:
        return "de la zone"
    return terms().territory.of_the if view.sector is None else "du secteur"


def _start(staff: Staff) -> None:
    zones, asked = state.of(TeamView).zones(staff.plan), state.of(TeamProposalView)

    def make() -> PostsJob:
        options = staff.options(share=asked.share, keep=asked.keep)
        return posts_job(PostsRequest(staff.study, zones, options))

    begin_job(TeamProposalView, make)


def _progress(job: PostsJob) -> None:
    steps = job.progress
    where = f"Zone {steps.what}" if steps.what else "Préparation"
    st.progress(steps.share, text=f"{where} ({steps.done} sur {steps.total} faites)…")


def _found(staff: Staff, proposals: tuple[Any, ...], *, stopped: bool) -> str:
    """Show the posts found, their sentence first, and return that sentence."""
    done = [proposal for proposal in proposals if proposal.levels]
    posts = sum(len(proposal.posts) for proposal in done)
    with st.container(border=True):
        text, end = _summary(proposals, posts, stopped=stopped)
        html.show(html.sentence(htpy.strong[text], end))
        preview(staff, proposals)
        with st.expander("Les chiffres et leur preuve"):
            html.show(_table(staff, proposals))
        whys = [
            f"{_name(staff, proposal.zone)} : {proposal.why}"
            for proposal in proposals
            if proposal.why
        ]
        if whys:
            html.show(html.bullets(whys, "gz-alerts"))
        with st.container(horizontal=True):
            st.button(
                f"Adopter {plural(posts, 'poste')}",
                type="primary",
                icon=":material/check:",
                key="equipes.adopter",
                disabled=not done,
                on_click=_adopt,
                args=(posts_event(proposals),),
            )
            st.button("Écarter", key="equipes.ecarter", on_click=drop_job, args=(TeamProposalView,))
    return text + end


def _summary(proposals: tuple[Any, ...], posts: int, *, stopped: bool) -> tuple[str, str]:
    proven = sum(proposal.status.value == "optimal" for proposal in proposals)
    seconds = sum(proposal.seconds for proposal in proposals)
    where = (
        "" if proven == len(proposals) else f" dans {plural(proven, 'zone')} sur {len(proposals)}"
    )
    text = (
        f"{plural(posts, 'poste proposé', 'postes proposés')} pour "
        f"{plural(len(proposals), 'zone')} en {number(seconds, 1)} s : minimum démontré{where}"
    )
    end = " ; recherche arrêtée, les autres zones gardent leurs postes." if stopped else "."
    return text, end


def _name(staff: Staff, zone: str) -> str:
    return next((entry.name for entry in staff.plan.zones if entry.id == zone), zone)


def _table(staff: Staff, proposals: tuple[Any, ...]) -> htpy.Element:
    # all proposals have the same criteria, in order of priority, or none
    names = next(([lv.label for lv in entry.levels] for entry in proposals if entry.levels), [])
    rows = []
    for proposal in proposals:
        cells = [
            f"{number(level.value)}" + ("" if level.proven else f" (borne {number(level.bound)})")
            for level in proposal.levels
        ]
        cells += ["—"] * (len(names) - len(cells))
        gap = "0 %" if proposal.gap == 0 else f"{number(100 * proposal.gap, 1)} %"
        shown = gap if proposal.levels else "—"
        status = _STATUSES[proposal.status.value]
        rows.append(
            (_name(staff, proposal.zone), *cells, status, shown, f"{number(proposal.seconds, 2)} s")
        )
    heads = ("Zone", *names, "Preuve", "Écart", "Durée")
    numeric = frozenset(range(1, len(names) + 1)) | {len(heads) - 2, len(heads) - 1}
    caption = (
        "De gauche à droite, par ordre de priorité : chaque chiffre est le plus bas possible, les "
        "précédents étant acquis"
    )
    return html.table(caption, heads, rows, numeric=numeric)


def _adopt(data: dict[str, Any]) -> None:
    if current_scenario.record("set_posts", data):
        drop_job(TeamProposalView)
        state.update(TeamView, post=None)
        state.ask_focus(WEEK)
        state.notify(
            "ok", "Postes enregistrés dans le scénario. « Annuler » revient aux précédents."
        )
