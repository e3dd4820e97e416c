"""Download the plan, open one, go back to the shipped one."""

import json

import streamlit as st

from geozones.domain import History, Plan, PlanFileError
from geozones.ui import state
from geozones.workspace import Workspace

_UPLOAD = "atelier.ouvrir"


def plan_menu(workspace: Workspace, history: History) -> None:
    """Offer the three; opening a plan checks it as a whole first."""
    with st.popover("Plan", icon=":material/folder_open:"):
        st.download_button(
            "Télécharger le plan",
            json.dumps(workspace.plan_json(history.plan), ensure_ascii=False, indent=1),
            file_name="plan-geozones.json",
            mime="application/json",
            icon=":material/download:",
            on_click="ignore",
            key="atelier.telecharger",
            width="stretch",
        )
        st.file_uploader(
            "Ouvrir un plan (fichier JSON)",
            type="json",
            key=_UPLOAD,
            on_change=_open,
            args=(workspace,),
        )
        st.button(
            "Revenir au plan livré",
            icon=":material/restart_alt:",
            disabled=not history.moves and history.plan == workspace.plan,
            on_click=_reset,
            args=(workspace,),
            key="atelier.reinitialiser",
            width="stretch",
        )


def _open(workspace: Workspace) -> None:
    upload = state.widget(_UPLOAD)
    if upload is None:
        return
    try:
        plan = workspace.read_plan(upload.getvalue())
    except PlanFileError as error:
        state.notify("error", f"{error} Votre plan n'a pas changé.")
        return
    state.open_plan(workspace, plan)
    state.select(lycee=None, zone=None, target=None)
    _say_opened(workspace, plan)


def _say_opened(workspace: Workspace, plan: Plan) -> None:
    """Say that the plan is open, and what is not as it should be with it."""
    said = ["Le plan est ouvert."]
    forbidden = workspace.forbidden(plan)
    if forbidden:
        said.append("Il n'est pas valable : " + " ".join(forbidden))
    if plan.zones != workspace.plan.zones:
        said.append(
            "Ses zones ne sont pas celles du plan livré : téléchargez-le avant de fermer la page, "
            "son adresse ne le garde pas."
        )
    state.notify("error" if forbidden else "ok", " ".join(said))


def _reset(workspace: Workspace) -> None:
    state.keep(History.start(workspace.plan))
    state.select(target=None)
    state.notify("ok", "Retour au plan livré : les secteurs publiés et les brouillons de l'outil.")
