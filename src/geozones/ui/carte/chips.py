"""Chips over the map: plans, legend, layers, threshold, full screen; each opens what it names.

Full screen: ``screen.js`` fills the window and makes Escape leave it; an address can open it too.
"""

import htpy
import streamlit as st

from geozones.common.french import capital, inside, long_date, minutes
from geozones.domain.terms import worded
from geozones.metrics.metric_registry import metric
from geozones.ui import current_scenario, state
from geozones.ui.carte.shown import (
    ACCESS,
    NOTHING,
    Screen,
    calendar_slider,
    choose_place,
    chosen_day,
    class_legend,
    compared_with,
    days,
    deployed,
)
from geozones.ui.opened_data import current_analysis, default_analysis, ledger
from geozones.ui.state.carte_views import MapView, Mode, Selection
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html, territory_map
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser, restore
from geozones.ui.widgets.scenario_bar import (
    BASELINE,
    PUBLICATION,
    other_publications,
    publication_line,
    saved_line,
)
from geozones.ui.widgets.sharing import copy_view_button
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import RELEVE, colour_by_releve
from geozones.workspace.reachability.accessibility import FROM_PLACE
from geozones.workspace.scenarios.open_scenario import baseline_of

#: Code of the current scenario among the plans to show.
_CURRENT = "courant"
_MOST = 30


def plan_line(screen: Screen) -> None:
    """Name the plan on screen, with its status."""
    name = screen.work.name if screen.publication is None else baseline_name(screen)
    html.show(htpy.p(".gz-paper", aria_hidden="true")[name])
    if screen.publication is not None:
        study = screen.study
        publication_line(screen.publication, study.analysis.baseline.problem, study.kept)
    else:
        html.show(htpy.fragment[htpy.p(".gz-plan-name")[name], saved_line(screen.work)])


def plans_menu(screen: Screen) -> None:
    """Let the user choose the plan on screen, and the one it is compared with."""
    work, view = screen.work, state.of(MapView)
    own = None if work.scenario is None else work.scenario.id
    saved: dict[str | None, str] = {}
    with html.showing_errors("Les scénarios enregistrés ne sont pas proposés.", html.note):
        listed = current_scenario.scenarios().list()[:_MOST]
        saved = {entry.id: f"{entry.name} · {entry.status}" for entry in listed if entry.id != own}
    published: dict[str | None, str] = {
        f"{PUBLICATION}{key}": name for key, name in other_publications().items()
    }
    names: dict[str | None, str] = {BASELINE: baseline_name(screen)}
    if not work.is_untouched:
        names[_CURRENT] = work.name
    names |= saved | published
    shown = _CURRENT if screen.publication is None and not work.is_untouched else BASELINE
    if screen.publication is not None and view.publication is not None:
        shown = f"{PUBLICATION}{screen.publication.id}"
    bound: state.BoundValue[str | None] = state.BoundValue("MapView.plan", shown, _show_plan)
    chooser("Plan à l'écran", names, bound)
    base = baseline_of(current_analysis(), work)
    others: dict[str | None, str] = {NOTHING: "Rien", BASELINE: capital(base.dated)}
    if base.now is not None:
        others[f"{PUBLICATION}{base.now.publication}"] = base.now.name
    others |= saved | published
    reference = compared_with(work)
    chooser("Comparer avec", others, state.bound(MapView, "reference", default=reference))


def baseline_name(screen: Screen) -> str:
    """Return the name of the baseline, with its date unless that is today."""
    shown, view, held = screen.publication, state.of(MapView), ledger()
    if shown is None or view.step is None or view.publication is not None:
        return current_analysis().baseline.name
    day = chosen_day(screen.study.atlas).date
    name, _ = held.when(shown, day)
    if held.is_starting(shown, day) or shown.id == held.on().id:
        return name
    return f"{name} au {long_date(day)}"


def _show_plan(code: str | None) -> None:
    state.clear_notice()
    if code is not None and (code == BASELINE or code.startswith(PUBLICATION)):
        chosen = None if code == BASELINE else code.removeprefix(PUBLICATION)
        state.update(MapView, baseline=True, publication=chosen, step=None, mode=Mode.MAP)
        return
    if code is not None and code != _CURRENT and not current_scenario.open_scenario(code):
        return
    state.update(MapView, baseline=False, publication=None)


def threshold(study: Study) -> None:
    """Let the user set the longest drive of a zone."""
    settings = study.settings
    state.bound(HypothesesView, "max_minutes", default=int(settings.max_minutes)).draw(
        st.slider, "Trajet le plus long admis dans une zone (min)", 20, 90, step=5
    )
    usual = default_analysis().settings.max_minutes
    restore(
        "seuil",
        minutes(usual),
        state.changing(HypothesesView, max_minutes=None),
        changed=settings.max_minutes != usual,
    )
    if basis := study.times.basis:
        html.show(html.remark(f"{capital(basis)}, aucune zone n'est jugée sur ce seuil."))


