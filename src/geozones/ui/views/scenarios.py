"""The page « Scénarios »: keep, compare, decide, share."""

import json
from collections.abc import Sequence

import streamlit as st

from geozones.domain import GeozonesError, ScenarioStatus, ScenarioSummary
from geozones.domain.french import long_date, moment, plural
from geozones.ui import desk, state
from geozones.ui.auth import login_button
from geozones.ui.components import comparison, html, legend
from geozones.ui.components.chooser import chooser
from geozones.ui.components.moves import notice_box
from geozones.workspace import Work, Workspace

_IMPORT, _ARCHIVED = "scenarios.importer", "scenarios.archives"
_STATUSES = list(ScenarioStatus)


def scenarios_page(workspace: Workspace) -> None:
    """Draw the page."""
    work = desk.current(workspace)
    st.html('<h1 class="gz-title">Scénarios <small>garder, comparer, décider</small></h1>')
    notice_box()
    login_button()
    try:
        listed = _listed(workspace)
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
        return
    list_side, detail_side = st.columns([1.35, 1], gap="large")
    with list_side:
        chosen = _list(listed)
        _new(workspace)
    with detail_side:
        _detail(workspace, chosen)
    comparison.compare_scenarios(workspace, listed)
    legend.sources(workspace)
    state.publish(work)


def _listed(workspace: Workspace) -> tuple[ScenarioSummary, ...]:
    archived = bool(state.widget(_ARCHIVED))
    return desk.scenarios(workspace).list(archived=archived)


def _list(listed: Sequence[ScenarioSummary]) -> str | None:
    """Show the scenarios; return the one chosen."""
    if not listed:
        st.html(
            '<p class="gz-hint">Aucun scénario encore. Faites un premier déplacement dans '
            "l'Atelier : il est enregistré aussitôt. Ou importez un fichier.</p>"
        )
    else:
        rows = [
            (
                entry.name,
                entry.status + (" (archivé)" if entry.archived else ""),
                str(entry.moves),
                entry.author,
                moment(state.local(entry.updated)),
            )
            for entry in listed
        ]
        heads = ("Scénario", "Statut", "Changements", "Par", "Dernier changement")
        caption = plural(len(listed), "scénario")
        st.html(html.table(caption, heads, rows, numeric=frozenset({2})))
    st.checkbox("Montrer aussi les archivés", key=_ARCHIVED)
    names = {entry.id: f"{entry.name} · {entry.status}" for entry in listed}
    if not names:
        return None
    managed = state.managed()
    chosen = managed if managed in names else next(iter(names))
    chooser("Scénario à ouvrir ou à gérer", names, chosen, state.manage, key="scenarios.choisi")
    return chosen


def _new(workspace: Workspace) -> None:
    with st.expander("Importer un scénario (fichier JSON)", icon=":material/upload:"):
        st.file_uploader("Fichier de scénario", type="json", key=_IMPORT)
        st.button(
            "Importer",
            key="scenarios.importer.faire",
            on_click=_take,
            args=(workspace,),
            disabled=state.widget(_IMPORT) is None,
        )


def _take(workspace: Workspace) -> None:
    upload = state.widget(_IMPORT)
    if upload is None:
        return
    try:
        work = desk.scenarios(workspace).take(upload.getvalue())
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    state.keep(work)
    state.notify("ok", f"« {work.name} » est importé et ouvert.")


def _detail(workspace: Workspace, chosen: str | None) -> None:
    """Show a scenario, and what can be done with it."""
    if chosen is None:
        return
    try:
        work = desk.scenarios(workspace).open(chosen)
    except GeozonesError as error:
        st.error(f"Ce scénario ne peut pas être ouvert. {error}", icon=":material/error:")
        return
    st.html(_card(workspace, work))
    with st.container(horizontal=True):
        st.button(
            "Ouvrir dans l'Atelier",
            type="primary",
            icon=":material/edit:",
            key="scenario.ouvrir",
            on_click=_open,
            args=(workspace, chosen),
        )
        st.button(
            "Dupliquer", key="scenario.dupliquer", on_click=_duplicate, args=(workspace, chosen)
        )
        st.download_button(
            "Exporter",
            json.dumps(desk.scenarios(workspace).give(work), ensure_ascii=False, indent=1),
            file_name="scenario-geozones.json",
            mime="application/json",
            on_click="ignore",
            key="scenario.exporter",
        )
    with st.expander("Renommer, décrire", icon=":material/edit_note:"):
        _describe(workspace, work)
    with st.expander("Statut et décision", icon=":material/gavel:"):
        _decide(workspace, work)
    with st.expander("Partager", icon=":material/share:"):
        _share(workspace, work)
    with st.expander("Archiver, supprimer", icon=":material/archive:"):
        _remove(workspace, work)


