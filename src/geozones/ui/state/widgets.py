"""What widgets hold and tell, and what the user did on a map."""

from collections.abc import Callable
from typing import Any

import streamlit as st

_ANSWERS = "geozones.answers"
_GESTURES = "geozones.gestures"


def widget(key: str) -> Any:  # noqa: ANN401 - whatever the widget holds
    """Return what a widget holds, inside its own callback."""
    return st.session_state.get(key)


def put(key: str, value: Any) -> None:  # noqa: ANN401 - whatever the widget holds
    """Set what a widget shows, before it is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def show(key: str, value: Any) -> None:  # noqa: ANN401 - whatever the widget holds
    """Have a widget show a value whatever the browser last said of it, before it is drawn."""
    st.session_state[key] = value


def after_callbacks(answer: Callable[[], None], *, gesture: bool) -> None:
    """Leave something to do once every widget has told what the user did."""
    st.session_state.setdefault(_ANSWERS, []).append((gesture, answer))


def answer() -> None:
    """Do what the widgets left to do, before anything is drawn.

    With a gesture on a map the browser also tells what every list shows. It may not have drawn yet
    what the gesture before changed there: what it then tells of a list is no choice of the user's.
    """
    waiting: list[tuple[bool, Callable[[], None]]] = st.session_state.pop(_ANSWERS, [])
    only_gestures = any(gesture for gesture, _ in waiting)
    for gesture, act in waiting:
        if gesture or not only_gestures:
            act()


def new_gestures(key: str) -> list[dict[str, Any]]:
    """Return what the user did on a map since the last call, in order.

    The map tells its last gestures again with each: one that came while another was being answered
    is not lost, and none is taken twice.
    """
    value = widget(key)
    if not isinstance(value, dict) or not isinstance(value.get("gestures"), list):
        return []
    seen: dict[str, tuple[Any, int]] = st.session_state.setdefault(_GESTURES, {})
    visit, last = seen.get(key, (None, 0))
    if visit != value.get("visit"):
        visit, last = value.get("visit"), 0
    fresh = [gesture for gesture in value["gestures"] if _rank(gesture) > last]
    if fresh:
        seen[key] = (visit, _rank(fresh[-1]))
    return fresh


def _rank(gesture: Any) -> int:  # noqa: ANN401 - whatever a browser may send
    """Return the number of a gesture; 0 for what is none."""
    if not isinstance(gesture, dict) or not isinstance(gesture.get("event"), str):
        return 0
    rank = gesture.get("rank")
    return rank if type(rank) is int else 0
