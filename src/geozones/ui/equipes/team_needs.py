"""Needs of each lycée: computed by the rule, marked as a hypothesis, or typed by users."""

from collections.abc import Mapping
from typing import Any

import htpy
import streamlit as st

from geozones.common.errors import InputError
from geozones.common.french import number, plural
from geozones.domain.terms import terms, worded
from geozones.domain.workload import Basis, checked_need
from geozones.ui import current_scenario, state
from geozones.ui.equipes.team_needs_rule import needs_upload, rule_menu
from geozones.ui.state.equipes_views import NeedsView, RefusedNeed, TeamView
from geozones.ui.widgets import html
from geozones.ui.widgets.live_table import live_table
from geozones.workspace.teams.staff import Staff

_KEY = "equipes.besoins"
_HEADS = ("{Site}", "Zone", "{Sizes}", "Besoin", "Présence", "Origine")
_NUMERIC = frozenset({2, 3, 4})


def needs_part(staff: Staff) -> None:
    """Show the needs in view as one table to type in; then the rule, and the import."""
    html.show(
        html.note(
            "Combien de ",
            htpy.strong["demi-journées de présence par semaine"],
            worded(" pour chaque {site} ? Le document ne le précise pas : l'outil part d'une "),
            htpy.strong["hypothèse"],
            f", {staff.people.rule.text}. Corrigez-la dans le tableau : une case vidée revient à "
            "la règle. Dix demi-journées font une personne à plein temps.",
        )
    )
    live_table(_KEY, needs_markup(staff), change_needs)
    rule_side, upload_side = st.columns(2, gap="large")
    with rule_side:
        rule_menu(staff)
    with upload_side:
        needs_upload(staff)


def needs_markup(staff: Staff) -> htpy.Element:
    """Return the table of the needs in view, with a field for each lycée."""
    zones = state.of(TeamView).zones(staff.plan)
    rows = [row for zone in zones for row in _rows(staff, zone)]
    total = sum(sum(staff.needs(zone).values()) for zone in zones)
    caption = (
        f"Besoins {_where(staff)} : {plural(total, 'demi-journée')} par semaine, "
        f"soit au moins {plural(-(-total // 10), 'poste')} à plein temps"
    )
    table = html.table(
        caption, [worded(head) for head in _HEADS], rows, numeric=_NUMERIC, stacks=True
    )
    save = htpy.button(".gz-save", type="button", data_save="", aria_disabled="true")
    return htpy.div(".gz-needs")[table, save["Enregistrer les besoins"]]


def _where(staff: Staff) -> str:
    view = state.of(TeamView)
    if view.zone is not None:
        return f"de la zone {staff.plan.zone(view.zone).name}"
    return "de la région" if view.sector is None else "du secteur"


def _rows(staff: Staff, zone: str) -> list[tuple[htpy.Node, ...]]:
    posts, name = staff.people.of_zone(zone), staff.plan.zone(zone).name
    rows: list[tuple[htpy.Node, ...]] = []
    for lycee in staff.needs(zone):
        place = staff.study.territory.lycees[lycee]
        need, pupils = staff.people.need(place), staff.people.size(place, Basis.PUPILS)
        given = str(sum(post.cells.count(lycee) for post in posts)) if posts else "—"
        size = "—" if pupils is None else number(pupils)
        field = _field(staff, lycee, need.half_days, ruled=need.hypothesis)
        where = htpy.span(".gz-under")[f"{place.commune}, {place.kind}"]
        named = htpy.fragment[place.name, where]
        rows.append((named, name, size, field, given, need.origin))
    return rows


def _field(staff: Staff, lycee: str, half_days: int, *, ruled: bool) -> htpy.Node:
    """Return the field of a lycée; what was refused is kept for mending, with the reason."""
    refused = state.of(NeedsView).refused.get(lycee)
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
    refused, needs = dict(state.of(NeedsView).refused), dict[str, int | None]()
    for lycee, typed in numbers.items():
        if lycee not in study.plan.zone_by_lycee:
            continue
        refused.pop(lycee, None)
        try:
            need = _need(str(typed))
        except InputError as error:
            refused[lycee] = RefusedNeed(str(typed)[:20], str(error))
            continue
        now = study.teams.need(study.territory.lycees[lycee])
        if need != (now.half_days if need is not None or not now.hypothesis else None):
            needs[lycee] = need
    state.update(NeedsView, refused=refused)
    saved = not needs or current_scenario.record("set_needs", {"needs": needs}, done=_done(needs))
    if saved and refused:
        left = plural(len(refused), "case à corriger", "cases à corriger")
        state.notify("error", f"{_done(needs)} {left} dans le tableau.".strip())


def _need(typed: str) -> int | None:
    """Return the need in a cell, ``None`` for an empty one: back to the rule."""
    text = typed.strip()
    if not text:
        return None
    return checked_need(int(text) if text.isdecimal() else text, terms().site.of_a)


def _done(needs: Mapping[str, int | None]) -> str:
    if not needs:
        return ""
    return f"{plural(len(needs), 'besoin enregistré', 'besoins enregistrés')}."
