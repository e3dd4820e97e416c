"""Page « Équipes »: its parts, repairs of grids, hypotheses."""

from dataclasses import replace
from functools import partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain import Plan
from geozones.domain.settings import HYPOTHESIS_BOUNDS, TeamSettings, documented
from geozones.domain.teams import Misfit, repaired, slot_name
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_absence import absence_part
from geozones.ui.equipes.team_bilan import bilan_part
from geozones.ui.equipes.team_cost import cost_part
from geozones.ui.equipes.team_grid import save_posts
from geozones.ui.equipes.team_needs import needs_part
from geozones.ui.equipes.team_posts import posts_part
from geozones.ui.notices import NOTICES
from geozones.ui.opened_data import default_analysis
from geozones.ui.state import address
from geozones.ui.state.page_views import TeamView
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import choose_part
from geozones.ui.widgets.option_fields import chooser, restore
from geozones.ui.widgets.scenario_bar import notice_box, opened_line, trouble
from geozones.workspace.scenarios.open_scenario import Work
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


_KEY = "equipes.hypothese."
#: Field, label, step; a share is shown in percent. Bounds are those of `HYPOTHESIS_BOUNDS`.
_FIELDS = (
    ("split_minutes", "Trajet le plus long entre deux {sites} d'une même journée (min)", 5),
    ("gap_days", "Jours de suite sans personne dans {a_site}, au plus", 1),
    ("max_posts", "Postes d'une zone, au plus", 1),
    (
        "max_known",
        "{Proximity_technicians} différent{e_proximity_technician}s dans {a_site}, au plus",
        1,
    ),
    ("shared_minutes", "De la résidence aux autres {sites} du poste, au plus (min)", 5),
    ("monthly_cap", "Interventions hors {of_the_site} du jour, par personne et par mois", 1),
    ("near_minutes", "Durée maximale d'une relève rapide (min)", 5),
    ("absence_rate", "Taux d'absence (%)", 1),
    ("absence_days", "Durée moyenne d'une absence (jours ouvrés)", 1),
    ("year_days", "Jours travaillés par an", 5),
    ("half_day_minutes", "Durée d'une demi-journée (min)", 15),
    ("tis_visits", "Visites {of_a_sector_technician} par {site} et par mois", 1),
    ("tis_minutes", "Durée d'une visite {of_a_sector_technician} (min)", 15),
)
#: Sources of the defaults, by field.
_SOURCES = {
    "absence_rate": (
        "Maladie ordinaire des agents territoriaux : 4,8 % en 2019. Toutes les absences pour "
        "raison de santé, longues maladies et maternité comprises : 9,8 % (Panorama Sofaxis, "
        "novembre 2020). Essayez 8 ou 9 % pour compter aussi les longues absences."
    ),
}


def settings_menu(study: Study) -> None:
    """Let the user change the hypotheses for this session."""
    with st.popover("Hypothèses", icon=":material/tune:", key="equipes.hypotheses"):
        st.caption(
            "Aucun document ne donne ces chiffres : ce sont des hypothèses de l'outil, à régler "
            "ensemble. Elles valent pour toutes les pages de cette session."
        )
        settings = study.settings.teams
        for field, label, step in _FIELDS:
            named = worded(label)
            low, high = (_percent(field, bound) for bound in HYPOTHESIS_BOUNDS[field])
            change = partial(_change, settings, field)
            bound = state.BoundValue(_KEY + field, _shown(settings, field), change)
            # side by side: a field must not move while the user reaches for the next
            value_side, back_side = st.columns([1.9, 1], vertical_alignment="bottom")
            source = _SOURCES.get(field)
            bound.draw(value_side.number_input, named, low, high, step=step, help=source)
            default = _shown(default_analysis().settings.teams, field)
            with back_side:
                restore(
                    _KEY + field,
                    str(default),
                    partial(change, default),
                    changed=_shown(settings, field) != default,
                )
        _replacing(settings)


def _replacing(settings: TeamSettings) -> None:
    """Draw the toggle for T.I.S. replacing absent T.I.P., which the document does not say."""
    bound = state.BoundValue(
        _KEY + "tis_replaces",
        settings.tis_replaces,
        lambda value: _set(settings, tis_replaces=bool(value)),
    )
    bound.draw(
        st.toggle,
        worded(
            "Hypothèse : {a_sector_technician} remplace {a_proximity_technician} "
            "absent{e_proximity_technician}"
        ),
        help=worded(
            documented(
                "Le document donne aux {sector_technicians} un appui aux {proximity_technicians} "
                "et les niveaux 2 et 3, pas le remplacement d'un absent. "
            )
            + "Avec cette hypothèse, {a_sector_technician} vient {of_the_support_centre} "
            "quand aucun collègue de la zone ne peut venir."
        ),
    )


def _shown(settings: TeamSettings, field: str) -> int:
    """Return a hypothesis as users type it: a share in percent."""
    return _percent(field, getattr(settings, field))


def _percent(field: str, value: float) -> int:
    return round(value * 100) if field == "absence_rate" else int(value)


def _change(settings: TeamSettings, field: str, value: int) -> None:
    kind = type(getattr(TeamSettings(), field))
    typed: Any = value / 100 if field == "absence_rate" else kind(value)
    _set(settings, **{field: typed})


def _set(settings: TeamSettings, **fields: Any) -> None:  # noqa: ANN401 - fields of TeamSettings
    now = state.of(HypothesesView).teams or settings
    state.update(HypothesesView, teams=replace(now, **fields))


_PARTS = {
    "postes": "Semaine",
    "besoins": "Besoins",
    "absence": "Absences",
    "cout": "Coût annuel",
    "bilan": "Bilan",
}
_SHOWN = {
    "postes": posts_part,
    "besoins": needs_part,
    "absence": absence_part,
    "cout": cost_part,
    "bilan": bilan_part,
}
#: Former parts, and those that replaced them.
_FORMER = {"resilience": "absence", "tis": "postes"}
_ALL = "Toutes les zones"


def equipes(study: Study) -> None:
    """Draw the page; the address of a former part leads to what replaced it."""
    asked = address.asked_part()
    if asked == "organisation":
        st.switch_page("pages/donnees.py", query_params=address.of_part(NOTICES))
    if asked in _FORMER:
        html.show_part(TeamView, _FORMER[asked])
    work = current_scenario.current()
    html.show(_title(study, work))
    _follow_map(work.plan)
    _first_time(work.plan)
    state.within(TeamView, work.plan)
    _bar(study)
    with st.container():
        trouble(study, work)
    notice_box()
    staff = Staff(study)
    repairs(staff)
    shown = state.of(TeamView).part
    _SHOWN[shown](staff)
    address.publish(work)


def _title(study: Study, work: Work) -> htpy.Element:
    text = opened_line(work) or f"sur le {study.analysis.baseline.current.noun}"
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
