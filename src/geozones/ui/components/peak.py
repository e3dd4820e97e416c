"""The peak-hour factor: chosen once, applied everywhere, written on every figure."""

import streamlit as st

from geozones.domain.french import number
from geozones.ui import state
from geozones.workspace import PEAK_FACTOR_RANGE

_KEY = "temps.pointe"
_STEP = 0.05


def peak_slider() -> None:
    """Let the user choose the factor."""
    low, high = PEAK_FACTOR_RANGE
    steps = [round(low + rank * _STEP, 2) for rank in range(round((high - low) / _STEP) + 1)]
    state.put(_KEY, state.peak_factor())
    st.select_slider(
        "Heure de pointe : toutes les durées sont multipliées par",
        steps,
        key=_KEY,
        format_func=lambda factor: number(factor, 2),
        on_change=lambda: state.set_peak_factor(float(state.widget(_KEY))),
        help="1 : routes dégagées, comme les moteurs les calculent. Le facteur s'applique à toutes "
        "les pages et à tous les chiffres de cette session.",
    )
