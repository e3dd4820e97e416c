"""The peak-hour factor: chosen once, applied everywhere, written on every figure."""

import streamlit as st

from geozones.domain.french import number
from geozones.ui import state
from geozones.workspace import PEAK_FACTOR_RANGE, Workspace

_KEY = "temps.pointe"


def peak_note(workspace: Workspace) -> str:
    """Return what to write beside a duration; nothing at free-flow speed."""
    factor = workspace.times.factor
    return "" if factor == 1 else f" (heure de pointe × {number(factor, 2).rstrip('0')})"


def peak_slider() -> None:
    """Let the user choose the factor."""
    low, high = PEAK_FACTOR_RANGE
    state.put(_KEY, state.peak_factor())
    st.slider(
        "Heure de pointe : toutes les durées × ",
        low,
        high,
        step=0.05,
        key=_KEY,
        format="%.2f",
        on_change=lambda: state.set_peak_factor(float(state.widget(_KEY))),
        help="1 : routes dégagées, comme les moteurs les calculent. Le facteur s'applique à toutes "
        "les pages et à tous les chiffres de cette session.",
    )
