"""Sector tools: create, merge, split or delete a sector; edit its fields and its calendar."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from secrets import token_hex
from typing import Any

import streamlit as st

from geozones.common.clock import today
from geozones.common.french import listing, plural
from geozones.domain import Milestone, Plan, Sector
from geozones.domain.plan_documents import (
    MAX_MILESTONE,
    MAX_NOTE,
    MAX_TECHNICIANS,
    milestones_to_json,
)
from geozones.domain.terms import has_organisation, terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.state.carte_views import SectorsView, Selection
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import say_status
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser
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
def give_zone(study: Study, zone_id: str) -> None:
    """Draw the form that gives a zone (id) to another sector; built when it is open."""
    into = _other(study.plan, "Secteur qui la reçoit", study.plan.zone(zone_id).sector)
    if into is None:
        return
    count = terms().site.counted(len(study.plan.members(zone_id)))
    led = " ; le RNS change" if has_organisation() else ""
    html.show(html.note(f"Ses {count} et ses postes la suivent{led}."))

    def act() -> None:
        if current_scenario.record("move_zone", {"zone": zone_id, "sector": into}):
            now = current_scenario.study()
            name, status = now.plan.sector(into).name, now.decisions.sector_text(into)
            state.notify("ok", f"{now.plan.zone(zone_id).name} est du secteur {name} ({status}).")

    _button("Donner la zone", act)


@when_open(
    st.expander,
    "Fusionner, scinder, supprimer",
    key="secteur.partage",
)
def sector_tools(study: Study, sector_id: str) -> None:
    """Draw the form that merges, splits or deletes a sector (id); built when it is open."""
    act = chooser("Que faire", _ACTS, state.bound(SectorsView, "act"))
    _FORMS[act](study, sector_id)


def _button(label: str, act: Callable[[], None]) -> None:
    """Draw a button; ``act`` makes the change from the fields as typed."""
    st.button(label, type="primary", key="secteur.faire", on_click=act)


def _other(plan: Plan, label: str, sector_id: str) -> str | None:
    """Let the user choose a sector other than ``sector_id``; ``None`` if the plan has no other."""
    names = {entry.id: entry.name for entry in plan.sectors if entry.id != sector_id}
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


def _merge(study: Study, sector_id: str) -> None:
    stays = "son nom et son RNS" if has_organisation() else "son nom"
    into = _other(study.plan, f"Avec le secteur, qui garde {stays}", sector_id)
    if into is None:
        return

    def act() -> None:
        if current_scenario.record("merge_sectors", {"sector": sector_id, "into": into}):
            state.look_at(into)
            now = current_scenario.study()
            names = study.plan.sector(sector_id).name, now.plan.sector(into).name
            status = now.decisions.sector_text(into)
            state.notify("ok", f"{names[0]} est fusionné avec {names[1]} ({status}).")

    _button("Fusionner", act)


def _split(study: Study, sector_id: str) -> None:
    names = {zone.id: zone.name for zone in study.plan.zones_of(sector_id)}
    state.bound(SectorsView, "parts", item=sector_id, default=()).draw(
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
            "sector": sector_id,
            "new": f"S-{token_hex(3)}",
            "name": typed.part_name,
            "zones": [zone_id for zone_id in typed.parts.get(sector_id, ()) if zone_id in names],
        }
        done = f"Le secteur est scindé : {data['name']} est proposé."
        if current_scenario.record("split_sector", data, done=done):
            state.drop_item(SectorsView, "parts", item=sector_id)
            state.update(SectorsView, part_name="")

    _button("Scinder", act)


def _delete(study: Study, sector_id: str) -> None:
    html.show(html.note(worded("Seul un secteur sans {site} ni poste se supprime.")))

    def act() -> None:
        if current_scenario.record("delete_sector", {"sector": sector_id}):
            state.look_at(None)
            state.notify("ok", f"Le secteur {study.plan.sector(sector_id).name} est supprimé.")

    _button("Supprimer le secteur", act)


_FORMS = {"fusionner": _merge, "scinder": _split, "supprimer": _delete}


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
def sector_editor(study: Study, sector_id: str) -> None:
    """Draw the form of a sector (id); built when it is open."""
    before = study.plan.sector(sector_id)
    if before.is_draft:
        html.show(html.note(_PROPOSES))
    _fields(study, before)
    st.button(
        "Proposer ce secteur" if before.is_draft else "Enregistrer",
        type="primary",
        icon=":material/check:",
        key="secteur.enregistrer",
        on_click=_record_fields,
        args=(sector_id,),
    )
    changed = typed_changes(before)
    if changed:
        names = listing([worded(_FIELDS[field]) for field in changed])
        html.show(html.remark(f"Pas encore enregistré : {names}."))
        st.button(
            "Abandonner la saisie",
            type="tertiary",
            key="secteur.abandonner",
            on_click=_forget_fields,
            args=(sector_id,),
        )


def typed_changes(before: Sector) -> dict[str, Any]:
    """Return the fields of `EditSector` whose typed value differs from the sector's."""
    typed = state.of(SectorsView).typed
    values = {name: typed.get(f"{before.id}.{name}", getattr(before, name)) for name in _FIELDS}
    values["rns"] = str(values["rns"] or "").strip() or None
    return {name: value for name, value in values.items() if value != getattr(before, name)}


