"""Current scenario and publication on screen: state, conflicts, notices, menu."""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Literal

import htpy
import streamlit as st

from geozones.common.french import moment, of
from geozones.domain import Publication
from geozones.domain.publications import KeptFigures
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.server.auth import actor
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.state.session_views import AskedUndo, Current, Meeting, Notice
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.job_card import download_button
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import Work, drift_of


def saved_line(work: Work) -> htpy.Element:
    """Return the line under the scenario on screen: status, saved state, other people present.

    A reader, who can save nothing, is told only that.
    """
    if actor().role < Role.PLANNER:
        return html.remark(
            "Vous êtes lecteur : vous voyez l'effet d'un geste, mais rien ne s'enregistre. Le rôle "
            "de planificateur se demande à l'administrateur de l'outil."
        )
    saved = "non enregistré" if work.is_dirty else "enregistré"
    saved = "supprimé entre-temps, non enregistré" if work.gone else saved
    if work.scenario is not None:
        elsewhere = work.is_retained or work.read_only
        locked = " · toute modification crée une copie" if elsewhere else ""
        company = state.of(Meeting).company.sentence
        here = f" · {company}" if company else ""
        text = f"{work.scenario.status} · {saved}{locked}{here}"
    else:
        kept = f"Vos scénarios ne modifient pas le {current_analysis().baseline.noun}."
        text = saved if work.is_dirty else kept
    return html.remark(text)


def opened_line(work: Work) -> str | None:
    """Return the name of the open scenario and its saved state; ``None`` without a scenario."""
    saved = "non enregistré" if work.is_dirty else "enregistré"
    return f"scénario ouvert : « {work.name} » · {saved}" if work.scenario else None


def trouble(study: Study, work: Work) -> None:
    """Show a failed save, a conflict or a deletion, with the ways to resolve it."""
    if work.gone:
        message = f"{work.gone} Le plan à l'écran n'est plus enregistré."
        html.show(html.warning(message))
        with st.container(horizontal=True):
            st.button(
                "Garder une copie",
                type="primary",
                key="scenario.garder",
                on_click=current_scenario.branch_off,
            )
            st.button(_again(), key="scenario.repartir", on_click=start_again)
            _download(study, "scenario.secours", "content")
    elif work.conflict is not None:
        html.show(html.warning(work.conflict.question))
        with st.container(horizontal=True):
            for key, label, act in (
                ("remettre", "Le mien", current_scenario.rebase),
                ("abandonner", "Le sien", current_scenario.take_theirs),
                ("copie", "Les deux : le mien dans une copie", current_scenario.branch_off),
            ):
                st.button(label, key=f"scenario.{key}", on_click=act)
    elif work.problem is not None:
        html.show(html.error(f"{work.problem} Vos changements restent à l'écran."))
        with st.container(horizontal=True):
            st.button(
                "Réessayer",
                key="scenario.reessayer",
                on_click=current_scenario.retry_save,
            )
            _download(study, "scenario.secours", "content")


#: Longest description on a button that undoes or redoes a change.
_LONGEST = 40


def step_button(
    way: str, key: str, *, disabled: bool = False, named: bool = True, shortcut: str | None = None
) -> None:
    """Draw the button that undoes or redoes (``way``) the user's last change.

    It names the change, unless what stands above it does.
    """
    event = None if disabled else current_scenario.next_step(way)
    label = "Annuler" if way == "undo" else "Rétablir"
    if event is not None and named:
        other = way == "undo" and current_scenario.is_of_other(event)
        whose = f" le changement {of(event.author)}" if other else ""
        label += html.unmarked(whose) + " : "
        # « Racan vers Le Mans Sud »: without the communes of lycées, and short
        change = re.sub(r"\s*\([^)]*\)", "", current_scenario.described(event))
        change = change.replace(" → ", " vers ")
        if len(change) > _LONGEST:
            change = change[:_LONGEST].rsplit(" ", 1)[0].rstrip(" –,;") + "…"
        label += html.unmarked(change)
    st.button(
        label,
        icon=f":material/{way}:",
        disabled=event is None,
        on_click=current_scenario.step,
        args=(way,),
        shortcut=shortcut,
        key=key,
    )


