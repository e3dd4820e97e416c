"""What every page starts with: the workspace, the style sheet, the errors in one place."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.settings import TeamSettings
from geozones.ui import desk, state
from geozones.workspace import Workspace, open_workspace

_STYLES = Path(__file__).with_name("styles.css")
_FRENCH = Path(__file__).with_name("french.js")


@st.cache_resource(show_spinner="Ouverture des données…")
def _opened() -> Workspace:
    return open_workspace()


@st.cache_resource(max_entries=8, show_spinner=False)
def _opened_with(max_minutes: float, peak_factor: float, teams: TeamSettings) -> Workspace:
    changed = _opened().with_max_minutes(max_minutes).with_peak_factor(peak_factor)
    return changed.with_team_settings(teams)


def current_workspace() -> Workspace:
    """Return the workspace, under the session's threshold, peak factor and team hypotheses."""
    base = _opened()
    minutes, factor = state.max_minutes(base.settings.max_minutes), state.peak_factor()
    teams = state.team_settings(base.settings.teams)
    settings = base.settings
    if (minutes, factor, teams) == (settings.max_minutes, base.times.factor, settings.teams):
        return base
    return _opened_with(minutes, factor, teams)


def reopen() -> None:
    """Open the data anew at the next drawing, for every session: the matrix in use changed."""
    _opened_with.clear()
    _opened.clear()


def show(body: Callable[[Workspace], None]) -> None:
    """Draw a page as one fragment: a gesture redraws its figures, panel and map, nothing else."""
    st.html(_STYLES)
    script = _FRENCH.read_text(encoding="utf-8")
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)
    _draw(body)


@st.fragment
def _draw(body: Callable[[Workspace], None]) -> None:
    """Draw the body; say what is wrong with the data in one sentence, without a traceback."""
    try:
        state.answer()
        workspace = current_workspace()
        shown = desk.current(workspace).state
        body(workspace.with_places(shown.places).with_teams(shown.teams))
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
