"""The page « Propositions »: the best that so many moves can do, proven, and accepting it."""

from collections.abc import Mapping
from html import escape
from math import isfinite
from typing import Any

import streamlit as st

from geozones.domain import Plan, Sector
from geozones.domain.french import number, plural
from geozones.ui import desk, state
from geozones.ui.components import html, legend
from geozones.ui.components.curve import curve
from geozones.ui.components.demand import demand_form, options, redraw, search_now
from geozones.ui.components.layers import tiles, tiles_failed
from geozones.ui.components.moves import notice_box
from geozones.ui.components.proposed_moves import moves_list, summary, title, zones_table
from geozones.ui.components.scenario_bar import trouble
from geozones.ui.components.territory_map import territory_map
from geozones.workspace import (
    Point,
    SceneOptions,
    Search,
    Work,
    Workspace,
    build_scene,
    options_of,
    points_of,
)

_POINT, _SIDE = "propositions.point", "propositions.cote"
_EVERY_S = 0.4
_NOTHING = (
    "Aucune proposition n'a été trouvée dans le temps donné : donnez plus de temps, ou moins de "
    "conditions."
)


def propositions(workspace: Workspace) -> None:
    """Draw the page: what is asked on the left, what was found beside it."""
    work = desk.current(workspace)
    st.html(
        '<h1 class="gz-title">Propositions <small>les meilleurs déplacements, prouvés, depuis '
        f"« {escape(work.name)} »</small></h1>"
    )
    trouble(workspace, work)
    search = state.search()
    form_side, found_side = st.columns([1, 2.6], gap="medium")
    with form_side, st.container(key="gz-demand"):
        demand_form(workspace, work)
        _buttons(workspace, work, search)
    with found_side:
        notice_box()
        if search is None:
            _empty(workspace, work)
        elif search.is_running:
            _progress(search)
        else:
            _found(workspace, work, search)
    legend.sources(workspace)
    state.publish(work)


def _buttons(workspace: Workspace, work: Work, search: Search | None) -> None:
    running = search is not None and search.is_running
    st.button(
        "Chercher les meilleurs déplacements",
        type="primary",
        icon=":material/search:",
        key="propositions.chercher",
        disabled=running,
        on_click=search_now,
        args=(workspace,),
        width="stretch",
    )
    drafts = {sector.id: sector.name for sector in work.plan.sectors if sector.is_draft}
    if not drafts:
        return
    st.html(html.note("Secteur pas encore publié : demandez un découpage complet, en brouillon."))
    for sector, name in drafts.items():
        st.button(
            f"Proposer un découpage : {name}",
            key=f"propositions.decouper.{sector}",
            disabled=running,
            on_click=redraw,
            args=(workspace, sector),
            width="stretch",
        )


def _empty(workspace: Workspace, work: Work) -> None:
    plan = work.plan
    scope = plural(len(plan.sectors), "secteur")
    st.html(
        '<article class="gz-card"><h3>Que peut-on gagner, et en combien de déplacements ?</h3>'
        f'<p class="gz-sentence">L\'outil compare toutes les zones possibles des {scope} et donne, '
        "pour 0, 1, 2… déplacements, le meilleur plan qui respecte vos conditions. Chaque point "
        "est prouvé : aucun autre plan ne fait mieux. Vous acceptez ensuite les déplacements un "
        "par un, ou tous : ils deviennent ceux de votre scénario, et s'annulent comme les "
        "autres.</p></article>"
    )
    _map(workspace, work, plan, plan)


@st.fragment(run_every=_EVERY_S)
def _progress(search: Search) -> None:
    """Show how far the search is, until it ends; then have the page drawn with what it found."""
    if not search.is_running:
        st.rerun()
    told = search.told
    found = isfinite(told.incumbent)
    rows = [
        ("Étape", told.phase),
        ("Meilleur trouvé", f"objectif {number(told.incumbent, 1)}" if found else "pas encore"),
        ("Borne prouvée", f"objectif {number(told.bound, 1)}" if told.bound > 0 else "pas encore"),
        ("Écart", f"{number(100 * told.gap, 2)} %" if found else "—"),
        ("Durée", f"{number(told.seconds, 1)} s sur {search.options.time_limit or 0:.0f} au plus"),
    ]
    share = min(max(1 - told.gap, 0.0), 1.0) if found else 0.0
    st.progress(share, text="Recherche en cours…")
    st.html(f'<article class="gz-card">{html.facts(rows)}</article>')
    st.button(
        "Arrêt demandé…" if search.is_cancelled else "Arrêter et garder le meilleur trouvé",
        icon=":material/stop_circle:",
        key="propositions.arreter",
        disabled=search.is_cancelled,
        on_click=search.cancel,
    )


