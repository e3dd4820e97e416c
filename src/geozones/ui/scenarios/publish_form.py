"""Form that publishes a scenario: an administrator sees the changes first, worse ones on top."""

from collections.abc import Sequence

import htpy
import streamlit as st

from geozones.common.french import long_date
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import ledger, read_publications
from geozones.ui.state.publication_views import PublicationsView, PublishView
from geozones.ui.widgets import html
from geozones.workspace.publications.announcement import Announcement
from geozones.workspace.publications.service import FIRST_DAY, LAST_DAY, MAX_LINE, MAX_NOTE
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import Work


@html.showing_errors()
def publish_form(work: Work, scenario: str) -> None:
    """Draw the button that opens the form, for those who may publish; then the form."""
    service = current_scenario.publications()
    if service.actor.role < Role.ADMINISTRATOR:
        html.show(html.note("Un administrateur peut le mettre en vigueur à partir d'une date."))
        return
    if state.of(PublishView).scenario != scenario:
        st.button(
            "Préparer la publication",
            icon=":material/campaign:",
            key="publication.preparer",
            on_click=_open,
            args=(scenario,),
        )
        return
    _date()
    announced = service.announce(work, state.of(PublishView).terms.effective)
    _announcement(announced)
    if announced.refusals:
        _give_up()
        return
    _fields()
    _confirm(scenario, announced)


def _open(scenario: str) -> None:
    state.forget(PublishView)
    state.update(PublishView, scenario=scenario)


def _date() -> None:
    state.bound(PublishView, "effective").draw(
        st.date_input,
        "Date d'effet",
        format="DD/MM/YYYY",
        min_value=FIRST_DAY,
        max_value=LAST_DAY,
    )


def _fields() -> None:
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
        ("Moins bien", announced.worse, "gz-alerts"),
        ("Mieux", announced.better, "gz-steps"),
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
    day = long_date(state.of(PublishView).terms.effective)
    with st.container(horizontal=True):
        st.button(
            f"Publier à partir du {day}",
            type="primary",
            icon=":material/campaign:",
            key="publication.publier",
            disabled=not insist,
            on_click=_publish,
            args=(scenario, ledger().last),
        )
        _give_up()


def _give_up() -> None:
    st.button(
        "Abandonner", key="publication.abandonner", on_click=state.forget, args=(PublishView,)
    )


@state.reporting_errors()
def _publish(scenario: str, seen: int) -> None:
    typed = state.update(PublishView, asked=True)
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
