"""Page « Scénarios »: keep, compare, decide, share."""

from collections.abc import Mapping, Sequence
from typing import Any

import htpy
import streamlit as st

from geozones.common.french import moment, plural
from geozones.domain import ScenarioSummary
from geozones.ui import current_scenario, state
from geozones.ui.scenarios import comparison
from geozones.ui.scenarios.actions_log import actions_log
from geozones.ui.scenarios.publications_list import publications_list
from geozones.ui.scenarios.scenario_detail import scenario_detail
from geozones.ui.server import uploads
from geozones.ui.server.auth import login_button
from geozones.ui.state import address
from geozones.ui.state.scenarios_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.live_table import live_table
from geozones.ui.widgets.notice_box import notice_box
from geozones.ui.widgets.scenario_bar import opened_line
from geozones.workspace.study import Study

_IMPORT = "scenarios.importer"


def scenarios_page(study: Study) -> None:
    """Draw the page."""
    work = current_scenario.current()
    opened = opened_line(work) or "aucun scénario ouvert"
    html.show(html.title("Scénarios", f"garder, comparer, décider — {opened}"))
    notice_box()
    login_button()
    listed = _listed()
    for damaged in current_scenario.scenarios().damaged():
        html.show(html.error(str(damaged)))
    list_side, detail_side = st.columns([1.35, 1], gap="large")
    with list_side:
        chosen = _list(listed)
        _new()
    with detail_side:
        scenario_detail(study, chosen)
    publications_list()
    comparison.compare_scenarios(study, listed)
    actions_log()
    address.publish(work)


def _listed() -> tuple[ScenarioSummary, ...]:
    return current_scenario.scenarios().list(archived=state.of(ScenariosView).archived)


def _list(listed: Sequence[ScenarioSummary]) -> str | None:
    """Show the scenarios, each a row that one clicks; return the id of the chosen one."""
    chosen = _chosen(listed)
    if chosen is None:
        html.show(
            html.note(
                "Aucun scénario encore. Faites un premier déplacement sur la carte : il est "
                "enregistré aussitôt. Ou importez un fichier."
            )
        )
    else:
        live_table("scenarios.liste", list_markup(listed, chosen), choose_row)
    state.bound(ScenariosView, "archived").draw(st.checkbox, "Montrer aussi les archivés")
    return chosen


def _chosen(listed: Sequence[ScenarioSummary]) -> str | None:
    """Return the row chosen, else the scenario of the session, else the first; ``None``: none."""
    own = current_scenario.current().scenario
    asked = (state.of(ScenariosView).managed, None if own is None else own.id)
    ids = [entry.id for entry in listed]
    return next((key for key in (*asked, *ids) if key in ids), None)


def list_markup(listed: Sequence[ScenarioSummary], chosen: str) -> htpy.Element:
    """Return the table of scenarios; a button covers each row, the chosen one is marked."""
    rows: list[tuple[htpy.Node, ...]] = [
        (
            htpy.button(
                type="button",
                data_open=entry.id,
                data_at=entry.id,
                aria_current="true" if entry.id == chosen else None,
            )[entry.name],
            entry.status + (" (archivé)" if entry.archived else ""),
            str(entry.moves),
            entry.author,
            moment(address.local(entry.updated)),
        )
        for entry in listed
    ]
    heads = ("Scénario", "Statut", "Changements", "Par", "Dernier changement")
    caption = f"{plural(len(listed), 'scénario')} : un clic sur une ligne montre sa fiche"
    table = html.table(caption, heads, rows, numeric=frozenset({2}), stacks=True)
    return htpy.div(".gz-opens")[table]


def choose_row(gesture: Mapping[str, Any]) -> None:
    """Show the details of the scenario whose row was clicked."""
    state.clear_notice()
    state.update(ScenariosView, managed=str(gesture.get("id")))


def _new() -> None:
    with st.expander("Importer un scénario (fichier JSON)"):
        uploads.uploader(_IMPORT, "Fichier de scénario", 20, type="json")
        st.button(
            "Importer",
            key="scenarios.importer.faire",
            on_click=_take,
            disabled=not uploads.is_there(_IMPORT),
        )


@state.reporting_errors()
def _take() -> None:
    upload = uploads.take(_IMPORT)
    if upload is None:
        return
    work = current_scenario.scenarios().import_(upload.content)
    current_scenario.start(work)
    state.notify("ok", f"« {work.name} » est importé et ouvert. Son statut : hypothèse.")
