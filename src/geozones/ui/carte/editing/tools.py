"""Tools of what is chosen in the mode « modifier », in one place, under one button."""

import streamlit as st

from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.carte.editing.locks_menu import locks_box
from geozones.ui.carte.editing.lycee_opening import close_lycee, open_lycee, split_lycee
from geozones.ui.carte.editing.place_editor import place_editor
from geozones.ui.carte.editing.sector_dates import sector_dates
from geozones.ui.carte.editing.sector_editor import sector_editor
from geozones.ui.carte.editing.sector_tools import create_sector, give_zone, sector_tools
from geozones.ui.carte.editing.zone_tools import create_zone, zone_tools
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.editing_views import LocationView, OpeningView, ToolsView
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study


def tools(study: Study, work: Work) -> None:
    """Draw the button « Outils… » of what is chosen and, while open, its tools."""
    chosen = state.of(Selection)
    # a tool that waits for a gesture on the map stays in sight
    waits = state.of(OpeningView).clicking or state.of(LocationView).dragging
    opened = state.of(ToolsView).opened or waits
    st.button(
        _label(chosen),
        icon=":material/expand_less:" if opened else ":material/more_horiz:",
        key="carte.outils",
        on_click=_turn,
        args=(not opened,),
        width="stretch",
    )
    if not opened:
        return
    with st.container(key="gz-tools", gap="small"):
        if chosen.lycee is not None:
            _of_lycee(study, work, chosen.lycee)
        elif chosen.zone is not None:
            _of_zone(study, work, chosen.zone)
        elif chosen.sector is not None:
            _of_sector(study, work, chosen.sector)
        else:
            _of_region(study, work)


def _label(chosen: Selection) -> str:
    if chosen.lycee is not None:
        return worded("Outils {of_the_site}")
    if chosen.zone is not None:
        return "Outils de la zone"
    return "Outils de la région" if chosen.sector is None else "Outils du secteur"


def _turn(opened: bool) -> None:  # noqa: FBT001 - argument of a button
    """Open or close the tools; no gesture on the map is then waited for."""
    state.update(ToolsView, opened=opened)
    if not opened:
        state.update(OpeningView, clicking=False)
        state.update(LocationView, dragging=False)


def _of_lycee(study: Study, work: Work, lycee: str) -> None:
    place_editor(study, work, lycee)
    split_lycee(study, lycee)
    close_lycee(study, lycee)
    locks_box(study, work, "lycee", lycee)


def _of_zone(study: Study, work: Work, zone: str) -> None:
    zone_tools(study, zone)
    give_zone(study, zone)
    open_lycee(study)
    locks_box(study, work, "zone", zone)


def _of_sector(study: Study, work: Work, sector: str) -> None:
    sector_editor(study, sector)
    sector_dates(study, sector)
    sector_tools(study, sector)
    create_zone(study, sector)
    open_lycee(study)
    locks_box(study, work, "sector", sector)


def _of_region(study: Study, work: Work) -> None:
    open_lycee(study)
    create_zone(study, None)
    create_sector()
    locks_box(study, work)
