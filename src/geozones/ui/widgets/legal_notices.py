"""Part « Sources, accessibilité et vie privée » of the page Données; erasure of a name."""

import htpy
import streamlit as st

from geozones.common.contacts import Contacts, contacts
from geozones.ui import state, store_handle
from geozones.ui.notices.grid import verdict
from geozones.ui.notices.personal_data import personal_data
from geozones.ui.notices.statement import statement
from geozones.ui.server.auth import actor
from geozones.ui.state.donnees_views import DataView
from geozones.ui.widgets import html
from geozones.workspace.erasure import erase_person
from geozones.workspace.roles import Role
from geozones.workspace.sharing.credits import credits_of
from geozones.workspace.study import Study


def legal_notices(study: Study) -> None:
    """Draw the sources, both notices, and the erasure form for an administrator."""
    known = _contacts()
    near = study.atlas.close_ground.credit
    texts = (*credits_of(study), *([f"Fond de carte de près : {near}."] if near else []))
    sources = [htpy.p[text] for text in texts]
    html.show(htpy.fragment[html.subtitle("Sources et méthode"), sources])
    html.show(htpy.fragment[html.subtitle("Accessibilité"), statement(known)])
    html.show(htpy.fragment[html.subtitle("Données personnelles"), personal_data(known)])
    if actor().role >= Role.ADMINISTRATOR:
        _erasing()


def folded_notices() -> htpy.Element:
    """Return both notices folded, for a standalone page."""
    known = _contacts()
    return htpy.div(".gz-notices")[
        htpy.details[htpy.summary[f"Accessibilité : {verdict()}"], statement(known)],
        htpy.details[htpy.summary["Données personnelles"], personal_data(known)],
    ]


def _contacts() -> Contacts:
    with html.showing_errors():
        return contacts()
    return Contacts()


def _erasing() -> None:
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


@state.reporting_errors()
def _erase() -> None:
    erasure = erase_person(store_handle.store, actor(), state.of(DataView).erased)
    state.update(DataView, erased="")
    state.notify("ok", erasure.sentence)
