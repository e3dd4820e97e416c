"""Page « Scénarios »: keep, compare, decide, share; log of the actions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import capital, inside, moment, plural
from geozones.domain import Plan, ScenarioSummary
from geozones.domain.actions import Action
from geozones.domain.terms import terms, worded
from geozones.metrics.metric import Metric
from geozones.metrics.metric_changes import Change, PlanChange
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import current_analysis
from geozones.ui.scenarios.publications_list import publications_list
from geozones.ui.scenarios.scenario_detail import scenario_detail
from geozones.ui.server import uploads
from geozones.ui.server.auth import actor, login_button
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import change_lines
from geozones.ui.widgets.html import live_table, when_open
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.option_fields import chooser, distinct
from geozones.ui.widgets.scenario_bar import notice_box, opened_line
from geozones.ui.widgets.territory_map import territory_map
from geozones.workspace.analysis import Analysis
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.plan_comparison import compare_regions, plan_change
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.history_text import action_text, describe_event
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.study import Study, baseline_study

if TYPE_CHECKING:
    from geozones.workspace.scenarios.backups import LogState

_MOST = 4
#: Key of the yearly hours.
_TOTAL = "total_hours"


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
    def change(self) -> PlanChange:
        """What it does to its base."""
        return plan_change(self.base, self.study)


def compare_scenarios(study: Study, listed: Sequence[ScenarioSummary]) -> None:
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
    for name, work in _opened(chosen, names).items():
        own = study_of_work(current_analysis(), work)
        columns[name] = Column(work, own, baseline_study(own.analysis, work.state.adopted))
    if not columns:
        return
    html.show(_headlines(columns))
    html.show(_figures(columns))
    if any(column.study.teams.posts for column in columns.values()):
        html.show(_teams(columns))
    html.show(_changes(columns))
    _events(study, columns)
    _maps(columns)


def _bases(columns: Mapping[str, Column]) -> dict[str, Study]:
    """Return the bases of the scenarios, by name; most often there is one."""
    return {column.base_name: column.base for column in columns.values()}


def _base_text(columns: Mapping[str, Column]) -> str:
    """Return what the scenarios are compared with, after « par rapport »."""
    first, *others = _bases(columns)
    return "au plan dont chaque scénario part" if others else f"au {inside(first)}"


def _events(study: Study, columns: Mapping[str, Column]) -> None:
    """List the changes that led to each scenario."""
    for name, column in columns.items():
        with st.expander(f"Historique de {html.unmarked(name)}"):
            sentences = [
                describe_event(study.territory, column.work, event)
                + (f" ({event.why})" if event.why else "")
                for event in column.work.timeline.path
            ]
            html.show(html.bullets(sentences or ["Aucun changement."], "gz-steps"))


def _opened(chosen: Sequence[str], names: Mapping[str, str]) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for rank, scenario in enumerate(chosen, 1):
        with html.showing_errors(f"{names[scenario]} ne peut pas être comparé."):
            works[f"{rank}. {names[scenario]}"] = current_scenario.scenarios().open(scenario)
    return works


def _headlines(columns: Mapping[str, Column]) -> htpy.Element:
    """Return for each scenario where posts change, what gets worse and better than in its base."""
    return html.stack(
        *(
            htpy.p(".gz-step")[htpy.b[name], change_lines(column.change)]
            for name, column in columns.items()
        )
    )


def _figures(columns: Mapping[str, Column]) -> htpy.Element:
    """Return a table: a row per figure, a column per plan, with differences from the base."""
    bases, sides = _bases(columns), list(columns.values())
    # the first row judges the whole, where it can be judged
    compared = [
        [
            one
            for one in compare_regions(side.base, side.study, posts=False)
            if one.metric.key != _TOTAL
        ]
        for side in sides
    ]
    firsts = [[side.base_name for side in sides].index(name) for name in bases]
    judged = (side.change.verdict for side in sides)
    rows = [("Au total", *("" for _ in bases), *judged)]
    for changes in zip(*compared, strict=True):
        # hours may be compared without T.I.S. for one scenario and with T.I.S. for another
        record = min(changes, key=lambda change: len(change.metric.label)).metric
        before = (changes[rank].before_text for rank in firsts)
        rows.append((record.label, *before, *(_cell(record, change) for change in changes)))
    plans = (*bases.values(), *(side.study for side in sides))
    valid = [not study.analysis.forbidden(study.plan) for study in plans]
    rows.append(("Valable", *("oui" if value else "non, pas classé" for value in valid)))
    caption = (
        f"Chiffres {terms().territory.of_the} ; l'écart est donné par rapport {_base_text(columns)}"
    )
    ranks = frozenset(range(1, len(plans) + 1))
    return html.table(caption, ("Chiffre", *bases, *columns), rows, numeric=ranks, stacks=True)


def _cell(record: Metric, change: Change) -> str:
    """Format a figure of a plan and its difference; for another metric, the difference alone."""
    if change.metric == record:
        return f"{change.after_text} ({change.text})"
    return f"{change.text}{change.metric.label.removeprefix(record.label)}"


def _teams(columns: Mapping[str, Column]) -> htpy.Element:
    """Return a table of the team figures of each scenario."""
    compared = [
        [
            each
            for each in compare_regions(side.base, side.study, posts=True)
            if each.metric.needs_posts
        ]
        for side in columns.values()
    ]
    rows = [
        (changes[0].metric.label, *(change.after_text for change in changes))
        for changes in zip(*compared, strict=True)
    ]
    caption = "Équipes (le plan comparé n'a pas de postes)"
    ranks = frozenset(range(1, len(columns) + 1))
    return html.table(caption, ("Chiffre", *columns), rows, numeric=ranks, stacks=True)


def _changes(columns: Mapping[str, Column]) -> htpy.Element:
    """Return a table of lycées unlike in the base: moved, added, left out."""
    bases, sides = _bases(columns), list(columns.values())
    studies = (*bases.values(), *(side.study for side in sides))
    names = {key: study.name(key) for study in studies for key in study.territory.lycees}
    moved = {
        lycee
        for side in sides
        for lycee in {*side.base.plan.lycees, *side.study.plan.lycees}
        if _where(side, lycee) != "="
    }
    if not moved:
        return html.note(worded("{No_site} n'y change de zone."))
    rows = [
        (
            names[lycee],
            *(_zone_of(study.plan, lycee) for study in bases.values()),
            *(_where(side, lycee) for side in sides),
        )
        for lycee in sorted(moved, key=names.__getitem__)
    ]
    many = plural(len(moved), worded("{site} change de zone"), worded("{sites} changent de zone"))
    caption = f"{many} par rapport {_base_text(columns)} (= : comme dans ce plan, — : absent)"
    return html.table(caption, (worded("{Site}"), *bases, *columns), rows, stacks=True)


def _zone_of(plan: Plan, lycee: str) -> str:
    return plan.zone_of(lycee).name if lycee in plan.zone_by_lycee else "—"


def _where(side: Column, lycee: str) -> str:
    plan, base = side.study.plan, side.base.plan
    same = plan.zone_by_lycee.get(lycee) == base.zone_by_lycee.get(lycee)
    return "=" if same else _zone_of(plan, lycee)


def _maps(columns: Mapping[str, Column]) -> None:
    """Draw the maps with the same extent and legend; outline zones unlike in the base."""
    shown = _bases(columns) | {name: side.study for name, side in columns.items()}
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


_SHOWN = 100


def actions_log() -> None:
    """Show the last entries of the log, and offer the whole for download; built when it is open."""
    if actor().role >= Role.ADMINISTRATOR:
        _log()


@when_open(st.expander, "Journal des actions", key="actions.journal")
def _log() -> None:
    log = current_scenario.scenarios().actions()
    html.show(_state(current_scenario.scenarios().log_state()))
    if log:
        html.show(_table(log[-_SHOWN:][::-1]))
        download_button(
            "Télécharger le journal (JSON)",
            lambda: json.dumps([_as(entry) for entry in log], ensure_ascii=False, indent=1),
            file_name="journal-geozones.json",
            mime="application/json",
            icon=None,
            key="actions.telecharger",
        )


def _state(found: "LogState") -> htpy.Element:
    if found.faults:
        return html.error(" ".join(found.faults))
    return html.note(found.text)


def _table(log: tuple[Action, ...]) -> htpy.Element:
    rows = [
        (
            moment(entry.at),
            entry.who,
            action_text(entry),
            entry.name or "—",
        )
        for entry in log
    ]
    caption = f"Les {plural(len(log), 'dernière action', 'dernières actions')}"
    return html.table(caption, ("Quand", "Qui", "Quoi", "Scénario"), rows, stacks=True)


def _as(entry: Action) -> dict[str, object]:
    return {
        "position": entry.position,
        "at": entry.at,
        "who": entry.who,
        "what": entry.what,
        "scenario": entry.scenario,
        "name": entry.name,
        "detail": dict(entry.detail),
    }


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
        scenario_detail(chosen)
    publications_list()
    compare_scenarios(study, listed)
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
    if listed or current_scenario.scenarios().list(archived=True):
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
            _moved(current_analysis(), entry.id, entry.updated),
            entry.author,
            moment(entry.updated),
        )
        for entry in listed
    ]
    moved = worded("{Sites} déplacé{e_site}s")
    heads = ("Scénario", "Statut", moved, "Par", "Dernier changement")
    caption = f"{plural(len(listed), 'scénario')} : un clic sur une ligne montre sa fiche"
    table = html.table(caption, heads, rows, numeric=frozenset({2}), stacks=True)
    return htpy.div(".gz-opens")[table]


@lru_cache(maxsize=1024)
def _moved(analysis: Analysis, scenario: str, updated: str) -> str:  # noqa: ARG001 - the cache's key
    """Return how many lycées a scenario moves from its base; a dash if it cannot be opened."""
    try:
        return str(len(study_of_work(analysis, current_scenario.scenarios().open(scenario)).moved))
    except GeozonesError:
        return "—"


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