def _fields(study: Study, before: Sector) -> None:
    _field_bound(before, "name").draw(st.text_input, "Nom du secteur", max_chars=200)
    if has_organisation():
        _staff_fields(study, before)
    _field_bound(before, "note").draw(st.text_area, "Note", max_chars=MAX_NOTE, height=80)


def _staff_fields(study: Study, before: Sector) -> None:
    """Ask who leads a sector, from where, and how many people it has."""
    _field_bound(before, "rns").draw(
        st.text_input, "RNS", placeholder="prénom et nom, s'il est connu", max_chars=200
    )
    lycees = {key: study.name(key) for key in study.plan.lycees_of(before.id)}
    chooser(
        worded("{Support_centre} ({a_site} du secteur)"),
        {None: "Pas encore choisi", **lycees},
        _field_bound(before, "support_centre"),
    )
    numbers = {number: str(number) for number in range(MAX_TECHNICIANS + 1)}
    chooser(
        worded("Nombre {of_plural_sector_technician}"),
        {None: "Selon le calendrier de déploiement", **numbers},
        _field_bound(before, "technicians"),
    )
    _field_bound(before, "experimental").draw(st.checkbox, "Secteur expérimental")


def _field_bound(before: Sector, name: str) -> state.BoundValue[Any]:
    """Bind a widget to a typed field of a sector; ``None`` is an ordinary value."""
    item = f"{before.id}.{name}"
    held = state.of(SectorsView).typed
    value = held.get(item, getattr(before, name))

    def write(chosen: object) -> None:
        now: Mapping[str, object] = state.of(SectorsView).typed
        state.update(SectorsView, typed={**now, item: chosen})

    empty = "" if name == "rns" and value is None else value
    return state.BoundValue(f"SectorsView.typed.{item}", empty, write)


def _record_fields(sector_id: str) -> None:
    """Record the form as typed at the time of the click."""
    changes = typed_changes(current_scenario.current().plan.sector(sector_id))
    if current_scenario.record("edit_sector", {"sector": sector_id, "changes": changes}):
        _forget_fields(sector_id)
        say_status(sector_id)


def _forget_fields(sector_id: str) -> None:
    for name in _FIELDS:
        state.drop_item(SectorsView, "typed", item=f"{sector_id}.{name}")


_ADD = "secteur.date.ajouter"
_ABOUT = "Dates propres à ce secteur, en plus du calendrier de déploiement."


def sector_dates(study: Study, sector_id: str) -> None:
    """Draw the editor of a sector's (id) calendar; built when it is open."""
    before = study.plan.sector(sector_id)
    count = len(before.milestones)
    label = "Calendrier du secteur" + (f" ({plural(count, 'date')})" if count else "")
    box = st.expander(label, key="secteur.dates", on_change="rerun")
    if not box.open:
        return
    with box:
        html.show(html.note(_ABOUT))
        dates = _typed(before)
        for rank, entry in enumerate(dates):
            _row(before, rank, entry)
        _buttons(before, changed=dates != before.milestones)


