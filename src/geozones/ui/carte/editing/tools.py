"""Tools of what is chosen on the map: zone, locks, and all others."""

from collections.abc import Callable
from secrets import token_hex

import streamlit as st

from geozones.domain import Plan
from geozones.domain.decisions import LYCEE, ZONE, locked
from geozones.domain.events.change import one_line
from geozones.domain.terms import has_organisation, terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.editing.lycee_opening import (
    close_lycee,
    open_lycee,
    place_editor,
    split_lycee,
)
from geozones.ui.carte.editing.sector_tools import (
    create_sector,
    give_zone,
    sector_dates,
    sector_editor,
    sector_tools,
)
from geozones.ui.state.carte_views import (
    LocationView,
    LocksView,
    OpeningView,
    Selection,
    ToolsView,
    ZonesView,
)
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser, distinct
from geozones.ui.widgets.scenario_bar import scenario_menu
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.study import Study

_ACTS = {
    "renommer": "Renommer",
    "fusionner": "Fusionner",
    "scinder": "Scinder",
    "supprimer": "Supprimer",
    "couleur": "Couleur",
}
_NOT_SHOWN = (
    "Ce nom ne s'affiche pas : il cite une commune ou {a_site} qui n'est pas dans la zone, ou une "
    "autre zone le porte déjà."
)


@when_open(st.expander, "Renommer, fusionner, scinder…", key="zone.outils")
def zone_tools(study: Study, zone_id: str) -> None:
    """Draw the form that changes a zone (id); built when it is open."""
    acts = {key: worded(name) for key, name in _ACTS.items()}
    act = chooser("Que faire", acts, state.bound(ZonesView, "act"))
    _FORMS[act](study, zone_id)


@when_open(st.expander, "Créer une zone", key="zone.creer")
def create_zone(study: Study, sector_id: str | None) -> None:
    """Draw the form that creates a zone, in a sector (id) or in one to choose."""
    if sector_id is None:
        sectors = {entry.id: entry.name for entry in study.plan.sectors}
        sector_id = str(chooser("Secteur", sectors, state.bound(ZonesView, "sector")))
    _create(sector_id)


def _zone(plan: Plan, label: str, field: str, without: str | None = None) -> str:
    """Let the user choose a zone, kept in a field of the view."""
    names = {zone.id: zone.name for zone in plan.zones if zone.id != without}
    return str(chooser(label, names, state.bound(ZonesView, field)))


def _button(label: str, act: Callable[[], None]) -> None:
    """Draw a button; ``act`` makes the change from the fields as typed."""
    st.button(label, type="primary", key="zones.faire", on_click=act)


def _create(sector_id: str) -> None:
    state.bound(ZonesView, "new_name").draw(st.text_input, "Nom de la zone", max_chars=200)
    new = f"Z-{token_hex(3)}"

    def act() -> None:
        data: dict[str, object] = {
            "zone": new,
            "sector": sector_id,
            "name": state.of(ZonesView).new_name,
        }
        its_first = terms().site.agreeing("son premier", "sa première")
        done = (
            f"La zone est créée, vide : elle apparaît sur la carte avec {its_first} {terms().site}."
        )
        if current_scenario.record("create_zone", data, done=done):
            state.update(ZonesView, new_name="")

    _button("Créer la zone", act)


def _rename(study: Study, zone_id: str) -> None:
    now = study.plan.zone(zone_id).name
    state.bound(ZonesView, "names", item=zone_id, default=now).draw(
        st.text_input, "Nouveau nom", max_chars=200
    )

    def act() -> None:
        name = one_line(state.of(ZonesView).names.get(zone_id, now))
        done = "La zone est renommée."
        if any(each.name == name and each.id != zone_id for each in study.plan.zones):
            done += " Une autre zone porte déjà ce nom."
        data: dict[str, object] = {"zone": zone_id, "name": name}
        if current_scenario.record("rename_zone", data, done=done):
            state.drop_item(ZonesView, "names", item=zone_id)
            shown = current_scenario.study().plan.zone(zone_id).name
            if shown != name:
                state.notify("ok", f"{done} {worded(_NOT_SHOWN)} La zone s'affiche « {shown} ».")

    _button("Renommer", act)


