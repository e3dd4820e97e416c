"""Publications: their list with actions on each, and the form that publishes a scenario."""

from collections.abc import Mapping, Sequence
from datetime import date

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import long_date, moment, plural
from geozones.domain import Publication
from geozones.domain.publications import PublicationStatus
from geozones.metrics.metric_changes import Effect
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import ledger, read_publications
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.page_views import PublicationsView, PublishView, ShareView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import code_of
from geozones.ui.widgets.sharing import open_link, whole_link
from geozones.workspace.publications.announcement import Announcement
from geozones.workspace.publications.ledger import Ledger
from geozones.workspace.publications.service import FIRST_DAY, LAST_DAY, MAX_LINE, MAX_NOTE
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import Work


def publications_list() -> None:
    """List the publications, and the actions on the selected one."""
    held = ledger()
    html.show(html.subtitle("Publications"))
    for problem in (held.problem, *map(str, held.damaged)):
        if problem:
            html.show(html.error(problem))
    if held.left_aside:
        html.show(html.note(held.left_aside))
    if len(held.plans) == 1:
        (start,) = held.plans
        html.show(
            html.note(
                f"{held.line(start)}. Rien n'a été publié avec cet outil : un administrateur "
                "publie un scénario depuis sa fiche, « Publier… »."
            )
        )
    else:
        html.show(_table(held))
    names = {entry.id: held.choice(entry) for entry in held.plans}
    view = state.of(PublicationsView)
    chosen = view.chosen if view.chosen in names else held.on().id
    if len(names) > 1:
        chosen = chooser(
            "Publication à ouvrir",
            names,
            state.BoundValue(
                "PublicationsView.chosen",
                chosen,
                lambda key: state.update(PublicationsView, chosen=key, reason=""),
            ),
        )
    _actions(held, held.get(chosen))


def _table(held: Ledger) -> htpy.Element:
    listed = current_scenario.scenarios().list(archived=True)
    names = {summary.id: summary.name for summary in listed}
    rows = [
        (
            _when(held, entry),
            str(held.standing(entry)),
            _scenario(names, entry),
            entry.approved_by or "—",
            entry.reference or "—",
            _by(entry),
            _note(held, entry),
        )
        for entry in held.plans
    ]
    heads = ("En vigueur", "État", "Scénario", "Approuvé par", "Référence", "Publié par", "Note")
    count = sum(not held.is_starting(entry) for entry in held.plans)
    return html.table(plural(count, "publication"), heads, rows, stacks=True)


def _scenario(names: Mapping[str, str], entry: Publication) -> str:
    """Return the name of the scenario that was published; once deleted, the name that it had."""
    if entry.scenario in names:
        return names[entry.scenario]
    try:
        return current_scenario.scenarios().frozen(entry.frozen).name if entry.frozen else "—"
    except GeozonesError:  # the version no longer opens
        return "—"


def _when(held: Ledger, entry: Publication) -> str:
    standing = held.standing(entry)
    if standing is PublicationStatus.STARTING:
        return "—"
    start, end = long_date(entry.effective), held.end(entry)
    if standing is PublicationStatus.WITHDRAWN:
        return f"pas en vigueur (publié pour le {start})"
    to_come = standing is PublicationStatus.TO_COME and end is None
    return f"à partir du {start}" if to_come else held.period(entry)


def _by(entry: Publication) -> str:
    if entry.is_shipped:
        return entry.author or "—"
    return f"{entry.author}, {moment(entry.at)}"


def _note(held: Ledger, entry: Publication) -> str:
    taken_back = held.withdrawal(entry)
    parts = [entry.note] if entry.note else []
    kept = held.kept(entry)
    if kept is not None:
        parts.append(kept.sentence)
    if taken_back is not None:
        parts.append(
            f"Retirée par {taken_back.author}, {moment(taken_back.at)} : {taken_back.note}"
        )
    return " — ".join(parts) or "—"


def _actions(held: Ledger, entry: Publication) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Voir sur la carte", icon=":material/map:", key="publication.carte"):
            is_baseline = held.on().id == entry.id
            state.update(
                MapView,
                baseline=True,
                publication=None if is_baseline else entry.id,
                step=None,
                mode=Mode.MAP,
            )
            st.switch_page("pages/carte.py")
        with st.popover("… Sur cette publication"):
            _other_actions(held, entry)


def _other_actions(held: Ledger, entry: Publication) -> None:
    if st.button("Comparer sur la carte", icon=":material/compare:", key="publication.comparer"):
        state.update(MapView, reference=code_of(entry), mode=Mode.MAP)
        st.switch_page("pages/carte.py")
    if st.button("En faire des fichiers", icon=":material/ios_share:", key="publication.exporter"):
        state.update(ShareView, plan=entry.id, part="fichiers")
        st.switch_page("pages/partager.py")
    if entry.frozen:
        link = whole_link(asks={address.FROZEN: entry.frozen})
        html.show(open_link(link, "La version figée du scénario, postes compris"))
    if held.standing(entry) is PublicationStatus.WITHDRAWN or entry.is_shipped:
        return
    if current_scenario.publications().actor.role >= Role.ADMINISTRATOR:
        with st.expander("Retirer cette publication"):
            _withdraw(held, entry)


