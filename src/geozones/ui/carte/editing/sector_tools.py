"""Sector tools: create, merge, split or delete a sector, give a zone to another sector."""

from collections.abc import Callable
from secrets import token_hex

import streamlit as st

from geozones.domain import Plan
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.editing_views import SectorsView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.open_box import when_open
from geozones.workspace.study import Study

_ACTS = {
    "fusionner": "Fusionner avec…",
    "scinder": "Scinder",
    "supprimer": "Supprimer",
}
_NO_OTHER = "Le plan n'a pas d'autre secteur."


@when_open(st.expander, "Créer un secteur", key="secteur.creer")
def create_sector() -> None:
    """Draw the form that creates a sector and selects it; built when it is open."""
    html.show(
        html.note(
            "Il est créé sans zone : créez-en une dans ses outils, ou donnez-lui celles d'un "
            "autre secteur. Pour en couper un en deux, choisissez-le, puis « Scinder »."
        )
    )
    state.bound(SectorsView, "new_name").draw(
        st.text_input, "Nom du nouveau secteur", max_chars=200
    )
    _button("Créer le secteur", _created)


@when_open(
    st.expander,
    "Donner la zone à un autre secteur",
    key="secteur.donner",
)
def give_zone(study: Study, zone: str) -> None:
    """Draw the form that gives a zone (id) to another sector; built when it is open."""
    into = _other(study.plan, "Secteur qui la reçoit", study.plan.zone(zone).sector)
    if into is None:
        return
    count = terms().site.counted(len(study.plan.members(zone)))
    html.show(html.note(f"Ses {count} et ses postes la suivent ; le RNS change."))

    def act() -> None:
        if current_scenario.record("move_zone", {"zone": zone, "sector": into}):
            now = current_scenario.study()
            name, status = now.plan.sector(into).name, now.decisions.sector_text(into)
            state.notify("ok", f"{now.plan.zone(zone).name} est du secteur {name} ({status}).")

    _button("Donner la zone", act)


@when_open(
    st.expander,
    "Fusionner, scinder, supprimer",
    key="secteur.partage",
)
def sector_tools(study: Study, sector: str) -> None:
    """Draw the form that merges, splits or deletes a sector (id); built when it is open."""
    act = chooser("Que faire", _ACTS, state.bound(SectorsView, "act"))
    _FORMS[act](study, sector)


def _button(label: str, act: Callable[[], None]) -> None:
    """Draw a button; ``act`` makes the change from the fields as typed."""
    st.button(label, type="primary", key="secteur.faire", on_click=act)


def _other(plan: Plan, label: str, sector: str) -> str | None:
    """Let the user choose a sector other than ``sector``; ``None`` if the plan has no other."""
    names = {entry.id: entry.name for entry in plan.sectors if entry.id != sector}
    if not names:
        html.show(html.note(_NO_OTHER))
        return None
    chosen: str = chooser(label, names, state.bound(SectorsView, "into"))
    return chosen


def _created() -> None:
    new, name = f"S-{token_hex(3)}", state.of(SectorsView).new_name
    if not current_scenario.record("create_sector", {"sector": new, "name": name}):
        return
    state.update(SectorsView, new_name="")
    state.update(Selection, sector=new, zone=None, lycee=None, target=None)
    name = current_scenario.current().plan.sector(new).name
    state.notify(
        "ok", f"Le secteur {name} est créé, sans zone : il apparaît sur la carte avec la première."
    )


def _merge(study: Study, sector: str) -> None:
    into = _other(study.plan, "Avec le secteur, qui garde son nom et son RNS", sector)
    if into is None:
        return

    def act() -> None:
        if current_scenario.record("merge_sectors", {"sector": sector, "into": into}):
            state.look_at(into)
            now = current_scenario.study()
            names = study.plan.sector(sector).name, now.plan.sector(into).name
            status = now.decisions.sector_text(into)
            state.notify("ok", f"{names[0]} est fusionné avec {names[1]} ({status}).")

    _button("Fusionner", act)


def _split(study: Study, sector: str) -> None:
    names = {zone.id: zone.name for zone in study.plan.zones_of(sector)}
    state.bound(SectorsView, "parts", item=sector, default=()).draw(
        st.multiselect,
        "Zones du nouveau secteur",
        list(names),
        format_func=names.__getitem__,
        placeholder="Choisir des zones",
    )
    state.bound(SectorsView, "part_name").draw(
        st.text_input, "Nom du nouveau secteur", max_chars=200
    )

    def act() -> None:
        typed = state.of(SectorsView)
        data: dict[str, object] = {
            "sector": sector,
            "new": f"S-{token_hex(3)}",
            "name": typed.part_name,
            "zones": [zone for zone in typed.parts.get(sector, ()) if zone in names],
        }
        done = f"Le secteur est scindé : {data['name']} est proposé."
        if current_scenario.record("split_sector", data, done=done):
            state.drop_item(SectorsView, "parts", item=sector)
            state.update(SectorsView, part_name="")

    _button("Scinder", act)


def _delete(study: Study, sector: str) -> None:
    html.show(html.note(worded("Seul un secteur sans {site} ni poste se supprime.")))

    def act() -> None:
        if current_scenario.record("delete_sector", {"sector": sector}):
            state.look_at(None)
            state.notify("ok", f"Le secteur {study.plan.sector(sector).name} est supprimé.")

    _button("Supprimer le secteur", act)


_FORMS = {"fusionner": _merge, "scinder": _split, "supprimer": _delete}
