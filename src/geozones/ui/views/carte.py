"""The page « Carte »: sectors, zones, lycées, who runs them, what is deployed when."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from geozones.domain import Plan, Status
from geozones.domain.french import plural
from geozones.ui import desk, state
from geozones.ui.components import figures, html, legend, panel, tables
from geozones.ui.components.chooser import chooser
from geozones.ui.components.demand import redraw
from geozones.ui.components.layers import layer_menu, tiles, tiles_failed
from geozones.ui.components.moves import notice_box
from geozones.ui.components.scenario_bar import frozen_banner
from geozones.ui.components.team_figures import team_figures
from geozones.ui.components.territory_map import territory_map
from geozones.workspace import (
    COLOURINGS,
    SceneOptions,
    Work,
    Workspace,
    build_scene,
    colour_zones,
    deployed_sectors,
    phrases,
    staffing,
)

_DATE = "carte.date"
_REGION = "Toute la région"


def carte(workspace: Workspace) -> None:
    """Draw the page. The figures and the panel come before the map, which takes longest."""
    work = desk.current(workspace)
    frozen = desk.frozen(workspace)
    people = workspace.teams if frozen is None else frozen.state.teams
    workspace = _shown(workspace, frozen).with_teams(people)
    plan = workspace.plan if frozen is None else frozen.plan
    state.publish(work)
    _controls(workspace, plan)
    if frozen is not None:
        st.html(frozen_banner(frozen))
    elif work.timeline.path:
        st.html(
            '<p class="gz-note">La carte montre le plan livré. Votre scénario '
            f"« {escape(work.name)} » est dans l'Atelier.</p>"
        )
    chosen = state.selection()
    if state.colouring() and frozen is None:
        st.html(
            '<p class="gz-note">Couleurs : ce que tiennent les postes de votre scénario '
            f"« {escape(work.name)} », sur le plan livré.</p>"
        )
    figures.key_figures(workspace, plan, chosen)
    if state.colouring():
        team_figures(workspace, plan, chosen.sector, chosen.zone)
    map_side, panel_side = st.columns([2.35, 1], gap="medium")
    rank = state.date_index(len(workspace.data.calendar) - 1)
    deployed = deployed_sectors(plan, workspace.data.calendar, rank)
    with panel_side, st.container(key="gz-panel"):
        notice_box()
        _back(plan, chosen)
        panel.details(workspace, plan, chosen)
        _redraw(workspace, plan, chosen)
        st.html(_calendar(workspace, plan, rank))
    colouring = colour_zones(workspace, plan, state.colouring()) if state.colouring() else None
    with map_side:
        options = SceneOptions(
            sector=chosen.sector,
            zone=chosen.zone,
            lycee=chosen.lycee,
            deployed=deployed,
            layers=state.layers(),
            tiles=tiles(),
            look=chosen.look,
            colours=colouring.colours if colouring else {},
        )
        territory_map(workspace, build_scene(workspace, plan, options), "carte", _on_event)
        legend.legend(
            workspace,
            faded=len(deployed) < len(plan.sectors),
            classes=colouring.legend if colouring else (),
        )
        _timeline(workspace)
    tables.tables(workspace, plan, chosen.sector)
    legend.sources(workspace)


def _shown(workspace: Workspace, frozen: Work | None) -> Workspace:
    """Return the territory with the places of what is shown: the shipped plan has none."""
    return workspace.home if frozen is None else workspace.with_places(frozen.state.places)


def _controls(workspace: Workspace, plan: Plan) -> None:
    chosen = state.selection()
    title, where, colour, what = st.columns(
        [1.5, 1.1, 1.1, 0.6], gap="medium", vertical_alignment="center"
    )
    title.html('<h1 class="gz-title">Secteurs et zones de continuité</h1>')
    names = {"": _REGION} | {sector.id: sector.name for sector in plan.sectors}
    with where:
        chooser(
            "Secteur",
            names,
            chosen.sector or "",
            lambda sector: state.look_at(sector or None),
            key="carte.secteur",
            label_visibility="collapsed",
        )
    with colour:
        _colour_by(workspace)
    with what:
        layer_menu("stretch")


def _colour_by(workspace: Workspace) -> None:
    """Let the user colour the zones by what the posts of the scenario stand."""
    names = {"": "Couleurs : secteurs"} | {key: f"Couleurs : {v}" for key, v in COLOURINGS.items()}
    chooser(
        "Colorer les zones par",
        names,
        state.colouring(),
        state.set_colouring,
        key="carte.couleurs",
        label_visibility="collapsed",
        help=None if workspace.teams.posts else "Définissez d'abord des postes, page Équipes.",
    )


def _timeline(workspace: Workspace) -> None:
    """Let the user go through the calendar; the sectors not yet deployed fade."""
    labels = [step.label for step in workspace.data.calendar]
    state.put(_DATE, labels[state.date_index(len(labels) - 1)])
    st.select_slider(
        "Calendrier de déploiement",
        labels,
        key=_DATE,
        on_change=lambda: state.set_date_index(labels.index(state.widget(_DATE))),
    )


def _back(plan: Plan, chosen: state.Selection) -> None:
    """Offer the way up: from a zone to its sector, from a sector to the region."""
    if chosen.zone is None and chosen.sector is None and chosen.lycee is None:
        st.html('<p class="gz-hint">Cliquez une zone ou un lycée, ou choisissez un secteur.</p>')
        return
    with st.container(horizontal=True):
        if chosen.zone is not None:
            sector = plan.sector(plan.zone(chosen.zone).sector)
            st.button(
                f"Secteur {sector.name}",
                key="carte.vers-secteur",
                icon=":material/zoom_in_map:",
                on_click=state.look_at,
                args=(sector.id,),
            )
        st.button(
            "Toute la région",
            key="carte.vers-region",
            icon=":material/public:",
            on_click=state.look_at,
            args=(None,),
        )


def _redraw(workspace: Workspace, plan: Plan, chosen: state.Selection) -> None:
    """Offer to have a draft sector drawn anew, on the page « Propositions »."""
    if chosen.sector is None or not plan.sector(chosen.sector).is_draft:
        return
    if st.button(
        "Proposer un découpage",
        icon=":material/trending_down:",
        key="carte.decouper",
        width="stretch",
    ):
        redraw(workspace, chosen.sector)
        st.switch_page("pages/propositions.py")


def _on_event(workspace: Workspace, event: Mapping[str, Any]) -> None:
    frozen = desk.frozen(workspace)
    plan = workspace.plan if frozen is None else frozen.plan
    if event["event"] == "zone" and event.get("id") in {zone.id for zone in plan.zones}:
        state.select(zone=event["id"], lycee=None)
    elif event["event"] == "lycee" and event.get("id") in plan.zone_by_lycee:
        state.select(lycee=event["id"], zone=plan.zone_of(event["id"]).id)
    elif event["event"] == "tiles-failed":
        tiles_failed()


def _calendar(workspace: Workspace, plan: Plan, rank: int) -> str:
    step = workspace.data.calendar[rank]
    blocks = []
    groups = ((Status.PUBLISHED, "Secteurs expérimentaux"), (Status.DRAFT, "Autres secteurs"))
    for status, title in groups:
        said = phrases(step, status) or ("Rien de nouveau à cette date.",)
        blocks.append(f"<h4>{title}</h4>{html.bullets(said, 'gz-steps')}")
    return (
        '<article class="gz-card"><p class="gz-kicker">Calendrier de déploiement</p>'
        f"<h3>{escape(step.label)}</h3>{''.join(blocks)}"
        f"<h4>Qui est en poste à cette date</h4>"
        f"{html.bullets(_staffing(workspace, plan, rank), 'gz-steps')}</article>"
    )


def _staffing(workspace: Workspace, plan: Plan, rank: int) -> list[str]:
    """Say, sector by sector, who is in post at a date: ATI or T.I.P., and how many T.I.S."""
    said = []
    for sector, found in staffing(plan, workspace.data.calendar, rank).items():
        zones = plan.zones_of(sector)
        posts = sum(len(workspace.teams.of_zone(zone.id)) for zone in zones)
        kind = "T.I.P." if found.proximity else "ATI"
        count = f"{plural(posts, 'poste')} de {kind}" if posts else f"{kind} (nombre non renseigné)"
        technicians = plural(found.technicians, "T.I.S.", "T.I.S.")
        started = "" if found.at_work else ", organisation pas encore en œuvre"
        said.append(f"{plan.sector(sector).name} : {count}, {technicians}{started}")
    return said
