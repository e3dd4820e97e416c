"""What each lycée needs: a rule by type, marked as a hypothesis, and what people typed over it."""

from dataclasses import replace
from functools import partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.domain.workload import (
    MAX_NEED,
    MAX_SITE,
    PER_HALF_DAY_RANGE,
    Basis,
    WorkloadRule,
    rule_to_json,
)
from geozones.ui import current_scenario, state
from geozones.ui.components import html
from geozones.ui.state.views import TeamView
from geozones.workspace.staffing.needs_file import read_needs
from geozones.workspace.staffing.staff import Staff

_KEY = "equipes.besoin."
_RULE = "equipes.regle."
_FILE = "equipes.fichier"


def needs_part(staff: Staff) -> None:
    """Show the needs of the zone in view to be typed, then those of everything in view."""
    html.show(
        html.note(
            "Combien de ",
            htpy.strong["demi-journées de présence par semaine"],
            " chaque lycée demande-t-il ? Le document ne le dit pas : l'outil part d'une ",
            htpy.strong["hypothèse"],
            " par type de lycée. Corrigez-la ici, ou importez une colonne. Dix demi-journées font "
            "une personne à plein temps.",
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
        _rule(staff)
        _file(staff)


def _zone(staff: Staff, zone: str) -> None:
    lycees = staff.study.territory.lycees
    html.show(html.subtitle(f"Zone {staff.plan.zone(zone).name}"))
    for lycee in staff.plan.members(zone):
        need = staff.people.need(lycees[lycee])
        value, origin = st.columns([1.6, 1], vertical_alignment="bottom", gap="small")
        key = _KEY + lycee
        label = f"{staff.study.name(lycee)} · {lycees[lycee].kind}"
        bound = state.Bound(key, need.half_days, partial(_set, staff, lycee))
        bound.draw(value.number_input, label, 0, MAX_NEED)
        if need.hypothesis:
            html.show(htpy.span(".gz-pill.gz-draft")["hypothèse"], origin)
        else:
            origin.button(
                "Revenir à l'hypothèse",
                key=f"{key}.rendre",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=_give_back,
                args=(staff, lycee),
            )


def _set(staff: Staff, lycee: str, value: int) -> None:
    people = current_scenario.current().state.teams
    if value == people.need(staff.study.territory.lycees[lycee]).half_days:
        return
    if current_scenario.record("set_needs", {"needs": {lycee: int(value)}}):
        name = staff.study.name(lycee)
        state.notify("ok", f"{name} : {plural(int(value), 'demi-journée')} par semaine.")


def _give_back(staff: Staff, lycee: str) -> None:
    if current_scenario.record("set_needs", {"needs": {lycee: None}}):
        state.notify("ok", f"{staff.study.name(lycee)} : de nouveau l'hypothèse par type.")


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
            rows.append((place.name, place.commune, place.kind, name, str(half_days), need.origin))
    where = "de la région" if view.sector is None else "du secteur"
    caption = (
        f"Besoins {where} : {plural(total, 'demi-journée')} par semaine, "
        f"soit au moins {plural(-(-total // 10), 'poste')} à plein temps"
    )
    heads = ("Lycée", "Commune", "Type", "Zone", "Demi-journées", "Origine")
    return html.table(caption, heads, rows, numeric=frozenset({4}))


def _rule(staff: Staff) -> None:
    rule = staff.people.rule
    with st.expander("Règle des besoins", icon=":material/rule:", expanded=True):
        bound = state.Bound(_RULE + "base", rule.basis, lambda basis: _set_rule(basis=basis))
        bound.draw(st.selectbox, "Les besoins vont d'après", list(Basis), format_func=_basis_label)
        if rule.basis is not Basis.TYPE:
            _by_size(rule)
        st.caption(
            "Hypothèse par type de lycée"
            if rule.basis is Basis.TYPE
            else f"Hypothèse par type, pour les lycées sans nombre de {rule.basis.label} connu"
        )
        _by_type(staff, rule)


def _basis_label(basis: Basis) -> str:
    return basis.label


def _by_size(rule: WorkloadRule) -> None:
    site_side, size_side = st.columns(2, vertical_alignment="bottom")
    bound = state.Bound(
        _RULE + "site", rule.site_half_days, lambda value: _set_rule(site_half_days=int(value))
    )
    bound.draw(site_side.number_input, "Demi-journées de tout site", 0, MAX_SITE)
    low, high = PER_HALF_DAY_RANGE
    size = state.Bound(
        _RULE + "par", rule.per_half_day, lambda value: _set_rule(per_half_day=float(value))
    )
    label = f"Une de plus par … {rule.basis.label}"
    size.draw(size_side.number_input, label, low, high, step=1.0, format="%0.0f")


def _by_type(staff: Staff, rule: WorkloadRule) -> None:
    known = sorted({lycee.kind for lycee in staff.study.territory.lycees.values()})
    kinds = dict.fromkeys((*rule.by_type, *known))
    columns = st.columns(2)
    for rank, kind in enumerate(kinds):
        need = rule.by_type.get(kind, rule.default)
        bound = state.Bound(_RULE + kind, need, partial(_set_type, kind))
        bound.draw(columns[rank % 2].number_input, kind, 0, MAX_NEED)
    bound = state.Bound(_RULE, rule.default, lambda value: _set_rule(default=int(value)))
    bound.draw(columns[len(kinds) % 2].number_input, "Autre type", 0, MAX_NEED)


def _set_type(kind: str, value: int) -> None:
    by_type = current_scenario.current().state.teams.rule.by_type
    _set_rule(by_type={**by_type, kind: int(value)})


def _set_rule(**fields: Any) -> None:  # noqa: ANN401 - fields of WorkloadRule
    before = current_scenario.current().state.teams.rule
    rule = replace(before, **fields)
    if rule != before and current_scenario.record("set_needs_rule", rule_to_json(rule)):
        state.notify("ok", "La règle est changée ; les besoins saisis restent comme ils sont.")


def _file(staff: Staff) -> None:
    with st.expander("Importer une colonne (CSV, XLSX)", icon=":material/upload_file:"):
        st.caption(
            "Une colonne de codes UAI, une colonne « besoin » ou « demi-journées ». Les lignes "
            "qui ne vont pas sont dites une à une ; les autres sont prises ensemble."
        )
        st.file_uploader(
            "Fichier des besoins",
            type=["csv", "xlsx", "ods", "txt"],
            key=_FILE,
            on_change=_import,
            args=(staff,),
        )


def _import(staff: Staff) -> None:
    upload = state.widget_value(_FILE)
    if upload is None:
        return
    try:
        needs_file = read_needs(staff.study.territory, upload.getvalue())
    except GeozonesError as error:
        state.notify("error", f"{error} Aucun besoin n'a changé.")
        return
    said = [f"Ligne {row} : {why}" for row, why in needs_file.rejected[:6]]
    if len(needs_file.rejected) > 6:
        said.append(f"et {len(needs_file.rejected) - 6} autres lignes.")
    if not needs_file.needs:
        state.notify("error", " ".join(["Aucune ligne n'a pu être prise.", *said]))
        return
    if current_scenario.record("set_needs", {"needs": needs_file.needs}, upload.name[:80]):
        taken = plural(len(needs_file.needs), "besoin importé", "besoins importés")
        kind = "error" if needs_file.rejected else "ok"
        left = plural(len(needs_file.rejected), "ligne laissée", "lignes laissées")
        more = f" {left} : {' '.join(said)}" if said else ""
        state.notify(kind, f"{taken}.{more}")