def _found(workspace: Workspace, work: Work, search: Search) -> None:
    outcome = search.outcome
    if outcome is None:
        st.error(search.problem, icon=":material/error:")
        return
    points = points_of(outcome)
    if not points:
        st.error(outcome.best.why or outcome.why or _NOTHING, icon=":material/error:")
        return
    _told(search, points, work)
    shown = _shown(points)
    sectors = _scope(search)
    list_side, map_side = st.columns([1, 1.25], gap="medium")
    zones = zones_table(workspace, search.plan, shown, sectors)
    with list_side:
        if len(points) > 1:
            curve(points, shown)
            _choose(points, shown)
        st.html(title(shown, sectors))
        if shown.result.moves:
            whole = outcome.complete and search.options.max_moves is None
            st.html(summary(shown, last=whole and shown == points[-1]))
            moves_list(workspace, work, shown)
        elif zones:
            st.html(zones)
    with map_side:
        moved = frozenset(move.lycee for move in shown.result.moves)
        if moved:
            _sides()
        after = shown.result.plan if state.proposal_view().after else search.plan
        _map(workspace, work, after, search.plan, moved)
        if moved:
            st.html(zones)


def _told(search: Search, points: tuple[Point, ...], work: Work) -> None:
    """Say what kind of answer it is: nothing better, not proven to the end, asked otherwise."""
    outcome = search.outcome
    if outcome is None:
        return
    best = outcome.best
    if best.why and not best.moves:
        st.success(best.why, icon=":material/verified:")
    if not outcome.complete:
        ended = "Recherche arrêtée" if search.is_cancelled else "Temps de recherche écoulé"
        st.warning(
            f"{ended} : la courbe s'arrête en chemin, ses points restent prouvés. Le dernier est "
            "le meilleur plan trouvé.",
            icon=":material/hourglass_bottom:",
        )
    if options_of(**options(search.plan)) != search.options:
        st.html(html.note("Vos conditions ont changé depuis : relancez la recherche."))
    elif work.plan != search.plan and not _follows(points, work.plan, search.plan):
        st.html(html.note("Votre scénario a changé depuis : chaque déplacement sera revérifié."))


def _follows(points: tuple[Point, ...], now: Plan, then: Plan) -> bool:
    """Tell whether the plan on screen is the one searched, with some of the moves accepted."""
    changes = {(lycee, target) for lycee, _, target in now.moves_from(then)}
    return any(
        changes <= {(move.lycee, move.target) for move in point.result.moves} for point in points
    )


def _scope(search: Search) -> list[Sector]:
    ids = search.options.sectors or {sector.id for sector in search.plan.sectors}
    return [sector for sector in search.plan.sectors if sector.id in ids]


def _shown(points: tuple[Point, ...]) -> Point:
    wanted = state.proposal_view().moves
    return next((point for point in points if point.moves == wanted), points[-1])


def _choose(points: tuple[Point, ...], shown: Point) -> None:
    """Let the keyboard choose a point too."""
    state.put(_POINT, shown.moves)
    st.select_slider(
        "Déplacements de la proposition montrée",
        [point.moves for point in points],
        key=_POINT,
        on_change=lambda: state.set_proposal_view(moves=state.widget(_POINT)),
    )


def _sides() -> None:
    names = {False: "Avant", True: "Après"}
    state.put(_SIDE, state.proposal_view().after)
    st.segmented_control(
        "Plan montré",
        list(names),
        format_func=names.__getitem__,
        key=_SIDE,
        required=True,
        label_visibility="collapsed",
        on_change=lambda: state.set_proposal_view(after=bool(state.widget(_SIDE))),
    )


def _map(
    workspace: Workspace,
    work: Work,
    plan: Plan,
    reference: Plan,
    moved: frozenset[str] = frozenset(),
) -> None:
    """Draw a plan; zones that differ from the reference are hatched, lycées that move ringed."""
    asked = state.demand()
    scene = build_scene(
        workspace,
        plan,
        SceneOptions(
            sector=asked.sectors[0] if len(asked.sectors) == 1 else None,
            picked=moved,
            layers=state.layers(),
            tiles=tiles(),
            colours=work.state.colours,
            reference=reference,
        ),
    )
    territory_map(workspace, scene, "propositions", _on_event)
    legend.legend(workspace, trial=True)


def _on_event(_: Workspace, event: Mapping[str, Any]) -> None:
    if event["event"] == "tiles-failed":
        tiles_failed()
