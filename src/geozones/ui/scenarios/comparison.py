"""Side-by-side comparison of scenarios: figures, lycées that changed zone, maps."""

from collections.abc import Mapping, Sequence
from typing import Any

import htpy
import streamlit as st

from geozones.common.french import plural
from geozones.domain import Plan, ScenarioSummary
from geozones.domain.terms import worded
from geozones.metrics.metric import Metric
from geozones.metrics.metric_changes import Change
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import MapView
from geozones.ui.state.scenarios_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser, distinct
from geozones.ui.widgets.headline import headline_lines
from geozones.ui.widgets.territory_map import territory_map
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.plan_comparison import compare_regions, headline
from geozones.workspace.plan_judgement import judge_studies
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.study import Study, baseline_study

_MOST = 4


def compare_scenarios(study: Study, listed: Sequence[ScenarioSummary]) -> None:
    """Let the user choose scenarios, and compare them with the baseline."""
    html.show(html.subtitle("Comparer"))
    names = distinct({entry.id: entry.name for entry in listed})
    chosen = chooser(
        f"Scénarios à comparer au {study.analysis.baseline.noun} (un à trois)",
        names,
        state.bound(ScenariosView, "compared"),
        st.multiselect,
        max_selections=_MOST - 1,
        placeholder="Choisir des scénarios",
    )
    if not chosen:
        return
    works = _opened(chosen, names)
    if not works:
        return
    columns: dict[str, Study] = {study.analysis.baseline.name: baseline_study(study.analysis)}
    for name, work in works.items():
        columns[name] = study_of_work(study.analysis, work)
    html.show(_headlines(columns))
    html.show(_figures(columns))
    if any(work.state.teams.posts for work in works.values()):
        html.show(_teams(columns, works))
    html.show(_changes(columns))
    _events(study, works)
    _maps(columns, {name: work.state.colours for name, work in works.items()})


def _events(study: Study, works: Mapping[str, Work]) -> None:
    """List the changes that led to each scenario."""
    for name, work in works.items():
        with st.expander(f"Historique de {html.unmarked(name)}"):
            sentences = [
                describe_event(study.territory, work, event)
                + (f" ({event.why})" if event.why else "")
                for event in work.timeline.path
            ]
            html.show(html.bullets(sentences or ["Aucun changement."], "gz-steps"))


def _opened(chosen: Sequence[str], names: Mapping[str, str]) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for rank, scenario in enumerate(chosen, 1):
        with html.showing_errors(f"{names[scenario]} ne peut pas être comparé."):
            works[f"{rank}. {names[scenario]}"] = current_scenario.scenarios().open(scenario)
    return works


def _headlines(columns: Mapping[str, Study]) -> htpy.Element:
    """Return for each scenario what gets worse than in the first plan, then what gets better."""
    first, *others = columns
    return html.stack(
        *(
            htpy.p(".gz-step")[
                htpy.b[name], headline_lines(headline(columns[first], columns[name]))
            ]
            for name in others
        )
    )


def _figures(columns: Mapping[str, Study]) -> htpy.Element:
    """Return a table: a row per figure, a column per plan, with differences from the first."""
    first, *others = columns.values()
    peak_note = first.analysis.peak_note
    compared = [compare_regions(first, other, posts=False) for other in others]
    judged = (judge_studies(first, other).text for other in others)
    rows = [("Au total", "", *judged)]
    for changes in zip(*compared, strict=True):
        # hours may be compared without T.I.S. for one scenario and with T.I.S. for another
        shared = min(changes, key=lambda change: len(change.metric.label))
        record = shared.metric
        label = record.label + (peak_note if record.unit == "min" else "")
        rows.append((label, shared.before_text, *(_cell(record, change) for change in changes)))
    valid = [not study.analysis.forbidden(study.plan) for study in columns.values()]
    rows.append(("Valable", *("oui" if value else "non, pas classé" for value in valid)))
    caption = (
        "Chiffres de la région ; plus bas est mieux, l'écart est donné par rapport au "
        f"{first.analysis.baseline.noun}"
    )
    ranks = frozenset(range(1, len(columns) + 1))
    return html.table(caption, ("Chiffre", *columns), rows, numeric=ranks)


def _cell(record: Metric, change: Change) -> str:
    """Format a figure of a plan and its difference; for another metric, the difference alone."""
    if change.metric == record:
        return f"{change.after_text} ({change.text})"
    return f"{change.text}{change.metric.label.removeprefix(record.label)}"


def _teams(columns: Mapping[str, Study], works: Mapping[str, Work]) -> htpy.Element:
    """Return a table of the team figures of each scenario."""
    first, *_ = columns.values()
    compared = []
    for name in works:
        changes = compare_regions(first, columns[name], posts=True)
        compared.append([change for change in changes if change.metric.needs_posts])
    rows = [
        (changes[0].metric.label, *(change.after_text for change in changes))
        for changes in zip(*compared, strict=True)
    ]
    caption = f"Équipes (le {first.analysis.baseline.noun} n'a pas de postes)"
    return html.table(
        caption, ("Chiffre", *works), rows, numeric=frozenset(range(1, len(works) + 1))
    )


def _changes(columns: Mapping[str, Study]) -> htpy.Element:
    """Return a table of lycées unlike in the baseline: moved, added, left out."""
    names = {key: study.name(key) for study in columns.values() for key in study.territory.lycees}
    noun = next(iter(columns.values())).analysis.baseline.noun
    base, *plans = (study.plan for study in columns.values())
    moved = {
        lycee
        for plan in plans
        for lycee in {*base.lycees, *plan.lycees}
        if base.zone_by_lycee.get(lycee) != plan.zone_by_lycee.get(lycee)
    }
    if not moved:
        return html.note(worded("{No_site} n'y change de zone."))
    rows = [
        (names[lycee], _zone_of(base, lycee), *(_where(plan, lycee, base) for plan in plans))
        for lycee in sorted(moved, key=names.__getitem__)
    ]
    many = plural(len(moved), worded("{site} change de zone"), worded("{sites} changent de zone"))
    caption = f"{many} (= : comme au {noun}, — : absent)"
    return html.table(caption, (worded("{Site}"), *columns), rows)


def _zone_of(plan: Plan, lycee: str) -> str:
    return plan.zone_of(lycee).name if lycee in plan.zone_by_lycee else "—"


def _where(plan: Plan, lycee: str, base: Plan) -> str:
    same = plan.zone_by_lycee.get(lycee) == base.zone_by_lycee.get(lycee)
    return "=" if same else _zone_of(plan, lycee)


def _maps(shown: Mapping[str, Study], colours: Mapping[str, Mapping[str, str]]) -> None:
    """Draw the maps with the same extent and legend; outline zones unlike the baseline."""
    for start in range(0, len(shown), 2):
        columns = st.columns(2, gap="medium")
        for column, name in zip(columns, list(shown)[start : start + 2], strict=False):
            with column:
                html.show(html.subtitle(name, heading=htpy.h3))
                options = SceneOptions(
                    layers=state.of(MapView).layers, colours=colours.get(name, {})
                )
                scene = build_scene(shown[name], options)
                territory_map(
                    shown[name], scene, f"comparaison.{list(shown).index(name)}", _ignore, None
                )


def _ignore(_: Study, __: Mapping[str, Any]) -> None:
    """Ignore gestures: these maps are read-only."""
