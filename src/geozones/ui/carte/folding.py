"""Button that folds or unfolds a panel over the map."""

from functools import partial
from typing import Literal

import streamlit as st

from geozones.ui import state
from geozones.ui.state.carte_views import MapView

type Side = Literal["left", "right"]


def folded(side: Side, name: str) -> bool:
    """Draw the button that folds or unfolds a panel; return whether the panel is folded."""
    is_open: bool = getattr(state.of(MapView), side)
    way = (side == "left") == is_open
    st.button(
        f"Replier : {name}" if is_open else name,
        key=f"gz-fold-{side}",
        icon=":material/chevron_left:" if way else ":material/chevron_right:",
        on_click=partial(_fold, side, is_open=not is_open),
    )
    return not is_open


def _fold(side: Side, *, is_open: bool) -> None:
    state.update(MapView, **{side: is_open})
