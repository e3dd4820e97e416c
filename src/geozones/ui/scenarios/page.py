"""Page « Scénarios »: keep, compare, decide, share."""

from collections.abc import Sequence

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
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.notice_box import notice_box
from geozones.workspace.study import Study

_IMPORT = "scenarios.importer"


def scenarios_page(study: Study) -> None:
    """Draw the page."""
    work = current_scenario.current()
    html.show(html.title("Scénarios", "garder, comparer, décider"))
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
    """Show the scenarios; return the id of the chosen one."""
    if not listed:
        html.show(
            html.note(
                "Aucun scénario encore. Faites un premier déplacement sur la carte : il est "
                "enregistré aussitôt. Ou importez un fichier."
            )
        )
    else:
        rows = [
            (
                entry.name,
                entry.status + (" (archivé)" if entry.archived else ""),
                str(entry.moves),
                entry.author,
                moment(address.local(entry.updated)),
            )
            for entry in listed
        ]
        heads = ("Scénario", "Statut", "Changements", "Par", "Dernier changement")
        caption = plural(len(listed), "scénario")
        html.show(html.table(caption, heads, rows, numeric=frozenset({2})))
    state.bound(ScenariosView, "archived").draw(st.checkbox, "Montrer aussi les archivés")
    names = {entry.id: f"{entry.name} · {entry.status}" for entry in listed}
    if not names:
        return None
    chosen: str = chooser(
        "Scénario à ouvrir ou à gérer", names, state.bound(ScenariosView, "managed")
    )
    return chosen


def _new() -> None:
    with st.expander("Importer un scénario (fichier JSON)", icon=":material/upload:"):
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
    state.notify("ok", f"« {work.name} » est importé et ouvert, comme hypothèse.")
