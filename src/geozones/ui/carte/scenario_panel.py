"""Left panel of the map: search, plan on screen, plan compared with, mode and its tools."""

import htpy
import streamlit as st

from geozones.common.french import long_date
from geozones.ui import current_scenario, state
from geozones.ui.carte import edit_tools, search
from geozones.ui.carte.dates import chosen_day
from geozones.ui.carte.folding import folded
from geozones.ui.carte.layers import layer_menu
from geozones.ui.carte.proposals.best_plans import demand_tools
from geozones.ui.carte.rules_menu import rules_menu
from geozones.ui.carte.shown import ACCESS, NOTHING, Screen, compared_with, has_own_plan
from geozones.ui.carte.travel_access import choose_place
from geozones.ui.carte.travel_tables import class_legend
from geozones.ui.opened_data import ledger
from geozones.ui.state.carte_views import MapView, Mode, Selection
from geozones.ui.state.editing_views import OpeningView
from geozones.ui.widgets import html, legend
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.links import copy_view_button
from geozones.ui.widgets.peak import choose_moment
from geozones.ui.widgets.publication_line import (
    BASELINE,
    PUBLICATION,
    other_publications,
    publication_line,
)
from geozones.ui.widgets.scenario_bar import saved_line
from geozones.workspace.maps.colouring import colour_zones, colourings
from geozones.workspace.reachability.accessibility import FROM_PLACE, IN_ZONE

#: Code of the current scenario among the plans to show.
_CURRENT = "courant"
_MOST = 30


def scenario_panel(screen: Screen) -> None:
    """Draw the panel."""
    if folded("left", "Plan et mode"):
        return
    with st.container(key="gz-over-left"):
        search.search_box(screen.study)
        _plans(screen)
        _modes()
        with st.container(key="gz-mode"):
            _tools(screen)
        _legend(screen)


def _tools(screen: Screen) -> None:
    if screen.mode is Mode.EDIT:
        edit_tools.edit_tools(screen)
    elif screen.mode is Mode.PROPOSE:
        demand_tools(screen)
    _colour_by(screen)
    layer_menu()
    rules_menu(screen.study)
    choose_moment()


def _plans(screen: Screen) -> None:
    """Let the user choose the plan on screen, and the one it is compared with."""
    saved = _saved(screen)
    work = screen.work
    published = _published()
    names: dict[str | None, str] = {BASELINE: _baseline_name(screen)}
    if has_own_plan(work):
        names[_CURRENT] = work.name
    names |= saved | published
    bound: state.BoundValue[str | None] = state.BoundValue(
        "MapView.plan", _code(screen), _show_plan
    )
    chooser("Plan à l'écran", names, bound)
    html.show(htpy.p(".gz-paper", aria_hidden="true")[names[_code(screen)]])
    if screen.publication is not None:
        study = screen.study
        publication_line(screen.publication, study.analysis.baseline.problem, study.kept)
    else:
        html.show(saved_line(work))
    nothing = "Début du scénario" if screen.mode is Mode.EDIT else "Rien"
    baseline = screen.study.analysis.baseline.name
    others: dict[str | None, str] = {NOTHING: nothing, BASELINE: baseline}
    others |= saved | published
    compared: state.BoundValue[str | None] = state.BoundValue(
        "MapView.reference", compared_with(work), _compare
    )
    chooser("Comparer avec", others, compared)


def _baseline_name(screen: Screen) -> str:
    """Return the name of the baseline, with its date unless that is today."""
    shown, view, held = screen.publication, state.of(MapView), ledger()
    if shown is None or view.step is None or view.publication is not None:
        return screen.study.analysis.baseline.name
    day = chosen_day(screen.study.atlas).date
    name, _ = held.when(shown, day)
    if held.is_starting(shown, day) or shown.id == held.on().id:
        return name
    return f"{name} au {long_date(day)}"


def _code(screen: Screen) -> str:
    """Return the code of the plan on screen."""
    if screen.publication is None:
        return _CURRENT if has_own_plan(screen.work) else BASELINE
    chosen = state.of(MapView).publication
    return BASELINE if chosen is None else f"{PUBLICATION}{screen.publication.id}"


def _published() -> dict[str | None, str]:
    return {f"{PUBLICATION}{key}": name for key, name in other_publications().items()}


def _saved(screen: Screen) -> dict[str | None, str]:
    """Return the stored scenarios except the current one; show why if they cannot be read."""
    own = None if screen.work.scenario is None else screen.work.scenario.id
    with html.showing_errors("Les scénarios enregistrés ne sont pas proposés.", html.note):
        listed = current_scenario.scenarios().list()[:_MOST]
        return {entry.id: f"{entry.name} · {entry.status}" for entry in listed if entry.id != own}
    return {}


def _compare(code: str | None) -> None:
    state.update(MapView, reference=code)


def _show_plan(code: str | None) -> None:
    state.clear_notice()
    if code is not None and (code == BASELINE or code.startswith(PUBLICATION)):
        chosen = None if code == BASELINE else code.removeprefix(PUBLICATION)
        state.update(MapView, baseline=True, publication=chosen, step=None, mode=Mode.LOOK)
        return
    if code is not None and code != _CURRENT and not current_scenario.open_scenario(code):
        return
    state.update(MapView, baseline=False, publication=None)


def _modes() -> None:
    state.bound(MapView, "mode", then=turn).draw(
        st.segmented_control,
        "Mode",
        list(Mode),
        format_func=lambda mode: mode.label,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )


def turn(mode: Mode) -> None:
    """Change the mode of the map, and clear the message of the mode before."""
    state.clear_notice()
    state.update(Selection, target=None)
    state.update(OpeningView, clicking=False)
    looks = mode is Mode.LOOK
    view = state.of(MapView)
    state.update(
        MapView,
        mode=mode,
        baseline=view.baseline and looks,
        publication=view.publication if looks else None,
    )


def _colour_by(screen: Screen) -> None:
    """Let the user colour the map by a figure of the zones, or by the drives from a place."""
    names = {"": "Secteurs et zones"} | colourings(screen.study)
    if screen.mode is Mode.LOOK:
        names[ACCESS] = "Accessibilité depuis un lieu"
    chooser("Couleurs", names, state.bound(MapView, "colouring"))
    if state.of(MapView).colouring == ACCESS and screen.mode is Mode.LOOK:
        choose_place(screen.study)


def _legend(screen: Screen) -> None:
    key = state.of(MapView).colouring
    copy = copy_view_button()
    if screen.access is not None:
        rings = screen.rings is not None and screen.rings.rings
        title = html.subtitle(f"Durée depuis {screen.access.label}")
        html.show(html.stack(title, class_legend(IN_ZONE if rings else FROM_PLACE), copy))
        return
    colouring = colour_zones(screen.study, key) if key and key != ACCESS else None
    signs = legend.legend(
        screen.study,
        faded=screen.mode is Mode.LOOK,
        trial=not screen.is_published,
        classes=() if colouring is None else colouring.legend,
    )
    if colouring is None:
        html.show(html.stack(signs, copy))
    else:
        title = html.subtitle(colouring.title)
        html.show(html.stack(title, signs, html.remark(colouring.note), copy))
