"""« Proposer les postes »: asked, watched, stopped, shown with its proof, adopted."""

from typing import Any

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.french import number, plural
from geozones.domain.teams import SHARES
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.workspace import Staff, TeamSearch, posts_event

_SHARE, _KEEP = "equipes.proposer.quotite", "equipes.proposer.garder"
_EVERY_S = 0.4
_REGION_S, _ZONE_S = 60.0, 20.0
_STATUSES = {
    "optimal": "prouvé",
    "feasible": "meilleur trouvé",
    "infeasible": "impossible",
    "unknown": "rien trouvé",
}


def proposal_part(staff: Staff) -> None:
    """Show the button, then how far the search is, then what it found."""
    search = state.team_search()
    running = search is not None and search.is_running
    st.html(
        '<p class="gz-hint">L\'outil cherche le <strong>moins de postes</strong> qui tient les '
        "besoins, puis la meilleure semaine : journées entières, charges égales, peu de route. Ce "
        "que vous <strong>verrouillez</strong> dans une grille ne bouge pas. Rien ne change avant "
        "« Adopter ».</p>"
    )
    button, share, keep = st.columns([1.1, 0.9, 1.6], vertical_alignment="bottom")
    button.button(
        f"Proposer les postes {_where()}",
        type="primary",
        icon=":material/group_add:",
        key="equipes.proposer",
        disabled=running,
        on_click=_start,
        args=(staff,),
        width="stretch",
    )
    share.selectbox("Quotité des postes ajoutés (%)", SHARES, key=_SHARE)
    keep.toggle(
        "Garder les postes existants",
        key=_KEEP,
        help="Sinon, seuls restent les postes qui ont une demi-journée verrouillée.",
    )
    if search is None:
        return
    if running:
        _progress(search)
    else:
        _found(staff, search)


def _where() -> str:
    view = state.team_view()
    if view.zone is not None:
        return "de la zone"
    return "de la région" if view.sector is None else "du secteur"


def _start(staff: Staff) -> None:
    view, plan = state.team_view(), staff.plan
    if view.zone is not None:
        zones = [view.zone]
    else:
        areas = plan.zones if view.sector is None else plan.zones_of(view.sector)
        zones = [zone.id for zone in areas]
    state.clear_notice()
    try:
        options = staff.options(
            share=int(state.widget(_SHARE) or 100),
            keep=bool(state.widget(_KEEP)),
            time_limit=_ZONE_S if len(zones) == 1 else _REGION_S,
        )
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    state.keep_team_search(TeamSearch(staff, zones, options))


@st.fragment(run_every=_EVERY_S)
def _progress(search: TeamSearch) -> None:
    """Show how far the search is, until it ends; then have the page drawn with what it found."""
    if not search.is_running:
        st.rerun()
    told = search.told
    share = told.done / told.total if told.total else 0.0
    where = f"Zone {told.zone}" if told.zone else "Préparation"
    st.progress(share, text=f"{where} ({told.done} sur {told.total} faites)…")
    st.button(
        "Arrêt demandé…" if search.is_cancelled else "Arrêter et garder ce qui est trouvé",
        icon=":material/stop_circle:",
        key="equipes.arreter",
        disabled=search.is_cancelled,
        on_click=search.cancel,
    )


def _found(staff: Staff, search: TeamSearch) -> None:
    found = search.outcome
    if found is None:
        st.error(search.problem, icon=":material/error:")
        return
    done = [proposal for proposal in found if proposal.levels]
    posts = sum(len(proposal.posts) for proposal in done)
    with st.container(border=True):
        st.html(_summary(found, posts, stopped=search.is_cancelled))
        st.html(_table(staff, found))
        whys = [
            f"{_name(staff, proposal.zone)} : {proposal.why}" for proposal in found if proposal.why
        ]
        if whys:
            st.html(html.bullets(whys, "gz-alerts"))
        with st.container(horizontal=True):
            st.button(
                f"Adopter {plural(posts, 'poste')}",
                type="primary",
                icon=":material/check:",
                key="equipes.adopter",
                disabled=not done,
                on_click=_adopt,
                args=(staff, posts_event(found)),
            )
            st.button(
                "Écarter", key="equipes.ecarter", on_click=state.keep_team_search, args=(None,)
            )


def _summary(found: tuple[Any, ...], posts: int, *, stopped: bool) -> str:
    proven = sum(proposal.status.value == "optimal" for proposal in found)
    seconds = sum(proposal.seconds for proposal in found)
    said = (
        f"{plural(posts, 'poste proposé', 'postes proposés')} pour {plural(len(found), 'zone')} en "
        f"{number(seconds, 1)} s : {proven} sur {len(found)} prouvées les meilleures"
    )
    end = " ; recherche arrêtée, les autres zones gardent leurs postes." if stopped else "."
    return f'<p class="gz-sentence"><strong>{html.text(said)}</strong>{end}</p>'


def _name(staff: Staff, zone: str) -> str:
    return next((entry.name for entry in staff.plan.zones if entry.id == zone), zone)


def _table(staff: Staff, found: tuple[Any, ...]) -> str:
    rows = []
    for proposal in found:
        values = {level.name: level for level in proposal.levels}
        cells = [
            f"{number(level.value)}" + ("" if level.proven else f" (borne {number(level.bound)})")
            for level in values.values()
        ]
        cells += ["—"] * (4 - len(cells))
        gap = "0 %" if proposal.gap == 0 else f"{number(100 * proposal.gap, 1)} %"
        shown = gap if proposal.levels else "—"
        status = _STATUSES[proposal.status.value]
        rows.append(
            (_name(staff, proposal.zone), *cells, status, shown, f"{number(proposal.seconds, 2)} s")
        )
    heads = (
        "Zone", "Postes", "Journées partagées", "Écarts de charge", "Trajets (min/semaine)",
        "Preuve", "Écart", "Durée",
    )  # fmt: skip
    caption = "Le moins de postes, puis le moins de journées partagées, puis des charges égales, "
    return html.table(
        caption + "puis le moins de route", heads, rows, numeric=frozenset({1, 2, 3, 4, 6, 7})
    )


def _adopt(staff: Staff, data: dict[str, Any]) -> None:
    if desk.record(staff.workspace, "set_posts", data):
        state.keep_team_search(None)
        state.set_team_view(post=None)
        state.notify("ok", "Les postes sont adoptés dans votre scénario ; « Annuler » y revient.")
