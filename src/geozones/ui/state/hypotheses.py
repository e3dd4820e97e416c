"""What the figures of a session suppose."""

import streamlit as st

from geozones.domain.settings import TeamSettings

_MINUTES = "geozones.max_minutes"
_PEAK = "geozones.peak_factor"
_TEAM_SETTINGS = "geozones.team_settings"


def max_minutes(default: float) -> float:
    """Return the threshold of the drives inside a zone, in minutes."""
    return float(st.session_state.setdefault(_MINUTES, default))


def set_max_minutes(value: float) -> None:
    """Change the threshold."""
    st.session_state[_MINUTES] = value


def peak_factor() -> float:
    """Return what every drive is multiplied by."""
    return float(st.session_state.setdefault(_PEAK, 1.0))


def set_peak_factor(value: float) -> None:
    """Change what every drive is multiplied by."""
    st.session_state[_PEAK] = value


def team_settings(default: TeamSettings) -> TeamSettings:
    """Return the hypotheses about teams of this session."""
    value: TeamSettings = st.session_state.setdefault(_TEAM_SETTINGS, default)
    return value


def set_team_settings(value: TeamSettings) -> None:
    """Change the hypotheses about teams."""
    st.session_state[_TEAM_SETTINGS] = value