def _row(before: Sector, rank: int, entry: Milestone) -> None:
    """Draw the fields of one date, and the button that removes it."""
    number = rank + 1
    with st.container(key=f"gz-date-{rank}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            day = date.fromisoformat(entry.date)
            _date_bound(before, rank, "date", day).draw(
                st.date_input,
                f"Date {number}",
                min_value=min(day, date(2000, 1, 1)),
                max_value=max(day, date(2099, 12, 31)),
                format="DD/MM/YYYY",
            )
            st.button(
                f"Retirer la date {number}",
                icon=":material/delete:",
                type="tertiary",
                key=f"secteur.date.retirer.{rank}",
                on_click=_take_out,
                args=(before.id, rank),
            )
        _date_bound(before, rank, "text", entry.text).draw(
            st.text_input, f"Événement de la date {number}", max_chars=MAX_MILESTONE
        )
        _date_bound(before, rank, "uncertain", entry.uncertain).draw(
            st.checkbox, f"La date {number} est à confirmer"
        )


def _buttons(before: Sector, *, changed: bool) -> None:
    with st.container(horizontal=True):
        st.button(
            "Ajouter une date",
            icon=":material/add:",
            key=_ADD,
            on_click=_keep,
            args=(before.id, _with_another),
        )
        st.button(
            "Enregistrer le calendrier",
            type="primary",
            icon=":material/check:",
            key="secteur.dates.enregistrer",
            on_click=_record_dates,
            args=(before.id,),
        )
    if changed:
        html.show(html.remark("Pas encore enregistré."))
        st.button(
            "Abandonner la saisie",
            type="tertiary",
            key="secteur.dates.abandonner",
            on_click=_forget_dates,
            args=(before.id,),
        )


def _date_bound(before: Sector, rank: int, name: str, value: object) -> state.BoundValue[Any]:
    """Bind a widget to a field of one date in the calendar as typed."""

    def keep(chosen: Any) -> None:  # noqa: ANN401 - of the field's type
        typed: dict[str, Any] = {name: chosen.isoformat() if name == "date" else chosen}

        def change(dates: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
            return (*dates[:rank], replace(dates[rank], **typed), *dates[rank + 1 :])

        _keep(before.id, change)

    return state.BoundValue(f"SectorsView.calendars.{before.id}.{rank}.{name}", value, keep)


def _typed(before: Sector) -> tuple[Milestone, ...]:
    return state.of(SectorsView).calendars.get(before.id, before.milestones)


def _keep(sector_id: str, change: Callable[[tuple[Milestone, ...]], tuple[Milestone, ...]]) -> None:
    """Change the calendar as typed for a sector (id)."""
    dates = change(_typed(current_scenario.current().plan.sector(sector_id)))
    held = state.of(SectorsView).calendars
    state.update(SectorsView, calendars={**held, sector_id: dates})


def _take_out(sector_id: str, rank: int) -> None:
    """Remove a date; the keyboard focus moves to the button « Ajouter une date »."""
    _keep(sector_id, lambda dates: (*dates[:rank], *dates[rank + 1 :]))
    state.ask_focus(_ADD)


def _with_another(dates: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """Add a date with an empty text: the last date again, or today."""
    last = dates[-1].date if dates else today().isoformat()
    return (*dates, Milestone(last, ""))


def _record_dates(sector_id: str) -> None:
    """Record the calendar as typed at the time of the click."""
    dates = _typed(current_scenario.current().plan.sector(sector_id))
    changes = {"milestones": milestones_to_json(dates)}
    if current_scenario.record("edit_sector", {"sector": sector_id, "changes": changes}):
        _forget_dates(sector_id)
        say_status(sector_id)


def _forget_dates(sector_id: str) -> None:
    state.drop_item(SectorsView, "calendars", item=sector_id)
