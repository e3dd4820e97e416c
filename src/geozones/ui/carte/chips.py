"""Chips over the map: each opens what it names."""

import streamlit as st

from geozones.common.french import inside
from geozones.ui import state
from geozones.ui.carte.calendar import calendar_slider
from geozones.ui.carte.dates import chosen_day
from geozones.ui.carte.full_screen import full_screen_button
from geozones.ui.carte.layers import layer_boxes
from geozones.ui.carte.map_legend import map_legend
from geozones.ui.carte.plans_menu import plans_menu
from geozones.ui.carte.rules_menu import rules_menu
from geozones.ui.carte.shown import ACCESS, Screen
from geozones.ui.carte.travel_access import choose_place
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.links import copy_view_button
from geozones.ui.widgets.open_box import when_open
from geozones.ui.widgets.peak import choose_moment
from geozones.workspace.maps.colouring import colourings
from geozones.workspace.study import Study

_SECTORS = "Secteurs et zones"


def chips(screen: Screen) -> None:
    """Draw the chips."""
    with st.container(key="gz-chips", horizontal=True):
        _colours(screen)
        if screen.mode is Mode.LOOK:
            _date(screen.study)
        _compare(screen)
        _legend(screen)
        _settings(screen.study)
        full_screen_button()
        _drawer_button()


def _colours(screen: Screen) -> None:
    """Let the user colour the map by a figure of the zones, or by the drives from a place."""
    names = {"": _SECTORS} | colourings(screen.study)
    if screen.mode is Mode.LOOK:
        names[ACCESS] = "Accessibilité depuis un lieu"
    shown = names.get(state.of(MapView).colouring, _SECTORS)
    label = "Couleurs" if shown == _SECTORS else f"Couleurs : {inside(shown)}"
    box = st.popover(label, key="menu.couleurs", on_change="rerun")
    if not box.open:
        return
    with box:
        chooser("Couleurs", names, state.bound(MapView, "colouring"))
        if state.of(MapView).colouring == ACCESS and screen.mode is Mode.LOOK:
            choose_place(screen.study)


def _date(study: Study) -> None:
    box = st.popover(chosen_day(study.atlas).label, key="menu.date", on_change="rerun")
    if box.open:
        with box:
            calendar_slider(study)


@when_open(st.popover, "Comparer", key="menu.comparer")
def _compare(screen: Screen) -> None:
    plans_menu(screen)


@when_open(st.popover, "Réglages", key="menu.reglages")
def _settings(study: Study) -> None:
    """Draw the layers, the time of day of the drives, the rules, and the link of the view."""
    with st.container(key="gz-group-affichage"):
        html.show(html.subtitle("Affichage"))
        layer_boxes()
    choose_moment()
    rules_menu(study)
    html.show(copy_view_button())


def _drawer_button() -> None:
    opened = state.of(MapView).drawer
    st.button(
        "Fermer les tableaux" if opened else "Tableaux",
        key="carte.tableaux",
        on_click=_turn_drawer,
        args=(not opened,),
    )


def _turn_drawer(opened: bool) -> None:  # noqa: FBT001 - argument of a button
    state.update(MapView, drawer=opened)


@when_open(st.popover, "Légende", key="menu.legende")
def _legend(screen: Screen) -> None:
    html.show(map_legend(screen))
