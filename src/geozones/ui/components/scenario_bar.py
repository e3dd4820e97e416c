"""What scenario is on screen, whether it is saved, and the menu that opens and keeps others."""

import json
from html import escape
from typing import Literal

import streamlit as st

from geozones.domain import InputError
from geozones.domain.french import long_date, plural
from geozones.ui import desk, state
from geozones.workspace import Work, Workspace

_UPLOAD = "atelier.ouvrir"
_RECENT = 12


def headline(work: Work) -> str:
    """Return the title of the page: which scenario, its status, whether it is saved."""
    saved = "non enregistré" if work.is_dirty else "enregistré"
    if work.scenario is not None:
        said = f"{escape(work.name)} · {escape(work.scenario.status)} · {saved}"
    elif work.is_dirty:
        said = f"{escape(work.name)} · {saved}"
    else:
        said = "rien ici ne change le plan publié"
    return f'<h1 class="gz-title">Essayer un déplacement <small>{said}</small></h1>'


def frozen_banner(work: Work) -> str:
    """Return what tells a read-only version from the plan that is published."""
    if work.scenario is None:
        return ""
    when = long_date(work.scenario.updated)
    return (
        f'<p class="gz-notice gz-error">Version figée de « {escape(work.name)} » '
        f"({escape(work.scenario.status)}), au {when}, en lecture seule : ce n'est pas le plan "
        "publié.</p>"
    )


def trouble(workspace: Workspace, work: Work) -> None:
    """Say what could not be saved, or who changed the scenario, with what can be done."""
    if work.conflict is not None:
        _conflict(workspace, work)
    elif work.problem is not None:
        st.error(f"{work.problem} Vos changements restent à l'écran.", icon=":material/error:")
        with st.container(horizontal=True):
            st.button(
                "Réessayer", key="scenario.reessayer", on_click=desk.save_again, args=(workspace,)
            )
            _download(workspace, work, "scenario.secours", "content")


def _conflict(workspace: Workspace, work: Work) -> None:
    news = desk.scenarios(workspace).news(work)
    authors = ", ".join(sorted({event.author for event in news})) or "quelqu'un"
    st.warning(
        f"{authors} a modifié ce scénario entre-temps "
        f"({plural(len(news), 'changement')}). Les vôtres ne sont pas encore enregistrés.",
        icon=":material/group:",
    )
    with st.container(horizontal=True):
        for key, label, act in (
            ("remettre", "Remettre les miens par-dessus", desk.rebase),
            ("copie", "Garder les miens dans une copie", desk.branch_off),
            ("abandonner", "Abandonner les miens", desk.take_theirs),
        ):
            st.button(label, key=f"scenario.{key}", on_click=act, args=(workspace,))


def scenario_menu(workspace: Workspace, work: Work) -> None:
    """Offer to open another scenario, start anew, keep a file."""
    with st.popover("Scénario", icon=":material/folder_open:"):
        st.button(
            "Repartir du plan livré",
            icon=":material/restart_alt:",
            on_click=_reset,
            args=(workspace,),
            disabled=work.scenario is None and not work.timeline.events,
            key="atelier.reinitialiser",
            width="stretch",
        )
        _download(workspace, work, "atelier.telecharger")
        st.file_uploader(
            "Ouvrir un plan (fichier JSON)",
            type="json",
            key=_UPLOAD,
            on_change=_open,
            args=(workspace,),
        )
        st.page_link("pages/scenarios.py", label="Tous les scénarios", icon=":material/list:")


def _download(
    workspace: Workspace, work: Work, key: str, width: Literal["content", "stretch"] = "stretch"
) -> None:
    st.download_button(
        "Télécharger le plan",
        json.dumps(workspace.plan_json(work.plan), ensure_ascii=False, indent=1),
        file_name="plan-geozones.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key=key,
        width=width,
    )


def _reset(workspace: Workspace) -> None:
    desk.start(desk.scenarios(workspace).new())
    state.notify("ok", "Nouvel essai sur le plan livré : les secteurs publiés et les brouillons.")


def _open(workspace: Workspace) -> None:
    upload = state.widget(_UPLOAD)
    if upload is None:
        return
    try:
        file = workspace.read_plan(upload.getvalue())
        forbidden = workspace.with_places(file.places).forbidden(file.plan)
    except InputError as error:
        state.notify("error", f"{error} Votre plan n'a pas changé.")
        return
    origin = f"le fichier {upload.name[:80]}"
    desk.start(desk.scenarios(workspace).new(file.plan, origin, file.places))
    said = ["Le plan est ouvert ; il sera enregistré à votre premier changement."]
    if forbidden:
        said.append("Il n'est pas valable : " + " ".join(forbidden))
    state.notify("error" if forbidden else "ok", " ".join(said))
