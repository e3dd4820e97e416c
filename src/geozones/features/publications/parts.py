"""Publications: their list with actions on each, and the form that publishes a scenario."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import long_date, moment, plural
from geozones.domain import Publication
from geozones.domain.publications import PublicationStatus
from geozones.features.publications.model import (
    FIRST_DAY,
    LAST_DAY,
    MAX_LINE,
    MAX_NOTE,
    Announcement,
    Terms,
)
from geozones.features.publications.use_cases import Publications
from geozones.metrics.metric_changes import FigureEffect
from geozones.ui import current_scenario, opened_data, state
from geozones.ui.feature_parts import FeatureParts
from geozones.ui.opened_data import current_analysis, ledger, read_publications
from geozones.ui.server.auth import actor
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.page_views import ShareView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import code_of
from geozones.ui.widgets.sharing import open_link, whole_link
from geozones.workspace.ledger import Ledger
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import Work

#: What a publication would change: where the focus goes once the form is open.
_ANNOUNCED = "publication-annonce"


@dataclass(frozen=True, slots=True)
class PublicationsView:
    """Selected publication (id), and the reason for its withdrawal as typed."""

    chosen: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PublishView:
    """Form of a publication being prepared: its scenario (id) and the fields as typed.

    ``insist`` confirms a publication that needs confirmation; ``asked`` tells that the user asked
    to publish: fields that cannot be taken then say why.
    """

    scenario: str | None = None
    effective: date | None = None
    approved_by: str = ""
    reference: str = ""
    note: str = ""
    insist: bool = False
    asked: bool = False

    @property
    def day(self) -> date:
        """Date of effect: today until another is chosen."""
        return self.effective or today()

    @property
    def terms(self) -> Terms:
        """Fields as typed, in the form that the use case takes."""
        return Terms(self.day.isoformat(), self.approved_by, self.reference, self.note)


def _service() -> Publications:
    return Publications(current_analysis(), opened_data.store, actor())


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
        return current_scenario.scenarios().links.open(entry.frozen).name if entry.frozen else "—"
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
        with st.popover("… Sur ce plan"):
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
    if actor().role >= Role.ADMINISTRATOR:
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
        st.text_area, "Motif du retrait (obligatoire)", max_chars=MAX_NOTE
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
    _service().withdraw(publication, reason, expected_last=seen)
    read_publications()
    state.update(PublicationsView, reason="")
    held = ledger()
    state.notify(
        "ok", f"La {held.title(held.get(publication))} est retirée. {held.line(held.on())}."
    )


def publish_button(scenario: str) -> None:
    """Draw the button that opens the form, for those who may publish."""
    if actor().role < Role.ADMINISTRATOR:
        return
    st.button(
        "Publier…",
        key="publication.preparer",
        on_click=_open,
        args=(scenario,),
        disabled=state.of(PublishView).scenario == scenario,
    )


@html.showing_errors()
def publish_form(work: Work) -> None:
    """Draw the form once it is asked for, for those who may publish."""
    scenario = work.saved.id
    if actor().role < Role.ADMINISTRATOR:
        html.show(html.note("Un administrateur peut le mettre en vigueur à partir d'une date."))
        return
    if state.of(PublishView).scenario != scenario:
        return
    state.bound(PublishView, "effective", default=state.of(PublishView).day).draw(
        st.date_input,
        "Date d'effet",
        format="DD/MM/YYYY",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
    )
    announced = _service().announce(work, state.of(PublishView).terms.effective)
    _announcement(announced)
    if announced.refusals:
        _give_up()
        return
    who = "une personne, une instance"
    _field("approved_by", st.text_input, "Approuvé par (obligatoire)", MAX_LINE, placeholder=who)
    _field("reference", st.text_input, "Référence de la décision", MAX_LINE)
    _field("note", st.text_area, "Note", MAX_NOTE)
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


def _open(scenario: str) -> None:
    state.forget(PublishView)
    state.update(PublishView, scenario=scenario)
    state.ask_focus(_ANNOUNCED, always=True)  # drawn under the sheet, out of sight


def _key(field: str) -> str:
    return f"publication-{field}"


def _field(name: str, widget: Callable[..., Any], label: str, most: int, **options: str) -> None:
    """Draw a field; under it, what is wrong with it, once the user asked to publish."""
    with st.container(key=_key(name), gap=None):
        state.bound(PublishView, name).draw(widget, label, max_chars=most, **options)
        view = state.of(PublishView)
        why = view.terms.faults.get(name) if view.asked else None
        if why is not None:
            html.show(htpy.p(".gz-bad", role="alert", data_field=name)[why])


def _announcement(announced: Announcement) -> None:
    """Show the changes that publishing would make: refusals, worse figures, then the rest."""
    day = state.of(PublishView).terms.effective
    title = f"Ce qui change le {long_date(day)}"
    blocks: tuple[tuple[str, Sequence[str], str], ...] = (
        ("Ce plan ne peut pas être publié", announced.refusals, "gz-alerts"),
        ("À confirmer", announced.doubts, "gz-alerts"),
        ("L'effet sur une année", announced.told, "gz-steps"),
        (FigureEffect.WORSE, announced.worse, "gz-alerts"),
        (FigureEffect.BETTER, announced.better, "gz-steps"),
        ("Ce qui est décidé", announced.decided, "gz-steps"),
        ("À savoir", announced.remarks, "gz-steps"),
    )
    card = html.card(
        [
            (htpy.h4[name], html.bullets(sentences, kind))
            for name, sentences, kind in blocks
            if sentences
        ]
    )
    html.show(
        htpy.section(id=_ANNOUNCED, tabindex="0", aria_label=title)[
            html.subtitle(title, heading=htpy.h4), card
        ]
    )


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
    made = _service().publish(work, typed.terms, expected_last=seen, insist=typed.insist)
    read_publications()
    held = ledger()
    state.forget(PublishView)
    state.update(PublicationsView, chosen=made.id)
    state.notify("ok", f"« {work.name} » est publié. {held.line(held.get(made.id))}.")


PARTS = FeatureParts(page=publications_list, sheet_button=publish_button, sheet_form=publish_form)
