"""What every page starts with: the workspace, the style sheet, the errors in one place."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from geozones.domain import GeozonesError
from geozones.ui import state
from geozones.workspace import Workspace, open_workspace

_STYLES = Path(__file__).with_name("styles.css")
_FRENCH = Path(__file__).with_name("french.js")


@st.cache_resource(show_spinner="Ouverture des données…")
def _opened() -> Workspace:
    return open_workspace()


@st.cache_resource(max_entries=8, show_spinner=False)
def _opened_with(max_minutes: float) -> Workspace:
    return _opened().with_max_minutes(max_minutes)


def current_workspace() -> Workspace:
    """Return the workspace, under the session's threshold."""
    base = _opened()
    minutes = state.max_minutes(base.settings.max_minutes)
    return base if minutes == base.settings.max_minutes else _opened_with(minutes)


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
        body(current_workspace())
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
