"""What a session remembers: the only module that touches ``st.session_state``.

The trial also lives in the address (``?essai=``), so that reloading the page finds it again.
"""

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from geozones.domain import GeozonesError, History, InputError, Plan
from geozones.workspace import Workspace

_SELECTION = "geozones.selection"
_TRIAL = "geozones.trial"
_NOTICE = "geozones.notice"
_LAYERS = "geozones.layers"
_MINUTES = "geozones.max_minutes"
_DATE = "geozones.date"
_PEAK = "geozones.peak_factor"
_TRAVEL = "geozones.travel_view"
_QUERY = "essai"
_MAX_LINK_MOVES = 300


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at. ``look`` counts the times the map was asked to move there."""

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    target: str | None = None
    look: int = 0


@dataclass(frozen=True, slots=True)
class TravelView:
    """What the page « Temps de trajet » shows: a zone, a pair of lycées, a place asked from."""

    part: str = "zones"
    sector: str | None = None
    zone: str | None = None
    pair: tuple[str, str] | None = None
    place: str | None = None
    understood: str = ""
    isochrones: bool = False
    look: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to show once, under the key figures; ``kind`` is ``ok`` or ``error``."""

    kind: str
    text: str


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


def trial(workspace: Workspace) -> History:
    """Return the session's trial; at first, the one of the address, else the shipped plan."""
    if _TRIAL not in st.session_state:
        st.session_state[_TRIAL] = _from_link(workspace)
    value: History = st.session_state[_TRIAL]
    return value


def keep(history: History) -> None:
    """Make a trial the session's; the page puts it in the address once drawn."""
    st.session_state[_TRIAL] = history


def publish(workspace: Workspace) -> None:
    """Write the trial in the address of the page, where it fits."""
    history = trial(workspace)
    same_zones = history.plan.zones == workspace.plan.zones
    moves = history.done if history.plans[0] == workspace.plan else ()
    if same_zones and 0 < len(moves) <= _MAX_LINK_MOVES:
        link = ",".join(f"{move.lycee}.{move.target}" for move in moves)
        if st.query_params.get(_QUERY) != link:
            st.query_params[_QUERY] = link
    elif _QUERY in st.query_params:
        del st.query_params[_QUERY]


def open_plan(workspace: Workspace, plan: Plan) -> None:
    """Start from a plan that was opened, as moves from the shipped one when they share zones."""
    if (plan.zones, plan.sectors) == (workspace.plan.zones, workspace.plan.sectors):
        moves = [(lycee, zone) for lycee, _, zone in plan.moves_from(workspace.plan)]
        keep(History.start(workspace.plan).replay(moves))
    else:
        keep(History.start(plan))


def _from_link(workspace: Workspace) -> History:
    start = History.start(workspace.plan)
    link = st.query_params.get(_QUERY, "")
    if not link:
        return start
    try:
        parts = link.split(",", _MAX_LINK_MOVES)
        if len(parts) > _MAX_LINK_MOVES:
            msg = f"il a plus de {_MAX_LINK_MOVES} déplacements."
            raise InputError(msg)
        return _replayed(workspace, start, [_pair(part) for part in parts])
    except GeozonesError as error:
        notify("error", f"Le lien n'a pas pu être relu : {error} Le plan livré est affiché.")
        return start


def _replayed(workspace: Workspace, start: History, moves: list[tuple[str, str]]) -> History:
    """Make the moves of a link, each under the rules, as if by hand."""
    history = start
    for lycee, zone in moves:
        if history.plan.zone_of(lycee).id == history.plan.zone(zone).id:
            continue
        verdict = workspace.may_move(history.plan, lycee, zone)
        if not verdict.allowed:
            raise InputError(" ".join(verdict.reasons))
        history = history.move(lycee, zone)
    return history


def _pair(part: str) -> tuple[str, str]:
    lycee, _, zone = part.rpartition(".")
    if not lycee or not zone:
        msg = "un déplacement y est mal écrit."
        raise InputError(msg)
    return lycee, zone


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


def layers() -> dict[str, bool]:
    """Return which layers of the map are drawn."""
    value: dict[str, bool] = st.session_state.setdefault(
        _LAYERS, {"lycees": True, "labels": True, "departements": True, "tiles": False}
    )
    return value


def set_layer(name: str, *, shown: bool) -> None:
    """Show or hide a layer."""
    st.session_state[_LAYERS] = layers() | {name: shown}


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


def travel_view() -> TravelView:
    """Return what the page « Temps de trajet » shows."""
    value: TravelView = st.session_state.setdefault(_TRAVEL, TravelView())
    return value


def set_travel_view(**changes: Any) -> None:  # noqa: ANN401 - the fields of TravelView
    """Change a part of what the page « Temps de trajet » shows."""
    st.session_state[_TRAVEL] = replace(travel_view(), **changes)


def date_index(last: int) -> int:
    """Return the rank of the calendar step shown; at first, the last."""
    return int(st.session_state.setdefault(_DATE, last))


def set_date_index(value: int) -> None:
    """Show another calendar step."""
    st.session_state[_DATE] = value


def widget(key: str) -> Any:  # noqa: ANN401 - whatever the widget holds
    """Return what a widget holds, inside its own callback."""
    return st.session_state.get(key)


def put(key: str, value: Any) -> None:  # noqa: ANN401 - whatever the widget holds
    """Set what a widget shows, before it is drawn."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value
