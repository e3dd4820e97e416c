"""Lycées picked, content of the panel, and handlers of gestures on the map."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain import Plan
from geozones.domain.identifiers import commune_place
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.chips import tiles_failed
from geozones.ui.carte.lycee_opening import on_site
from geozones.ui.carte.moves import DESTINATIONS, MOVE, OPEN, PUT, make_moves, row_id
from geozones.ui.carte.shown import Screen, ask_from, plan_on_screen
from geozones.ui.feature_parts import close_map_lists, map_lists
from geozones.ui.state.carte_views import (
    Demand,
    MapView,
    Mode,
    MoveView,
    OpeningView,
    Selection,
    TravelView,
    VigilanceView,
)
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import target
from geozones.workspace.moves.destinations import NEW_ZONE


def chosen_sites(count: int) -> str:
    """Write a count of chosen lycées: ``2 lycées choisis``."""
    return plural(count, worded("{site} choisi"), worded("{sites} choisis"))


def moving() -> tuple[str, ...]:
    """Return the lycées (ids) that a target zone is for: the picked ones, else the chosen one."""
    picked, lycee = state.of(MoveView).picked, state.of(Selection).lycee
    return picked or (() if lycee is None else (lycee,))


def pick(study: Study, lycee_id: str) -> None:
    """Add a lycée to the picked ones, or remove it."""
    before, done = moving(), state.of(MoveView).done
    if done is not None and done.effect is not None and before == (done.effect.lycee,):
        before = ()  # the lycée that was just moved is not one of those to move together
    kept = tuple(key for key in before if key != lycee_id)
    _pick_together(kept if lycee_id in before else (*before, lycee_id))
    if not state.of(MoveView).picked:
        state.notify("ok", f"{study.name(lycee_id)} n'est plus choisi.")


def pick_many(study: Study, found: Any) -> None:  # noqa: ANN401 - untrusted
    """Add the lycées (ids) inside a lasso to the picked ones."""
    if not isinstance(found, list):
        return
    known = study.plan.zone_by_lycee
    added = [key for key in found if isinstance(key, str) and key in known]
    if added:
        _pick_together(tuple(dict.fromkeys((*state.of(MoveView).picked, *added))))


def _pick_together(picked: tuple[str, ...]) -> None:
    """Choose lycées to move together, instead of whatever was chosen."""
    state.update(MoveView, picked=picked, done=None)
    state.update(Selection, zone=None, lycee=None, target=None)
    if picked:
        count = chosen_sites(len(picked))
        state.notify("ok", f"{count} : cliquez la zone d'arrivée, ou prenez-la dans la liste.")


def propose_button() -> None:
    """Draw the button that opens the proposals."""
    st.button(
        "Demander une proposition",
        type="primary",
        key="carte.proposer",
        on_click=partial(turn, Mode.PROPOSE),
        width="stretch",
    )


def why_fixed(screen: Screen) -> str:
    """Return why no lycée of the plan on screen may be moved; empty if they may."""
    if screen.movable:
        return ""
    if screen.mode is Mode.PROPOSE:
        return worded("Les propositions sont ouvertes : revenez à la carte pour déplacer {a_site}.")
    return worded(
        "Ce plan est publié, il ne change pas : pour déplacer {a_site}, choisissez votre scénario "
        "dans « Comparer »."
    )


def turn(mode: Mode) -> None:
    """Open the proposals or what is chosen, and clear the message on screen."""
    state.clear_notice()
    state.update(Selection, target=None)
    state.update(OpeningView, clicking=False)
    if mode is Mode.PROPOSE:
        sector, _ = state.of(Selection).around(current_scenario.study().plan)
        if sector is not None and not state.of(Demand).sectors:
            state.update(Demand, sectors=(sector,))
    state.update(MapView, mode=mode)


_REGION = "region:"


def on_event(study: Study, event: Mapping[str, Any]) -> None:
    """Handle a gesture; ``study`` holds the plan that was on screen at the time."""
    screen = plan_on_screen(current_scenario.study())
    kind, name = event["event"], str(event.get("id"))
    if kind == "tiles-failed":
        tiles_failed()
    elif kind in {"undo", "redo"}:
        head, before = event.get("head"), event.get("sent_before")
        timeline = current_scenario.current().timeline
        # a session that ended before it answered may have done it already
        done_already = (
            type(before) is int
            and (head is None or isinstance(head, str))
            and before < timeline.steps_from(head, kind)
        )
        if not done_already:
            current_scenario.step(kind)
    elif kind == "go":
        _go(screen, name)
    elif kind == "zone":
        if screen.movable and moving():
            _aim(screen.work.plan, name)
        else:
            _look_at_zone(screen.study.plan, name)
    elif kind == "lycee":
        _look_at_lycee(screen.study.plan, name)
    elif kind == "patch" and commune_place(name) in screen.study.territory.drives.communes:
        ask_from(commune_place(name))
    elif screen.movable:
        _edit(study, kind, name, event)


def _go(screen: Screen, where: str) -> None:
    """Handle a click on a name in a list: most names are selected on the map.

    ``aim:ZONE`` makes a zone the target of the selected lycée, ``vigilance:`` opens the points to
    watch of the selected sector; the row of a lycée has its own names (`row_id`).
    """
    kind, _, name = where.partition(":")
    if kind == "vigilance":
        sector_id, _ = state.of(Selection).around(screen.study.plan)
        state.update(VigilanceView, opened=True, sector=sector_id)
        close_map_lists()
    elif kind in (lists := {each.gesture: each for each in map_lists()}):
        lists[kind].on_gesture(name)
    elif kind not in {"aim", OPEN, PUT}:
        go_to(screen.study, where)
    elif not screen.movable:
        return
    elif kind == "aim":
        _aim(screen.work.plan, name)
    else:
        lycee_id, _, zone_id = name.partition(":")
        _in_row(screen.work.plan, lycee_id, zone_id)


def _in_row(plan: Plan, lycee_id: str, zone_id: str) -> None:
    """Open or close the row of a lycée; move the lycée if a zone was clicked in its list."""
    if lycee_id not in plan.zone_by_lycee:
        return
    if zone_id:
        make_moves({lycee_id: zone_id}, selected=lycee_id)
        closes = current_scenario.current().plan.zone_of(lycee_id).id == zone_id
    else:
        state.clear_notice()
        closes = state.of(MoveView).row == lycee_id
    state.update(MoveView, row=None if closes else lycee_id)
    state.ask_focus(row_id(lycee_id))


@state.reporting_errors()
def go_to(study: Study, where: str) -> None:
    """Select the place that a name stands for, and move the map there.

    ``where`` is a key of `find`, as ``zone:ID``, or ``region:``. The map does not move for a lycée:
    the zones around must stay in view.
    """
    state.clear_notice()
    state.update(TravelView, pair=None)
    state.update(MoveView, done=None, picked=())
    state.update(VigilanceView, opened=False)
    close_map_lists()
    if where == _REGION:
        state.look_at(None)
        return
    found = target(study, where)
    chosen = state.of(Selection)
    edits = found.lycee is not None
    state.update(
        Selection,
        sector=chosen.sector if edits else found.sector,
        zone=None if edits else found.zone,
        lycee=found.lycee,
        target=None,
        bounds=chosen.bounds if edits else found.bounds,
        look=chosen.look if edits else chosen.look + 1,
    )


def _look_at_zone(plan: Plan, zone_id: str) -> None:
    if zone_id in {entry.id for entry in plan.zones}:
        _select_on_map(plan, zone_id, None)


def _look_at_lycee(plan: Plan, lycee_id: str) -> None:
    if lycee_id in plan.zone_by_lycee:
        _select_on_map(plan, plan.zone_of(lycee_id).id, lycee_id)
        state.update(MoveView, done=None, picked=())


def _select_on_map(plan: Plan, zone_id: str, lycee_id: str | None) -> None:
    """Select a zone, or a lycée in it, and the zone's sector if a sector was chosen."""
    state.clear_notice()
    state.update(VigilanceView, opened=False)
    close_map_lists()
    sector_id = None if state.of(Selection).sector is None else plan.zone(zone_id).sector
    state.update(Selection, sector=sector_id, zone=zone_id, lycee=lycee_id, target=None)
    state.update(TravelView, pair=None)


