"""Needs of each lycée: computed by the rule, typed by users, or read from a file."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.errors import InputError
from geozones.common.french import listing, number, of, plural
from geozones.domain.settings import documented
from geozones.domain.teams import (
    DEFAULT_BY_TYPE,
    MAX_NEED,
    MAX_SITE,
    PER_HALF_DAY_RANGE,
    SIZE_TITLES,
    Basis,
    WorkloadRule,
    checked_need,
    rule_to_json,
)
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.server import uploads
from geozones.ui.state.page_views import RefusedNeed, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import live_table, when_open
from geozones.ui.widgets.table_columns import corrected_columns, take_table
from geozones.workspace.folder.tables import needs_table_columns
from geozones.workspace.teams import Staff, needs_changes, read_needs

_RULE = "equipes.regle."
_FILE = "equipes.fichier"
#: Most rejected cells to describe one by one.
_MAX_REPORTED = 6


@when_open(st.expander, "Règle des besoins", key=_RULE + "boite")
def rule_menu(staff: Staff) -> None:
    """Let the user change the rule of the needs, which is part of the scenario."""
    rule, sites = staff.people.rule, terms().site.plural
    offered = [basis for basis in Basis if basis in {Basis.TYPE, *rule.per_half_day}]
    state.BoundValue(_RULE + "base", rule.basis, lambda basis: _set_rule(basis=basis)).draw(
        st.selectbox,
        "Les besoins sont calculés d'après",
        offered,
        format_func=lambda basis: f"{'le' if basis is Basis.TYPE else 'les'} {basis.label}",
    )
    about = worded("Hypothèse par type {of_site} (demi-journées par semaine)")
    if rule.bases:
        about = (
            f"Hypothèse par type, pour les {sites} sans nombre {of(rule.bases[-1].label)} "
            "connu (demi-journées par semaine)"
        )
        _by_size(rule)
    st.caption(about)
    _by_type(staff, rule)


def _by_size(rule: WorkloadRule) -> None:
    columns = st.columns(2, vertical_alignment="bottom")
    site = state.BoundValue(
        _RULE + "site", rule.site_half_days, lambda value: _set_rule(site_half_days=int(value))
    )
    site.draw(columns[0].number_input, "Demi-journées de base par site", 0, MAX_SITE)

    def set_worth(basis: Basis, value: float) -> None:
        worth = current_scenario.current().state.teams.rule.per_half_day
        _set_rule(per_half_day={**worth, basis: float(value)})

    low, high = PER_HALF_DAY_RANGE
    for rank, basis in enumerate(rule.bases, 1):
        worth = rule.per_half_day[basis]
        bound = state.BoundValue(f"{_RULE}par.{basis}", worth, partial(set_worth, basis))
        label = f"{basis.label.capitalize()} par demi-journée supplémentaire"
        digits = next((digits for digits in range(2) if round(worth, digits) == worth), 2)
        shown = f"%.{digits}f"
        bound.draw(columns[rank % 2].number_input, label, low, high, step=1.0, format=shown)


def _by_type(staff: Staff, rule: WorkloadRule) -> None:
    here = sorted({lycee.kind for lycee in staff.study.territory.lycees.values()} - {""})
    set_here = (
        kind
        for kind, need in rule.by_type.items()
        if kind in here or need != DEFAULT_BY_TYPE.get(kind)
    )

    def set_type(kind: str, value: int) -> None:
        by_type = current_scenario.current().state.teams.rule.by_type
        _set_rule(by_type={**by_type, kind: int(value)})

    kinds = dict.fromkeys((*set_here, *here))
    columns = st.columns(2)
    for rank, kind in enumerate(kinds):
        need = rule.by_type.get(kind, rule.default)
        bound = state.BoundValue(_RULE + kind, need, partial(set_type, kind))
        bound.draw(columns[rank % 2].number_input, kind, 0, MAX_NEED)
    bound = state.BoundValue(_RULE, rule.default, lambda value: _set_rule(default=int(value)))
    bound.draw(columns[len(kinds) % 2].number_input, "Autre type", 0, MAX_NEED)


def _set_rule(**fields: Any) -> None:  # noqa: ANN401 - fields of WorkloadRule
    before = current_scenario.current().state.teams.rule
    rule = replace(before, **fields)
    if rule != before and current_scenario.record("set_needs_rule", rule_to_json(rule)):
        state.notify("ok", "La règle est changée ; les besoins saisis restent comme ils sont.")


@state.reporting_errors(after="Aucun besoin n'a changé.", field="fichier")
def _read(staff: Staff, upload: uploads.Upload, corrections: Mapping[str, str]) -> None:
    territory = staff.study.territory
    file = uploads.read_in_process(read_needs, territory, upload.content, corrections)
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


_KEY = "equipes.besoins"
_HEADS = ("{Site}", "Zone", "{Sizes}", "Besoin", "Présence", "Origine")
_NUMERIC = frozenset({2, 3, 4})


def needs_part(staff: Staff) -> None:
    """Show the needs in view as one table to type in; then the rule, and the import."""
    html.show(html.subtitle("Besoins"))
    html.show(
        html.note(
            "Combien de ",
            htpy.strong["demi-journées de présence par semaine"],
            worded(" pour chaque {site} ? "),
            documented(
                "Le document ne le précise pas : l'outil part d'une ", "L'outil part d'une "
            ),
            htpy.strong["hypothèse"],
            f", {staff.people.rule.text}. Corrigez-la dans le tableau : une case vidée revient à "
            "la règle. Dix demi-journées font une personne à plein temps.",
        )
    )
    live_table(_KEY, needs_markup(staff), change_needs)
    rule_side, upload_side = st.columns(2, gap="large")
    with rule_side:
        rule_menu(staff)
    with upload_side, st.expander("Importer une colonne (CSV, XLSX)"):
        st.caption(
            f"Une colonne de {terms().code.plural}, et une colonne « besoin » (en demi-journées), "
            f"{worded(SIZE_TITLES)}. D'après les postes ou les tickets, le "
            f"total de leurs {terms().site.plural} reste ce qu'il était : seule la répartition "
            "change. Les cases refusées sont signalées une à une ; les autres sont importées "
            "ensemble."
        )
        table = _FILE, needs_table_columns, partial(_read, staff)
        uploads.uploader(
            _FILE,
            "Fichier des besoins",
            5,
            type=["csv", "xlsx", "ods", "txt"],
            on_change=take_table,
            args=table,
        )
        corrected_columns(*table)


def needs_markup(staff: Staff) -> htpy.Element:
    """Return the table of the needs in view, with a field for each lycée."""
    zones = state.of(TeamView).zones(staff.plan)
    rows = [row for zone in zones for row in _rows(staff, zone)]
    total = sum(sum(staff.needs(zone).values()) for zone in zones)
    view = state.of(TeamView)
    where = terms().territory.of_the if view.sector is None else "du secteur"
    if view.zone is not None:
        where = f"de la zone {staff.plan.zone(view.zone).name}"
    caption = (
        f"Besoins {where} : {plural(total, 'demi-journée')} par semaine, "
        f"soit au moins {plural(-(-total // 10), 'poste')} à plein temps"
    )
    table = html.table(
        caption, [worded(head) for head in _HEADS], rows, numeric=_NUMERIC, stacks=True
    )
    save = htpy.button(".gz-save", type="button", data_save="", aria_disabled="true")
    return htpy.div(".gz-needs")[table, save["Enregistrer les besoins"]]


def _rows(staff: Staff, zone: str) -> list[tuple[htpy.Node, ...]]:
    posts, name = staff.people.of_zone(zone), staff.plan.zone(zone).name
    rows: list[tuple[htpy.Node, ...]] = []
    for lycee in staff.needs(zone):
        place = staff.study.territory.lycees[lycee]
        need, pupils = staff.people.need(place), staff.people.size(place, Basis.PUPILS)
        given = str(sum(post.cells.count(lycee) for post in posts)) if posts else "—"
        size = "—" if pupils is None else number(pupils)
        field = _field(staff, lycee, need.half_days, ruled=need.hypothesis)
        where = htpy.span(".gz-under")[", ".join(filter(None, (place.commune, place.kind)))]
        named = htpy.fragment[place.name, where]
        rows.append((named, name, size, field, given, need.origin))
    return rows


def _field(staff: Staff, lycee: str, half_days: int, *, ruled: bool) -> htpy.Node:
    """Return the field of a lycée's need; a refused text stays in it, with the reason."""
    refused = state.of(TeamView).refused.get(lycee)
    why = f"gz-besoin-{lycee}"
    field = htpy.input(
        class_="gz-ruled" if ruled else None,
        type="text",
        inputmode="numeric",
        autocomplete="off",
        maxlength="20",
        data_lycee=lycee,
        data_at=lycee,
        data_kept=str(half_days),
        value=str(half_days) if refused is None else refused.typed,
        aria_label=f"Besoin de {staff.study.name(lycee)}, en demi-journées par semaine",
        aria_invalid=None if refused is None else "true",
        aria_describedby=None if refused is None else why,
    )
    if refused is None:
        return field
    return htpy.fragment[field, htpy.small(".gz-bad", id=why, role="alert")[refused.why]]


