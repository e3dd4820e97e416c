"""Comparison of scenarios, each with its base: verdict, five figures, lycées, maps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import htpy
import streamlit as st

from geozones.common.french import capital, inside, plural
from geozones.domain import Plan, ScenarioSummary
from geozones.domain.terms import worded
from geozones.metrics.metric_changes import PlanChange
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import current_analysis
from geozones.ui.state.carte_views import MapView
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser, distinct
from geozones.ui.widgets.panel import changes_side_by_side
from geozones.ui.widgets.territory_map import territory_map
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.scenarios.open_scenario import Work, study_of_work

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
    def change(self) -> PlanChange:
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
    for name, work in _opened(chosen, names).items():
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
    html.show(changes_side_by_side({name: side.change for name, side in columns.items()}))
    with st.expander(worded("{Sites} qui changent de zone")):
        html.show(_changes(columns))
    box = st.expander("Les cartes", key="scenarios.cartes", on_change="rerun")
    if box.open:
        with box:
            _maps(columns)


def _bases(columns: Mapping[str, Column]) -> dict[str, Study]:
    """Return the bases of the scenarios, by name; most often there is one."""
    return {column.base_name: column.base for column in columns.values()}


def _base_text(columns: Mapping[str, Column]) -> str:
    """Return what the scenarios are compared with, after « par rapport »."""
    first, *others = _bases(columns)
    return "au plan dont chaque scénario part" if others else f"au {inside(first)}"


def _opened(chosen: Sequence[str], names: Mapping[str, str]) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for rank, scenario in enumerate(chosen, 1):
        with html.showing_errors(f"{names[scenario]} ne peut pas être comparé."):
            works[f"{rank}. {names[scenario]}"] = current_scenario.scenarios().open(scenario)
    return works


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
            names[lycee_id],
            *(_zone_of(study.plan, lycee_id) for study in bases.values()),
            *(_where(side, lycee_id) for side in sides),
        )
        for lycee_id in sorted(moved, key=names.__getitem__)
    ]
    many = plural(len(moved), worded("{site} change de zone"), worded("{sites} changent de zone"))
    caption = f"{many} par rapport {_base_text(columns)} (= : comme dans ce plan, — : absent)"
    return html.table(caption, (worded("{Site}"), *bases, *columns), rows, stacks=True)


def _zone_of(plan: Plan, lycee_id: str) -> str:
    return plan.zone_of(lycee_id).name if lycee_id in plan.zone_by_lycee else "—"


def _where(side: Column, lycee_id: str) -> str:
    plan, base = side.study.plan, side.base.plan
    same = plan.zone_by_lycee.get(lycee_id) == base.zone_by_lycee.get(lycee_id)
    return "=" if same else _zone_of(plan, lycee_id)


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
