"""Drawer at the right of the map: key figures, tables and long lists, when asked for."""

import streamlit as st

from geozones.ui import state
from geozones.ui.carte import tables
from geozones.ui.carte.calendar import calendar_card
from geozones.ui.carte.history import history
from geozones.ui.carte.shown import Screen
from geozones.ui.carte.team_figures import team_figures
from geozones.ui.carte.travel_centres import support_centres
from geozones.ui.carte.travel_zones import longest_drives, zone_bars, zone_drives
from geozones.ui.state.carte_views import MapView, Mode, Selection
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import key_figures
from geozones.ui.widgets.open_box import when_open
from geozones.workspace.study import Study


def drawer(screen: Screen) -> None:
    """Draw the drawer while it is open."""
    if not state.of(MapView).drawer:
        return
    study, chosen = screen.study, state.of(Selection)
    with st.container(key="gz-over-right"):
        if screen.reference is not None:
            key_figures(study, None, None, screen.reference)
            team_figures(study, None, None, base=screen.reference.plan)
        else:
            key_figures(study, chosen.sector, chosen.zone)
            team_figures(study, chosen.sector, chosen.zone)
        if screen.mode is Mode.EDIT:
            history(study, screen.work)
            tables.tables(study, None, moves=True)
            return
        _drives(study, chosen)
        tables.tables(study, chosen.sector)
        _centres(study, chosen.sector)
        _calendar(study)


def _drives(study: Study, chosen: Selection) -> None:
    if chosen.zone is not None:
        _drives_of_zone(study, chosen.zone)
    else:
        _longest_drives(study, chosen.sector)


@when_open(st.expander, "Trajets de la zone", key="trajets")
def _drives_of_zone(study: Study, zone: str) -> None:
    zone_drives(study, zone)


@when_open(st.expander, "Trajets les plus longs", key="trajets")
def _longest_drives(study: Study, sector: str | None) -> None:
    zones = study.plan.zones if sector is None else study.plan.zones_of(sector)
    ids = [zone.id for zone in zones]
    longest_drives(study, ids)
    zone_bars(study, ids)


@when_open(st.expander, "{Support_centres}", key="centres")
def _centres(study: Study, sector: str | None) -> None:
    support_centres(study, sector)


@when_open(st.expander, "Calendrier de déploiement", key="calendrier")
def _calendar(study: Study) -> None:
    html.show(calendar_card(study))
