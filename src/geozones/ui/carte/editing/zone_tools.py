"""Tools of a zone: rename, merge, split, delete, colour it, choose its pivot; create one."""

from collections.abc import Callable
from secrets import token_hex

import streamlit as st

from geozones.domain import Plan
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.editing_views import ZonesView
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.open_box import when_open
from geozones.workspace.study import Study

_ACTS = {
    "renommer": "Renommer",
    "fusionner": "Fusionner",
    "scinder": "Scinder",
    "supprimer": "Supprimer",
    "couleur": "Couleur",
    "pivot": "{Site} pivot",
}


@when_open(st.expander, "Renommer, fusionner, scinder…", key="zone.outils")
def zone_tools(study: Study, zone: str) -> None:
    """Draw the form that changes a zone (id); built when it is open."""
    acts = {key: worded(name) for key, name in _ACTS.items()}
    act = chooser("Que faire", acts, state.bound(ZonesView, "act"))
    _FORMS[act](study, zone)


@when_open(st.expander, "Créer une zone", key="zone.creer")
def create_zone(study: Study, sector: str | None) -> None:
    """Draw the form that creates a zone, in a sector (id) or in one to choose."""
    if sector is None:
        sectors = {entry.id: entry.name for entry in study.plan.sectors}
        sector = str(chooser("Secteur", sectors, state.bound(ZonesView, "sector")))
    _create(sector)


def _zone(plan: Plan, label: str, field: str, without: str | None = None) -> str:
    """Let the user choose a zone, kept in a field of the view."""
    names = {zone.id: zone.name for zone in plan.zones if zone.id != without}
    return str(chooser(label, names, state.bound(ZonesView, field)))


def _button(label: str, act: Callable[[], None]) -> None:
    """Draw a button; ``act`` makes the change from the fields as typed."""
    st.button(label, type="primary", key="zones.faire", on_click=act)


def _create(sector: str) -> None:
    state.bound(ZonesView, "new_name").draw(st.text_input, "Nom de la zone", max_chars=200)
    new = f"Z-{token_hex(3)}"

    def act() -> None:
        data: dict[str, object] = {
            "zone": new,
            "sector": sector,
            "name": state.of(ZonesView).new_name,
        }
        its_first = terms().site.agreeing("son premier", "sa première")
        done = (
            f"La zone est créée, vide : elle apparaît sur la carte avec {its_first} {terms().site}."
        )
        if current_scenario.record("create_zone", data, done=done):
            state.update(ZonesView, new_name="")

    _button("Créer la zone", act)


def _rename(study: Study, zone: str) -> None:
    now = study.plan.zone(zone).name
    state.bound(ZonesView, "names", item=zone, default=now).draw(
        st.text_input, "Nouveau nom", max_chars=200
    )

    def act() -> None:
        data: dict[str, object] = {
            "zone": zone,
            "name": state.of(ZonesView).names.get(zone, now),
        }
        if current_scenario.record("rename_zone", data, done="La zone est renommée."):
            state.drop_item(ZonesView, "names", item=zone)

    _button("Renommer", act)


def _merge(study: Study, zone: str) -> None:
    into = _zone(study.plan, "Avec la zone, qui garde son nom", "into", without=zone)

    def act() -> None:
        done = f"{study.plan.zone(zone).name} est fusionnée avec {study.plan.zone(into).name}."
        if current_scenario.record("merge_zones", {"zone": zone, "into": into}, done=done):
            state.update(Selection, zone=into)

    _button("Fusionner", act)


def _split(study: Study, zone: str) -> None:
    state.bound(ZonesView, "parts", item=zone, default=()).draw(
        st.multiselect,
        worded("{Sites} de la nouvelle zone"),
        study.plan.members(zone),
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
            "zone": zone,
            "new": new,
            "name": typed.part_name,
            "lycees": list(typed.parts.get(zone, ())),
        }
        if current_scenario.record("split_zone", data, done="La zone est scindée."):
            state.drop_item(ZonesView, "parts", item=zone)
            state.update(ZonesView, part_name="")

    _button("Scinder", act)


def _delete(study: Study, zone: str) -> None:
    def act() -> None:
        done = f"La zone {study.plan.zone(zone).name} est supprimée."
        sector = study.plan.zone(zone).sector
        if current_scenario.record("delete_zone", {"zone": zone}, done=done):
            state.update(Selection, zone=None, sector=sector)

    _button("Supprimer la zone vide", act)


def _colour(study: Study, zone: str) -> None:
    now = study.state.colours.get(zone) or study.territory.colour(study.plan, zone)
    state.bound(ZonesView, "colours", item=zone, default=now).draw(
        st.color_picker, "Couleur de la zone"
    )

    def act() -> None:
        data: dict[str, object] = {
            "zone": zone,
            "colour": state.of(ZonesView).colours.get(zone, now),
        }
        if current_scenario.record("set_colour", data, done="La couleur est changée."):
            state.drop_item(ZonesView, "colours", item=zone)

    _button("Appliquer", act)


def _pivot(study: Study, zone: str) -> None:
    state.bound(ZonesView, "pivots", item=zone).draw(
        st.selectbox,
        worded("{Site} pivot"),
        study.plan.members(zone),
        format_func=study.name,
        placeholder="Celui que l'outil calcule",
    )

    def act() -> None:
        data: dict[str, object] = {"zone": zone, "lycee": state.of(ZonesView).pivots.get(zone)}
        current_scenario.record(
            "set_pivot", data, done=worded("{The_site} pivot est changé{e_site}.")
        )

    _button("Appliquer", act)


_FORMS = {
    "renommer": _rename,
    "fusionner": _merge,
    "scinder": _split,
    "supprimer": _delete,
    "couleur": _colour,
    "pivot": _pivot,
}
