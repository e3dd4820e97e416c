"""Week of the posts in view, the fields of each post, and its exceptions with their cause."""

from dataclasses import replace
from functools import partial
from secrets import token_hex
from typing import Any

import streamlit as st

from geozones.common.french import capital, plural
from geozones.domain.events.change import MAX_NAME
from geozones.domain.teams import FREE, SHARES, SLOTS, ExceptionCause, Post
from geozones.domain.terms import terms
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_grid import WEEK, put_post, save_posts, week_by_lycee, week_editor
from geozones.ui.equipes.team_needs import needs_part
from geozones.ui.equipes.team_proposal import proposal_part
from geozones.ui.state.page_views import TeamProposalView, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.workspace.teams.staff import Staff, technicians_line

_NAMES: dict[str | None, str] = {None: "aucune"}
_NAMES |= {cause.value: cause.label for cause in ExceptionCause}


def post_exception(staff: Staff, post: Post) -> None:
    """Let the user record why a post is in one lycée only, or goes out of its zone."""
    kept = staff.people.exceptions.get(post.id)
    cause = None if kept is None else kept.cause.value
    note = "" if kept is None else kept.note
    key = f"equipes.exception.{post.id}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chooser(
            "Exception aux postes partagés et dédiés à la zone",
            _NAMES,
            state.BoundValue(f"{key}.cause", cause, partial(_record, staff, post, note)),
        )
        if cause is not None:
            state.BoundValue(f"{key}.raison", note, partial(_explain, staff, post, cause)).draw(
                st.text_input, "Raison, en quelques mots", max_chars=MAX_NAME
            )


def _explain(staff: Staff, post: Post, cause: str, note: str) -> None:
    _record(staff, post, note, cause)


def _record(staff: Staff, post: Post, note: str, cause: str | None) -> None:
    """Record an exception, or remove it if there is no cause."""
    data: dict[str, object] = {"post": post.id, "cause": cause, "note": note}
    label = staff.label(post)
    done = (
        f"{label} n'est plus une exception."
        if cause is None
        else f"{label} est une exception : {_NAMES[cause]}."
    )
    current_scenario.record("post_exception", data, done=done)


_EDITOR = "Ajouter ou modifier un poste"


def posts_part(staff: Staff) -> None:
    """Show the week of what is in view first; then what proposes and changes posts."""
    zone = state.of(TeamView).zone
    if zone is None:
        with st.container(key=WEEK):
            _overview(staff)
        _proposal(staff, is_empty=not staff.people.posts)
        needs_part(staff)
        return
    posts = staff.people.of_zone(zone)
    with st.container(key=WEEK):  # always drawn, so that the boxes below stay open
        _week(staff, zone)
    _proposal(staff, is_empty=not posts)
    _editor(staff, zone)
    needs_part(staff)


def _week(staff: Staff, zone: str) -> None:
    """Show who is in each lycée, what is wrong with it, then the week of each post to edit."""
    html.show(html.subtitle(f"Zone {staff.plan.zone(zone).name}"))
    if not staff.people.of_zone(zone):
        html.show(html.note(_nobody(staff, zone)))
        return
    html.show(week_by_lycee(staff, zone))
    sentences = staff.sentences(zone)
    if sentences:
        html.show(html.bullets(sentences, "gz-alerts"))
    else:
        html.show(html.bullets(["Besoins couverts, règles respectées."], "gz-solved"))
    excepted = staff.exceptions(zone)
    if excepted:
        html.show(html.bullets(excepted, "gz-steps"))
    week_editor(staff, zone)


def _nobody(staff: Staff, zone: str) -> str:
    """Return what a zone without a post needs, and what to do next."""
    site, needs = terms().site, staff.needs(zone)
    asked = plural(sum(needs.values()), "demi-journée")
    whose = capital(site.its) if len(needs) == 1 else f"Ses {site.counted(len(needs))}"
    return (
        f"Aucun poste dans cette zone pour l'instant. {whose} "
        f"{'demande' if len(needs) == 1 else 'demandent'} {asked} par semaine. "
        "Cliquez sur « Proposer les postes de la zone », ou ajoutez un poste vous-même sous "
        f"« {_EDITOR} »."
    )


