"""The Région's own PowerPoint template: uploaded, checked at once, kept for the session."""

import hashlib

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.domain.terms import terms
from geozones.export.registry import check_template
from geozones.ui import state
from geozones.ui.server import uploads
from geozones.ui.state.partager_views import DeckTemplate
from geozones.ui.widgets import html

_MOST_MB = 20
_FILE = "partager.modele"


def template_picker() -> None:
    """Let the user upload a template; show which one is used, or why one was refused."""
    shown = state.of(DeckTemplate)
    if shown.content is not None:
        html.show(html.note(f"Modèle : « {shown.name} », pour cette session."))
        st.button(
            "Revenir au modèle de l'outil",
            icon=":material/close:",
            type="tertiary",
            key="partager.sans-modele",
            on_click=_keep,
        )
        return
    if shown.fault:
        html.show(html.error(f"« {shown.name} » n'est pas utilisé. {shown.fault}"))
    uploads.uploader(
        _FILE,
        f"Modèle {terms().organisation.of_the}, facultatif (.pptx en 16:9, sans macro, "
        f"{_MOST_MB} Mo au plus)",
        _MOST_MB,
        on_change=_read,
    )


def _read() -> None:
    upload = uploads.take(_FILE)
    if upload is None:
        return
    content, name = upload.content, upload.name
    try:
        uploads.read_in_process(check_template, content)
    except GeozonesError as error:
        _keep(name=name, fault=str(error))
        return
    mark = hashlib.sha256(content).hexdigest()[:16]
    _keep(content=content, name=name, mark=mark)


def _keep(content: bytes | None = None, name: str = "", mark: str = "", fault: str = "") -> None:
    state.update(DeckTemplate, content=content, name=name, mark=mark, fault=fault)
