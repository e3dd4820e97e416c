"""Queue of the user's gestures on a map: each is handled once and in order."""

from collections.abc import Callable
from typing import Any

import streamlit as st

_WAITING = "geozones.waiting"
_GESTURES = "geozones.gestures"


def after_callbacks(act: Callable[[], object]) -> None:
    """Postpone an action until the callbacks of all widgets have run; see `run_postponed`."""
    st.session_state.setdefault(_WAITING, []).append(act)


def run_postponed() -> None:
    """Run the postponed actions, in order, before anything is drawn."""
    waiting: list[Callable[[], object]] = st.session_state.pop(_WAITING, [])
    for act in waiting:
        act()


def new_gestures(key: str, part: str | None = None) -> list[dict[str, Any]]:
    """Return the user's gestures on a map since the last call, in order.

    ``part`` names the value of the component that holds the gestures, where it has several.

    With each gesture the map sends again the gestures not yet answered: none that came while
    another was being answered is lost, and none is handled twice.

    A new session may follow one that already handled some of them: each gesture of its first call
    has ``sent_before``, the number of earlier gestures with the same content.
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
        without_ranks = [_without_rank(gesture) for gesture in fresh]
        fresh = [
            {**gesture, "sent_before": without_ranks[:place].count(without_ranks[place])}
            for place, gesture in enumerate(fresh)
        ]
    if fresh:
        seen[key] = (visit, _rank(fresh[-1]))
    return fresh


def last_gesture(key: str) -> int:
    """Return the number of the last gesture handled on a map; 0 before any."""
    seen: dict[str, tuple[Any, int]] = st.session_state.get(_GESTURES, {})
    return seen.get(key, (None, 0))[1]


def _without_rank(gesture: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in gesture.items() if name != "rank"}


def _rank(gesture: Any) -> int:  # noqa: ANN401 - untrusted
    """Return the number of a gesture; 0 if the value is not a gesture."""
    if not isinstance(gesture, dict) or not isinstance(gesture.get("event"), str):
        return 0
    rank = gesture.get("rank")
    return rank if type(rank) is int else 0
