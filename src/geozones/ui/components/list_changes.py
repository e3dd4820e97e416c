"""The last steps of an import: where new lycées are, what changes in the plan, and the scenario."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from geozones.domain import GeozonesError, Plan
from geozones.domain.french import listing, number, plural
from geozones.ui import desk, state
from geozones.ui.components import html
from geozones.workspace import (
    PUBLISHED,
    ListedPlace,
    ListedPlan,
    Report,
    Work,
    Workspace,
    changes_of,
    places_of,
    planned,
)

_BASE, _ABSENT, _NAME = "donnees.base", "donnees.absents", "donnees.nom"
_SHOWN = 200


def _base(workspace: Workspace, work: Work) -> tuple[Workspace, Plan]:
    """Return the territory and the plan that the list is compared with."""
    if state.list_view().shipped:
        return workspace.home, workspace.home.plan
    return workspace.with_places(work.state.places), work.plan


def _listed(workspace: Workspace, work: Work, report: Report) -> tuple[Workspace, ListedPlan]:
    ground, base = _base(workspace, work)
    return ground, planned(ground, report, base, keep_absent=state.list_view().keep_absent)


def places_step(workspace: Workspace, work: Work) -> None:
    """Show where the lycées are that the data have not."""
    current = state.list_view().current
    if current is None:
        return
    try:
        ground, listed = _listed(workspace, work, current.report)
        places = places_of(ground, listed.added)
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
        return
    if not places:
        count = plural(len(current.report.accepted), "lycée")
        st.html(html.note(f"Les {count} de la liste sont déjà placés : rien à chercher."))
        return
    st.html(
        html.note(
            f"{plural(len(places), 'lycée')} de la liste {'est' if len(places) == 1 else 'sont'} "
            "à placer. Une position se corrige ensuite dans l'Atelier, à la main."
        )
    )
    heads = ("Lycée", "Commune", "Adresse lue", "Position", "Latitude", "Longitude", "Selon")
    rows = [_place_row(place) for place in places[:_SHOWN]]
    st.html(html.table("Lycées à placer", heads, rows, numeric=frozenset({4, 5})))


def _place_row(place: ListedPlace) -> tuple[str, ...]:
    row = place.row
    about = place.precision.about + (f" ; {place.why}" if place.why else "")
    return (
        row.name,
        row.commune,
        row.address or "—",
        about,
        number(place.lat, 5),
        number(place.lon, 5),
        place.provider,
    )


def changes_step(workspace: Workspace, work: Work) -> None:
    """Show what the list changes in the plan, then make it a scenario."""
    current = state.list_view().current
    if current is None:
        return
    _choices(work)
    try:
        with st.spinner("Calcul du plan…"):
            ground, listed = _listed(workspace, work, current.report)
            places = places_of(ground, listed.added)
            after = workspace.with_places(changes_of(ground, listed, places))
            forbidden = after.forbidden(listed.plan)
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
        return
    _scope(current.report, listed)
    st.html(html.figures("Changements du plan", _cards(listed)))
    for text in (*forbidden, *listed.notes):
        st.warning(text, icon=":material/warning:")
    _tables(ground, after, listed)
    _confirm(workspace, work)


def _choices(work: Work) -> None:
    view = state.list_view()
    base_side, absent_side = st.columns(2, gap="large")
    with base_side:
        bases = {True: "le plan livré"}
        if work.scenario is not None or work.timeline.path:
            bases[False] = f"le scénario « {work.name} »"
        state.put(_BASE, view.shipped or False not in bases)
        st.radio(
            "Comparer avec",
            list(bases),
            format_func=bases.__getitem__,
            key=_BASE,
            on_change=lambda: state.set_list_view(shipped=bool(state.widget(_BASE))),
        )
    with absent_side:
        absent = {True: "les garder dans leur zone", False: "les retirer du plan"}
        state.put(_ABSENT, view.keep_absent)
        st.radio(
            "Lycées des secteurs de la liste qui n'y sont pas",
            list(absent),
            format_func=absent.__getitem__,
            key=_ABSENT,
            on_change=lambda: state.set_list_view(keep_absent=bool(state.widget(_ABSENT))),
        )


def _scope(report: Report, listed: ListedPlan) -> None:
    said = (
        f"La liste dit {plural(len(listed.listed), 'secteur')} : {listing(listed.listed)}. "
        "Elle est fondue dans le plan : "
        + (
            f"les autres secteurs ({listing(listed.untouched)}) restent comme ils sont."
            if listed.untouched
            else "tous les secteurs y sont."
        )
    )
    left = len(report.questions)
    if left:
        said += (
            f" {plural(left, 'ligne')} à trancher {'est' if left == 1 else 'sont'} encore de côté."
        )
    st.html(html.note(said))


def _cards(listed: ListedPlan) -> Sequence[tuple[str, str, str]]:
    kept = "gardés" if state.list_view().keep_absent else "retirés"
    return (
        ("Ajoutés", str(len(listed.added)), "lycées nouveaux dans le plan"),
        ("Absents de la liste", str(len(listed.removed)), kept),
        ("Renommés", str(len(listed.renamed)), "autre nom que les données"),
        ("Déplacés", str(len(listed.moved)), "dans une autre zone"),
        ("Zones", f"+{len(listed.created)} −{len(listed.gone)}", "créées, vidées"),
    )


def _tables(before: Workspace, after: Workspace, listed: ListedPlan) -> None:
    if listed.changes_nothing:
        st.html(html.note("La liste dit ce que dit déjà le plan : aucun lycée ne change de zone."))
        return
    zones = {zone.id: zone.name for zone in before.plan.zones}
    zones |= {zone.id: zone.name for zone in listed.gone}
    zones |= {zone.id: zone.name for zone in listed.plan.zones}
    rows = [
        ("ajouté", row.name, row.commune, "—", listed.plan.zone_of(row.id).name)
        for row in listed.added
    ]
    for key in listed.removed:
        lycee = before.lycees[key]
        stays = key in listed.plan.zone_by_lycee
        zone = listed.plan.zone_of(key).name if stays else "hors du plan"
        rows.append(("absent de la liste", lycee.name, lycee.commune, "", zone))
    rows += [
        ("renommé", entry.after, after.lycees[entry.lycee].commune, entry.before, entry.after)
        for entry in listed.renamed
    ]
    for key, old, new in listed.moved:
        lycee = after.lycees[key]
        rows.append(("déplacé", lycee.name, lycee.commune, zones.get(old, old), zones[new]))
    heads = ("Changement", "Lycée", "Commune", "Avant", "Après")
    st.html(html.table("Ce qui change dans le plan", heads, rows[:_SHOWN]))


def _confirm(workspace: Workspace, work: Work) -> None:
    st.text_input("Nom du nouveau scénario", key=_NAME, max_chars=120)
    if not state.widget(_NAME):
        name = escape(state.list_view().name)
        st.html(f'<p class="gz-sources">Sans nom, il s\'appellera « {name} ».</p>')
    st.button(
        "Créer le scénario",
        icon=":material/save:",
        type="primary",
        key="donnees.creer",
        on_click=_create,
        args=(workspace, work),
    )


def _create(workspace: Workspace, work: Work) -> None:
    view = state.list_view()
    if view.current is None:
        return
    try:
        ground, listed = _listed(workspace, work, view.current.report)
        changes = changes_of(ground, listed, places_of(ground, listed.added))
        service = desk.scenarios(workspace)
        base = PUBLISHED if view.shipped else f"« {work.name} »"
        fresh = service.new(listed.plan, f"{view.current.name}, sur {base}", changes)
        name = str(state.widget(_NAME) or "").strip() or view.name
        made = service.adopt(fresh, name, _description(view.current.report))
    except GeozonesError as error:
        state.notify("error", f"{error} L'import est toujours à l'écran.")
        return
    desk.start(made)
    state.end_list()
    state.notify(
        "ok", f"Le scénario « {made.name} » est créé et ouvert, avec les zones de la liste."
    )


def _description(report: Report) -> str:
    lines = [
        (
            f"{len(report.accepted)} lycées, {len(report.repairs)} réparations, "
            f"{len(report.questions) + len(report.rejected)} lignes laissées."
        )
    ]
    lines += [
        f"Ligne {r.row}, {r.field} : « {r.was} » → « {r.now} ». {r.why}" for r in report.repairs
    ]
    return "\n".join(lines)
