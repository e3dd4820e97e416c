"""Legal notices of a public service, from one Markdown page: accessibility and personal data.

RGAA 4.1 criteria (docs/rgaa.md), accessibility (loi 2005-102, art. 47), personal data (RGPD).
"""

from pathlib import Path

import htpy
import streamlit as st

from geozones.common.settings_file import Contacts, contacts
from geozones.domain.terms import worded
from geozones.ui import opened_data, state
from geozones.ui.organisation import organisation_part
from geozones.ui.server.auth import actor
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.workspace.roles import Role
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.study import Study
from geozones.workspace.upkeep import erase_person

#: Part of the page Données with these notices, as named in its address.
NOTICES = "mentions"
#: Legal term for the share of criteria that are met (arrêté du 20 septembre 2019).
VERDICT = "partiellement conforme"
_PAGE = Path(__file__).with_suffix(".md")
#: Anchor of each section, which links of the footer lead to.
_ANCHORS = {"Accessibilité": "accessibilite", "Données personnelles": "donnees-personnelles"}
_ASKED = "l'administrateur de l'outil, qui en donnera l'adresse"


def sections() -> dict[str, str]:
    """Return the text of each section in Markdown, with the contacts of the settings."""
    known = _contacts()
    text = worded(_PAGE.read_text(encoding="utf-8"))
    for name, value in (
        ("ORGANISATION", known.organisation or "Le service qui met cet outil à disposition"),
        ("ACCESSIBILITE", known.accessibility or _ASKED),
        ("DONNEES", known.personal_data or _ASKED),
    ):
        text = text.replace(name, value)
    parts = (part.partition("\n") for part in f"\n{text}".split("\n# ")[1:])
    return {title: body.strip() for title, _, body in parts}


def legal_notices(study: Study) -> None:
    """Draw the sources, the organisation, both notices, and the erasure form of administrators."""
    near = study.atlas.close_ground.credit
    texts = (*credits_of(study), *([f"Fond de carte de près : {near}."] if near else []))
    sources = [htpy.p[text] for text in texts]
    html.show(htpy.fragment[html.subtitle("Sources et méthode", anchor="sources"), sources])
    organisation_part(study)
    for title, body in sections().items():
        html.show(html.subtitle(title, anchor=_ANCHORS[title]))
        st.markdown(body)
    if actor().role >= Role.ADMINISTRATOR:
        html.show(html.subtitle("Effacer un nom"))
        name = state.bound(DataView, "erased").draw(
            st.text_input, "Nom, comme il a été écrit", max_chars=100
        )
        st.button(
            "Effacer ce nom partout, pour toujours",
            key="mentions.effacer",
            icon=":material/delete:",
            disabled=not name.strip(),
            on_click=_erase,
        )


def folded_notices() -> None:
    """Draw both notices folded, for a standalone page."""
    for title, body in sections().items():
        with st.expander(f"{title} : {VERDICT}" if title == "Accessibilité" else title):
            st.markdown(body)


def _contacts() -> Contacts:
    with html.showing_errors():
        return contacts()
    return Contacts()


@state.reporting_errors()
def _erase() -> None:
    erasure = erase_person(opened_data.store, actor(), state.of(DataView).erased)
    state.update(DataView, erased="")
    state.notify("ok", erasure.sentence)
