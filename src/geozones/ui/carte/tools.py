"""Tools of what is chosen on the map: zones, sectors, their calendar, locks."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from secrets import token_hex
from typing import Any

import streamlit as st

from geozones.common.clock import today
from geozones.common.french import listing, plural
from geozones.domain import Milestone, Plan, Sector
from geozones.domain.decisions import LYCEE, ZONE, locked
from geozones.domain.events.change import one_line
from geozones.domain.plan_documents import (
    MAX_MILESTONE,
    MAX_NOTE,
    MAX_TECHNICIANS,
    milestones_to_json,
)
from geozones.domain.terms import has_organisation, terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.lycee_opening import (
    close_lycee,
    open_lycee,
    place_editor,
    split_lycee,
)
from geozones.ui.state.carte_views import (
    LocationView,
    LocksView,
    MapView,
    OpeningView,
    SectorsView,
    Selection,
    ZonesView,
)
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser, distinct
from geozones.ui.widgets.scenario_bar import scenario_menu
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work

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
    state.bound(ZonesView, "new_name").draw(
        st.text_input, "Nom de la zone (obligatoire)", max_chars=200
    )
    new = f"Z-{token_hex(3)}"

    def act() -> None:
        name = state.of(ZonesView).new_name
        data: dict[str, object] = {"zone": new, "sector": sector_id, "name": name}
        first = f"son premier {terms().site}"
        done = f"La zone est créée, vide : elle apparaît sur la carte avec {first}."
        if current_scenario.record("create_zone", data, done=done):
            state.update(ZonesView, new_name="")

    _button("Créer la zone", act)


def _button(label: str, act: Callable[[], None], key: str = "zones.faire") -> None:
    """Draw a button; ``act`` makes the change from the fields as typed."""
    st.button(label, type="primary", key=key, on_click=act)


def _rename(study: Study, zone_id: str) -> None:
    now = study.plan.zone(zone_id).name
    state.bound(ZonesView, "names", item=zone_id, default=now).draw(
        st.text_input, "Nouveau nom (obligatoire)", max_chars=200
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
    names = {zone.id: zone.name for zone in study.plan.zones if zone.id != zone_id}
    into = str(chooser("Avec la zone, qui garde son nom", names, state.bound(ZonesView, "into")))

    def act() -> None:
        done = f"{study.plan.zone(zone_id).name} est fusionnée avec {study.plan.zone(into).name}."
        if current_scenario.record("merge_zones", {"zone": zone_id, "into": into}, done=done):
            state.update(Selection, zone=into)

    _button("Fusionner", act)


def _split(study: Study, zone_id: str) -> None:
    state.bound(ZonesView, "parts", item=zone_id, default=()).draw(
        st.multiselect,
        worded("{Sites} de la nouvelle zone (obligatoire)"),
        study.plan.members(zone_id),
        format_func=study.name,
        placeholder=worded("Choisir des {sites}"),
    )
    state.bound(ZonesView, "part_name").draw(
        st.text_input, "Nom de la nouvelle zone (obligatoire)", max_chars=200
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

    def unlock(held: str, key: str, named: str) -> None:
        done = f"{named} : dé{locked(held)}."
        current_scenario.record("unlock", {"kind": held, "id": key}, done=done)

    with box:
        _lock(study, kind, item)
        for rank, ((held, key), why) in enumerate(work.state.locks.reasons.items()):
            named = _names(study, held).get(key, key)
            st.button(
                html.unmarked(f"Déverrouiller {named} ({why})"),
                icon=":material/lock_open:",
                key=f"verrou.oter.{rank}",
                on_click=unlock,
                args=(held, key, named),
            )


def _lock(study: Study, kind: str, item: str) -> None:
    if not kind:
        kinds = {key: worded(name) for key, name in _KINDS.items()}
        kind = chooser("Verrouiller", kinds, state.bound(LocksView, "kind"))
        feminine = kind == ZONE or (kind == LYCEE and terms().site.feminine)
        which = "Laquelle" if feminine else "Lequel"
        item = chooser(which, _names(study, kind), state.bound(LocksView, "items", item=kind))
    names = _names(study, kind)
    state.bound(LocksView, "reason").draw(
        st.text_input, "Raison (obligatoire)", placeholder="arbitrage du 12/03", max_chars=200
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
    opened = state.of(MapView).tools or waits
    whose = terms().territory.of_the if chosen.sector is None else "du secteur"
    if chosen.lycee is not None:
        whose = worded("{of_the_site}")
    elif chosen.zone is not None:
        whose = "de la zone"
    st.button(
        f"Outils {whose}",
        icon=":material/expand_less:" if opened else ":material/more_horiz:",
        key="carte.outils",
        on_click=_turn,
        args=(not opened,),
        width="stretch",
    )
    if not opened:
        return
    with st.container(key="gz-tools", gap="small"):
        _tools_of(study, work, chosen)


def _tools_of(study: Study, work: Work, chosen: Selection) -> None:
    if chosen.lycee is not None:
        place_editor(study, work, chosen.lycee)
        split_lycee(study, chosen.lycee)
        close_lycee(study, chosen.lycee)
        locks_box(study, work, "lycee", chosen.lycee)
    elif chosen.zone is not None:
        zone_tools(study, chosen.zone)
        give_zone(study, chosen.zone)
        open_lycee(study)
        locks_box(study, work, "zone", chosen.zone)
    elif chosen.sector is not None:
        sector_editor(study, chosen.sector)
        if has_organisation():
            sector_dates(study, chosen.sector)
        sector_tools(study, chosen.sector)
        create_zone(study, chosen.sector)
        open_lycee(study)
        locks_box(study, work, "sector", chosen.sector)
    else:
        open_lycee(study)
        create_zone(study, None)
        create_sector()
        locks_box(study, work)
        if not work.timeline.events:  # else it stands beside undo and redo
            scenario_menu(study, work)


def _turn(opened: bool) -> None:  # noqa: FBT001 - argument of a button
    """Open or close the tools; closing cancels an awaited gesture on the map."""
    state.update(MapView, tools=opened)
    if not opened:
        state.update(OpeningView, clicking=False)
        state.update(LocationView, clicking=False)


_SECTOR_ACTS = {
    "fusionner": "Fusionner avec…",
    "scinder": "Scinder",
    "supprimer": "Supprimer",
}


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
        st.text_input, "Nom du nouveau secteur (obligatoire)", max_chars=200
    )

    def act() -> None:
        new, name = f"S-{token_hex(3)}", state.of(SectorsView).new_name
        if current_scenario.record("create_sector", {"sector": new, "name": name}):
            state.update(SectorsView, new_name="")
            state.update(Selection, sector=new, zone=None, lycee=None, target=None)
            name = current_scenario.current().plan.sector(new).name
            done = f"Le secteur {name} est créé, sans zone : il apparaît sur la carte avec la "
            state.notify("ok", f"{done}première.")

    _button("Créer le secteur", act, "secteur.faire")


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

    _button("Donner la zone", act, "secteur.faire")


@when_open(
    st.expander,
    "Fusionner, scinder, supprimer",
    key="secteur.partage",
)
def sector_tools(study: Study, sector_id: str) -> None:
    """Draw the form that merges, splits or deletes a sector (id); built when it is open."""
    act = chooser("Que faire", _SECTOR_ACTS, state.bound(SectorsView, "act"))
    _SECTOR_FORMS[act](study, sector_id)


def _other(plan: Plan, label: str, sector_id: str) -> str | None:
    """Let the user choose a sector other than ``sector_id``; ``None`` if the plan has no other."""
    names = {entry.id: entry.name for entry in plan.sectors if entry.id != sector_id}
    if not names:
        html.show(html.note("Le plan n'a pas d'autre secteur."))
        return None
    chosen: str = chooser(label, names, state.bound(SectorsView, "into"))
    return chosen


def _merge_sector(study: Study, sector_id: str) -> None:
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

    _button("Fusionner", act, "secteur.faire")


def _split_sector(study: Study, sector_id: str) -> None:
    names = {zone.id: zone.name for zone in study.plan.zones_of(sector_id)}
    state.bound(SectorsView, "parts", item=sector_id, default=()).draw(
        st.multiselect,
        "Zones du nouveau secteur (obligatoire)",
        list(names),
        format_func=names.__getitem__,
        placeholder="Choisir des zones",
    )
    state.bound(SectorsView, "part_name").draw(
        st.text_input, "Nom du nouveau secteur (obligatoire)", max_chars=200
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

    _button("Scinder", act, "secteur.faire")


def _delete_sector(study: Study, sector_id: str) -> None:
    html.show(html.note(worded("Seul un secteur sans {site} ni poste se supprime.")))

    def act() -> None:
        if current_scenario.record("delete_sector", {"sector": sector_id}):
            state.look_at(None)
            state.notify("ok", f"Le secteur {study.plan.sector(sector_id).name} est supprimé.")

    _button("Supprimer le secteur", act, "secteur.faire")


_SECTOR_FORMS = {"fusionner": _merge_sector, "scinder": _split_sector, "supprimer": _delete_sector}


#: Fields of `EditSector` in this form, with their French names, for `worded`.
_FIELDS = {
    "name": "nom",
    "rns": "RNS",
    "support_centre": "{support_centre}",
    "technicians": "{sector_technicians}",
    "experimental": "expérimental ou non",
    "note": "note",
}


@when_open(st.expander, "Modifier le secteur", key="secteur.fiche")
def sector_editor(study: Study, sector_id: str) -> None:
    """Draw the form of a sector (id); built when it is open."""
    before = study.plan.sector(sector_id)
    if before.is_draft:
        html.show(
            html.note(
                "C'est un brouillon de l'outil : dès que vous l'enregistrez, même tel quel, il "
                "devient une proposition."
            )
        )
    _sector_fields(study, before)

    def forget() -> None:
        for name in _FIELDS:
            state.drop_item(SectorsView, "typed", item=f"{sector_id}.{name}")

    def record() -> None:
        """Record the form as typed at the time of the click."""
        changes = typed_changes(current_scenario.current().plan.sector(sector_id))
        _record_sector(sector_id, changes, forget)

    st.button(
        "Proposer ce secteur" if before.is_draft else "Enregistrer",
        type="primary",
        icon=":material/check:",
        key="secteur.enregistrer",
        on_click=record,
    )
    changed = typed_changes(before)
    if changed:
        names = listing([worded(_FIELDS[field]) for field in changed])
        html.show(html.remark(f"Pas encore enregistré : {names}."))
        st.button(
            "Abandonner la saisie",
            type="tertiary",
            key="secteur.abandonner",
            on_click=forget,
        )


def typed_changes(before: Sector) -> dict[str, Any]:
    """Return the fields of `EditSector` whose typed value differs from the sector's."""
    typed = state.of(SectorsView).typed
    values = {name: typed.get(f"{before.id}.{name}", getattr(before, name)) for name in _FIELDS}
    values["rns"] = str(values["rns"] or "").strip() or None
    return {name: value for name, value in values.items() if value != getattr(before, name)}


