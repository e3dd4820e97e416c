"""Details of one scenario and actions on it: open, copy, edit, decide, publish, share, delete."""

import json
from collections.abc import Callable
from functools import partial

import htpy
import streamlit as st

from geozones.common.french import long_date
from geozones.domain import Decision, Scenario, ScenarioStatus
from geozones.ui import current_scenario, state
from geozones.ui.scenarios.publish_form import publish_form
from geozones.ui.scenarios.scenario_links import scenario_links
from geozones.ui.scenarios.scenario_members import scenario_members
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.scenarios_views import ScenariosView
from geozones.ui.state.session_views import Current
from geozones.ui.widgets import html
from geozones.ui.widgets.download import download_button
from geozones.ui.widgets.links import open_link, whole_link
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_STATUSES = list(ScenarioStatus)


def scenario_detail(study: Study, chosen: str | None) -> None:
    """Show a scenario, and the actions on it."""
    work = None if chosen is None else _opened(chosen)
    if work is None or work.scenario is None:
        return
    scenario = work.scenario
    html.show(htpy.fragment[html.hidden_title("Scénario choisi"), _card(study, work, scenario)])
    for notice in current_scenario.scenarios().left_out(scenario.id):
        html.show(html.warning(f"Illisible dans la base, et laissé de côté : {notice}."))
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Ouvrir sur la carte", type="primary", icon=":material/map:", key="scenario.ouvrir"
        ) and _open(scenario.id):
            st.switch_page("pages/carte.py")
        with st.popover("… Autres actions"):
            _other_actions(work, scenario)
    with st.expander("Statut et décision"):
        _decide(scenario)
    with st.expander("Publier"):
        publish_form(work, scenario.id)
    with st.expander("Partager"):
        scenario_links(scenario)


def _other_actions(work: Work, scenario: Scenario) -> None:
    """Draw what is seldom done with a scenario: copy, export, rename, rights, archive, delete."""
    with st.container(horizontal=True):
        st.button("Dupliquer", key="scenario.dupliquer", on_click=_duplicate, args=(scenario.id,))
        download_button(
            "Exporter",
            json.dumps(current_scenario.scenarios().export(work), ensure_ascii=False, indent=1),
            file_name="scenario-geozones.json",
            mime="application/json",
            icon=None,
            key="scenario.exporter",
        )
    with st.expander("Renommer, décrire"):
        _describe(scenario)
    with st.expander("Droits d'accès"):
        scenario_members(scenario.id)
    with st.expander("Archiver, supprimer"):
        _remove(scenario)


def _opened(chosen: str) -> Work | None:
    with html.showing_errors("Ce scénario ne peut pas être ouvert."):
        return current_scenario.scenarios().open(chosen)
    return None


def _card(study: Study, work: Work, scenario: Scenario) -> htpy.Element:
    forbidden = study.analysis.relocated(work.state.places).forbidden(work.plan)
    rows = [
        ("Statut", str(scenario.status)),
        ("Base", work.origin),
        ("Changements", str(len(work.timeline.path))),
        ("Créé", f"{long_date(scenario.created)} par {scenario.author}"),
    ]
    rows += [("Décision", decision_line(entry)) for entry in scenario.decisions]
    if work.is_retained:
        rows.append(("Verrou", "scénario figé, toute modification crée une copie"))
    if scenario.description:
        rows.append(("Description", scenario.description))
    alerts = html.bullets(forbidden, "gz-alerts") if forbidden else None
    return html.card(htpy.h3[scenario.name], html.facts(rows), alerts)


def decision_line(decision: Decision) -> str:
    """Return one sentence on a decision: version, date, author and text."""
    on = f"décision sur la version {decision.version}, du" if decision.version else "décision du"
    by = f", par {decision.author}" if decision.author else ""
    return f"{on} {long_date(decision.at)}{by} : {decision.text}"


def _act(chosen: str, message: str, change: Callable[[Work], Work]) -> bool:
    with state.reporting_errors():
        change(current_scenario.scenarios().open(chosen))
        _refresh(chosen)
        state.notify("ok", message)
        return True
    return False


