"""Create, rename, merge, split and delete zones, choose their colour and pivot; lock and unlock."""

from collections.abc import Mapping
from secrets import token_hex

import streamlit as st

from geozones.domain import Plan
from geozones.domain.french import plural
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.ui.components.chooser import distinct
from geozones.workspace import Work, Workspace, effect_of_moves

_ACTS = {
    "renommer": "Renommer",
    "creer": "Créer",
    "fusionner": "Fusionner",
    "scinder": "Scinder",
    "supprimer": "Supprimer",
    "couleur": "Couleur",
    "pivot": "Lycée pivot",
    "deplacer": "Déplacer plusieurs lycées",
}


def zones_menu(workspace: Workspace, work: Work) -> None:
    """Offer what can be done to zones; built when it is open."""
    box = st.popover("Zones", icon=":material/category:", key="menu.zones", on_change="rerun")
    if not box.open:
        return
    with box:
        act = st.selectbox(
            "Que faire", list(_ACTS), format_func=_ACTS.__getitem__, key="zones.quoi"
        )
        if act == "creer":
            _create(workspace, work)
        elif act == "deplacer":
            _move_several(workspace, work)
        else:
            zone = _zone(work.plan, "Zone", "zones.zone")
            _FORMS[act](workspace, work, zone)


def _zone(plan: Plan, label: str, key: str, without: str | None = None) -> str:
    names = distinct({zone.id: zone.name for zone in plan.zones if zone.id != without})
    return str(st.selectbox(label, list(names), format_func=names.__getitem__, key=key))


def _do(
    workspace: Workspace,
    kind: str,
    data: dict[str, object],
    said: str,
    typed: Mapping[str, str] | None = None,
) -> None:
    """Make a change; ``typed`` fields are read from their widgets now, not at the last drawing."""
    data = data | {field: state.widget(key) for field, key in (typed or {}).items()}
    if desk.record(workspace, kind, data):
        state.notify("ok", said)


def _moved(workspace: Workspace, data: dict[str, object], said: str) -> None:
    if desk.record(workspace, "move", data):
        state.pick(())
        state.notify("ok", said)


def _button(
    label: str,
    workspace: Workspace,
    kind: str,
    data: dict[str, object],
    said: str,
    **typed: str,
) -> None:
    arguments = (workspace, kind, data, said, typed)
    st.button(label, type="primary", key="zones.faire", on_click=_do, args=arguments)


def _create(workspace: Workspace, work: Work) -> None:
    sectors = {sector.id: sector.name for sector in work.plan.sectors}
    sector = st.selectbox("Secteur", list(sectors), format_func=sectors.__getitem__, key="zones.ou")
    st.text_input("Nom de la zone", key="zones.nom", max_chars=200)
    data: dict[str, object] = {"zone": f"Z-{token_hex(3)}", "sector": sector}
    said = "La zone est créée, vide : elle apparaît sur la carte avec son premier lycée."
    _button("Créer la zone", workspace, "create_zone", data, said, name="zones.nom")


def _rename(workspace: Workspace, work: Work, zone: str) -> None:
    key = f"zones.nom.{zone}"
    st.text_input("Nouveau nom", work.plan.zone(zone).name, max_chars=200, key=key)
    said = "La zone est renommée."
    _button("Renommer", workspace, "rename_zone", {"zone": zone}, said, name=key)


def _merge(workspace: Workspace, work: Work, zone: str) -> None:
    into = _zone(work.plan, "Avec la zone, qui garde son nom", "zones.avec", without=zone)
    said = f"{work.plan.zone(zone).name} est fusionnée avec {work.plan.zone(into).name}."
    _button("Fusionner", workspace, "merge_zones", {"zone": zone, "into": into}, said)


def _split(workspace: Workspace, work: Work, zone: str) -> None:
    key = f"zones.part.{zone}"
    st.multiselect(
        "Lycées de la nouvelle zone",
        work.plan.members(zone),
        format_func=workspace.name,
        placeholder="Choisir des lycées",
        key=key,
    )
    st.text_input("Nom de la nouvelle zone", key="zones.nouvelle", max_chars=200)
    data: dict[str, object] = {"zone": zone, "new": f"Z-{token_hex(3)}"}
    said = "La zone est scindée."
    _button("Scinder", workspace, "split_zone", data, said, lycees=key, name="zones.nouvelle")


