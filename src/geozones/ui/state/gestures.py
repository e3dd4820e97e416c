"""What the user did on a map, each gesture taken once and in order."""

from collections.abc import Callable
from typing import Any

import streamlit as st

_WAITING = "geozones.waiting"
_GESTURES = "geozones.gestures"


def after_callbacks(act: Callable[[], object]) -> None:
    """Leave something to do once the callbacks of all widgets have run; see `answer`."""
    st.session_state.setdefault(_WAITING, []).append(act)


def answer() -> None:
    """Do what was left to do, in order, before anything is drawn."""
    waiting: list[Callable[[], object]] = st.session_state.pop(_WAITING, [])
    for act in waiting:
        act()


def new_gestures(key: str, part: str | None = None) -> list[dict[str, Any]]:
    """Return what the user did on a map since the last call, in order.

    ``part`` is which of the values of a component holds it, where it has several.

    The map tells with each gesture those that it has no answer to: one that came while another was
    being answered is not lost, and none is taken twice.

    A session that knows nothing of the map may follow one that took some of them already: each of
    its first ones has ``sent_before``, how many others say the same.
    """
    value = st.session_state.get(key)
    if part is not None:
        value = value.get(part) if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(value.get("gestures"), list):
        return []
    seen: dict[str, tuple[Any, int]] = st.session_state.setdefault(_GESTURES, {})
    visit, last = seen.get(key, (None, 0))
    if visit != value.get("visit"):
        visit, last = value.get("visit"), 0
    fresh = [gesture for gesture in value["gestures"] if _rank(gesture) > last]
    if key not in seen:
        said = [_without_rank(gesture) for gesture in fresh]
        fresh = [
            {**gesture, "sent_before": said[:place].count(said[place])}
            for place, gesture in enumerate(fresh)
        ]
    if fresh:
        seen[key] = (visit, _rank(fresh[-1]))
    return fresh


def last_gesture(key: str) -> int:
    """Return the number of the last gesture on a map that was taken; 0 before any."""
    seen: dict[str, tuple[Any, int]] = st.session_state.get(_GESTURES, {})
    return seen.get(key, (None, 0))[1]


def _without_rank(gesture: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in gesture.items() if name != "rank"}


def _rank(gesture: Any) -> int:  # noqa: ANN401 - whatever a browser may send
    """Return the number of a gesture; 0 for what is none."""
    if not isinstance(gesture, dict) or not isinstance(gesture.get("event"), str):
        return 0
    rank = gesture.get("rank")
    return rank if type(rank) is int else 0
