"""Page « Équipes »: the week, needs, absences, resilience, T.I.S., cost, organisation, bilan."""

import htpy
import streamlit as st

from geozones.domain import Plan
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_absence import absence_part
from geozones.ui.equipes.team_bilan import bilan_part
from geozones.ui.equipes.team_cost import cost_part
from geozones.ui.equipes.team_needs import needs_part
from geozones.ui.equipes.team_organisation import organisation_part
from geozones.ui.equipes.team_posts import posts_part
from geozones.ui.equipes.team_repairs import repairs
from geozones.ui.equipes.team_resilience import resilience_part
from geozones.ui.equipes.team_settings import settings_menu
from geozones.ui.equipes.team_technicians import technicians_part
from geozones.ui.server.auth import actor
from geozones.ui.state import address
from geozones.ui.state.equipes_views import TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.notice_box import notice_box
from geozones.ui.widgets.parts import choose_part
from geozones.ui.widgets.scenario_bar import opened_line, trouble
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study
from geozones.workspace.teams.holder_names import read_names
from geozones.workspace.teams.staff import Staff

_PARTS = {
    "postes": "Semaine",
    "besoins": "Besoins",
    "absence": "Une absence",
    "resilience": "Résistance aux absences",
    "tis": "{sector_technicians}",
    "cout": "Coût annuel",
    "organisation": "Organisation",
    "bilan": "Bilan",
}
_SHOWN = {
    "postes": posts_part,
    "besoins": needs_part,
    "absence": absence_part,
    "resilience": resilience_part,
    "tis": technicians_part,
    "cout": cost_part,
    "organisation": organisation_part,
    "bilan": bilan_part,
}
_REGION, _ALL = "Toute la région", "Toutes les zones"


def equipes(study: Study) -> None:
    """Draw the page."""
    work = current_scenario.current()
    html.show(_title(study, work))
    _follow_map(work.plan)
    _first_time(work.plan)
    state.within(TeamView, work.plan)
    _bar(study, work)
    with st.container():
        trouble(study, work)
    notice_box()
    names = read_names(actor()) if state.of(TeamView).names else None
    staff = Staff(study, names)
    repairs(staff)
    shown = state.of(TeamView).part
    _SHOWN[shown](staff)
    address.publish(work)


def _title(study: Study, work: Work) -> htpy.Element:
    text = opened_line(work) or f"sur le {study.analysis.baseline.noun}"
    return html.title("Équipes", f"qui est où, qui remplace, en combien de temps — {text}")


def _follow_map(plan: Plan) -> None:
    """Show the sector and the zone of what was chosen on the map, once for each choice."""
    chosen = state.follow_map(TeamView, plan)
    if chosen is not None and any(chosen.places):
        sector, zone = chosen.around(plan)
        state.update(TeamView, sector=sector, zone=zone, post=None, opened=True)


def _first_time(plan: Plan) -> None:
    """Select a zone at the first visit, so that the page shows something."""
    if state.of(TeamView).opened:
        return
    first = next((zone for zone in plan.zones if plan.members(zone.id)), None)
    if first is not None:
        state.update(TeamView, opened=True, sector=first.sector, zone=first.id)


def _bar(study: Study, work: Work) -> None:
    plan, view = work.plan, state.of(TeamView)
    sector_side, zone_side, tools = st.columns([1, 1.2, 1.5], vertical_alignment="bottom")
    sectors = {None: _REGION} | {
        sector.id: f"{sector.name} ({study.decisions.sector(sector.id).label})"
        for sector in plan.sectors
    }
    with sector_side:
        chooser(
            "Secteur",
            sectors,
            state.bound(TeamView, "sector", then=lambda sector: _go(sector=sector, zone=None)),
        )
    zones = plan.zones if view.sector is None else plan.zones_of(view.sector)
    names = {None: _ALL} | {zone.id: zone.name for zone in zones if plan.members(zone.id)}
    with zone_side:
        chooser(
            "Zone de continuité",
            names,
            state.bound(TeamView, "zone", then=lambda zone: _look_at(plan, zone)),
        )
    with tools, st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for way, label, icon in (
            ("undo", "Annuler", ":material/undo:"),
            ("redo", "Rétablir", ":material/redo:"),
        ):
            st.button(
                label,
                icon=icon,
                disabled=not current_scenario.can_step(way),
                key=f"equipes.{way}",
                on_click=_step,
                args=(way,),
            )
        settings_menu(study)
    choose_part(TeamView, _PARTS)


def _go(**changes: str | None) -> None:
    state.clear_notice()
    state.update(TeamView, post=None, **changes)


def _look_at(plan: Plan, zone: str | None) -> None:
    """Select a zone and its sector, or all zones of the sector in view."""
    if zone is None:
        _go(zone=None)
    else:
        _go(sector=plan.zone(zone).sector, zone=zone)


def _step(way: str) -> None:
    state.clear_notice()
    current_scenario.step(way)
