"""The scenario at work: opened, changed, saved, for whoever is at the keyboard."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.french import plural
from geozones.domain.places import Spot
from geozones.ui import state
from geozones.ui.auth import actor
from geozones.workspace import Point, Scenarios, Work, Workspace, events_of, open_store

if TYPE_CHECKING:
    from geozones.workspace.stores import Store


@st.cache_resource(show_spinner=False, on_release=lambda store: store.close())
def _store() -> "Store":
    return open_store()


def scenarios(workspace: Workspace) -> Scenarios:
    """Return the use cases of scenarios for this user."""
    return Scenarios(workspace, _store, actor(), state.now)


def current(workspace: Workspace) -> Work:
    """Return the session's scenario; at first, the one of the address or of this browser."""
    found = state.work()
    if found is None:
        found = _first(workspace)
        state.keep(found)
    return found


def _first(workspace: Workspace) -> Work:
    desk = scenarios(workspace)
    asked = state.asked_scenario()
    if asked is None:
        return desk.new()
    try:
        return desk.open(asked)
    except GeozonesError as error:
        state.notify("error", f"{error} Le plan livré est affiché.")
        return desk.new()


def record(workspace: Workspace, kind: str, data: dict[str, object], why: str = "") -> bool:
    """Make a change of the session's scenario; say what is wrong where it cannot be."""
    try:
        state.keep(scenarios(workspace).record(current(workspace), kind, data, why))
    except GeozonesError as error:
        state.notify("error", str(error))
        return False
    return True


def accept(workspace: Workspace, point: Point, rank: int) -> bool:
    """Make a proposed move of the session's scenario, checked anew."""
    plan = current(workspace).plan
    return all(
        record(workspace, kind, data, "proposition acceptée")
        for kind, data in events_of(plan, point, rank)
    )


def drop_emptied(workspace: Workspace, point: Point) -> list[str]:
    """Remove the zones that the accepted moves left without lycées; return their names."""
    removed = []
    for zone in point.result.emptied:
        plan = current(workspace).plan
        known = {entry.id: entry.name for entry in plan.zones}
        if (
            zone in known
            and not plan.members(zone)
            and record(workspace, "delete_zone", {"zone": zone}, "zone vidée par la proposition")
        ):
            removed.append(known[zone])
    return removed


def place(workspace: Workspace, lycee: str, spot: Spot | None, *, insist: bool = False) -> bool:
    """Correct where a lycée is, or leave that to the data; say what is wrong where it cannot be."""
    return _do(lambda: scenarios(workspace).place(current(workspace), lycee, spot, insist=insist))


def step(workspace: Workspace, way: str) -> None:
    """Undo or redo."""
    _do(lambda: scenarios(workspace).step(current(workspace), way))


def jump(workspace: Workspace, event: str | None) -> None:
    """Go to a point of the history."""
    _do(lambda: scenarios(workspace).jump(current(workspace), event))


def save_again(workspace: Workspace) -> None:
    """Try to save what could not be."""
    _do(lambda: scenarios(workspace).save(current(workspace)))


def rebase(workspace: Workspace) -> None:
    """Put one's changes after the others', and say which no longer hold."""

    def put() -> Work:
        after, refused = scenarios(workspace).rebase(current(workspace))
        if refused:
            reasons = " ".join(why for _, why in refused)
            state.notify(
                "error",
                f"{plural(len(refused), 'changement')} : impossible à remettre. {reasons}",
            )
        return after

    _do(put)


def branch_off(workspace: Workspace) -> None:
    """Keep one's own version in a copy."""
    _do(lambda: scenarios(workspace).branch_off(current(workspace)))


def take_theirs(workspace: Workspace) -> None:
    """Give one's unsaved changes up for what the store holds."""
    theirs = current(workspace).conflict
    if theirs is not None:
        state.keep(theirs)


def open_scenario(workspace: Workspace, scenario: str) -> bool:
    """Make a scenario the session's."""
    return _do(lambda: scenarios(workspace).open(scenario))


def start(work: Work) -> None:
    """Make a new work the session's."""
    state.keep(work)
    state.select(lycee=None, zone=None, target=None)


def _do(make: Callable[[], Work]) -> bool:
    try:
        state.keep(make())
    except GeozonesError as error:
        state.notify("error", str(error))
        return False
    state.select(target=None)
    return True


def frozen(workspace: Workspace) -> Work | None:
    """Return the version that a read-only link shows; ``None`` where the address asks for none."""
    token = state.asked_version()
    if token is None:
        return None
    return _frozen(workspace, token)


def _frozen(workspace: Workspace, token: str) -> Work | None:
    held = state.frozen_version()
    if held is not None and held[0] == token:
        return held[1]
    try:
        found = scenarios(workspace).frozen(token)
    except GeozonesError as error:
        state.notify("error", f"{error} Le plan livré est affiché.")
        found = None
    state.keep_frozen(token, found)
    return found