def _merge(study: Study, zone_id: str) -> None:
    into = _zone(study.plan, "Avec la zone, qui garde son nom", "into", without=zone_id)

    def act() -> None:
        done = f"{study.plan.zone(zone_id).name} est fusionnée avec {study.plan.zone(into).name}."
        if current_scenario.record("merge_zones", {"zone": zone_id, "into": into}, done=done):
            state.update(Selection, zone=into)

    _button("Fusionner", act)


def _split(study: Study, zone_id: str) -> None:
    state.bound(ZonesView, "parts", item=zone_id, default=()).draw(
        st.multiselect,
        worded("{Sites} de la nouvelle zone"),
        study.plan.members(zone_id),
        format_func=study.name,
        placeholder=worded("Choisir des {sites}"),
    )
    state.bound(ZonesView, "part_name").draw(
        st.text_input, "Nom de la nouvelle zone", max_chars=200
    )
    new = f"Z-{token_hex(3)}"

    def act() -> None:
        typed = state.of(ZonesView)
        data: dict[str, object] = {
            "zone": zone_id,
            "new": new,
            "name": typed.part_name,
            "lycees": list(typed.parts.get(zone_id, ())),
        }
        if current_scenario.record("split_zone", data, done="La zone est scindée."):
            state.drop_item(ZonesView, "parts", item=zone_id)
            state.update(ZonesView, part_name="")

    _button("Scinder", act)


def _delete(study: Study, zone_id: str) -> None:
    def act() -> None:
        done = f"La zone {study.plan.zone(zone_id).name} est supprimée."
        sector_id = study.plan.zone(zone_id).sector
        if current_scenario.record("delete_zone", {"zone": zone_id}, done=done):
            state.update(Selection, zone=None, sector=sector_id)

    _button("Supprimer la zone vide", act)


def _colour(study: Study, zone_id: str) -> None:
    now = study.state.colours.get(zone_id) or study.territory.colour(study.plan, zone_id)
    state.bound(ZonesView, "colours", item=zone_id, default=now).draw(
        st.color_picker, "Couleur de la zone"
    )

    def act() -> None:
        data: dict[str, object] = {
            "zone": zone_id,
            "colour": state.of(ZonesView).colours.get(zone_id, now),
        }
        if current_scenario.record("set_colour", data, done="La couleur est changée."):
            state.drop_item(ZonesView, "colours", item=zone_id)

    _button("Appliquer", act)


_FORMS = {
    "renommer": _rename,
    "fusionner": _merge,
    "scinder": _split,
    "supprimer": _delete,
    "couleur": _colour,
}


_KINDS = {"lycee": "{a_site}", "zone": "une zone", "sector": "un secteur"}


def locks_box(study: Study, work: Work, kind: str = "", item: str = "") -> None:
    """Draw the form that locks one thing (kind and id), or any; then the scenario's locks.

    Built when it is open.
    """
    count = len(work.state.locks.reasons)
    label = f"Verrous ({count})" if count else "Verrous"
    box = st.expander(label, key="menu.verrous", on_change="rerun")
    if not box.open:
        return
    with box:
        _lock(study, kind, item)
        for rank, ((held, key), why) in enumerate(work.state.locks.reasons.items()):
            named = _names(study, held).get(key, key)
            st.button(
                html.unmarked(f"Déverrouiller {named} ({why})"),
                icon=":material/lock_open:",
                key=f"verrou.oter.{rank}",
                on_click=_unlock,
                args=(held, key, named),
            )