def _sector_fields(study: Study, before: Sector) -> None:
    _field_bound(before, "name").draw(st.text_input, "Nom du secteur (obligatoire)", max_chars=200)
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


def _record_sector(sector_id: str, changes: dict[str, Any], forget: Callable[[], None]) -> None:
    """Record changes of a sector (id), forget what was typed, and say its new status."""
    if current_scenario.record("edit_sector", {"sector": sector_id, "changes": changes}):
        forget()
        study = current_scenario.study()
        name, status = study.plan.sector(sector_id).name, study.decisions.sector_text(sector_id)
        state.notify("ok", f"Secteur {name} enregistré dans le scénario : {status}.")


def sector_dates(study: Study, sector_id: str) -> None:
    """Draw the editor of a sector's (id) calendar; built when it is open."""
    before, add_key = study.plan.sector(sector_id), "secteur.date.ajouter"
    count = len(before.milestones)
    label = "Calendrier du secteur" + (f" ({plural(count, 'date')})" if count else "")
    box = st.expander(label, key="secteur.dates", on_change="rerun")
    if not box.open:
        return

    def forget() -> None:
        state.drop_item(SectorsView, "calendars", item=sector_id)

    def record() -> None:
        """Record the calendar as typed at the time of the click."""
        dates = _typed_dates(current_scenario.current().plan.sector(sector_id))
        _record_sector(sector_id, {"milestones": milestones_to_json(dates)}, forget)

    def add() -> None:
        """Add a date with an empty text: the last date again, or today."""

        def with_another(dates: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
            last = dates[-1].date if dates else today().isoformat()
            return (*dates, Milestone(last, ""))

        _change_dates(sector_id, with_another)

    def take_out(rank: int) -> None:
        _change_dates(sector_id, lambda dates: (*dates[:rank], *dates[rank + 1 :]))
        state.ask_focus(add_key)

    with box:
        html.show(html.note("Dates propres à ce secteur, en plus du calendrier de déploiement."))
        dates = _typed_dates(before)
        for rank, entry in enumerate(dates):
            _date_row(before, rank, entry, partial(take_out, rank))
        with st.container(horizontal=True):
            st.button("Ajouter une date", icon=":material/add:", key=add_key, on_click=add)
            st.button(
                "Enregistrer le calendrier",
                type="primary",
                icon=":material/check:",
                key="secteur.dates.enregistrer",
                on_click=record,
            )
        if dates != before.milestones:
            html.show(html.remark("Pas encore enregistré."))
            st.button(
                "Abandonner la saisie",
                type="tertiary",
                key="secteur.dates.abandonner",
                on_click=forget,
            )


def _typed_dates(before: Sector) -> tuple[Milestone, ...]:
    return state.of(SectorsView).calendars.get(before.id, before.milestones)


def _change_dates(
    sector_id: str, change: Callable[[tuple[Milestone, ...]], tuple[Milestone, ...]]
) -> None:
    """Change the calendar as typed for a sector (id)."""
    dates = change(_typed_dates(current_scenario.current().plan.sector(sector_id)))
    held = state.of(SectorsView).calendars
    state.update(SectorsView, calendars={**held, sector_id: dates})


def _date_row(before: Sector, rank: int, entry: Milestone, take_out: Callable[[], None]) -> None:
    """Draw the fields of one date, and the button that removes it."""

    def bound(name: str, value: object) -> state.BoundValue[Any]:
        def keep(chosen: Any) -> None:  # noqa: ANN401 - of the field's type
            typed: dict[str, Any] = {name: chosen.isoformat() if name == "date" else chosen}

            def put(dates: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
                return (*dates[:rank], replace(dates[rank], **typed), *dates[rank + 1 :])

            _change_dates(before.id, put)

        return state.BoundValue(f"SectorsView.calendars.{before.id}.{rank}.{name}", value, keep)

    number, day = rank + 1, date.fromisoformat(entry.date)
    with st.container(key=f"gz-date-{rank}"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            bound("date", day).draw(
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
                on_click=take_out,
            )
        bound("text", entry.text).draw(
            st.text_input, f"Événement de la date {number} (obligatoire)", max_chars=MAX_MILESTONE
        )
        bound("uncertain", entry.uncertain).draw(st.checkbox, f"La date {number} est à confirmer")
