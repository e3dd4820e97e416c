"""Menu of the plans: the one on screen, and the one that it is compared with."""

import htpy

from geozones.common.french import long_date
from geozones.ui import current_scenario, state
from geozones.ui.carte.dates import chosen_day
from geozones.ui.carte.shown import NOTHING, Screen, compared_with, has_own_plan
from geozones.ui.opened_data import ledger
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.publication_line import (
    BASELINE,
    PUBLICATION,
    other_publications,
    publication_line,
)
from geozones.ui.widgets.scenario_bar import saved_line

#: Code of the current scenario among the plans to show.
_CURRENT = "courant"
_MOST = 30


def plan_line(screen: Screen) -> None:
    """Name the plan on screen, with its status."""
    name = screen.work.name if screen.publication is None else _baseline_name(screen)
    html.show(htpy.p(".gz-paper", aria_hidden="true")[name])
    if screen.publication is not None:
        study = screen.study
        publication_line(screen.publication, study.analysis.baseline.problem, study.kept)
    else:
        html.show(htpy.fragment[htpy.p(".gz-plan-name")[name], saved_line(screen.work)])


def plans_menu(screen: Screen) -> None:
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