def _lock(study: Study, kind: str, item: str) -> None:
    """Draw the form of a lock; without a kind, what to lock is chosen in it."""
    if not kind:
        kinds = {key: worded(name) for key, name in _KINDS.items()}
        kind = chooser("Verrouiller", kinds, state.bound(LocksView, "kind"))
        item = chooser(
            _which(kind), _names(study, kind), state.bound(LocksView, "items", item=kind)
        )
    names = _names(study, kind)
    state.bound(LocksView, "reason").draw(
        st.text_input, "Raison", placeholder="arbitrage du 12/03", max_chars=200
    )

    def lock() -> None:
        data: dict[str, object] = {"kind": kind, "id": item, "reason": state.of(LocksView).reason}
        if current_scenario.record("lock", data, done=f"{distinct(names)[item]} : {locked(kind)}."):
            state.update(LocksView, reason="")

    st.button(
        html.unmarked(f"Verrouiller {names[item]}"),
        type="primary",
        key="verrou.poser",
        on_click=lock,
    )


def _which(kind: str) -> str:
    feminine = kind == ZONE or (kind == LYCEE and terms().site.feminine)
    return "Laquelle" if feminine else "Lequel"


def _unlock(kind: str, item: str, named: str) -> None:
    current_scenario.record(
        "unlock", {"kind": kind, "id": item}, done=f"{named} : dé{locked(kind)}."
    )


def _names(study: Study, kind: str) -> dict[str, str]:
    plan = study.plan
    if kind == "lycee":
        return {lycee_id: study.name(lycee_id) for lycee_id in plan.lycees}
    if kind == "zone":
        return {zone.id: zone.name for zone in plan.zones}
    return {sector.id: sector.name for sector in plan.sectors}


def tools(study: Study, work: Work) -> None:
    """Draw the button « Outils… » of what is chosen and, while open, its tools."""
    chosen = state.of(Selection)
    # a tool that waits for a gesture on the map stays in sight
    waits = state.of(OpeningView).clicking or state.of(LocationView).clicking
    opened = state.of(ToolsView).opened or waits
    st.button(
        _label(chosen),
        icon=":material/expand_less:" if opened else ":material/more_horiz:",
        key="carte.outils",
        on_click=_turn,
        args=(not opened,),
        width="stretch",
    )
    if not opened:
        return
    with st.container(key="gz-tools", gap="small"):
        if chosen.lycee is not None:
            _of_lycee(study, work, chosen.lycee)
        elif chosen.zone is not None:
            _of_zone(study, work, chosen.zone)
        elif chosen.sector is not None:
            _of_sector(study, work, chosen.sector)
        else:
            _of_region(study, work)


def _label(chosen: Selection) -> str:
    if chosen.lycee is not None:
        return worded("Outils {of_the_site}")
    if chosen.zone is not None:
        return "Outils de la zone"
    return f"Outils {terms().territory.of_the}" if chosen.sector is None else "Outils du secteur"


def _turn(opened: bool) -> None:  # noqa: FBT001 - argument of a button
    """Open or close the tools; closing cancels an awaited gesture on the map."""
    state.update(ToolsView, opened=opened)
    if not opened:
        state.update(OpeningView, clicking=False)
        state.update(LocationView, clicking=False)


def _of_lycee(study: Study, work: Work, lycee_id: str) -> None:
    place_editor(study, work, lycee_id)
    split_lycee(study, lycee_id)
    close_lycee(study, lycee_id)
    locks_box(study, work, "lycee", lycee_id)


def _of_zone(study: Study, work: Work, zone_id: str) -> None:
    zone_tools(study, zone_id)
    give_zone(study, zone_id)
    open_lycee(study)
    locks_box(study, work, "zone", zone_id)


def _of_sector(study: Study, work: Work, sector_id: str) -> None:
    sector_editor(study, sector_id)
    if has_organisation():
        sector_dates(study, sector_id)
    sector_tools(study, sector_id)
    create_zone(study, sector_id)
    open_lycee(study)
    locks_box(study, work, "sector", sector_id)


def _of_region(study: Study, work: Work) -> None:
    open_lycee(study)
    create_zone(study, None)
    create_sector()
    locks_box(study, work)
    if not work.timeline.events:  # else it stands beside undo and redo
        scenario_menu(study, work)