def undo_asked() -> None:
    """Ask before a change that somebody else made is undone, once the user asked to undo it."""
    event = current_scenario.next_step("undo")
    if event is None or event.id != state.of(AskedUndo).event:
        return
    with st.container(key=current_scenario.UNDO_ASKED):
        change = current_scenario.described(event)
        html.show(
            html.warning(
                f"{event.author} a fait ce changement le {moment(event.at)} : {change}. "
                "Faut-il l'annuler ?"
            )
        )
        with st.container(horizontal=True, gap="small"):
            st.button(
                f"Annuler le changement {of(html.unmarked(event.author))}",
                key="annuler.oui",
                on_click=partial(current_scenario.step, "undo", sure=True),
            )
            st.button("Le garder", key="annuler.non", on_click=state.forget, args=(AskedUndo,))


def drift_box(work: Work, key: str, take_over: Callable[[], None]) -> None:
    """Say that another plan is in force than the base of a scenario; offer to replay it there."""
    said = drift_of(current_analysis(), work)
    if said:
        html.show(html.warning(said))
    if said and actor().role >= Role.PLANNER:
        st.button(
            "Reprendre sur ce plan",
            icon=":material/move_up:",
            help="Refait les changements du scénario sur le plan en vigueur, et liste ceux qui ne "
            "peuvent pas l'être. L'historique garde le scénario d'avant.",
            key=key,
            on_click=take_over,
        )


@when_open(st.popover, "Scénario", icon=":material/folder_open:", key="menu.scenario")
def scenario_menu(study: Study, work: Work) -> None:
    """Draw the menu: open another scenario, start again, download; built when it is open."""
    st.button(
        _again(),
        icon=":material/restart_alt:",
        on_click=start_again,
        disabled=work.scenario is None and not work.timeline.events,
        key="atelier.reinitialiser",
        width="stretch",
    )
    _download(study, "atelier.telecharger")
    st.page_link(
        "pages/scenarios.py",
        label="Tous les scénarios, ouvrir un fichier",
        icon=":material/list:",
    )


def _download(study: Study, key: str, width: Literal["content", "stretch"] = "stretch") -> None:
    download_button(
        "Télécharger le plan",
        json.dumps(study.plan_json(), ensure_ascii=False, indent=1),
        file_name="plan-geozones.json",
        mime="application/json",
        key=key,
        width=width,
    )


def _again() -> str:
    return f"Repartir du {current_analysis().baseline.noun}"


def open_on_map(scenario: str) -> bool:
    """Open a scenario (id) on the map, to which the page of scenarios then leads."""
    if not current_scenario.open_scenario(scenario):
        return False
    state.update(MapView, baseline=False, mode=Mode.MAP)
    state.update(ScenariosView, leaves=True)
    return True


def start_again(*, follows: bool = False) -> None:
    """Start a new scenario on the plan in force; the message ``follows`` to the next page."""
    current_scenario.start(current_scenario.scenarios().new())
    noun = current_analysis().baseline.noun
    text = f"Nouveau scénario à partir du {noun} : votre premier changement l'enregistre."
    state.notify("ok", text, follows=follows)


def notice_box() -> None:
    """Show the last message in a container of its own.

    The container is always there: if it came and went, text typed below it would be lost.
    """
    with st.container():
        notice()


def notice() -> None:
    """Show the last message (effect or refusal) and the notice of the current scenario, if any."""
    message, about = state.of(Notice), scenario_notice()
    shown = [] if about is None else [about]
    if message.text:
        role = "alert" if message.kind == "error" else "status"
        field = message.field or None
        shown.append(html.notice(message.kind, message.text, role=role, data_field=field))
    if shown:
        html.show(html.stack(*shown))


def scenario_notice() -> htpy.Element | None:
    """Return the notice of the current scenario, as of others' changes merged into it."""
    work = state.of(Current).work
    if work is None or not work.notice:
        return None
    return html.notice("warning", work.notice, role="status")


#: Code of the baseline of today, among plans to show or to compare with.
BASELINE = "en-vigueur"
#: Prefix of the code of another publication.
PUBLICATION = "publication:"


def code_of(publication: Publication) -> str:
    """Return the code of a publication among plans."""
    is_baseline = ledger().on().id == publication.id
    return BASELINE if is_baseline else f"{PUBLICATION}{publication.id}"


def publication_line(
    publication: Publication, problem: str, kept: KeptFigures | None = None
) -> None:
    """Show the publication's status under the plan, its figures, any problem with the baseline."""
    figures = "" if kept is None else f" {kept.sentence}"
    html.show(html.remark(f"{ledger().line(publication)}.{figures}"))
    if problem:
        html.show(html.error(problem))


def other_publications() -> dict[str, str]:
    """Return the names of the publications that are not today's baseline, by id, newest first."""
    held = ledger()
    return {entry.id: held.choice(entry) for entry in held.plans if entry.id != held.on().id}
