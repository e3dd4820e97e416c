"""Rule of the needs that nobody typed, and import of a file of needs or sizes."""

from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from geozones.common.french import listing, of, plural
from geozones.domain.terms import terms, worded
from geozones.domain.workload import (
    MAX_NEED,
    MAX_SITE,
    PER_HALF_DAY_RANGE,
    Basis,
    WorkloadRule,
    rule_to_json,
)
from geozones.ui import current_scenario, state
from geozones.ui.server import uploads
from geozones.workspace.teams.needs_file import needs_changes, read_needs
from geozones.workspace.teams.staff import Staff

_RULE = "equipes.regle."
_FILE = "equipes.fichier"
#: Most rejected cells to describe one by one.
_MAX_REPORTED = 6
#: Columns of sizes, by the titles that lists give them.
_SIZES = "« élèves », « postes » (informatiques) ou « tickets »"


def rule_menu(staff: Staff) -> None:
    """Let the user change the rule of the needs, which is part of the scenario."""
    rule = staff.people.rule
    with st.expander("Règle des besoins"):
        known = [basis for basis in Basis if basis in {Basis.TYPE, *rule.per_half_day}]
        bound = state.BoundValue(_RULE + "base", rule.basis, lambda basis: _set_rule(basis=basis))
        bound.draw(st.selectbox, "Les besoins sont calculés d'après", known, format_func=_label)
        if rule.bases:
            _by_size(rule)
        st.caption(
            f"Hypothèse par type, pour les {terms().site.plural} sans nombre "
            f"{of(rule.bases[-1].label)} connu"
            if rule.bases
            else worded("Hypothèse par type {of_site}")
        )
        _by_type(staff, rule)


def _label(basis: Basis) -> str:
    return f"le {basis.label}" if basis is Basis.TYPE else f"les {basis.label}"


def _by_size(rule: WorkloadRule) -> None:
    columns = st.columns(2, vertical_alignment="bottom")
    site = state.BoundValue(
        _RULE + "site", rule.site_half_days, lambda value: _set_rule(site_half_days=int(value))
    )
    site.draw(columns[0].number_input, "Demi-journées de base par site", 0, MAX_SITE)
    low, high = PER_HALF_DAY_RANGE
    for rank, basis in enumerate(rule.bases, 1):
        worth = rule.per_half_day[basis]
        bound = state.BoundValue(f"{_RULE}par.{basis}", worth, partial(_set_worth, basis))
        label = f"{basis.label.capitalize()} par demi-journée supplémentaire"
        digits = next((digits for digits in range(2) if round(worth, digits) == worth), 2)
        shown = f"%.{digits}f"
        bound.draw(columns[rank % 2].number_input, label, low, high, step=1.0, format=shown)


def _set_worth(basis: Basis, value: float) -> None:
    worth = current_scenario.current().state.teams.rule.per_half_day
    _set_rule(per_half_day={**worth, basis: float(value)})


def _by_type(staff: Staff, rule: WorkloadRule) -> None:
    known = sorted({lycee.kind for lycee in staff.study.territory.lycees.values()})
    kinds = dict.fromkeys((*rule.by_type, *known))
    columns = st.columns(2)
    for rank, kind in enumerate(kinds):
        need = rule.by_type.get(kind, rule.default)
        bound = state.BoundValue(_RULE + kind, need, partial(_set_type, kind))
        bound.draw(columns[rank % 2].number_input, kind, 0, MAX_NEED)
    bound = state.BoundValue(_RULE, rule.default, lambda value: _set_rule(default=int(value)))
    bound.draw(columns[len(kinds) % 2].number_input, "Autre type", 0, MAX_NEED)


def _set_type(kind: str, value: int) -> None:
    by_type = current_scenario.current().state.teams.rule.by_type
    _set_rule(by_type={**by_type, kind: int(value)})


def _set_rule(**fields: Any) -> None:  # noqa: ANN401 - fields of WorkloadRule
    before = current_scenario.current().state.teams.rule
    rule = replace(before, **fields)
    if rule != before and current_scenario.record("set_needs_rule", rule_to_json(rule)):
        state.notify("ok", "La règle est changée ; les besoins saisis restent comme ils sont.")


def needs_upload(staff: Staff) -> None:
    """Draw the upload of a column of needs, pupils, workstations or tickets."""
    with st.expander("Importer une colonne (CSV, XLSX)"):
        st.caption(
            f"Une colonne de {terms().code.plural}, et une colonne « besoin » (en demi-journées), "
            f"{_SIZES}. D'après les postes ou les tickets, le "
            f"total de leurs {terms().site.plural} reste ce qu'il était : seule la répartition "
            "change. Les cases refusées sont signalées une à une ; les autres sont importées "
            "ensemble."
        )
        uploads.uploader(
            _FILE,
            "Fichier des besoins",
            5,
            type=["csv", "xlsx", "ods", "txt"],
            on_change=_import,
            args=(staff,),
        )


@state.reporting_errors(after="Aucun besoin n'a changé.")
def _import(staff: Staff) -> None:
    upload = uploads.take(_FILE)
    if upload is None:
        return
    file = uploads.read_in_process(read_needs, staff.study.territory, upload.content)
    changes = needs_changes(staff.study, file)
    sentences = [fault.text for fault in file.rejected[:_MAX_REPORTED]]
    left = len(file.rejected) - _MAX_REPORTED
    if left > 0:
        sentences.append(f"et {plural(left, 'autre case', 'autres cases')}.")
    if not changes:
        state.notify("error", " ".join(["Aucune ligne n'a pu être importée.", *sentences]))
        return
    if all(
        current_scenario.record(change.kind, change.data, upload.name[:80]) for change in changes
    ):
        taken = []
        if file.needs:
            taken.append(plural(len(file.needs), "besoin importé", "besoins importés"))
        if file.basis is not None and file.sizes:
            taken.append(f"{file.basis.label} de {terms().site.counted(len(file.sizes))}")
        rejected = plural(len(file.rejected), "case laissée", "cases laissées")
        more = f" {rejected} : {' '.join(sentences)}" if sentences else ""
        message = " ".join([f"{listing(taken)[0].upper()}{listing(taken)[1:]}.", *file.notes])
        state.notify("error" if file.rejected else "ok", f"{message}{more}")
