"""Scenarios side by side: figures, lycées that changed zone, maps of the same extent."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from geozones.domain import GeozonesError, Plan, ScenarioSummary
from geozones.domain.french import minutes, number, plural, signed
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.ui.components.chooser import distinct
from geozones.ui.components.territory_map import territory_map
from geozones.workspace import SceneOptions, Work, Workspace, build_scene, told

type Column = tuple[Workspace, Plan]
"""A plan, and the territory with the places that it needs."""

_CHOSEN = "comparaison.choix"
_MOST = 4
#: Key, label, how it is written, whether lower is better.
_METRICS = (
    ("objective", "Objectif", "number"),
    ("mean_minutes", "Trajet moyen entre collègues", "minutes"),
    ("max_minutes", "Trajet le plus long", "minutes"),
    ("worst_releve_minutes", "Relève la plus lente", "minutes"),
)

_TEAM_METRICS = (
    ("posts", "Postes de T.I.P.", "number"),
    ("unmet", "Demi-journées de besoin sans poste", "number"),
    ("cover_median_minutes", "Délai médian de relève, une absence", "minutes"),
    ("cover_p90_minutes", "Neuf relèves sur dix en moins de, une absence", "minutes"),
    ("uncovered", "Demi-journées sans personne, une absence", "number"),
    ("pair_uncovered", "Demi-journées sans personne, deux absences", "number"),
)


def compare_scenarios(workspace: Workspace, listed: Sequence[ScenarioSummary]) -> None:
    """Let the user choose scenarios, and compare them with the shipped plan."""
    st.html('<h2 class="gz-subtitle">Comparer</h2>')
    names = distinct({entry.id: entry.name for entry in listed})
    chosen = st.multiselect(
        "Scénarios à comparer au plan livré (un à trois)",
        list(names),
        format_func=names.__getitem__,
        max_selections=_MOST - 1,
        key=_CHOSEN,
        placeholder="Choisir des scénarios",
    )
    if not chosen:
        return
    works = _opened(workspace, chosen, names)
    columns: dict[str, Column] = {"Plan livré": (workspace.home, workspace.home.plan)}
    for name, work in works.items():
        columns[name] = (workspace.with_places(work.state.places), work.plan)
    st.html(_figures(columns))
    if any(work.state.teams.posts for work in works.values()):
        st.html(_teams(columns, works))
    st.html(_changes(columns))
    _events(workspace, works)
    _maps(columns, {name: work.state.colours for name, work in works.items()})


def _events(workspace: Workspace, works: Mapping[str, Work]) -> None:
    """List what led to each scenario."""
    for name, work in works.items():
        with st.expander(f"Ce qui mène à {name}", icon=":material/history:"):
            said = [
                told(workspace, work, event) + (f" ({event.why})" if event.why else "")
                for event in work.timeline.path
            ]
            st.html(html.bullets(said or ["Aucun changement."], "gz-steps"))


def _opened(
    workspace: Workspace, chosen: Sequence[str], names: Mapping[str, str]
) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for rank, scenario in enumerate(chosen, 1):
        try:
            works[f"{rank}. {names[scenario]}"] = desk.scenarios(workspace).open(scenario)
        except GeozonesError as error:
            st.error(
                f"{names[scenario]} ne peut pas être comparé. {error}", icon=":material/error:"
            )
    return works


def _figures(columns: Mapping[str, Column]) -> str:
    """Return a row a figure, a column a plan, with the difference from the first."""
    first, *others = columns
    peak_note = columns[first][0].peak_note
    values = {name: where.evaluator.region(plan) for name, (where, plan) in columns.items()}
    rows = []
    for key, label, kind in _METRICS:
        base = values[first][key]
        cells = [_written(base, kind)]
        cells += [f"{_written(values[n][key], kind)} {_gap(values[n][key], base)}" for n in others]
        rows.append((label + (peak_note if kind == "minutes" else ""), *cells))
    alerts = {name: len(where.check(plan)) for name, (where, plan) in columns.items()}
    rows.append(
        (
            "Alertes",
            str(alerts[first]),
            *(f"{alerts[n]} {_gap(alerts[n], alerts[first])}" for n in others),
        )
    )
    plans = [plan for _, plan in columns.values()]
    zones = [str(len([z for z in plan.zones if plan.members(z.id)])) for plan in plans]
    rows.append(("Zones", *zones))
    valid = [
        "oui" if not where.forbidden(plan) else "non, pas classé"
        for where, plan in columns.values()
    ]
    rows.append(("Valable", *valid))
    caption = "Chiffres de la région ; plus bas est mieux, l'écart est avec le plan livré"
    ranks = frozenset(range(1, len(plans) + 1))
    return html.table(caption, ("Chiffre", *columns), rows, numeric=ranks)


def _teams(columns: Mapping[str, Column], works: Mapping[str, Work]) -> str:
    """Return what the posts of each scenario stand."""
    values = {
        name: columns[name][0].with_teams(work.state.teams).evaluator.region(work.plan)
        for name, work in works.items()
    }
    rows = []
    for key, label, kind in _TEAM_METRICS:
        found = [values[name][key] for name in works]
        rows.append((label, *("non renseigné" if v is None else _written(v, kind) for v in found)))
    caption = "Équipes (le plan livré n'a pas de postes)"
    return html.table(
        caption, ("Chiffre", *works), rows, numeric=frozenset(range(1, len(works) + 1))
    )


def _written(value: object, kind: str) -> str:
    if kind == "minutes":
        return minutes(value, 1)
    return number(value) if isinstance(value, (int, float)) else "—"


def _gap(value: object, base: object) -> str:
    if not isinstance(value, (int, float)) or not isinstance(base, (int, float)):
        return ""
    text = signed(value - base, 0 if isinstance(value, int) else 1)
    if text == "0":
        return "(=)"
    return f"({text}, {'moins bien' if value > base else 'mieux'})"


def _changes(columns: Mapping[str, Column]) -> str:
    """Return the lycées that are not where the shipped plan has them: moved, added, left out."""
    names = {key: where.name(key) for where, _ in columns.values() for key in where.lycees}
    (_, base), *others = columns.values()
    plans = [plan for _, plan in others]
    moved = {
        lycee
        for plan in plans
        for lycee in {*base.lycees, *plan.lycees}
        if base.zone_by_lycee.get(lycee) != plan.zone_by_lycee.get(lycee)
    }
    if not moved:
        return html.note("Aucun lycée n'y change de zone.")
    rows = [
        (names[lycee], _zone_of(base, lycee), *(_where(plan, lycee, base) for plan in plans))
        for lycee in sorted(moved, key=names.__getitem__)
    ]
    many = plural(len(moved), "lycée change de zone", "lycées changent de zone")
    caption = f"{many} (= : comme au plan livré, — : absent)"
    return html.table(caption, ("Lycée", *columns), rows)


def _zone_of(plan: Plan, lycee: str) -> str:
    return plan.zone_of(lycee).name if lycee in plan.zone_by_lycee else "—"


def _where(plan: Plan, lycee: str, base: Plan) -> str:
    same = plan.zone_by_lycee.get(lycee) == base.zone_by_lycee.get(lycee)
    return "=" if same else _zone_of(plan, lycee)


def _maps(shown: Mapping[str, Column], colours: Mapping[str, Mapping[str, str]]) -> None:
    """Draw the maps, same extent and legend; zones unlike the shipped plan are hatched."""
    for start in range(0, len(shown), 2):
        columns = st.columns(2, gap="medium")
        for column, name in zip(columns, list(shown)[start : start + 2], strict=False):
            with column:
                where, plan = shown[name]
                st.html(f'<h3 class="gz-subtitle">{html.text(name)}</h3>')
                options = SceneOptions(layers=state.layers(), colours=colours.get(name, {}))
                scene = build_scene(where, plan, options)
                territory_map(where, scene, f"comparaison.{list(shown).index(name)}", _ignore)


def _ignore(_: Workspace, __: Mapping[str, Any]) -> None:
    """Take no gesture: these maps are to be looked at."""