@state.reporting_errors()
def change_needs(gesture: Mapping[str, Any]) -> None:
    """Record the needs typed in the table (``numbers``: text by lycée) as one step.

    What is not a need is refused in its own row; the others are recorded.
    """
    numbers = gesture.get("numbers")
    if not isinstance(numbers, dict):
        return
    study = current_scenario.study()
    refused, needs = dict(state.of(TeamView).refused), dict[str, int | None]()
    for lycee, typed in numbers.items():
        if lycee not in study.plan.zone_by_lycee:
            continue
        refused.pop(lycee, None)
        text = str(typed).strip()
        try:
            whole = int(text) if text.isdecimal() else text
            # an emptied cell goes back to the rule
            need = checked_need(whole, terms().site.of_a) if text else None
        except InputError as error:
            refused[lycee] = RefusedNeed(str(typed)[:20], str(error))
            continue
        now = study.teams.need(study.territory.lycees[lycee])
        if need != (now.half_days if need is not None or not now.hypothesis else None):
            needs[lycee] = need
    state.update(TeamView, refused=refused)
    count = plural(len(needs), "besoin enregistré", "besoins enregistrés")
    done = f"{count}." if needs else ""
    saved = not needs or current_scenario.record("set_needs", {"needs": needs}, done=done)
    if saved and refused:
        left = plural(len(refused), "case à corriger", "cases à corriger")
        state.notify("error", f"{done} {left} dans le tableau.".strip())