def _card(workspace: Workspace, work: Work) -> str:
    scenario = work.scenario
    if scenario is None:
        return ""
    forbidden = workspace.with_places(work.state.places).forbidden(work.plan)
    rows = [
        ("Statut", str(scenario.status)),
        ("Base", scenario.origin),
        ("Changements", str(len(work.timeline.path))),
        ("Créé", f"{long_date(scenario.created)} par {scenario.author}"),
    ]
    rows += [
        (long_date(entry.at), f"{entry.text} ({entry.author})") for entry in scenario.decisions
    ]
    if scenario.description:
        rows.append(("Description", scenario.description))
    body = html.facts(rows)
    if forbidden:
        body += html.bullets(forbidden, "gz-alerts")
    return f'<article class="gz-card"><h3>{html.text(scenario.name)}</h3>{body}</article>'


def _act(workspace: Workspace, chosen: str, said: str, **changes: object) -> None:
    service = desk.scenarios(workspace)
    try:
        service.describe(service.open(chosen), **changes)
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    _refresh(workspace, chosen)
    state.notify("ok", said)


def _refresh(workspace: Workspace, chosen: str) -> None:
    """Read the session's own scenario anew when it is the one that changed."""
    held = state.work()
    if held is not None and held.scenario is not None and held.scenario.id == chosen:
        desk.open_scenario(workspace, chosen)


def _open(workspace: Workspace, chosen: str) -> None:
    if desk.open_scenario(workspace, chosen):
        state.notify("ok", "Le scénario est ouvert : il est dans l'Atelier.")


def _duplicate(workspace: Workspace, chosen: str) -> None:
    service = desk.scenarios(workspace)
    try:
        copy = service.duplicate(service.open(chosen))
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    state.keep(copy)
    state.notify("ok", f"« {copy.name} » est enregistré et ouvert dans l'Atelier.")


def _describe(workspace: Workspace, work: Work) -> None:
    scenario = work.scenario
    if scenario is None:
        return
    name, text = f"nom.{scenario.id}", f"texte.{scenario.id}"
    st.text_input("Nom", scenario.name, max_chars=120, key=name)
    st.text_area("Description", scenario.description, max_chars=4000, key=text)
    # what is typed is read at the click, not at the drawing before it
    st.button(
        "Enregistrer",
        key="scenario.decrire",
        on_click=lambda: _act(
            workspace,
            scenario.id,
            "C'est enregistré.",
            name=state.widget(name),
            description=state.widget(text),
        ),
    )


def _decide(workspace: Workspace, work: Work) -> None:
    scenario = work.scenario
    if scenario is None:
        return
    status, note = f"statut.{scenario.id}", f"note.{scenario.id}"
    st.segmented_control(
        "Statut", _STATUSES, default=scenario.status, key=status, required=True, format_func=str
    )
    st.text_area("Note de décision (datée d'aujourd'hui)", key=note, max_chars=4000)
    st.button(
        "Enregistrer la décision",
        key="scenario.decider",
        on_click=lambda: _decided(workspace, scenario.id, status, note),
    )


def _decided(workspace: Workspace, chosen: str, status: str, note: str) -> None:
    service = desk.scenarios(workspace)
    wanted = ScenarioStatus(state.widget(status))
    try:
        service.decide(service.open(chosen), wanted, str(state.widget(note) or ""))
    except GeozonesError as error:
        state.notify("error", str(error))
        return
    _refresh(workspace, chosen)
    state.put(note, "")
    state.notify("ok", f"Le scénario est maintenant : {wanted}.")


def _share(workspace: Workspace, work: Work) -> None:
    scenario = work.scenario
    if scenario is None:
        return
    st.html(html.note("Lien pour modifier : à confier aux planificateurs. Il suit le scénario."))
    st.code(f"atelier?scenario={scenario.id}", language=None)

    def freeze() -> None:
        service = desk.scenarios(workspace)
        try:
            token = service.freeze(service.open(scenario.id))
        except GeozonesError as error:
            state.notify("error", str(error))
            return
        state.show_link(f"?version={token}")

    st.button(
        "Figer cette version et obtenir un lien en lecture seule",
        icon=":material/ac_unit:",
        key="scenario.figer",
        on_click=freeze,
    )
    link = state.link()
    if link is not None:
        st.html(html.note("Lien en lecture seule : ce qu'il montre ne changera plus."))
        st.code(link, language=None)


def _remove(workspace: Workspace, work: Work) -> None:
    scenario = work.scenario
    if scenario is None:
        return
    label, said = (
        ("Restaurer", "Le scénario est restauré.")
        if scenario.archived
        else ("Archiver", "Le scénario est archivé ; il n'est pas perdu.")
    )
    st.button(
        label,
        key="scenario.archiver",
        on_click=lambda: _act(workspace, scenario.id, said, archived=not scenario.archived),
    )
    sure = st.checkbox(
        "Je veux le supprimer pour toujours, avec son historique", key=f"sur.{scenario.id}"
    )

    def delete() -> None:
        try:
            desk.scenarios(workspace).delete(scenario.id)
        except GeozonesError as error:
            state.notify("error", str(error))
            return
        held = state.work()
        if held is not None and held.scenario is not None and held.scenario.id == scenario.id:
            desk.start(desk.scenarios(workspace).new())
        state.notify("ok", f"« {scenario.name} » est supprimé.")

    st.button("Supprimer", key="scenario.supprimer", disabled=not sure, on_click=delete)