def _refresh(chosen: str) -> None:
    """Reload the session's own scenario if it is the one that changed."""
    if _is_current(chosen):
        current_scenario.open_scenario(chosen)


def _is_current(scenario: str) -> bool:
    held = state.of(Current).work
    return held is not None and held.scenario is not None and held.scenario.id == scenario


def _open(chosen: str) -> bool:
    if not current_scenario.open_scenario(chosen):
        return False
    state.update(MapView, baseline=False, mode=Mode.EDIT)
    state.notify("ok", f"« {current_scenario.current().name} » est ouvert.", follows=True)
    return True


@state.reporting_errors()
def _duplicate(chosen: str) -> None:
    service = current_scenario.scenarios()
    copy = service.saver.duplicate(service.open(chosen))
    current_scenario.start(copy)
    state.notify("ok", f"« {copy.name} » est enregistré et ouvert : il est sur la carte.")


def _describe(scenario: Scenario) -> None:
    key = scenario.id
    state.bound(ScenariosView, "names", item=key, default=scenario.name).draw(
        st.text_input, "Nom", max_chars=120
    )
    state.bound(ScenariosView, "descriptions", item=key, default=scenario.description).draw(
        st.text_area, "Description", max_chars=4000
    )

    def save() -> None:
        # the text is read at the click: the last drawing may not have it yet
        typed = state.of(ScenariosView)
        name = typed.names.get(key, scenario.name)
        description = typed.descriptions.get(key, scenario.description)
        describe = partial(
            current_scenario.scenarios().describe, name=name, description=description
        )
        if _act(key, "Modifications enregistrées.", describe):
            state.drop_item(ScenariosView, "names", "descriptions", item=key)

    st.button("Enregistrer", key="scenario.decrire", on_click=save)


def _decide(scenario: Scenario) -> None:
    key = scenario.id
    state.bound(ScenariosView, "statuses", item=key, default=scenario.status).draw(
        st.segmented_control, "Statut", _STATUSES, required=True, format_func=str
    )
    state.bound(ScenariosView, "notes", item=key, default="").draw(
        st.text_area, "Note de décision (datée d'aujourd'hui)", max_chars=4000
    )

    def decide() -> None:
        typed = state.of(ScenariosView)
        wanted = typed.statuses.get(key, scenario.status)
        _decided(key, ScenarioStatus(wanted), typed.notes.get(key, ""))

    st.button("Enregistrer la décision", key="scenario.decider", on_click=decide)
    for entry in scenario.decisions:
        if entry.frozen:
            link = whole_link(asks={address.FROZEN: entry.frozen})
            html.show(open_link(link, f"Voir la version {entry.version}, du {long_date(entry.at)}"))


@state.reporting_errors()
def _decided(chosen: str, wanted: ScenarioStatus, note: str) -> None:
    service = current_scenario.scenarios()
    service.decide(service.open(chosen), wanted, note)
    _refresh(chosen)
    state.drop_item(ScenariosView, "statuses", "notes", item=chosen)
    state.notify("ok", f"Statut du scénario : {wanted}.")


def _remove(scenario: Scenario) -> None:
    label, text = (
        ("Restaurer", "Le scénario est restauré.")
        if scenario.archived
        else ("Archiver", "Le scénario est archivé ; il n'est pas perdu.")
    )

    def archive() -> None:
        service = current_scenario.scenarios()
        _act(scenario.id, text, partial(service.archive, archived=not scenario.archived))

    st.button(label, key="scenario.archiver", on_click=archive)
    sure = state.bound(ScenariosView, "sure", item=scenario.id, default=False).draw(
        st.checkbox, "Je veux le supprimer pour toujours, avec son historique"
    )

    @state.reporting_errors()
    def delete() -> None:
        current_scenario.scenarios().delete(scenario.id)
        if _is_current(scenario.id):
            current_scenario.start(current_scenario.scenarios().new())
        state.notify("ok", f"« {scenario.name} » est supprimé.")

    st.button("Supprimer", key="scenario.supprimer", disabled=not sure, on_click=delete)
