"""Page « Scénarios »: their list, the sheet of one, publications, comparison."""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import plural, recent_moment
from geozones.domain import ScenarioSummary
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.feature_parts import feature_parts
from geozones.ui.opened_data import current_analysis
from geozones.ui.scenarios.comparison import compare_scenarios
from geozones.ui.scenarios.scenario_detail import scenario_detail
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor, login_button
from geozones.ui.state import address
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import live_table
from geozones.ui.widgets.scenario_bar import notice_box, opened_line, start_again
from geozones.ui.widgets.table_columns import corrected_columns, take_table
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.tables import assignment_columns
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import is_scenario_file, study_of_work

_IMPORT = "scenarios.importer"


def scenarios_page(study: Study) -> None:
    """Draw the page."""
    if state.of(ScenariosView).leaves:
        state.update(ScenariosView, leaves=False)
        st.switch_page("pages/carte.py")
    work = current_scenario.current()
    opened = opened_line(work) or "aucun scénario ouvert"
    html.show(html.title("Scénarios", f"garder, comparer, décider — {opened}"))
    notice_box()
    login_button()
    for damaged in current_scenario.scenarios().damaged():
        html.show(html.error(str(damaged)))
    list_side, sheet_side = st.columns([1, 2.6], gap="large")
    listed = current_scenario.scenarios().list(archived=state.of(ScenariosView).archived)
    with list_side:
        chosen = _list(listed)
        if actor().role >= Role.PLANNER:
            _others(study, listed)
    with sheet_side:
        if chosen is None:
            html.show(html.note(f"Aucun scénario encore. {_how_one_begins()}"))
        else:
            scenario_detail(chosen)
    for parts in feature_parts():
        parts.page()
    compare_scenarios(listed)
    address.publish(work)


def _list(listed: Sequence[ScenarioSummary]) -> str | None:
    """Show the scenarios, each a row that one clicks; return the id of the chosen one."""
    if actor().role >= Role.PLANNER:
        st.button(
            "Nouveau scénario",
            type="primary",
            icon=":material/add:",
            width="stretch",
            key="scenarios.nouveau",
            on_click=_begin,
        )
    chosen = _chosen(listed)
    if chosen is not None:
        live_table("scenarios.liste", list_markup(listed, chosen), choose_row)
    return chosen


def _how_one_begins() -> str:
    if actor().role < Role.PLANNER:
        return "Ceux que les planificateurs enregistrent paraîtront ici."
    return (
        "« Nouveau scénario » mène à la carte : le premier déplacement y est enregistré aussitôt. "
        "Ou ouvrez un fichier."
    )


def _begin() -> None:
    """Start a scenario and go to the map: it is stored with its first change."""
    start_again(follows=True)
    state.update(ScenariosView, leaves=True)


def _chosen(listed: Sequence[ScenarioSummary]) -> str | None:
    """Return the row chosen, else the scenario of the session, else the first; ``None``: none."""
    own = current_scenario.current().scenario
    asked = (state.of(ScenariosView).managed, None if own is None else own.id)
    ids = [entry.id for entry in listed]
    return next((key for key in (*asked, *ids) if key in ids), None)


def list_markup(listed: Sequence[ScenarioSummary], chosen: str) -> htpy.Element:
    """Return the list of scenarios; a button covers each row, the chosen one is marked."""
    notes = [parts.waiting() for parts in feature_parts()]
    rows = [
        htpy.li[
            htpy.button(
                type="button",
                data_open=entry.id,
                data_at=entry.id,
                aria_current="true" if entry.id == chosen else None,
            )[entry.name],
            htpy.small[_about(entry)],
            [htpy.span(".gz-waits")[note[entry.id]] for note in notes if entry.id in note],
        ]
        for entry in listed
    ]
    return htpy.div(".gz-opens")[
        htpy.div(".gz-scroll", tabindex="0", role="region", aria_label="Scénarios")[htpy.ul[rows]]
    ]


def _about(entry: ScenarioSummary) -> str:
    parts = [_moved(current_analysis(), entry.id, entry.updated), str(entry.status)]
    parts += ["archivé"] if entry.archived else []
    return " · ".join(filter(None, (*parts, recent_moment(entry.updated))))


@lru_cache(maxsize=1024)
def _moved(analysis: Analysis, scenario: str, updated: str) -> str:  # noqa: ARG001 - the cache's key
    """Return how many lycées a scenario moves from its base; empty if none, or not opened."""
    try:
        moved = study_of_work(analysis, current_scenario.scenarios().open(scenario)).moved
    except GeozonesError:
        return ""
    if not moved:
        return ""
    return plural(len(moved), worded("{site} déplacé"), worded("{sites} déplacés"))


def choose_row(gesture: Mapping[str, Any]) -> None:
    """Show the details of the scenario whose row was clicked."""
    state.clear_notice()
    state.update(ScenariosView, managed=str(gesture.get("id")))


def _others(study: Study, listed: Sequence[ScenarioSummary]) -> None:
    has_any = bool(listed or current_scenario.scenarios().list(archived=True))
    with st.popover("Archivés, ouvrir un fichier" if has_any else "Ouvrir un fichier"):
        if has_any:
            state.bound(ScenariosView, "archived").draw(st.checkbox, "Montrer aussi les archivés")
        table = _IMPORT, assignment_columns, partial(_read, study)
        uploads.uploader(
            _IMPORT,
            "Scénario ou plan (JSON), ou affectation (CSV : deux colonnes, site et zone)",
            20,
            type=["json", "csv"],
        )
        st.button(
            "Ouvrir ce fichier",
            key="scenarios.importer.faire",
            on_click=take_table,
            args=table,
            disabled=not uploads.is_there(_IMPORT),
        )
        corrected_columns(*table)


@state.reporting_errors(after="Votre plan n'a pas changé.")
def _read(study: Study, upload: uploads.Upload, corrections: Mapping[str, str]) -> None:
    """Store the scenario of a file; open the plan or the assignment of another on the map."""
    service = current_scenario.scenarios()
    if is_scenario_file(upload.content):
        work = service.import_(upload.content)
        current_scenario.start(work)
        state.update(ScenariosView, managed=work.saved.id)
        state.notify("ok", f"« {work.name} » est importé et ouvert. Son statut : hypothèse.")
        return
    file = study.atlas.read_plan(upload.content, corrections)
    forbidden = study.analysis.relocated(file.places).forbidden(file.plan)
    origin = f"le fichier {upload.name[:80]}"
    current_scenario.start(service.new(file.plan, origin, file.places))
    state.update(ScenariosView, leaves=True)
    sentences = ["Le plan est ouvert ; votre premier changement en fera un scénario enregistré."]
    if forbidden:
        sentences.append("Il n'est pas valable : " + " ".join(forbidden))
    state.notify("error" if forbidden else "ok", " ".join(sentences), follows=True)