def _delete(workspace: Workspace, work: Work, zone: str) -> None:
    said = f"La zone {work.plan.zone(zone).name} est supprimée."
    _button("Supprimer la zone vide", workspace, "delete_zone", {"zone": zone}, said)


def _colour(workspace: Workspace, work: Work, zone: str) -> None:
    key = f"zones.teinte.{zone}"
    now = work.state.colours.get(zone) or workspace.colour(work.plan, zone)
    st.color_picker("Couleur de la zone", now, key=key)
    said = "La couleur est changée."
    _button("Appliquer", workspace, "set_colour", {"zone": zone}, said, colour=key)


def _pivot(workspace: Workspace, work: Work, zone: str) -> None:
    key = f"zones.pivot.{zone}"
    st.selectbox(
        "Lycée pivot",
        work.plan.members(zone),
        index=None,
        format_func=workspace.name,
        placeholder="Celui que l'outil calcule",
        key=key,
    )
    said = "Le lycée pivot est changé."
    _button("Appliquer", workspace, "set_pivot", {"zone": zone}, said, lycee=key)


_FORMS = {
    "renommer": _rename,
    "fusionner": _merge,
    "scinder": _split,
    "supprimer": _delete,
    "couleur": _colour,
    "pivot": _pivot,
}


def _move_several(workspace: Workspace, work: Work) -> None:
    """Move several lycées at once: their effect first, one confirmation, one undo."""
    state.put("zones.lycees", list(state.picked()))
    lycees = st.multiselect(
        "Lycées (ou Ctrl + clic sur la carte)",
        work.plan.lycees,
        format_func=workspace.name,
        placeholder="Choisir des lycées",
        key="zones.lycees",
        on_change=lambda: state.pick(tuple(state.widget("zones.lycees"))),
    )
    zone = _zone(work.plan, "Vers la zone", "zones.vers")
    moves = {lycee: zone for lycee in lycees if work.plan.zone_of(lycee).id != zone}
    if moves:
        st.html(html.bullets(effect_of_moves(workspace, work.plan, moves), "gz-steps"))
    count = plural(len(moves), "lycée déplacé", "lycées déplacés")
    said = f"{count} vers {work.plan.zone(zone).name}."
    st.button(
        f"Déplacer {plural(len(moves), 'lycée')}",
        type="primary",
        key="zones.faire",
        disabled=not moves,
        on_click=_moved,
        args=(workspace, {"moves": moves}, said),
    )


def locks_menu(workspace: Workspace, work: Work) -> None:
    """Offer to lock a lycée, a zone or a sector with the reason, and to unlock."""
    count = len(work.state.locks.reasons)
    label = f"Verrous ({count})" if count else "Verrous"
    box = st.popover(label, icon=":material/lock:", key="menu.verrous", on_change="rerun")
    if not box.open:
        return
    with box:
        kinds = {"lycee": "un lycée", "zone": "une zone", "sector": "un secteur"}
        kind = str(
            st.selectbox(
                "Verrouiller", list(kinds), format_func=kinds.__getitem__, key="verrou.quoi"
            )
        )
        names = distinct(_names(workspace, work.plan, kind))
        item = str(
            st.selectbox("Lequel", list(names), format_func=names.__getitem__, key=f"verrou.{kind}")
        )
        st.text_input(
            "Raison", placeholder="arbitrage du 12/03", key="verrou.raison", max_chars=200
        )
        st.button(
            "Verrouiller",
            type="primary",
            key="verrou.poser",
            on_click=_do,
            args=(
                workspace,
                "lock",
                {"kind": kind, "id": item},
                f"{names[item]} : verrouillé.",
                {"reason": "verrou.raison"},
            ),
        )
        for rank, ((held, key), why) in enumerate(work.state.locks.reasons.items()):
            named = _names(workspace, work.plan, held).get(key, key)
            st.button(
                f"Déverrouiller {named} ({why})",
                icon=":material/lock_open:",
                key=f"verrou.oter.{rank}",
                on_click=_do,
                args=(workspace, "unlock", {"kind": held, "id": key}, f"{named} : déverrouillé."),
            )


def _names(workspace: Workspace, plan: Plan, kind: str) -> dict[str, str]:
    if kind == "lycee":
        return {lycee: workspace.name(lycee) for lycee in plan.lycees}
    if kind == "zone":
        return {zone.id: zone.name for zone in plan.zones}
    return {sector.id: sector.name for sector in plan.sectors}
