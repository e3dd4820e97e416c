"""« Modifier le secteur »: fields of a sector, recorded as one change of the scenario."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geozones.common.french import listing
from geozones.domain import Sector
from geozones.domain.sector_documents import MAX_NOTE, MAX_TECHNICIANS
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.state.editing_views import SectorsView
from geozones.ui.widgets import html
from geozones.ui.widgets.chooser import chooser
from geozones.ui.widgets.open_box import when_open
from geozones.ui.widgets.sector_card import say_status
from geozones.workspace.study import Study

#: Fields of `EditSector` in this form, with their French names, for `worded`.
_FIELDS = {
    "name": "nom",
    "rns": "RNS",
    "support_centre": "{support_centre}",
    "technicians": "{sector_technicians}",
    "experimental": "expérimental ou non",
    "note": "note",
}
_PROPOSES = (
    "C'est un brouillon de l'outil : dès que vous l'enregistrez, même tel quel, il devient une "
    "proposition."
)


@when_open(st.expander, "Modifier le secteur", key="secteur.fiche")
def sector_editor(study: Study, sector: str) -> None:
    """Draw the form of a sector (id); built when it is open."""
    before = study.plan.sector(sector)
    if before.is_draft:
        html.show(html.note(_PROPOSES))
    _fields(study, before)
    st.button(
        "Proposer ce secteur" if before.is_draft else "Enregistrer",
        type="primary",
        icon=":material/check:",
        key="secteur.enregistrer",
        on_click=_record,
        args=(sector,),
    )
    changed = typed_changes(before)
    if changed:
        names = listing([worded(_FIELDS[field]) for field in changed])
        html.show(html.remark(f"Pas encore enregistré : {names}."))
        st.button(
            "Abandonner la saisie",
            type="tertiary",
            key="secteur.abandonner",
            on_click=_forget,
            args=(sector,),
        )


def typed_changes(before: Sector) -> dict[str, Any]:
    """Return the fields of `EditSector` whose typed value differs from the sector's."""
    typed = state.of(SectorsView).typed
    values = {name: typed.get(f"{before.id}.{name}", getattr(before, name)) for name in _FIELDS}
    values["rns"] = str(values["rns"] or "").strip() or None
    return {name: value for name, value in values.items() if value != getattr(before, name)}


def _fields(study: Study, before: Sector) -> None:
    _bound(before, "name").draw(st.text_input, "Nom du secteur", max_chars=200)
    _bound(before, "rns").draw(
        st.text_input, "RNS", placeholder="prénom et nom, s'il est connu", max_chars=200
    )
    lycees = {key: study.name(key) for key in study.plan.lycees_of(before.id)}
    chooser(
        worded("{Support_centre} ({a_site} du secteur)"),
        {None: "Pas encore choisi", **lycees},
        _bound(before, "support_centre"),
    )
    numbers = {number: str(number) for number in range(MAX_TECHNICIANS + 1)}
    chooser(
        worded("Nombre {of_plural_sector_technician}"),
        {None: "Selon le calendrier de déploiement", **numbers},
        _bound(before, "technicians"),
    )
    _bound(before, "experimental").draw(st.checkbox, "Secteur expérimental")
    _bound(before, "note").draw(st.text_area, "Note", max_chars=MAX_NOTE, height=80)


def _bound(before: Sector, name: str) -> state.BoundValue[Any]:
    """Bind a widget to a typed field of a sector; ``None`` is an ordinary value."""
    item = f"{before.id}.{name}"
    held = state.of(SectorsView).typed
    value = held.get(item, getattr(before, name))

    def write(chosen: object) -> None:
        now: Mapping[str, object] = state.of(SectorsView).typed
        state.update(SectorsView, typed={**now, item: chosen})

    empty = "" if name == "rns" and value is None else value
    return state.BoundValue(f"SectorsView.typed.{item}", empty, write)


def _record(sector: str) -> None:
    """Record the form as typed at the time of the click."""
    changes = typed_changes(current_scenario.current().plan.sector(sector))
    if current_scenario.record("edit_sector", {"sector": sector, "changes": changes}):
        _forget(sector)
        say_status(sector)


def _forget(sector: str) -> None:
    for name in _FIELDS:
        state.drop_item(SectorsView, "typed", item=f"{sector}.{name}")