def _edit(study: Study, kind: str, name: str, event: Mapping[str, Any]) -> None:
    plan = current_scenario.current().plan
    if kind == "site":
        on_site(study, event)
    elif kind == "pick-many":
        pick_many(study, event.get("ids"))
    elif name not in plan.zone_by_lycee:
        return
    elif kind == "destinations":
        if name not in state.of(MoveView).picked:  # else the list is for all that are picked
            state.update(MoveView, done=None, picked=())
            state.update(Selection, lycee=name, zone=None, target=None)
        state.clear_notice()
        state.ask_focus(DESTINATIONS)
    elif kind == "pick":
        pick(study, name)
    elif kind == "drop":
        _drop(study, name, event)


def _aim(plan: Plan, zone_id: str) -> None:
    """Make a zone the target of the lycées chosen; without any, select it."""
    if zone_id != NEW_ZONE and not plan.has_zone(zone_id):
        return
    lycees = moving()
    state.clear_notice()
    state.update(MoveView, done=None)
    if not lycees:
        state.update(Selection, zone=zone_id, target=None)
    else:
        here = all(plan.zone_by_lycee.get(lycee_id) == zone_id for lycee_id in lycees)
        state.update(Selection, target=None if here else zone_id)
        if not here:
            state.ask_focus(MOVE)


def _drop(study: Study, lycee_id: str, event: Mapping[str, Any]) -> None:
    """Move a lycée into the zone that was drawn where it was dropped."""
    plan = current_scenario.current().plan
    try:
        lat, lon = float(event["lat"]), float(event["lon"])
        drawn = next((entry.id for entry in plan.zones if entry.id == event.get("zone")), None)
        zone_id = drawn or study.territory.zone_at(plan, lat, lon)
    except (KeyError, TypeError, ValueError):
        return
    except InputError as error:
        state.update(Selection, lycee=lycee_id, target=None)
        state.notify("error", str(error))
        return
    make_moves({lycee_id: zone_id}, selected=lycee_id)
