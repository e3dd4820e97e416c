"""The page « Équipes »: needs, posts and their week, absences, what posts stand, T.I.S."""

from dataclasses import replace
from html import escape

import streamlit as st

from geozones.domain import Plan
from geozones.ui import desk, state
from geozones.ui.components import legend
from geozones.ui.components.chooser import chooser
from geozones.ui.components.moves import notice_box
from geozones.ui.components.scenario_bar import trouble
from geozones.ui.components.team_absence import absence_part
from geozones.ui.components.team_needs import needs_part
from geozones.ui.components.team_posts import posts_part
from geozones.ui.components.team_repairs import repairs
from geozones.ui.components.team_resilience import resilience_part
from geozones.ui.components.team_settings import settings_menu
from geozones.ui.components.team_technicians import technicians_part
from geozones.workspace import Staff, Work, Workspace, read_names

_PARTS = {
    "besoins": "1. Besoins",
    "postes": "2. Postes et semaine",
    "absence": "3. Une absence",
    "resilience": "4. Ce que tient l'équipe",
    "tis": "5. T.I.S.",
}
_SHOWN = {
    "besoins": needs_part,
    "postes": posts_part,
    "absence": absence_part,
    "resilience": resilience_part,
    "tis": technicians_part,
}
_PART, _SECTOR = "equipes.partie", "equipes.secteur"
_REGION, _ALL = "Toute la région", "Toutes les zones"


def equipes(workspace: Workspace) -> None:
    """Draw the page."""
    work = desk.current(workspace)
    st.html(_title(work))
    _first_time(work.plan)
    _bar(workspace, work)
    with st.container():
        trouble(workspace, work)
    notice_box()
    names = read_names() if state.team_view().names else None
    staff = Staff(workspace, work.plan, work.state.teams, names)
    repairs(staff)
    shown = state.team_view().part
    _SHOWN[shown](staff)
    legend.sources(workspace)
    state.publish(work)


def _title(work: Work) -> str:
    saved = "non enregistré" if work.is_dirty else "enregistré"
    said = f"« {escape(work.name)} » · {saved}" if work.scenario else "sur le plan livré"
    return (
        f'<h1 class="gz-title">Équipes <small>qui est où, qui remplace, en combien de temps — '
        f"{said}</small></h1>"
    )


def _first_time(plan: Plan) -> None:
    """Look at a zone from the start, so that the page shows something; forget one that is gone."""
    view = state.team_view()
    sectors = {sector.id for sector in plan.sectors}
    zones = {zone.id: zone.sector for zone in plan.zones}
    if view.zone is not None and zones.get(view.zone) != view.sector:
        view = replace(view, zone=None, post=None)
        state.set_team_view(zone=None, post=None)
    if view.sector is None and view.zone is None and not state.widget(_SECTOR) is not None:
        first = next((zone for zone in plan.zones if plan.members(zone.id)), None)
        if first is not None:
            state.set_team_view(sector=first.sector, zone=first.id)
    elif view.sector not in {None, *sectors}:
        state.set_team_view(sector=None, zone=None)


def _bar(workspace: Workspace, work: Work) -> None:
    plan, view = work.plan, state.team_view()
    sector_side, zone_side, tools = st.columns([1, 1.2, 1.5], vertical_alignment="bottom")
    sectors = {"": _REGION} | {
        sector.id: f"{sector.name}{' (brouillon)' if sector.is_draft else ''}"
        for sector in plan.sectors
    }
    with sector_side:
        chooser(
            "Secteur",
            sectors,
            view.sector or "",
            lambda sector: _go(sector=sector or None, zone=None),
            key=_SECTOR,
        )
    zones = () if view.sector is None else plan.zones_of(view.sector)
    names = {"": _ALL} | {zone.id: zone.name for zone in zones if plan.members(zone.id)}
    with zone_side:
        chooser(
            "Zone de continuité",
            names,
            view.zone or "",
            lambda zone: _go(zone=zone or None),
            key="equipes.zone",
        )
    with tools, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for way, label, icon, able in (
            ("undo", "Annuler", ":material/undo:", work.timeline.can_undo),
            ("redo", "Rétablir", ":material/redo:", work.timeline.can_redo),
        ):
            st.button(
                label,
                icon=icon,
                disabled=not able,
                key=f"equipes.{way}",
                on_click=_step,
                args=(workspace, way),
            )
        settings_menu(workspace)
    state.put(_PART, view.part)
    st.segmented_control(
        "Partie",
        list(_PARTS),
        format_func=_PARTS.__getitem__,
        key=_PART,
        required=True,
        label_visibility="collapsed",
        on_change=_turn,
    )


def _turn() -> None:
    state.clear_notice()
    state.set_team_view(part=state.widget(_PART) or "besoins")


def _go(**changes: str | None) -> None:
    state.clear_notice()
    state.set_team_view(post=None, **changes)


def _step(workspace: Workspace, way: str) -> None:
    state.clear_notice()
    desk.step(workspace, way)