def _proposal(staff: Staff, *, is_empty: bool) -> None:
    """Draw the search of posts, unfolded while there is no post or a search to look at."""
    searched = state.of(TeamProposalView).job is not None
    with st.expander("Chercher les meilleurs postes", expanded=is_empty or searched):
        proposal_part(staff)


def _overview(staff: Staff) -> None:
    """Show a row per zone in view; in a sector, then the week of each zone that has posts."""
    rows, zones = [], state.of(TeamView).zones(staff.plan)
    for zone in zones:
        posts = staff.people.of_zone(zone)
        need = sum(staff.needs(zone).values())
        given = sum(post.load for post in posts)
        alerts = str(len(staff.sentences(zone))) if posts else "—"
        count = str(len(posts)) if posts else "non renseigné"
        name = staff.plan.zone(zone).name
        rows.append((name, count, str(need), str(given) if posts else "—", alerts))
    heads = ("Zone", "Postes", "Besoin (demi-journées)", "Présence", "Alertes")
    html.show(html.table("Postes par zone", heads, rows, numeric=frozenset({1, 2, 3, 4})))
    sector = state.of(TeamView).sector
    if sector is None:
        return
    html.show(html.remark(f"{technicians_line(staff.study, sector)}."))
    for zone in zones:
        if staff.people.of_zone(zone):
            html.show(html.subtitle(f"Zone {staff.plan.zone(zone).name}"))
            html.show(week_by_lycee(staff, zone))


# -- editing -------------------------------------------------------------------------------------


def _editor(staff: Staff, zone: str) -> None:
    posts = staff.people.of_zone(zone)
    with st.expander(_EDITOR):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if posts:
                _choose(staff, posts)
            st.button(
                "Ajouter un poste",
                icon=":material/person_add:",
                key="equipes.ajouter",
                on_click=_add,
                args=(zone,),
            )
        if posts:
            chosen = next((p for p in posts if p.id == state.of(TeamView).post), posts[0])
            _post(staff, zone, chosen)


def _choose(staff: Staff, posts: tuple[Post, ...]) -> None:
    labels = {post.id: staff.label(post) for post in posts}
    chooser(
        "Poste à modifier",
        labels,
        state.bound(TeamView, "post"),
    )


def _post(staff: Staff, zone: str, post: Post) -> None:
    members = staff.plan.members(zone)
    share, residence, drop = st.columns([0.7, 1.6, 0.9], vertical_alignment="bottom")
    key = f"equipes.poste.{post.id}"
    state.BoundValue(f"{key}.quotite", post.share, partial(_changed, staff, post, "share")).draw(
        share.selectbox, "Quotité (%)", SHARES
    )
    homes = [None, *dict.fromkeys((*post.lycees, *members))]
    change = partial(_changed, staff, post, "residence")
    state.BoundValue(f"{key}.residence", post.residence, change).draw(
        residence.selectbox,
        "Résidence administrative",
        homes,
        format_func=lambda x: "à choisir" if x is None else staff.study.name(x),
    )
    drop.button(
        "Retirer",
        icon=":material/person_remove:",
        key=f"{key}.retirer",
        on_click=_drop,
        args=(staff, post),
    )
    post_exception(staff, post)


# -- changes -------------------------------------------------------------------------------------


def _add(zone: str) -> None:
    new = Post(f"tip-{token_hex(5)}", zone, cells=(FREE,) * SLOTS)
    state.update(TeamView, post=new.id)
    people = current_scenario.current().state.teams
    save_posts(zone, [*people.of_zone(zone), new], "Un poste est ajouté : remplissez-le.")


def _drop(staff: Staff, post: Post) -> None:
    done = f"{staff.label(post)} est retiré ; « Annuler » le remet."
    if current_scenario.record("drop_posts", {"posts": [post.id]}, done=done):
        state.update(TeamView, post=None)


def _changed(staff: Staff, post: Post, field: str, value: int | str | None) -> None:
    changed: dict[str, Any] = {field: value}
    done = f"{staff.label(post)} est modifié."
    put_post(post.id, lambda now: replace(now, **changed), done)
