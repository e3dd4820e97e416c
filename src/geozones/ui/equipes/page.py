"""Page « Équipes »: its parts, repairs of grids."""

import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain import Plan
from geozones.domain.teams import Misfit, repaired, slot_name
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_absence import absence_part
from geozones.ui.equipes.team_grid import save_posts
from geozones.ui.equipes.team_posts import posts_part
from geozones.ui.equipes.team_year import year_part
from geozones.ui.feature_parts import team_parts
from geozones.ui.notices import NOTICES
from geozones.ui.state import address
from geozones.ui.state.page_views import TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import choose_part
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import (
    notice_box,
    opened_line,
    step_button,
    trouble,
    undo_asked,
)
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff


def repairs(staff: Staff) -> None:
    """Show each grid that needs a repair, with the button that makes it."""
    for misfit in staff.misfits:
        label = staff.label(misfit.post)
        with st.container(border=True):
            html.show(html.warning(_description(staff, misfit, label)))
            zones = {zone.id for zone in staff.plan.zones}
            gone = misfit.post.zone not in zones
            st.button(
                "Retirer ce poste" if gone else "Libérer ces demi-journées",
                key=f"equipes.reparer.{misfit.post.id}",
                icon=":material/healing:",
                on_click=_drop if gone else _free,
                args=(staff, misfit),
            )


def _description(staff: Staff, misfit: Misfit, label: str) -> str:
    if not misfit.lycees:
        return f"{label} : sa zone n'existe plus dans ce plan. Sa grille est gardée telle quelle."
    names = listing([staff.study.name(lycee) for lycee in misfit.lycees])
    when = listing([slot_name(slot) for slot in misfit.slots])
    slots = plural(len(misfit.slots), "demi-journée")
    has = "n'est plus" if len(misfit.lycees) == 1 else "ne sont plus"
    where = f" La grille y garde {slots} ({when})." if misfit.slots else " Il y a sa résidence."
    return f"{label} : {names} {has} dans sa zone.{where} Rien n'a été supprimé."


def _free(staff: Staff, misfit: Misfit) -> None:
    zone = misfit.post.zone
    posts = [
        repaired(misfit) if post.id == misfit.post.id else post
        for post in staff.people.of_zone(zone)
    ]
    done = "Ces demi-journées sont libérées ; proposez à nouveau la grille."
    save_posts(zone, posts, done, "grille réparée")


def _drop(misfit: Misfit) -> None:
    data: dict[str, object] = {"posts": [misfit.post.id]}
    current_scenario.record("drop_posts", data, done="Le poste est retiré ; « Annuler » le remet.")


_PARTS = {"postes": "Semaine", "absence": "Absences", "annee": "Année"}
_SHOWN = {
    "postes": posts_part,
    "absence": absence_part,
    "annee": year_part,
}
#: Former parts, and those that replaced them.
_FORMER = {"besoins": "postes", "resilience": "absence", "tis": "postes", "cout": "annee"}
_ALL = "Toutes les zones"


def equipes(study: Study) -> None:
    """Draw the page; the address of a former part leads to what replaced it."""
    if address.asked_part() == "organisation":
        st.switch_page("pages/donnees.py", query_params=address.of_part(NOTICES))
    work = current_scenario.current()
    text = opened_line(work) or f"sur le {study.analysis.baseline.current.noun}"
    html.show(html.title("Équipes", f"qui est où, qui remplace, en combien de temps — {text}"))
    _follow_map(work.plan)
    state.within(TeamView, work.plan)
    _bar(study)
    with st.container():
        trouble(study, work)
    notice_box()
    staff = Staff(study)
    repairs(staff)
    shown = state.of(TeamView).part
    (_SHOWN | {part.key: part.draw for part in team_parts()})[shown](staff)
    address.publish(work)


def _follow_map(plan: Plan) -> None:
    """Show the zone of what was chosen on the map, once for each choice; at first, a zone."""
    chosen = state.follow_map(TeamView, plan)
    if chosen is not None and any(chosen.places):
        sector, zone = chosen.around(plan)
        state.update(TeamView, sector=sector, zone=zone, post=None, opened=True)
    elif not state.of(TeamView).opened:
        first = next((zone for zone in plan.zones if plan.members(zone.id)), None)
        if first is not None:
            state.update(TeamView, opened=True, sector=first.sector, zone=first.id)


def _bar(study: Study) -> None:
    plan, view = study.plan, state.of(TeamView)
    sector_side, zone_side, tools = st.columns([1, 1.2, 1.5], vertical_alignment="bottom")
    sectors = {None: worded("{Whole_territory}")} | {
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
        for way in ("undo", "redo"):
            step_button(way, f"equipes.{way}")
    undo_asked()
    asked = address.asked_part()
    more = {part.key: part.label for part in team_parts() if asked == part.key or part.offered()}
    choose_part(TeamView, _PARTS | more, former=_FORMER)


def _go(**changes: str | None) -> None:
    state.clear_notice()
    state.update(TeamView, post=None, **changes)


def _look_at(plan: Plan, zone: str | None) -> None:
    """Select a zone and its sector, or all zones of the sector in view."""
    if zone is None:
        _go(zone=None)
    else:
        _go(sector=plan.zone(zone).sector, zone=zone)