def map_legend(screen: Screen) -> htpy.Element:
    """Return the legend of the map."""
    if screen.access is not None:
        title = html.subtitle(f"Durée depuis {screen.access.label}")
        return html.stack(title, class_legend(FROM_PLACE))
    colouring = colour_by_releve(screen.study) if state.of(MapView).colouring == RELEVE else None
    signs = territory_map.legend(
        screen.study,
        faded=deployed(screen) is not None,
        trial=screen.publication is None,
        classes=() if colouring is None else colouring.legend,
    )
    if colouring is None:
        return signs
    return html.stack(html.subtitle(colouring.title), signs)


def full_screen(screen: Screen) -> None:
    """Draw the title and the legend beside the map, and the button that leaves."""
    study, chosen = screen.study, state.of(Selection)
    title = "Secteurs et zones de continuité"
    if chosen.lycee is not None:
        title = study.name(chosen.lycee)
    elif chosen.zone is not None:
        title = study.plan.zone(chosen.zone).name
    elif chosen.sector is not None:
        title = study.plan.sector(chosen.sector).name
    with st.container(key="gz-over-full"):
        html.show(htpy.h2(".gz-projected")[title])
        plan_line(screen)
        html.show(map_legend(screen))
        st.button(
            "Quitter le plein écran",
            key="carte.quitter",
            width="stretch",
            on_click=state.changing(MapView, full=False),
        )


#: Optional background, loaded only when the user switches it on.
_TILES_URL = (
    "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal&FORMAT=image/png"
    "&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
)
_TILES = (_TILES_URL, "© IGN - Géoplateforme")
_LAYERS = (
    ("lycees", "{Sites}"),
    ("labels", "Noms"),
    ("departements", "Limites de département"),
    ("tiles", "Fond de plan IGN (internet)"),
)


def layer_boxes(study: Study) -> None:
    """Draw the boxes that show or hide each layer that the territory has."""
    for name, label in _LAYERS:
        if name == "departements" and not study.atlas.ground.departements:
            continue

        def toggle(shown: bool, name: str = name) -> None:  # noqa: FBT001 - written by a checkbox
            state.clear_notice()
            state.update(MapView, **{name: shown})

        state.bound(MapView, name, then=toggle).draw(st.checkbox, worded(label))


def tiles() -> tuple[str, str] | None:
    """Return the background that the user switched on, if any."""
    return _TILES if state.of(MapView).tiles else None


def tiles_failed() -> None:
    """Switch the background off after a failure, and notify the user."""
    state.update(MapView, tiles=False)
    state.notify("error", "Le fond de plan IGN ne répond pas : la carte s'en passe.")


_SECTORS = "Secteurs et zones"


def chips(screen: Screen) -> None:
    """Draw the chips."""
    with st.container(key="gz-chips", horizontal=True):
        _colours(screen)
        # a date to come, where one changes the map
        if screen.mode is Mode.MAP and len(days(screen.study.atlas)) > 1:
            label = chosen_day(screen.study.atlas).label
            box = st.popover(label, key="menu.date", on_change="rerun")
            if box.open:
                with box:
                    calendar_slider(screen.study)
        _compare(screen)
        _legend(screen)
        _settings(screen.study)
        opened = state.of(MapView).drawer
        st.button(
            "Fermer les tableaux" if opened else "Tableaux",
            key="carte.tableaux",
            on_click=state.changing(MapView, drawer=not opened),
        )


def _colours(screen: Screen) -> None:
    """Let the user colour the zones by their relève, or the map by the drives from a place."""
    names = {"": _SECTORS, RELEVE: metric(RELEVE).label}
    if screen.mode is Mode.MAP:
        names[ACCESS] = "Minutes depuis un lieu"
    shown = names.get(state.of(MapView).colouring, _SECTORS)
    label = "Couleurs" if shown == _SECTORS else f"Couleurs : {inside(shown)}"
    box = st.popover(label, key="menu.couleurs", on_change="rerun")
    if not box.open:
        return
    with box:
        chooser("Couleurs", names, state.bound(MapView, "colouring"))
        if state.of(MapView).colouring == ACCESS and screen.mode is Mode.MAP:
            choose_place(screen.study)


@when_open(st.popover, "Comparer", key="menu.comparer")
def _compare(screen: Screen) -> None:
    plans_menu(screen)


@when_open(st.popover, "Réglages", key="menu.reglages")
def _settings(study: Study) -> None:
    with st.container(key="gz-group-affichage"):
        html.show(html.subtitle("Affichage"))
        layer_boxes(study)
    threshold(study)
    html.show(copy_view_button())
    st.button(
        "Plein écran",
        icon=":material/fullscreen:",
        key="carte.plein",
        on_click=state.changing(MapView, full=True),
    )


@when_open(st.popover, "Légende", key="menu.legende")
def _legend(screen: Screen) -> None:
    html.show(map_legend(screen))
