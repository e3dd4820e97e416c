"""The data folder, opened once for every session, under the hypotheses of this one."""

import gc

import streamlit as st

from geozones.ui import state
from geozones.ui.state.views import Hypotheses
from geozones.workspace.analysis import Analysis, analysis_of
from geozones.workspace.atlas import Atlas, open_atlas
from geozones.workspace.territory import territory_of


@st.cache_resource(show_spinner="Ouverture des données…")
def _atlas() -> Atlas:
    atlas = open_atlas()
    _settle()
    return atlas


def _settle() -> None:
    """Have Python's garbage collector no longer look through what stays as long as the server.

    Modules and data are some 270,000 objects, 150 ms at each full collection, during which nothing
    is answered. What an earlier opening held is collected first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def default_analysis() -> Analysis:
    """Return the data folder under the hypotheses of the tool."""
    return analysis_of(territory_of(_atlas()))


def current_analysis() -> Analysis:
    """Return the data folder under the session's threshold, moment, factor and team hypotheses."""
    analysis, asked = default_analysis(), state.of(Hypotheses)
    if asked.max_minutes is not None:
        analysis = analysis.with_max_minutes(float(asked.max_minutes))
    if asked.teams is not None:
        analysis = analysis.with_team_settings(asked.teams)
    return analysis.with_moment(asked.moment).with_peak_factor(asked.peak_factor)


def reopen() -> None:
    """Open the data anew at the next drawing, for every session: the matrix in use changed."""
    _atlas.clear()