def _withdraw(held: Ledger, entry: Publication) -> None:
    html.show(
        html.note(
            "Le plan d'avant reprend sa place, à toutes les dates. Rien n'est effacé : cette "
            "publication reste dans la liste, avec le motif."
        )
    )
    state.bound(PublicationsView, "reason").draw(
        st.text_area, "Motif du retrait", max_chars=MAX_NOTE
    )
    st.button(
        f"Retirer la {held.title(entry)}",
        key="publication.retirer",
        on_click=_withdrawn,
        args=(entry.id, held.last),
    )


@state.reporting_errors()
def _withdrawn(publication: str, seen: int) -> None:
    reason = state.of(PublicationsView).reason
    current_scenario.publications().withdraw(publication, reason, expected_last=seen)
    read_publications()
    state.update(PublicationsView, reason="")
    held = ledger()
    state.notify(
        "ok", f"La {held.title(held.get(publication))} est retirée. {held.line(held.on())}."
    )


def publish_button(scenario: str) -> None:
    """Draw the button that opens the form, for those who may publish."""
    if current_scenario.publications().actor.role < Role.ADMINISTRATOR:
        return
    st.button(
        "Publier…",
        key="publication.preparer",
        on_click=_open,
        args=(scenario,),
        disabled=state.of(PublishView).scenario == scenario,
    )


@html.showing_errors()
def publish_form(work: Work, scenario: str) -> None:
    """Draw the form once it is asked for, for those who may publish."""
    service = current_scenario.publications()
    if service.actor.role < Role.ADMINISTRATOR:
        html.show(html.note("Un administrateur peut le mettre en vigueur à partir d'une date."))
        return
    if state.of(PublishView).scenario != scenario:
        return
    _date()
    announced = service.announce(work, state.of(PublishView).terms.effective)
    _announcement(announced)
    if announced.refusals:
        _give_up()
        return
    with st.container(key=_key("approved_by"), gap=None):
        state.bound(PublishView, "approved_by").draw(
            st.text_input,
            "Approuvé par (obligatoire)",
            max_chars=MAX_LINE,
            placeholder="une personne, une instance",
        )
        _fault("approved_by")
    with st.container(key=_key("reference"), gap=None):
        state.bound(PublishView, "reference").draw(
            st.text_input, "Référence de la décision", max_chars=MAX_LINE
        )
        _fault("reference")
    with st.container(key=_key("note"), gap=None):
        state.bound(PublishView, "note").draw(st.text_area, "Note", max_chars=MAX_NOTE)
        _fault("note")
    _confirm(scenario, announced)


def _open(scenario: str) -> None:
    state.forget(PublishView)
    state.update(PublishView, scenario=scenario)


def _date() -> None:
    state.bound(PublishView, "effective", default=state.of(PublishView).day).draw(
        st.date_input,
        "Date d'effet",
        format="DD/MM/YYYY",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
    )


def _key(field: str) -> str:
    return f"publication-{field}"


def _fault(field: str) -> None:
    """Show what is wrong with a field under it, once the user asked to publish."""
    view = state.of(PublishView)
    why = view.terms.faults.get(field) if view.asked else None
    if why is not None:
        html.show(htpy.p(".gz-bad", role="alert")[why])


def _announcement(announced: Announcement) -> None:
    """Show the changes that publishing would make: refusals, worse figures, then the rest."""
    day = state.of(PublishView).terms.effective
    html.show(html.subtitle(f"Ce qui change le {long_date(day)}", heading=htpy.h4))
    blocks: tuple[tuple[str, Sequence[str], str], ...] = (
        ("Ce plan ne peut pas être publié", announced.refusals, "gz-alerts"),
        ("À confirmer", announced.doubts, "gz-alerts"),
        ("L'effet sur une année", announced.told, "gz-steps"),
        (Effect.WORSE, announced.worse, "gz-alerts"),
        (Effect.BETTER, announced.better, "gz-steps"),
        ("Ce qui est décidé", announced.decided, "gz-steps"),
        ("À savoir", announced.remarks, "gz-steps"),
    )
    html.show(
        html.card(
            [
                (htpy.h4[title], html.bullets(sentences, kind))
                for title, sentences, kind in blocks
                if sentences
            ]
        )
    )


def _confirm(scenario: str, announced: Announcement) -> None:
    insist = True
    if announced.doubts:
        insist = state.bound(PublishView, "insist").draw(
            st.checkbox, "J'ai lu les points à confirmer : publier quand même"
        )
    day = state.of(PublishView).day
    with st.container(horizontal=True):
        st.button(
            f"Publier à partir du {long_date(day.isoformat())}",
            type="primary",
            icon=":material/campaign:",
            key="publication.publier",
            disabled=not insist,
            on_click=_publish,
            args=(scenario, ledger().last, day),  # as read on the button, past midnight too
        )
        _give_up()


def _give_up() -> None:
    st.button(
        "Abandonner", key="publication.abandonner", on_click=state.forget, args=(PublishView,)
    )


@state.reporting_errors()
def _publish(scenario: str, seen: int, day: date) -> None:
    typed = state.update(PublishView, asked=True, effective=day)
    faults = typed.terms.faults
    if faults:
        state.ask_focus(_key(next(iter(faults))), always=True)
        return
    work = current_scenario.scenarios().open(scenario)
    made = current_scenario.publications().publish(
        work, typed.terms, expected_last=seen, insist=typed.insist
    )
    read_publications()
    held = ledger()
    state.forget(PublishView)
    state.update(PublicationsView, chosen=made.id)
    state.notify("ok", f"« {work.name} » est publié. {held.line(held.get(made.id))}.")
