"""What each lycée needs: a rule by type, marked as a hypothesis, and what people typed over it."""

from html import escape

import streamlit as st

from geozones.domain import GeozonesError
from geozones.domain.french import plural
from geozones.domain.teams import MAX_NEED
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.workspace import Staff, read_needs

_KEY = "equipes.besoin."
_RULE = "equipes.regle."
_FILE = "equipes.fichier"


def needs_part(staff: Staff) -> None:
    """Show the needs of the zone in view to be typed, then those of everything in view."""
    st.html(
        '<p class="gz-hint">Combien de <strong>demi-journées de présence par semaine</strong> '
        "chaque lycée demande-t-il ? Le document ne le dit pas : l'outil part d'une "
        "<strong>hypothèse</strong> par type de lycée. Corrigez-la ici, ou importez une "
        "colonne. Dix demi-journées font une personne à plein temps.</p>"
    )
    typed_side, rule_side = st.columns([1.7, 1], gap="large")
    zone = state.team_view().zone
    with typed_side:
        if zone is None:
            st.html(html.note("Choisissez une zone pour y taper les besoins lycée par lycée."))
        else:
            _zone(staff, zone)
        st.html(_table(staff))
    with rule_side:
        _rule(staff)
        _file(staff)


def _zone(staff: Staff, zone: str) -> None:
    lycees = staff.workspace.lycees
    st.html(f'<h2 class="gz-subtitle">Zone {escape(staff.plan.zone(zone).name)}</h2>')
    for lycee in staff.plan.members(zone):
        need = staff.people.need(lycees[lycee])
        value, origin = st.columns([1.6, 1], vertical_alignment="bottom", gap="small")
        key = _KEY + lycee
        state.put(key, need.half_days)
        value.number_input(
            f"{staff.workspace.name(lycee)} · {lycees[lycee].kind}",
            0,
            MAX_NEED,
            key=key,
            on_change=_set,
            args=(staff, lycee),
        )
        if need.hypothesis:
            origin.html('<span class="gz-pill gz-draft">hypothèse</span>')
        else:
            origin.button(
                "Revenir à l'hypothèse",
                key=f"{key}.rendre",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=_give_back,
                args=(staff, lycee),
            )


def _set(staff: Staff, lycee: str) -> None:
    value = state.widget(_KEY + lycee)
    people = desk.current(staff.workspace).state.teams
    if value is None or value == people.need(staff.workspace.lycees[lycee]).half_days:
        return
    if desk.record(staff.workspace, "set_needs", {"needs": {lycee: int(value)}}):
        name = staff.workspace.name(lycee)
        state.notify("ok", f"{name} : {plural(int(value), 'demi-journée')} par semaine.")


def _give_back(staff: Staff, lycee: str) -> None:
    if desk.record(staff.workspace, "set_needs", {"needs": {lycee: None}}):
        state.notify("ok", f"{staff.workspace.name(lycee)} : de nouveau l'hypothèse par type.")


def _zones_in_view(staff: Staff) -> list[str]:
    view = state.team_view()
    if view.zone is not None:
        return [view.zone]
    zones = staff.plan.zones if view.sector is None else staff.plan.zones_of(view.sector)
    return [zone.id for zone in zones]


def _table(staff: Staff) -> str:
    rows, total = [], 0
    view = state.team_view()
    zones = _zones_in_view(staff)
    if view.zone is not None and view.sector is not None:
        zones = [zone.id for zone in staff.plan.zones_of(view.sector)]
    for zone in zones:
        for lycee, half_days in staff.needs(zone).items():
            place = staff.workspace.lycees[lycee]
            need = staff.people.need(place)
            total += half_days
            origin = "hypothèse" if need.hypothesis else "saisi"
            name = staff.plan.zone(zone).name
            rows.append((place.name, place.commune, place.kind, name, str(half_days), origin))
    where = "de la région" if view.sector is None else "du secteur"
    caption = (
        f"Besoins {where} : {plural(total, 'demi-journée')} par semaine, "
        f"soit au moins {plural(-(-total // 10), 'poste')} à plein temps"
    )
    heads = ("Lycée", "Commune", "Type", "Zone", "Demi-journées", "Origine")
    return html.table(caption, heads, rows, numeric=frozenset({4}))


def _rule(staff: Staff) -> None:
    people = staff.people
    with st.expander("Hypothèse par type de lycée", icon=":material/rule:", expanded=True):
        known = sorted({lycee.kind for lycee in staff.workspace.lycees.values()})
        kinds = dict.fromkeys((*people.rule, *known))
        columns = st.columns(2)
        for rank, kind in enumerate(kinds):
            key = _RULE + kind
            state.put(key, people.rule.get(kind, people.default))
            columns[rank % 2].number_input(
                kind, 0, MAX_NEED, key=key, on_change=_set_rule, args=(staff, kind)
            )
        state.put(_RULE, people.default)
        columns[len(kinds) % 2].number_input(
            "Autre type", 0, MAX_NEED, key=_RULE, on_change=_set_rule, args=(staff, "")
        )


def _set_rule(staff: Staff, kind: str) -> None:
    value = state.widget(_RULE + kind)
    if value is None:
        return
    people = desk.current(staff.workspace).state.teams
    rule, default = dict(people.rule), people.default
    if kind:
        rule[kind] = int(value)
    else:
        default = int(value)
    if (rule, default) == (dict(people.rule), people.default):
        return
    if desk.record(staff.workspace, "set_needs_rule", {"rule": rule, "default": default}):
        state.notify("ok", "L'hypothèse est changée ; les besoins saisis restent comme ils sont.")


def _file(staff: Staff) -> None:
    with st.expander("Importer une colonne (CSV, XLSX)", icon=":material/upload_file:"):
        st.caption(
            "Une colonne de codes UAI, une colonne « besoin » ou « demi-journées ». Les lignes "
            "qui ne vont pas sont dites une à une ; les autres sont prises ensemble."
        )
        st.file_uploader(
            "Fichier des besoins",
            type=["csv", "xlsx", "ods", "txt"],
            key=_FILE,
            on_change=_import,
            args=(staff,),
        )


def _import(staff: Staff) -> None:
    upload = state.widget(_FILE)
    if upload is None:
        return
    try:
        found = read_needs(staff.workspace, upload.getvalue())
    except GeozonesError as error:
        state.notify("error", f"{error} Aucun besoin n'a changé.")
        return
    said = [f"Ligne {row} : {why}" for row, why in found.rejected[:6]]
    if len(found.rejected) > 6:
        said.append(f"et {len(found.rejected) - 6} autres lignes.")
    if not found.needs:
        state.notify("error", " ".join(["Aucune ligne n'a pu être prise.", *said]))
        return
    if desk.record(staff.workspace, "set_needs", {"needs": found.needs}, upload.name[:80]):
        taken = plural(len(found.needs), "besoin importé", "besoins importés")
        kind = "error" if found.rejected else "ok"
        left = plural(len(found.rejected), "ligne laissée", "lignes laissées")
        more = f" {left} : {' '.join(said)}" if said else ""
        state.notify(kind, f"{taken}.{more}")
