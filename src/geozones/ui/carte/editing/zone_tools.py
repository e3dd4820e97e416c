"""Menu « Zones »: create, rename, merge, split, delete, colour a zone, choose its pivot."""

from collections.abc import Callable
from secrets import token_hex

import streamlit as st

from geozones.domain import Plan
from geozones.ui import current_scenario, state
from geozones.ui.state.editing_views import ZonesView
from geozones.ui.widgets.chooser import chooser
from geozones.workspace.study import Study

_ACTS = {
    "renommer": "Renommer",
    "creer": "Créer",
    "fusionner": "Fusionner",
    "scinder": "Scinder",
    "supprimer": "Supprimer",
    "couleur": "Couleur",
    "pivot": "Lycée pivot",
}


def zones_menu(study: Study) -> None:
    """Draw the menu; built when it is open."""
    box = st.popover("Zones", icon=":material/category:", key="menu.zones", on_change="rerun")
    if not box.open:
        return
    with box:
        act = chooser("Que faire", _ACTS, state.bound(ZonesView, "act"))
        if act == "creer":
            _create(study)
        else:
            zone = _zone(study.plan, "Zone", "zone")
            _FORMS[act](study, zone)


def _zone(plan: Plan, label: str, field: str, without: str | None = None) -> str:
    """Let the user choose a zone, kept in a field of the view."""
    names = {zone.id: zone.name for zone in plan.zones if zone.id != without}
    return str(chooser(label, names, state.bound(ZonesView, field)))


def _button(label: str, act: Callable[[], bool], said: str) -> None:
    """Draw a button; ``act`` makes the change from the fields as typed and returns success."""

    def do() -> None:
        if act():
            state.notify("ok", said)

    st.button(label, type="primary", key="zones.faire", on_click=do)


def _create(study: Study) -> None:
    sectors = {sector.id: sector.name for sector in study.plan.sectors}
    sector = chooser("Secteur", sectors, state.bound(ZonesView, "sector"))
    state.bound(ZonesView, "new_name").draw(st.text_input, "Nom de la zone", max_chars=200)
    new = f"Z-{token_hex(3)}"

    def act() -> bool:
        name = state.of(ZonesView).new_name
        made = current_scenario.record("create_zone", {"zone": new, "sector": sector, "name": name})
        if made:
            state.update(ZonesView, new_name="")
        return made

    said = "La zone est créée, vide : elle apparaît sur la carte avec son premier lycée."
    _button("Créer la zone", act, said)


def _rename(study: Study, zone: str) -> None:
    now = study.plan.zone(zone).name
    state.bound(ZonesView, "names", item=zone, default=now).draw(
        st.text_input, "Nouveau nom", max_chars=200
    )

    def act() -> bool:
        name = state.of(ZonesView).names.get(zone, now)
        made = current_scenario.record("rename_zone", {"zone": zone, "name": name})
        if made:
            state.drop_item(ZonesView, "names", item=zone)
        return made

    _button("Renommer", act, "La zone est renommée.")


def _merge(study: Study, zone: str) -> None:
    into = _zone(study.plan, "Avec la zone, qui garde son nom", "into", without=zone)

    def act() -> bool:
        return current_scenario.record("merge_zones", {"zone": zone, "into": into})

    said = f"{study.plan.zone(zone).name} est fusionnée avec {study.plan.zone(into).name}."
    _button("Fusionner", act, said)


def _split(study: Study, zone: str) -> None:
    state.bound(ZonesView, "parts", item=zone, default=()).draw(
        st.multiselect,
        "Lycées de la nouvelle zone",
        study.plan.members(zone),
        format_func=study.name,
        placeholder="Choisir des lycées",
    )
    state.bound(ZonesView, "part_name").draw(
        st.text_input, "Nom de la nouvelle zone", max_chars=200
    )
    new = f"Z-{token_hex(3)}"

    def act() -> bool:
        typed = state.of(ZonesView)
        data: dict[str, object] = {
            "zone": zone,
            "new": new,
            "name": typed.part_name,
            "lycees": list(typed.parts.get(zone, ())),
        }
        made = current_scenario.record("split_zone", data)
        if made:
            state.drop_item(ZonesView, "parts", item=zone)
            state.update(ZonesView, part_name="")
        return made

    _button("Scinder", act, "La zone est scindée.")


def _delete(study: Study, zone: str) -> None:
    def act() -> bool:
        return current_scenario.record("delete_zone", {"zone": zone})

    _button("Supprimer la zone vide", act, f"La zone {study.plan.zone(zone).name} est supprimée.")


def _colour(study: Study, zone: str) -> None:
    now = study.state.colours.get(zone) or study.territory.colour(study.plan, zone)
    state.bound(ZonesView, "colours", item=zone, default=now).draw(
        st.color_picker, "Couleur de la zone"
    )

    def act() -> bool:
        colour = state.of(ZonesView).colours.get(zone, now)
        made = current_scenario.record("set_colour", {"zone": zone, "colour": colour})
        if made:
            state.drop_item(ZonesView, "colours", item=zone)
        return made

    _button("Appliquer", act, "La couleur est changée.")


def _pivot(study: Study, zone: str) -> None:
    state.bound(ZonesView, "pivots", item=zone).draw(
        st.selectbox,
        "Lycée pivot",
        study.plan.members(zone),
        format_func=study.name,
        placeholder="Celui que l'outil calcule",
    )

    def act() -> bool:
        lycee = state.of(ZonesView).pivots.get(zone)
        return current_scenario.record("set_pivot", {"zone": zone, "lycee": lycee})

    _button("Appliquer", act, "Le lycée pivot est changé.")


_FORMS = {
    "renommer": _rename,
    "fusionner": _merge,
    "scinder": _split,
    "supprimer": _delete,
    "couleur": _colour,
    "pivot": _pivot,
}
