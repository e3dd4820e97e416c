"""Needs of each lycée: computed by the rule, marked as a hypothesis, or typed by users."""

from functools import partial

import htpy
import streamlit as st

from geozones.common.french import number, plural
from geozones.domain import Lycee
from geozones.domain.workload import MAX_NEED, Basis, Need
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_needs_rule import needs_upload, rule_menu
from geozones.ui.state.equipes_views import TeamView
from geozones.ui.widgets import html
from geozones.workspace.teams.staff import Staff

_KEY = "equipes.besoin."


def needs_part(staff: Staff) -> None:
    """Show the form of needs of the zone in view, then the table of all needs in view."""
    html.show(
        html.note(
            "Combien de ",
            htpy.strong["demi-journées de présence par semaine"],
            " pour chaque lycée ? Le document ne le précise pas : l'outil part d'une ",
            htpy.strong["hypothèse"],
            f", {staff.people.rule.text}. Corrigez-la ici, ou importez une colonne. Dix "
            "demi-journées font une personne à plein temps.",
        )
    )
    typed_side, rule_side = st.columns([1.7, 1], gap="large")
    zone = state.of(TeamView).zone
    with typed_side:
        if zone is None:
            html.show(html.note("Choisissez une zone pour y taper les besoins lycée par lycée."))
        else:
            _zone(staff, zone)
        html.show(_table(staff))
    with rule_side:
        rule_menu(staff)
        needs_upload(staff)


def _zone(staff: Staff, zone: str) -> None:
    lycees = staff.study.territory.lycees
    html.show(html.subtitle(f"Zone {staff.plan.zone(zone).name}"))
    for lycee in staff.plan.members(zone):
        need = staff.people.need(lycees[lycee])
        value, origin = st.columns([1.6, 1], vertical_alignment="bottom", gap="small")
        key = _KEY + lycee
        label = f"{staff.study.name(lycee)} · {lycees[lycee].kind}"
        bound = state.BoundValue(key, need.half_days, partial(_set, staff, lycee))
        bound.draw(value.number_input, label, 0, MAX_NEED)
        if need.hypothesis:
            html.show(_origin(staff, lycees[lycee], need), origin)
        else:
            origin.button(
                "Revenir à la règle",
                key=f"{key}.rendre",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=_give_back,
                args=(staff, lycee),
            )


def _origin(staff: Staff, lycee: Lycee, need: Need) -> htpy.Element:
    """Return the basis of a need that nobody typed."""
    if need.source is None or need.source is Basis.TYPE:
        return htpy.span(".gz-pill.gz-draft")[need.origin]
    size = staff.people.size(lycee, need.source) or 0
    return html.remark(f"{number(size)} {need.source.label}")


def _set(staff: Staff, lycee: str, value: int) -> None:
    people = current_scenario.current().state.teams
    if value == people.need(staff.study.territory.lycees[lycee]).half_days:
        return
    done = f"{staff.study.name(lycee)} : {plural(int(value), 'demi-journée')} par semaine."
    current_scenario.record("set_needs", {"needs": {lycee: int(value)}}, done=done)


def _give_back(staff: Staff, lycee: str) -> None:
    done = f"{staff.study.name(lycee)} : de nouveau la règle."
    current_scenario.record("set_needs", {"needs": {lycee: None}}, done=done)


def _zones_in_view(staff: Staff) -> list[str]:
    view = state.of(TeamView)
    if view.zone is not None:
        return [view.zone]
    zones = staff.plan.zones if view.sector is None else staff.plan.zones_of(view.sector)
    return [zone.id for zone in zones]


def _table(staff: Staff) -> htpy.Element:
    rows, total = [], 0
    view = state.of(TeamView)
    zones = _zones_in_view(staff)
    if view.zone is not None and view.sector is not None:
        zones = [zone.id for zone in staff.plan.zones_of(view.sector)]
    for zone in zones:
        for lycee, half_days in staff.needs(zone).items():
            place = staff.study.territory.lycees[lycee]
            need = staff.people.need(place)
            total += half_days
            name = staff.plan.zone(zone).name
            pupils = staff.people.size(place, Basis.PUPILS)
            size = "—" if pupils is None else number(pupils)
            who = (place.name, place.commune, place.kind, name)
            rows.append((*who, size, str(half_days), need.origin))
    where = "de la région" if view.sector is None else "du secteur"
    caption = (
        f"Besoins {where} : {plural(total, 'demi-journée')} par semaine, "
        f"soit au moins {plural(-(-total // 10), 'poste')} à plein temps"
    )
    heads = ("Lycée", "Commune", "Type", "Zone", "Élèves", "Demi-journées", "Origine")
    return html.table(caption, heads, rows, numeric=frozenset({4, 5}))
