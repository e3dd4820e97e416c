"""Page « Scénarios »: their list, the sheet of one, publications, comparison."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache, partial
from typing import Any

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import capital, inside, long_date, plural, recent_moment
from geozones.domain import Decision, Plan, Scenario, ScenarioStatus, ScenarioSummary
from geozones.domain.access import EVERYONE, Access, SharedLink, people_written
from geozones.domain.terms import worded
from geozones.effect import Effect
from geozones.ui import current_scenario, state
from geozones.ui.feature_parts import feature_parts
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor, login_button
from geozones.ui.server.shared_files import PICTURES
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Selection
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.state.session_views import Current
from geozones.ui.widgets import html, panel
from geozones.ui.widgets.html import live_table
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import chooser, distinct
from geozones.ui.widgets.scenario_bar import (
    drift_box,
    notice_box,
    open_on_map,
    opened_line,
    start_again,
)
from geozones.ui.widgets.sharing import link_box, open_link, whole_link
from geozones.ui.widgets.table_columns import corrected_columns, take_table
from geozones.ui.widgets.territory_map import territory_map
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.folder.tables import assignment_columns
from geozones.workspace.maps import SceneOptions, build_scene
from geozones.workspace.roles import LOCAL, Role
from geozones.workspace.scenarios.history_text import MAX_NAME, describe_with_reason
from geozones.workspace.scenarios.open_scenario import Work, is_scenario_file, study_of_work
from geozones.workspace.sharing.exported_plan import outcome_of

_MOST = 4


@dataclass(frozen=True)
class Column:
    """A scenario to compare, its study, and its base under the same hypotheses."""

    work: Work
    study: Study
    base: Study

    @property
    def base_name(self) -> str:
        """Name of its base, with its day."""
        return capital(self.study.analysis.baseline.dated)

    @cached_property
    def change(self) -> Effect:
        """What it does to its base."""
        return plan_change(self.base, self.study)


def compare_scenarios(listed: Sequence[ScenarioSummary]) -> None:
    """Let the user choose scenarios, if there are any, and compare each with its base."""
    if not listed:
        return
    html.show(html.subtitle("Comparer"))
    names = distinct({entry.id: entry.name for entry in listed})
    chosen = chooser(
        "Scénarios à comparer, chacun au plan dont il part (un à trois)",
        names,
        state.bound(ScenariosView, "compared"),
        st.multiselect,
        max_selections=_MOST - 1,
        placeholder="Choisir des scénarios",
    )
    if not chosen:
        return
    columns: dict[str, Column] = {}
    for name, work in _opened_works(chosen, names).items():
        own = study_of_work(current_analysis(), work)
        columns[name] = Column(work, own, baseline_study(own.analysis, work.state.adopted))
    if not columns:
        return
    # for each scenario its verdict, where posts change, why it would not be valid
    lines = []
    for name, column in columns.items():
        forbidden = column.study.analysis.forbidden(column.study.plan)
        told = (column.change.conclusion, column.change.posts, *forbidden)
        base = htpy.small[f" (par rapport au {inside(column.base_name)})"]
        lines.append(htpy.p(".gz-step")[htpy.b[name], base, " ", " ".join(filter(None, told))])
    html.show(html.stack(*lines))
    html.show(panel.changes_side_by_side({name: side.change for name, side in columns.items()}))
    with st.expander(worded("{Sites} qui changent de zone")):
        html.show(_change_table(columns))
    box = st.expander("Les cartes", key="scenarios.cartes", on_change="rerun")
    if box.open:
        with box:
            _compared_maps(columns)


def _compared_bases(columns: Mapping[str, Column]) -> dict[str, Study]:
    """Return the bases of the scenarios, by name; most often there is one."""
    return {column.base_name: column.base for column in columns.values()}


def _base_text(columns: Mapping[str, Column]) -> str:
    """Return what the scenarios are compared with, after « par rapport »."""
    first, *others = _compared_bases(columns)
    return "au plan dont chaque scénario part" if others else f"au {inside(first)}"


def _opened_works(chosen: Sequence[str], names: Mapping[str, str]) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for rank, scenario in enumerate(chosen, 1):
        with html.showing_errors(f"{names[scenario]} ne peut pas être comparé."):
            works[f"{rank}. {names[scenario]}"] = current_scenario.scenarios().open(scenario)
    return works


def _change_table(columns: Mapping[str, Column]) -> htpy.Element:
    """Return a table of lycées unlike in the base: moved, added, left out."""
    bases, sides = _compared_bases(columns), list(columns.values())
    studies = (*bases.values(), *(side.study for side in sides))
    names = {key: study.name(key) for study in studies for key in study.territory.lycees}
    moved = {
        lycee
        for side in sides
        for lycee in {*side.base.plan.lycees, *side.study.plan.lycees}
        if _zone_change(side, lycee) != "="
    }
    if not moved:
        return html.note(worded("{No_site} n'y change de zone."))
    rows = [
        (
            names[lycee_id],
            *(_zone_of(study.plan, lycee_id) for study in bases.values()),
            *(_zone_change(side, lycee_id) for side in sides),
        )
        for lycee_id in sorted(moved, key=names.__getitem__)
    ]
    many = plural(len(moved), worded("{site} change de zone"), worded("{sites} changent de zone"))
    caption = f"{many} par rapport {_base_text(columns)} (= : comme dans ce plan, — : absent)"
    return html.table(caption, (worded("{Site}"), *bases, *columns), rows, stacks=True)


def _zone_of(plan: Plan, lycee_id: str) -> str:
    return plan.zone_of(lycee_id).name if lycee_id in plan.zone_by_lycee else "—"


def _zone_change(side: Column, lycee_id: str) -> str:
    plan, base = side.study.plan, side.base.plan
    same = plan.zone_by_lycee.get(lycee_id) == base.zone_by_lycee.get(lycee_id)
    return "=" if same else _zone_of(plan, lycee_id)


def _compared_maps(columns: Mapping[str, Column]) -> None:
    """Draw the maps with the same extent and legend; outline zones unlike in the base."""
    shown = _compared_bases(columns) | {name: side.study for name, side in columns.items()}
    for start in range(0, len(shown), 2):
        places = st.columns(2, gap="medium")
        for place, name in zip(places, list(shown)[start : start + 2], strict=False):
            with place:
                html.show(html.subtitle(name, heading=htpy.h3))
                options = SceneOptions(
                    layers=state.of(MapView).layers, colours=shown[name].state.colours
                )
                scene = build_scene(shown[name], options)
                territory_map(
                    shown[name], scene, f"comparaison.{list(shown).index(name)}", _ignore, None
                )


def _ignore(_: Study, __: Mapping[str, Any]) -> None:
    """Ignore gestures: these maps are read-only."""


#: Days that a link stays open, with the name of each choice.
_LASTS = {"": "Sans limite", "30": "30 jours", "90": "3 mois", "365": "Un an"}


def scenario_links(scenario: Scenario) -> None:
    """Draw the links of a scenario, and the buttons that create and withdraw them."""
    key = scenario.id
    html.show(
        html.note(
            "Une page sans outils, pour la direction. Ce qu'elle montre ne change plus, et rien "
            "d'autre ne s'ouvre par ce lien."
        )
    )
    chooser("Le lien est valable", _LASTS, state.bound(ScenariosView, "lasts"))
    for parts in feature_parts():
        parts.link_option()
    st.button(
        "Figer cette version et obtenir un lien",
        icon=":material/ac_unit:",
        key="scenario.figer",
        on_click=_freeze,
        args=(key,),
    )
    for rank, link in enumerate(current_scenario.scenarios().links.of_scenario(key)):
        _link(link, rank)
    html.show(
        html.stack(
            html.note("Lien pour modifier, à confier aux planificateurs : il suit le scénario."),
            link_box(whole_link(asks={address.SCENARIO: key})),
        )
    )


@state.reporting_errors()
def _freeze(key: str) -> None:
    service = current_scenario.scenarios()
    days, comments = state.of(ScenariosView).lasts, state.of(ScenariosView).comments
    last = (today() + timedelta(days=int(days))).isoformat() if days else ""
    PICTURES.start(service.links.freeze(service.open(key), last, comments=comments))
    state.notify("ok", "Cette version est figée : son lien est sous « Lien pour décider ».")


def _link(link: SharedLink, rank: int) -> None:
    made = f"Version du {long_date(link.at)}"
    if not link.is_open(today().isoformat()):
        when = f"retiré le {long_date(link.withdrawn)}" if link.withdrawn else ""
        html.show(html.note(f"{made} : lien {when or f'expiré le {long_date(link.expires)}'}."))
        return
    until = f", valable jusqu'au {long_date(link.expires)}" if link.expires else ""
    whole = whole_link(asks={address.FROZEN: link.token})
    html.show(
        html.stack(
            htpy.h4(".gz-subtitle")[f"{made}{until}"],
            link_box(whole),
        )
    )
    st.button(
        "Retirer ce lien",
        icon=":material/link_off:",
        key=f"scenario.retirer.{rank}",
        on_click=_withdraw,
        args=(link.token,),
    )


@state.reporting_errors()
def _withdraw(token: str) -> None:
    current_scenario.scenarios().links.withdraw(token)
    PICTURES.forget(token)
    state.notify("ok", "Le lien est retiré : sa page annonce qu'il est fermé.")


_OTHERS: dict[Access | None, str] = {
    None: "ne le voient pas",
    Access.READER: "peuvent le voir",
    Access.EDITOR: "peuvent le modifier",
}
_FIELDS = {
    Access.OWNER: "Propriétaires (obligatoire ; adresses, une par ligne)",
    Access.EDITOR: "Peuvent le modifier (adresses, une par ligne)",
    Access.READER: "Peuvent le voir (adresses, une par ligne)",
}


def scenario_members(scenario: str) -> None:
    """Show the access rights of a scenario; its owner can edit them."""
    service = current_scenario.scenarios()
    held = service.members(scenario)
    if service.access(scenario) is not Access.OWNER:
        html.show(html.note(f"{_rights(held)} Seul un propriétaire peut en décider."))
        return
    chooser(
        "Les autres personnes qui se connectent",
        _OTHERS,
        state.bound(ScenariosView, "others", item=scenario, default=held.get(EVERYONE)),
    )
    for access, label in _FIELDS.items():
        state.bound(
            ScenariosView,
            access.value + "s",
            item=scenario,
            default="\n".join(sorted(_people(held, access))),
        ).draw(st.text_area, label, max_chars=8000, height=68)

    def choose() -> None:
        _choose(scenario, held)

    st.button("Enregistrer ces personnes", key="scenario.personnes", on_click=choose)


@state.reporting_errors()
def _choose(key: str, held: dict[str, Access]) -> None:
    typed = state.of(ScenariosView)
    members: dict[str, Access] = {}
    # a person written in several fields gets the highest right
    for access in Access:
        written = getattr(typed, access.value + "s").get(key, "\n".join(_people(held, access)))
        members |= dict.fromkeys(people_written(written, held), access)
    others = typed.others.get(key, held.get(EVERYONE))
    members.pop(EVERYONE, None)
    if others is not None:
        members[EVERYONE] = others
    current_scenario.scenarios().open_to(key, members)
    state.drop_item(ScenariosView, "others", "owners", "editors", "readers", item=key)
    state.notify("ok", "Droits enregistrés, valables dès maintenant.")


def _people(held: dict[str, Access], access: Access) -> list[str]:
    return [who for who, what in held.items() if what is access and who != EVERYONE]


def _rights(held: dict[str, Access]) -> str:
    owners = ", ".join(_people(held, Access.OWNER))
    editors = ", ".join(_people(held, Access.EDITOR))
    others = _OTHERS[held.get(EVERYONE)]
    return (
        f"Propriétaire : {owners}. "
        + (f"Peuvent le modifier : {editors}. " if editors else "")
        + f"Les autres {others}."
    )


_STATUSES = list(ScenarioStatus)


def scenario_detail(chosen: str) -> None:
    """Show a scenario in one sheet: what it changes, what was said of it, and the actions on it."""
    work = _opened(chosen)
    if work is None or work.scenario is None:
        return
    scenario = work.scenario
    study = study_of_work(current_analysis(), work)
    _head(work, study)
    taken = partial(current_scenario.take_over, scenario.id)
    drift_box(work, "scenario.fiche.reprendre", taken)
    for notice in current_scenario.scenarios().left_out(scenario.id):
        html.show(html.warning(f"Illisible dans la base, et laissé de côté : {notice}."))
    base = baseline_study(study.analysis, work.state.adopted)
    with html.showing_errors():
        change = plan_change(base, study)
        table = panel.change_table(change, html.sentence(change.conclusion))
        html.show(htpy.div(".gz-sheet-figures")[table])
    _changes(work, base, study)
    for parts in feature_parts():
        with html.showing_errors():
            parts.sheet(work, study)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Ouvrir sur la carte",
            type="primary",
            icon=":material/map:",
            key="scenario.ouvrir",
            on_click=_open,
            args=(scenario.id,),
        )
        with st.popover("Lien pour décider"):
            scenario_links(scenario)
        with st.popover("Décider…"):
            _decide(scenario)
        for parts in feature_parts():
            parts.sheet_button(scenario.id)
        with st.popover("… Autres actions"):
            _other_actions(work, scenario)
    for parts in feature_parts():
        parts.sheet_form(work)
    _history(work, study)


def _other_actions(work: Work, scenario: Scenario) -> None:
    """Draw what is seldom done with a scenario: copy, export, describe, rights, archive, delete."""
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
    _field(scenario, "description", "Description enregistrée.").draw(
        st.text_area, "Description", max_chars=4000, height=100
    )
    if actor() != LOCAL:
        with st.expander("Droits d'accès"):
            scenario_members(scenario.id)
    with st.expander("Archiver, supprimer"):
        _remove(scenario)


def _opened(chosen: str) -> Work | None:
    with html.showing_errors("Ce scénario ne peut pas être ouvert."):
        return current_scenario.scenarios().open(chosen)
    return None


def _head(work: Work, study: Study) -> None:
    """Show the name, which is changed in place, the status and the base, the last decision."""
    scenario = work.scenario
    assert scenario is not None  # noqa: S101 - the caller checked
    html.show(htpy.h2(".gz-hidden")[scenario.name])
    with st.container(key="gz-scenario-name"):
        _field(scenario, "name", "Nom enregistré.").draw(
            st.text_input,
            "Nom du scénario (obligatoire)",
            max_chars=MAX_NAME,
            label_visibility="collapsed",
            disabled=actor().role < Role.PLANNER or work.read_only,
        )
    status = outcome_of(current_analysis(), ledger(), work).status or capital(scenario.status)
    parts = [status, f"par rapport au {study.analysis.baseline.dated}"]
    parts += ["figé, toute modification crée une copie"] if work.is_retained else []
    parts += ["archivé"] if scenario.archived else []
    made = f"Créé le {long_date(scenario.created)} par {scenario.author}."
    forbidden = study.analysis.forbidden(work.plan)
    html.show(
        html.stack(
            html.sentence(" · ".join(parts)),
            *(html.remark(_sentence(decision)) for decision in scenario.decisions[-1:]),
            html.remark(made),
            html.note(scenario.description) if scenario.description else None,
            html.bullets(forbidden, "gz-alerts") if forbidden else None,
        )
    )


def _field(scenario: Scenario, field: str, done: str) -> "state.BoundValue[str]":
    """Bind a text of a scenario to a field that saves it as soon as it is left."""

    def write(text: str) -> None:
        service = current_scenario.scenarios()
        _act(scenario.id, done, lambda work: service.describe(work, **{field: text}))

    return state.BoundValue(f"scenario.{field}.{scenario.id}", getattr(scenario, field), write)


#: Lycées listed at first, the others are folded.
_MOVED = 8


def _changes(work: Work, base: Study, study: Study) -> None:
    """List the lycées that change, each with its reason and a button that shows it on the map."""
    count = panel.counted_changes(base.plan, study.plan)
    html.show(html.subtitle("Ce qui change", count and htpy.small[" ", count], heading=htpy.h3))
    rows = [
        htpy.li[
            htpy.span[htpy.strong[name], text, _reason(work, lycee)],
            lycee and _see(lycee, name),
        ]
        for lycee, name, text in panel.changed_lycees(base, study)
    ]
    if not rows:
        html.show(html.note(worded("{No_site} ne change de zone.")))
        return
    rest = rows[_MOVED:]
    more = plural(len(rest), worded("autre {site}"), worded("autres {sites}"))
    folded = htpy.details[htpy.summary[more], htpy.ul[rest]] if rest else None
    markup = htpy.div(".gz-changes")[htpy.ul[rows[:_MOVED]], folded]
    live_table("scenario.changements", markup, partial(_show_lycee, work.saved.id))


def _see(lycee_id: str, name: str) -> htpy.Element:
    label = f"Voir {name} sur la carte"
    return htpy.button(
        ".gz-go", type="button", data_open=lycee_id, data_at=lycee_id, aria_label=label
    )["Voir"]


def _reason(work: Work, lycee_id: str | None) -> htpy.Element | None:
    """Return the reason given with the last move of a lycée, its author and its day."""
    moves = [event for event in work.timeline.path if lycee_id in event.data.get("moves", ())]
    if not moves or not moves[-1].why:
        return None
    event = moves[-1]
    return htpy.small[f"« {event.why} », {event.author}, {long_date(event.at)}"]


def _show_lycee(scenario: str, gesture: Mapping[str, Any]) -> None:
    _open(scenario, str(gesture.get("id")))


def _history(work: Work, study: Study) -> None:
    changes = plural(len(work.timeline.changes), "changement")
    box = st.expander(f"Historique : {changes}", key="scenario.historique", on_change="rerun")
    if box.open:
        lines = [describe_with_reason(study.territory, work, event) for event in work.timeline.path]
        html.show(html.bullets(lines or ["Aucun changement."], "gz-steps"), box)


def _sentence(decision: Decision) -> str:
    return capital(decision_line(decision)).rstrip(". ") + ". "


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


def _open(chosen: str, lycee_id: str | None = None) -> None:
    """Open a scenario on the map, at a lycée if one is given."""
    if not open_on_map(chosen):
        return
    if lycee_id is not None:
        state.update(Selection, lycee=lycee_id, zone=None, sector=None)
    state.notify("ok", f"« {current_scenario.current().name} » est ouvert.", follows=True)


@state.reporting_errors()
def _duplicate(chosen: str) -> None:
    service = current_scenario.scenarios()
    copy = service.duplicate(service.open(chosen))
    current_scenario.start(copy)
    state.notify("ok", f"« {copy.name} » est enregistré et ouvert : il est sur la carte.")


def _decide(scenario: Scenario) -> None:
    key = scenario.id
    state.bound(ScenariosView, "statuses", item=key, default=scenario.status).draw(
        st.segmented_control, "Statut", _STATUSES, required=True, format_func=str
    )
    state.bound(ScenariosView, "notes", item=key, default="").draw(
        st.text_area, "Note de décision (obligatoire ; datée d'aujourd'hui)", max_chars=4000
    )

    def decide() -> None:
        typed = state.of(ScenariosView)
        wanted = typed.statuses.get(key, scenario.status)
        _decided(key, ScenarioStatus(wanted), typed.notes.get(key, ""))

    st.button("Enregistrer la décision", key="scenario.decider", on_click=decide)
    for entry in reversed(scenario.decisions):
        link = whole_link(asks={address.FROZEN: entry.frozen})
        see = open_link(link, "Voir cette version") if entry.frozen else None
        html.show(html.remark(_sentence(entry), see))


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
        service = current_scenario.scenarios()
        links = [link.token for link in service.links.of_scenario(scenario.id)]
        service.delete(scenario.id)
        for token in (*links, *(decision.frozen for decision in scenario.decisions)):
            PICTURES.forget(token)
        if _is_current(scenario.id):
            current_scenario.start(current_scenario.scenarios().new())
        state.notify("ok", f"« {scenario.name} » est supprimé.")

    st.button("Supprimer", key="scenario.supprimer", disabled=not sure, on_click=delete)


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
    """Return how many lycées a scenario moves, opens, closes; empty if none, or not opened."""
    try:
        study = study_of_work(analysis, current_scenario.scenarios().open(scenario))
        return panel.counted_changes(study.analysis.baseline.plan, study.plan)
    except GeozonesError:
        return ""


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


@state.reporting_errors(after="Votre plan n'a pas changé.", field="importer")
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
