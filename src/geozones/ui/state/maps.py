"""What is chosen and drawn on the Carte and in the Atelier, and the message under the figures."""

from dataclasses import replace
from typing import Any

import streamlit as st

from geozones.ui.state.shown import Notice, Selection

_SELECTION = "geozones.selection"
_NOTICE = "geozones.notice"
_LAYERS = "geozones.layers"
_DATE = "geozones.date"
_PICKED = "geozones.picked"
_PLACING = "geozones.placing"
_COLOURING = "geozones.colouring"


def selection() -> Selection:
    """Return what is selected."""
    value: Selection = st.session_state.setdefault(_SELECTION, Selection())
    return value


def select(**changes: Any) -> None:  # noqa: ANN401 - the fields of Selection
    """Change a part of the selection."""
    st.session_state[_SELECTION] = replace(selection(), **changes)


def look_at(sector: str | None) -> None:
    """Select a sector (``None``: the region) and have the map go there."""
    st.session_state[_SELECTION] = Selection(sector=sector, look=selection().look + 1)
    clear_notice()


def notify(kind: str, text: str) -> None:
    """Leave a message for the next drawing."""
    st.session_state[_NOTICE] = Notice(kind, text)


def notice() -> Notice | None:
    """Return the message to show, until another action replaces or clears it."""
    value: Notice | None = st.session_state.get(_NOTICE)
    return value


def clear_notice() -> None:
    """Forget the message."""
    st.session_state.pop(_NOTICE, None)


def picked() -> tuple[str, ...]:
    """Return the lycées picked to move together."""
    value: tuple[str, ...] = st.session_state.setdefault(_PICKED, ())
    return value


def pick(lycees: tuple[str, ...]) -> None:
    """Choose the lycées to move together."""
    st.session_state[_PICKED] = lycees


def placing() -> bool:
    """Return whether dragging a lycée corrects where it is."""
    return bool(st.session_state.setdefault(_PLACING, False))


def set_placing(*, on: bool) -> None:
    """Have dragging a lycée correct where it is, or move it to another zone."""
    st.session_state[_PLACING] = on


def layers() -> dict[str, bool]:
    """Return which layers of the map are drawn."""
    value: dict[str, bool] = st.session_state.setdefault(
        _LAYERS, {"lycees": True, "labels": True, "departements": True, "tiles": False}
    )
    return value


def set_layer(name: str, *, shown: bool) -> None:
    """Show or hide a layer."""
    st.session_state[_LAYERS] = layers() | {name: shown}


def date_index(last: int) -> int:
    """Return the rank of the calendar step shown; at first, the last."""
    return int(st.session_state.setdefault(_DATE, last))


def set_date_index(value: int) -> None:
    """Show another calendar step."""
    st.session_state[_DATE] = value


def colouring() -> str:
    """Return the metric that the Carte colours by; empty for the sectors."""
    return str(st.session_state.setdefault(_COLOURING, ""))


def set_colouring(value: str) -> None:
    """Colour the Carte by another metric."""
    st.session_state[_COLOURING] = value
